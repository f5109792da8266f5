//! The marker traits of models, by what they are a model of, and what handlers get for an object that exists.

use std::sync::OnceLock;

use super::Model;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::Value;

/// The model of a [`Resource`](crate::Resource).
///
/// ```
/// use tfplug::{ResourceModel, Model};
///
/// /// A note.
/// #[derive(Model)]
/// #[tf(resource, no_identity)]
/// struct Note {
///     /// Its name.
///     #[tf(required)]
///     name: String,
/// }
///
/// fn attributes<M: ResourceModel>() -> usize {
///     M::ATTRIBUTES.len()
/// }
/// assert_eq!(attributes::<Note>(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a resource",
    note = "write #[derive(Model)] and #[tf(resource)] at the struct"
)]
pub trait ResourceModel: Model {}

/// The model of a [`DataSource`](crate::DataSource).
///
/// ```
/// use tfplug::{DataSourceModel, Model};
///
/// /// Finds a note.
/// #[derive(Model)]
/// #[tf(data_source)]
/// struct Note {
///     /// Its name.
///     #[tf(required)]
///     name: String,
/// }
///
/// fn attributes<M: DataSourceModel>() -> usize {
///     M::ATTRIBUTES.len()
/// }
/// assert_eq!(attributes::<Note>(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a data source",
    note = "write #[derive(Model)] and #[tf(data_source)] at the struct"
)]
pub trait DataSourceModel: Model {}

/// The model of an [`EphemeralResource`](crate::EphemeralResource).
///
/// ```
/// use tfplug::{EphemeralResourceModel, Model};
///
/// /// A token.
/// #[derive(Model)]
/// #[tf(ephemeral_resource)]
/// struct Note {
///     /// Its name.
///     #[tf(required)]
///     name: String,
/// }
///
/// fn attributes<M: EphemeralResourceModel>() -> usize {
///     M::ATTRIBUTES.len()
/// }
/// assert_eq!(attributes::<Note>(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of an ephemeral resource",
    note = "write #[derive(Model)] and #[tf(ephemeral_resource)] at the struct"
)]
pub trait EphemeralResourceModel: Model {}

/// The model of an [`Action`](crate::Action).
///
/// ```
/// use tfplug::{ActionModel, Model};
///
/// /// Sends a note.
/// #[derive(Model)]
/// #[tf(action)]
/// struct Note {
///     /// Its name.
///     #[tf(required)]
///     name: String,
/// }
///
/// fn attributes<M: ActionModel>() -> usize {
///     M::ATTRIBUTES.len()
/// }
/// assert_eq!(attributes::<Note>(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of an action",
    note = "write #[derive(Model)] and #[tf(action)] at the struct"
)]
pub trait ActionModel: Model {}

/// The model of a [`ListResource`](crate::ListResource)'s configuration.
///
/// ```
/// use tfplug::{ListResourceModel, Model};
///
/// /// Lists notes.
/// #[derive(Model)]
/// #[tf(list_resource)]
/// struct Note {
///     /// Its name.
///     #[tf(required)]
///     name: String,
/// }
///
/// fn attributes<M: ListResourceModel>() -> usize {
///     M::ATTRIBUTES.len()
/// }
/// assert_eq!(attributes::<Note>(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a list resource",
    note = "write #[derive(Model)] and #[tf(list_resource)] at the struct"
)]
pub trait ListResourceModel: Model {}

/// The model of a [`Provider`](crate::Provider)'s block.
///
/// ```
/// use tfplug::{ProviderModel, Model};
///
/// /// Keeps notes.
/// #[derive(Model)]
/// #[tf(provider)]
/// struct Note {
///     /// Its name.
///     #[tf(required)]
///     name: String,
/// }
///
/// fn attributes<M: ProviderModel>() -> usize {
///     M::ATTRIBUTES.len()
/// }
/// assert_eq!(attributes::<Note>(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a provider block",
    note = "write #[derive(Model)] and #[tf(provider)] at the struct"
)]
pub trait ProviderModel: Model {}

/// The model of the `provider_meta` block of modules.
///
/// ```
/// use tfplug::{ProviderMetaModel, Model};
///
/// /// What a module says.
/// #[derive(Model)]
/// #[tf(provider_meta)]
/// struct Note {
///     /// Its name.
///     #[tf(required)]
///     name: String,
/// }
///
/// fn attributes<M: ProviderMetaModel>() -> usize {
///     M::ATTRIBUTES.len()
/// }
/// assert_eq!(attributes::<Note>(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a provider_meta block",
    note = "write #[derive(Model)] and #[tf(provider_meta)] at the struct"
)]
pub trait ProviderMetaModel: Model {}

/// The model of a [`StateStore`](crate::StateStore)'s block.
///
/// ```
/// use tfplug::{StateStoreModel, Model};
///
/// /// Keeps states.
/// #[derive(Model)]
/// #[tf(state_store)]
/// struct Note {
///     /// Its name.
///     #[tf(required)]
///     name: String,
/// }
///
/// fn attributes<M: StateStoreModel>() -> usize {
///     M::ATTRIBUTES.len()
/// }
/// assert_eq!(attributes::<Note>(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a state store",
    note = "write #[derive(Model)] and #[tf(state_store)] at the struct"
)]
pub trait StateStoreModel: Model {}

/// An existing object as the state has it: the input of `update` and `delete`.
///
/// ```
/// use tfplug::{Existing, Model};
///
/// /// A note.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Note {
///     #[tf(required, identity)]
///     title: String,
///     #[tf(required)]
///     text: String,
/// }
///
/// /// What the `update` of the resource sends: the text if it has changed.
/// fn patch(prior: &Existing<Note>, plan: &Note) -> (String, Option<String>) {
///     let text = (prior.state.text != plan.text).then(|| plan.text.clone());
///     (format!("/notes/{}", prior.identity.title), text)
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Existing<M: Model> {
    /// What identifies it: the attributes that are marked with `identity`.
    pub identity: M::Identity,
    /// All its attributes.
    pub state: M,
}

/// What is known about an object before it is read.
///
/// ```
/// use tfplug::{Computed, Diagnostics, Model, Prior};
///
/// /// A note.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Note {
///     /// What it is called.
///     #[tf(required, identity)]
///     title: String,
///     /// How long it is, which an older version of the provider did not store.
///     #[tf(default = 1)]
///     pages: i64,
/// }
///
/// /// The `read` of the resource, which keeps what the API does not tell.
/// fn read(note: Prior<Note>) -> Result<Option<Note>, Diagnostics> {
///     let pages = note.state.pages.get().copied().unwrap_or(1);
///     Ok(Some(Note { title: note.identity.title, pages }))
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prior<M: Model> {
    /// What identifies it: the attributes that are marked with `identity`.
    pub identity: M::Identity,
    /// All its attributes as the state has them. Any of them may be null: after an import, an upgrade or a move, and where the schema
    /// has attributes that it did not have when the state was written.
    pub state: M::Config,
    stored: Value,
    /// Converted when it is asked for.
    whole: OnceLock<Result<M, String>>,
}

impl<M: Model> Prior<M> {
    pub(super) fn new(identity: M::Identity, state: M::Config, stored: Value) -> Self {
        Self { identity, state, stored, whole: OnceLock::new() }
    }

    /// The state as the model; `None` if it lacks something that the model always has.
    ///
    /// ```
    /// use tfplug::{Diagnostics, Model, Prior};
    ///
    /// /// A note.
    /// #[derive(Clone, Model)]
    /// #[tf(resource)]
    /// struct Note {
    ///     #[tf(required, identity)]
    ///     title: String,
    ///     #[tf(required)]
    ///     text: String,
    /// }
    ///
    /// /// The `read` of the resource: a note that was not changed is not fetched once more.
    /// fn read(prior: Prior<Note>, etag_is_current: bool) -> Result<Option<Note>, Diagnostics> {
    ///     if let (true, Some(note)) = (etag_is_current, prior.whole()) {
    ///         return Ok(Some(note.clone()));
    ///     }
    ///     fetch(&prior.identity.title)
    /// }
    /// # fn fetch(_: &str) -> Result<Option<Note>, Diagnostics> { Ok(None) }
    /// ```
    pub fn whole(&self) -> Option<&M> {
        self.whole.get_or_init(|| whole(self.stored.clone())).as_ref().ok()
    }

    /// The state as the model, for a resource that is known from its state alone.
    ///
    /// # Errors
    ///
    /// A diagnostic that names what the state lacks. An object whose state is incomplete still exists: `None` in its place would
    /// let Terraform create a second one.
    pub fn into_whole(self) -> Result<M, Diagnostics> {
        let whole = self.whole.into_inner().unwrap_or_else(|| whole(self.stored));
        whole.map_err(|error| incomplete(&error))
    }
}

fn whole<M: Model>(stored: Value) -> Result<M, String> {
    M::from_value(stored, &Path::root()).map_err(|error| error.to_string())
}

/// The error for a state that lacks something.
pub(super) fn incomplete(error: &str) -> Diagnostics {
    let detail =
        format!("{error}. Refresh the state with `terraform apply -refresh-only`, or import the object again.");
    Diagnostic::error("The state is incomplete", detail).into()
}
