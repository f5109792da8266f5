//! The functions that make attributes, by type.

use super::{Attribute, AttributeType, Attributes, Check, Nesting, Precision};
use crate::value::Type;

/// A string.
#[must_use]
pub fn string() -> Attribute {
    Attribute::new(AttributeType::Plain(Type::String))
}

/// A whole number of at most 64 bits.
#[must_use]
pub fn int() -> Attribute {
    number().check(Check::Whole)
}

/// A number, kept as an exact decimal.
#[must_use]
pub fn number() -> Attribute {
    Attribute::new(AttributeType::Plain(Type::Number))
}

/// A number that handlers get as a 32-bit float.
#[must_use]
pub fn float32() -> Attribute {
    number().check(Check::FiniteF32).precision(Precision::F32)
}

/// A number that handlers get as a 64-bit float.
#[must_use]
pub fn float64() -> Attribute {
    number().finite_f64().precision(Precision::F64)
}

/// A value of that type, without rules for its parts: an object type, for example, where [`object`] has attributes.
#[must_use]
pub fn of_type(ty: Type) -> Attribute {
    Attribute::new(AttributeType::Plain(ty))
}

/// A boolean.
#[must_use]
pub fn boolean() -> Attribute {
    Attribute::new(AttributeType::Plain(Type::Bool))
}

/// A value of any type.
#[must_use]
pub fn dynamic() -> Attribute {
    Attribute::new(AttributeType::Plain(Type::Dynamic))
}

/// A list of plain values.
#[must_use]
pub fn list_of(element: Type) -> Attribute {
    Attribute::new(AttributeType::Plain(Type::list(element)))
}

/// A set of plain values.
#[must_use]
pub fn set_of(element: Type) -> Attribute {
    Attribute::new(AttributeType::Plain(Type::set(element)))
}

/// A map of plain values.
#[must_use]
pub fn map_of(element: Type) -> Attribute {
    Attribute::new(AttributeType::Plain(Type::map(element)))
}

/// A block with one object, or none; with [`Attribute::required`], it must be there. Give it attributes with
/// [`Attribute::attribute`].
#[must_use]
pub fn block() -> Attribute {
    object().into_block()
}

/// A block that may be written any number of times, and makes a list; [`Attribute::items`] bounds how often.
#[must_use]
pub fn block_list() -> Attribute {
    object_list().into_block()
}

/// A block that may be written any number of times, and makes a set; [`Attribute::items`] bounds how often.
#[must_use]
pub fn block_set() -> Attribute {
    object_set().into_block()
}

/// A block that may be written any number of times, each time with a label of its own, and makes a map.
#[must_use]
pub fn block_map() -> Attribute {
    object_map().into_block()
}

/// A block with one object that is never null: if a configuration leaves it out, its attributes are null.
#[must_use]
pub fn block_group() -> Attribute {
    object().into_group()
}

/// One nested object; give it attributes with [`Attribute::attribute`].
#[must_use]
pub fn object() -> Attribute {
    Attribute::new(AttributeType::Nested(Nesting::Single, Attributes::new()))
}

/// A list of nested objects.
#[must_use]
pub fn object_list() -> Attribute {
    Attribute::new(AttributeType::Nested(Nesting::List, Attributes::new()))
}

/// A set of nested objects.
#[must_use]
pub fn object_set() -> Attribute {
    Attribute::new(AttributeType::Nested(Nesting::Set, Attributes::new()))
}

/// A map of nested objects.
#[must_use]
pub fn object_map() -> Attribute {
    Attribute::new(AttributeType::Nested(Nesting::Map, Attributes::new()))
}
