//! Stored states: arbitrary JSON, and generated values in the form in which a core stores them.

use arbitrary::Unstructured;
use serde_json::{Map, Number as JsonNumber, Value as Json};
use tfplug::value::{encode, from_state_json};
use tfplug::{Type, Value};

use super::generate::{Values, any_type, any_value};
use super::wire_form;
use crate::target::{Memory, Target};

pub(super) const BYTES: Target = Target {
    name: "state-json",
    about: "arbitrary JSON as a stored state of some type; what is read is wholly known and of the type",
    execute: execute_bytes,
    cost: 1,
    memory: Memory { base: 64 * 1024, factor: 512 },
    words: &[
        "{\"value\":",
        "\"type\":",
        "\"dynamic\"",
        "\"string\"",
        "[\"list\",\"dynamic\"]",
        "\"a\":",
        "\"b\":",
        "null",
        "true",
        "\"true\"",
        "1e4096",
        "12.50",
        "[[[[[[[[",
        "\\u0000",
        "e\u{301}",
    ],
};

pub(super) const VALUES: Target = Target {
    name: "state-values",
    about: "generated values as a core stores them read back as the same value",
    execute: execute_values,
    cost: 2,
    memory: Memory { base: 256 * 1024, factor: 1024 },
    words: &[],
};

/// The type, as JSON, and the state on the lines after it.
fn execute_bytes(input: &[u8]) {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    let (Some(ty), Some(state)) = (parts.next(), parts.next()) else { return };
    let Ok(ty) = serde_json::from_slice(ty) else { return };
    let Ok(ty) = Type::from_json(&ty) else { return };
    let Ok(state) = serde_json::from_slice(state) else { return };
    match from_state_json(&state, &ty) {
        Ok(value) => {
            assert!(value.is_wholly_known(), "{value:?}");
            drop(encode(&value, &ty).unwrap());
        }
        Err(error) => {
            let text = error.to_string();
            assert!(text.len() <= 1000 + 16 * input.len(), "an error of {} bytes", text.len());
        }
    }
}

fn execute_values(input: &[u8]) {
    let mut bytes = Unstructured::new(input);
    let Ok(ty) = any_type(&mut bytes, true) else { return };
    let Ok(value) = any_value(&mut bytes, &ty, Values::Stored) else { return };
    let quoted = bytes.arbitrary().unwrap_or(false);
    let text = stored(&value, quoted).to_string();
    let json: Json = serde_json::from_str(&text).unwrap();
    let again = from_state_json(&json, &ty).unwrap();
    assert!(again == value, "{value:?} reads back as {again:?}");
}

/// The value as a core stores it, or as an older version did: with numbers and booleans in quotation marks.
fn stored(value: &Value, quoted: bool) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown => panic!("a stored value is known"),
        Value::Bool(value) if quoted => Json::String(value.to_string()),
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) if quoted => Json::String(number.to_string()),
        Value::Number(number) => Json::Number(JsonNumber::from_string_unchecked(number.to_string())),
        Value::String(text) => Json::String(text.clone()),
        Value::List(all) | Value::Set(all) | Value::Tuple(all) => all.iter().map(|one| stored(one, quoted)).collect(),
        Value::Map(all) | Value::Object(all) => {
            Json::Object(all.iter().map(|(name, one)| (name.to_string(), stored(one, quoted))).collect())
        }
        Value::Dynamic(pair) => {
            let ty = serde_json::from_str(&wire_form::json_of(&pair.0)).unwrap();
            let members = [("value".to_owned(), stored(&pair.1, quoted)), ("type".to_owned(), ty)];
            Json::Object(Map::from_iter(members))
        }
    }
}
