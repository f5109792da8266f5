//! Data sources: what an author implements, and how the server sees it.

use std::future::Future;

use futures_util::future::BoxFuture;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::{DataSourceModel, Field as _, Model};
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, validate_model};
use crate::value::Value;

/// A type of object that is read, but not managed.
pub trait DataSource: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// One field per attribute.
    type Model: DataSourceModel;

    /// The attributes and their rules. By default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// Checks that concern several attributes at once. Anything may be unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Reads the object. The configuration is wholly known; the result keeps the values that it sets.
    fn read(
        &self,
        cx: &Context<'_, Self::Client>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

/// A [`DataSource`] with its types erased.
pub(crate) trait AnyDataSource<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn read<'a>(&'a self, cx: &'a Context<'a, C>, config: Value) -> BoxFuture<'a, Result<Value, Diagnostics>>;
}

impl<D: DataSource> AnyDataSource<D::Client> for Typed<D> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn read<'a>(&'a self, cx: &'a Context<'a, D::Client>, config: Value) -> BoxFuture<'a, Result<Value, Diagnostics>> {
        Box::pin(async move { Ok(self.fitted(self.inner.read(cx, to_model(config)?).await?.into_value())) })
    }
}
