//! The context of a handler: client, stop signal, private data and warnings.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::locks::lock;
use crate::model::{ProviderMetaModel, ResourceModel};
use crate::private::Private;
use crate::provider_meta::of_module;
use crate::value::Value;

/// What a handler gets besides its model: the client, the stop signal, the object's private data, and a way to warn.
///
/// ```
/// use tfplug::{Context, Diagnostic, Diagnostics};
///
/// /// Sends requests.
/// struct Client;
///
/// /// A step of a handler that starts several requests: it stops between them when Terraform asks for it.
/// async fn send_all(cx: &Context<'_, Client>, names: &[&str]) -> Result<(), Diagnostics> {
///     for name in names {
///         if cx.stop.is_cancelled() {
///             return Err(Diagnostic::error("Interrupted", format!("{name} and what follows was not sent.")).into());
///         }
///         if cx.client.send(name).await {
///             cx.private.set("last", *name);
///         } else {
///             cx.warn(Diagnostic::warning("Nothing to do", format!("{name} was there already.")));
///         }
///     }
///     Ok(())
/// }
/// # impl Client { async fn send(&self, _: &str) -> bool { true } }
/// ```
pub struct Context<'a, C> {
    /// What [`Provider::configure`](crate::Provider::configure) made.
    pub client: &'a C,
    /// Cancelled when Terraform asks to stop, and when the time is over that the configuration allows: start nothing new, wait for requests in flight, and return the actual state.
    pub stop: &'a CancellationToken,
    /// The object's private data.
    pub private: &'a Private,
    warnings: &'a Warnings,
    deferrals: &'a Deferrals,
    provider_meta: &'a Value,
    kept: &'a Kept,
}

impl<'a, C> Context<'a, C> {
    pub(crate) fn new(
        client: &'a C,
        stop: &'a CancellationToken,
        private: &'a Private,
        warnings: &'a Warnings,
        deferrals: &'a Deferrals,
        provider_meta: &'a Value,
        kept: &'a Kept,
    ) -> Self {
        Self { client, stop, private, warnings, deferrals, provider_meta, kept }
    }

    /// Notes the state of what exists by now, during a create, an update or a delete. It is stored if the call then fails without a state
    /// of its own, panics, or is dropped because it did not end when its time was over. A create should note the object as soon as
    /// it has its identity. The last state counts; what is unknown in it is stored with its prior value, or as null. In a delete, it is
    /// stored for types with an identity, by cores that know identities, unless the object is being replaced: otherwise the call
    /// does not have the object's private data, which would be lost.
    ///
    /// ```
    /// use tfplug::{Applied, Computed, Context, Diagnostics, Model};
    ///
    /// /// A server.
    /// #[derive(Clone, Model)]
    /// #[tf(resource)]
    /// struct Server {
    ///     #[tf(computed, identity, use_state_for_unknown)]
    ///     id: Computed<String>,
    ///     #[tf(computed)]
    ///     address: Computed<String>,
    /// }
    ///
    /// /// The `create` of the resource: starting a server takes a while.
    /// async fn create(cx: &Context<'_, ()>, plan: Server) -> Applied<Server> {
    ///     let server = Server { id: "i-1".into(), ..plan };
    ///     cx.keep(server.clone());
    ///     Ok(Server { address: started(&server).await?, ..server })
    /// }
    /// # async fn started(_: &Server) -> Result<Computed<String>, Diagnostics> { Ok("192.0.2.1".into()) }
    /// ```
    pub fn keep<M: ResourceModel>(&self, state: M) {
        self.kept.keep(state.into_value());
    }

    /// Defers a read of a resource or data source, the opening of an ephemeral resource or an import to a later run if the core
    /// supports that, and returns whether it does. What the handler returns is then ignored, except from an import, where values
    /// that are not known are null. If the core does not support it, or in any other operation, the handler must go on: it may
    /// return an error.
    ///
    /// ```
    /// use tfplug::{Context, Deferral, Diagnostic, Diagnostics, Model};
    ///
    /// /// A database.
    /// #[derive(Model)]
    /// #[tf(data_source)]
    /// struct Database {
    ///     /// Its cluster.
    ///     #[tf(required)]
    ///     cluster: String,
    /// }
    ///
    /// /// The `read` of the data source, whose cluster may be created in the same apply.
    /// async fn read(cx: &Context<'_, Vec<String>>, config: Database) -> Result<Database, Diagnostics> {
    ///     if cx.client.contains(&config.cluster) || cx.defer(Deferral::AbsentPrerequisite) {
    ///         return Ok(config);
    ///     }
    ///     Err(Diagnostic::error("There is no such cluster", "Create it first, in an apply of its own.").into())
    /// }
    /// ```
    pub fn defer(&self, why: Deferral) -> bool {
        self.deferrals.defer(why)
    }

    /// The context of the same call for a handler with another client.
    pub(crate) fn with<D>(&self, client: &'a D) -> Context<'a, D> {
        let Self { stop, private, warnings, deferrals, provider_meta, kept, .. } = *self;
        Context { client, stop, private, warnings, deferrals, provider_meta, kept }
    }

    /// What the module says in its `provider_meta` block, for a resource or data source: the model that
    /// [`Offers::provider_meta`](crate::Offers::provider_meta) was called with. `None` if it says nothing, or, in a plan, while
    /// that is not known.
    ///
    /// ```
    /// use tfplug::{Context, Diagnostics, Model, Offers};
    ///
    /// /// What a module says about itself.
    /// #[derive(Model)]
    /// #[tf(provider_meta)]
    /// struct Module {
    ///     /// Its name, for the API's statistics.
    ///     name: Option<String>,
    /// }
    ///
    /// /// The name to send with a request.
    /// fn sender<C>(cx: &Context<'_, C>) -> Result<Option<String>, Diagnostics> {
    ///     Ok(cx.provider_meta::<Module>()?.and_then(|module| module.name))
    /// }
    ///
    /// let offers = Offers::<()>::new().provider_meta::<Module>();
    /// ```
    ///
    /// # Errors
    ///
    /// A [`Diagnostic::bug`] if the provider offers another model.
    pub fn provider_meta<M: ProviderMetaModel>(&self) -> Result<Option<M>, Diagnostics> {
        of_module(self.provider_meta)
    }

    /// Shows a warning, whether the operation succeeds or not.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    /// The warnings so far, for a call that shows them as it goes.
    pub(crate) fn warnings(&self) -> &'a Warnings {
        self.warnings
    }
}

/// Why something is left to a later run.
///
/// ```
/// use tfplug::{Deferral, Diagnostics, PlanRequest};
///
/// /// The `plan` of a resource that needs to know what already exists.
/// fn plan<C, M>(request: &mut PlanRequest<'_, C, M>) -> Result<(), Diagnostics> {
///     if request.client.is_none() {
///         request.defer(Deferral::ProviderConfigUnknown);
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deferral {
    /// The resource's configuration has required values that are not known yet.
    ResourceConfigUnknown,
    /// The provider block has required values that are not known yet.
    ProviderConfigUnknown,
    /// Something that the resource needs does not exist yet.
    AbsentPrerequisite,
}

/// Whether one call may be deferred, and why it is.
#[derive(Default)]
pub(crate) struct Deferrals {
    allowed: AtomicBool,
    reason: Mutex<Option<Deferral>>,
}

impl Deferrals {
    /// Allows to defer the call.
    pub(crate) fn allow(&self, allowed: bool) {
        self.allowed.store(allowed, Ordering::Relaxed);
    }

    pub(crate) fn defer(&self, why: Deferral) -> bool {
        let allowed = self.allowed.load(Ordering::Relaxed);
        if allowed {
            lock(&self.reason).get_or_insert(why);
        }
        allowed
    }

    /// Why the call is deferred, if it is.
    pub(crate) fn reason(&self) -> Option<Deferral> {
        *lock(&self.reason)
    }
}

/// The state that a handler has noted.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<Value>>);

impl Kept {
    fn keep(&self, state: Value) {
        *lock(&self.0) = Some(state);
    }

    pub(crate) fn take(&self) -> Option<Value> {
        lock(&self.0).take()
    }
}

/// The warnings of one call.
#[derive(Default)]
pub(crate) struct Warnings(Mutex<Diagnostics>);

impl Warnings {
    pub(crate) fn push(&self, warning: Diagnostic) {
        lock(&self.0).push(warning);
    }

    pub(crate) fn take(&self) -> Diagnostics {
        std::mem::take(&mut *lock(&self.0))
    }

    /// Puts the warnings before the errors of a failed result.
    pub(crate) fn before_errors<T>(&self, result: Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        result.map_err(|errors| {
            let mut all = self.take();
            all.extend(errors);
            all
        })
    }
}
