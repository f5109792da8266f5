//! Managed resources as a core plans, applies, reads, imports and destroys them.

use std::marker::PhantomData;

use bytes::Bytes;
use tonic::Request;

use super::{Plan, Refused, Stored, core, messages};
use crate::any_resource::AnyResource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Field as _, ResourceModel};
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::provider::Provider;
use crate::schema::{Attributes, is_removed};
use crate::server::Server;
use crate::value::{Type, Value};

/// One resource type under test, from [`Harness::resource`](super::Harness::resource).
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::Harness;
///
/// /// A note in a configuration.
/// fn note(name: &str, text: &str) -> NoteConfig {
///     NoteConfig { name: name.into(), text: text.into() }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::default());
/// let notes = tf.resource::<Note>("notes_note").unwrap();
///
/// // A create, an update and a plan that replaces.
/// let stored = notes.create(note("a", "one")).await.unwrap();
/// let plan = notes.plan(Some(&stored), note("a", "two")).await.unwrap();
/// assert_eq!(plan.changes(), ["text"]);
/// let stored = notes.apply(plan).await.unwrap();
/// let plan = notes.plan(Some(&stored), note("b", "two")).await.unwrap();
/// assert_eq!(plan.replaces(), ["name"]);
///
/// // A refresh, an import and the end.
/// assert_eq!(notes.read(&stored).await.unwrap().unwrap().model().unwrap().text, "two");
/// let imported = notes.import("a").await.unwrap();
/// assert!(notes.plan(Some(&imported), note("a", "two")).await.unwrap().is_empty());
/// notes.destroy(imported).await.unwrap();
/// assert!(notes.read(&stored).await.unwrap().is_none());
/// # });
/// ```
pub struct Managed<'a, P: Provider, M> {
    pub(super) server: &'a Server<P>,
    pub(super) provider_meta: Option<pb::DynamicValue>,
    pub(super) resource: &'a dyn AnyResource<P::Client>,
    pub(super) block: core::Block,
    pub(super) name: String,
    pub(super) model: PhantomData<M>,
}

/// What the next plan would take for removed from the configuration, although it never was in it, one line for each attribute.
fn unasked(attributes: &Attributes, config: &Value, state: &Value) -> Vec<String> {
    let all = attributes.iter().filter(|(name, one)| is_removed(one, state.get(name), config.get(name)));
    let text = "is not configured, and has values in it that only a configuration can set: every plan would decide it anew. What \
                the provider sets as well has to be optional and computed";
    all.map(|(name, _)| format!("{name} {text}")).collect()
}

impl<P: Provider, M: ResourceModel> Managed<'_, P, M> {
    fn attributes(&self) -> &Attributes {
        self.resource.schema().all()
    }

    fn value_type(&self) -> &Type {
        self.resource.value_type()
    }

    /// The warnings of `terraform validate`.
    ///
    /// ```
    #[doc = include_str!("example_provider.txt")]
    /// use tfplug::testing::Harness;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let tf = Harness::with_client(Notes, Texts::default());
    /// let notes = tf.resource::<Note>("notes_note").unwrap();
    /// let long = NoteConfig { name: "a name of many letters".into(), ..NoteConfig::default() };
    /// let errors = notes.validate(long).await.unwrap_err();
    /// assert!(errors.iter().next().unwrap().detail().ends_with("Allowed: 1 to 10 characters."));
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// Its errors.
    pub async fn validate(&self, config: M::Config) -> Result<Diagnostics, Diagnostics> {
        self.validate_value(&messages::value(config, self.resource)).await
    }

    async fn validate_value(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        let request = pb::validate_resource_config::Request {
            type_name: self.name.clone(),
            config: messages::encode(config, self.value_type())?,
            client_capabilities: Some(pb::ClientCapabilities {
                write_only_attributes_allowed: true,
                computed_blocks_allowed: true,
                ..Default::default()
            }),
        };
        let answer = self.server.validate_resource_config(Request::new(request)).await;
        messages::checked(super::answered(answer)?.diagnostics)
    }

    /// Validates the configuration and plans it: a create without `prior`, else an update or a replacement.
    ///
    /// # Errors
    ///
    /// The errors of the provider, and what a core would reject in its plan.
    pub async fn plan(&self, prior: Option<&Stored<M>>, config: M::Config) -> Result<Plan<M>, Diagnostics> {
        let config = messages::value(config, self.resource);
        self.validate_value(&config).await?;
        let before = prior.map_or(&Value::Null, |prior| &prior.value);
        let private = prior.map_or_else(Bytes::new, |prior| prior.private.clone());
        let mut plan = self.planned(before, private, &config).await?;
        if !plan.replaces.is_empty() {
            let created = self.planned(&Value::Null, Bytes::new(), &config).await?;
            plan.warnings.extend(created.warnings);
            (plan.planned, plan.private) = (created.planned, created.private);
        }
        plan.first_private = plan.private.clone();
        Ok(Plan { prior: prior.cloned(), ..plan })
    }

    /// Plans once more with the values that were unknown in the first plan, as a core does during an apply.
    ///
    /// ```
    #[doc = include_str!("example_provider.txt")]
    /// use tfplug::Attr;
    /// use tfplug::testing::Harness;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let tf = Harness::with_client(Notes, Texts::default());
    /// let notes = tf.resource::<Note>("notes_note").unwrap();
    /// // The text comes from something that the same apply creates.
    /// let open = NoteConfig { name: "a".into(), text: Attr::Unknown };
    /// let first = notes.plan(None, open).await.unwrap();
    /// assert_eq!(first.unknowns(), ["text"]);
    /// let known = NoteConfig { name: "a".into(), text: "made".into() };
    /// let plan = notes.plan_with_known_values(first, known).await.unwrap();
    /// assert_eq!(notes.apply(plan).await.unwrap().model().unwrap().text, "made");
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Self::plan`], and what a core would reject as inconsistent with the first plan.
    pub async fn plan_with_known_values(&self, first: Plan<M>, config: M::Config) -> Result<Plan<M>, Diagnostics> {
        let config = messages::value(config, self.resource);
        self.validate_value(&config).await?;
        let kept = first.prior.as_ref().filter(|_| first.replaces.is_empty());
        let (before, private) = match kept {
            Some(prior) => (&prior.value, prior.private.clone()),
            None => (&Value::Null, Bytes::new()),
        };
        let last = self.planned(before, private, &config).await?;
        let mut problems = core::compatible(&self.block, &first.planned, &last.planned);
        if kept.is_some() && !last.replaces.is_empty() {
            problems.push(format!("{} was to be updated, and is now to be replaced", last.replaces.join(", ")));
        }
        if kept.is_some_and(|prior| prior.value == first.planned) && last.planned != first.planned {
            problems.push("nothing was to be changed".to_owned());
        }
        if !problems.is_empty() {
            return Err(messages::broken(&problems.join("\n")));
        }
        Ok(Plan { prior: first.prior, first_private: first.first_private, replaces: first.replaces, ..last })
    }

    async fn planned(&self, prior: &Value, private: Bytes, config: &Value) -> Result<Plan<M>, Diagnostics> {
        let proposed = core::proposed(&self.block, prior, config);
        let request = pb::plan_resource_change::Request {
            type_name: self.name.clone(),
            prior_state: messages::encode(prior, self.value_type())?,
            proposed_new_state: messages::encode(&proposed, self.value_type())?,
            config: messages::encode(config, self.value_type())?,
            prior_private: private,
            provider_meta: self.provider_meta.clone(),
            ..Default::default()
        };
        let answer = super::answered(self.server.plan_resource_change(Request::new(request)).await)?;
        let warnings = messages::checked(answer.diagnostics)?;
        let planned = messages::decode(answer.planned_state.as_ref(), self.value_type())?;
        let mut problems = core::valid(&self.block, prior, config, &planned);
        let replaces: Vec<_> = answer.requires_replace.iter().map(super::path).collect();
        let missing = replaces.iter().filter(|path| !core::exists(path, prior) && !core::exists(path, &planned));
        problems.extend(missing.map(|path| format!("{path} requires a replacement, and does not exist")));
        if !problems.is_empty() {
            return Err(messages::broken(&problems.join("\n")));
        }
        let replaces = replaces.iter().map(ToString::to_string).collect();
        let (config, private, first_private) = (config.clone(), answer.planned_private.clone(), answer.planned_private);
        Ok(Plan { prior: None, config, planned, private, first_private, replaces, warnings })
    }

    /// Applies a plan; a replacement destroys first.
    ///
    /// # Errors
    ///
    /// The errors of the provider, and what a core would reject in the state, with the state that is stored nevertheless.
    pub async fn apply(&self, plan: Plan<M>) -> Result<Stored<M>, Refused<M>> {
        let Plan { prior, config, planned, private, first_private, replaces, warnings: _ } = plan;
        let prior = match prior {
            Some(prior) if !replaces.is_empty() => {
                // As a core does, with the private data that was planned for the new object.
                self.applied(&prior.value, &Value::Null, &Value::Null, first_private).await?;
                None
            }
            prior => prior,
        };
        let before = prior.map_or(Value::Null, |prior| prior.value);
        match self.applied(&before, &planned, &config, private).await? {
            Some(stored) => Ok(stored),
            None => Err(messages::broken("the apply returned no state").into()),
        }
    }

    /// Plans and applies in one.
    ///
    /// # Errors
    ///
    /// As for [`Self::plan`] and [`Self::apply`].
    pub async fn create(&self, config: M::Config) -> Result<Stored<M>, Refused<M>> {
        let plan = self.plan(None, config).await?;
        self.apply(plan).await
    }

    /// Destroys the object.
    ///
    /// # Errors
    ///
    /// The errors of the provider; the state is then kept.
    pub async fn destroy(&self, stored: Stored<M>) -> Result<(), Refused<M>> {
        self.applied(&stored.value, &Value::Null, &Value::Null, stored.private).await.map(drop)
    }

    async fn applied(
        &self,
        prior: &Value,
        planned: &Value,
        config: &Value,
        private: Bytes,
    ) -> Result<Option<Stored<M>>, Refused<M>> {
        let request = pb::apply_resource_change::Request {
            type_name: self.name.clone(),
            prior_state: messages::encode(prior, self.value_type())?,
            planned_state: messages::encode(planned, self.value_type())?,
            config: messages::encode(config, self.value_type())?,
            planned_private: private,
            provider_meta: self.provider_meta.clone(),
            ..Default::default()
        };
        let answer = super::answered(self.server.apply_resource_change(Request::new(request)).await)?;
        let value = messages::decode(answer.new_state.as_ref(), self.value_type())?;
        let state = if value.is_null() { None } else { Some(Stored::new(value.clone(), answer.private)) };
        let state = match messages::checked(answer.diagnostics) {
            Ok(warnings) => state.map(|state| state.warned(warnings)),
            Err(diagnostics) => return Err(Refused { diagnostics, state }),
        };
        let mut problems = core::compatible(&self.block, planned, &value);
        problems.extend(value.unknowns().iter().map(|path| format!("{path} is still unknown after the apply")));
        problems.extend(unasked(self.attributes(), config, &value));
        if problems.is_empty() {
            return Ok(state);
        }
        Err(Refused { diagnostics: messages::broken(&problems.join("\n")), state })
    }

    /// Refreshes the object; `None` if it no longer exists.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn read(&self, stored: &Stored<M>) -> Result<Option<Stored<M>>, Diagnostics> {
        let request = pb::read_resource::Request {
            type_name: self.name.clone(),
            current_state: messages::encode(&stored.value, self.value_type())?,
            private: stored.private.clone(),
            provider_meta: self.provider_meta.clone(),
            ..Default::default()
        };
        let answer = super::answered(self.server.read_resource(Request::new(request)).await)?;
        let warnings = messages::checked(answer.diagnostics)?;
        let value = messages::decode(answer.new_state.as_ref(), self.value_type())?;
        Ok(if value.is_null() { None } else { Some(Stored::new(value, answer.private).warned(warnings)) })
    }

    /// Imports by id, as `terraform import` does, and reads the object.
    ///
    /// # Errors
    ///
    /// The errors of the provider, or that there is no such object.
    pub async fn import(&self, id: &str) -> Result<Stored<M>, Diagnostics> {
        self.imported(pb::import_resource_state::Request { id: id.to_owned(), ..Default::default() }).await
    }

    /// Imports by identity, and reads the object.
    ///
    /// ```
    #[doc = include_str!("example_provider.txt")]
    /// use tfplug::testing::Harness;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let tf = Harness::with_client(Notes, Texts::new([("a".to_owned(), "one".to_owned())].into()));
    /// let notes = tf.resource::<Note>("notes_note").unwrap();
    /// let note = notes.import_identity(NoteIdentity { name: "a".to_owned() }).await.unwrap();
    /// assert_eq!(note.model().unwrap().text, "one");
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Self::import`].
    pub async fn import_identity(&self, identity: M::Identity) -> Result<Stored<M>, Diagnostics> {
        let identity_data = messages::encode(&identity.into_value(), &M::Identity::value_type())?;
        let identity = Some(pb::ResourceIdentityData { identity_data });
        self.imported(pb::import_resource_state::Request { identity, ..Default::default() }).await
    }

    async fn imported(&self, request: pb::import_resource_state::Request) -> Result<Stored<M>, Diagnostics> {
        let request = pb::import_resource_state::Request { type_name: self.name.clone(), ..request };
        let answer = super::answered(self.server.import_resource_state(Request::new(request)).await)?;
        messages::checked(answer.diagnostics)?;
        let imported = answer.imported_resources.into_iter().next().unwrap_or_default();
        let value = messages::decode(imported.state.as_ref(), self.value_type())?;
        let found = self.read(&Stored::new(value, imported.private)).await?;
        found.ok_or_else(|| Diagnostic::error("Cannot import non-existent remote object", "It cannot be read.").into())
    }

    /// Reads a state that an older version of the schema wrote.
    ///
    /// ```
    #[doc = include_str!("example_provider.txt")]
    /// use tfplug::testing::Harness;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let tf = Harness::with_client(Notes, Texts::default());
    /// let notes = tf.resource::<Note>("notes_note").unwrap();
    /// // Version 0 had a title in place of the name.
    /// let note = notes.upgrade(0, &serde_json::json!({ "title": "a" })).await.unwrap();
    /// assert_eq!(note.value().get("name").as_str(), Some("a"));
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn upgrade(&self, version: i64, state: &serde_json::Value) -> Result<Stored<M>, Diagnostics> {
        let json = state.to_string().into_bytes().into();
        let raw_state = Some(pb::RawState { json, ..Default::default() });
        let request = pb::upgrade_resource_state::Request { type_name: self.name.clone(), version, raw_state };
        let answer = super::answered(self.server.upgrade_resource_state(Request::new(request)).await)?;
        let warnings = messages::checked(answer.diagnostics)?;
        let state = messages::decode(answer.upgraded_state.as_ref(), self.value_type())?;
        Ok(Stored::new(state, Bytes::new()).warned(warnings))
    }
}
