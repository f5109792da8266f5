//! Stored states of the current schema, read straight from their text.
//!
//! This reads what nearly every state is: all values of their types, and no attribute that the schema does not have. For anything
//! else, `json.rs` reads the text as a tree, with the same result for what both can read, and with an error that has a path.

use std::fmt;

use super::{MAX_DEPTH, Name, NameMap, Number, Type, Value, named};
use serde::Deserialize as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The value, or `None` if the text is not simply one of the type.
pub(crate) fn from_plain_state(text: &[u8], ty: &Type) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Seed { ty, depth: 0 }.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok().map(|()| value)
}

/// Reads a value of the type.
#[derive(Clone, Copy)]
struct Seed<'t> {
    ty: &'t Type,
    depth: usize,
}

impl<'t> Seed<'t> {
    fn inside(self, ty: &'t Type) -> Self {
        Self { ty, depth: self.depth + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.depth == MAX_DEPTH || matches!(self.ty, Type::Dynamic | Type::Tuple(_)) {
            return Err(D::Error::custom("not read here"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the schema's type")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        match self.ty {
            Type::Bool => Ok(Value::Bool(value)),
            _ => Err(E::custom("a bool of another type")),
        }
    }

    fn visit_i64<E: Error>(self, whole: i64) -> Result<Value, E> {
        self.number(whole.into())
    }

    fn visit_u64<E: Error>(self, whole: u64) -> Result<Value, E> {
        self.number(whole.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        match self.ty {
            Type::String => Ok(Value::string(text)),
            _ => Err(E::custom("a string of another type")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let (Type::List(ty) | Type::Set(ty)) = self.ty else { return Err(A::Error::custom("a sequence")) };
        let mut elements = Vec::new();
        while let Some(element) = all.next_element_seed(self.inside(ty))? {
            elements.push(element);
        }
        Ok(if matches!(self.ty, Type::Set(_)) { Value::set(elements) } else { Value::List(elements) })
    }

    /// Fractions and long numbers arrive here, too: as maps that only `serde_json` itself can read, with all of their digits.
    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        match self.ty {
            Type::Number => {
                let number = serde_json::Number::deserialize(MapAccessDeserializer::new(all))?;
                self.number(number.to_string().parse().map_err(A::Error::custom)?)
            }
            Type::Map(ty) => {
                let mut members = Vec::new();
                while let Some(key) = all.next_key::<String>()? {
                    if key.starts_with("$serde_json::private") {
                        return Err(A::Error::custom("a number"));
                    }
                    members.push((key, all.next_value_seed(self.inside(ty))?));
                }
                Ok(Value::Map(named(members)))
            }
            Type::Object(types) => self.object(types, all),
            _ => Err(A::Error::custom("a map")),
        }
    }
}

impl Seed<'_> {
    fn number<E: Error>(self, number: Number) -> Result<Value, E> {
        match self.ty {
            Type::Number => Ok(Value::Number(number)),
            _ => Err(E::custom("a number of another type")),
        }
    }

    fn object<'de, A: MapAccess<'de>>(self, types: &NameMap<Type>, mut all: A) -> Result<Value, A::Error> {
        let (mut members, mut expected) = (Vec::with_capacity(types.len()), types.iter());
        // A core writes the attributes in the order of their names.
        while let Some((name, ty)) = all.next_key_seed(Key { next: expected.next(), types })? {
            members.push((name.clone(), all.next_value_seed(self.inside(ty))?));
        }
        let mut members = named(members);
        if members.len() < types.len() {
            for name in types.keys().filter(|name| !members.contains_key(name)).collect::<Vec<_>>() {
                members.insert(name.clone(), Value::Null);
            }
        }
        Ok(Value::Object(members))
    }
}

/// Reads the name of an attribute, which is probably the next one.
struct Key<'t> {
    next: Option<(&'t Name, &'t Type)>,
    types: &'t NameMap<Type>,
}

impl<'de, 't> DeserializeSeed<'de> for Key<'t> {
    type Value = (&'t Name, &'t Type);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'_> for Key<'t> {
    type Value = (&'t Name, &'t Type);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an attribute")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        match self.next {
            Some(next) if next.0 == name => Ok(next),
            _ => self.types.get_key_value(name).ok_or_else(|| E::custom("an unknown attribute")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::from_state_json;
    use super::*;

    fn ty() -> Type {
        let inner = Type::object([("a", Type::String), ("n", Type::Number)]);
        Type::object([
            ("all", Type::list(inner.clone())),
            ("by_key", Type::map(Type::String)),
            ("on", Type::Bool),
            ("one", inner),
            ("set", Type::set(Type::Number)),
        ])
    }

    #[test]
    fn ok_a_plain_state_is_read_as_the_tree_is() {
        for text in [
            "null",
            "{}",
            r#"{"all": null, "by_key": {"k": "v", "": ""}, "on": true, "one": {"a": "x\n\u00e9", "n": 12.340}, "set": [2, 1, 2]}"#,
            r#"{"set": [], "one": {"n": -3}, "on": false, "by_key": {}, "all": [{"a": "e\u0301"}, null]}"#,
            r#"{"one": {"n": 9007199254740993.25, "a": "x", "a": "y"}, "all": [{"n": 1e400}, {"n": -0}, {"n": 1.0}]}"#,
            r#"{"set": [18446744073709551616, 1e2, 9223372036854775807]}"#,
        ] {
            let expected = from_state_json(&serde_json::from_str(text).unwrap(), &ty()).unwrap();
            assert!(from_plain_state(text.as_bytes(), &ty()) == Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_tree() {
        for text in [
            "",
            "{",
            "1",
            "{} {}",
            r#"{"gone": 1}"#,
            r#"{"one": {"a": 1}}"#,
            r#"{"one": {"n": "1"}}"#,
            r#"{"on": "true"}"#,
            r#"{"one": 5}"#,
            r#"{"by_key": 5}"#,
            r#"{"by_key": {"k": 5}}"#,
            r#"{"all": {}}"#,
        ] {
            assert!(from_plain_state(text.as_bytes(), &ty()).is_none(), "{text}");
        }
        let dynamic = Type::object([("any", Type::Dynamic)]);
        assert!(from_plain_state(br#"{"any": {"value": "x", "type": "string"}}"#, &dynamic).is_none());
    }
}
