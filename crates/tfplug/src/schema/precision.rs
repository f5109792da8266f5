//! Numbers that handlers get as floats, which hold fewer digits than Terraform's.

use crate::value::{Number, Value};

/// The float that handlers get a number as.
///
/// ```
/// use tfplug::schema::{Precision, number};
///
/// // What `float64()` is made of. The state keeps the digits of 0.1 although the handler gets a float.
/// let ratio = number().finite_f64().precision(Precision::F64);
/// assert_eq!(ratio.documentation(), "Allowed: a number within the range of a 64-bit float.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Precision {
    /// 24 binary digits.
    F32,
    /// 53 binary digits.
    F64,
}

impl Precision {
    /// Whether both are numbers that are the same float.
    pub(super) fn rounds_to_one(self, one: &Value, other: &Value) -> bool {
        let (Value::Number(one), Value::Number(other)) = (one, other) else { return false };
        match self {
            Self::F32 => one.to_f32().to_bits() == other.to_f32().to_bits(),
            Self::F64 => one.to_f64().to_bits() == other.to_f64().to_bits(),
        }
    }

    /// Whether both are the same float, and one is a fraction.
    ///
    /// A core compares whole numbers digit by digit, and so does this: a whole number that the float cannot hold is not the
    /// number that was planned.
    pub(super) fn is_one_fraction(self, one: &Value, other: &Value) -> bool {
        let is_whole = |value: &Value| matches!(value, Value::Number(number) if Number::is_whole(number));
        self.rounds_to_one(one, other) && !(is_whole(one) && is_whole(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_compared_as_floats_and_whole_numbers_digit_by_digit() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let third = format!("0.{}", "3".repeat(150));
        for (precision, one, other, equal, rounded) in [
            (Precision::F32, "0.1", "0.100000001490116", true, true),
            (Precision::F64, "0.1", "0.100000001490116", false, false),
            (Precision::F64, third.as_str(), "0.3333333333333333", true, true),
            (Precision::F32, "16777217", "16777216", false, true),
            (
                Precision::F32,
                "340282346638528859811704183484516925440",
                "340282346638528860000000000000000000000",
                false,
                true,
            ),
        ] {
            let (one, other) = (number(one), number(other));
            assert_eq!(precision.is_one_fraction(&one, &other), equal, "{one:?} {other:?}");
            assert_eq!(precision.rounds_to_one(&one, &other), rounded, "{one:?} {other:?}");
        }
    }
}
