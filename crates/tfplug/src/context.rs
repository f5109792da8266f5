//! The context of a handler: client, stop signal, private data and warnings.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ProviderMetaModel, ResourceModel};
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
/// /// The `plan` of a resource that needs to know what is there already.
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

/// The key of private data that marks an object between its import and its first read.
pub(crate) const IMPORTED: &str = ".imported";

/// Private data: strings by key that the core stores with an object and passes back, not shown to users. Do not store secrets
/// in it: state files are plain text.
///
/// An object that another version of the provider stored, one written in Go, arrives with what that version left. HashiCorp's
/// framework stored each value as base64, and [`Private::get`] returns that text. Its SDK stored values that are not strings, which
/// are dropped.
///
/// ```
/// use tfplug::Private;
///
/// let private = Private::default();
/// private.set("etag", "abc");
/// assert_eq!(private.get("etag").as_deref(), Some("abc"));
/// ```
#[derive(Default)]
pub struct Private {
    texts: Mutex<BTreeMap<String, String>>,
    changed: AtomicBool,
}

impl Private {
    /// The string stored under the key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        lock(&self.texts).get(key).cloned()
    }

    /// Stores a string under the key.
    pub fn set(&self, key: &str, text: impl Into<String>) {
        lock(&self.texts).insert(key.to_owned(), text.into());
        self.changed.store(true, Ordering::Relaxed);
    }

    /// Removes a key; returns whether it existed.
    pub fn remove(&self, key: &str) -> bool {
        let existed = lock(&self.texts).remove(key).is_some();
        self.changed.fetch_or(existed, Ordering::Relaxed);
        existed
    }

    /// Whether this call stored or removed anything.
    pub(crate) fn is_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    /// Reads what the core stored. Values that are not strings are those of a provider on HashiCorp's SDK, which gave its authors no
    /// access to them; they are dropped, as by HashiCorp's framework.
    ///
    /// # Errors
    ///
    /// A diagnostic if the bytes are not a JSON object: going on without them would lose them.
    pub(crate) fn from_wire(bytes: &[u8]) -> Result<Self, Diagnostic> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let stored: BTreeMap<String, serde_json::Value> = serde_json::from_slice(bytes).map_err(|error| {
            let detail = format!(
                "The private data that the state holds with the object is not a JSON object: {error}. Another provider, or \
                 another version of this one, may have written it. Nothing was changed."
            );
            Diagnostic::error("Cannot read the private data", detail)
        })?;
        let (mut texts, mut dropped) = (BTreeMap::new(), Vec::new());
        for (key, value) in stored {
            match value {
                serde_json::Value::String(text) => drop(texts.insert(key, text)),
                _ => dropped.push(key),
            }
        }
        if !dropped.is_empty() {
            let keys = dropped.join(", ");
            tracing::warn!(keys, "the object has private data of a provider of another kind, which was dropped");
        }
        Ok(Self { texts: Mutex::new(texts), changed: AtomicBool::new(false) })
    }

    pub(crate) fn to_wire(&self) -> Bytes {
        let texts = lock(&self.texts);
        if texts.is_empty() {
            return Bytes::new();
        }
        #[expect(clippy::expect_used, reason = "a map of strings can always be written to memory")]
        let json = serde_json::to_vec(&*texts).expect("a map of strings");
        json.into()
    }
}

/// Locks the mutex, even if it is poisoned: the data behind it is plain and stays valid after a panic.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_data_survives_the_way_through_the_state() {
        let private = Private::from_wire(b"").unwrap();
        assert_eq!(private.to_wire(), Bytes::new());
        private.set("imported", "yes");
        let again = Private::from_wire(&private.to_wire()).unwrap();
        assert_eq!(again.get("imported").as_deref(), Some("yes"));
        assert!(again.remove("imported") && !again.remove("imported"));
    }

    /// The SDK stores its schema version and timeouts, and the Go framework base64.
    #[test]
    fn values_of_other_frameworks_are_read_as_far_as_they_are_strings() {
        let sdk =
            br#"{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":600000000000},"schema_version":"1","go":"ImEi"}"#;
        let private = Private::from_wire(sdk).unwrap();
        assert_eq!(private.to_wire(), r#"{"go":"ImEi","schema_version":"1"}"#);
    }

    #[test]
    fn err_private_data_that_is_not_an_object_is_named_and_not_dropped() {
        for (bytes, problem) in [
            (b"\xff not ours".as_slice(), "expected value at line 1 column 1"),
            (br#"["a"]"#, "invalid type: sequence, expected a map at line 1 column 0"),
        ] {
            let error = Private::from_wire(bytes).err().unwrap();
            assert!(error.detail().contains(problem), "{}", error.detail());
        }
    }
}
