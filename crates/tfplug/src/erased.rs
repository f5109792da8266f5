//! What all kinds have in common once their types are erased.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Field;
use crate::path::Path;
use crate::schema::Schema;
use crate::value::{Type, Value};

/// A resource, data source or other kind beside its schema, which is built once.
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
}

impl<T> Described for Typed<T> {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn value_type(&self) -> &Type {
        &self.value_type
    }
}

/// A value as the author's model; a mismatch is the author's bug, since the value fits the schema.
///
/// # Errors
///
/// A diagnostic that says so.
pub fn to_model<M: Field>(value: Value) -> Result<M, Diagnostics> {
    M::from_value(value, &Path::root())
        .map_err(|error| Diagnostic::bug(format!("The model doesn't fit the schema: {error}.")).into())
}

/// The author's model as a value of the schema's type: a model's sequences become sets where the schema has sets.
pub(crate) fn to_value<M: Field>(model: M, kind: &Type) -> Value {
    fitted(model.into_value(), kind)
}

pub(crate) fn fitted(value: Value, kind: &Type) -> Value {
    match (value, kind) {
        (Value::List(all), Type::Set(kind)) => Value::set(all.into_iter().map(|one| fitted(one, kind)).collect()),
        (Value::List(all), Type::List(kind)) => Value::List(all.into_iter().map(|one| fitted(one, kind)).collect()),
        (Value::Map(all), Type::Map(kind)) => {
            Value::Map(all.into_iter().map(|(key, one)| (key, fitted(one, kind))).collect())
        }
        (Value::Object(all), Type::Object(kinds)) => {
            let members = all.into_iter().map(|(name, one)| {
                let one = match kinds.get(&name) {
                    Some(kind) => fitted(one, kind),
                    None => one,
                };
                (name, one)
            });
            Value::Object(members.collect())
        }
        (other, _) => other,
    }
}

/// A configuration as the author's model, checked by the author's function.
pub(crate) fn validate_model<M: Field>(config: Value, validate: impl FnOnce(&M) -> Diagnostics) -> Diagnostics {
    match to_model(config) {
        Ok(config) => validate(&config),
        Err(error) => error,
    }
}
