//! The functions that make attributes, by type.

use super::{Attribute, AttributeType, Attributes, Check, Nesting, Precision};
use crate::value::Type;

/// A string.
///
/// ```
/// use tfplug::schema::{Schema, boolean, int, number, string};
///
/// let schema = Schema::new("A server.")
///     .attribute("name", string().required().length(1, 64))
///     .attribute("cores", int().default_value(2))
///     .attribute("price", number().computed())
///     .attribute("running", boolean().default_value(true));
/// assert!(schema.problems().is_empty());
/// ```
#[must_use]
pub fn string() -> Attribute {
    Attribute::new(AttributeType::Plain(Type::String))
}

/// A whole number of at most 64 bits.
///
/// ```
/// use tfplug::schema::int;
///
/// assert_eq!(int().between(1, 9).documentation(), "Allowed: a whole number; 1 to 9.");
/// ```
#[must_use]
pub fn int() -> Attribute {
    number().check(Check::Whole)
}

/// A number, kept as an exact decimal.
///
/// ```
/// use tfplug::schema::{AttributeType, number};
/// use tfplug::{Number, Type};
///
/// let limit = number().default_value("12.50".parse::<Number>()?);
/// assert_eq!(limit.documentation(), "Default: `12.5`.");
/// assert!(matches!(limit.attribute_type(), AttributeType::Plain(Type::Number)));
/// # Ok::<(), tfplug::value::NotANumber>(())
/// ```
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
///
/// ```
/// use tfplug::schema::{float32, float64};
///
/// assert_eq!(float32().documentation(), "Allowed: a number within the range of a 32-bit float.");
/// assert_eq!(float64().documentation(), "Allowed: a number within the range of a 64-bit float.");
/// ```
#[must_use]
pub fn float64() -> Attribute {
    number().finite_f64().precision(Precision::F64)
}

/// A value of that type, without rules for its parts: an object type, for example, where [`object`] has attributes.
///
/// ```
/// use tfplug::schema::{Schema, of_type};
/// use tfplug::Type;
///
/// let point = Type::Object([("x".to_owned(), Type::Number), ("y".to_owned(), Type::Number)].into());
/// let schema = Schema::new("").attribute("outline", of_type(Type::list(point)));
/// assert!(schema.problems().is_empty());
/// ```
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
///
/// ```
/// use tfplug::Type;
/// use tfplug::schema::{Schema, dynamic, list_of};
///
/// assert!(Schema::new("").attribute("settings", dynamic()).problems().is_empty());
/// let mixed = Schema::new("").attribute("settings", list_of(Type::Dynamic)).problems();
/// assert!(mixed[0].starts_with("settings: a collection cannot contain values of any type"));
/// ```
#[must_use]
pub fn dynamic() -> Attribute {
    Attribute::new(AttributeType::Plain(Type::Dynamic))
}

/// A list of plain values.
///
/// ```
/// use tfplug::Type;
/// use tfplug::schema::{Schema, list_of, map_of, set_of, string};
///
/// let schema = Schema::new("")
///     .attribute("arguments", list_of(Type::String))
///     .attribute("groups", set_of(Type::String).each(string().length(1, 64)))
///     .attribute("tags", map_of(Type::String));
/// assert!(schema.problems().is_empty());
/// ```
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
///
/// ```
/// use tfplug::schema::{Schema, block, block_group, block_list, block_map, block_set, int, string};
///
/// let schema = Schema::new("A firewall.")
///     .attribute("network", block().attribute("name", string().required()).required())
///     .attribute("rule", block_list().attribute("port", int().required()).items(1, 10))
///     .attribute("exception", block_set().attribute("port", int().required()))
///     .attribute("alias", block_map().attribute("address", string().required()))
///     .attribute("logs", block_group().attribute("level", string()));
/// assert!(schema.problems().is_empty());
/// ```
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
///
/// ```
/// use tfplug::schema::{Schema, int, object, object_list, object_map, object_set, string};
///
/// let schema = Schema::new("")
///     .attribute("at", object().attribute("hours", int().required()))
///     .attribute("steps", object_list().attribute("run", string().required()))
///     .attribute("members", object_set().attribute("user", string().required()))
///     .attribute("outputs", object_map().attribute("value", string().computed()).computed());
/// assert!(schema.problems().is_empty());
/// ```
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
