//! Rust's own numbers as attributes. Terraform's are exact decimals, so each has a rule that says which of them fit.

use super::field::mismatch;
use super::{Field, View};
use crate::path::Path;
use crate::schema::{Attribute, Check, int, number};
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
        number().finite_f64()
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
    }

    #[test]
    fn err_numbers_that_the_type_cannot_hold() {
        let root = Path::root();
        assert!(u8::from_value(256.into(), &root).is_err());
        assert!(i64::from_value(Value::Number("1.5".parse().unwrap()), &root).is_err());
        assert_eq!(u8::from_value(255.into(), &root).ok(), Some(255));
    }
}
