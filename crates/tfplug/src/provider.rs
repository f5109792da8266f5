//! The provider itself: its configuration block, and the types that it offers.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::action::{Action, AnyAction};
use crate::any_resource::AnyResource;
use crate::context::Warnings;
use crate::data_source::{AnyDataSource, DataSource};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ephemeral::{AnyEphemeralResource, EphemeralResource};
use crate::function::{AnyFunction, Erased, Function};
use crate::list_resource::{AnyListResource, ListResource};
use crate::model::{Model, ProviderMetaModel, ProviderModel};
use crate::resource::Resource;
use crate::schema::Schema;
use crate::state_store::{AnyStateStore, StateStore};
use crate::type_erasure::Typed;

/// The context of `configure`.
///
/// ```
/// use tfplug::{Diagnostic, Diagnostics, Setup};
///
/// /// A part of `configure`.
/// fn check(setup: &Setup<'_>, host: &str) -> Result<(), Diagnostics> {
///     if host.starts_with("http://") {
///         setup.warn(Diagnostic::warning("The token is sent in the clear", "Use https instead."));
///     }
///     if setup.core_version.starts_with("1.6.") {
///         return Err(Diagnostic::error("Terraform is too old", "This provider needs version 1.7.").into());
///     }
///     Ok(())
/// }
/// ```
pub struct Setup<'a> {
    /// The core's version, such as `1.11.4`.
    pub core_version: &'a str,
    /// Cancelled when Terraform asks to stop; pass it on to whatever waits or sends requests.
    pub stop: CancellationToken,
    /// Whether the core accepts that what needs the client is deferred to a later run: a provider that returns `None` for a
    /// reason of its own should do so only then.
    pub deferral_allowed: bool,
    pub(crate) warnings: &'a Warnings,
}

impl Setup<'_> {
    /// Shows a warning, whether `configure` succeeds or not.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }
}

/// A Terraform provider.
///
/// ```
/// use std::path::PathBuf;
/// use tfplug::{Diagnostics, Model, Offers, Provider, Setup};
///
/// /// Keeps notes in a folder.
/// #[derive(Model)]
/// #[tf(provider)]
/// struct Block {
///     /// The folder, which exists. Default: the working directory.
///     folder: Option<String>,
/// }
///
/// struct Notes;
///
/// impl Provider for Notes {
///     type Client = PathBuf;
///     type Config = Block;
///
///     async fn configure(&self, _: Setup<'_>, block: Block) -> Result<Option<PathBuf>, Diagnostics> {
///         Ok(Some(block.folder.unwrap_or_else(|| ".".to_owned()).into()))
///     }
///
///     fn offers(&self) -> Offers<PathBuf> {
///         Offers::new() // .resource("notes_note", …), and a line for everything else
///     }
/// }
///
/// assert_eq!(tfplug::problems(&Notes), Vec::<String>::new());
/// ```
pub trait Provider: Send + Sync + 'static {
    /// The API client that handlers use.
    type Client: Send + Sync + 'static;
    /// The provider block: one field per attribute.
    type Config: ProviderModel;

    /// The provider block's attributes and their rules: by default the model's.
    fn schema(&self) -> Schema {
        Self::Config::schema()
    }

    /// Checks that concern several attributes at once. Anything may be unknown.
    fn validate(&self, config: &<Self::Config as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Makes the client; `None` while the configuration is not known yet, for example because it depends on a resource that
    /// is not applied yet. Then nothing is refreshed, ephemeral resources have unknown results, and other handlers that need
    /// the client fail with an error that says why. With a model by [`derive(Model)`](derive@crate::Model), this is not called
    /// until the whole block is known.
    ///
    /// Called once per run. In debug mode, several runs and several configurations of the provider share the process; this is
    /// called for each connection, which keeps its own client.
    fn configure(
        &self,
        setup: Setup<'_>,
        config: Self::Config,
    ) -> impl Future<Output = Result<Option<Self::Client>, Diagnostics>> + Send;

    /// Registers the resources, data sources and other types of the provider.
    fn offers(&self) -> Offers<Self::Client>;
}

/// The registry of what a provider offers: resources, data sources, ephemeral resources, actions, list resources and
/// state stores, each by its type name, and functions.
///
/// ```
/// use tfplug::{Arguments, Function, FunctionError, Offers};
///
/// /// Joins texts.
/// #[derive(Arguments)]
/// struct Join {
///     /// The texts.
///     #[tf(variadic)]
///     texts: Vec<String>,
/// }
///
/// impl Function for Join {
///     type Output = String;
///
///     fn call(self) -> Result<String, FunctionError> {
///         Ok(self.texts.concat())
///     }
/// }
///
/// /// In a configuration: `provider::NAME::join("a", "b")`.
/// fn offers() -> Offers<()> {
///     Offers::new().function::<Join>("join")
/// }
/// ```
pub struct Offers<C> {
    pub(crate) resources: BTreeMap<String, Box<dyn AnyResource<C>>>,
    pub(crate) data_sources: BTreeMap<String, Box<dyn AnyDataSource<C>>>,
    pub(crate) ephemeral_resources: BTreeMap<String, Box<dyn AnyEphemeralResource<C>>>,
    pub(crate) actions: BTreeMap<String, Box<dyn AnyAction<C>>>,
    pub(crate) list_resources: BTreeMap<String, Box<dyn AnyListResource<C>>>,
    pub(crate) state_stores: BTreeMap<String, Box<dyn AnyStateStore<C>>>,
    pub(crate) functions: BTreeMap<String, Box<dyn AnyFunction>>,
    pub(crate) provider_meta: Option<Typed<()>>,
    /// What was registered more than once, one line each.
    pub(crate) duplicates: Vec<String>,
}

impl<C: Send + Sync + 'static> Default for Offers<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Send + Sync + 'static> Offers<C> {
    /// Makes an empty registry.
    #[must_use]
    pub fn new() -> Self {
        Self {
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            ephemeral_resources: BTreeMap::new(),
            actions: BTreeMap::new(),
            list_resources: BTreeMap::new(),
            state_stores: BTreeMap::new(),
            functions: BTreeMap::new(),
            provider_meta: None,
            duplicates: Vec::new(),
        }
    }

    /// Adds a managed resource under its full type name. A name that is registered twice is one of the
    /// [`problems`](crate::problems()), and an error in each core.
    #[must_use]
    pub fn resource<R: Resource<Client = C>>(mut self, name: &str, resource: R) -> Self {
        let schema = resource.schema();
        let all = &mut self.resources;
        self.duplicates.extend(register(all, "resource", name, Box::new(Typed::new(resource, schema))));
        self
    }

    /// Adds a data source under its full type name.
    #[must_use]
    pub fn data_source<D: DataSource<Client = C>>(mut self, name: &str, data_source: D) -> Self {
        let schema = data_source.schema();
        let all = &mut self.data_sources;
        self.duplicates.extend(register(all, "data source", name, Box::new(Typed::new(data_source, schema))));
        self
    }

    /// Adds an ephemeral resource under its full type name.
    #[must_use]
    pub fn ephemeral_resource<E: EphemeralResource<Client = C>>(mut self, name: &str, ephemeral: E) -> Self {
        let schema = ephemeral.schema();
        let all = &mut self.ephemeral_resources;
        self.duplicates.extend(register(all, "ephemeral resource", name, Box::new(Typed::new(ephemeral, schema))));
        self
    }

    /// Adds an action under its full type name.
    #[must_use]
    pub fn action<A: Action<Client = C>>(mut self, name: &str, action: A) -> Self {
        let schema = action.schema();
        let all = &mut self.actions;
        self.duplicates.extend(register(all, "action", name, Box::new(Typed::new(action, schema))));
        self
    }

    /// Adds a list resource under the type name of the managed resource that it lists.
    #[must_use]
    pub fn list_resource<L: ListResource<Client = C>>(mut self, name: &str, list: L) -> Self {
        let schema = list.schema();
        let all = &mut self.list_resources;
        self.duplicates.extend(register(all, "list resource", name, Box::new(Typed::new(list, schema))));
        self
    }

    /// Adds a state store under its full type name.
    #[must_use]
    pub fn state_store<S: StateStore<Client = C>>(mut self, name: &str, store: S) -> Self {
        let schema = store.schema();
        let all = &mut self.state_stores;
        self.duplicates.extend(register(all, "state store", name, Box::new(Typed::new(Arc::new(store), schema))));
        self
    }

    /// Lets modules say something about themselves to the provider, in a `provider_meta` block:
    /// [`Context::provider_meta`](crate::Context::provider_meta) has it.
    ///
    /// ```
    /// use tfplug::{Model, Offers};
    ///
    /// /// What a module says about itself.
    /// #[derive(Model)]
    /// #[tf(provider_meta)]
    /// struct Module {
    ///     /// Its name, for the API's statistics.
    ///     name: Option<String>,
    /// }
    ///
    /// let offers = Offers::<()>::new().provider_meta::<Module>();
    /// ```
    #[must_use]
    pub fn provider_meta<M: ProviderMetaModel>(mut self) -> Self {
        if self.provider_meta.replace(Typed::new((), M::schema())).is_some() {
            self.duplicates.push("provider_meta: there are two models of the block".to_owned());
        }
        self
    }

    /// Adds a function. Its name has no prefix: `parse` is called as `provider::NAME::parse(…)`.
    #[must_use]
    pub fn function<F: Function>(mut self, name: &str) -> Self {
        let all = &mut self.functions;
        self.duplicates.extend(register(all, "function", name, Box::new(Erased::<F>::new())));
        self
    }
}

/// Registers a type or function. If there is one of this name already, returns a line that says so.
fn register<T: ?Sized>(all: &mut BTreeMap<String, Box<T>>, kind: &str, name: &str, one: Box<T>) -> Option<String> {
    let before = all.insert(name.to_owned(), one);
    before.map(|_| format!("{name}: there are two {kind}s of this name"))
}
