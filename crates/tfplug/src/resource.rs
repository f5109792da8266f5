//! Managed resources: what an author implements, and how the server sees it.

use std::future::Future;

use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Field as _, Model, ResourceModel};
use crate::planning::PlanRequest;
use crate::schema::Schema;
use crate::stored::{MoveSource, Moved, StoredState};
use crate::type_erasure::to_model;

/// The result of a create or update.
///
/// ```
/// use tfplug::{Applied, Diagnostic, Failed, Model};
///
/// /// A key.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Key {
///     #[tf(required, identity)]
///     name: String,
/// }
///
/// /// The `create` of the resource, as the API answers.
/// fn created(status: u16, plan: Key) -> Applied<Key> {
///     match status {
///         200 => Ok(plan),
///         202 => Err(Failed::with(plan, Diagnostic::error("The key does not work yet", "It is stored as tainted."))),
///         _ => Err(Diagnostic::error("Cannot create the key", format!("The API answered {status}.")).into()),
///     }
/// }
/// ```
pub type Applied<M> = Result<M, Failed<M>>;

/// A create or update that failed, and the state of what exists nevertheless.
///
/// On a create, the state is stored and marked as tainted, so that a created object is not lost, provided that it has the object's
/// identity; without a state, the core assumes that nothing was created. On an update, the state is stored; without one, the prior
/// state is kept. In both cases, [`Context::keep`] can say before that what exists. The private data is stored together with a state,
/// and with the prior state if the handler changed it.
///
/// ```
/// use tfplug::{Applied, Computed, Diagnostic, Failed, Model};
///
/// /// A server.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Server {
///     #[tf(computed, identity, use_state_for_unknown)]
///     id: Computed<String>,
///     #[tf(computed)]
///     address: Computed<String>,
/// }
///
/// /// The end of a create: the server exists, and has no address.
/// fn without_address(plan: Server) -> Applied<Server> {
///     let server = Server { id: "i-1".into(), ..plan };
///     Err(Failed::with(server, Diagnostic::error("The server has no address", "It is stored as tainted.")))
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Failed<M> {
    /// What went wrong; at least one error.
    pub diagnostics: Diagnostics,
    /// The actual state, as far as it is known. Unknown attributes are stored with their prior value, or as null.
    pub state: Option<M>,
}

impl<M> Failed<M> {
    /// A failure after which this state exists.
    pub fn with(state: M, diagnostics: impl Into<Diagnostics>) -> Self {
        Self { diagnostics: diagnostics.into(), state: Some(state) }
    }
}

impl<M> From<Diagnostics> for Failed<M> {
    fn from(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, state: None }
    }
}

impl<M> From<Diagnostic> for Failed<M> {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics::from(diagnostic).into()
    }
}

/// The argument of `terraform import` or of an `import` block.
///
/// ```
/// use tfplug::{Diagnostic, Diagnostics, ImportId, Model};
///
/// /// A key, which an import finds by `PROJECT/NAME`.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Key {
///     #[tf(required, identity, requires_replace)]
///     project: String,
///     #[tf(required, identity, requires_replace)]
///     name: String,
/// }
///
/// /// The `import` of the resource.
/// fn import(id: ImportId<KeyIdentity>) -> Result<KeyIdentity, Diagnostics> {
///     match id {
///         ImportId::Identity(identity) => Ok(identity),
///         ImportId::Id(id) => match id.split_once('/') {
///             Some((project, name)) => Ok(KeyIdentity { project: project.to_owned(), name: name.to_owned() }),
///             None => Err(Diagnostic::error("Invalid id", "Write PROJECT/NAME.").into()),
///         },
///     }
/// }
///
/// let key = import(ImportId::Id("a/b".to_owned())).unwrap();
/// assert_eq!((key.project.as_str(), key.name.as_str()), ("a", "b"));
/// ```
#[derive(Clone, Debug)]
pub enum ImportId<I> {
    /// The id after the address, or `id = "…"`.
    Id(String),
    /// `identity = { … }`.
    Identity(I),
}

/// A managed resource type: a schema, a model with the same attributes, and create, read, update and delete.
///
/// Planning follows from the schema. Attributes that are unknown in a plan are decided by `create` and `update`; the
/// server compares what they return with the plan.
///
/// ```
/// use std::{fs, io, path::PathBuf};
/// use tfplug::{Applied, Context, Diagnostic, Diagnostics, Existing, Model, Offers, Prior, Resource};
///
/// /// A text in a file.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Note {
///     /// The name of its file.
///     #[tf(required, identity, requires_replace)]
///     name: String,
///     /// What it says.
///     #[tf(required)]
///     text: String,
/// }
///
/// /// The client is the folder.
/// struct Notes;
///
/// impl Resource for Notes {
///     type Client = PathBuf;
///     type Model = Note;
///
///     async fn create(&self, cx: &Context<'_, PathBuf>, plan: Note) -> Applied<Note> {
///         fs::write(cx.client.join(&plan.name), &plan.text).map_err(unreachable)?;
///         Ok(plan)
///     }
///
///     async fn read(&self, cx: &Context<'_, PathBuf>, prior: Prior<Note>) -> Result<Option<Note>, Diagnostics> {
///         let name = prior.identity.name;
///         match fs::read_to_string(cx.client.join(&name)) {
///             Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
///             text => Ok(Some(Note { text: text.map_err(unreachable)?, name })),
///         }
///     }
///
///     async fn update(&self, cx: &Context<'_, PathBuf>, _: Existing<Note>, plan: Note) -> Applied<Note> {
///         self.create(cx, plan).await
///     }
///
///     async fn delete(&self, cx: &Context<'_, PathBuf>, note: Existing<Note>) -> Result<(), Diagnostics> {
///         Ok(fs::remove_file(cx.client.join(note.identity.name)).map_err(unreachable)?)
///     }
/// }
///
/// fn unreachable(error: io::Error) -> Diagnostic {
///     Diagnostic::error("Cannot reach the note", error.to_string())
/// }
///
/// let offers = Offers::new().resource("notes_note", Notes);
/// ```
pub trait Resource: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// One field per attribute.
    type Model: ResourceModel;

    /// The attributes and their rules: by default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// The attributes that identify an object for as long as it lives: by default those that the model marks. Empty if
    /// the type has no resource identity.
    fn identity(&self) -> &'static [&'static str] {
        Self::Model::IDENTITY
    }

    /// The parts of the identity that an import may leave out: by default those that the model marks.
    fn optional_identity(&self) -> &'static [&'static str] {
        Self::Model::OPTIONAL_IDENTITY
    }

    /// The version of the identity: by default the model's. Raise it when older identities cannot be read as they are, and
    /// implement [`Resource::upgrade_identity`].
    fn identity_version(&self) -> i64 {
        Self::Model::IDENTITY_VERSION
    }

    /// Whether an update or a read may change the identity of an object: by default what the model says, with `mutable_identity`
    /// above the struct. It is for objects that are found by what can be changed, such as a name. `update` gets the identity that the
    /// object has had, and the plan has the new one. An update that can still fail after the change calls
    /// [`Context::keep`](crate::Context::keep) first, with the new identity: by the old one, the object would no longer be found.
    ///
    /// Without it, an update that would change the identity is refused, and a read that returns another one is an error: it is about
    /// another object.
    ///
    /// ```
    /// use tfplug::Model;
    ///
    /// /// A branch, which can be renamed.
    /// #[derive(Model)]
    /// #[tf(resource, mutable_identity)]
    /// struct Branch {
    ///     #[tf(required, identity, requires_replace)]
    ///     repository: String,
    ///     #[tf(required, identity)]
    ///     name: String,
    /// }
    /// assert!(Branch::MUTABLE_IDENTITY);
    /// ```
    fn mutable_identity(&self) -> bool {
        Self::Model::MUTABLE_IDENTITY
    }

    /// Checks that concern several attributes at once; those of one attribute belong in the schema. Anything may be
    /// unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Adjusts a change that was planned by the schema: a create, an update or a destroy. It may call the API, warn, fail,
    /// require a replacement, defer the change, and change attributes that the configuration does not set. By default it does
    /// nothing.
    ///
    /// The core plans a change more than once and compares every plan with the first: equal input must give an equal result.
    /// What is equal to what it was, by the model's `PartialEq`, stays as the schema planned it.
    ///
    /// # Errors
    ///
    /// Diagnostics that stop the plan.
    fn plan(
        &self,
        request: &mut PlanRequest<'_, Self::Client, <Self::Model as Model>::Config>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = request;
        async { Ok(()) }
    }

    /// Creates the object. The result must not have unknown attributes.
    fn create(
        &self,
        cx: &Context<'_, Self::Client>,
        plan: Self::Model,
    ) -> impl Future<Output = Applied<Self::Model>> + Send;

    /// Reads the object. `None` means that it definitely no longer exists: Terraform then plans to create it.
    fn read(
        &self,
        cx: &Context<'_, Self::Client>,
        state: <Self::Model as Model>::Prior,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Updates the object from `prior` to `plan`. The result must not have unknown attributes.
    fn update(
        &self,
        cx: &Context<'_, Self::Client>,
        prior: <Self::Model as Model>::Existing,
        plan: Self::Model,
    ) -> impl Future<Output = Applied<Self::Model>> + Send;

    /// Deletes the object. If it no longer exists, that counts as success.
    fn delete(
        &self,
        cx: &Context<'_, Self::Client>,
        state: <Self::Model as Model>::Existing,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Converts the import's argument to the object's identity, from which `read` starts. By default, an identity is accepted
    /// and an id is rejected.
    fn import(
        &self,
        cx: &Context<'_, Self::Client>,
        id: ImportId<<Self::Model as Model>::Identity>,
    ) -> impl Future<Output = Result<<Self::Model as Model>::Identity, Diagnostics>> + Send {
        let _ = cx;
        async {
            match id {
                ImportId::Identity(identity) => Ok(identity),
                ImportId::Id(_) if Self::Model::IDENTITY.is_empty() => {
                    Err(Diagnostic::error("Cannot import", "This resource type cannot be imported.").into())
                }
                ImportId::Id(_) => Err(Diagnostic::error(
                    "Cannot import by id",
                    "This resource type can only be imported by identity.",
                )
                .into()),
            }
        }
    }

    /// Converts the import's argument to the state from which `read` starts, for what more than the identity is known. By default,
    /// that is the identity that [`Resource::import`] returns, and all else is null.
    fn import_state(
        &self,
        cx: &Context<'_, Self::Client>,
        id: ImportId<<Self::Model as Model>::Identity>,
    ) -> impl Future<Output = Result<<Self::Model as Model>::Config, Diagnostics>> + Send {
        async { to_model(self.import(cx, id).await?.into_value()) }
    }

    /// Reads a state that an older schema version wrote; [`StoredState::read`] gives it as a struct of that version, and
    /// [`StoredState::warn`] shows a warning. A state of a newer version never arrives here.
    ///
    /// # Errors
    ///
    /// By default always: a resource that raises its version must implement this.
    fn upgrade(&self, version: i64, state: StoredState) -> Result<<Self::Model as Model>::Config, Diagnostics> {
        let _ = state;
        Err(Diagnostic::bug(format!("No upgrade from version {version} of the stored state.")).into())
    }

    /// Reads an identity that an older version wrote; [`StoredState::read`] gives it as a struct of that version.
    ///
    /// # Errors
    ///
    /// By default always: a resource that raises the version of its identity must implement this.
    fn upgrade_identity(
        &self,
        version: i64,
        identity: StoredState,
    ) -> Result<<Self::Model as Model>::Identity, Diagnostics> {
        let _ = identity;
        Err(Diagnostic::bug(format!("No upgrade from version {version} of the stored identity.")).into())
    }

    /// Moves an object of another resource type, or of the same type at another provider address, to this type. `None`, the
    /// default, leaves it to the rule for all types: an object of the same type keeps its state, upgraded if need be, its
    /// identity and its private data; anything else is an error that tells to import the object instead.
    ///
    /// # Errors
    ///
    /// Diagnostics that stop the move.
    fn move_from(&self, source: &MoveSource) -> Result<Option<Moved<<Self::Model as Model>::Config>>, Diagnostics> {
        let _ = source;
        Ok(None)
    }
}
