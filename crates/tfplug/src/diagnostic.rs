//! Errors and warnings as Terraform shows them.

use crate::path::Path;

/// Whether a [`Diagnostic`] stops the operation.
///
/// ```
/// use tfplug::{Diagnostic, Severity};
///
/// assert_eq!(Diagnostic::error("No answer", "").severity(), Severity::Error);
/// assert_eq!(Diagnostic::warning("A slow answer", "").severity(), Severity::Warning);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Severity {
    /// Stops the operation.
    Error,
    /// Shown to the user; the operation continues.
    Warning,
}

/// One error or warning: a one-line summary, and a detail that explains how to fix it.
///
/// Never put a secret into one: the core prints it and writes it to logs.
///
/// ```
/// use tfplug::{Diagnostic, Diagnostics, Path, Severity};
///
/// let taken = Diagnostic::error("Cannot create the key", "The name \"a\" is in use: choose another one.").at(Path::of("name"));
/// let mut all = Diagnostics::from(taken);
/// all.extend([Diagnostic::warning("The last rotation failed", "The key is still the old one.")]);
/// assert!(all.has_errors());
/// assert_eq!(all.iter().filter(|one| one.severity() == Severity::Warning).count(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    summary: String,
    detail: String,
    path: Option<Path>,
}

impl Diagnostic {
    /// An error that is not about one attribute; add one with [`Diagnostic::at`].
    ///
    /// ```
    /// use tfplug::{Diagnostic, Path};
    ///
    /// let error = Diagnostic::error("Cannot create the key", "The name is already in use.").at(Path::of("name"));
    /// assert_eq!(error.summary(), "Cannot create the key");
    /// ```
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Error, summary: summary.into(), detail: detail.into(), path: None }
    }

    /// A warning that is not about one attribute; add one with [`Diagnostic::at`].
    ///
    /// ```
    /// use tfplug::Diagnostic;
    ///
    /// let warning = Diagnostic::warning("The key expires soon", "Raise rotation_interval, or rotate it by hand.");
    /// assert_eq!(warning.path(), None);
    /// ```
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// An error for a situation that only a bug in the provider can cause; asks the user to report it.
    ///
    /// ```
    /// use tfplug::Diagnostic;
    ///
    /// let bug = Diagnostic::bug("The API knows no type \"b\".");
    /// assert!(bug.detail().ends_with("Please report it to its developers."));
    /// ```
    pub fn bug(what: impl AsRef<str>) -> Self {
        Self::error(
            "Bug in the provider",
            format!(
                "{}\n\nThis is always a bug in the provider itself. Please report it to its developers.",
                what.as_ref()
            ),
        )
    }

    /// The same diagnostic, shown at the attribute's line in the configuration.
    ///
    /// ```
    /// use tfplug::{Diagnostic, Path};
    ///
    /// let path = Path::of("parameters").attribute("limit");
    /// let error = Diagnostic::error("The limit is too high", "This project allows at most 10 USD.").at(path.clone());
    /// assert_eq!(error.path(), Some(&path));
    /// ```
    #[must_use]
    pub fn at(self, path: Path) -> Self {
        Self { path: Some(path), ..self }
    }

    /// An error about one of several objects as a warning, so that the others can still be shown. Its path is the object's,
    /// which has no place in the list's configuration.
    pub(crate) fn about(self, object: &str) -> Self {
        match self.severity {
            Severity::Warning => self,
            Severity::Error => Self {
                severity: Severity::Warning,
                detail: format!("About {object:?}, whose attributes are left out of the list: {}", self.detail),
                path: None,
                ..self
            },
        }
    }

    /// Whether it stops the operation.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The one-line summary.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The detail; may have several lines.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The attribute that it is about, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_ref()
    }
}

/// Any number of [`Diagnostic`]s, in the order in which they are shown.
///
/// ```
/// use tfplug::{Diagnostic, Diagnostics, Path};
///
/// /// Checks two attributes together, and reports everything that is wrong.
/// fn check(least: i64, most: i64) -> Diagnostics {
///     let mut found = Diagnostics::new();
///     if least > most {
///         found.push(Diagnostic::error("Invalid range", "least is above most.").at(Path::of("least")));
///     }
///     if most > 1000 {
///         found.push(Diagnostic::warning("A large range", "Reading it takes a while.").at(Path::of("most")));
///     }
///     found
/// }
///
/// assert!(check(1, 10).is_empty());
/// assert!(check(11, 10).has_errors());
/// let summaries: Vec<_> = check(2000, 1001).iter().map(|one| one.summary().to_owned()).collect();
/// assert_eq!(summaries, ["Invalid range", "A large range"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Makes an empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether any of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there are no diagnostics.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the diagnostics in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        self.0.extend(more);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_error_stops_the_operation() {
        let mut all = Diagnostics::from(Diagnostic::warning("w", ""));
        assert!(!all.has_errors());
        all.push(Diagnostic::error("e", "").at(Path::of("a")));
        assert!(all.has_errors());
    }
}
