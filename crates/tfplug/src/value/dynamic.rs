//! Values of any type: a value together with its type.

use super::{Name, Type, Value, named};

impl Value {
    /// The value as one of any type, with the type that follows from it: for an attribute whose type is decided at run time.
    ///
    /// A list becomes a list if all of its elements have one type, and a tuple otherwise, as in a configuration; in the same way,
    /// a map becomes a map or an object, and a set becomes a set or a tuple. A null or unknown element has the type of the others.
    /// Null, an unknown value and a value that carries its type already stay as they are.
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
            match one_type(&types) {
                Some(ty) => (Type::set(ty), Value::set(all)),
                None => (Type::Tuple(types), Value::Tuple(all)),
            }
        }
        Value::Map(all) => {
            let (keys, all): (Vec<_>, Vec<_>) = all.into_iter().unzip();
            let (types, all): (Vec<_>, Vec<_>) = all.into_iter().map(typed).unzip();
            match one_type(&types) {
                Some(ty) => (Type::map(ty), Value::Map(named(keys.into_iter().zip(all)))),
                None => object(keys, types, all),
            }
        }
        Value::Object(all) => {
            let (names, all): (Vec<_>, Vec<_>) = all.into_iter().unzip();
            let (types, all) = all.into_iter().map(typed).unzip();
            object(names, types, all)
        }
        Value::Dynamic(pair) => *pair,
        Value::Null | Value::Unknown => (Type::Dynamic, value),
    }
}

fn object(names: Vec<Name>, types: Vec<Type>, all: Vec<Value>) -> (Type, Value) {
    let types = named(names.iter().cloned().zip(types));
    (Type::Object(types), Value::Object(named(names.into_iter().zip(all))))
}

/// The type that all elements have, if it is one; those of null and unknown elements are dynamic, and fit any other.
fn one_type(types: &[Type]) -> Option<Type> {
    let mut typed = types.iter().filter(|ty| **ty != Type::Dynamic);
    let first = typed.next()?;
    typed.all(|ty| ty == first).then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{decode, encode};

    #[test]
    fn a_value_of_any_type_carries_the_type_that_follows_from_it() {
        let map = |all: Vec<(&'static str, Value)>| Value::map(all);
        let object = Value::object([("a", 1.into()), ("b", Value::List(vec!["x".into(), true.into()]))]);
        let table = [
            (Value::from(true), r#""bool""#),
            (Value::List(vec!["a".into(), "b".into()]), r#"["list","string"]"#),
            (Value::List(vec!["a".into(), 1.into()]), r#"["tuple",["string","number"]]"#),
            (Value::List(Vec::new()), r#"["tuple",[]]"#),
            (Value::set(vec![1.into()]), r#"["set","number"]"#),
            (Value::List(vec!["a".into(), Value::Null]), r#"["list","string"]"#),
            (Value::List(vec![Value::Null]), r#"["tuple",["dynamic"]]"#),
            (Value::set(vec![1.into(), Value::Null]), r#"["set","number"]"#),
            (Value::set(vec![1.into(), "a".into()]), r#"["tuple",["number","string"]]"#),
            (map(vec![("k", "v".into()), ("n", Value::Null)]), r#"["map","string"]"#),
            (map(vec![("k", "v".into()), ("n", 1.into())]), r#"["object",{"k":"string","n":"number"}]"#),
            (map(vec![("k", Value::Null)]), r#"["object",{"k":"dynamic"}]"#),
            (map(Vec::new()), r#"["object",{}]"#),
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
