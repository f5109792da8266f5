//! State stores: configuring them, and the operations on states.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::timeouts::{Limit, within};
use super::{Call, Server, convert, find, guarded, located, validate};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::locks::lock;
use crate::proto::tfplugin6::*;
use crate::provider::Provider;
use crate::state_store::{AnyStore, StateUpload, UploadChunk};

const KIND: &str = "state store";
const WHAT: &str = "The state store";

/// The size of chunks if a core proposes none, and the largest that a core accepts.
const USUAL_CHUNK: usize = 8 << 20;
const LARGEST_CHUNK: usize = 128 << 20;

/// The state stores that this core has configured, by type name.
pub(super) type Stores<C> = Mutex<BTreeMap<String, Arc<Configured<C>>>>;

/// A state store that was configured.
pub(super) struct Configured<C> {
    store: Box<dyn AnyStore<C>>,
    chunk_size: usize,
    /// How long each operation may take.
    limit: Option<Limit>,
}

impl<C> Configured<C> {
    fn limit(&self) -> Option<Limit> {
        self.limit.clone()
    }
}

pub(super) fn validate<P: Provider>(
    server: &Server<P>,
    request: &validate_state_store::Request,
) -> Result<validate_state_store::Response, Diagnostics> {
    let kind = find(&server.offers.state_stores, KIND, &request.type_name)?;
    let diagnostics = validate::check(kind, request.config.as_ref(), true, |config| kind.validate(config))?;
    Ok(validate_state_store::Response { diagnostics })
}

pub(super) async fn configure<P: Provider>(
    server: &Server<P>,
    request: configure_state_store::Request,
) -> Result<configure_state_store::Response, Diagnostics> {
    let kind = find(&server.offers.state_stores, KIND, &request.type_name)?;
    let block = convert::decode(request.config.as_ref(), kind.value_type())?;
    let call = server.call();
    let limit = Limit::of(kind.schema(), &block, "statestore");
    let cx = call.begin(WHAT)?;
    let store = call.with_warnings(within(limit.clone(), &call.stop, kind.configure(&cx, block)).await)?;
    let proposed = request.capabilities.and_then(|client| usize::try_from(client.chunk_size).ok());
    let proposed = proposed.filter(|size| *size > 0).unwrap_or(USUAL_CHUNK);
    let chunk_size = kind.chunk_size(proposed).clamp(1, LARGEST_CHUNK);
    lock(&server.state_stores).insert(request.type_name, Arc::new(Configured { store, chunk_size, limit }));
    let chunk_size = i64::try_from(chunk_size).unwrap_or(i64::MAX);
    Ok(configure_state_store::Response {
        diagnostics: call.diagnostics(Diagnostics::new()),
        capabilities: Some(StateStoreServerCapabilities { chunk_size }),
    })
}

fn configured<P: Provider>(server: &Server<P>, name: &str) -> Result<Arc<Configured<P::Client>>, Diagnostics> {
    find(&server.offers.state_stores, KIND, name)?;
    let configured = lock(&server.state_stores).get(name).cloned();
    configured.ok_or_else(|| Diagnostic::bug(format!("The {KIND} {name:?} was used before it was configured.")).into())
}

pub(super) async fn list<P: Provider>(
    server: &Server<P>,
    request: get_states::Request,
) -> Result<get_states::Response, Diagnostics> {
    let (configured, call) = (configured(server, &request.type_name)?, server.call());
    let cx = call.context(WHAT)?;
    let state_id = call.with_warnings(within(configured.limit(), &call.stop, configured.store.list(&cx)).await)?;
    Ok(get_states::Response { state_id, diagnostics: call.diagnostics(Diagnostics::new()) })
}

pub(super) async fn delete<P: Provider>(
    server: &Server<P>,
    request: delete_state::Request,
) -> Result<delete_state::Response, Diagnostics> {
    let (configured, call) = (configured(server, &request.type_name)?, server.call());
    let cx = call.begin(WHAT)?;
    let deleted = configured.store.delete(&cx, &request.state_id);
    call.with_warnings(within(configured.limit(), &call.stop, deleted).await)?;
    Ok(delete_state::Response { diagnostics: call.diagnostics(Diagnostics::new()) })
}

pub(super) async fn lock_state<P: Provider>(
    server: &Server<P>,
    request: lock_state::Request,
) -> Result<lock_state::Response, Diagnostics> {
    let (configured, call) = (configured(server, &request.type_name)?, server.call());
    let cx = call.begin(WHAT)?;
    let locked = configured.store.lock(&cx, &request.state_id, &request.operation);
    let locked = within(configured.limit(), &call.stop, locked).await;
    let lock_id = call.with_warnings(locked)?.unwrap_or_default();
    Ok(lock_state::Response { lock_id, diagnostics: call.diagnostics(Diagnostics::new()) })
}

/// Releases a lock, also after Terraform has asked to stop: nobody else would.
pub(super) async fn unlock<P: Provider>(
    server: &Server<P>,
    request: unlock_state::Request,
) -> Result<unlock_state::Response, Diagnostics> {
    let (configured, call) = (configured(server, &request.type_name)?, server.call());
    let cx = call.context(WHAT)?;
    let unlocked = configured.store.unlock(&cx, &request.state_id, &request.lock_id);
    call.with_warnings(within(configured.limit(), &call.stop, unlocked).await)?;
    Ok(unlock_state::Response { diagnostics: call.diagnostics(Diagnostics::new()) })
}

type ReadStream = BoxStream<'static, Result<read_state_bytes::Response, Status>>;

/// Streams a state as fast as the core takes it: one chunk waits while the next one is read. Without a state, nothing is sent.
pub(super) fn read<P: Provider>(server: &Server<P>, request: read_state_bytes::Request) -> ReadStream {
    let (chunks, received) = mpsc::channel(1);
    let (configured, call) = (configured(server, &request.type_name), server.call());
    server.process.calls.spawn(async move {
        let limit = configured.as_ref().ok().and_then(|configured| configured.limit());
        let sending = send(configured, &call, &request.state_id, &chunks);
        let sent = guarded("ReadStateBytes", within(limit, &call.stop, sending)).await;
        let mut last = call.diagnostics(sent.err().unwrap_or_default());
        located::locate(&mut last, None);
        if !last.is_empty() && chunks.send(chunk(last)).await.is_err() {
            tracing::debug!("the core no longer reads the state");
        }
    });
    ReceiverStream::new(received).map(Ok).boxed()
}

async fn send<C>(
    configured: Result<Arc<Configured<C>>, Diagnostics>,
    call: &Call<C>,
    workspace: &str,
    chunks: &mpsc::Sender<read_state_bytes::Response>,
) -> Result<(), Diagnostics> {
    let configured = configured?;
    let cx = call.context(WHAT)?;
    let content = tokio::select! {
        biased;
        () = chunks.closed() => return Ok(()),
        content = configured.store.read(&cx, workspace) => call.with_warnings(content)?,
    };
    let Some(content) = content else { return Ok(()) };
    let total_length = wire(content.length());
    let mut content = content.into_chunks(configured.chunk_size);
    loop {
        // The core may go away while the store is waited for.
        let next = tokio::select! {
            biased;
            () = chunks.closed() => None,
            next = content.next() => next?,
        };
        let Some((start, bytes)) = next else { break };
        let end = wire(start) + i64::try_from(bytes.len()).unwrap_or(i64::MAX) - 1;
        let range = Some(StateRange { start: wire(start), end });
        let next = read_state_bytes::Response { bytes, total_length, range, diagnostics: Vec::new() };
        if chunks.send(next).await.is_err() {
            break; // The core has gone away.
        }
    }
    Ok(())
}

/// A message with nothing but diagnostics. A core reads its range without looking whether there is one.
fn chunk(diagnostics: Vec<crate::proto::tfplugin6::Diagnostic>) -> read_state_bytes::Response {
    read_state_bytes::Response { diagnostics, range: Some(StateRange::default()), ..Default::default() }
}

fn wire(length: u64) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Writes a state while it arrives.
///
/// The core reads the response only once it has sent everything: if the stream ended before, it would report that instead of the
/// error. So after an error, the rest of the state is received, and dropped.
pub(super) async fn write<P: Provider>(
    server: &Server<P>,
    mut chunks: impl Stream<Item = Result<write_state_bytes::RequestChunk, Status>> + Send + Unpin,
) -> Result<write_state_bytes::Response, Diagnostics> {
    let written = write_chunks(server, &mut chunks).await;
    if written.is_err() {
        while let Some(Ok(_)) = chunks.next().await {}
    }
    written
}

/// The first chunk tells whose state it is.
async fn write_chunks<P: Provider>(
    server: &Server<P>,
    chunks: impl Stream<Item = Result<write_state_bytes::RequestChunk, Status>> + Send + Unpin,
) -> Result<write_state_bytes::Response, Diagnostics> {
    let mut chunks = chunks.map(|chunk| chunk.map_err(|status| lost(&status)));
    let first = chunks.next().await.ok_or_else(|| Diagnostic::bug("Terraform sent an empty state."))??;
    let meta = first.meta.clone().ok_or_else(|| Diagnostic::bug("Terraform sent a state without a name."))?;
    let (configured, call) = (configured(server, &meta.type_name)?, server.call());
    let cx = call.context(WHAT)?;
    let more = chunks.map(|chunk| chunk.map(upload)).boxed();
    let mut state = StateUpload::new(configured.chunk_size, upload(first), more)?;
    let written = configured.store.write(&cx, &meta.state_id, &mut state);
    call.with_warnings(within(configured.limit(), &call.stop, written).await)?;
    if !state.is_complete() {
        return Err(Diagnostic::bug("The state store has not read all of the state, and so has not written it.").into());
    }
    Ok(write_state_bytes::Response { diagnostics: call.diagnostics(Diagnostics::new()) })
}

fn upload(chunk: write_state_bytes::RequestChunk) -> UploadChunk {
    let start = chunk.range.map_or(0, |range| range.start);
    UploadChunk { bytes: chunk.bytes, start, total: chunk.total_length }
}

fn lost(status: &Status) -> Diagnostics {
    Diagnostic::error("The state was cut off", format!("The connection to Terraform failed: {status}.")).into()
}
