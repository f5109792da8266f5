//! Types of values, and their JSON form in schemas.

use serde_json::{Value as Json, json};

use super::{MAX_DEPTH, Name, NameMap};
use crate::maps::collected;

/// The type of a [`Value`](super::Value): it decides how the encoded bytes are read.
///
/// ```
/// use tfplug::Type;
///
/// let point = Type::object([("x", Type::Number), ("y", Type::Number)]);
/// let lines = Type::map(Type::list(point));
/// assert_eq!(lines.to_json().to_string(), r#"["map",["list",["object",{"x":"number","y":"number"}]]]"#);
/// assert_eq!(Type::from_json(&lines.to_json()), Ok(lines));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// A string.
    String,
    /// An exact decimal.
    Number,
    /// A boolean.
    Bool,
    /// Any type, decided at run time; travels with the value.
    Dynamic,
    /// An ordered sequence of one type.
    List(Box<Type>),
    /// Distinct elements of one type.
    Set(Box<Type>),
    /// String keys, values of one type.
    Map(Box<Type>),
    /// Named attributes, each of its own type.
    Object(NameMap<Type>),
    /// A fixed number of elements, each of its own type.
    Tuple(Vec<Type>),
}

/// JSON that does not describe a type.
///
/// ```
/// use tfplug::Type;
///
/// let error = Type::from_json(&serde_json::json!(["list", "text"])).unwrap_err();
/// assert_eq!(error.to_string(), r#"not a type: "text""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a type: {0}")]
pub struct NotAType(String);

impl Type {
    /// A list of `element`.
    ///
    /// ```
    /// use tfplug::Type;
    ///
    /// assert_eq!(Type::list(Type::String), Type::List(Box::new(Type::String)));
    /// assert_eq!(Type::map(Type::set(Type::Number)).to_json(), serde_json::json!(["map", ["set", "number"]]));
    /// ```
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of `element`.
    #[must_use]
    pub fn set(element: Self) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map to `element`.
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object with these attributes.
    pub fn object<N: Into<Name>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(attributes.into_iter().collect())
    }

    /// The JSON form that schemas and dynamic values carry.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::String => json!("string"),
            Self::Number => json!("number"),
            Self::Bool => json!("bool"),
            Self::Dynamic => json!("dynamic"),
            Self::List(element) => json!(["list", element.to_json()]),
            Self::Set(element) => json!(["set", element.to_json()]),
            Self::Map(element) => json!(["map", element.to_json()]),
            Self::Object(attributes) => {
                let members = collected(attributes.iter().map(|(name, ty)| (name, ty.to_json())));
                json!(["object", members])
            }
            Self::Tuple(elements) => {
                let elements: Vec<_> = elements.iter().map(Self::to_json).collect();
                json!(["tuple", elements])
            }
        }
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    ///
    /// [`NotAType`] with the part that is not understood.
    pub fn from_json(json: &Json) -> Result<Self, NotAType> {
        Self::read(json, 0)
    }

    fn read(json: &Json, depth: usize) -> Result<Self, NotAType> {
        if depth == MAX_DEPTH {
            return Err(NotAType(format!("nested more than {MAX_DEPTH} levels deep")));
        }
        let unknown = || NotAType(json.to_string());
        match json {
            Json::String(name) => match name.as_str() {
                "string" => Ok(Self::String),
                "number" => Ok(Self::Number),
                "bool" => Ok(Self::Bool),
                "dynamic" => Ok(Self::Dynamic),
                _ => Err(unknown()),
            },
            Json::Array(parts) => match parts.as_slice() {
                [Json::String(name), inner] => Self::compound(name, inner, depth + 1),
                // The third element names attributes that are optional in a conversion; a value carries them all.
                [Json::String(name), inner, Json::Array(_)] if name == "object" => {
                    Self::compound(name, inner, depth + 1)
                }
                _ => Err(unknown()),
            },
            _ => Err(unknown()),
        }
    }

    fn compound(name: &str, inner: &Json, depth: usize) -> Result<Self, NotAType> {
        match (name, inner) {
            ("list", inner) => Ok(Self::list(Self::read(inner, depth)?)),
            ("set", inner) => Ok(Self::set(Self::read(inner, depth)?)),
            ("map", inner) => Ok(Self::map(Self::read(inner, depth)?)),
            ("object", Json::Object(members)) => {
                let types = members.iter().map(|(name, ty)| Ok((Name::Owned(name.clone()), Self::read(ty, depth)?)));
                types.collect::<Result<_, _>>().map(Self::Object)
            }
            ("tuple", Json::Array(elements)) => {
                elements.iter().map(|ty| Self::read(ty, depth)).collect::<Result<_, _>>().map(Self::Tuple)
            }
            _ => Err(NotAType(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_every_type_reads_back_from_its_json_form() {
        for text in [
            r#""string""#,
            r#""number""#,
            r#""bool""#,
            r#""dynamic""#,
            r#"["list","string"]"#,
            r#"["set",["map","number"]]"#,
            r#"["object",{"a":"string","b":["list","bool"]}]"#,
            r#"["tuple",["string","number"]]"#,
        ] {
            let ty = Type::from_json(&serde_json::from_str(text).unwrap()).unwrap();
            assert_eq!(ty.to_json().to_string(), text);
        }
    }

    #[test]
    fn ok_optional_attributes_of_an_object_type_are_ordinary_attributes() {
        let ty = Type::from_json(&json!(["object", {"a": "string"}, ["a"]])).unwrap();
        assert_eq!(ty, Type::object([("a", Type::String)]));
    }

    #[test]
    fn err_a_type_nested_too_deeply() {
        let mut json = json!("string");
        for _ in 0..1000 {
            json = json!(["list", json]);
        }
        let error = Type::from_json(&json).unwrap_err();
        assert_eq!(error.to_string(), "not a type: nested more than 128 levels deep");
    }

    #[test]
    fn err_documents_that_are_no_types() {
        for json in
            [json!("text"), json!(["list"]), json!(["list", "string", 1]), json!({}), json!(["tuple", {}]), json!(null)]
        {
            assert!(Type::from_json(&json).is_err(), "{json}");
        }
    }
}
