//! What `testing::Harness` needs from a server: a client without a configuration, and the schemas.

use std::sync::Arc;

use futures_util::Stream;
use tonic::Status;

use super::{ClientState, Configuration, Server, convert, guarded, state_store};
use crate::diagnostic::Diagnostics;
use crate::locks::lock;
use crate::proto::tfplugin6::{self as pb, write_state_bytes};
use crate::provider::{Offers, Provider};
use crate::schema::Schema;
use crate::serve::Process;

/// The schema of a managed resource as a core gets it.
pub(crate) fn resource_schema(schema: &Schema) -> pb::Schema {
    convert::resource_schema(schema)
}

impl<P: Provider> Server<P> {
    /// A server with this client, as if the provider block had been configured.
    pub(crate) fn with_client(provider: P, client: P::Client) -> Self {
        let server = Self::new(provider, Process::default());
        let stop = server.process.stop.child_token();
        *lock(&server.configuration) = Arc::new(Configuration { client: ClientState::Ready(client), stop });
        server
    }

    pub(crate) fn provider_schema(&self) -> &Schema {
        &self.schema
    }

    /// `WriteStateBytes`, without a connection.
    pub(crate) async fn write_state(
        &self,
        chunks: impl Stream<Item = Result<write_state_bytes::RequestChunk, Status>> + Send + Unpin,
    ) -> Result<write_state_bytes::Response, Diagnostics> {
        guarded("WriteStateBytes", state_store::write(self, chunks)).await
    }

    pub(crate) fn offers(&self) -> &Offers<P::Client> {
        &self.offers
    }

    /// The client of [`Self::with_client`].
    #[cfg(test)]
    pub(crate) fn with_its_client<T>(&self, work: impl FnOnce(&P::Client) -> T) -> Option<T> {
        match &self.configuration().client {
            ClientState::Ready(client) => Some(work(client)),
            ClientState::Unconfigured | ClientState::Unknown => None,
        }
    }
}
