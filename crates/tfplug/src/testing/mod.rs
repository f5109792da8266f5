//! A test harness for providers, without a core, a socket or generated types: plan, apply, read, import, list and invoke on
//! models.
//!
//! The calls go through the same functions that serve a core, and the rules of a core are applied around them: the proposed
//! state before a plan, and the checks of plans and states.
//!
//! ```
//! # use tfplug::{Applied, Computed, Context, Diagnostics, Existing, Model, Offers, Prior, Provider, Resource, Setup};
//! use tfplug::testing::Harness;
//!
//! /// A counter.
//! #[derive(Model)]
//! #[tf(resource)]
//! struct Counter {
//!     /// Its name.
//!     #[tf(required, identity, requires_replace)]
//!     name: String,
//!     /// What it counts to.
//!     #[tf(default = 10, range(1..=100))]
//!     most: i64,
//! }
//! # struct Counters;
//! # impl Resource for Counters {
//! #     type Client = ();
//! #     type Model = Counter;
//! #     async fn create(&self, _: &Context<'_, ()>, plan: Counter) -> Applied<Counter> { Ok(plan) }
//! #     async fn read(&self, _: &Context<'_, ()>, prior: Prior<Counter>) -> Result<Option<Counter>, Diagnostics> { prior.into_whole().map(Some) }
//! #     async fn update(&self, _: &Context<'_, ()>, _: Existing<Counter>, plan: Counter) -> Applied<Counter> { Ok(plan) }
//! #     async fn delete(&self, _: &Context<'_, ()>, _: Existing<Counter>) -> Result<(), Diagnostics> { Ok(()) }
//! # }
//! # /// Counts.
//! # #[derive(Model)]
//! # #[tf(provider)]
//! # struct Block {}
//! # struct Counting;
//! # impl Provider for Counting {
//! #     type Client = ();
//! #     type Config = Block;
//! #     async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> { Ok(Some(())) }
//! #     fn offers(&self) -> Offers<()> { Offers::new().resource("counting_counter", Counters) }
//! # }
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let tf = Harness::with_client(Counting, ());
//! let counters = tf.resource::<Counter>("counting_counter").unwrap();
//!
//! let config = CounterConfig { name: "a".into(), ..CounterConfig::default() };
//! let counter = counters.create(config.clone()).await.unwrap();
//! assert_eq!(counter.model().unwrap().most, 10);
//! assert!(counters.plan(Some(&counter), config).await.unwrap().is_empty());
//!
//! let wrong = CounterConfig { name: "a".into(), most: 101.into() };
//! let refused = counters.plan(Some(&counter), wrong).await.unwrap_err();
//! assert_eq!(refused.iter().next().unwrap().summary(), "Invalid most");
//! # });
//! ```

mod calls;
mod core;
#[cfg(test)]
mod final_plan_tests;
mod functions;
mod handshake;
mod messages;
mod other_types;
#[cfg(test)]
mod outcome_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod removal_tests;
mod resource;
mod state_stores;
mod stored;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_type_tests;

use std::collections::BTreeMap;
use std::marker::PhantomData;

use tonic::{Request, Response, Status};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Field as _, Model, ProviderMetaModel, ResourceModel};
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::provider::Provider;
use crate::schema::{Is, completed};
use crate::serve::Process;
use crate::server::{Server, resource_schema};
use crate::type_erasure::{Described as _, fitted};
pub use calls::{Answer, Call, Rpc};
#[doc(hidden)]
pub use handshake::{Handshake, handshake};
pub use other_types::{Invoked, Lease, Listed, Listing, Query};
pub use resource::Managed;
pub use state_stores::ConfiguredStore;
pub use stored::{Plan, Refused, Stored};

/// A provider under test.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::Harness;
///
/// // The block of the provider is configured as a core configures it.
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::new(Notes);
/// tf.configure(BlockConfig { first: "a".into() }).await.unwrap();
/// let found = tf.read::<Found>("notes_note", FoundConfig { name: "a".into(), ..FoundConfig::default() }).await.unwrap();
/// assert_eq!(found.text.get().map(String::as_str), Some("first"));
///
/// // Or a test gives the client itself.
/// let tf = Harness::with_client(Notes, Texts::default());
/// assert!(tf.resource::<Note>("notes_page").is_err(), "there is no such resource");
/// # });
/// ```
pub struct Harness<P: Provider> {
    server: Server<P>,
    provider_meta: Option<pb::DynamicValue>,
}

impl<P: Provider> Harness<P> {
    /// A provider that is not configured yet.
    pub fn new(provider: P) -> Self {
        Self { server: Server::new(provider, Process::default()), provider_meta: None }
    }

    /// A provider that works with this client, as if its block had been configured.
    pub fn with_client(provider: P, client: P::Client) -> Self {
        Self { server: Server::with_client(provider, client), provider_meta: None }
    }

    /// The same provider, used by a module with this `provider_meta` block.
    ///
    /// ```
    #[doc = include_str!("example_provider.txt")]
    /// use tfplug::testing::Harness;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let tf = Harness::with_client(Notes, Texts::new([("a".to_owned(), "one".to_owned())].into()));
    /// let tf = tf.in_module::<Module>(ModuleConfig { name: "billing".into() }).unwrap();
    /// let config = FoundConfig { name: "a".into(), ..FoundConfig::default() };
    /// let found = tf.read::<Found>("notes_note", config).await.unwrap();
    /// assert_eq!(found.text.get().map(String::as_str), Some("one, read by billing"));
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// A diagnostic if the provider offers no such block.
    pub fn in_module<M: ProviderMetaModel>(self, block: M::Config) -> Result<Self, Diagnostics> {
        let declared = self.server.offers().provider_meta.as_ref();
        let declared = declared.ok_or_else(|| messages::broken("the provider has no provider_meta block"))?;
        let provider_meta = messages::encode(&messages::value(block, declared), declared.value_type())?;
        Ok(Self { provider_meta, ..self })
    }

    /// Validates and configures the provider block.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn configure(&self, block: <P::Config as Model>::Config) -> Result<Diagnostics, Diagnostics> {
        let kind = <P::Config as crate::Field>::value_type();
        let block = completed(self.server.provider_schema().all(), Is::Config, fitted(block.into_value(), &kind));
        let config = messages::encode(&block, &kind)?;
        let request = pb::validate_provider_config::Request { config: config.clone() };
        messages::checked(answered(self.server.validate_provider_config(Request::new(request)).await)?.diagnostics)?;
        let request =
            pb::configure_provider::Request { terraform_version: "1.15.0".to_owned(), config, ..Default::default() };
        messages::checked(answered(self.server.configure_provider(Request::new(request)).await)?.diagnostics)
    }

    /// The resource type of that name.
    ///
    /// # Errors
    ///
    /// A diagnostic if there is none, or it has a different model.
    pub fn resource<M: ResourceModel>(&self, name: &str) -> Result<Managed<'_, P, M>, Diagnostics> {
        let resource = found(&self.server.offers().resources, name)?;
        if M::ATTRIBUTES.iter().any(|name| !resource.schema().all().contains_key(name)) {
            return Err(messages::broken(&format!("{name} has a different model")));
        }
        let block =
            core::Block::of(&resource_schema(resource.schema())).map_err(|problem| messages::broken(&problem))?;
        Ok(Managed {
            server: &self.server,
            block,
            provider_meta: self.provider_meta.clone(),
            resource,
            name: name.to_owned(),
            model: PhantomData,
        })
    }
}

fn found<'a, T: ?Sized>(all: &'a BTreeMap<String, Box<T>>, name: &str) -> Result<&'a T, Diagnostics> {
    let known = || all.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let missing = || Diagnostic::error(format!("The provider has no {name}"), format!("It has: {}.", known()));
    all.get(name).map(AsRef::as_ref).ok_or_else(|| missing().into())
}

/// Unwraps a response; every failure of a provider is a diagnostic, so an error status is a bug.
fn answered<T>(answer: Result<Response<T>, Status>) -> Result<T, Diagnostics> {
    answer.map(Response::into_inner).map_err(|status| messages::broken(&status.to_string()))
}

fn path(wire: &pb::AttributePath) -> crate::Path {
    messages::path(wire)
}
