//! What a test gets from a resource: objects in the state, plans, and applies that failed.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;

use super::messages;
use crate::diagnostic::Diagnostics;
use crate::model::ResourceModel;
use crate::value::Value;

/// An object in the state.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::Harness;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::default());
/// let notes = tf.resource::<Note>("notes_note").unwrap();
/// let config = NoteConfig { name: "a".into(), ..NoteConfig::default() };
/// let stored = notes.create(config).await.unwrap();
/// assert_eq!(stored.model().unwrap().text, "empty");
/// assert_eq!(stored.value().get("text").as_str(), Some("empty"));
/// assert!(stored.warnings().is_empty());
/// # });
/// ```
pub struct Stored<M> {
    pub(super) value: Value,
    pub(super) private: Bytes,
    pub(super) warnings: Diagnostics,
    model: PhantomData<fn() -> M>,
}

// Not derived, which would ask the same of the model.
impl<M> Clone for Stored<M> {
    fn clone(&self) -> Self {
        let Self { value, private, warnings, model } = self;
        Self { value: value.clone(), private: private.clone(), warnings: warnings.clone(), model: *model }
    }
}

impl<M> fmt::Debug for Stored<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<M: ResourceModel> Stored<M> {
    pub(super) fn new(value: Value, private: Bytes) -> Self {
        Self { value, private, warnings: Diagnostics::new(), model: PhantomData }
    }

    pub(super) fn warned(self, warnings: Diagnostics) -> Self {
        Self { warnings, ..self }
    }

    /// The warnings of the apply, the read or the upgrade that it comes from.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// Its attributes.
    ///
    /// # Errors
    ///
    /// A diagnostic if one is missing that the model always has.
    pub fn model(&self) -> Result<M, Diagnostics> {
        messages::model(self.value.clone())
    }

    /// Its attributes as they are stored.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }
}

/// A plan, as a core would show it before an apply.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::Harness;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::default());
/// let notes = tf.resource::<Note>("notes_note").unwrap();
/// let config = NoteConfig { name: "a".into(), ..NoteConfig::default() };
/// let plan = notes.plan(None, config).await.unwrap();
/// assert!(!plan.is_empty() && plan.replaces().is_empty() && plan.warnings().is_empty());
/// assert_eq!(plan.changes(), ["name", "text"]);
/// assert_eq!(plan.state().unwrap().text.get().map(String::as_str), Some("empty"));
/// # });
/// ```
pub struct Plan<M> {
    pub(super) prior: Option<Stored<M>>,
    pub(super) config: Value,
    pub(super) planned: Value,
    pub(super) private: Bytes,
    /// The private data of the first plan, which the destroy of a replaced object gets.
    pub(super) first_private: Bytes,
    pub(super) replaces: Vec<String>,
    pub(super) warnings: Diagnostics,
}

impl<M> fmt::Debug for Plan<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("planned", &self.planned).field("replaces", &self.replaces).finish_non_exhaustive()
    }
}

impl<M: ResourceModel> Plan<M> {
    /// Whether nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prior.as_ref().map_or(&Value::Null, |prior| &prior.value) == &self.planned
    }

    /// The attributes that force a replacement.
    #[must_use]
    pub fn replaces(&self) -> &[String] {
        &self.replaces
    }

    /// The warnings that are shown with it.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The attributes that are shown as changed, in alphabetical order.
    #[must_use]
    pub fn changes(&self) -> Vec<String> {
        let prior = self.prior.as_ref().map_or(&Value::Null, |prior| &prior.value);
        let members = self.planned.members().into_iter().flatten();
        members.filter(|(name, planned)| prior.get(name) != *planned).map(|(name, _)| name.to_string()).collect()
    }

    /// The attributes that are "known after apply".
    #[must_use]
    pub fn unknowns(&self) -> Vec<String> {
        self.planned.unknowns().iter().map(ToString::to_string).collect()
    }

    /// The planned attributes.
    ///
    /// # Errors
    ///
    /// A diagnostic if one is not of the model's type.
    pub fn state(&self) -> Result<M::Config, Diagnostics> {
        messages::model(self.planned.clone())
    }
}

/// An apply that failed, and what the state has afterwards.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::Harness;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::new([("a".to_owned(), "one".to_owned())].into()));
/// let notes = tf.resource::<Note>("notes_note").unwrap();
/// let config = NoteConfig { name: "a".into(), ..NoteConfig::default() };
/// let refused = notes.create(config).await.unwrap_err();
/// assert_eq!(refused.diagnostics.iter().next().unwrap().summary(), "The name is taken");
/// assert!(refused.state.is_none(), "nothing was created");
/// # });
/// ```
#[non_exhaustive]
pub struct Refused<M> {
    /// What the user sees.
    pub diagnostics: Diagnostics,
    /// The state that is stored nevertheless.
    pub state: Option<Stored<M>>,
}

impl<M> fmt::Debug for Refused<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refused").field("diagnostics", &self.diagnostics).field("state", &self.state).finish()
    }
}

impl<M> From<Diagnostics> for Refused<M> {
    fn from(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, state: None }
    }
}
