//! One attribute: what it holds, who sets it, and the rules that planning follows.

use super::{AttributeType, Attributes, Check, Combination, Precision};
use crate::value::{Number, Value};

/// Whether an attribute is required, optional or computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Configurable {
    /// The configuration must set it.
    Required,
    /// The configuration may set it; otherwise it is null.
    Optional,
    /// The configuration may set it; otherwise the provider does.
    OptionalComputed,
    /// Only the provider sets it.
    Computed,
}

/// Whether two values mean the same to the API, although they are spelled differently.
pub type SemanticEquals = fn(&Value, &Value) -> bool;

/// One attribute of a schema, made by [`string`](super::string), [`int`](super::int),
/// [`object`](super::object) and the other functions of this module.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub(super) attribute_type: AttributeType,
    pub(super) configurable: Configurable,
    pub(super) description: String,
    pub(super) sensitive: bool,
    pub(super) write_only: bool,
    pub(super) deprecated: Option<String>,
    pub(super) checks: Vec<Check>,
    pub(super) default: Option<Value>,
    pub(super) semantic_equals: Option<SemanticEquals>,
    pub(super) use_state_for_unknown: bool,
    pub(super) unknown_when_changed: Option<&'static [&'static str]>,
    pub(super) requires_replace: bool,
    pub(super) state_only: bool,
    pub(super) block: bool,
    pub(super) result_equals: Option<SemanticEquals>,
    pub(super) precision: Option<Precision>,
    pub(super) element: Option<Box<Attribute>>,
    pub(super) combinations: Vec<Combination>,
    pub(super) timeouts: bool,
    pub(super) elements_not_null: bool,
    pub(super) parts: Option<Attributes>,
}

impl Attribute {
    pub(super) fn new(attribute_type: AttributeType) -> Self {
        Self {
            attribute_type,
            configurable: Configurable::Optional,
            description: String::new(),
            sensitive: false,
            write_only: false,
            deprecated: None,
            checks: Vec::new(),
            default: None,
            semantic_equals: None,
            use_state_for_unknown: false,
            unknown_when_changed: None,
            requires_replace: false,
            state_only: false,
            block: false,
            result_equals: None,
            precision: None,
            element: None,
            combinations: Vec::new(),
            timeouts: false,
            elements_not_null: false,
            parts: None,
        }
    }

    /// Adds an attribute to a nested object; has no effect on other types.
    #[must_use]
    pub fn attribute(mut self, name: &str, attribute: Self) -> Self {
        if let AttributeType::Nested(_, attributes) = &mut self.attribute_type {
            attributes.insert(name.to_owned(), attribute);
        }
        self
    }

    /// Adds attributes to a nested object; has no effect on other types.
    #[must_use]
    pub fn attributes(mut self, more: impl IntoIterator<Item = (String, Self)>) -> Self {
        if let AttributeType::Nested(_, attributes) = &mut self.attribute_type {
            attributes.extend(more);
        }
        self
    }

    /// The configuration must set it.
    #[must_use]
    pub fn required(self) -> Self {
        Self { configurable: Configurable::Required, ..self }
    }

    /// The configuration may set it. This is the default.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { configurable: Configurable::Optional, ..self }
    }

    /// Only the provider sets it.
    #[must_use]
    pub fn computed(self) -> Self {
        Self { configurable: Configurable::Computed, ..self }
    }

    /// The configuration may set it; otherwise the provider decides during apply.
    ///
    /// When a configuration no longer sets it, a plan keeps the value of the state, since that may be the provider's. A nested
    /// object with values that only a configuration can set is the exception, because it was configured: it is decided anew, so
    /// it is unknown in the plan, unless [`Attribute::use_state_for_unknown`] keeps it. An API that fills such an object by itself
    /// therefore needs attributes in it that are optional and computed, too: otherwise each plan takes what the API has set for
    /// something that the configuration had.
    ///
    /// ```
    /// use tfplug::schema::{Schema, int, object, string};
    ///
    /// let window = object().attribute("hour", int().optional_computed()).attribute("zone", string().optional_computed());
    /// let schema = Schema::new("").attribute("window", window.optional_computed());
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn optional_computed(self) -> Self {
        Self { configurable: Configurable::OptionalComputed, ..self }
    }

    /// The value when the configuration leaves it out: shown in the plan, sent to the API, stored in the state.
    #[must_use]
    pub fn default_value(self, value: impl Into<Value>) -> Self {
        Self { configurable: Configurable::OptionalComputed, default: Some(value.into()), ..self }
    }

    /// Computed once: an update does not change it, so the plan of an update shows the prior value.
    ///
    /// Without this and [`Attribute::unknown_when_changed`], a computed attribute is unknown in the plan of every update
    /// that changes more than [`Attribute::state_only`] attributes.
    #[must_use]
    pub fn use_state_for_unknown(self) -> Self {
        Self { use_state_for_unknown: true, ..self }
    }

    /// Recomputed only when one of these top-level attributes changes: in the plan of any other update, it keeps its prior
    /// value.
    #[must_use]
    pub fn unknown_when_changed(self, attributes: &'static [&'static str]) -> Self {
        Self { unknown_when_changed: Some(attributes), ..self }
    }

    /// Changing it replaces the resource.
    #[must_use]
    pub fn requires_replace(self) -> Self {
        Self { requires_replace: true, ..self }
    }

    /// Stored only in the state and never sent to the API: changing it alone leaves every computed attribute known.
    #[must_use]
    pub fn state_only(self) -> Self {
        Self { state_only: true, ..self }
    }

    /// Holds how long operations may take: an object or block with a duration for any of `create`, `read`, `update` and `delete`
    /// of a resource, `read` of a data source, `open`, `renew` and `close` of an ephemeral resource, `invoke` of an action, and
    /// `list` of a list resource. When the time is over, the handler's [`Context::stop`](crate::Context) is cancelled.
    #[must_use]
    pub fn timeouts(self) -> Self {
        Self { timeouts: true, state_only: true, ..self }
    }

    /// Treats values that mean the same to the API as equal: changing one to the other plans no change, and the state keeps
    /// the planned spelling.
    #[must_use]
    pub fn semantic_equals(self, equal: SemanticEquals) -> Self {
        Self { semantic_equals: Some(equal), ..self }
    }

    /// Hides the value in everything that the core prints.
    #[must_use]
    pub fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// Never stored in plans or states: it exists only in the configuration. Pair it with a version attribute.
    #[must_use]
    pub fn write_only(self) -> Self {
        Self { write_only: true, ..self }
    }

    /// Marks it as deprecated; the message says what to use instead.
    #[must_use]
    pub fn deprecated(self, message: &str) -> Self {
        Self { deprecated: Some(message.to_owned()), ..self }
    }

    /// Sets the description, in Markdown, for the generated documentation.
    #[must_use]
    pub fn description(self, text: impl Into<String>) -> Self {
        Self { description: text.into(), ..self }
    }

    /// Adds a rule for its value.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// A string whose length is within these bounds, both included, counted as in [`Check::Length`].
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
    #[must_use]
    pub fn one_of(self, words: &[&'static str]) -> Self {
        self.check(Check::OneOf(words.to_vec()))
    }

    /// A number of at least this.
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
    #[must_use]
    pub fn items(self, least: usize, most: usize) -> Self {
        self.check(Check::Items(least, most))
    }

    /// A list, set or map of which no element is null. In a schema by [`derive(Model)`](derive@crate::Model), this follows from
    /// the type: of the elements of a `Vec<String>`, none is null, and of a `Vec<Option<String>>`, any may be.
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
    #[must_use]
    pub fn accept(self, allowed: &'static str, test: fn(&Value) -> bool) -> Self {
        self.check(Check::Custom(allowed, test))
    }
}

#[cfg(test)]
mod tests {
    use crate::schema::{int, list_of, object, object_list};

    #[test]
    fn documentation_lists_the_rules_and_the_default() {
        let days = int().default_value(30).at_least(1).description("Days between two keys.");
        assert_eq!(days.documentation(), "Days between two keys. Allowed: a whole number; at least 1. Default: `30`.");
    }

    #[test]
    fn documentation_of_a_value_of_a_plain_type_has_its_parts() {
        let day = || int().between(1, 31).description("The day.");
        let time = object().attribute("day", day()).attribute("zone", int());
        let window = object_list().attribute("from", time.description("When."));
        let windows = list_of(window.attribute_type().value_type()).each(window.clone()).description("Windows.");
        let parts = "`from`: When. `from.day`: The day. Allowed: a whole number; 1 to 31. `from.zone`: Allowed: a whole number.";
        assert_eq!(windows.documentation(), format!("Windows. {parts}"));
        assert_eq!(window.clone().into_plain().documentation(), parts);
        assert_eq!(window.documentation(), "", "a schema has them in their places");
    }
}
