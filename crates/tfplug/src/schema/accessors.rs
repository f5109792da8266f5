//! Accessors of an attribute for planning, validation, and conversion to protocol messages.

use super::{Attribute, AttributeType, Attributes, Check, Configurable};
use crate::value::Value;

impl Attribute {
    /// The type of its values.
    ///
    /// ```
    /// use tfplug::schema::{AttributeType, string};
    /// use tfplug::Type;
    ///
    /// assert!(matches!(string().attribute_type(), AttributeType::Plain(Type::String)));
    /// ```
    #[must_use]
    pub fn attribute_type(&self) -> &AttributeType {
        &self.attribute_type
    }

    pub(crate) fn attribute_type_mut(&mut self) -> &mut AttributeType {
        &mut self.attribute_type
    }

    /// Who sets it.
    #[must_use]
    pub fn configurable(&self) -> Configurable {
        self.configurable
    }

    /// The description, followed by its rules and default, and those of the parts of a value of a plain type.
    ///
    /// ```
    /// use tfplug::schema::int;
    ///
    /// let days = int().default_value(30).at_least(1).description("Days between two keys.");
    /// assert_eq!(days.documentation(), "Days between two keys. Allowed: a whole number; at least 1. Default: `30`.");
    /// ```
    #[must_use]
    pub fn documentation(&self) -> String {
        let mut texts = self.own_documentation();
        if matches!(self.attribute_type, AttributeType::Plain(_)) {
            self.document_parts("", &mut texts);
        }
        texts.join(" ")
    }

    fn own_documentation(&self) -> Vec<String> {
        let mut texts = Vec::new();
        if !self.description.is_empty() {
            texts.push(self.description.clone());
        }
        let allowed: Vec<_> = self.checks.iter().map(Check::allowed).collect();
        if !allowed.is_empty() && self.is_configurable() {
            texts.push(format!("Allowed: {}.", allowed.join("; ")));
        }
        let of_elements: Vec<_> = self.element().into_iter().flat_map(Self::checks).map(Check::allowed).collect();
        if !of_elements.is_empty() && self.is_configurable() {
            texts.push(format!("Allowed for each element: {}.", of_elements.join("; ")));
        }
        if let Some(default) = self.default.as_ref().and_then(literal) {
            texts.push(format!("Default: `{default}`."));
        }
        if self.requires_replace {
            texts.push("Changing it replaces the resource.".to_owned());
        }
        texts
    }

    /// What is known of the parts of a value of a plain type, of which a schema has only names and types.
    fn document_parts(&self, outer: &str, texts: &mut Vec<String>) {
        for (name, part) in self.parts().into_iter().flatten() {
            let name = format!("{outer}{name}");
            let own = part.own_documentation();
            if !own.is_empty() {
                texts.push(format!("`{name}`: {}", own.join(" ")));
            }
            part.document_parts(&format!("{name}."), texts);
        }
        if let Some(element) = self.element() {
            element.document_parts(outer, texts);
        }
    }

    /// Whether the core hides the value in its output.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Whether the value exists only in the configuration, never in plans or states.
    #[must_use]
    pub fn is_write_only(&self) -> bool {
        self.write_only
    }

    /// The deprecation message, if it is deprecated.
    #[must_use]
    pub fn deprecation(&self) -> Option<&str> {
        self.deprecated.as_deref()
    }

    /// Whether a configuration may set it.
    ///
    /// ```
    /// use tfplug::schema::string;
    ///
    /// let (name, id, zone) = (string().required(), string().computed(), string().optional_computed());
    /// assert!(name.is_configurable() && !name.is_computed());
    /// assert!(id.is_computed() && !id.is_configurable());
    /// assert!(zone.is_configurable() && zone.is_computed());
    /// ```
    #[must_use]
    pub fn is_configurable(&self) -> bool {
        self.configurable != Configurable::Computed
    }

    /// Whether the provider may set it.
    #[must_use]
    pub fn is_computed(&self) -> bool {
        matches!(self.configurable, Configurable::Computed | Configurable::OptionalComputed)
    }

    /// Whether it is announced as computed, although only a configuration sets it, in a schema that is
    /// [generated without nulls](super::Schema::generated_without_nulls). What is write-only must not be computed.
    pub(crate) fn is_announced_as_computed(&self) -> bool {
        self.configurable == Configurable::Optional && !self.write_only
    }

    /// Whether the provider decides the value, given the configuration's.
    pub(crate) fn is_decided_by_provider(&self, config: &Value) -> bool {
        match self.configurable {
            Configurable::Computed => true,
            Configurable::OptionalComputed => config.is_null() && self.default.is_none(),
            Configurable::Required | Configurable::Optional => false,
        }
    }

    pub(crate) fn checks(&self) -> &[Check] {
        &self.checks
    }

    pub(crate) fn default(&self) -> Option<&Value> {
        self.default.as_ref()
    }

    pub(crate) fn uses_state_for_unknown(&self) -> bool {
        self.use_state_for_unknown
    }

    /// The top-level attributes whose change makes this one unknown; `None` without such a rule.
    pub(crate) fn dependencies(&self) -> Option<&'static [&'static str]> {
        self.unknown_when_changed
    }

    pub(crate) fn requires_replacement(&self) -> bool {
        self.requires_replace
    }

    pub(crate) fn is_state_only(&self) -> bool {
        self.state_only
    }

    /// Whether it holds how long operations may take.
    pub(crate) fn has_timeouts(&self) -> bool {
        self.timeouts
    }

    /// Whether a null element of the collection is an error.
    pub(crate) fn has_no_null_elements(&self) -> bool {
        self.elements_not_null
    }

    /// The attributes of the objects that it holds, also where these are values of an object type.
    pub(crate) fn parts(&self) -> Option<&Attributes> {
        match &self.attribute_type {
            AttributeType::Nested(_, inner) => Some(inner),
            AttributeType::Plain(_) => self.parts.as_ref(),
        }
    }

    /// The same with one value of an object type, or of a collection of objects, instead of nested attributes.
    pub(crate) fn into_plain(mut self) -> Self {
        let ty = self.attribute_type.value_type();
        self.parts = self.parts().cloned();
        self.attribute_type = AttributeType::Plain(ty);
        self
    }

    /// The rules of each element, if it is a collection of plain values that has any.
    pub(crate) fn element(&self) -> Option<&Self> {
        self.element.as_deref()
    }
}

/// A default as a configuration would write it; `None` for a value that the documentation leaves out.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(text) => Some(format!("{text:?}")),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().filter_map(|(name, value)| Some(format!("{name} = {}", literal(value)?))).collect();
            Some(format!("{{ {} }}", members.join(", ")))
        }
        _ => None,
    }
}
