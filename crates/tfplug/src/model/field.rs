//! The Rust types that fields may have.

use std::collections::BTreeMap;

use super::Attr;
use crate::path::Path;
use crate::value::{Malformed, Number, Type, Value};

/// A Rust type that a known, non-null value converts to and from.
pub trait Field: Sized {
    /// The Terraform type of it.
    fn value_type() -> Type;

    /// Converts a known, non-null value.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the value isn't of the type: the schema and the model disagree.
    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed>;

    /// Converts back.
    fn into_value(self) -> Value;
}

fn mismatch<T: Field>(value: &Value, path: &Path) -> Malformed {
    Malformed::new(path, format!("{value:?} where {} should stand", T::value_type().to_json()))
}

impl Field for String {
    fn value_type() -> Type {
        Type::String
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(mismatch::<Self>(&other, path)),
        }
    }

    fn into_value(self) -> Value {
        Value::string(self)
    }
}

impl Field for bool {
    fn value_type() -> Type {
        Type::Bool
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::Bool(value) => Ok(value),
            other => Err(mismatch::<Self>(&other, path)),
        }
    }

    fn into_value(self) -> Value {
        Value::Bool(self)
    }
}

impl Field for Number {
    fn value_type() -> Type {
        Type::Number
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::Number(number) => Ok(number),
            other => Err(mismatch::<Self>(&other, path)),
        }
    }

    fn into_value(self) -> Value {
        Value::Number(self)
    }
}

impl Field for i64 {
    fn value_type() -> Type {
        Type::Number
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match &value {
            Value::Number(number) => number.to_i64().ok_or_else(|| mismatch::<Self>(&value, path)),
            other => Err(mismatch::<Self>(other, path)),
        }
    }

    fn into_value(self) -> Value {
        Value::from(self)
    }
}

/// A value of any type: [`Value::Dynamic`], which brings its type along.
impl Field for Value {
    fn value_type() -> Type {
        Type::Dynamic
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::Dynamic(_) => Ok(value),
            other => Err(mismatch::<Self>(&other, path)),
        }
    }

    fn into_value(self) -> Value {
        self
    }
}

/// A list or a set; what is written back is fitted to the schema, which knows which of both it is.
impl<T: Field> Field for Vec<Attr<T>> {
    fn value_type() -> Type {
        Type::list(T::value_type())
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::List(all) | Value::Set(all) => {
                all.into_iter().enumerate().map(|(i, element)| Attr::from_value(element, &path.index(i))).collect()
            }
            other => Err(mismatch::<Self>(&other, path)),
        }
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(Attr::into_value).collect())
    }
}

impl<T: Field> Field for BTreeMap<String, Attr<T>> {
    fn value_type() -> Type {
        Type::map(T::value_type())
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::Map(all) => all
                .into_iter()
                .map(|(key, element)| {
                    let element = Attr::from_value(element, &path.key(&key))?;
                    Ok((key, element))
                })
                .collect(),
            other => Err(mismatch::<Self>(&other, path)),
        }
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, element)| (key, element.into_value())).collect())
    }
}
