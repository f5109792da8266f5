//! One field of a model: set, not set, or not known yet.

use std::fmt;

use super::Field;
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::value::{Malformed, Value};

/// An attribute of a [`Model`](trait@crate::Model): set, not set, or not known yet.
///
/// `Debug` tells which of the three, never the value, which may be a secret.
///
/// ```
/// use tfplug::Attr;
///
/// let name: Attr<String> = "a".into();
/// assert_eq!(name.get().map(String::as_str), Some("a"));
/// assert!(Attr::<String>::from(None).is_null());
/// assert_eq!(Attr::<String>::Unknown.take(), None);
/// ```
#[derive(Clone, Default, PartialEq)]
pub enum Attr<T> {
    /// Not set.
    #[default]
    Null,
    /// Decided during apply, or by another resource.
    Unknown,
    /// This value.
    Known(T),
}

impl<T> Attr<T> {
    /// The value, if it is known and set.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value itself, if it is known and set.
    pub fn take(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value, where the lifecycle guarantees that there is one.
    ///
    /// ```
    /// use tfplug::Attr;
    ///
    /// let id: Attr<String> = "i-1".into();
    /// assert_eq!(id.known("id").map(String::as_str), Ok("i-1"));
    /// let bug = Attr::<String>::Unknown.known("id").unwrap_err();
    /// assert!(bug.detail().starts_with("id is unknown where a value is required."));
    /// ```
    ///
    /// # Errors
    ///
    /// A [`Diagnostic::bug`] at the attribute if it is null or unknown nevertheless.
    pub fn known(&self, name: &str) -> Result<&T, Diagnostic> {
        self.get().ok_or_else(|| {
            let state = if self.is_null() { "null" } else { "unknown" };
            Diagnostic::bug(format!("{name} is {state} where a value is required.")).at(Path::of(name))
        })
    }

    /// Whether it is not set.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is not known yet.
    ///
    /// ```
    /// use tfplug::{Attr, Diagnostic, Path};
    ///
    /// /// A rule about two attributes, of which each may depend on other resources: what is unknown passes.
    /// fn check(least: &Attr<i64>, most: &Attr<i64>) -> Option<Diagnostic> {
    ///     if least.is_unknown() || most.is_unknown() {
    ///         return None;
    ///     }
    ///     let is_empty = least.get() > most.get() && !most.is_null();
    ///     is_empty.then(|| Diagnostic::error("Empty range", "least is above most.").at(Path::of("least")))
    /// }
    ///
    /// assert!(check(&2.into(), &1.into()).is_some());
    /// assert!(check(&2.into(), &Attr::Unknown).is_none());
    /// assert!(check(&2.into(), &Attr::Null).is_none());
    /// ```
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl From<&str> for Attr<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

impl<T> fmt::Debug for Attr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Unknown => "unknown",
            Self::Known(_) => "known",
        })
    }
}

impl<T: Field> Attr<T> {
    /// Converts a value that may be null or unknown.
    ///
    /// ```
    /// use tfplug::{Attr, Path, Value};
    ///
    /// let names = Value::List(vec!["a".into(), Value::Unknown]);
    /// let names = Attr::<Vec<Attr<String>>>::from_value(names, &Path::of("names"))?;
    /// assert_eq!(names, Attr::Known(vec!["a".into(), Attr::Unknown]));
    /// assert_eq!(names.into_value().at(1), &Value::Unknown);
    /// assert!(Attr::<bool>::from_value("yes".into(), &Path::of("on")).is_err());
    /// # Ok::<(), tfplug::value::Malformed>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the value is not of the type.
    pub fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            null if null.is_null() => Ok(Self::Null),
            open if open.is_unknown() => Ok(Self::Unknown),
            known => T::from_value(known, path).map(Self::Known),
        }
    }

    /// Converts back.
    pub fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Known(value) => value.into_value(),
        }
    }
}
