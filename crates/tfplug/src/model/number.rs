//! Rust's own numbers as attributes. Terraform's are exact decimals, so each has a rule that says which of them fit.

use super::field::mismatch;
use super::{Field, View};
use crate::path::Path;
use crate::schema::{Attribute, Check, float32, float64, int};
use crate::value::{Malformed, Number, Type, Value};

macro_rules! integers {
    ($($kind:ident: $rule:expr),* $(,)?) => {
        $(impl Field for $kind {
            type Open = Self;

            fn value_type() -> Type {
                Type::Number
            }

            fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
                integer(value, path)
            }

            fn into_value(self) -> Value {
                Value::from(i64::from(self))
            }

            fn attribute(_: View) -> Attribute {
                let rule: Option<Check> = $rule;
                rule.into_iter().fold(int(), Attribute::check)
            }
        })*
    };
}

integers!(
    i64: None,
    i32: Some(bounds(i32::MIN.into(), i32::MAX.into())),
    i16: Some(bounds(i16::MIN.into(), i16::MAX.into())),
    u32: Some(bounds(0, u32::MAX.into())),
    u16: Some(bounds(0, u16::MAX.into())),
    u8: Some(bounds(0, u8::MAX.into())),
);

fn bounds(least: i64, most: i64) -> Check {
    Check::Between(least.into(), most.into())
}

fn integer<T: Field + TryFrom<i64>>(value: Value, path: &Path) -> Result<T, Malformed> {
    let whole = match &value {
        Value::Number(number) => number.to_i64(),
        _ => None,
    };
    whole.and_then(|whole| T::try_from(whole).ok()).ok_or_else(|| mismatch::<T>(&value, path))
}

/// The nearest float of a number, and the shortest number that is read as this float. NaN and the infinities, which
/// Terraform does not have, become null.
impl Field for f64 {
    type Open = Self;

    fn value_type() -> Type {
        Type::Number
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match &value {
            Value::Number(number) if number.to_f64().is_finite() => Ok(number.to_f64()),
            other => Err(mismatch::<Self>(other, path)),
        }
    }

    fn into_value(self) -> Value {
        self.to_string().parse::<Number>().map_or(Value::Null, Value::Number)
    }

    fn attribute(_: View) -> Attribute {
        float64()
    }
}

/// The nearest float of a number, and the shortest number that is read as this float; of a whole one all digits that a 64-bit
/// float has. NaN and the infinities become null.
impl Field for f32 {
    type Open = Self;

    fn value_type() -> Type {
        Type::Number
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match &value {
            Value::Number(number) if number.to_f32().is_finite() => Ok(number.to_f32()),
            other => Err(mismatch::<Self>(other, path)),
        }
    }

    fn into_value(self) -> Value {
        if self.fract() == 0.0 {
            return f64::from(self).into_value();
        }
        self.to_string().parse::<Number>().map_or(Value::Null, Value::Number)
    }

    fn attribute(_: View) -> Attribute {
        float32()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_is_written_with_the_digits_that_a_configuration_would_have() {
        for (float, text) in [(0.1, "0.1"), (12.34, "12.34"), (1e21, "1000000000000000000000"), (-0.0, "0")] {
            assert_eq!(float.into_value(), Value::Number(text.parse().unwrap()));
        }
        assert_eq!(f64::NAN.into_value(), Value::Null);
        for (float, text) in [(0.1, "0.1"), (f32::MAX, "340282346638528860000000000000000000000"), (-2.0, "-2")] {
            assert_eq!(float.into_value(), Value::Number(text.parse().unwrap()));
        }
        assert_eq!(f32::INFINITY.into_value(), Value::Null);
    }

    #[test]
    fn a_number_becomes_the_nearest_float() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let root = Path::root();
        assert_eq!(f32::from_value(number("0.1"), &root).ok(), Some(0.1));
        assert_eq!(f32::from_value(Value::Number(Number::from_f64(0.1).unwrap()), &root).ok(), Some(0.1));
        assert!(f32::from_value(number("1e39"), &root).is_err() && f64::from_value(number("1e39"), &root).is_ok());
    }

    #[test]
    fn err_numbers_that_the_type_cannot_hold() {
        let root = Path::root();
        assert!(u8::from_value(256.into(), &root).is_err());
        assert!(i64::from_value(Value::Number("1.5".parse().unwrap()), &root).is_err());
        assert_eq!(u8::from_value(255.into(), &root).ok(), Some(255));
    }
}
