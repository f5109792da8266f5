//! Data sources, ephemeral resources, actions and lists.

use std::time::SystemTime;

use bytes::Bytes;
use futures_util::StreamExt as _;
use tonic::Request;

use super::{Harness, answered, found, messages};
use crate::diagnostic::Diagnostics;
use crate::model::{
    ActionModel, DataSourceModel, EphemeralResourceModel, Field as _, ListResourceModel, ResourceModel,
};
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::invoke_action::event::Type as Event;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::provider::Provider;
use crate::value::Value;

/// An ephemeral resource that is open.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::Harness;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::default());
/// let config = TokenConfig { user: "ann".into(), ..TokenConfig::default() };
/// let lease = tf.open::<Token>("notes_token", config).await.unwrap();
/// assert_eq!(lease.result.token.get().map(String::as_str), Some("token of ann"));
/// assert!(lease.renew_at.is_some());
/// let lease = tf.renew("notes_token", lease).await.unwrap();
/// assert!(lease.renew_at.is_none(), "once is enough");
/// tf.close("notes_token", lease).await.unwrap();
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Lease<M> {
    /// The result.
    pub result: M,
    /// When to renew it.
    pub renew_at: Option<SystemTime>,
    /// What it warned of when it was opened.
    pub warnings: Diagnostics,
    private: Option<Bytes>,
}

/// What a `list` block asks for besides its configuration.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::{Harness, Query};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let all = ["a", "b"].map(|name| (name.to_owned(), "one".to_owned()));
/// let tf = Harness::with_client(Notes, Texts::new(all.into()));
/// let query = Query { limit: 1, include_resource: true };
/// let listing = tf.list::<All, Note>("notes_note", AllConfig {}, query).await.unwrap();
/// assert!(listing.warnings.is_empty());
/// let [note] = listing.results.as_slice() else { panic!("a query takes no more than it asked for") };
/// assert_eq!((note.display_name.as_str(), note.identity.name.as_str()), ("a", "a"));
/// assert_eq!(note.resource.as_ref().unwrap().text, "one");
/// # });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// At most so many objects.
    pub limit: usize,
    /// Whether their attributes are asked for.
    pub include_resource: bool,
}

/// A core's own: 100 objects, without their attributes.
impl Default for Query {
    fn default() -> Self {
        Self { limit: 100, include_resource: false }
    }
}

/// What a list found.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::{Harness, Listing, Query};
///
/// /// What a test looks at.
/// fn names(listing: &Listing<Note, NoteIdentity>) -> Vec<&str> {
///     listing.results.iter().map(|one| one.display_name.as_str()).collect()
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let all = ["a", "b"].map(|name| (name.to_owned(), "one".to_owned()));
/// let tf = Harness::with_client(Notes, Texts::new(all.into()));
/// let listing = tf.list::<All, Note>("notes_note", AllConfig {}, Query::default()).await.unwrap();
/// assert_eq!(names(&listing), ["a", "b"]);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Listing<M, I> {
    /// The objects, in the order in which they came.
    pub results: Vec<Listed<M, I>>,
    /// What was said about them, or about others.
    pub warnings: Diagnostics,
}

/// An action that succeeded.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::Harness;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::default());
/// let invoked = tf.invoke::<Message>("notes_send", MessageConfig { name: "a".into() }).await.unwrap();
/// assert_eq!(invoked.progress, ["Sending a"]);
/// assert!(invoked.warnings.is_empty());
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Invoked {
    /// The lines of progress.
    pub progress: Vec<String>,
    /// What it warned of.
    pub warnings: Diagnostics,
}

/// An object that was listed.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::{Harness, Query};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::new([("a".to_owned(), "one".to_owned())].into()));
/// let listing = tf.list::<All, Note>("notes_note", AllConfig {}, Query::default()).await.unwrap();
/// assert!(listing.results[0].resource.is_none(), "the query does not ask for the attributes");
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Listed<M, I> {
    /// Its name for users.
    pub display_name: String,
    /// What identifies it.
    pub identity: I,
    /// Its attributes, if they were asked for.
    pub resource: Option<M>,
}

impl<P: Provider> Harness<P> {
    /// Validates the configuration of a data source and reads it.
    ///
    /// ```
    #[doc = include_str!("example_provider.txt")]
    /// use tfplug::testing::Harness;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let tf = Harness::with_client(Notes, Texts::new([("a".to_owned(), "one".to_owned())].into()));
    /// let config = FoundConfig { name: "a".into(), ..FoundConfig::default() };
    /// let found = tf.read::<Found>("notes_note", config).await.unwrap();
    /// assert_eq!(found.text.get().map(String::as_str), Some("one"));
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of the provider, and what a core would reject in its response.
    pub async fn read<M: DataSourceModel>(&self, name: &str, config: M::Config) -> Result<M, Diagnostics> {
        let data_source = found(&self.server.offers().data_sources, name)?;
        let kind = data_source.value_type();
        let said = messages::value(config, data_source);
        let (type_name, config) = (name.to_owned(), messages::encode(&said, kind)?);
        let request =
            pb::validate_data_resource_config::Request { type_name: type_name.clone(), config: config.clone() };
        messages::checked(
            answered(self.server.validate_data_resource_config(Request::new(request)).await)?.diagnostics,
        )?;
        let provider_meta = self.provider_meta.clone();
        let request = pb::read_data_source::Request { type_name, config, provider_meta, ..Default::default() };
        let answer = answered(self.server.read_data_source(Request::new(request)).await)?;
        messages::checked(answer.diagnostics)?;
        let state = messages::decode(answer.state.as_ref(), kind)?;
        keeps(&said, &state)?;
        messages::model(state)
    }

    /// Validates the configuration of an ephemeral resource and opens it.
    ///
    /// # Errors
    ///
    /// The errors of the provider, and what a core would reject in its response.
    pub async fn open<M: EphemeralResourceModel>(
        &self,
        name: &str,
        config: M::Config,
    ) -> Result<Lease<M>, Diagnostics> {
        let ephemeral = found(&self.server.offers().ephemeral_resources, name)?;
        let kind = ephemeral.value_type();
        let said = messages::value(config, ephemeral);
        let (type_name, config) = (name.to_owned(), messages::encode(&said, kind)?);
        let request =
            pb::validate_ephemeral_resource_config::Request { type_name: type_name.clone(), config: config.clone() };
        let checked = self.server.validate_ephemeral_resource_config(Request::new(request)).await;
        messages::checked(answered(checked)?.diagnostics)?;
        let request = pb::open_ephemeral_resource::Request { type_name, config, ..Default::default() };
        let answer = answered(self.server.open_ephemeral_resource(Request::new(request)).await)?;
        let warnings = messages::checked(answer.diagnostics)?;
        let result = messages::decode(answer.result.as_ref(), kind)?;
        keeps(&said, &result)?;
        let renew_at = answer.renew_at.and_then(|at| SystemTime::try_from(at).ok());
        Ok(Lease { result: messages::model(result)?, renew_at, warnings, private: answer.private })
    }

    /// Renews an ephemeral resource that is open.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn renew<M>(&self, name: &str, lease: Lease<M>) -> Result<Lease<M>, Diagnostics> {
        let request =
            pb::renew_ephemeral_resource::Request { type_name: name.to_owned(), private: lease.private.clone() };
        let answer = answered(self.server.renew_ephemeral_resource(Request::new(request)).await)?;
        messages::checked(answer.diagnostics)?;
        let renew_at = answer.renew_at.and_then(|at| SystemTime::try_from(at).ok());
        Ok(Lease { renew_at, private: answer.private, ..lease })
    }

    /// Closes an ephemeral resource that is open.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn close<M: Send>(&self, name: &str, lease: Lease<M>) -> Result<(), Diagnostics> {
        let request = pb::close_ephemeral_resource::Request { type_name: name.to_owned(), private: lease.private };
        let answer = answered(self.server.close_ephemeral_resource(Request::new(request)).await)?;
        messages::checked(answer.diagnostics).map(drop)
    }

    /// Validates the configuration of an action, plans it and invokes it.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn invoke<M: ActionModel>(&self, name: &str, config: M::Config) -> Result<Invoked, Diagnostics> {
        let action = found(&self.server.offers().actions, name)?;
        let config = messages::encode(&messages::value(config, action), action.value_type())?;
        let action_type = name.to_owned();
        let request = pb::validate_action_config::Request { type_name: action_type.clone(), config: config.clone() };
        messages::checked(answered(self.server.validate_action_config(Request::new(request)).await)?.diagnostics)?;
        let (action, values) = (action_type.clone(), config.clone());
        let request = pb::plan_action::Request { action_type: action, config: values, ..Default::default() };
        messages::checked(answered(self.server.plan_action(Request::new(request)).await)?.diagnostics)?;
        let request = pb::invoke_action::Request { action_type, config, ..Default::default() };
        let mut events = answered(self.server.invoke_action(Request::new(request)).await)?;
        let mut progress = Vec::new();
        while let Some(event) = events.next().await {
            match event.map_err(|status| messages::broken(&status.to_string()))?.r#type {
                Some(Event::Progress(line)) => progress.push(line.message),
                Some(Event::Completed(end)) => {
                    return messages::checked(end.diagnostics).map(|warnings| Invoked { progress, warnings });
                }
                None => return Err(messages::broken("an event is empty")),
            }
        }
        Err(messages::broken("the action ended without a completion event"))
    }

    /// Validates the configuration of a list and reads its results as a core does: at most `limit`, and none after an error.
    ///
    /// # Errors
    ///
    /// The errors of the provider, and what a core would reject in its response.
    pub async fn list<M: ListResourceModel, R: ResourceModel>(
        &self,
        name: &str,
        config: M::Config,
        query: Query,
    ) -> Result<Listing<R, R::Identity>, Diagnostics> {
        let list = found(&self.server.offers().list_resources, name)?;
        let config = messages::encode(&messages::value(config, list), list.value_type())?;
        let type_name = name.to_owned();
        let request = pb::validate_list_resource_config::Request {
            type_name: type_name.clone(),
            config: config.clone(),
            ..Default::default()
        };
        let mut warnings = messages::checked(
            answered(self.server.validate_list_resource_config(Request::new(request)).await)?.diagnostics,
        )?;
        let Query { limit, include_resource } = query;
        let request = pb::list_resource::Request {
            type_name,
            config,
            include_resource_object: include_resource,
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        };
        let mut events = answered(self.server.list_resource(Request::new(request)).await)?;
        let mut results = Vec::new();
        while results.len() < limit
            && let Some(event) = events.next().await
        {
            let event = event.map_err(|status| messages::broken(&status.to_string()))?;
            warnings.extend(messages::checked(event.diagnostic)?);
            match event.identity {
                Some(identity) => {
                    results.push(self.listed(name, &identity, event.display_name, event.resource_object)?)
                }
                None if warnings.is_empty() => return Err(messages::broken("an event has no identity")),
                None => {}
            }
        }
        Ok(Listing { results, warnings })
    }

    fn listed<R: ResourceModel>(
        &self,
        name: &str,
        identity: &pb::ResourceIdentityData,
        display_name: String,
        resource: Option<pb::DynamicValue>,
    ) -> Result<Listed<R, R::Identity>, Diagnostics> {
        let kind = found(&self.server.offers().resources, name)?.value_type();
        let identity = messages::decode(identity.identity_data.as_ref(), &R::Identity::value_type())?;
        let resource =
            resource.map(|resource| messages::model(messages::decode(Some(&resource), kind)?)).transpose()?;
        Ok(Listed { display_name, identity: messages::model(identity)?, resource })
    }
}

/// A core rejects a response that changes what the configuration sets.
fn keeps(config: &Value, answer: &Value) -> Result<(), Diagnostics> {
    let members = config.members().into_iter().flatten();
    let set = members.filter(|(_, value)| !value.is_null() && !matches!(value, Value::Object(_)));
    match set.into_iter().find(|(name, value)| answer.get(name) != *value) {
        Some((name, _)) => Err(messages::broken(&format!("{name} differs from the configuration"))),
        None => Ok(()),
    }
}
