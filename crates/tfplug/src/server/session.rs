//! What a run has configured, and what one call of a handler works with.

use std::sync::{Arc, Mutex};

use tokio_util::sync::CancellationToken;

use super::{Server, wire};
use crate::context::{Cx, Private, Warnings, lock};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::provider::Provider;
use crate::serve::Process;

impl<P: Provider> Server<P> {
    /// The same provider, not configured yet.
    pub(crate) fn for_connection(&self) -> Self {
        Self {
            provider: Arc::clone(&self.provider),
            offers: Arc::clone(&self.offers),
            schema: Arc::clone(&self.schema),
            config_type: Arc::clone(&self.config_type),
            session: Mutex::new(Arc::new(Session::unconfigured(&self.process))),
            process: self.process.clone(),
        }
    }

    pub(super) fn session(&self) -> Arc<Session<P::Client>> {
        lock(&self.session).clone()
    }

    /// A call about nothing that is stored.
    pub(super) fn call(&self) -> Call<P::Client> {
        Call { session: self.session(), private: Private::default(), warnings: Warnings::default() }
    }

    /// A call about an object that has this private data.
    pub(super) fn call_with(&self, private: &[u8]) -> Result<Call<P::Client>, Diagnostics> {
        Ok(Call { private: Private::from_wire(private)?, ..self.call() })
    }
}

/// What `configure` left behind on a connection; replaced as a whole by the next one.
pub(super) struct Session<C> {
    pub(super) client: Configured<C>,
    pub(super) stop: CancellationToken,
}

impl<C> Session<C> {
    /// Before the first `configure`.
    pub(super) fn unconfigured(process: &Process) -> Self {
        Self { client: Configured::No, stop: process.stop.child_token() }
    }
}

pub(super) enum Configured<C> {
    /// `configure` wasn't called: the calls before it must do without a client.
    No,
    /// It was called with values that aren't known yet.
    NotYet,
    Yes(C),
}

/// One call of a handler that needs the client: what `Cx` borrows from.
pub(super) struct Call<C> {
    pub(super) session: Arc<Session<C>>,
    pub(super) private: Private,
    pub(super) warnings: Warnings,
}

impl<C> Call<C> {
    /// The context, or why there is none; `what` needs the client, as in "The data source".
    pub(super) fn cx(&self, what: &str) -> Result<Cx<'_, C>, Diagnostics> {
        match &self.session.client {
            Configured::Yes(client) => Ok(Cx::new(client, &self.session.stop, &self.private, &self.warnings)),
            Configured::No => {
                Err(Diagnostic::bug(format!("{what} was used before the provider was configured.")).into())
            }
            Configured::NotYet => {
                let detail = format!(
                    "{what} needs the provider now, but values of its provider block are only known after other resources \
                     are applied. Apply those first, with -target, or take the values from variables."
                );
                Err(Diagnostic::error("The provider's configuration isn't known yet", detail).into())
            }
        }
    }

    /// The context for something that mustn't begin once Terraform has asked to stop.
    pub(super) fn begin(&self, what: &str) -> Result<Cx<'_, C>, Diagnostics> {
        if self.session.stop.is_cancelled() {
            let detail = "Terraform was asked to stop; nothing was sent.";
            return Err(Diagnostic::error("Stopped before it began", detail).into());
        }
        self.cx(what)
    }

    /// Warnings, then what else there is to say.
    pub(super) fn diagnostics(&self, more: Diagnostics) -> Vec<crate::proto::tfplugin6::Diagnostic> {
        let mut all = self.warnings.take();
        all.extend(more);
        wire::diagnostics(all)
    }

    /// Puts the warnings before the errors.
    pub(super) fn with_warnings<T>(&self, result: Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        result.map_err(|errors| {
            let mut all = self.warnings.take();
            all.extend(errors);
            all
        })
    }
}
