//! One attribute: what it holds, who sets it, and the rules that planning follows.

use super::{AttributeType, Attributes, Check, Combination, Precision};
use crate::value::{Name, Value};

/// Whether an attribute is required, optional or computed.
///
/// ```
/// use tfplug::schema::{Configurable, int, string};
///
/// assert_eq!(string().configurable(), Configurable::Optional);
/// assert_eq!(string().required().configurable(), Configurable::Required);
/// assert_eq!(string().computed().configurable(), Configurable::Computed);
/// assert_eq!(int().default_value(30).configurable(), Configurable::OptionalComputed);
/// ```
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
///
/// ```
/// use tfplug::Value;
/// use tfplug::schema::{SemanticEquals, string};
///
/// const SAME_FOLDER: SemanticEquals = |one, other| {
///     let folder = |value: &Value| value.as_str().map(|path| path.trim_end_matches('/').to_owned());
///     folder(one) == folder(other)
/// };
///
/// let path = string().required().semantic_equals(SAME_FOLDER);
/// assert!(SAME_FOLDER(&"/a/".into(), &"/a".into()));
/// ```
pub type SemanticEquals = fn(&Value, &Value) -> bool;

/// One attribute of a schema, made by [`string`](super::string), [`int`](super::int),
/// [`object`](super::object) and the other functions of this module.
///
/// ```
/// use tfplug::schema::{Schema, int, object, object_list, string};
///
/// let schema = Schema::new("Issues a key.")
///     .attribute("id", string().computed().use_state_for_unknown())
///     .attribute("name", string().required().requires_replace().length(1, 64).description("Unique in its project."))
///     .attribute("token_wo", string().write_only())
///     .attribute("at", object().attribute("hours", int().required().between(0, 23)))
///     .attribute("rules", object_list().attribute("port", int().required()).items(1, 10));
/// assert!(schema.problems().is_empty());
/// ```
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
    ///
    /// ```
    /// use tfplug::schema::{AttributeType, int, object};
    ///
    /// let at = object().attribute("hours", int().required()).attribute("minutes", int().default_value(0));
    /// let AttributeType::Nested(_, parts) = at.attribute_type() else { panic!("an object has attributes") };
    /// assert_eq!(parts.len(), 2);
    /// ```
    #[must_use]
    pub fn attribute(mut self, name: impl Into<Name>, attribute: Self) -> Self {
        if let AttributeType::Nested(_, attributes) = &mut self.attribute_type {
            attributes.insert(name.into(), attribute);
        }
        self
    }

    /// Adds attributes to a nested object; has no effect on other types.
    ///
    /// ```
    /// use tfplug::schema::{Attribute, Schema, object, string};
    ///
    /// /// What every address has.
    /// fn address() -> [(String, Attribute); 2] {
    ///     [("city".to_owned(), string().required()), ("street".to_owned(), string())]
    /// }
    ///
    /// let schema = Schema::new("").attribute("home", object().attributes(address())).attribute("work", object().attributes(address()));
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn attributes<N: Into<Name>>(mut self, more: impl IntoIterator<Item = (N, Self)>) -> Self {
        if let AttributeType::Nested(_, attributes) = &mut self.attribute_type {
            attributes.extend(more.into_iter().map(|(name, attribute)| (name.into(), attribute)));
        }
        self
    }

    /// The configuration must set it.
    ///
    /// ```
    /// use tfplug::schema::{Schema, string};
    ///
    /// let schema = Schema::new("")
    ///     .attribute("name", string().required())
    ///     .attribute("description", string().optional())
    ///     .attribute("id", string().computed());
    /// assert!(schema.problems().is_empty());
    /// ```
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
    ///
    /// ```
    /// use tfplug::schema::{boolean, object, string};
    /// use tfplug::Value;
    ///
    /// let reset = string().default_value("never").one_of(&["daily", "never"]);
    /// assert!(reset.documentation().ends_with("Default: `\"never\"`."));
    /// let on_destroy = object()
    ///     .attribute("delete_secrets", boolean().default_value(true))
    ///     .default_value(Value::object([("delete_secrets", true.into())]));
    /// assert_eq!(on_destroy.documentation(), "Default: `{ delete_secrets = true }`.");
    /// ```
    #[must_use]
    pub fn default_value(self, value: impl Into<Value>) -> Self {
        Self { configurable: Configurable::OptionalComputed, default: Some(value.into()), ..self }
    }

    /// Hides the value in everything that the core prints.
    ///
    /// ```
    /// use tfplug::schema::string;
    ///
    /// assert!(string().computed().sensitive().is_sensitive());
    /// ```
    #[must_use]
    pub fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// Never stored in plans or states: it exists only in the configuration. Pair it with a version attribute.
    ///
    /// ```
    /// use tfplug::schema::{Schema, int, string};
    ///
    /// // A new key is sent when its version is raised.
    /// let schema = Schema::new("")
    ///     .attribute("api_key_wo", string().write_only())
    ///     .attribute("api_key_wo_version", int());
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn write_only(self) -> Self {
        Self { write_only: true, ..self }
    }

    /// Marks it as deprecated; the message says what to use instead.
    ///
    /// ```
    /// use tfplug::schema::string;
    ///
    /// let old = string().deprecated("Use limit_reset.");
    /// assert_eq!(old.deprecation(), Some("Use limit_reset."));
    /// ```
    #[must_use]
    pub fn deprecated(self, message: &str) -> Self {
        Self { deprecated: Some(message.to_owned()), ..self }
    }

    /// Sets the description, in Markdown, for the generated documentation.
    ///
    /// ```
    /// use tfplug::schema::int;
    ///
    /// const MOST: i64 = 100;
    /// let size = int().between(1, MOST).description(format!("In GB. An administrator can allow more than {MOST}."));
    /// assert!(size.documentation().starts_with("In GB. An administrator can allow more than 100. Allowed: "));
    /// ```
    #[must_use]
    pub fn description(self, text: impl Into<String>) -> Self {
        Self { description: text.into(), ..self }
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
