//! Rules for the values of an attribute: what a configuration may set it to.

use super::{Attribute, Check};
use crate::value::{Number, Value};

impl Attribute {
    /// Adds a rule for its value.
    ///
    /// ```
    /// use tfplug::schema::{Check, string};
    ///
    /// const SLUG: Check = Check::Custom("lower-case letters", |value| {
    ///     value.as_str().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_lowercase()))
    /// });
    /// assert_eq!(string().check(SLUG).documentation(), "Allowed: lower-case letters.");
    /// ```
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// A string whose length is within these bounds, both included, counted as in [`Check::Length`].
    ///
    /// ```
    /// use tfplug::schema::string;
    ///
    /// assert_eq!(string().length(1, 64).documentation(), "Allowed: 1 to 64 characters.");
    /// ```
    #[must_use]
    pub fn length(self, least: usize, most: usize) -> Self {
        self.check(Check::Length(least, most))
    }

    /// A string that is not empty or blank.
    #[must_use]
    pub fn non_empty(self) -> Self {
        self.check(Check::NonEmpty)
    }

    /// A string without the character NUL. [`Schema::without_nul`](super::Schema::without_nul) requires it of all attributes.
    #[must_use]
    pub fn without_nul(self) -> Self {
        self.check(Check::WithoutNul)
    }

    /// One of these strings.
    ///
    /// ```
    /// use tfplug::schema::string;
    ///
    /// assert_eq!(string().one_of(&["daily", "never"]).documentation(), r#"Allowed: one of "daily", "never"."#);
    /// ```
    #[must_use]
    pub fn one_of(self, words: &[&'static str]) -> Self {
        self.check(Check::OneOf(words.to_vec()))
    }

    /// A number of at least this.
    ///
    /// ```
    /// use tfplug::schema::{int, number};
    ///
    /// assert_eq!(number().at_least(1).documentation(), "Allowed: at least 1.");
    /// assert_eq!(number().above(0).documentation(), "Allowed: more than 0.");
    /// assert_eq!(int().between(0, 23).documentation(), "Allowed: a whole number; 0 to 23.");
    /// ```
    #[must_use]
    pub fn at_least(self, least: i64) -> Self {
        self.check(Check::AtLeast(least.into()))
    }

    /// A number in this range, both bounds included.
    #[must_use]
    pub fn between(self, least: i64, most: i64) -> Self {
        self.check(Check::Between(least.into(), most.into()))
    }

    /// A number above this.
    #[must_use]
    pub fn above(self, bound: i64) -> Self {
        self.check(Check::Above(Number::from(bound)))
    }

    /// A list, set or map with a number of elements within these bounds, both included. Without an upper bound, write
    /// `usize::MAX`.
    ///
    /// ```
    /// use tfplug::schema::{object_list, string};
    ///
    /// let rules = object_list().attribute("name", string());
    /// assert_eq!(rules.clone().items(1, 10).documentation(), "Allowed: 1 to 10 elements.");
    /// assert_eq!(rules.items(1, usize::MAX).documentation(), "Allowed: at least 1 element.");
    /// ```
    #[must_use]
    pub fn items(self, least: usize, most: usize) -> Self {
        self.check(Check::Items(least, most))
    }

    /// A list, set or map of which no element is null. In a schema by [`derive(Model)`](derive@crate::Model), this follows from
    /// the type: of the elements of a `Vec<String>`, none is null, and of a `Vec<Option<String>>`, any may be.
    ///
    /// ```
    /// use tfplug::schema::{Schema, list_of};
    /// use tfplug::Type;
    ///
    /// let schema = Schema::new("").attribute("names", list_of(Type::String).elements_not_null());
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn elements_not_null(self) -> Self {
        Self { elements_not_null: true, ..self }
    }

    /// A number that is finite as a 64-bit float, for an API that computes in floats.
    #[must_use]
    pub fn finite_f64(self) -> Self {
        self.check(Check::FiniteF64)
    }

    /// A rule in code: `allowed` completes "Allowed: …" in messages, and `test` decides.
    ///
    /// ```
    /// use tfplug::schema::string;
    ///
    /// let path = string().accept("an absolute path", |value| value.as_str().is_some_and(|path| path.starts_with('/')));
    /// assert_eq!(path.documentation(), "Allowed: an absolute path.");
    /// ```
    #[must_use]
    pub fn accept(self, allowed: &'static str, test: fn(&Value) -> bool) -> Self {
        self.check(Check::Custom(allowed, test))
    }
}
