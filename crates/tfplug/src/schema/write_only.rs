//! Write-only values where a handler must not return them.

use super::{AttributeType, Attributes};
use crate::value::Value;

/// The value with null in each write-only attribute, at any depth: a core refuses to store anything else.
pub(crate) fn without_write_only(attributes: &Attributes, mut value: Value) -> Value {
    remove(attributes, &mut value);
    value
}

fn remove(attributes: &Attributes, value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, attribute) in attributes {
                let nested = match attribute.attribute_type() {
                    AttributeType::Nested(_, inner) => Some(inner),
                    AttributeType::Plain(_) if attribute.is_write_only() => None,
                    AttributeType::Plain(_) => continue,
                };
                match (members.get_mut(name), nested) {
                    (Some(value), Some(inner)) if !attribute.is_write_only() => remove(inner, value),
                    (Some(value), _) => *value = Value::Null,
                    (None, _) => {}
                }
            }
        }
        Value::List(all) => all.iter_mut().for_each(|one| remove(attributes, one)),
        Value::Map(all) => all.values_mut().for_each(|one| remove(attributes, one)),
        // Nothing in a set can be write-only.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, block_list, object_map, string};

    #[test]
    fn write_only_values_are_null_at_any_depth() {
        let schema = Schema::new("")
            .attribute("key", string().write_only())
            .attribute("list", block_list().attribute("key", string().write_only()).attribute("name", string()))
            .attribute("map", object_map().attribute("key", string().write_only()));
        let all = |key: Value| {
            let named = Value::object([("key", key.clone()), ("name", "n".into())]);
            let map = Value::map([("k".to_owned(), Value::object([("key", key.clone())]))]);
            Value::object([("key", key), ("list", Value::List(vec![named])), ("map", map)])
        };
        assert_eq!(without_write_only(schema.all(), all("secret".into())), all(Value::Null));
    }
}
