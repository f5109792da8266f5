//! List resources: finding objects that exist, for `terraform query`.

use std::future::Future;

use futures_util::future::BoxFuture;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::{Field, ListResourceModel, Model, ResourceModel};
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, validate_model};
use crate::value::Value;

/// One object that was found.
#[derive(Debug)]
pub struct Found<M> {
    /// Its name for users.
    pub display_name: String,
    /// The managed resource's state, from which its identity is taken.
    pub state: M,
}

/// Finds the objects of one managed resource type, which has the same name and a resource identity.
pub trait ListResource: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// One field per attribute of the list block's configuration.
    type Model: ListResourceModel;
    /// The managed resource's model.
    type Found: ResourceModel;

    /// The attributes of the list block and their rules; none is computed. By default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// Checks that concern several attributes at once. Anything may be unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Finds at most `limit` objects.
    fn list(
        &self,
        cx: &Context<'_, Self::Client>,
        config: Self::Model,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Found<Self::Found>>, Diagnostics>> + Send;
}

/// A [`ListResource`] with its types erased.
pub(crate) trait AnyListResource<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn list<'a>(
        &'a self,
        cx: &'a Context<'a, C>,
        config: Value,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Found<Value>>, Diagnostics>>;
}

impl<L: ListResource> AnyListResource<L::Client> for Typed<L> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn list<'a>(
        &'a self,
        cx: &'a Context<'a, L::Client>,
        config: Value,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Found<Value>>, Diagnostics>> {
        Box::pin(async move {
            let found = self.inner.list(cx, to_model(config)?, limit).await?;
            let erased = found
                .into_iter()
                .map(|Found { display_name, state }| Found { display_name, state: state.into_value() });
            Ok(erased.collect())
        })
    }
}
