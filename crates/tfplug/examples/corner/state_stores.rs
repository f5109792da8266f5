//! `framework_inmem`: a state store.
//!
//! The original keeps states in memory, where only tests in the same process find them again. A core starts a process for each
//! command, so this one keeps them in files.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use futures_util::stream;
use tfplug::{
    Context, Diagnostic, Diagnostics, Model, Offers, StateContent, StateLock, StateStore, StateUpload, Words,
};

use crate::provider::Client;

pub(crate) fn add(offers: Offers<Client>) -> Offers<Client> {
    offers.state_store("framework_inmem", InMemory)
}

/// Keeps states, for tests.
#[derive(Model)]
#[tf(state_store)]
pub(crate) struct Block {
    /// A region, which makes no difference.
    #[tf(required)]
    pub(crate) region: Region,
}

#[derive(Clone, Copy, PartialEq, Words)]
pub(crate) enum Region {
    #[tf(rename = "us-east-1")]
    East,
    #[tf(rename = "us-west-2")]
    West,
}

const STATE: &str = "terraform.tfstate";
const LOCK: &str = "terraform.tfstate.tflock";

/// How much of a state is read from its file at once.
const PIECE: usize = 1 << 20;

/// A folder with one folder for each workspace.
pub(crate) struct Folder(PathBuf);

impl Folder {
    fn of(&self, workspace: &str) -> PathBuf {
        self.0.join(workspace)
    }
}

struct InMemory;

impl StateStore for InMemory {
    type Client = Client;
    type Model = Block;
    type Store = Folder;

    async fn configure(&self, cx: &Context<'_, Client>, _: Block) -> Result<Folder, Diagnostics> {
        Ok(Folder(cx.client.files.path("states")))
    }

    async fn list(&self, cx: &Context<'_, Folder>) -> Result<Vec<String>, Diagnostics> {
        let folders = match fs::read_dir(&cx.client.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            folders => folders.map_err(|error| failed("list the states", &error))?,
        };
        let mut names: Vec<_> = folders.flatten().filter(|folder| folder.path().join(STATE).exists()).collect();
        names.sort_by_key(fs::DirEntry::file_name);
        Ok(names.iter().map(|folder| folder.file_name().to_string_lossy().into_owned()).collect())
    }

    async fn read(&self, cx: &Context<'_, Folder>, workspace: &str) -> Result<Option<StateContent>, Diagnostics> {
        let opened = match File::open(cx.client.of(workspace).join(STATE)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened.and_then(|file| Ok((file.metadata()?.len(), file))),
        };
        let (length, file) = opened.map_err(|error| failed("read the state", &error))?;
        let pieces = std::iter::from_fn(move || {
            let mut piece = Vec::with_capacity(PIECE);
            match (&file).take(PIECE as u64).read_to_end(&mut piece) {
                Ok(0) => None,
                Ok(_) => Some(Ok(piece.into())),
                Err(error) => Some(Err(failed("read the state", &error).into())),
            }
        });
        Ok(Some(StateContent::from_stream(length, stream::iter(pieces))))
    }

    /// Fills another file first, so that a state that is cut off does not replace the one before.
    async fn write(
        &self,
        cx: &Context<'_, Folder>,
        workspace: &str,
        state: &mut StateUpload<'_>,
    ) -> Result<(), Diagnostics> {
        let failed = |error: std::io::Error| failed("write the state", &error);
        let folder = cx.client.of(workspace);
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
        while let Some(chunk) = state.next().await? {
            file.write_all(&chunk).map_err(failed)?;
        }
        file.persist(folder.join(STATE)).map_err(|error| failed(error.error))?;
        Ok(())
    }

    async fn delete(&self, cx: &Context<'_, Folder>, workspace: &str) -> Result<(), Diagnostics> {
        match fs::remove_file(cx.client.of(workspace).join(STATE)) {
            Ok(()) => Ok(()),
            Err(error) => Err(failed("delete the state", &error).into()),
        }
    }

    /// The file of a lock appears with its content, and only one can be the first.
    async fn lock(
        &self,
        cx: &Context<'_, Folder>,
        workspace: &str,
        operation: &str,
    ) -> Result<Option<String>, Diagnostics> {
        let (lock, folder) = (StateLock::new(operation), cx.client.of(workspace));
        match create_whole(&folder, LOCK, &lock.to_json()) {
            Ok(()) => Ok(Some(lock.id)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(held(cx.client, workspace)?.conflict(workspace).into())
            }
            Err(error) => Err(failed("lock the state", &error).into()),
        }
    }

    async fn unlock(&self, cx: &Context<'_, Folder>, workspace: &str, id: &str) -> Result<(), Diagnostics> {
        let held = held(cx.client, workspace)?;
        if held.id != id {
            let detail = format!("The state of {workspace:?} is locked with the id {}, not {id}.", held.id);
            return Err(Diagnostic::error("Cannot unlock the state", detail).into());
        }
        Ok(fs::remove_file(cx.client.of(workspace).join(LOCK)).map_err(|error| failed("unlock the state", &error))?)
    }
}

/// Creates a file with this content, unless there is one.
fn create_whole(folder: &Path, name: &str, content: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content.as_bytes())?;
    file.persist_noclobber(folder.join(name)).map(drop).map_err(|error| error.error)
}

/// The lock that a state has.
fn held(folder: &Folder, workspace: &str) -> Result<StateLock, Diagnostic> {
    let text = fs::read_to_string(folder.of(workspace).join(LOCK)).map_err(|error| failed("read the lock", &error))?;
    StateLock::from_json(&text)
}

fn failed(what: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(format!("Cannot {what}"), error.to_string())
}
