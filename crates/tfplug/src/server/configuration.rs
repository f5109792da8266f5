//! What `ConfigureProvider` made, and what one call of a handler works with.

use std::sync::{Arc, Mutex};

use tokio_util::sync::CancellationToken;

use super::{Server, convert};
use crate::context::{Context, Deferrals, Kept, Warnings};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::locks::lock;
use crate::private::Private;
use crate::provider::Provider;
use crate::serve::Process;
use crate::value::Value;

impl<P: Provider> Server<P> {
    /// The same provider for a new connection, not configured yet.
    pub(crate) fn for_connection(&self) -> Self {
        let configuration = Configuration::unconfigured(&self.process);
        Self {
            provider: Arc::clone(&self.provider),
            offers: Arc::clone(&self.offers),
            schema: Arc::clone(&self.schema),
            config_type: Arc::clone(&self.config_type),
            configuring: Mutex::new(configuration.stop.clone()),
            configuration: Mutex::new(Arc::new(configuration)),
            state_stores: super::state_store::Stores::default(),
            process: self.process.clone(),
        }
    }

    pub(super) fn configuration(&self) -> Arc<Configuration<P::Client>> {
        lock(&self.configuration).clone()
    }

    /// A call without private data.
    pub(super) fn call(&self) -> Call<P::Client> {
        let configuration = self.configuration();
        let stop = configuration.stop.child_token();
        let (private, warnings) = (Private::default(), Warnings::default());
        let (deferrals, provider_meta) = (Deferrals::default(), Value::Null);
        let kept = Kept::default();
        Call { configuration, stop, private, warnings, deferrals, provider_meta, kept }
    }

    /// A call for an object with this private data.
    pub(super) fn call_with(&self, private: &[u8]) -> Result<Call<P::Client>, Diagnostics> {
        Ok(Call { private: Private::from_wire(private)?, ..self.call() })
    }
}

/// What `configure` made for a connection; the next `configure` replaces it as a whole.
pub(super) struct Configuration<C> {
    pub(super) client: ClientState<C>,
    pub(super) stop: CancellationToken,
}

impl<C> Configuration<C> {
    /// Before the first `configure`.
    pub(super) fn unconfigured(process: &Process) -> Self {
        Self { client: ClientState::Unconfigured, stop: process.stop.child_token() }
    }
}

pub(super) enum ClientState<C> {
    /// `configure` was not called: the RPCs that come before it work without a client.
    Unconfigured,
    /// `configure` was called with values that are not known yet.
    Unknown,
    Ready(C),
}

/// One call of a handler: what its `Context` borrows from.
pub(super) struct Call<C> {
    pub(super) configuration: Arc<Configuration<C>>,
    /// Cancelled when Terraform asks to stop, or when the time for this call is over.
    pub(super) stop: CancellationToken,
    pub(super) deferrals: Deferrals,
    pub(super) private: Private,
    pub(super) warnings: Warnings,
    /// The `provider_meta` block of the module.
    pub(super) provider_meta: Value,
    pub(super) kept: Kept,
}

impl<C> Call<C> {
    /// The context, or an error that says why there is none; `what` needs the client, as in "The data source".
    pub(super) fn context(&self, what: &str) -> Result<Context<'_, C>, Diagnostics> {
        match &self.configuration.client {
            ClientState::Ready(client) => {
                let Self { stop, deferrals, private, warnings, provider_meta, kept, .. } = self;
                Ok(Context::new(client, stop, private, warnings, deferrals, provider_meta, kept))
            }
            ClientState::Unconfigured => {
                Err(Diagnostic::bug(format!("{what} was used before the provider was configured.")).into())
            }
            ClientState::Unknown => {
                let detail = format!(
                    "{what} needs a configured provider, but the provider block depends on values that are known only after \
                     other resources have been applied. Apply those resources first with -target, or use values that \
                     are known during the plan."
                );
                Err(Diagnostic::error("The provider's configuration is not known yet", detail).into())
            }
        }
    }

    /// The context for an operation that must not start once Terraform has asked to stop.
    pub(super) fn begin(&self, what: &str) -> Result<Context<'_, C>, Diagnostics> {
        if self.configuration.stop.is_cancelled() {
            let detail = "Terraform was interrupted before the operation started. No request was sent.";
            return Err(Diagnostic::error("Operation canceled", detail).into());
        }
        self.context(what)
    }

    /// The warnings, then these diagnostics.
    pub(super) fn diagnostics(&self, more: Diagnostics) -> Vec<crate::proto::tfplugin6::Diagnostic> {
        let mut all = self.warnings.take();
        all.extend(more);
        convert::diagnostics(all)
    }

    /// Puts the call's warnings before the errors of a failed result.
    pub(super) fn with_warnings<T>(&self, result: Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        self.warnings.before_errors(result)
    }
}
