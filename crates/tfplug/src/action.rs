//! Actions: operations that leave no state.

use std::future::Future;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::context::{Context, Deferral, Deferrals, Warnings};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ActionModel, Model};
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, validate_model};
use crate::value::Value;

/// Shows progress lines to the user while an action runs.
///
/// ```
/// use tfplug::Progress;
///
/// /// Tells what an action is doing, as it goes.
/// async fn send_all(names: &[&str], progress: &Progress) {
///     for (at, name) in names.iter().enumerate() {
///         progress.say(format!("Sending {name}, {} of {}", at + 1, names.len()));
///     }
/// }
/// ```
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

/// An action that is planned: its configuration, in which anything may be unknown.
///
/// ```
/// use tfplug::{ActionPlan, Diagnostic, Diagnostics, Model, Open, Path};
///
/// /// Sends a text to somebody.
/// #[derive(Model)]
/// #[tf(action)]
/// struct Message {
///     /// Who gets it.
///     #[tf(required)]
///     to: String,
/// }
///
/// /// The `plan` of the action. The client is the list of those who can get messages.
/// async fn plan(plan: ActionPlan<'_, Vec<String>, Open<Message>>) -> Result<(), Diagnostics> {
///     let (Some(known), Some(to)) = (plan.client, plan.config.to.get()) else { return Ok(()) };
///     if known.is_empty() {
///         plan.warn(Diagnostic::warning("Nobody is registered", "The message will not be read."));
///     } else if !known.contains(to) {
///         return Err(Diagnostic::error("Unknown recipient", format!("{to:?} is not registered.")).at(Path::of("to")).into());
///     }
///     Ok(())
/// }
/// ```
pub struct ActionPlan<'a, C, M> {
    /// The configuration.
    pub config: M,
    /// What [`Provider::configure`](crate::Provider::configure) made; `None` while the provider's configuration is unknown.
    pub client: Option<&'a C>,
    /// Cancelled when Terraform asks to stop.
    pub stop: &'a CancellationToken,
    pub(crate) warnings: &'a Warnings,
    pub(crate) deferrals: &'a Deferrals,
}

impl<C, M> ActionPlan<'_, C, M> {
    /// Shows a warning, whether the plan succeeds or not.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    /// Defers the action to a later run if the core supports that, and returns whether it does. If not, the plan continues: it may
    /// return an error. The reason is always that the provider's configuration is not known yet: a core accepts no other one
    /// from an action.
    ///
    /// ```
    /// use tfplug::{ActionPlan, Diagnostics};
    ///
    /// /// The `plan` of an action that looks up what it would change.
    /// async fn plan<C, M>(plan: ActionPlan<'_, C, M>) -> Result<(), Diagnostics> {
    ///     if plan.client.is_none() {
    ///         plan.defer();
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn defer(&self) -> bool {
        self.deferrals.defer(Deferral::ProviderConfigUnknown)
    }
}

/// An operation that a run performs on request.
///
/// ```
/// use tfplug::{Action, Context, Diagnostics, Model, Offers, Progress};
///
/// /// Sends a text to somebody.
/// #[derive(Model)]
/// #[tf(action)]
/// struct Message {
///     /// Who gets it.
///     #[tf(required, non_empty)]
///     to: String,
/// }
///
/// struct Send;
///
/// impl Action for Send {
///     type Client = ();
///     type Model = Message;
///
///     async fn invoke(&self, _: &Context<'_, ()>, config: Message, progress: Progress) -> Result<(), Diagnostics> {
///         progress.say(format!("Sending to {}", config.to));
///         Ok(())
///     }
/// }
///
/// let offers = Offers::new().action("text_send", Send);
/// ```
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

    /// Refuses an action that could not be performed, or warns, before anything is changed. An action has nothing to show in a
    /// plan. Called after the checks of the configuration.
    fn plan(
        &self,
        plan: ActionPlan<'_, Self::Client, <Self::Model as Model>::Config>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = plan;
        async { Ok(()) }
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
    fn plan<'a>(&'a self, plan: ActionPlan<'a, C, Value>) -> BoxFuture<'a, Result<(), Diagnostics>>;
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

    fn plan<'a>(&'a self, plan: ActionPlan<'a, A::Client, Value>) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move {
            let ActionPlan { config, client, stop, warnings, deferrals } = plan;
            self.inner.plan(ActionPlan { config: to_model(config)?, client, stop, warnings, deferrals }).await
        })
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
