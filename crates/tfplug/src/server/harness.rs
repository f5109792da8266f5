//! What `testing::Harness` needs from a server: a client without a configuration, and the schemas.

use std::sync::Arc;

use super::{ClientState, Configuration, Server};
use crate::context::lock;
use crate::provider::{Offers, Provider};
use crate::serve::Process;

impl<P: Provider> Server<P> {
    /// A server with this client, as if the provider block had been configured.
    pub(crate) fn with_client(provider: P, client: P::Client) -> Self {
        let server = Self::new(provider, Process::default());
        let stop = server.process.stop.child_token();
        *lock(&server.configuration) = Arc::new(Configuration { client: ClientState::Ready(client), stop });
        server
    }

    pub(crate) fn provider_schema(&self) -> &crate::schema::Schema {
        &self.schema
    }

    pub(crate) fn offers(&self) -> &Offers<P::Client> {
        &self.offers
    }
}
