//! The mechanism of all types of text: a format that says what its texts mean, and the text in that format.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::rule_targets;
use crate::model::{Attr, Field, View};
use crate::path::Path;
use crate::schema::{Attribute, Check, Format, string};
use crate::value::{Malformed, Type, Value};

/// A type of texts: which texts belong to it, and which of them mean the same.
///
/// The type that implements it is only a name, such as an enum without variants. The attribute's type is [`Text`] of it:
///
/// ```
/// use tfplug::Model;
/// use tfplug::text::{Text, TextType};
///
/// /// The name of a host: upper and lower case mean the same.
/// enum HostType {}
///
/// impl TextType for HostType {
///     type Parsed = Vec<String>;
///     const SUMMARY: &'static str = "Invalid Host Name";
///     const ALLOWED: &'static str = "labels of letters, digits and hyphens with dots between them, such as `www.example.com`";
///
///     fn parse(text: &str) -> Option<Vec<String>> {
///         let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
///         let labels = text.split('.').map(|label| (!label.is_empty() && label.chars().all(is_plain)).then_some(label));
///         labels.map(|label| Some(label?.to_ascii_lowercase())).collect()
///     }
/// }
///
/// type Host = Text<HostType>;
///
/// /// A record of a name server.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Record {
///     /// Whose record it is.
///     #[tf(required, identity, any_spelling, requires_replace)]
///     name: Host,
///     /// Where it leads.
///     #[tf(required, items(1..))]
///     targets: Vec<Host>,
/// }
///
/// let host = Host::new("WWW.example.com").unwrap();
/// assert_eq!((host.as_str(), host.parsed().len()), ("WWW.example.com", 3));
/// assert!(host.means_the_same(&"www.Example.com".parse().unwrap()));
/// assert_eq!(Host::new("a..b").unwrap_err().summary(), "Invalid Host Name");
/// assert!(Record::schema().problems().is_empty());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of texts",
    label = "does not implement `TextType`",
    note = "implement tfplug::text::TextType for it: which texts belong to it, and what each of them means"
)]
pub trait TextType: Sized + 'static {
    /// What a text means, as handlers want it: texts with equal meanings mean the same.
    type Parsed: Clone + PartialEq + Send + Sync + 'static;
    /// The summary of the error for a text of another format.
    const SUMMARY: &'static str;
    /// What is allowed, to complete "Allowed: …" in that error and in the documentation of attributes.
    const ALLOWED: &'static str;
    /// Whether plans, too, take a text that means the same for no change, as `any_spelling` at a field says it.
    const ANY_SPELLING: bool = false;

    /// What the text means; `None` if it is of another format. It depends on nothing but the text.
    fn parse(text: &str) -> Option<Self::Parsed>;

    /// Why the text is of another format, if that is more than the format itself says: `the month is above 12`. It is shown where
    /// the text is shown, so not for what is sensitive.
    fn reason(text: &str) -> Option<String> {
        let _ = text;
        None
    }
}

/// A text of this type, which has been parsed, and keeps its spelling.
///
/// `==` compares the spelling, and [`Text::means_the_same`] the meaning. `Debug` does not show the text, which may be a secret.
///
/// ```
/// use tfplug::Diagnostics;
/// use tfplug::text::Ipv6;
///
/// // In a handler, `?` turns a text of another format into an error for the user.
/// fn gateway(answer: &str) -> Result<Ipv6, Diagnostics> {
///     Ok(Ipv6::new(answer)?)
/// }
/// assert_eq!(gateway("2001:DB8::1").unwrap().as_str(), "2001:DB8::1");
/// assert_eq!(gateway("gone").unwrap_err().iter().next().unwrap().summary(), "Invalid IPv6 Address String Value");
/// ```
pub struct Text<T: TextType> {
    text: String,
    parsed: T::Parsed,
}

impl<T: TextType> Text<T> {
    const FORMAT: &'static Format =
        &Format::new(T::SUMMARY, T::ALLOWED, |text| T::parse(text).is_some()).with_reason(T::reason);

    /// Parses the text, and keeps its spelling.
    ///
    /// # Errors
    ///
    /// [`WrongFormat`] if it is of another format.
    pub fn new(text: impl Into<String>) -> Result<Self, WrongFormat> {
        let text = text.into();
        T::parse(&text).map(|parsed| Self { text, parsed }).ok_or(WrongFormat(Self::FORMAT))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it means.
    #[must_use]
    pub fn parsed(&self) -> &T::Parsed {
        &self.parsed
    }

    /// Whether both mean the same, in whatever spelling.
    #[must_use]
    pub fn means_the_same(&self, other: &Self) -> bool {
        self.parsed == other.parsed
    }

    fn values_mean_the_same(one: &Value, other: &Value) -> bool {
        let parsed = |value: &Value| value.as_str().and_then(T::parse);
        matches!((parsed(one), parsed(other)), (Some(one), Some(other)) if one == other)
    }
}

impl<T: TextType> Field for Text<T> {
    type Open = Self;

    fn value_type() -> Type {
        Type::String
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        let parsed = match value {
            Value::String(text) => Self::new(text).ok(),
            _ => None,
        };
        parsed.ok_or_else(|| Malformed::at(path, &format!("not {}", T::ALLOWED)))
    }

    fn into_value(self) -> Value {
        Value::string(self.text)
    }

    fn attribute(_: View) -> Attribute {
        let attribute = string().check(Check::Format(Self::FORMAT)).result_equals(Self::values_mean_the_same);
        if T::ANY_SPELLING { attribute.any_spelling() } else { attribute }
    }
}

impl<T: TextType> rule_targets::Text for Text<T> {}
impl<T: TextType> rule_targets::Text for Option<Text<T>> {}
impl<T: TextType> rule_targets::Text for Attr<Text<T>> {}
impl<T: TextType> rule_targets::Texts for Text<T> {}
impl<T: TextType> rule_targets::Texts for Option<Text<T>> {}
impl<T: TextType> rule_targets::Texts for Attr<Text<T>> {}

impl<T: TextType> FromStr for Text<T> {
    type Err = WrongFormat;

    fn from_str(text: &str) -> Result<Self, WrongFormat> {
        Self::new(text)
    }
}

impl<T: TextType> From<Text<T>> for String {
    fn from(text: Text<T>) -> Self {
        text.text
    }
}

impl<T: TextType> AsRef<str> for Text<T> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl<T: TextType> fmt::Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T: TextType> fmt::Debug for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

// A derive would demand all of these of the type of texts, which is only a name.

impl<T: TextType> Clone for Text<T> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), parsed: self.parsed.clone() }
    }
}

impl<T: TextType> PartialEq for Text<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T: TextType> Eq for Text<T> {}

impl<T: TextType> PartialOrd for Text<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: TextType> Ord for Text<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T: TextType> Hash for Text<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// A string that is not in the format of its type.
///
/// It does not contain the string, which may be a secret. In a handler, `?` turns it into an error for the user.
///
/// ```
/// use tfplug::text::Json;
///
/// let wrong = Json::new("{").unwrap_err();
/// assert_eq!(wrong.summary(), "Invalid JSON String Value");
/// assert!(wrong.to_string().contains("JSON text"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct WrongFormat(&'static Format);

impl WrongFormat {
    /// The summary of the error that a configuration gets.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.0.summary
    }
}

impl fmt::Display for WrongFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: allowed is {}", self.0.summary, self.0.allowed)
    }
}

impl std::error::Error for WrongFormat {}

impl From<WrongFormat> for Diagnostic {
    fn from(WrongFormat(format): WrongFormat) -> Self {
        Self::error(format.summary, format!("Allowed: {}.", format.allowed))
    }
}

impl From<WrongFormat> for Diagnostics {
    fn from(error: WrongFormat) -> Self {
        Diagnostic::from(error).into()
    }
}
