//! What a state may hold: nothing unknown, and nothing write-only.

use super::Attributes;
use super::write_only::without_write_only;
use crate::value::Value;

/// The value as a state holds it: wholly known, also after an operation that failed half-way, and without write-only values, which
/// a handler may have returned.
pub(crate) fn storable(attributes: &Attributes, value: Value, prior: &Value) -> Value {
    without_write_only(attributes, without_unknowns(value, prior))
}

/// The value without unknowns, each replaced by its prior value or null: a state must be wholly known, even after an operation
/// that failed half-way.
pub(crate) fn without_unknowns(mut value: Value, prior: &Value) -> Value {
    replace_unknowns(&mut value, prior);
    value
}

fn replace_unknowns(value: &mut Value, prior: &Value) {
    let null = &Value::Null;
    match value {
        Value::Unknown => *value = prior.clone(),
        Value::Object(members) => {
            let is_open =
                |value: &Value| !matches!(value, Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_));
            for (name, value) in members.iter_mut().filter(|(_, value)| is_open(value)) {
                replace_unknowns(value, prior.get(name));
            }
        }
        Value::Map(members) => members.values_mut().for_each(|one| replace_unknowns(one, null)),
        Value::List(all) | Value::Tuple(all) => all.iter_mut().for_each(|one| replace_unknowns(one, null)),
        Value::Set(all) => {
            all.iter_mut().for_each(|one| replace_unknowns(one, null));
            *value = Value::set(std::mem::take(all));
        }
        Value::Dynamic(pair) => replace_unknowns(&mut pair.1, null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
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
