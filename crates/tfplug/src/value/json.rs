//! The JSON form of values: stored states, of the current and of older schema versions.

use serde_json::Value as Json;

use super::{MAX_DEPTH, Malformed, Name, Number, Type, Value, named};
use crate::path::{Path, Step};

/// Reads a stored state as the current type, and tolerates what older versions wrote: a missing attribute is null, an unknown
/// one is ignored, and numbers and booleans may be strings.
///
/// ```
/// use tfplug::value::from_state_json;
/// use tfplug::{Type, Value};
///
/// let ty = Type::object([("days", Type::Number), ("note", Type::String)]);
/// let stored = serde_json::json!({ "days": "30", "color": "red" });
/// let state = from_state_json(&stored, &ty)?;
/// assert_eq!(state, Value::object([("days", Value::from(30)), ("note", Value::Null)]));
/// # Ok::<(), tfplug::value::Malformed>(())
/// ```
///
/// # Errors
///
/// [`Malformed`] with the path of the first value that cannot be read.
pub fn from_state_json(json: &Json, ty: &Type) -> Result<Value, Malformed> {
    read(json, ty, 0)
}

/// The attributes of a stored state that the type does not have, as paths: those that [`from_state_json`] ignores. It must have
/// read the state before, since that bounds its depth.
pub(crate) fn left_out(json: &Json, ty: &Type) -> Vec<String> {
    let mut found = Vec::new();
    // Paths are only built if there is something to report, which is rare.
    if is_more_than(json, ty) {
        collect_left_out(json, ty, &Path::root(), &mut found);
    }
    found
}

/// Whether the type lacks an attribute of the stored state.
fn is_more_than(json: &Json, ty: &Type) -> bool {
    match (json, ty) {
        (Json::Object(members), Type::Object(types)) => {
            members.iter().any(|(name, value)| types.get(name.as_str()).is_none_or(|ty| is_more_than(value, ty)))
        }
        (Json::Object(members), Type::Map(ty)) => members.values().any(|value| is_more_than(value, ty)),
        (Json::Array(elements), Type::List(ty) | Type::Set(ty)) => elements.iter().any(|value| is_more_than(value, ty)),
        _ => false,
    }
}

fn collect_left_out(json: &Json, ty: &Type, path: &Path, found: &mut Vec<String>) {
    match (json, ty) {
        (Json::Object(members), Type::Object(types)) => members.iter().for_each(|(name, value)| {
            let path = path.attribute(name);
            match types.get(name.as_str()) {
                Some(ty) => collect_left_out(value, ty, &path, found),
                None => found.push(path.to_string()),
            }
        }),
        (Json::Object(members), Type::Map(ty)) => {
            members.iter().for_each(|(key, value)| collect_left_out(value, ty, &path.key(key), found));
        }
        (Json::Array(elements), Type::List(ty) | Type::Set(ty)) => {
            elements.iter().enumerate().for_each(|(i, value)| collect_left_out(value, ty, &path.index(i), found));
        }
        _ => {}
    }
}

fn read(json: &Json, ty: &Type, depth: usize) -> Result<Value, Malformed> {
    if depth == MAX_DEPTH {
        return Err(Malformed::too_deep());
    }
    let inside = depth + 1;
    match (json, ty) {
        (Json::Null, _) => Ok(Value::Null),
        (Json::String(text), Type::String) => Ok(Value::string(text.as_str())),
        (Json::Number(number), Type::String) => Ok(Value::string(number.to_string())),
        (Json::Bool(value), Type::String) => Ok(Value::string(value.to_string())),
        (Json::Number(number), Type::Number) => match number.as_i64() {
            Some(whole) => Ok(whole.into()),
            None => read_number(&number.to_string()),
        },
        (Json::String(text), Type::Number) => read_number(text),
        (Json::Bool(value), Type::Bool) => Ok(Value::Bool(*value)),
        (Json::String(text), Type::Bool) if text == "true" || text == "false" => Ok(Value::Bool(text == "true")),
        (Json::Array(elements), Type::List(ty)) => read_all(elements, ty, inside).map(Value::List),
        (Json::Array(elements), Type::Set(ty)) => read_all(elements, ty, inside).map(Value::set),
        (Json::Array(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            let pairs = elements.iter().zip(types).enumerate();
            let elements = pairs.map(|(index, (element, ty))| {
                read(element, ty, inside).map_err(|error| error.inside(Step::index(index)))
            });
            elements.collect::<Result<_, _>>().map(Value::Tuple)
        }
        (Json::Object(members), Type::Map(ty)) => {
            let members = members.iter().map(|(key, value)| {
                let value = read(value, ty, inside).map_err(|error| error.inside(Step::Key(key.clone())))?;
                Ok((Name::Owned(key.clone()), value))
            });
            members.collect::<Result<_, _>>().map(Value::Map)
        }
        (Json::Object(members), Type::Object(types)) => {
            let attributes = types.iter().map(|(name, ty)| {
                let stored = members.get(name.as_ref()).unwrap_or(&Json::Null);
                let value =
                    read(stored, ty, inside).map_err(|error| error.inside(Step::Attribute(name.to_string())))?;
                Ok((name.clone(), value))
            });
            attributes.collect::<Result<Vec<_>, _>>().map(|attributes| Value::Object(named(attributes)))
        }
        (Json::Object(pair), Type::Dynamic) => read_dynamic(pair, inside),
        (_, ty) => Err(Malformed::here(format!("not a value of type {}", ty.to_json()))),
    }
}

fn read_all(elements: &[Json], ty: &Type, depth: usize) -> Result<Vec<Value>, Malformed> {
    elements
        .iter()
        .enumerate()
        .map(|(index, element)| read(element, ty, depth).map_err(|error| error.inside(Step::index(index))))
        .collect()
}

fn read_number(text: &str) -> Result<Value, Malformed> {
    text.parse::<Number>().map(Value::Number).map_err(|error| Malformed::here(error.to_string()))
}

fn read_dynamic(pair: &serde_json::Map<String, Json>, depth: usize) -> Result<Value, Malformed> {
    let (Some(ty), Some(value)) = (pair.get("type"), pair.get("value")) else {
        return Err(Malformed::here("a dynamic value without its type"));
    };
    let ty = Type::from_json(ty).map_err(|error| Malformed::here(error.to_string()))?;
    let value = read(value, &ty, depth)?;
    Ok(Value::Dynamic(Box::new((ty, value))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_type() -> Type {
        Type::object([
            ("limit", Type::Number),
            ("on", Type::Bool),
            ("tags", Type::map(Type::String)),
            ("any", Type::Dynamic),
        ])
    }

    #[test]
    fn ok_a_state_of_another_version_is_read_as_far_as_it_goes() {
        let json =
            r#"{"limit": 9007199254740993.25, "on": "true", "gone": [1], "any": {"value": "x", "type": "string"}}"#;
        let value = from_state_json(&serde_json::from_str(json).unwrap(), &state_type()).unwrap();
        let expected = Value::object([
            ("limit", Value::Number("9007199254740993.25".parse().unwrap())),
            ("on", true.into()),
            ("tags", Value::Null),
            ("any", Value::Dynamic(Box::new((Type::String, "x".into())))),
        ]);
        assert!(value == expected, "{value:?}");
    }

    #[test]
    fn attributes_that_the_type_does_not_have_are_found_at_any_depth() {
        let inner = Type::object([("a", Type::String)]);
        let ty =
            Type::object([("one", inner.clone()), ("all", Type::list(inner.clone())), ("by_key", Type::map(inner))]);
        let json = serde_json::json!({
            "one": {"a": "x", "b": "y"}, "all": [{"a": "x"}, {"c": 1}], "by_key": {"k": {"d": 1}}, "top": true,
        });
        assert_eq!(left_out(&json, &ty), ["all[1].c", r#"by_key["k"].d"#, "one.b", "top"]);
        assert_eq!(left_out(&serde_json::json!({"one": null}), &ty), Vec::<String>::new());
    }

    #[test]
    fn err_a_value_nested_beyond_all_measure() {
        let mut json = serde_json::json!("x");
        let mut ty = Type::String;
        for _ in 0..1000 {
            json = serde_json::json!([json]);
            ty = Type::list(ty);
        }
        let error = from_state_json(&json, &ty).unwrap_err();
        assert_eq!(error.to_string(), "[0][0][0][0]: nested more than 128 levels deep");
        let mut json = serde_json::json!({"value": "x", "type": "string"});
        for _ in 0..1000 {
            json = serde_json::json!({"value": json, "type": "dynamic"});
        }
        let error = from_state_json(&json, &Type::Dynamic).unwrap_err();
        assert_eq!(error.to_string(), "nested more than 128 levels deep");
    }

    #[test]
    fn err_what_cannot_be_read_is_named_by_its_path() {
        let json = serde_json::json!({"tags": {"a": []}});
        let error = from_state_json(&json, &state_type()).unwrap_err();
        assert_eq!(error.to_string(), r#"tags["a"]: not a value of type "string""#);
    }
}
