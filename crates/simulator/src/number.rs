//! Numbers as the real server handles them: it is written in JavaScript, so each
//! number is a 64-bit float and is formatted as JavaScript formats it.

use serde_json::{Number, Value};

/// Rewrites every number in `value` as JavaScript would after reading and
/// writing it: `1.10` becomes `1.1`, `1e2` becomes `100`.
///
/// A number too large for a float becomes the largest float, which stands for
/// JavaScript's infinity, since JSON has none.
pub(crate) fn as_javascript(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let overflow = if number.to_string().starts_with('-') { f64::MIN } else { f64::MAX };
            *value = json(number.as_f64().filter(|float| float.is_finite()).unwrap_or(overflow));
        }
        Value::Array(items) => items.iter_mut().for_each(as_javascript),
        Value::Object(fields) => fields.values_mut().for_each(as_javascript),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Replaces the stand-in for infinity with null in an object's fields, as JavaScript writes infinity.
pub(crate) fn infinite_as_null(value: &mut Value) {
    let fields = value.as_object_mut().into_iter().flat_map(|fields| fields.values_mut());
    for field in fields.filter(|field| field.as_f64() == Some(f64::MAX)) {
        *field = Value::Null;
    }
}

/// A float as a JSON number, formatted as JavaScript formats it; null when it is not finite.
pub(crate) fn json(number: f64) -> Value {
    if !number.is_finite() {
        return Value::Null;
    }
    text(number).parse::<Number>().map_or(Value::Null, Value::Number)
}

/// The text that ECMAScript's `Number::toString` defines for a finite float: the
/// shortest digits that parse to the same float, with an exponent below 1e-6 and
/// from 1e21 on.
fn text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned(); // JSON.stringify drops the sign of -0
    }
    let scientific = format!("{:e}", number.abs());
    #[expect(clippy::expect_used, reason = "`{:e}` always writes an exponent")]
    let (mantissa, exponent) = scientific.split_once('e').expect("an exponent");
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    // The position of the decimal point, counted from before the first digit.
    #[expect(clippy::expect_used, reason = "a float's exponent has at most three digits")]
    let point = exponent.parse::<i32>().expect("a small number") + 1;
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", place_point(&digits, point))
}

fn place_point(digits: &str, point: i32) -> String {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    let split = |at: i32| digits.split_at(usize::try_from(at).unwrap_or(0));
    match point {
        1..=21 if count <= point => format!("{digits}{}", zeros(point - count)),
        1..=21 => {
            let (whole, fraction) = split(point);
            format!("{whole}.{fraction}")
        }
        -5..=0 => format!("0.{}{digits}", zeros(-point)),
        _ => {
            let (first, rest) = split(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let plus = if point > 0 { "+" } else { "" };
            format!("{first}{dot}{rest}e{plus}{}", point - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        for (sent, kept) in [
            ("100", "100"),
            ("1e2", "100"),
            ("1.10", "1.1"),
            ("12.34", "12.34"),
            ("12345678.90123", "12345678.90123"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("0.00000012", "1.2e-7"),
            ("1e21", "1e+21"),
            ("1.5e21", "1.5e+21"),
            ("123456789012345680000", "123456789012345680000"),
            ("9007199254740993", "9007199254740992"),
            ("0.1000000000000000055", "0.1"),
            ("-0.0", "0"),
            ("-2.50", "-2.5"),
            ("1e400", "1.7976931348623157e+308"),
            ("-1e400", "-1.7976931348623157e+308"),
        ] {
            let mut value: Value = serde_json::from_str(sent).unwrap();
            as_javascript(&mut value);
            assert_eq!(value.to_string(), kept, "sent as {sent}");
        }
    }

    #[test]
    fn infinity_is_written_as_null() {
        let mut value: Value = serde_json::from_str(r#"{"limit":1e400,"other":1e308}"#).unwrap();
        as_javascript(&mut value);
        infinite_as_null(&mut value);
        assert_eq!(value.to_string(), r#"{"limit":null,"other":1e+308}"#);
    }

    #[test]
    fn numbers_inside_lists_and_objects_are_rewritten_too() {
        let mut value: Value = serde_json::from_str(r#"{"a":[1.0,{"b":2.50}],"c":"1.0"}"#).unwrap();
        as_javascript(&mut value);
        assert_eq!(value.to_string(), r#"{"a":[1,{"b":2.5}],"c":"1.0"}"#);
    }
}
