//! Resources, data sources and the like with their types erased, as the server stores them.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Field;
use crate::path::Path;
use crate::schema::{Is, Schema, completed, without_unknowns, without_write_only};
use crate::value::{InOrderMut, Members, Type, Value};

/// A resource, data source or the like together with its schema, which is built once.
pub(crate) struct Typed<T> {
    pub(crate) inner: T,
    schema: Schema,
    value_type: Type,
}

impl<T> Typed<T> {
    pub(crate) fn new(inner: T, schema: Schema) -> Self {
        let value_type = schema.value_type();
        Self { inner, schema, value_type }
    }
}

/// Something with a schema.
pub(crate) trait Described {
    fn schema(&self) -> &Schema;
    fn value_type(&self) -> &Type;

    /// The value as one of the schema's type: the model's sequences become sets where the schema has sets, and blocks that are
    /// null become empty where the core expects that.
    fn fitted(&self, value: Value) -> Value {
        completed(self.schema().all(), Is::State, fitted(value, self.value_type()))
    }

    /// The same for a configuration.
    fn fitted_config(&self, config: Value) -> Value {
        completed(self.schema().all(), Is::Config, fitted(config, self.value_type()))
    }

    /// A state that a handler made, as it can be stored: without write-only values, and without unknown ones.
    fn storable(&self, value: Value) -> Value {
        let known = without_unknowns(self.fitted(value), &Value::Null);
        without_write_only(self.schema().all(), known)
    }
}

impl<T> Described for Typed<T> {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn value_type(&self) -> &Type {
        &self.value_type
    }
}

/// Converts a value to the author's model. A mismatch is the author's bug, since the value fits the schema.
///
/// # Errors
///
/// A [`Diagnostic::bug`] if the model does not fit the schema.
pub fn to_model<M: Field>(value: Value) -> Result<M, Diagnostics> {
    M::from_value(value, &Path::root())
        .map_err(|error| Diagnostic::bug(format!("The model does not fit the schema: {error}.")).into())
}

/// A plan as it is after an author's code: what that code has not changed is as it was planned, also where the model cannot hold
/// it, as a float cannot hold a long number. `seen` is the plan as the model holds it.
pub(crate) fn kept(planned: Value, seen: &Value, after: Value) -> Value {
    if *seen == after {
        return planned;
    }
    match (planned, after) {
        (Value::Object(planned), Value::Object(after)) => Value::Object(kept_members(planned, seen, after)),
        (Value::List(planned), Value::List(after)) if planned.len() == after.len() => {
            let pairs = planned.into_iter().zip(after).enumerate();
            Value::List(pairs.map(|(at, (planned, after))| kept(planned, seen.at(at), after)).collect())
        }
        (Value::Map(planned), Value::Map(after)) => Value::Map(kept_members(planned, seen, after)),
        // Elements of sets have no key: those that the code has not changed are found by what the model holds, each of them once,
        // since unknown elements may look the same. Rounding keeps their order.
        (Value::Set(planned), Value::Set(after)) => {
            let seen = if let Value::Set(seen) = seen { seen.as_slice() } else { &[] };
            let mut left: Vec<_> =
                if seen.len() == planned.len() { seen.iter().zip(planned).collect() } else { Vec::new() };
            Value::set(
                after
                    .into_iter()
                    .map(|after| match left.iter().position(|(seen, _)| **seen == after) {
                        Some(at) => left.remove(at).1,
                        None => after,
                    })
                    .collect(),
            )
        }
        (_, after) => after,
    }
}

fn kept_members(mut planned: Members, seen: &Value, after: Members) -> Members {
    let mut planned = InOrderMut::new(&mut planned);
    Members::in_same_order(after.into_iter().map(|(name, after)| {
        let value = match planned.get(&name) {
            Some(planned) => kept(std::mem::replace(planned, Value::Null), seen.get(&name), after),
            None => after,
        };
        (name, value)
    }))
}

pub(crate) fn fitted(mut value: Value, ty: &Type) -> Value {
    fit(&mut value, ty);
    value
}

fn fit(value: &mut Value, ty: &Type) {
    match (&mut *value, ty) {
        (Value::List(all), Type::Set(ty)) => {
            all.iter_mut().for_each(|one| fit(one, ty));
            *value = Value::set(std::mem::take(all));
        }
        (Value::List(all), Type::List(ty)) => all.iter_mut().for_each(|one| fit(one, ty)),
        (Value::Map(all), Type::Map(ty)) => all.values_mut().for_each(|one| fit(one, ty)),
        (Value::Object(all), Type::Object(types)) => {
            let is_fitting = |ty: &Type| matches!(ty, Type::String | Type::Number | Type::Bool);
            for (name, ty) in types.iter().filter(|(_, ty)| !is_fitting(ty)) {
                if let Some(one) = all.get_mut(name) {
                    fit(one, ty);
                }
            }
        }
        (other, Type::Dynamic) => *value = std::mem::replace(other, Value::Null).into_dynamic(),
        _ => {}
    }
}

/// Converts a configuration to the author's model and runs the author's `validate`.
pub(crate) fn validate_model<M: Field>(config: Value, validate: impl FnOnce(&M) -> Diagnostics) -> Diagnostics {
    match to_model(config) {
        Ok(config) => validate(&config),
        Err(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_a_set_that_look_the_same_to_the_model_stay_apart() {
        let element = |number: &str| {
            let number = Value::Number(number.parse().unwrap());
            Value::object([("id", Value::Unknown), ("number", number)])
        };
        let (short, long) = (|| element("0.3333333333333333"), || element("0.33333333333333333333"));
        let planned = Value::set(vec![short(), long()]);
        let seen = Value::set(vec![short(), short()]);
        let after = Value::set(vec![short(), short(), element("1")]);
        assert_eq!(kept(planned, &seen, after), Value::set(vec![short(), long(), element("1")]));
    }

    #[test]
    fn what_an_authors_code_leaves_alone_stays_as_it_was_planned() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let third = || number(&format!("0.{}", "3".repeat(150)));
        let all = |one: Value, note: &str| {
            let list = Value::List(vec![one.clone(), note.into()]);
            let map = Value::map([("k".to_owned(), list.clone())]);
            let set = Value::set(vec![one.clone(), note.into()]);
            Value::object([("number", one), ("note", note.into()), ("list", list), ("map", map), ("set", set)])
        };
        let float = || number("0.3333333333333333");
        assert_eq!(kept(all(third(), "a"), &all(float(), "a"), all(float(), "a")), all(third(), "a"));
        assert_eq!(kept(all(third(), "a"), &all(float(), "a"), all(float(), "b")), all(third(), "b"));
        assert_eq!(kept(all(third(), "a"), &all(float(), "a"), all(1.into(), "a")), all(1.into(), "a"));
    }
}
