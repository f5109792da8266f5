//! State stores: where a core keeps the states of a configuration.

mod content;
mod lock;
mod upload;

use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;

pub use content::StateContent;
pub use lock::StateLock;
pub use upload::StateUpload;
pub(crate) use upload::UploadChunk;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::{Model, StateStoreModel};
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, validate_model};
use crate::value::Value;

/// A place for states, which a configuration names in its `state_store` block. A core has one state for each workspace, and
/// reads, writes and locks it by the workspace's name.
///
/// State stores are an experiment of Terraform's prereleases, and no released core uses them yet.
///
/// ```
/// use std::path::PathBuf;
/// use tfplug::{Context, Diagnostic, Diagnostics, Model, StateContent, StateStore, StateUpload};
///
/// /// Keeps states in a folder.
/// #[derive(Model)]
/// #[tf(state_store)]
/// struct FolderBlock {
///     /// The folder, which exists.
///     #[tf(required, non_empty)]
///     path: String,
/// }
///
/// struct InFolder;
///
/// impl StateStore for InFolder {
///     type Client = ();
///     type Model = FolderBlock;
///     type Store = PathBuf;
///
///     async fn configure(&self, _: &Context<'_, ()>, block: FolderBlock) -> Result<PathBuf, Diagnostics> {
///         Ok(block.path.into())
///     }
///
///     async fn list(&self, cx: &Context<'_, PathBuf>) -> Result<Vec<String>, Diagnostics> {
///         let entries = std::fs::read_dir(cx.client).map_err(|error| failed("list the states", &error))?;
///         Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
///     }
///
///     async fn read(&self, cx: &Context<'_, PathBuf>, workspace: &str) -> Result<Option<StateContent>, Diagnostics> {
///         match std::fs::read(cx.client.join(workspace)) {
///             Ok(state) => Ok(Some(state.into())),
///             Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
///             Err(error) => Err(failed("read the state", &error).into()),
///         }
///     }
///
///     async fn write(
///         &self,
///         cx: &Context<'_, PathBuf>,
///         workspace: &str,
///         state: &mut StateUpload<'_>,
///     ) -> Result<(), Diagnostics> {
///         let state = state.bytes().await?;
///         Ok(std::fs::write(cx.client.join(workspace), state).map_err(|error| failed("write the state", &error))?)
///     }
///
///     async fn delete(&self, cx: &Context<'_, PathBuf>, workspace: &str) -> Result<(), Diagnostics> {
///         Ok(std::fs::remove_file(cx.client.join(workspace)).map_err(|error| failed("delete the state", &error))?)
///     }
/// }
///
/// fn failed(what: &str, error: &std::io::Error) -> Diagnostic {
///     Diagnostic::error(format!("Cannot {what}"), error.to_string())
/// }
/// ```
pub trait StateStore: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// The `state_store` block: one field per attribute, none of them computed.
    type Model: StateStoreModel;
    /// What [`StateStore::configure`] makes: the client of all other operations.
    type Store: Send + Sync + 'static;

    /// The attributes and their rules. By default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// Checks that concern several attributes at once. Anything may be unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// How many bytes of a state go into one message. By default what the core proposes, which is 8 MB.
    fn chunk_size(&self, proposed: usize) -> usize {
        proposed
    }

    /// Prepares the store, after the provider was configured and before anything else.
    fn configure(
        &self,
        cx: &Context<'_, Self::Client>,
        block: Self::Model,
    ) -> impl Future<Output = Result<Self::Store, Diagnostics>> + Send;

    /// The names of the workspaces that have a state.
    fn list(&self, cx: &Context<'_, Self::Store>) -> impl Future<Output = Result<Vec<String>, Diagnostics>> + Send;

    /// Reads the state of a workspace; `None` if it has none yet.
    fn read(
        &self,
        cx: &Context<'_, Self::Store>,
        workspace: &str,
    ) -> impl Future<Output = Result<Option<StateContent>, Diagnostics>> + Send;

    /// Replaces the state of a workspace. An upload that is cut off must leave the old state in place.
    fn write(
        &self,
        cx: &Context<'_, Self::Store>,
        workspace: &str,
        state: &mut StateUpload<'_>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Deletes the state of a workspace.
    fn delete(
        &self,
        cx: &Context<'_, Self::Store>,
        workspace: &str,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Locks the state of a workspace for an operation, such as `plan` or `apply`, and returns the id of the lock; `None` if the
    /// store has no locks, which is the default. If it is locked already, the error tells who holds the lock:
    /// [`StateLock`] describes locks, and has that error.
    fn lock(
        &self,
        cx: &Context<'_, Self::Store>,
        workspace: &str,
        operation: &str,
    ) -> impl Future<Output = Result<Option<String>, Diagnostics>> + Send {
        let _ = (cx, workspace, operation);
        async { Ok(None) }
    }

    /// Releases a lock. It is an error if there is no such lock.
    fn unlock(
        &self,
        cx: &Context<'_, Self::Store>,
        workspace: &str,
        lock: &str,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (cx, workspace, lock);
        async { Ok(()) }
    }
}

/// A [`StateStore`] with its types erased.
pub(crate) trait AnyStateStore<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn chunk_size(&self, proposed: usize) -> usize;
    fn configure<'a>(
        &'a self,
        cx: &'a Context<'a, C>,
        block: Value,
    ) -> BoxFuture<'a, Result<Box<dyn AnyStore<C>>, Diagnostics>>;
}

/// What `configure` made, together with the operations on it.
pub(crate) trait AnyStore<C>: Send + Sync {
    fn list<'a>(&'a self, cx: &'a Context<'a, C>) -> BoxFuture<'a, Result<Vec<String>, Diagnostics>>;
    fn read<'a>(
        &'a self,
        cx: &'a Context<'a, C>,
        workspace: &'a str,
    ) -> BoxFuture<'a, Result<Option<StateContent>, Diagnostics>>;
    fn write<'a>(
        &'a self,
        cx: &'a Context<'a, C>,
        workspace: &'a str,
        state: &'a mut StateUpload<'_>,
    ) -> BoxFuture<'a, Result<(), Diagnostics>>;
    fn delete<'a>(&'a self, cx: &'a Context<'a, C>, workspace: &'a str) -> BoxFuture<'a, Result<(), Diagnostics>>;
    fn lock<'a>(
        &'a self,
        cx: &'a Context<'a, C>,
        workspace: &'a str,
        operation: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, Diagnostics>>;
    fn unlock<'a>(
        &'a self,
        cx: &'a Context<'a, C>,
        workspace: &'a str,
        lock: &'a str,
    ) -> BoxFuture<'a, Result<(), Diagnostics>>;
}

struct Configured<S: StateStore> {
    kind: Arc<S>,
    store: S::Store,
}

impl<S: StateStore> AnyStateStore<S::Client> for Typed<Arc<S>> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn chunk_size(&self, proposed: usize) -> usize {
        self.inner.chunk_size(proposed)
    }

    fn configure<'a>(
        &'a self,
        cx: &'a Context<'a, S::Client>,
        block: Value,
    ) -> BoxFuture<'a, Result<Box<dyn AnyStore<S::Client>>, Diagnostics>> {
        Box::pin(async move {
            let store = self.inner.configure(cx, to_model(block)?).await?;
            let configured: Box<dyn AnyStore<S::Client>> =
                Box::new(Configured { kind: Arc::clone(&self.inner), store });
            Ok(configured)
        })
    }
}

impl<S: StateStore> AnyStore<S::Client> for Configured<S> {
    fn list<'a>(&'a self, cx: &'a Context<'a, S::Client>) -> BoxFuture<'a, Result<Vec<String>, Diagnostics>> {
        Box::pin(async move { self.kind.list(&cx.with(&self.store)).await })
    }

    fn read<'a>(
        &'a self,
        cx: &'a Context<'a, S::Client>,
        workspace: &'a str,
    ) -> BoxFuture<'a, Result<Option<StateContent>, Diagnostics>> {
        Box::pin(async move { self.kind.read(&cx.with(&self.store), workspace).await })
    }

    fn write<'a>(
        &'a self,
        cx: &'a Context<'a, S::Client>,
        workspace: &'a str,
        state: &'a mut StateUpload<'_>,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move { self.kind.write(&cx.with(&self.store), workspace, state).await })
    }

    fn delete<'a>(
        &'a self,
        cx: &'a Context<'a, S::Client>,
        workspace: &'a str,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move { self.kind.delete(&cx.with(&self.store), workspace).await })
    }

    fn lock<'a>(
        &'a self,
        cx: &'a Context<'a, S::Client>,
        workspace: &'a str,
        operation: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, Diagnostics>> {
        Box::pin(async move { self.kind.lock(&cx.with(&self.store), workspace, operation).await })
    }

    fn unlock<'a>(
        &'a self,
        cx: &'a Context<'a, S::Client>,
        workspace: &'a str,
        lock: &'a str,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move { self.kind.unlock(&cx.with(&self.store), workspace, lock).await })
    }
}
