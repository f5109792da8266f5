//! Terraform's number: a decimal, exact from the configuration to the state and back.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use bigdecimal::{BigDecimal, ToPrimitive};

/// The largest power of ten, either way, that a number may be written with.
///
/// Terraform computes with 512 binary digits, about 154 decimal ones, and writes numbers out in full. Without a bound,
/// a number such as `1e999999999` would be written with a billion zeros.
const MAX_EXPONENT: i64 = 4096;

/// A number, kept as exactly as the core sends it.
///
/// Numbers are equal when the core calls them equal: by the shortest decimal text that identifies each. So a decimal is
/// equal to any other spelling of it (`1`, `1.0` and `1e0`), and also to the binary fraction that is written like it: what
/// `pow(1.1, 2)` computes, and the 1.2100000000000002 that the core then stores in the state.
///
/// ```
/// use tfplug::Number;
///
/// let limit: Number = "12.50".parse()?;
/// assert_eq!(limit, "12.5".parse::<Number>()?);
/// assert_eq!((limit.to_f64(), limit.to_i64()), (12.5, None));
/// assert_eq!(Number::from(12).to_i64(), Some(12));
/// # Ok::<(), tfplug::value::NotANumber>(())
/// ```
#[derive(Clone)]
pub struct Number {
    /// The exact value, or the shortest decimal that identifies `float`.
    decimal: BigDecimal,
    /// The exact value of a number that is not whole and is a 64-bit float: it must go back to the core as that float.
    float: Option<f64>,
}

/// A string that is not a number, or one beyond the range of [`Number`].
///
/// ```
/// use tfplug::Number;
///
/// for text in ["", "ten", "1e5000", "NaN"] {
///     assert!(text.parse::<Number>().is_err(), "{text}");
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number of at most 4096 digits before and after the point")]
pub struct NotANumber;

impl Number {
    /// The number as a 64-bit integer, if it is whole and small enough.
    ///
    /// ```
    /// use tfplug::Number;
    ///
    /// let number = |text: &str| text.parse::<Number>();
    /// assert_eq!(number("12.0")?.to_i64(), Some(12));
    /// assert_eq!((number("12.5")?.to_i64(), number("1e30")?.to_i64()), (None, None));
    /// assert!(number("1e30")?.is_whole());
    /// # Ok::<(), tfplug::value::NotANumber>(())
    /// ```
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        if self.is_whole() { self.decimal.to_i64() } else { None }
    }

    /// Whether it has no fractional part.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.decimal.is_integer()
    }

    /// The nearest 64-bit float, as an API that computes in floats reads the number. Infinite for a number beyond their
    /// range.
    ///
    /// ```
    /// use tfplug::Number;
    ///
    /// let number = |text: &str| text.parse::<Number>();
    /// assert_eq!((number("0.1")?.to_f64(), number("0.1")?.to_f32()), (0.1, 0.1));
    /// assert!(number("1e400")?.to_f64().is_infinite());
    /// # Ok::<(), tfplug::value::NotANumber>(())
    /// ```
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        // The decimal type's own conversion may be off by one unit; the standard library's parser is exact.
        #[expect(clippy::expect_used, reason = "the standard library reads every decimal in plain notation")]
        self.float.unwrap_or_else(|| self.to_string().parse().expect("a decimal"))
    }

    /// The nearest 32-bit float; infinite for a number beyond their range.
    #[must_use]
    pub fn to_f32(&self) -> f32 {
        #[expect(clippy::expect_used, reason = "the standard library reads every decimal in plain notation")]
        #[expect(clippy::cast_possible_truncation, reason = "to the nearest float is what is wanted")]
        self.float.map_or_else(|| self.to_string().parse().expect("a decimal"), |float| float as f32)
    }

    /// The number for a message: a long one with an exponent.
    pub(crate) fn shown(&self) -> String {
        const LONG: usize = 40;
        let plain = self.to_string();
        if plain.len() > LONG { self.decimal.normalized().to_scientific_notation() } else { plain }
    }

    /// The number that is exactly this float, if it is not whole and there is such a float.
    pub(crate) fn as_fraction(&self) -> Option<f64> {
        self.float
    }

    /// The exact value of a finite float.
    ///
    /// ```
    /// use tfplug::Number;
    ///
    /// assert_eq!(Number::from_f64(0.1)?, "0.1".parse()?);
    /// assert!(Number::from_f64(f64::INFINITY).is_err());
    /// # Ok::<(), tfplug::value::NotANumber>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotANumber`] for infinities and NaN, which Terraform's values cannot hold.
    pub fn from_f64(float: f64) -> Result<Self, NotANumber> {
        BigDecimal::try_from(float).map(Self::exact).map_err(|_| NotANumber)
    }

    /// The number with exactly this value.
    fn exact(value: BigDecimal) -> Self {
        let whole = Self { decimal: value, float: None };
        if whole.is_whole() {
            return whole;
        }
        let float = whole.to_f64();
        match (BigDecimal::try_from(float), shortest(float)) {
            (Ok(exact), Some(decimal)) if exact == whole.decimal => Self { decimal, float: Some(float) },
            _ => whole,
        }
    }
}

/// The shortest decimal that identifies the float, as the core writes it.
fn shortest(float: f64) -> Option<BigDecimal> {
    BigDecimal::from_str(&float.to_string()).ok()
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.decimal == other.decimal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.decimal.cmp(&other.decimal)
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.decimal.hash(state);
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self::exact(BigDecimal::from(whole))
    }
}

impl From<u64> for Number {
    fn from(whole: u64) -> Self {
        Self::exact(BigDecimal::from(whole))
    }
}

impl From<i32> for Number {
    fn from(whole: i32) -> Self {
        Self::exact(BigDecimal::from(whole))
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    /// Accepts what JSON and Terraform write: `-1`, `0.10`, `1e2`.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        // The digits that are allowed, a sign, a point and an exponent. Reading more of them takes time by the square.
        const LONGEST: usize = 2 * MAX_EXPONENT.unsigned_abs() as usize + 32;
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

/// Plain notation, without exponent or insignificant zeros, as the core writes it.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.decimal.normalized().to_plain_string())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap_or_else(|_| panic!("{text:?} should be a number"))
    }

    #[test]
    fn ok_spellings_of_one_number_are_equal_and_print_alike() {
        for (text, printed) in [
            ("1e2", "100"),
            ("1e00000000000000000002", "100"),
            ("1.10", "1.1"),
            ("12.34", "12.34"),
            ("0.000001", "0.000001"),
            ("1e-6", "0.000001"),
            ("12345678.90123", "12345678.90123"),
            ("-0.0", "0"),
            ("9007199254740993", "9007199254740993"),
            ("3.14159265358979323846", "3.14159265358979323846"),
        ] {
            assert_eq!(number(text).to_string(), printed, "of {text}");
            assert_eq!(number(text), number(printed), "of {text}");
        }
    }

    #[test]
    fn err_texts_that_are_no_numbers() {
        for text in [
            "",
            ".-0",
            ".",
            "e5",
            "1e",
            "1e+-5",
            "e-9223372036854775808",
            "abc",
            "1_000",
            "NaN",
            "inf",
            "0x10",
            "1e999999999",
            "1e-5000",
            "1 ",
            "1e9223372036854775808",
            "1e-9223372036854775808",
            "0.1e-9223372036854775807",
            "12e99999999999999999999",
            &"1".repeat(100_000),
        ] {
            assert_eq!(text.parse::<Number>(), Err(NotANumber), "{text:?}");
        }
    }

    #[test]
    fn a_third_keeps_every_digit_that_the_core_sends() {
        let third = format!("0.{}", "3".repeat(154));
        assert_eq!(number(&third).to_string(), third);
    }

    #[test]
    fn a_float_is_equal_to_the_decimal_that_the_core_writes_for_it() {
        let computed = Number::from_f64(1.1_f64 * 1.1).unwrap();
        assert_eq!((computed.to_string().as_str(), &computed), ("1.2100000000000002", &number("1.2100000000000002")));
        assert_eq!((computed.as_fraction(), number("1.2100000000000002").as_fraction()), (Some(1.1 * 1.1), None));
        assert_ne!(computed, number("1.21"));
        let exact = number("1.2100000000000001865174681370262987911701202392578125");
        assert_eq!(exact.as_fraction(), computed.as_fraction());
        assert_eq!(exact.cmp(&computed), Ordering::Equal);
    }

    /// The standard library writes out every digit of a float.
    #[test]
    fn every_float_is_held_exactly() {
        let mut random = fastrand::Rng::with_seed(7);
        let edges = [f64::MAX, f64::MIN_POSITIVE, f64::from_bits(1), -f64::EPSILON, 2_f64.powi(70), 0.1, -0.0];
        let floats = edges.into_iter().chain(std::iter::repeat_with(|| f64::from_bits(random.u64(..))).take(500));
        for float in floats.filter(|float| float.is_finite()) {
            let held = Number::from_f64(float).unwrap();
            assert_eq!(held.to_f64(), float, "{float:e}");
            assert_eq!(held, number(&format!("{float:.1074}")), "{float:e}");
            assert_eq!(held.is_whole(), float.fract() == 0.0, "{float:e}");
        }
    }

    #[test]
    fn whole_numbers_and_floats_convert_exactly_or_not_at_all() {
        assert_eq!(number("5.0").to_i64(), Some(5));
        assert_eq!(number("5.5").to_i64(), None);
        assert_eq!(number("9223372036854775808").to_i64(), None);
        assert_eq!(number("0.1").to_f64(), 0.1);
        assert_eq!(Number::from_f64(0.5), Ok(number("0.5")));
        assert_eq!(Number::from_f64(f64::NAN), Err(NotANumber));
        assert_eq!(Number::from_f64(f64::INFINITY), Err(NotANumber));
    }
}
