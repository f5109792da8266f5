//! The functions that attributes begin with.

use super::{Attribute, Attributes, Check, Kind, Nesting};
use crate::value::Type;

/// A text.
#[must_use]
pub fn string() -> Attribute {
    Attribute::new(Kind::Plain(Type::String))
}

/// A whole number of at most 64 bits.
#[must_use]
pub fn int() -> Attribute {
    number().check(Check::Whole)
}

/// An exact decimal.
#[must_use]
pub fn number() -> Attribute {
    Attribute::new(Kind::Plain(Type::Number))
}

/// True or false.
#[must_use]
pub fn boolean() -> Attribute {
    Attribute::new(Kind::Plain(Type::Bool))
}

/// A value of any type.
#[must_use]
pub fn dynamic() -> Attribute {
    Attribute::new(Kind::Plain(Type::Dynamic))
}

/// A list of plain values.
#[must_use]
pub fn list_of(element: Type) -> Attribute {
    Attribute::new(Kind::Plain(Type::list(element)))
}

/// A set of plain values.
#[must_use]
pub fn set_of(element: Type) -> Attribute {
    Attribute::new(Kind::Plain(Type::set(element)))
}

/// A map of plain values.
#[must_use]
pub fn map_of(element: Type) -> Attribute {
    Attribute::new(Kind::Plain(Type::map(element)))
}

/// One nested object; give it attributes with [`Attribute::attribute`].
#[must_use]
pub fn object() -> Attribute {
    Attribute::new(Kind::Nested(Nesting::Single, Attributes::new()))
}

/// A list of nested objects.
#[must_use]
pub fn object_list() -> Attribute {
    Attribute::new(Kind::Nested(Nesting::List, Attributes::new()))
}

/// A set of nested objects.
#[must_use]
pub fn object_set() -> Attribute {
    Attribute::new(Kind::Nested(Nesting::Set, Attributes::new()))
}

/// A map of nested objects.
#[must_use]
pub fn object_map() -> Attribute {
    Attribute::new(Kind::Nested(Nesting::Map, Attributes::new()))
}
