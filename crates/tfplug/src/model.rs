//! From values to the fields of a Rust struct and back.

use std::collections::BTreeMap;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::schema::Schema;
use crate::value::{Malformed, Members, Number, Type, Value};

/// An attribute of a [`Model`]: set, not set, or not known yet.
///
/// `Debug` tells which of the three, never the value, which may be a secret.
#[derive(Clone, Default, PartialEq)]
pub enum Attr<T> {
    /// Not set.
    #[default]
    Null,
    /// Decided during apply, or by another resource.
    Unknown,
    /// This value.
    Known(T),
}

impl<T> Attr<T> {
    /// The value, if it is known and set.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value itself, if it is known and set.
    pub fn take(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value, where the lifecycle promises that there is one.
    ///
    /// # Errors
    ///
    /// A [`Diagnostic::bug`] at the attribute if it's null or unknown all the same.
    pub fn known(&self, name: &str) -> Result<&T, Diagnostic> {
        self.get().ok_or_else(|| {
            let state = if self.is_null() { "null" } else { "not known" };
            Diagnostic::bug(format!("{name} is {state} where a value was expected.")).at(Path::of(name))
        })
    }

    /// Whether it isn't set.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it isn't known yet.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// This, or `other` where this isn't known.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.is_unknown() { other } else { self }
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl From<&str> for Attr<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

impl<T> fmt::Debug for Attr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Unknown => "unknown",
            Self::Known(_) => "known",
        })
    }
}

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

impl<T: Field> Attr<T> {
    /// Converts a value that may be null or unknown.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the value isn't of the type.
    pub fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Unknown => Ok(Self::Unknown),
            known => T::from_value(known, path).map(Self::Known),
        }
    }

    /// Converts back.
    pub fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Known(value) => value.into_value(),
        }
    }
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

impl<T: Field> Field for Vec<Attr<T>> {
    fn value_type() -> Type {
        Type::list(T::value_type())
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::List(all) => {
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

/// A struct with one [`Attr`] per attribute, made by [`model!`](crate::model!).
pub trait Model: Field + Clone + Default + Send + Sync + 'static {
    /// The attributes' names, in the order of the fields.
    const ATTRIBUTES: &'static [&'static str];

    /// Fills the fields from an object's attributes; one that's missing is null.
    ///
    /// # Errors
    ///
    /// [`Malformed`] with the path of the first value that isn't of its field's type.
    fn from_members(members: Members, path: &Path) -> Result<Self, Malformed>;

    /// An object of all fields.
    fn into_members(self) -> Members;
}

/// Whether the model has exactly the schema's attributes with their types: for a test beside each resource.
///
/// # Errors
///
/// Both types in words, when they differ.
pub fn holds_against<M: Model>(schema: &Schema) -> Result<(), String> {
    let (model, schema) = (sets_as_lists(M::value_type()), sets_as_lists(schema.value_type()));
    if model == schema { Ok(()) } else { Err(format!("model:  {}\nschema: {}", model.to_json(), schema.to_json())) }
}

/// A model holds a set as a sequence.
fn sets_as_lists(kind: Type) -> Type {
    match kind {
        Type::Set(element) | Type::List(element) => Type::list(sets_as_lists(*element)),
        Type::Map(element) => Type::map(sets_as_lists(*element)),
        Type::Object(all) => Type::Object(all.into_iter().map(|(name, kind)| (name, sets_as_lists(kind))).collect()),
        other => other,
    }
}

/// Strips the mark of a raw identifier, so that a field can be called `type`.
#[doc(hidden)]
#[must_use]
pub const fn attribute_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', rest @ ..] => match std::str::from_utf8(rest) {
            Ok(name) => name,
            Err(_) => field,
        },
        _ => field,
    }
}

/// Declares the struct that holds a resource's attributes: one field per attribute, of the same name.
///
/// ```
/// tfplug::model! {
///     /// A place to keep things.
///     pub struct Shelf { name: String, width: i64, tags: std::collections::BTreeMap<String, tfplug::Attr<String>> }
/// }
/// let shelf = Shelf { name: "left".into(), ..Shelf::default() };
/// assert!(shelf.width.is_null());
/// ```
///
/// Field types are `String`, `bool`, `i64`, [`Number`], `Vec<Attr<T>>` for lists and sets,
/// `BTreeMap<String, Attr<T>>` for maps, and other models for nested objects.
#[macro_export]
macro_rules! model {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field:ident : $kind:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        $vis struct $name {
            $($(#[$field_meta])* #[allow(missing_docs)] pub $field: $crate::Attr<$kind>,)*
        }

        impl $crate::Model for $name {
            const ATTRIBUTES: &'static [&'static str] =
                &[$($crate::attribute_name(stringify!($field))),*];

            fn from_members(
                mut members: $crate::value::Members,
                path: &$crate::Path,
            ) -> Result<Self, $crate::value::Malformed> {
                Ok(Self {
                    $($field: {
                        const NAME: &str = $crate::attribute_name(stringify!($field));
                        let value = members.remove(NAME).unwrap_or($crate::Value::Null);
                        $crate::Attr::from_value(value, &path.attribute(NAME))?
                    },)*
                })
            }

            fn into_members(self) -> $crate::value::Members {
                let mut members = $crate::value::Members::new();
                $(members.insert(
                    $crate::attribute_name(stringify!($field)).to_owned(),
                    self.$field.into_value(),
                );)*
                members
            }
        }

        impl $crate::Field for $name {
            fn value_type() -> $crate::Type {
                let mut members = ::std::collections::BTreeMap::new();
                $(members.insert(
                    $crate::attribute_name(stringify!($field)).to_owned(),
                    <$kind as $crate::Field>::value_type(),
                );)*
                $crate::Type::Object(members)
            }

            fn from_value(
                value: $crate::Value,
                path: &$crate::Path,
            ) -> Result<Self, $crate::value::Malformed> {
                match value {
                    $crate::Value::Object(members) => $crate::Model::from_members(members, path),
                    _ => Err($crate::value::Malformed::at(path, "not an object")),
                }
            }

            fn into_value(self) -> $crate::Value {
                $crate::Value::Object($crate::Model::into_members(self))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{int, list_of, map_of, object, string};

    model! {
        /// When.
        struct At { hours: i64 }
    }
    model! {
        /// Everything a model can hold.
        struct All {
            r#type: String,
            limit: Number,
            at: At,
            names: Vec<Attr<String>>,
            tags: BTreeMap<String, Attr<String>>,
        }
    }

    fn schema() -> Schema {
        Schema::new("")
            .attribute("type", string().computed())
            .attribute("limit", crate::schema::number())
            .attribute("at", object().attribute("hours", int()))
            .attribute("names", list_of(Type::String))
            .attribute("tags", map_of(Type::String))
    }

    #[test]
    fn ok_a_model_reads_back_what_it_wrote() {
        let all = All {
            r#type: "t".into(),
            limit: Attr::Unknown,
            at: Attr::Known(At { hours: 3.into() }),
            names: Attr::Known(vec!["a".into(), Attr::Null]),
            tags: Attr::Known([("k".to_owned(), Attr::Unknown)].into()),
        };
        let value = all.clone().into_value();
        assert_eq!(value.get("type").as_str(), Some("t"));
        assert!(All::from_value(value, &Path::root()).unwrap() == all);
    }

    #[test]
    fn a_model_is_held_against_its_schema() {
        assert_eq!(holds_against::<All>(&schema()), Ok(()));
        let other = schema().attribute("at", object().attribute("minutes", int()));
        assert!(holds_against::<All>(&other).unwrap_err().contains("minutes"));
    }

    #[test]
    fn err_a_value_of_another_type_is_named_by_its_path() {
        let value = Value::object([("at", Value::object([("hours", "x".into())]))]);
        let error = All::from_value(value, &Path::root()).unwrap_err();
        assert_eq!(error.to_string(), r#"at.hours: string(1) where "number" should stand"#);
    }

    #[test]
    fn a_value_that_should_be_known_and_is_not_is_our_bug_by_name() {
        let error = Attr::<String>::Unknown.known("id").unwrap_err();
        assert!(error.detail().starts_with("id is not known where a value was expected."), "{}", error.detail());
    }
}
