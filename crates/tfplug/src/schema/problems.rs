//! What a core would refuse, or crash on, in a schema: for a test beside each provider.

use super::{Attribute, Attributes, Kind, Nesting, Schema};
use crate::path::Path;
use crate::value::{Type, encode};

/// Names that the language keeps for itself at the top of a resource or data source.
const RESERVED: [&str; 7] = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

impl Schema {
    /// What is wrong with the schema by the core's rules and this crate's, one line each; empty for a good one.
    ///
    /// A core that is given a bad schema may crash without a word about it, so let a test call this.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        for name in self.all().keys().filter(|name| RESERVED.contains(&name.as_str())) {
            found.push(format!("{name}: the language keeps this name for itself"));
        }
        attributes(self.all(), &Path::root(), Place::default(), self.all(), &mut found);
        found
    }
}

/// What surrounds an attribute.
#[derive(Clone, Copy, Default)]
struct Place {
    in_set: bool,
    in_collection: bool,
    in_write_only: bool,
}

/// `top`: the attributes of the whole schema.
fn attributes(all: &Attributes, path: &Path, place: Place, top: &Attributes, found: &mut Vec<String>) {
    for (name, attribute) in all {
        let here = path.attribute(name);
        let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || !name.bytes().all(valid) || name.starts_with(|first: char| first.is_ascii_digit()) {
            found.push(format!("{here}: a name has lower-case letters, digits and _, and begins with no digit"));
        }
        one(attribute, &here, place, found);
        dependencies(attribute, &here, top, found);
        if let Kind::Nested(nesting, inner) = attribute.kind() {
            let place = Place {
                in_set: place.in_set || *nesting == Nesting::Set,
                in_collection: place.in_collection || *nesting != Nesting::Single,
                in_write_only: place.in_write_only || attribute.is_write_only(),
            };
            attributes(inner, &here, place, top, found);
        }
    }
}

fn one(attribute: &Attribute, here: &Path, place: Place, found: &mut Vec<String>) {
    let mut problem = |what: &str| found.push(format!("{here}: {what}"));
    if attribute.is_write_only() && attribute.is_computed() {
        problem("write-only and computed exclude each other");
    }
    if place.in_write_only && !attribute.is_write_only() {
        problem("all that stands in something write-only must be write-only, too");
    }
    if place.in_set && attribute.is_write_only() {
        problem("nothing in a set can be write-only");
    }
    if place.in_collection && attribute.requires_replacement() {
        problem("a change in a list, set or map can't replace; let the collection itself do so");
    }
    if let Kind::Plain(kind) = attribute.kind() {
        let dynamic_inside = matches!(kind, Type::List(_) | Type::Set(_) | Type::Map(_)) && has_dynamic(kind);
        if dynamic_inside || (place.in_collection && has_dynamic(kind)) {
            problem("a value of any type can't stand in a collection: cores crash on elements of different types");
        }
    }
    if attribute.default().is_some_and(|value| encode(value, &attribute.kind().value_type()).is_err()) {
        problem("its default isn't of its type");
    }
}

fn dependencies(attribute: &Attribute, here: &Path, top: &Attributes, found: &mut Vec<String>) {
    let Some(names) = attribute.dependencies() else { return };
    for name in names.iter().filter(|name| !top.contains_key(**name)) {
        found.push(format!("{here}: unknown_when_changed names {name:?}, which isn't an attribute"));
    }
    if !attribute.is_computed() || attribute.default().is_some() || attribute.uses_state_for_unknown() {
        found.push(format!("{here}: unknown_when_changed is for what the provider computes again"));
    }
}

fn has_dynamic(kind: &Type) -> bool {
    match kind {
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
    use crate::schema::{dynamic, int, list_of, object, object_list, object_set, string};

    #[test]
    fn ok_a_good_schema_has_no_problems() {
        let at = object()
            .attribute("hours", int().default_value(0))
            .default_value(crate::Value::object([("hours", 1.into())]));
        let schema =
            Schema::new("").attribute("id", string().computed()).attribute("at", at).attribute("any", dynamic());
        assert_eq!(schema.problems(), Vec::<String>::new());
    }

    #[test]
    fn err_each_rule_is_named_with_its_attribute() {
        let table: Vec<(&str, Attribute, &str)> = vec![
            ("count", string(), "count: the language keeps"),
            ("Name", string(), "Name: a name has lower-case"),
            ("1st", string(), "1st: a name has lower-case"),
            ("days", int().default_value("x"), "days: its default isn't of its type"),
            ("w", string().computed().write_only(), "w: write-only and computed"),
            ("o", object().write_only().attribute("a", string()), "o.a: all that stands in something write-only"),
            ("s", object_set().attribute("a", string().write_only()), "s.a: nothing in a set"),
            ("l", object_list().attribute("a", string().requires_replace()), "l.a: a change in a list"),
            ("c", string().computed().unknown_when_changed(&["x"]), "c: unknown_when_changed names \"x\""),
            ("c", string().unknown_when_changed(&["c"]), "c: unknown_when_changed is for"),
            ("c", int().default_value(1).unknown_when_changed(&["c"]), "c: unknown_when_changed is for"),
            (
                "c",
                string().computed().use_state_for_unknown().unknown_when_changed(&["c"]),
                "c: unknown_when_changed is for",
            ),
            ("d", list_of(Type::Dynamic), "d: a value of any type"),
            ("d", object_list().attribute("a", dynamic()), "d.a: a value of any type"),
        ];
        for (name, attribute, problem) in table {
            let problems = Schema::new("").attribute(name, attribute).problems();
            assert!(problems.len() == 1 && problems[0].starts_with(problem), "{problems:?} should be {problem}");
        }
    }
}
