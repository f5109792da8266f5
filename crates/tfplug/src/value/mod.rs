//! Terraform's values: typed, and possibly null or unknown, at every depth.

use std::fmt;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

mod dynamic;
pub(crate) mod in_order;
mod json;
mod msgpack;
mod name_map;
mod number;
mod stored_json;
mod types;

pub(crate) use in_order::{InOrder, InOrderMut};
pub use json::from_state_json;
pub(crate) use json::left_out;
pub use msgpack::{decode, encode};
pub use name_map::{Iter, IterMut, Name, NameMap};
pub(crate) use name_map::{compared, named};
pub use number::{NotANumber, Number};
pub(crate) use stored_json::from_plain_state;
pub use types::{NotAType, Type};

use crate::path::{Path, Step};

/// How deep values and types may be nested. No configuration comes near it; without a bound, a deeply nested input would
/// overflow the stack and so end the process.
pub(crate) const MAX_DEPTH: usize = 128;

/// The attributes of an object, or the elements of a map.
///
/// ```
/// use tfplug::Value;
/// use tfplug::value::Members;
///
/// let mut members = Members::new();
/// members.insert("name", "a".into());
/// assert_eq!(Value::Object(members).get("name").as_str(), Some("a"));
/// ```
pub type Members = NameMap<Value>;

/// A value of some [`Type`].
///
/// `Debug` shows its shape but no text, since any text may be a secret.
///
/// ```
/// use tfplug::Value;
///
/// let server = Value::object([("name", Value::from("a")), ("ports", Value::List(vec![80.into(), Value::Unknown]))]);
/// assert_eq!(server.get("name").as_str(), Some("a"));
/// assert_eq!(server.get("ports").at(0), &Value::from(80));
/// let open: Vec<_> = server.unknowns().iter().map(ToString::to_string).collect();
/// assert_eq!(open, ["ports[1]"]);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Not set.
    Null,
    /// Decided during apply.
    Unknown,
    /// True or false.
    Bool(bool),
    /// An exact decimal.
    Number(Number),
    /// A string in Unicode's NFC, the form in which the core compares strings.
    String(String),
    /// An ordered sequence.
    List(Vec<Value>),
    /// Distinct elements, kept sorted so that equal sets compare equal. Make it with [`Value::set`].
    Set(Vec<Value>),
    /// Elements by key.
    Map(Members),
    /// A fixed number of elements of their own types.
    Tuple(Vec<Value>),
    /// Attributes by name, all of them.
    Object(Members),
    /// A value of any type, together with its type.
    Dynamic(Box<(Type, Value)>),
}

impl Value {
    /// A string, normalized to NFC.
    ///
    /// ```
    /// use tfplug::Value;
    ///
    /// // An e and a combining accent, and the same letter as one character.
    /// assert_eq!(Value::string("e\u{301}"), Value::string("\u{e9}"));
    /// ```
    pub fn string(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_ascii() {
            return Self::String(text);
        }
        match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => Self::String(text),
            _ => Self::String(text.nfc().collect()),
        }
    }

    /// A set of these elements, each once. Elements that are not wholly known may or may not be equal:
    /// they are kept apart, as in the core.
    ///
    /// ```
    /// use tfplug::Value;
    ///
    /// let set = Value::set(vec!["b".into(), "a".into(), "b".into()]);
    /// assert_eq!(set, Value::Set(vec!["a".into(), "b".into()]));
    /// assert_eq!(Value::set(vec![Value::Unknown, Value::Unknown]), Value::Set(vec![Value::Unknown, Value::Unknown]));
    /// ```
    #[must_use]
    pub fn set(mut elements: Vec<Self>) -> Self {
        elements.sort();
        elements.dedup_by(|one, other| one == other && one.unknowns().is_empty());
        Self::Set(elements)
    }

    /// An object with these attributes.
    ///
    /// ```
    /// use tfplug::Value;
    ///
    /// let at = Value::object([("hours", Value::from(3)), ("minutes", Value::Null)]);
    /// assert_eq!(at.members().map(|members| members.len()), Some(2));
    /// ```
    pub fn object<N: Into<Name>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(attributes.into_iter().collect())
    }

    /// A map with these elements.
    ///
    /// ```
    /// use tfplug::Value;
    ///
    /// let tags = Value::map([("team", Value::from("a")), ("stage", Value::from("test"))]);
    /// assert_eq!(tags.get("stage").as_str(), Some("test"));
    /// ```
    pub fn map<K: Into<Name>>(elements: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(elements.into_iter().collect())
    }

    /// Whether it is null, also with a type of its own.
    ///
    /// ```
    /// use tfplug::{Type, Value};
    ///
    /// assert!(Value::Null.is_null());
    /// assert!(Value::Dynamic(Box::new((Type::String, Value::Null))).is_null());
    /// assert!(!Value::Unknown.is_null());
    /// ```
    #[must_use]
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Dynamic(pair) => pair.1.is_null(),
            _ => false,
        }
    }

    /// Whether the value itself is unknown, also with a type of its own; values inside it do not count.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Dynamic(pair) => pair.1.is_unknown(),
            _ => false,
        }
    }

    /// The attributes of an object.
    #[must_use]
    pub fn members(&self) -> Option<&Members> {
        match self {
            Self::Object(members) | Self::Map(members) => Some(members),
            _ => None,
        }
    }

    /// One attribute of an object or element of a map; null if this is neither or lacks it.
    ///
    /// ```
    /// use tfplug::Value;
    ///
    /// let at = Value::object([("hours", 3.into())]);
    /// assert_eq!(at.get("hours"), &Value::from(3));
    /// assert!(at.get("seconds").is_null());
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> &Self {
        self.members().and_then(|members| members.get(name)).unwrap_or(&Self::Null)
    }

    /// Reads attributes in the order of their names.
    pub(crate) fn ordered(&self) -> OrderedMembers<'_> {
        OrderedMembers(self.members().map(InOrder::new))
    }

    /// One element of a list or tuple; null if this is neither or has fewer.
    #[must_use]
    pub fn at(&self, position: usize) -> &Self {
        match self {
            Self::List(elements) | Self::Tuple(elements) => elements.get(position).unwrap_or(&Self::Null),
            _ => &Self::Null,
        }
    }

    /// The text, if it is a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether neither it nor any value inside it is unknown.
    ///
    /// ```
    /// use tfplug::Value;
    ///
    /// let ports = Value::List(vec![80.into(), Value::Unknown]);
    /// assert!(!ports.is_unknown() && !ports.is_wholly_known());
    /// ```
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Object(members) | Self::Map(members) => members.values().all(Self::is_wholly_known),
            Self::List(elements) | Self::Tuple(elements) | Self::Set(elements) => {
                elements.iter().all(Self::is_wholly_known)
            }
            Self::Dynamic(pair) => pair.1.is_wholly_known(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
        }
    }

    /// The path of every unknown value inside it, in order.
    #[must_use]
    pub fn unknowns(&self) -> Vec<Path> {
        let mut found = Vec::new();
        if !self.is_wholly_known() {
            self.collect_unknowns(&Path::root(), &mut found);
        }
        found
    }

    fn collect_unknowns(&self, path: &Path, found: &mut Vec<Path>) {
        match self {
            Self::Unknown => found.push(path.clone()),
            Self::Object(members) => {
                members.iter().for_each(|(name, value)| value.collect_unknowns(&path.attribute(name), found))
            }
            Self::Map(members) => members.iter().for_each(|(key, value)| value.collect_unknowns(&path.key(key), found)),
            Self::List(elements) | Self::Tuple(elements) => {
                elements
                    .iter()
                    .enumerate()
                    .for_each(|(index, value)| value.collect_unknowns(&path.index(index), found));
            }
            Self::Set(elements) => elements.iter().for_each(|value| value.collect_unknowns(path, found)),
            Self::Dynamic(pair) => pair.1.collect_unknowns(path, found),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => {}
        }
    }
}

/// The attributes of an object or elements of a map, read in the order of their names.
pub(crate) struct OrderedMembers<'a>(Option<InOrder<'a, Value>>);

impl<'a> OrderedMembers<'a> {
    /// Like [`Value::get`], for a name that comes after all that were asked for before.
    pub(crate) fn get(&mut self, name: &str) -> &'a Value {
        self.0.as_mut().and_then(|members| members.get(name)).unwrap_or(&Value::Null)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(value.into())
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::string(value)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Unknown => f.write_str("unknown"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::String(text) => write!(f, "string({})", text.len()),
            Self::List(elements) | Self::Set(elements) | Self::Tuple(elements) => {
                f.debug_list().entries(elements).finish()
            }
            Self::Map(members) | Self::Object(members) => f.debug_map().entries(members).finish(),
            Self::Dynamic(pair) => pair.1.fmt(f),
        }
    }
}

/// Bytes or JSON that are not a value of the type that the schema gives.
///
/// ```
/// use tfplug::value::{Malformed, from_state_json};
/// use tfplug::{Path, Type};
///
/// let error = from_state_json(&serde_json::json!(["a", {}]), &Type::list(Type::String)).unwrap_err();
/// assert!(error.to_string().starts_with("[1]: not a value of type"));
/// let own = Malformed::at(&Path::of("at"), "not a time of day");
/// assert_eq!(own.to_string(), "at: not a time of day");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", .path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default())]
pub struct Malformed {
    path: Option<Path>,
    problem: String,
    /// How many steps of the path are kept.
    steps: usize,
}

impl Malformed {
    /// A problem, and the path of the value that has it.
    #[must_use]
    pub fn at(path: &Path, problem: &str) -> Self {
        Self::here(problem).below(path)
    }

    /// A problem with the value that is being read. Its path is added on the way out, since most values have no problem and
    /// a path costs several allocations.
    pub(crate) fn here(problem: impl Into<String>) -> Self {
        Self { path: None, problem: problem.into(), steps: usize::MAX }
    }

    /// The whole path would be as long as the input is deep, so only its start is kept.
    pub(crate) fn too_deep() -> Self {
        Self { steps: 4, ..Self::here(format!("nested more than {MAX_DEPTH} levels deep")) }
    }

    /// The same problem, seen from the value around it.
    pub(crate) fn inside(self, step: Step) -> Self {
        self.below(&std::iter::once(step).collect())
    }

    /// The same problem, seen from the value at the start of this path.
    pub(crate) fn below(mut self, path: &Path) -> Self {
        let inner = self.path.as_ref().map(Path::steps).unwrap_or_default();
        let steps: Path = path.steps().iter().chain(inner).take(self.steps).cloned().collect();
        self.path = (!steps.steps().is_empty()).then_some(steps);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_equal_in_any_order_and_hold_each_element_once() {
        let one = Value::set(vec!["b".into(), "a".into(), "a".into()]);
        assert!(one == Value::set(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn elements_of_a_set_that_are_not_known_yet_stay_as_many_as_they_are() {
        let open = || Value::object([("a", 1.into()), ("b", Value::Unknown)]);
        for element in [Value::Unknown, open()] {
            let set = Value::set(vec![element.clone(), element.clone()]);
            assert_eq!(set, Value::Set(vec![element.clone(), element]));
        }
    }

    #[test]
    fn text_is_compared_in_nfc() {
        assert!(Value::string("e\u{301}") == Value::string("é"));
    }

    #[test]
    fn unknowns_are_found_at_every_depth() {
        let value = Value::object([
            ("a", Value::Unknown),
            ("b", Value::List(vec![Value::Null, Value::object([("c", Value::Unknown)])])),
            ("d", Value::map([("k".to_owned(), Value::Unknown)])),
            ("e", true.into()),
        ]);
        let found: Vec<_> = value.unknowns().iter().map(ToString::to_string).collect();
        assert_eq!(found, ["a", "b[1].c", r#"d["k"]"#]);
    }

    #[test]
    fn debug_shows_no_text() {
        let value = Value::object([("token", Value::string("hunter2"))]);
        assert_eq!(format!("{value:?}"), r#"{"token": string(7)}"#);
    }
}
