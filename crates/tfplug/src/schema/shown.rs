//! Values in messages.

use crate::value::Value;

/// A value as a configuration would write it, for messages; long strings are truncated.
pub(super) fn shown(value: &Value) -> String {
    const MOST: usize = 80;
    match value {
        Value::Null => "null".to_owned(),
        Value::Unknown => "an unknown value".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.shown(),
        Value::String(text) if text.chars().count() > MOST => {
            let start: String = text.chars().take(MOST).collect();
            format!("{start:?}… ({} characters)", text.chars().count())
        }
        Value::String(text) => format!("{text:?}"),
        Value::List(all) | Value::Set(all) | Value::Tuple(all) => format!("{} elements", all.len()),
        Value::Map(all) => format!("{} elements", all.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::Dynamic(pair) => shown(&pair.1),
    }
}
