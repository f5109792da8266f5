//! Values of any type: a value together with its type.

use super::{Type, Value};
use crate::maps::collected;

impl Value {
    /// The value as one of any type, with the type that follows from it: for an attribute whose type is decided at run time.
    ///
    /// A list becomes a list if all of its elements have one type, and a tuple otherwise, as in a configuration. Null, an unknown
    /// value and a value that carries its type already stay as they are.
    ///
    /// ```
    /// use tfplug::{Type, Value};
    ///
    /// let Value::Dynamic(pair) = Value::from("a").into_dynamic() else { panic!() };
    /// assert_eq!(*pair, (Type::String, Value::from("a")));
    /// ```
    #[must_use]
    pub fn into_dynamic(self) -> Self {
        match self {
            Self::Null | Self::Unknown | Self::Dynamic(_) => self,
            value => {
                let (ty, value) = typed(value);
                Self::Dynamic(Box::new((ty, value)))
            }
        }
    }
}

/// The value and its type. A null or unknown part may have any type.
fn typed(value: Value) -> (Type, Value) {
    match value {
        Value::Bool(_) => (Type::Bool, value),
        Value::Number(_) => (Type::Number, value),
        Value::String(_) => (Type::String, value),
        Value::List(all) => {
            let (types, all): (Vec<_>, Vec<_>) = all.into_iter().map(typed).unzip();
            match one_type(&types) {
                Some(ty) => (Type::list(ty), Value::List(all)),
                None => (Type::Tuple(types), Value::Tuple(all)),
            }
        }
        Value::Tuple(all) => {
            let (types, all): (Vec<_>, Vec<_>) = all.into_iter().map(typed).unzip();
            (Type::Tuple(types), Value::Tuple(all))
        }
        Value::Set(all) => {
            let (types, all): (Vec<_>, Vec<_>) = all.into_iter().map(typed).unzip();
            (Type::set(one_type(&types).unwrap_or(Type::Dynamic)), Value::set(all))
        }
        Value::Map(all) => {
            let all: Vec<_> = all.into_iter().map(|(key, value)| (key, typed(value))).collect();
            let types: Vec<_> = all.iter().map(|(_, (ty, _))| ty.clone()).collect();
            let members = collected(all.into_iter().map(|(key, (_, value))| (key, value)));
            (Type::map(one_type(&types).unwrap_or(Type::Dynamic)), Value::Map(members))
        }
        Value::Object(all) => {
            let all: Vec<_> = all.into_iter().map(|(name, value)| (name, typed(value))).collect();
            let types = collected(all.iter().map(|(name, (ty, _))| (name.clone(), ty.clone())));
            let members = collected(all.into_iter().map(|(name, (_, value))| (name, value)));
            (Type::Object(types), Value::Object(members))
        }
        Value::Dynamic(pair) => *pair,
        Value::Null | Value::Unknown => (Type::Dynamic, value),
    }
}

/// The type that all of these are, if it is one.
fn one_type(types: &[Type]) -> Option<Type> {
    let first = types.first()?;
    types.iter().all(|ty| ty == first).then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{decode, encode};

    #[test]
    fn a_value_of_any_type_carries_the_type_that_follows_from_it() {
        let object = Value::object([("a", 1.into()), ("b", Value::List(vec!["x".into(), true.into()]))]);
        let table = [
            (Value::from(true), r#""bool""#),
            (Value::List(vec!["a".into(), "b".into()]), r#"["list","string"]"#),
            (Value::List(vec!["a".into(), 1.into()]), r#"["tuple",["string","number"]]"#),
            (Value::List(Vec::new()), r#"["tuple",[]]"#),
            (Value::set(vec![1.into()]), r#"["set","number"]"#),
            (Value::Map([("k".to_owned(), "v".into())].into()), r#"["map","string"]"#),
            (object, r#"["object",{"a":"number","b":["tuple",["string","bool"]]}]"#),
        ];
        for (value, ty) in table {
            let Value::Dynamic(pair) = value.into_dynamic() else { panic!("of any type") };
            assert_eq!(pair.0.to_json().to_string(), ty);
            let dynamic = Value::Dynamic(pair);
            assert_eq!(decode(&encode(&dynamic, &Type::Dynamic).unwrap(), &Type::Dynamic).unwrap(), dynamic);
        }
        assert_eq!(Value::Null.into_dynamic(), Value::Null);
    }

    #[test]
    fn null_and_unknown_with_a_type_are_null_and_unknown() {
        let of = |value: Value| Value::Dynamic(Box::new((Type::String, value)));
        assert!(of(Value::Null).is_null() && !of(Value::Null).is_unknown());
        assert!(of(Value::Unknown).is_unknown() && !of("a".into()).is_unknown());
    }
}
