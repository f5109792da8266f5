//! Actions: operations that leave no state.

use std::future::Future;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::{ActionModel, Model};
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, validate_model};
use crate::value::Value;

/// Shows progress lines to the user while an action runs.
#[derive(Clone, Debug)]
pub struct Progress(mpsc::UnboundedSender<String>);

impl Progress {
    pub(crate) fn new(lines: mpsc::UnboundedSender<String>) -> Self {
        Self(lines)
    }

    /// Shows one line. It is not an error if the core no longer listens.
    pub fn say(&self, line: impl Into<String>) {
        if self.0.send(line.into()).is_err() {
            tracing::debug!("nobody listens to the action's progress");
        }
    }
}

/// An operation that a run performs on request.
pub trait Action: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// One field per attribute.
    type Model: ActionModel;

    /// The attributes and their rules; none is computed. By default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// Checks that concern several attributes at once. Anything may be unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Performs the action. The configuration is wholly known.
    fn invoke(
        &self,
        cx: &Context<'_, Self::Client>,
        config: Self::Model,
        progress: Progress,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// An [`Action`] with its types erased.
pub(crate) trait AnyAction<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn invoke<'a>(
        &'a self,
        cx: &'a Context<'a, C>,
        config: Value,
        progress: Progress,
    ) -> BoxFuture<'a, Result<(), Diagnostics>>;
}

impl<A: Action> AnyAction<A::Client> for Typed<A> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn invoke<'a>(
        &'a self,
        cx: &'a Context<'a, A::Client>,
        config: Value,
        progress: Progress,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move { self.inner.invoke(cx, to_model(config)?, progress).await })
    }
}
