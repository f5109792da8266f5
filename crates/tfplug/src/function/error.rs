//! Why a call of a function failed.

use std::fmt;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Why a call of a function failed, and which of its arguments is to blame.
///
/// The core puts the text into a sentence and ends it with a full stop, so write it without one: "not a region of this cloud".
///
/// The core prints the text also if an argument is sensitive, and does not tell the provider which one is. So describe what is wrong
/// without quoting the argument; the core shows the expression that it comes from. What tfplug itself says about the rules of
/// parameters has no values either.
///
/// ```
/// use tfplug::FunctionError;
///
/// /// Finds the first of the arguments of a variadic parameter that is empty.
/// fn check(words: &[&str]) -> Result<(), FunctionError> {
///     match words.iter().position(|word| word.is_empty()) {
///         Some(position) => Err(FunctionError::new("a word must not be empty").at_element("words", position)),
///         None => Ok(()),
///     }
/// }
///
/// let error = check(&["a", ""]).unwrap_err();
/// assert_eq!((error.parameter(), error.element()), (Some("words"), 1));
/// assert_eq!(error.to_string(), "words: a word must not be empty");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    text: String,
    parameter: Option<&'static str>,
    /// Which of the arguments of a variadic parameter.
    element: usize,
}

impl FunctionError {
    /// An error that concerns the call as a whole; add a parameter with [`FunctionError::at`].
    ///
    /// ```
    /// use tfplug::FunctionError;
    ///
    /// let error = FunctionError::new("the text is not JSON").at("text");
    /// assert_eq!((error.text(), error.parameter()), ("the text is not JSON", Some("text")));
    /// ```
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), parameter: None, element: 0 }
    }

    /// The same error, shown at the argument of this parameter. The parameter has the name of its field.
    ///
    /// ```
    /// use tfplug::FunctionError;
    ///
    /// let error = FunctionError::new("not a region of this cloud").at("region");
    /// assert_eq!(error.to_string(), "region: not a region of this cloud");
    /// ```
    #[must_use]
    pub fn at(self, parameter: &'static str) -> Self {
        Self { parameter: Some(parameter), ..self }
    }

    /// The same error, shown at one of the arguments of the variadic parameter, counted from 0.
    #[must_use]
    pub fn at_element(self, parameter: &'static str, element: usize) -> Self {
        Self { parameter: Some(parameter), element, ..self }
    }

    /// What is wrong.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parameter whose argument is to blame, if it is one.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.parameter
    }

    /// Which of the arguments of a variadic parameter is to blame, counted from 0; 0 for any other parameter.
    #[must_use]
    pub fn element(&self) -> usize {
        self.element
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parameter {
            Some(parameter) => write!(f, "{parameter}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl std::error::Error for FunctionError {}

/// A function's errors have only one text.
impl From<Diagnostic> for FunctionError {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics::from(diagnostic).into()
    }
}

/// A function's errors have only one text. Warnings are left out, since functions cannot warn.
impl From<Diagnostics> for FunctionError {
    fn from(diagnostics: Diagnostics) -> Self {
        let errors = diagnostics.iter().filter(|one| one.severity() == crate::Severity::Error);
        let texts: Vec<_> = errors.map(|one| format!("{}: {}", one.summary(), one.detail())).collect();
        Self::new(texts.join("\n"))
    }
}
