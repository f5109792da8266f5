//! What a diagnostic is about, as every core finds it in a configuration.
//!
//! A core goes from block to block as far as a path leads. But one before Terraform 1.15, and every OpenTofu so far, then looks for a
//! single attribute and at most one of its elements: given a longer path, it shows the first line of the block instead. The message
//! names the full path.

use crate::proto::tfplugin6::AttributePath;
use crate::proto::tfplugin6::Diagnostic;
use crate::proto::tfplugin6::attribute_path::Step;
use crate::proto::tfplugin6::attribute_path::step::Selector;
use crate::schema::{AttributeType, Nesting, Schema};

/// Shortens the paths to what every core finds. Without a schema, that is the top-level attribute.
pub(super) fn locate(diagnostics: &mut [Diagnostic], schema: Option<&Schema>) {
    for AttributePath { steps } in diagnostics.iter_mut().filter_map(|one| one.attribute.as_mut()) {
        let found = schema.map_or(1, |schema| found(steps, schema));
        steps.truncate(found);
    }
}

/// How many of the steps a core finds.
fn found(steps: &[Step], schema: &Schema) -> usize {
    let selector = |at: usize| steps.get(at).and_then(|step| step.selector.as_ref());
    let is_element =
        |at: usize| matches!(selector(at), Some(Selector::ElementKeyInt(_) | Selector::ElementKeyString(_)));
    let (mut attributes, mut at) = (schema.all(), 0);
    while let Some(Selector::AttributeName(name)) = selector(at) {
        at += 1;
        let attribute = attributes.get(name.as_str());
        let nested = attribute.filter(|attribute| attribute.is_block()).map(|block| block.attribute_type());
        let Some(AttributeType::Nested(nesting, inner)) = nested else { return at + usize::from(is_element(at)) };
        if matches!(nesting, Nesting::List | Nesting::Map) {
            at += usize::from(is_element(at));
        }
        attributes = inner;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Path;
    use crate::schema::{block_list, block_map, block_set, list_of, object, object_list, string};
    use crate::server::convert;
    use crate::value::Type;

    #[test]
    fn a_path_leads_through_blocks_to_an_attribute_and_one_of_its_elements() {
        let login = object().attribute("user", string());
        let rule = block_list().attribute("login", login.clone()).attribute("tags", list_of(Type::String));
        let schema = Schema::new("")
            .attribute("login", login.clone())
            .attribute("logins", object_list().attribute("user", string()))
            .attribute("rule", rule.attribute("part", block_map().attribute("name", string())))
            .attribute("set", block_set().attribute("name", string()));
        let rule = Path::of("rule").index(1);
        for (full, shortened) in [
            (Path::of("login").attribute("user"), Path::of("login")),
            (Path::of("logins").index(1).attribute("user"), Path::of("logins").index(1)),
            (rule.attribute("login").attribute("user"), rule.attribute("login")),
            (rule.attribute("tags").index(0), rule.attribute("tags").index(0)),
            (rule.attribute("part").key("a").attribute("name"), rule.attribute("part").key("a").attribute("name")),
            (rule.clone(), rule.clone()),
            (Path::of("set").attribute("name"), Path::of("set").attribute("name")),
        ] {
            let diagnostic = crate::Diagnostic::error("", "").at(full);
            let mut all = convert::diagnostics(diagnostic.into());
            locate(&mut all, Some(&schema));
            assert_eq!(all[0].attribute, Some(convert::path(&shortened)));
            locate(&mut all, None);
            assert_eq!(all[0].attribute.as_ref().map(|path| path.steps.len()), Some(1));
        }
    }
}
