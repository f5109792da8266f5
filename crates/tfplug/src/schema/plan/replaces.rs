//! Which changes replace the resource.

use std::collections::BTreeSet;

use crate::path::Path;
use crate::schema::{Attribute, AttributeType, Attributes, Nesting};
use crate::value::{Members, Name, Value};

/// Adds the paths of what changes and replaces the resource. An object that is added to a list or map, or removed, changes all that
/// it has. No path leads into a set, so there it is the set's.
pub(super) fn collect(attributes: &Attributes, prior: &Value, planned: &Value, path: &Path, found: &mut Vec<Path>) {
    let (mut before_all, mut after_all) = (prior.ordered(), planned.ordered());
    for (name, attribute) in attributes {
        // All attributes of an unknown object are unknown.
        let before = if prior.is_unknown() { prior } else { before_all.get(name) };
        let after = if planned.is_unknown() { planned } else { after_all.get(name) };
        if before != after {
            changed(attribute, before, after, path.attribute(name), found);
        }
    }
}

/// All attributes of an unknown object are unknown.
fn part<'a>(object: &'a Value, name: &str) -> &'a Value {
    if object.is_unknown() { object } else { object.get(name) }
}

fn changed(attribute: &Attribute, before: &Value, after: &Value, path: Path, found: &mut Vec<Path>) {
    if attribute.requires_replacement() {
        found.push(path);
        return;
    }
    let AttributeType::Nested(nesting, inner) = attribute.attribute_type() else { return };
    match (before, after) {
        _ if matches!(nesting, Nesting::Single | Nesting::Group) => collect(inner, before, after, &path, found),
        // It may turn out to have anything.
        (_, Value::Unknown) => found.extend(any_replaces(inner).then_some(path)),
        (Value::List(before), Value::List(after)) => {
            for at in 0..before.len().max(after.len()) {
                let [before, after] = [before, after].map(|all| all.get(at).unwrap_or(&Value::Null));
                collect(inner, before, after, &path.index(at), found);
            }
        }
        (Value::Map(before), Value::Map(after)) => {
            for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                let [before, after] = [before, after].map(|all| all.get(key).unwrap_or(&Value::Null));
                collect(inner, before, after, &path.key(key), found);
            }
        }
        // A set, or a collection that there is only before or after.
        _ => found.extend((decisive(inner, before) != decisive(inner, after)).then_some(path)),
    }
}

fn any_replaces(attributes: &Attributes) -> bool {
    attributes.values().any(|attribute| {
        let inside = matches!(attribute.attribute_type(), AttributeType::Nested(_, inner) if any_replaces(inner));
        attribute.requires_replacement() || inside
    })
}

/// What the objects of a value have of the attributes whose change replaces the resource; null if that is nothing. The elements of
/// a set are counted: if two of them have the same and one goes away, that is a change.
fn decisive(attributes: &Attributes, value: &Value) -> Value {
    let of = |object: &Value| decisive_of(attributes, object);
    let all = match value {
        Value::Map(all) => {
            let all = all.iter().map(|(key, object)| (key.clone(), of(object)));
            let all: Members = all.filter(|(_, one)| !one.is_null()).collect();
            return if all.is_empty() { Value::Null } else { Value::Map(all) };
        }
        Value::Set(all) => {
            let mut all: Vec<_> = all.iter().map(of).filter(|one| !one.is_null()).collect();
            all.sort();
            all
        }
        Value::List(all) => {
            let all: Vec<_> = all.iter().map(of).collect();
            // One more element at the end that has nothing of these is no change.
            let length = all.iter().rposition(|one| !one.is_null()).map_or(0, |last| last + 1);
            all.into_iter().take(length).collect()
        }
        Value::Null | Value::Unknown => Vec::new(),
        object => return of(object),
    };
    if all.is_empty() { Value::Null } else { Value::List(all) }
}

/// The same for one object.
fn decisive_of(attributes: &Attributes, object: &Value) -> Value {
    let kept = |(name, attribute): (&Name, &Attribute)| {
        let value = part(object, name);
        let value = match attribute.attribute_type() {
            _ if attribute.requires_replacement() => value.clone(),
            AttributeType::Nested(_, inner) if value.is_unknown() => {
                if any_replaces(inner) {
                    Value::Unknown
                } else {
                    Value::Null
                }
            }
            AttributeType::Nested(_, inner) => decisive(inner, value),
            AttributeType::Plain(_) => Value::Null,
        };
        (!value.is_null()).then(|| (name.clone(), value))
    };
    let kept: Members = attributes.iter().filter_map(kept).collect();
    if kept.is_empty() { Value::Null } else { Value::Object(kept) }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::schema::plan::{Prior, plan};
    use crate::schema::{Schema, block_list, int, object_list, object_map, object_set, string};

    fn part(ty: Attribute) -> Attribute {
        ty.attribute("name", string().requires_replace()).attribute("size", int())
    }

    fn schema() -> Schema {
        Schema::new("")
            .attribute("list", part(object_list()).attribute("inner", part(object_set())))
            .attribute("map", part(object_map()))
            .attribute("set", part(object_set()))
            .attribute("deep", object_set().attribute("parts", part(object_list())))
            .attribute("keyed", object_set().attribute("parts", part(object_map())))
            .attribute("block", part(block_list()))
            .attribute("plain", object_set().attribute("size", int()))
    }

    fn one(name: &str, size: i64) -> Value {
        Value::object([("name", name.into()), ("size", size.into())])
    }

    /// What the change of one attribute replaces.
    fn replaces(name: &'static str, before: Value, after: Value) -> Vec<String> {
        let [prior, config] = [before, after].map(|value| Value::object([(name, value)]));
        plan(schema().all(), Prior(&prior), &config).replaces.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_change_inside_a_collection_replaces_the_resource_if_its_attribute_says_so() {
        assert_eq!(schema().problems(), Vec::<String>::new());
        let list = |all: &[Value]| Value::List(all.to_vec());
        let map = |key: &str, one: Value| Value::map([(key.to_owned(), one)]);
        let set = |all: &[Value]| Value::set(all.to_vec());
        let (a1, a2, b1) = (one("a", 1), one("a", 2), one("b", 1));
        let inner = |element: &Value| list(&[Value::object([("inner", set(from_ref(element)))])]);
        let sized = || Value::object([("size", 1.into())]);
        let deep = |list: Value| set(&[Value::object([("parts", list)])]);
        let keyed = |key: &str, one: &Value| set(&[Value::object([("parts", map(key, one.clone()))])]);
        for (name, before, after, expected) in [
            ("list", list(from_ref(&a1)), list(from_ref(&b1)), vec!["list[0].name"]),
            ("list", list(from_ref(&a1)), list(from_ref(&a2)), vec![]),
            ("list", list(from_ref(&a1)), list(&[a1.clone(), b1.clone()]), vec!["list[1].name"]),
            ("list", list(&[a1.clone(), b1.clone()]), list(from_ref(&a1)), vec!["list[1].name"]),
            ("list", list(from_ref(&a1)), Value::Null, vec!["list"]),
            ("list", inner(&a1), inner(&b1), vec!["list[0].inner"]),
            ("list", inner(&a1), inner(&a2), vec![]),
            ("map", map("k", a1.clone()), map("k", b1.clone()), vec![r#"map["k"].name"#]),
            ("map", map("k", a1.clone()), map("k", a2.clone()), vec![]),
            ("set", set(from_ref(&a1)), set(from_ref(&b1)), vec!["set"]),
            ("set", set(from_ref(&a1)), set(from_ref(&a2)), vec![]),
            ("set", Value::Null, set(&[one("a", 1)]), vec!["set"]),
            ("set", set(&[a1.clone(), a2.clone()]), set(from_ref(&a1)), vec!["set"]),
            ("set", set(from_ref(&a1)), set(&[a1.clone(), a2.clone()]), vec!["set"]),
            ("set", set(&[a1.clone(), a2.clone()]), set(&[a2.clone(), one("a", 3)]), vec![]),
            (
                "set",
                set(&[a1.clone(), a2.clone(), b1.clone()]),
                set(&[a1.clone(), b1.clone(), one("b", 2)]),
                vec!["set"],
            ),
            ("deep", deep(list(&[a1.clone(), b1.clone()])), deep(list(&[b1.clone(), a1.clone()])), vec!["deep"]),
            ("deep", deep(list(&[a1.clone(), b1.clone()])), deep(list(&[a2.clone(), b1.clone()])), vec![]),
            ("deep", deep(list(from_ref(&a1))), deep(list(&[a1.clone(), sized()])), vec![]),
            ("deep", deep(list(&[sized(), a1.clone()])), deep(list(&[a1.clone(), sized()])), vec!["deep"]),
            ("keyed", keyed("k", &a1), keyed("l", &a1), vec!["keyed"]),
            ("keyed", keyed("k", &a1), keyed("k", &a2), vec![]),
            ("set", set(&[]), Value::Unknown, vec!["set"]),
            ("set", set(&[]), set(&[sized()]), vec![]),
            ("plain", set(&[]), set(&[sized()]), vec![]),
            ("plain", set(&[]), Value::Unknown, vec![]),
            ("block", list(&[a1]), list(&[b1]), vec!["block[0].name"]),
        ] {
            assert_eq!(replaces(name, before, after), expected, "{name}");
        }
    }
}
