//! Rules for plans: what changes an attribute, and what its change means for the object.

use super::{Attribute, SemanticEquals};

impl Attribute {
    /// Computed once: an update does not change it, so the plan of an update shows the prior value.
    ///
    /// Without this and [`Attribute::unknown_when_changed`], a computed attribute is unknown in the plan of every update
    /// that changes more than [`Attribute::state_only`] attributes.
    ///
    /// ```
    /// use tfplug::schema::{Schema, string};
    ///
    /// // A change of the name leaves the id known in the plan, and makes updated_at unknown.
    /// let schema = Schema::new("")
    ///     .attribute("id", string().computed().use_state_for_unknown())
    ///     .attribute("name", string().required())
    ///     .attribute("updated_at", string().computed());
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn use_state_for_unknown(self) -> Self {
        Self { use_state_for_unknown: true, ..self }
    }

    /// Recomputed only when one of these top-level attributes changes: in the plan of any other update, it keeps its prior
    /// value.
    ///
    /// ```
    /// use tfplug::schema::{Schema, map_of, string};
    /// use tfplug::Type;
    ///
    /// let schema = Schema::new("")
    ///     .attribute("triggers", map_of(Type::String))
    ///     .attribute("name", string())
    ///     .attribute("last_rotated_at", string().computed().unknown_when_changed(&["triggers"]));
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn unknown_when_changed(self, attributes: &'static [&'static str]) -> Self {
        Self { unknown_when_changed: Some(attributes), ..self }
    }

    /// Changing it replaces the resource.
    ///
    /// ```
    /// use tfplug::schema::string;
    ///
    /// let region = string().required().requires_replace();
    /// assert_eq!(region.documentation(), "Changing it replaces the resource.");
    /// ```
    #[must_use]
    pub fn requires_replace(self) -> Self {
        Self { requires_replace: true, ..self }
    }

    /// Stored only in the state and never sent to the API: changing it alone leaves every computed attribute known.
    ///
    /// ```
    /// use tfplug::schema::{Schema, boolean, string};
    ///
    /// // A change of keep_on_destroy alone leaves updated_at as it is, since no request is sent.
    /// let schema = Schema::new("")
    ///     .attribute("keep_on_destroy", boolean().default_value(false).state_only())
    ///     .attribute("updated_at", string().computed());
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn state_only(self) -> Self {
        Self { state_only: true, ..self }
    }

    /// Holds how long operations may take: an object or block with a duration for any of `create`, `read`, `update` and `delete`
    /// of a resource, `read` of a data source, `open`, `renew` and `close` of an ephemeral resource, `invoke` of an action,
    /// `list` of a list resource, and `statestore` of a state store. When the time is over, the handler's [`Context::stop`](crate::Context) is cancelled.
    ///
    /// ```
    /// use tfplug::schema::{Schema, block, string};
    ///
    /// let timeouts = block().attribute("create", string().default_value("30m")).attribute("delete", string()).timeouts();
    /// assert!(Schema::new("").attribute("timeouts", timeouts).problems().is_empty());
    /// ```
    #[must_use]
    pub fn timeouts(self) -> Self {
        Self { timeouts: true, state_only: true, ..self }
    }

    /// Treats values that mean the same to the API as equal: changing one to the other plans no change, and the state keeps
    /// the planned spelling.
    ///
    /// ```
    /// use tfplug::Value;
    /// use tfplug::schema::string;
    ///
    /// // `/a/` and `/a` are the same folder: neither is a change of the other.
    /// let folder = string().required().requires_replace().semantic_equals(|one, other| {
    ///     let folder = |path: &Value| path.as_str().map(|path| path.trim_end_matches('/').to_owned());
    ///     folder(one) == folder(other)
    /// });
    /// ```
    #[must_use]
    pub fn semantic_equals(self, equal: SemanticEquals) -> Self {
        Self { semantic_equals: Some(equal), ..self }
    }
}
