//! Terraform's number: a decimal, exact from the configuration to the state and back.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr as _;

use bigdecimal::{BigDecimal, ToPrimitive};

mod parse;

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
pub struct Number(Form);

#[derive(Clone)]
enum Form {
    /// `digits` divided by ten to the power of `scale`; the last one is not zero, unless the number is whole.
    Short {
        digits: i64,
        scale: u8,
    },
    Long(Box<Long>),
}

#[derive(Clone)]
struct Long {
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
        match &self.0 {
            Form::Short { digits, scale } => (*scale == 0).then_some(*digits),
            Form::Long(long) => {
                if long.decimal.is_integer() {
                    long.decimal.to_i64()
                } else {
                    None
                }
            }
        }
    }

    /// Whether it has no fractional part.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Form::Short { scale, .. } => *scale == 0,
            Form::Long(long) => long.decimal.is_integer(),
        }
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
        self.as_fraction().unwrap_or_else(|| self.to_string().parse().expect("a decimal"))
    }

    /// The nearest 32-bit float; infinite for a number beyond their range.
    #[must_use]
    pub fn to_f32(&self) -> f32 {
        #[expect(clippy::expect_used, reason = "the standard library reads every decimal in plain notation")]
        #[expect(clippy::cast_possible_truncation, reason = "to the nearest float is what is wanted")]
        self.as_fraction().map_or_else(|| self.to_string().parse().expect("a decimal"), |float| float as f32)
    }

    /// The number for a message: a long one with an exponent.
    pub(crate) fn shown(&self) -> String {
        const LONG: usize = 40;
        let plain = self.to_string();
        if plain.len() > LONG { self.decimal().normalized().to_scientific_notation() } else { plain }
    }

    /// The number that is exactly this float, if it is not whole and there is such a float.
    pub(crate) fn as_fraction(&self) -> Option<f64> {
        match &self.0 {
            Form::Short { .. } => None,
            Form::Long(long) => long.float,
        }
    }

    /// The exact value, or the shortest decimal that identifies the float that it is.
    fn decimal(&self) -> Cow<'_, BigDecimal> {
        match &self.0 {
            Form::Short { digits, scale } => Cow::Owned(BigDecimal::new((*digits).into(), i64::from(*scale))),
            Form::Long(long) => Cow::Borrowed(&long.decimal),
        }
    }

    fn long(decimal: BigDecimal, float: Option<f64>) -> Self {
        Self(Form::Long(Box::new(Long { decimal, float })))
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
        if float.is_finite()
            && float.fract() != 0.0
            && let Some(decimal) = shortest(float)
        {
            return Ok(Self::long(decimal, Some(float)));
        }
        BigDecimal::try_from(float).map(Self::exact).map_err(|_| NotANumber)
    }

    /// The number with exactly this value.
    fn exact(value: BigDecimal) -> Self {
        if value.is_integer() {
            return Self::long(value, None);
        }
        let exact = Self::long(value, None);
        let float = exact.to_f64();
        match (BigDecimal::try_from(float), shortest(float)) {
            (Ok(fraction), Some(decimal)) if fraction == *exact.decimal() => Self::long(decimal, Some(float)),
            _ => exact,
        }
    }
}

/// The shortest decimal that identifies the float, as the core writes it.
fn shortest(float: f64) -> Option<BigDecimal> {
    BigDecimal::from_str(&float.to_string()).ok()
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Short { digits, scale }, Form::Short { digits: others, scale: other }) => {
                (digits, scale) == (others, other)
            }
            _ => self.decimal() == other.decimal(),
        }
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
        match (&self.0, &other.0) {
            (Form::Short { digits, scale }, Form::Short { digits: others, scale: other }) => {
                let scaled = |digits: i64, scale: u8| i128::from(digits) * 10_i128.pow(scale.into());
                scaled(*digits, *other).cmp(&scaled(*others, *scale))
            }
            _ => self.decimal().cmp(&other.decimal()),
        }
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.decimal().hash(state);
    }
}

impl From<i64> for Number {
    fn from(digits: i64) -> Self {
        Self(Form::Short { digits, scale: 0 })
    }
}

impl From<u64> for Number {
    fn from(whole: u64) -> Self {
        i64::try_from(whole).map_or_else(|_| Self::long(BigDecimal::from(whole), None), Self::from)
    }
}

impl From<i32> for Number {
    fn from(whole: i32) -> Self {
        Self::from(i64::from(whole))
    }
}

/// Plain notation, without exponent or insignificant zeros, as the core writes it.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Short { digits, scale: 0 } => write!(f, "{digits}"),
            Form::Short { digits, scale } => {
                let (size, places) = (digits.unsigned_abs(), usize::from(*scale));
                let unit = 10_u64.pow(u32::from(*scale));
                let sign = if *digits < 0 { "-" } else { "" };
                write!(f, "{sign}{}.{:0places$}", size / unit, size % unit)
            }
            Form::Long(long) => f.write_str(&long.decimal.normalized().to_plain_string()),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests;
