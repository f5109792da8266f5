//! What a state may hold: nothing unknown, and nothing write-only.

use super::Attributes;
use super::write_only::without_write_only;
use crate::maps::collected;
use crate::value::Value;

/// The value as a state holds it: wholly known, also after an operation that failed half-way, and without write-only values, which
/// a handler may have returned.
pub(crate) fn storable(attributes: &Attributes, value: Value, prior: &Value) -> Value {
    without_write_only(attributes, without_unknowns(value, prior))
}

/// The value without unknowns, each replaced by its prior value or null: a state must be wholly known, even after an operation
/// that failed half-way.
pub(crate) fn without_unknowns(value: Value, prior: &Value) -> Value {
    match value {
        Value::Unknown => prior.clone(),
        Value::Object(members) => Value::Object(collected(members.into_iter().map(|(name, value)| {
            let value = without_unknowns(value, prior.get(&name));
            (name, value)
        }))),
        Value::Map(members) => {
            let known = members.into_iter().map(|(key, value)| (key, without_unknowns(value, &Value::Null)));
            Value::Map(collected(known))
        }
        Value::List(all) => Value::List(all.into_iter().map(|value| without_unknowns(value, &Value::Null)).collect()),
        Value::Tuple(all) => Value::Tuple(all.into_iter().map(|value| without_unknowns(value, &Value::Null)).collect()),
        Value::Set(all) => Value::set(all.into_iter().map(|value| without_unknowns(value, &Value::Null)).collect()),
        Value::Dynamic(pair) => Value::Dynamic(Box::new((pair.0, without_unknowns(pair.1, &Value::Null)))),
        known => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Schema, keep_spelling, object_list, string};

    #[test]
    fn a_write_only_value_that_a_handler_returns_is_stored_at_no_depth() {
        let login = |ty: Attribute| ty.attribute("user", string()).attribute("password", string().write_only());
        let schema = Schema::new("").attribute("pin", string().write_only()).attribute("list", login(object_list()));
        let of = |secret: Value| {
            let login = Value::object([("user", "a".into()), ("password", secret.clone())]);
            Value::object([("pin", secret), ("list", Value::List(vec![login]))])
        };
        // The stored list has no element, so the returned one has no counterpart.
        let before = Value::object([("pin", Value::Null), ("list", Value::List(Vec::new()))]);
        let found = keep_spelling(schema.all(), &before, of("secret".into()));
        assert_eq!(storable(schema.all(), found, &before), of(Value::Null));
    }

    #[test]
    fn a_partial_result_is_stored_without_unknowns() {
        let half = Value::object([("a", Value::Unknown), ("b", Value::Unknown), ("c", 1.into())]);
        let prior = Value::object([("a", "old".into())]);
        assert_eq!(
            without_unknowns(half, &prior),
            Value::object([("a", "old".into()), ("b", Value::Null), ("c", 1.into())])
        );
    }
}
