//! State stores, as a core configures, reads, writes and locks them.

use futures_util::{StreamExt as _, stream};
use tonic::{Request, Status};

use super::{Harness, answered, found, messages};
use crate::diagnostic::Diagnostics;
use crate::model::StateStoreModel;
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::provider::Provider;
use crate::server::Server;

/// What a core proposes.
const PROPOSED_CHUNK: i64 = 8_000_000;

/// A state store that was configured, from [`Harness::state_store`].
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::Harness;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::default());
/// let store = tf.state_store::<Memory>("notes_memory", MemoryConfig {}).await.unwrap();
/// assert_eq!(store.read("default").await.unwrap(), None);
/// store.write("default", b"{}").await.unwrap();
/// assert_eq!(store.read("default").await.unwrap().as_deref(), Some(&b"{}"[..]));
/// assert_eq!(store.list().await.unwrap(), ["default"]);
/// assert_eq!(store.lock("default", "plan").await.unwrap(), None, "this store has no locks");
/// store.delete("default").await.unwrap();
/// assert!(store.list().await.unwrap().is_empty());
/// # });
/// ```
pub struct ConfiguredStore<'a, P: Provider> {
    server: &'a Server<P>,
    name: String,
    chunk_size: usize,
}

impl<P: Provider> Harness<P> {
    /// Validates the block of a state store and configures it.
    ///
    /// # Errors
    ///
    /// The errors of the provider, and what a core would reject in its response.
    pub async fn state_store<M: StateStoreModel>(
        &self,
        name: &str,
        block: M::Config,
    ) -> Result<ConfiguredStore<'_, P>, Diagnostics> {
        let kind = found(&self.server.offers().state_stores, name)?;
        let block = messages::value(block, kind);
        let (type_name, config) = (name.to_owned(), messages::encode(&block, kind.value_type())?);
        let request = pb::validate_state_store::Request { type_name: type_name.clone(), config: config.clone() };
        let checked = self.server.validate_state_store_config(Request::new(request)).await;
        messages::checked(answered(checked)?.diagnostics)?;
        let capabilities = Some(pb::StateStoreClientCapabilities { chunk_size: PROPOSED_CHUNK });
        let request = pb::configure_state_store::Request { type_name, config, capabilities };
        let answer = answered(self.server.configure_state_store(Request::new(request)).await)?;
        messages::checked(answer.diagnostics)?;
        let chunk_size = answer.capabilities.and_then(|server| usize::try_from(server.chunk_size).ok());
        match chunk_size {
            Some(chunk_size) if chunk_size > 0 => {
                Ok(ConfiguredStore { server: &self.server, name: name.to_owned(), chunk_size })
            }
            _ => Err(messages::broken("the state store has no size of chunks")),
        }
    }
}

impl<P: Provider> ConfiguredStore<'_, P> {
    /// How many bytes of a state go into one message.
    #[must_use]
    pub fn chunk_size(&self) -> usize {
        self.chunk_size
    }

    /// The names of the workspaces that have a state.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn list(&self) -> Result<Vec<String>, Diagnostics> {
        let request = pb::get_states::Request { type_name: self.name.clone() };
        let answer = answered(self.server.get_states(Request::new(request)).await)?;
        messages::checked(answer.diagnostics).map(|_| answer.state_id)
    }

    /// Reads a state, chunk by chunk; `None` if the workspace has none.
    ///
    /// # Errors
    ///
    /// The errors of the provider, and what a core would reject in its response.
    pub async fn read(&self, workspace: &str) -> Result<Option<Vec<u8>>, Diagnostics> {
        let request = pb::read_state_bytes::Request { type_name: self.name.clone(), state_id: workspace.to_owned() };
        let mut chunks = answered(self.server.read_state_bytes(Request::new(request)).await)?;
        let (mut state, mut length) = (Vec::new(), 0);
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|status| messages::broken(&status.to_string()))?;
            messages::checked(chunk.diagnostics)?;
            let range = chunk.range.ok_or_else(|| messages::broken("a chunk has no range"))?;
            let is_last = range.end >= chunk.total_length - 1;
            if chunk.bytes.len() > self.chunk_size || (!is_last && chunk.bytes.len() < self.chunk_size) {
                return Err(messages::broken(&format!("a chunk of {} bytes", chunk.bytes.len())));
            }
            length = usize::try_from(chunk.total_length).unwrap_or_default();
            state.extend_from_slice(&chunk.bytes);
        }
        match state.len() {
            0 => Ok(None),
            read if read == length => Ok(Some(state)),
            read => Err(messages::broken(&format!("a state of {length} bytes, of which {read} came"))),
        }
    }

    /// Writes a state, chunk by chunk.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn write(&self, workspace: &str, state: &[u8]) -> Result<(), Diagnostics> {
        let total_length = i64::try_from(state.len()).unwrap_or(i64::MAX);
        let chunks = state.chunks(self.chunk_size).enumerate().map(|(position, bytes)| {
            let start = i64::try_from(position * self.chunk_size).unwrap_or(i64::MAX);
            let end = start + i64::try_from(bytes.len()).unwrap_or(i64::MAX) - 1;
            let meta = pb::RequestChunkMeta { type_name: self.name.clone(), state_id: workspace.to_owned() };
            Ok::<_, Status>(pb::write_state_bytes::RequestChunk {
                meta: (position == 0).then_some(meta),
                bytes: bytes.to_vec().into(),
                total_length,
                range: Some(pb::StateRange { start, end }),
            })
        });
        let answer = self.server.write_state(stream::iter(chunks)).await?;
        messages::checked(answer.diagnostics).map(drop)
    }

    /// Deletes a state.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn delete(&self, workspace: &str) -> Result<(), Diagnostics> {
        let request = pb::delete_state::Request { type_name: self.name.clone(), state_id: workspace.to_owned() };
        let answer = answered(self.server.delete_state(Request::new(request)).await)?;
        messages::checked(answer.diagnostics).map(drop)
    }

    /// Locks a state and returns the id of the lock; `None` if the store has no locks.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn lock(&self, workspace: &str, operation: &str) -> Result<Option<String>, Diagnostics> {
        let (type_name, state_id) = (self.name.clone(), workspace.to_owned());
        let request = pb::lock_state::Request { type_name, state_id, operation: operation.to_owned() };
        let answer = answered(self.server.lock_state(Request::new(request)).await)?;
        messages::checked(answer.diagnostics)?;
        Ok(Some(answer.lock_id).filter(|id| !id.is_empty()))
    }

    /// Releases a lock.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn unlock(&self, workspace: &str, lock: &str) -> Result<(), Diagnostics> {
        let (type_name, state_id) = (self.name.clone(), workspace.to_owned());
        let request = pb::unlock_state::Request { type_name, state_id, lock_id: lock.to_owned() };
        let answer = answered(self.server.unlock_state(Request::new(request)).await)?;
        messages::checked(answer.diagnostics).map(drop)
    }
}
