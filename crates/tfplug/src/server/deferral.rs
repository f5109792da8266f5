//! What is deferred: calls that cannot be made yet, because the provider's configuration is not known.
//!
//! Only a core that says so accepts a deferral. Elsewhere, a refresh returns the state unchanged, a plan goes on without a
//! client, and an import is an error that says what to do.

use super::{Call, ClientState};
use crate::context::Deferral;
use crate::proto::tfplugin6::{ClientCapabilities, Deferred, deferred};

impl<C> Call<C> {
    /// Whether the provider was configured with values that are not known yet.
    pub(super) fn is_configured_later(&self) -> bool {
        matches!(self.configuration.client, ClientState::Unknown)
    }

    /// The deferral of a call that needs a configured provider; `None` if it can be made, or if the core accepts no deferral.
    pub(super) fn deferred(&self, client: Option<&ClientCapabilities>) -> Option<Deferred> {
        let deferrable = self.is_configured_later() && is_allowed(client);
        deferrable.then(|| message(Deferral::ProviderConfigUnknown))
    }
}

impl<C> Call<C> {
    /// The handler's own deferral.
    pub(super) fn deferred_by_handler(&self) -> Option<Deferred> {
        self.deferrals.reason().map(message)
    }
}

/// Whether the core accepts deferrals.
pub(super) fn is_allowed(client: Option<&ClientCapabilities>) -> bool {
    client.is_some_and(|client| client.deferral_allowed)
}

pub(super) fn message(why: Deferral) -> Deferred {
    let reason = match why {
        Deferral::ResourceConfigUnknown => deferred::Reason::ResourceConfigUnknown,
        Deferral::ProviderConfigUnknown => deferred::Reason::ProviderConfigUnknown,
        Deferral::AbsentPrerequisite => deferred::Reason::AbsentPrereq,
    };
    Deferred { reason: reason.into() }
}
