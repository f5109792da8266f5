//! Validation rules as data: each rule is both a check and the text that explains it.

use crate::path::Path;
use crate::value::{Number, Value};

/// A rule for a known value.
///
/// ```
/// use tfplug::schema::{Check, Schema, string};
///
/// const SLUG: Check = Check::Custom("lower-case letters and hyphens", |value| {
///     value.as_str().is_some_and(|text| text.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
/// });
///
/// let schema = Schema::new("").attribute("name", string().required().check(SLUG));
/// assert!(schema.problems().is_empty());
/// assert_eq!(SLUG.allowed(), "lower-case letters and hyphens");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Check {
    /// A string whose length is within these bounds, both included. The length is counted in UTF-16, as in most APIs and in
    /// JavaScript: characters beyond U+FFFF, such as emoji, count twice.
    Length(usize, usize),
    /// A string that is not empty or blank.
    NonEmpty,
    /// A string without the character NUL (U+0000), which databases and C libraries reject or treat as the end; in a
    /// collection, this applies to all strings and keys.
    WithoutNul,
    /// One of these strings.
    OneOf(Vec<&'static str>),
    /// A list, set or map with a number of elements within these bounds, both included.
    Items(usize, usize),
    /// A number of at least this.
    AtLeast(Number),
    /// A number from the first to the second, both included.
    Between(Number, Number),
    /// A number above this.
    Above(Number),
    /// A whole number that fits into 64 bits.
    Whole,
    /// A number within the range of a 64-bit float.
    FiniteF64,
    /// A number within the range of a 32-bit float: the nearest one is neither infinite nor, unless the number is, zero.
    FiniteF32,
    /// A string in a format that has a name.
    Format(&'static Format),
    /// Anything that the function accepts; the text completes "Allowed: …".
    Custom(&'static str, fn(&Value) -> bool),
}

/// A format of strings, as the types of [`text`](crate::text) have.
///
/// ```
/// use tfplug::schema::{Check, Format};
/// use tfplug::Value;
///
/// const SEMVER: Format = Format::new("Invalid Version", "a version such as `1.2.3`", |text| {
///     let parts: Vec<_> = text.split('.').collect();
///     parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
/// });
///
/// let check = Check::Format(&SEMVER);
/// assert!(check.accepts(&Value::from("1.2.3")) && !check.accepts(&Value::from("1.2")));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Format {
    /// The summary of the error for a string in another format.
    pub summary: &'static str,
    /// What is allowed, to complete "Allowed: …".
    pub allowed: &'static str,
    /// Whether a string is in the format.
    pub accepts: fn(&str) -> bool,
    /// Why a string is not in the format, if that is more than what is allowed.
    pub reason: fn(&str) -> Option<String>,
}

impl Format {
    /// A format with the summary of its error, what is allowed, and the test.
    #[must_use]
    pub const fn new(summary: &'static str, allowed: &'static str, accepts: fn(&str) -> bool) -> Self {
        Self { summary, allowed, accepts, reason: |_| None }
    }

    /// The same format, whose error says why a string is not in it: `the month is above 12`. It is shown where the string is shown,
    /// so not for what is sensitive.
    #[must_use]
    pub const fn with_reason(self, reason: fn(&str) -> Option<String>) -> Self {
        Self { reason, ..self }
    }
}

impl Check {
    /// The summary of the error for a value that does not satisfy the rule, if it has one of its own.
    pub(super) fn summary(&self) -> Option<&'static str> {
        match self {
            Self::Format(format) => Some(format.summary),
            _ => None,
        }
    }

    /// Why a value that may be shown does not satisfy the rule, if there is more to say than what is allowed.
    pub(super) fn reason(&self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Format(format), Value::String(text)) => (format.reason)(text),
            _ => None,
        }
    }

    /// Whether a known, non-null value satisfies the rule.
    ///
    /// ```
    /// use tfplug::Value;
    /// use tfplug::schema::Check;
    ///
    /// let check = Check::Length(1, 3);
    /// assert!(check.accepts(&Value::from("abc")) && !check.accepts(&Value::from("abcd")));
    /// assert_eq!(check.allowed(), "1 to 3 characters");
    /// ```
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Length(least, most), Value::String(text)) => (*least..=*most).contains(&text.encode_utf16().count()),
            (Self::NonEmpty, Value::String(text)) => !text.trim().is_empty(),
            (Self::WithoutNul, value) => find_nul(value, &Path::root()).is_none(),
            (Self::OneOf(words), Value::String(text)) => words.contains(&text.as_str()),
            (Self::Items(least, most), Value::List(all) | Value::Set(all)) => (*least..=*most).contains(&all.len()),
            (Self::Items(least, most), Value::Map(all)) => (*least..=*most).contains(&all.len()),
            (Self::AtLeast(least), Value::Number(number)) => number >= least,
            (Self::Between(least, most), Value::Number(number)) => (least..=most).contains(&number),
            (Self::Above(bound), Value::Number(number)) => number > bound,
            (Self::Whole, Value::Number(number)) => number.to_i64().is_some(),
            (Self::FiniteF64, Value::Number(number)) => number.to_f64().is_finite(),
            (Self::FiniteF32, Value::Number(number)) => is_near(number.to_f32(), number),
            (Self::Format(format), Value::String(text)) => (format.accepts)(text),
            (Self::Custom(_, accepts), value) => accepts(value),
            _ => false,
        }
    }

    /// What is allowed, to complete "Allowed: …" in messages and documentation.
    #[must_use]
    pub fn allowed(&self) -> String {
        match self {
            Self::Length(0, most) => format!("at most {most} characters"),
            Self::Length(least, most) => format!("{least} to {most} characters"),
            Self::NonEmpty => "text that is not blank".to_owned(),
            Self::WithoutNul => "text without the character NUL (U+0000)".to_owned(),
            Self::OneOf(words) => {
                let quoted: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
                format!("one of {}", quoted.join(", "))
            }
            Self::Items(0, most) => format!("at most {most} {}", elements(*most)),
            Self::Items(least, usize::MAX) => format!("at least {least} {}", elements(*least)),
            Self::Items(least, most) if least == most => format!("exactly {least} {}", elements(*least)),
            Self::Items(least, most) => format!("{least} to {most} elements"),
            Self::AtLeast(least) => format!("at least {least}"),
            Self::Between(least, most) => format!("{least} to {most}"),
            Self::Above(bound) => format!("more than {bound}"),
            Self::Whole => "a whole number".to_owned(),
            Self::FiniteF64 => "a number within the range of a 64-bit float".to_owned(),
            Self::FiniteF32 => "a number within the range of a 32-bit float".to_owned(),
            Self::Format(format) => format.allowed.to_owned(),
            Self::Custom(allowed, _) => (*allowed).to_owned(),
        }
    }
}

fn elements(count: usize) -> &'static str {
    if count == 1 { "element" } else { "elements" }
}

/// Whether the nearest float is about the number: neither infinite, nor zero for a number that is not.
fn is_near(nearest: f32, number: &Number) -> bool {
    nearest.is_finite() && (nearest != 0.0 || *number == Number::from(0))
}

/// The first string or key that contains a NUL, and its path.
pub(super) fn find_nul(value: &Value, path: &Path) -> Option<(Path, Value)> {
    let has_nul = |text: &str| text.contains('\0');
    match value {
        Value::String(text) => has_nul(text).then(|| (path.clone(), value.clone())),
        Value::Map(all) => all.iter().find_map(|(key, value)| match has_nul(key) {
            true => Some((path.clone(), Value::from(key.as_ref()))),
            false => find_nul(value, &path.key(key)),
        }),
        Value::List(all) | Value::Tuple(all) => {
            all.iter().enumerate().find_map(|(index, value)| find_nul(value, &path.index(index)))
        }
        Value::Set(all) => all.iter().find_map(|value| find_nul(value, path)),
        Value::Object(all) => all.iter().find_map(|(name, value)| find_nul(value, &path.attribute(name))),
        Value::Dynamic(pair) => find_nul(&pair.1, path),
        Value::Null | Value::Unknown | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_accepts_its_bounds_and_rejects_what_is_beyond() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let table: Vec<(Check, Vec<Value>, Vec<Value>)> = vec![
            (Check::Length(1, 3), vec!["a".into(), "äöü".into()], vec!["".into(), "abcd".into(), 1.into()]),
            (Check::Length(1, 3), vec!["\u{1f511}a".into()], vec!["\u{1f511}\u{1f511}".into()]),
            (Check::WithoutNul, vec!["a".into()], vec!["a\0".into(), Value::List(vec!["\0".into()])]),
            (
                Check::FiniteF64,
                vec![number("1.7976931348623157e308"), number("1e-400")],
                vec![number("1e309"), number("-1e400")],
            ),
            (
                Check::FiniteF32,
                vec![number("3.4028235e38"), number("1e-45"), number("0")],
                vec![number("3.5e38"), number("-1e39"), number("1e-46"), number("-1e-46")],
            ),
            (Check::NonEmpty, vec!["a".into()], vec!["".into(), " ".into()]),
            (Check::OneOf(vec!["a", "b"]), vec!["a".into()], vec!["c".into(), "A".into()]),
            (
                Check::Items(1, 2),
                vec![Value::List(vec![1.into()])],
                vec![Value::set(vec![]), Value::Map(Default::default()), 1.into()],
            ),
            (Check::AtLeast(1.into()), vec![1.into()], vec![number("0.999"), "1".into()]),
            (Check::Between(0.into(), 23.into()), vec![0.into(), 23.into()], vec![24.into(), (-1).into()]),
            (Check::Above(0.into()), vec![number("0.000001")], vec![0.into()]),
            (Check::Whole, vec![5.into()], vec![number("5.5"), number("1e30")]),
        ];
        for (check, good, bad) in table {
            good.iter().for_each(|value| assert!(check.accepts(value), "{value:?} is {}", check.allowed()));
            bad.iter().for_each(|value| assert!(!check.accepts(value), "{value:?} is not {}", check.allowed()));
        }
    }
}
