//! State stores: chunks both ways, locks, and what happens to a state that is cut off.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tonic::{Request, Status};

use super::fixture::{Config, Log, Test, dynamic, severities};
use crate::locks::lock;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::schema::Schema;
use crate::server::Server;
use crate::value::{Type, Value};
use crate::{Context, Diagnostics, Model, Offers, Provider, Setup, StateContent, StateLock, StateStore, StateUpload};

const MB: usize = 1_000_000;

/// Keeps states in memory.
#[derive(Model)]
#[tf(state_store)]
struct Block {
    /// Where.
    #[tf(required, one_of("here", "there"))]
    region: String,
}

/// How much of a large state was made, and how much was taken.
#[derive(Default)]
struct Flow {
    made: AtomicUsize,
    taken: AtomicUsize,
    /// The largest difference of the two.
    most: AtomicUsize,
}

impl Flow {
    fn make(&self, bytes: usize) {
        let made = self.made.fetch_add(bytes, Ordering::SeqCst) + bytes;
        self.most.fetch_max(made - self.taken.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    fn take(&self, bytes: usize) {
        self.taken.fetch_add(bytes, Ordering::SeqCst);
    }
}

#[derive(Default)]
struct States {
    states: Mutex<BTreeMap<String, Bytes>>,
    locks: Mutex<BTreeMap<String, StateLock>>,
    flow: Arc<Flow>,
}

struct InMemory(Arc<States>);

impl StateStore for InMemory {
    type Client = Log;
    type Model = Block;
    type Store = Arc<States>;

    fn chunk_size(&self, proposed: usize) -> usize {
        if proposed == 42 { 7 } else { proposed }
    }

    async fn configure(&self, cx: &Context<'_, Log>, block: Block) -> Result<Arc<States>, Diagnostics> {
        cx.client.note(format!("configured {}", block.region));
        Ok(Arc::clone(&self.0))
    }

    async fn list(&self, cx: &Context<'_, Arc<States>>) -> Result<Vec<String>, Diagnostics> {
        cx.warn(crate::Diagnostic::warning("old", ""));
        Ok(lock(&cx.client.states).keys().cloned().collect())
    }

    async fn read(&self, cx: &Context<'_, Arc<States>>, workspace: &str) -> Result<Option<StateContent>, Diagnostics> {
        match workspace {
            "large" => Ok(Some(large(100 * MB, &cx.client.flow))),
            "short" => Ok(Some(StateContent::from_stream(9, stream::iter([Ok("abc".into())])))),
            "panics" => panic!("a text that may be secret"),
            "refused" => Err(crate::Diagnostic::error("no", "").into()),
            _ => Ok(lock(&cx.client.states).get(workspace).cloned().map(StateContent::from)),
        }
    }

    async fn write(
        &self,
        cx: &Context<'_, Arc<States>>,
        workspace: &str,
        state: &mut StateUpload<'_>,
    ) -> Result<(), Diagnostics> {
        match workspace {
            "large" => {
                while let Some(chunk) = state.next().await? {
                    cx.client.flow.take(chunk.len());
                }
            }
            "unread" => drop(state.next().await?),
            _ => {
                let state = state.bytes().await?;
                lock(&cx.client.states).insert(workspace.to_owned(), state);
            }
        }
        Ok(())
    }

    async fn delete(&self, cx: &Context<'_, Arc<States>>, workspace: &str) -> Result<(), Diagnostics> {
        match lock(&cx.client.states).remove(workspace) {
            Some(_) => Ok(()),
            None => Err(crate::Diagnostic::error("no such state", "").into()),
        }
    }

    async fn lock(
        &self,
        cx: &Context<'_, Arc<States>>,
        workspace: &str,
        operation: &str,
    ) -> Result<Option<String>, Diagnostics> {
        let mut locks = lock(&cx.client.locks);
        if let Some(held) = locks.get(workspace) {
            return Err(held.conflict(workspace).into());
        }
        let new = StateLock::new(operation);
        let id = new.id.clone();
        locks.insert(workspace.to_owned(), new);
        Ok(Some(id))
    }

    async fn unlock(&self, cx: &Context<'_, Arc<States>>, workspace: &str, id: &str) -> Result<(), Diagnostics> {
        let mut locks = lock(&cx.client.locks);
        match locks.get(workspace) {
            Some(held) if held.id == id => drop(locks.remove(workspace)),
            _ => return Err(crate::Diagnostic::error("no such lock", "").into()),
        }
        Ok(())
    }
}

/// The bytes of a state from one position to another: the positions themselves, in one byte each.
fn pattern(from: usize, to: usize) -> Bytes {
    (from..to).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

/// A state of this length, in pieces.
fn large(length: usize, flow: &Arc<Flow>) -> StateContent {
    const PIECE: usize = 251 * 1000;
    let (piece, flow) = (pattern(0, PIECE), Arc::clone(flow));
    let pieces = (0..length).step_by(PIECE).map(move |start| {
        let piece = piece.slice(..PIECE.min(length - start));
        flow.make(piece.len());
        Ok(piece)
    });
    StateContent::from_stream(length as u64, stream::iter(pieces))
}

struct Vault(Arc<States>);

impl Provider for Vault {
    type Client = Log;
    type Config = Config;

    fn schema(&self) -> Schema {
        Test.schema()
    }

    async fn configure(&self, _: Setup<'_>, _: Config) -> Result<Option<Log>, Diagnostics> {
        Ok(None)
    }

    fn offers(&self) -> Offers<Log> {
        Offers::new().state_store("vault_memory", InMemory(Arc::clone(&self.0)))
    }
}

struct Core {
    server: Server<Vault>,
    states: Arc<States>,
}

const NAME: &str = "vault_memory";

impl Core {
    fn unconfigured() -> Self {
        let states = Arc::<States>::default();
        Self { server: Server::with_client(Vault(Arc::clone(&states)), Log::default()), states }
    }

    async fn start(chunk_size: i64) -> Self {
        let core = Self::unconfigured();
        core.configure(chunk_size).await;
        core
    }

    async fn configure(&self, chunk_size: i64) -> i64 {
        let kind = Type::object([("region", Type::String)]);
        let config = dynamic(&Value::object([("region", "here".into())]), &kind);
        let capabilities = Some(StateStoreClientCapabilities { chunk_size });
        let request = configure_state_store::Request { type_name: NAME.into(), config, capabilities };
        let answer = self.server.configure_state_store(Request::new(request)).await.unwrap().into_inner();
        assert_eq!(answer.diagnostics, []);
        answer.capabilities.unwrap().chunk_size
    }

    async fn read(&self, workspace: &str) -> Vec<read_state_bytes::Response> {
        let request = read_state_bytes::Request { type_name: NAME.into(), state_id: workspace.into() };
        let chunks = self.server.read_state_bytes(Request::new(request)).await.unwrap().into_inner();
        chunks.map(Result::unwrap).collect().await
    }

    async fn write(&self, chunks: Vec<write_state_bytes::RequestChunk>) -> Result<(), String> {
        match self.server.write_state(stream::iter(chunks).map(Ok)).await {
            Ok(answer) => {
                assert_eq!(answer.diagnostics, []);
                Ok(())
            }
            Err(errors) => Err(errors.iter().map(|one| format!("{}: {}", one.summary(), one.detail())).collect()),
        }
    }

    async fn lock(&self, workspace: &str) -> lock_state::Response {
        let (type_name, state_id, operation) = (NAME.into(), workspace.into(), "apply".into());
        let request = lock_state::Request { type_name, state_id, operation };
        self.server.lock_state(Request::new(request)).await.unwrap().into_inner()
    }

    async fn unlock(&self, workspace: &str, lock_id: &str) -> Vec<Diagnostic> {
        let (type_name, state_id, lock_id) = (NAME.into(), workspace.into(), lock_id.into());
        let request = unlock_state::Request { type_name, state_id, lock_id };
        self.server.unlock_state(Request::new(request)).await.unwrap().into_inner().diagnostics
    }
}

/// A chunk of a state for the workspace; the first one names it.
fn chunk(workspace: &str, start: i64, total_length: i64, bytes: impl Into<Bytes>) -> write_state_bytes::RequestChunk {
    let bytes = bytes.into();
    let end = start + i64::try_from(bytes.len()).unwrap() - 1;
    let meta = RequestChunkMeta { type_name: NAME.into(), state_id: workspace.into() };
    let range = Some(StateRange { start, end });
    write_state_bytes::RequestChunk { meta: (start == 0).then_some(meta), bytes, total_length, range }
}

#[tokio::test]
async fn the_size_of_chunks_is_what_the_core_proposes_unless_the_store_wants_less() {
    let core = Core::unconfigured();
    for (proposed, agreed) in [(8_000_000, 8_000_000), (42, 7), (0, 8 << 20), (-1, 8 << 20), (1 << 40, 128 << 20)] {
        assert_eq!(core.configure(proposed).await, agreed, "of {proposed}");
    }
}

#[tokio::test]
async fn a_state_is_read_as_it_was_written_in_chunks_with_their_places() {
    let core = Core::start(4).await;
    assert_eq!(core.read("default").await, [], "there is no state yet");
    let written = core.write(vec![chunk("default", 0, 10, "abcd"), chunk("", 4, 10, "efgh"), chunk("", 8, 10, "ij")]);
    assert_eq!(written.await, Ok(()));
    let read: Vec<_> =
        core.read("default").await.into_iter().map(|one| (one.bytes, one.total_length, one.range)).collect();
    let range = |start, end| Some(StateRange { start, end });
    let expected = [("abcd", range(0, 3)), ("efgh", range(4, 7)), ("ij", range(8, 9))];
    assert_eq!(read, expected.map(|(bytes, range)| (bytes.into(), 10, range)));
    let request = get_states::Request { type_name: NAME.into() };
    let listed = core.server.get_states(Request::new(request)).await.unwrap().into_inner();
    assert_eq!((listed.state_id, severities(&listed.diagnostics)), (vec!["default".into()], vec![2]));
    for expected in [vec![], vec![1]] {
        let request = delete_state::Request { type_name: NAME.into(), state_id: "default".into() };
        let deleted = core.server.delete_state(Request::new(request)).await.unwrap().into_inner();
        assert_eq!(severities(&deleted.diagnostics), expected);
    }
    assert_eq!(core.read("default").await, []);
}

/// A hundred megabytes in chunks of eight, as a core reads them: a chunk that waits, one on its way, and one that is filled.
#[tokio::test]
async fn of_a_large_state_no_more_than_three_chunks_are_in_memory_while_it_is_read() {
    const CHUNK: usize = 8 * MB;
    let core = Core::start(8 * MB as i64).await;
    let request = read_state_bytes::Request { type_name: NAME.into(), state_id: "large".into() };
    let mut chunks = core.server.read_state_bytes(Request::new(request)).await.unwrap().into_inner();
    let (expected, mut read) = (pattern(0, CHUNK + 251), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.unwrap();
        assert_eq!(chunk.diagnostics, []);
        assert_eq!(chunk.range.unwrap().start as usize, read);
        assert!(chunk.bytes == expected.slice(read % 251..).slice(..chunk.bytes.len()), "at {read}");
        read += chunk.bytes.len();
        core.states.flow.take(chunk.bytes.len());
        // Lets the task run ahead as far as it can.
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(read, 100 * MB);
    let most = core.states.flow.most.load(Ordering::SeqCst);
    assert!(most < 3 * CHUNK + MB, "{most} bytes were in memory");
}

#[tokio::test]
async fn of_a_large_state_one_chunk_is_in_memory_while_it_is_written() {
    const CHUNK: usize = 8 * MB;
    let core = Core::start(8 * MB as i64).await;
    let (piece, flow) = (pattern(0, CHUNK), Arc::clone(&core.states.flow));
    let chunks = (0..100 * MB).step_by(CHUNK).map(move |start| {
        let piece = piece.slice(..CHUNK.min(100 * MB - start));
        flow.make(piece.len());
        Ok::<_, Status>(chunk("large", start as i64, 100 * MB as i64, piece))
    });
    let answer = core.server.write_state(stream::iter(chunks)).await.unwrap();
    assert_eq!(answer.diagnostics, []);
    assert_eq!(core.states.flow.taken.load(Ordering::SeqCst), 100 * MB);
    let most = core.states.flow.most.load(Ordering::SeqCst);
    assert!(most <= CHUNK, "{most} bytes were in memory");
}

/// A core that is still sending when the stream ends reports the end of the stream instead of the error.
#[tokio::test]
async fn after_an_error_the_rest_of_the_state_is_received_before_the_response() {
    let core = Core::start(4).await;
    let received = AtomicUsize::new(0);
    let wrong = [chunk("default", 0, 8, "abcde"), chunk("", 5, 8, "abc"), chunk("", 8, 8, "d")];
    let chunks = stream::iter(wrong).map(Ok).inspect(|_| {
        received.fetch_add(1, Ordering::SeqCst);
    });
    core.server.write_state(chunks).await.unwrap_err();
    assert_eq!(received.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn err_a_state_that_does_not_arrive_as_announced_leaves_the_old_one_in_place() {
    let core = Core::start(4).await;
    core.write(vec![chunk("default", 0, 3, "old")]).await.unwrap();
    let nameless = write_state_bytes::RequestChunk { meta: None, ..chunk("default", 0, 4, "abcd") };
    for (chunks, message) in [
        (vec![], "Terraform sent an empty state"),
        (vec![chunk("default", 0, 0, "")], "Terraform sent a state of 0 bytes."),
        (vec![nameless], "Terraform sent a state without a name"),
        (vec![chunk("default", 0, 8, "abcd")], "The state was cut off: 4 of 8 bytes arrived."),
        (vec![chunk("default", 0, 8, "abcde")], "5 bytes at 0 of 8 instead of at most 4 bytes at 0 of 8."),
        (
            vec![chunk("default", 0, 8, "abcd"), chunk("", 5, 8, "efg")],
            "3 bytes at 5 of 8 instead of at most 4 bytes at 4",
        ),
        (
            vec![chunk("default", 0, 8, "abcd"), chunk("", 4, 9, "efgh")],
            "4 bytes at 4 of 9 instead of at most 4 bytes at 4",
        ),
        (
            vec![chunk("default", 0, 5, "abcd"), chunk("", 4, 5, "ef")],
            "2 bytes at 4 of 5 instead of at most 4 bytes at 4",
        ),
        (
            vec![chunk("default", 0, 8, "abcd"), chunk("", 4, 8, "")],
            "0 bytes at 4 of 8 instead of at most 4 bytes at 4",
        ),
        (vec![chunk("unread", 0, 8, "abcd"), chunk("", 4, 8, "efgh")], "The state store has not read all of the state"),
    ] {
        let error = core.write(chunks).await.unwrap_err();
        assert!(error.contains(message), "{error} should be {message}");
    }
    let lost = stream::iter([Ok(chunk("default", 0, 8, "abcd")), Err(Status::cancelled("gone"))]);
    let error = core.server.write_state(lost).await.unwrap_err();
    assert_eq!(error.iter().next().unwrap().summary(), "The state was cut off");
    assert_eq!(core.read("default").await[0].bytes, "old");
}

#[tokio::test]
async fn err_a_read_that_fails_ends_with_the_error() {
    let core = Core::start(4).await;
    for (workspace, chunks, message) in
        [("refused", 1, "no"), ("panics", 1, "Bug in the provider"), ("short", 1, "Bug in the provider")]
    {
        let read = core.read(workspace).await;
        assert_eq!(read.len(), chunks, "{read:?}");
        let last = read.last().unwrap();
        assert_eq!((last.diagnostics[0].summary.as_str(), last.diagnostics.len()), (message, 1));
        assert!(last.range.is_some(), "a core reads it");
    }
}

#[tokio::test]
async fn a_lock_keeps_others_out_until_it_is_released_even_after_a_stop() {
    let core = Core::start(4).await;
    let first = core.lock("default").await;
    assert!(!first.lock_id.is_empty() && first.diagnostics.is_empty());
    let second = core.lock("default").await;
    assert_eq!((second.lock_id.as_str(), severities(&second.diagnostics)), ("", vec![1]));
    assert!(second.diagnostics[0].detail.contains(&first.lock_id), "{:?}", second.diagnostics);
    assert_eq!(severities(&core.unlock("default", "another").await), [1]);
    core.server.stop_provider(Request::new(stop_provider::Request {})).await.unwrap();
    assert_eq!(core.lock("other").await.diagnostics[0].summary, "Operation canceled");
    assert_eq!(core.unlock("default", &first.lock_id).await, []);
    assert_eq!(severities(&core.unlock("default", &first.lock_id).await), [1]);
}

#[tokio::test]
async fn err_a_store_that_is_not_configured_or_does_not_exist() {
    let core = Core::unconfigured();
    let early = &core.read("default").await[0].diagnostics[0];
    assert!(early.detail.contains("used before it was configured"), "{early:?}");
    let request = get_states::Request { type_name: "vault_other".into() };
    let unknown = core.server.get_states(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(unknown.diagnostics[0].summary, "Unknown state store");
    let kind = Type::object([("region", Type::String)]);
    let config = dynamic(&Value::object([("region", "elsewhere".into())]), &kind);
    let request = validate_state_store::Request { type_name: NAME.into(), config };
    let checked = core.server.validate_state_store_config(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(checked.diagnostics[0].detail, "Given: \"elsewhere\". Allowed: one of \"here\", \"there\".");
    let all = core.server.get_provider_schema(Request::new(Default::default())).await.unwrap().into_inner();
    assert_eq!(all.state_store_schemas.keys().collect::<Vec<_>>(), [NAME]);
}
