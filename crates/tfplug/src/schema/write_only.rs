//! Write-only values where a handler must not return them.

use super::{AttributeType, Attributes};
use crate::maps::collected;
use crate::value::Value;

/// The value with null in each write-only attribute, at any depth: a core refuses to store anything else.
pub(crate) fn without_write_only(attributes: &Attributes, value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| {
                let value = match attributes.get(&name) {
                    Some(attribute) if attribute.is_write_only() => Value::Null,
                    Some(attribute) => match attribute.attribute_type() {
                        AttributeType::Nested(_, inner) => without_write_only(inner, value),
                        AttributeType::Plain(_) => value,
                    },
                    None => value,
                };
                (name, value)
            });
            Value::Object(collected(members))
        }
        Value::List(all) => Value::List(all.into_iter().map(|one| without_write_only(attributes, one)).collect()),
        Value::Map(all) => {
            Value::Map(collected(all.into_iter().map(|(key, one)| (key, without_write_only(attributes, one)))))
        }
        other => other,
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
            let map = Value::Map([("k".to_owned(), Value::object([("key", key.clone())]))].into());
            Value::object([("key", key), ("list", Value::List(vec![named])), ("map", map)])
        };
        assert_eq!(without_write_only(schema.all(), all("secret".into())), all(Value::Null));
    }
}
