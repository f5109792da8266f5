//! What a core would reject, or crash on, in a schema: for a unit test of each provider.

use super::lost::lost;
use super::{Attribute, AttributeType, Attributes, Check, Combination, Configurable, Nesting, Schema, operations};
use crate::path::Path;
use crate::value::{Type, encode};

/// Names that are reserved at the top level of a resource or data source.
const RESERVED: [&str; 7] = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

impl Schema {
    /// What is wrong with the schema by the core's rules and this crate's, one line each; empty for a valid schema.
    ///
    /// A core may crash on an invalid schema without an error message, so call this in a test.
    ///
    /// ```
    /// use tfplug::schema::{Schema, string};
    ///
    /// let schema = Schema::new("").attribute("count", string());
    /// assert_eq!(schema.problems(), ["count: the name is reserved"]);
    /// ```
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        for name in self.all().keys().filter(|name| RESERVED.contains(&name.as_ref())) {
            found.push(format!("{name}: the name is reserved"));
        }
        combinations(self.all_combinations(), self.all(), &Path::root(), &mut found);
        attributes(self.all(), &Path::root(), Place::default(), self.all(), &mut found);
        found
    }

    /// The same, and the timeouts of what is none of these operations.
    pub(crate) fn problems_with(&self, operations: &[&str]) -> Vec<String> {
        let mut found = self.problems();
        for (name, attribute) in self.all().iter().filter(|(_, attribute)| attribute.has_timeouts()) {
            let names = attribute.parts().into_iter().flat_map(Attributes::keys);
            let others = names.filter(|one| operations::exists(one) && !operations.contains(&one.as_ref()));
            found.extend(others.map(|one| format!("{name}: there is no operation {one:?} whose time it could limit")));
        }
        found
    }
}

/// What an attribute is nested in.
#[derive(Clone, Copy, Default)]
struct Place {
    in_set: bool,
    in_collection: bool,
    in_write_only: bool,
    in_attribute: bool,
    in_computed_block: bool,
}

/// `top`: the attributes of the whole schema.
fn attributes(all: &Attributes, path: &Path, place: Place, top: &Attributes, found: &mut Vec<String>) {
    for (name, attribute) in all {
        let here = path.attribute(name);
        let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || !name.bytes().all(valid) || name.starts_with(|first: char| first.is_ascii_digit()) {
            found.push(format!(
                "{here}: a name consists of lower-case letters, digits and underscores, and does not start with a digit"
            ));
        }
        one(attribute, &here, place, found);
        found.extend(lost(attribute).iter().map(|what| format!("{here}: {what}")));
        dependencies(attribute, &here, top, found);
        if let AttributeType::Nested(nesting, inner) = attribute.attribute_type() {
            let place = Place {
                in_set: place.in_set || *nesting == Nesting::Set,
                in_collection: place.in_collection || !matches!(nesting, Nesting::Single | Nesting::Group),
                in_write_only: place.in_write_only || attribute.is_write_only(),
                in_attribute: place.in_attribute || !attribute.is_block(),
                in_computed_block: place.in_computed_block || (attribute.is_block() && attribute.is_computed()),
            };
            combinations(attribute.all_combinations(), inner, &here, found);
            attributes(inner, &here, place, top, found);
        }
    }
}

/// What the rules about several attributes of an object name.
fn combinations(rules: &[Combination], all: &Attributes, here: &Path, found: &mut Vec<String>) {
    let place = if here.steps().is_empty() { String::new() } else { format!("{here}: ") };
    for rule in rules {
        for name in rule.names().into_iter().filter(|name| !all.contains_key(name)) {
            found.push(format!("{place}a combination names {name:?}, which is not an attribute"));
        }
        let is_result = |name: &&str| all.get(name).is_some_and(|attribute| !attribute.is_configurable());
        for name in rule.names().into_iter().filter(is_result) {
            found.push(format!("{place}a combination names {name:?}, which only the provider sets"));
        }
        if let Combination::PreferWriteOnly(_, name) = rule
            && all.get(name).is_some_and(|attribute| !attribute.is_write_only())
        {
            found.push(format!("{place}{name} is not write-only, but a combination prefers it"));
        }
    }
}

fn one(attribute: &Attribute, here: &Path, place: Place, found: &mut Vec<String>) {
    let mut problem = |what: &str| found.push(format!("{here}: {what}"));
    if attribute.is_write_only() && attribute.is_computed() {
        problem("an attribute cannot be both write-only and computed");
    }
    if place.in_write_only && !attribute.is_write_only() {
        problem("every attribute of a write-only object must be write-only, too");
    }
    if place.in_set && attribute.is_write_only() {
        problem("nothing in a set can be write-only");
    }
    if attribute.has_timeouts() && !is_timeouts(attribute) {
        problem("timeouts are an object with a text::GoDuration for each operation, such as create or read");
    }
    if place.in_computed_block && attribute.is_write_only() {
        problem("nothing in a computed block can be write-only");
    }
    if attribute.is_block() {
        block(attribute, place, &mut problem);
    }
    if attribute.checks().iter().any(|check| matches!(check, Check::Items(least, most) if least > most)) {
        problem("the least number of elements is above the most");
    }
    if attribute.element().is_some() && matches!(attribute.attribute_type(), AttributeType::Nested(..)) {
        problem("rules for each element are for plain values; those of objects are at their attributes");
    }
    if let AttributeType::Plain(kind) = attribute.attribute_type() {
        let dynamic_inside = matches!(kind, Type::List(_) | Type::Set(_) | Type::Map(_)) && has_dynamic(kind);
        if dynamic_inside || (place.in_collection && has_dynamic(kind)) {
            problem("a collection cannot contain values of any type: cores crash on elements of different types");
        }
    }
    if attribute.default().is_some_and(|value| encode(value, &attribute.attribute_type().value_type()).is_err()) {
        problem("the default is not of the attribute's type");
    }
}

fn block(attribute: &Attribute, place: Place, problem: &mut impl FnMut(&str)) {
    if place.in_attribute {
        problem("a nested attribute cannot contain a block");
    }
    if attribute.is_write_only() || attribute.is_sensitive() || attribute.default().is_some() {
        problem(
            "a block has no value of its own: what is write-only or sensitive, or has a default, is an attribute in it",
        );
    }
    if attribute.configurable() == Configurable::Required && !is_single(attribute) {
        problem("only a single block is required as such; of others, set how many there must be");
    }
    let counts = attribute.checks().iter().any(|check| matches!(check, Check::Items(..)));
    if counts && !matches!(attribute.attribute_type(), AttributeType::Nested(Nesting::List | Nesting::Set, _)) {
        problem("only blocks in lists and sets are counted");
    }
    if attribute.is_computed() && (is_group(attribute) || attribute.block_items().0 > 0) {
        problem("a computed block may be left out: it is not a group, and has no least number");
    }
    if place.in_computed_block && !attribute.is_computed() {
        problem("a block in a computed block must be computed, too");
    }
}

fn is_timeouts(attribute: &Attribute) -> bool {
    let AttributeType::Nested(_, inner) = attribute.attribute_type() else { return false };
    let names = inner.keys().all(|name| operations::exists(name));
    let is_text = |one: &Attribute| matches!(one.attribute_type(), AttributeType::Plain(Type::String));
    (is_single(attribute) || is_group(attribute)) && names && inner.values().all(is_text)
}

fn is_single(attribute: &Attribute) -> bool {
    matches!(attribute.attribute_type(), AttributeType::Nested(Nesting::Single, _))
}

fn is_group(attribute: &Attribute) -> bool {
    matches!(attribute.attribute_type(), AttributeType::Nested(Nesting::Group, _))
}

fn dependencies(attribute: &Attribute, here: &Path, top: &Attributes, found: &mut Vec<String>) {
    let Some(names) = attribute.dependencies() else { return };
    for name in names.iter().filter(|name| !top.contains_key(name)) {
        found.push(format!("{here}: unknown_when_changed names {name:?}, which is not an attribute"));
    }
    if !attribute.is_computed() || attribute.default().is_some() || attribute.uses_state_for_unknown() {
        found.push(format!(
            "{here}: unknown_when_changed is only for computed attributes without a default or use_state_for_unknown"
        ));
    }
}

fn has_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::List(element) | Type::Set(element) | Type::Map(element) => has_dynamic(element),
        Type::Object(all) => all.values().any(has_dynamic),
        Type::Tuple(all) => all.iter().any(has_dynamic),
        Type::String | Type::Number | Type::Bool => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{
        block_group, block_list, block_map, dynamic, int, list_of, object, object_list, object_set, string,
    };

    #[test]
    fn ok_a_good_schema_has_no_problems() {
        let at = object()
            .attribute("hours", int().default_value(0))
            .default_value(crate::Value::object([("hours", 1.into())]));
        let schema = Schema::new("")
            .attribute("id", string().computed())
            .attribute("at", at)
            .attribute("any", dynamic())
            .attribute("rule", block_list().items(0, usize::MAX));
        assert_eq!(schema.problems(), Vec::<String>::new());
    }

    #[test]
    fn err_a_combination_with_an_attribute_that_only_the_provider_sets() {
        let schema = Schema::new("")
            .attribute("id", string().computed())
            .attribute("name", string())
            .combination(Combination::ExactlyOneOf(&["id", "name"]));
        assert_eq!(schema.problems(), [r#"a combination names "id", which only the provider sets"#]);
    }

    #[test]
    fn err_timeouts_of_an_operation_that_the_kind_does_not_have() {
        let schema = Schema::new("").attribute("timeouts", object().timeouts().attribute("invoke", string()));
        assert_eq!(schema.problems_with(operations::ACTION), Vec::<String>::new());
        let problem = r#"timeouts: there is no operation "invoke" whose time it could limit"#;
        assert_eq!(schema.problems_with(operations::RESOURCE), [problem]);
    }

    #[test]
    fn err_each_rule_is_named_with_its_attribute() {
        let table: Vec<(&str, Attribute, &str)> = vec![
            ("count", string(), "count: the name is reserved"),
            ("Name", string(), "Name: a name consists of lower-case"),
            ("1st", string(), "1st: a name consists of lower-case"),
            ("days", int().default_value("x"), "days: the default is not of the attribute's type"),
            ("w", string().computed().write_only(), "w: an attribute cannot be both"),
            ("o", object().write_only().attribute("a", string()), "o.a: every attribute of a write-only object"),
            ("s", object_set().attribute("a", string().write_only()), "s.a: nothing in a set"),
            ("c", string().computed().unknown_when_changed(&["x"]), "c: unknown_when_changed names \"x\""),
            ("c", string().unknown_when_changed(&["c"]), "c: unknown_when_changed is only for"),
            ("c", int().default_value(1).unknown_when_changed(&["c"]), "c: unknown_when_changed is only for"),
            (
                "c",
                string().computed().use_state_for_unknown().unknown_when_changed(&["c"]),
                "c: unknown_when_changed is only for",
            ),
            ("b", object().attribute("c", block_list()), "b.c: a nested attribute cannot contain a block"),
            ("b", block_list().sensitive(), "b: a block has no value of its own"),
            ("b", block_group().optional_computed(), "b: a computed block may be left out"),
            ("b", block_list().items(1, 2).computed(), "b: a computed block may be left out"),
            ("b", block_list().computed().attribute("c", block_list()), "b.c: a block in a computed block"),
            ("b", block_list().computed().attribute("c", string().write_only()), "b.c: nothing in a computed block"),
            ("b", block_list().required(), "b: only a single block is required"),
            ("b", block_list().items(3, 1), "b: the least number of elements is above the most"),
            ("b", block_map().items(1, 2), "b: only blocks in lists and sets are counted"),
            ("b", block_list().attribute("a", dynamic()), "b.a: a collection cannot contain"),
            (
                "t",
                object().timeouts().attribute("destroy", string()),
                "t: timeouts are an object with a text::GoDuration",
            ),
            ("e", object_list().each(string()), "e: rules for each element are for plain values"),
            ("d", list_of(Type::Dynamic), "d: a collection cannot contain"),
            ("d", object_list().attribute("a", dynamic()), "d.a: a collection cannot contain"),
        ];
        for (name, attribute, problem) in table {
            let problems = Schema::new("").attribute(name, attribute).problems();
            assert!(problems.len() == 1 && problems[0].starts_with(problem), "{problems:?} should be {problem}");
        }
    }
}
