//! Numbers from text.

use std::str::FromStr;

use bigdecimal::BigDecimal;

use super::{Form, MAX_EXPONENT, NotANumber, Number};

impl Number {
    /// A number of few digits without an exponent, as nearly all are. [`Self::exact`] takes many times as long; it is left what may
    /// also be a binary fraction, which in decimal always ends with a 5.
    fn short(text: &str) -> Option<Self> {
        const MOST_DIGITS: usize = 18;
        const LONGEST: usize = 40;
        if text.len() > LONGEST {
            return None;
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let fraction = fraction.trim_end_matches('0');
        if whole.is_empty() || whole.len() + fraction.len() > MOST_DIGITS || fraction.ends_with('5') {
            return None;
        }
        let mut digits = whole.bytes().chain(fraction.bytes());
        let size =
            digits.try_fold(0_i64, |size, byte| byte.is_ascii_digit().then(|| size * 10 + i64::from(byte - b'0')))?;
        let digits = if negative { -size } else { size };
        let scale = u8::try_from(fraction.len()).ok()?;
        Some(Self(Form::Short { digits, scale }))
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    /// Accepts what JSON and Terraform write: `-1`, `0.10`, `1e2`.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        // The digits that are allowed, a sign, a point and an exponent. Reading more of them takes time by the square.
        const LONGEST: usize = 2 * MAX_EXPONENT.unsigned_abs() as usize + 32;
        if let Some(short) = Self::short(text) {
            return Ok(short);
        }
        if text.len() > LONGEST || !is_decimal(text) {
            return Err(NotANumber);
        }
        let number = BigDecimal::from_str(text).map_err(|_| NotANumber)?;
        let digits = i64::try_from(number.digits()).map_err(|_| NotANumber)?;
        let scale = number.fractional_digit_count();
        if scale.unsigned_abs() > MAX_EXPONENT.unsigned_abs() || digits.saturating_sub(scale) > MAX_EXPONENT {
            return Err(NotANumber);
        }
        Ok(Self::exact(number))
    }
}

/// Whether a text is a sign, digits with a point, and an exponent, all but some digits left out or not. The parser of `bigdecimal`
/// also takes a sign after the point, and overflows at the smallest exponent.
fn is_decimal(text: &str) -> bool {
    const LONGEST_EXPONENT: usize = 18;
    let without_sign = |text| str::strip_prefix(text, ['+', '-']).unwrap_or(text);
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = without_sign(text);
    let (digits, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(without_sign(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fits = |exponent: &str| {
        let significant = exponent.trim_start_matches('0');
        !exponent.is_empty() && significant.len() <= LONGEST_EXPONENT && all_digits(exponent)
    };
    !(whole.is_empty() && fraction.is_empty()) && all_digits(whole) && all_digits(fraction) && exponent.is_none_or(fits)
}
