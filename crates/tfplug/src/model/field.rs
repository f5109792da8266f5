//! What an attribute can hold: Rust types with a Terraform type.

use super::View;
use crate::path::Path;
use crate::schema::{Attribute, boolean, dynamic, list_of, map_of, number, object, set_of, string};
use crate::value::{Malformed, Number, Type, Value};

/// A Rust type that a known, non-null value converts to and from.
///
/// There are `String`, `bool`, the integers, `f64`, [`Number`] for exact decimals, [`Value`] for values of any type, enums
/// that derive [`Words`](derive@crate::Words), structs that derive [`Model`](derive@crate::Model), and of all these `Vec<T>`
/// for lists, `BTreeSet<T>` for sets and `BTreeMap<String, T>` for maps.
///
/// ```
/// use std::collections::BTreeMap;
/// use tfplug::{Attr, Field, Path, Type, Value};
///
/// assert_eq!(BTreeMap::<String, Vec<i64>>::value_type(), Type::map(Type::list(Type::Number)));
/// let ports = Vec::<i64>::from_value(Value::List(vec![80.into(), 443.into()]), &Path::of("ports"))?;
/// assert_eq!(ports, [80, 443]);
///
/// // In a configuration, an element may be unknown.
/// let open: <Vec<i64> as Field>::Open = vec![80.into(), Attr::Unknown];
/// assert_eq!(open.into_value().at(1), &Value::Unknown);
/// # Ok::<(), tfplug::value::Malformed>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "no attribute can hold `{Self}`",
    label = "not the type of an attribute",
    note = "write String, bool, an integer, f64, tfplug::Number, tfplug::Value, an enum with #[derive(Words)], a struct with \
            #[derive(Model)] and #[tf(object)], or Vec, BTreeSet or BTreeMap<String, _> of these",
    note = "around the whole of it, Option<_> is for what may be null and Computed<_> for what the provider decides"
)]
pub trait Field: Sized {
    /// The same type with an [`Attr`](super::Attr) around each part: what a configuration or plan holds, where any part may be
    /// unknown or null.
    type Open: Field;
    /// The features that the attributes inside it need, as bits; see the derive.
    #[doc(hidden)]
    const USES: u8 = 0;
    /// How deep objects are in it: 0 without any, 1 for an object, 2 for a collection of objects, 3 for a collection of those.
    #[doc(hidden)]
    const OBJECT_DEPTH: u8 = 0;

    /// The Terraform type of it.
    fn value_type() -> Type;

    /// Converts a known, non-null value.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the value is not of the type: the schema and the model disagree.
    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed>;

    /// Converts back.
    fn into_value(self) -> Value;

    /// An attribute that holds it, with the rules that follow from the type.
    #[doc(hidden)]
    fn attribute(view: View) -> Attribute {
        let _ = view;
        plain(Self::value_type())
    }
}

/// An attribute of a type, without rules.
fn plain(ty: Type) -> Attribute {
    match ty {
        Type::String => string(),
        Type::Number => number(),
        Type::Bool => boolean(),
        Type::List(element) => list_of(*element),
        Type::Set(element) => set_of(*element),
        Type::Map(element) => map_of(*element),
        Type::Object(members) => object().attributes(members.into_iter().map(|(name, kind)| (name, plain(kind)))),
        Type::Dynamic | Type::Tuple(_) => dynamic(),
    }
}

pub(super) fn mismatch<T: Field>(value: &Value, path: &Path) -> Malformed {
    Malformed::here(format!("expected {}, found {value:?}", T::value_type().to_json())).below(path)
}

impl Field for String {
    type Open = Self;

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
    type Open = Self;

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
    type Open = Self;

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

/// A value of any type: [`Value::Dynamic`], which contains its type.
impl Field for Value {
    type Open = Self;

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
