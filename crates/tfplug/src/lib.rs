//! The provider side of Terraform's plugin protocol 6, for providers written in Rust, without any Go.
//!
//! A provider is a type that implements [`Provider`] and registers what it offers: [`Resource`]s, [`DataSource`]s,
//! [`EphemeralResource`]s, [`Action`]s, [`ListResource`]s, [`Function`]s and [`StateStore`]s. Each has a struct with one field
//! per attribute, which derives [`Model`](derive@Model): schema and conversions follow from it. [`main`] does the rest:
//! arguments, the handshake with Terraform or OpenTofu, mutual TLS, the gRPC service, planning, and the checks that the core
//! expects of a provider.
//!
//! The README begins with a whole provider in 60 lines.
//!
//! For more control, write a [`Schema`](schema::Schema) with its builders and a [`model!`] to match, and call [`serve`] on
//! your own runtime. The feature `testing` adds a `testing::Harness` for a provider's tests.
//!
//! From the top down: `serve` starts and ends the process; `server` has one function per RPC, which decodes, looks up,
//! calls, checks and encodes; `schema` plans and validates as pure functions over [`Value`]s; nothing below knows of
//! anything above.
//!
//! `examples/notes.rs` is a complete provider with one resource, and `examples/corner` has one of everything.

// The derives refer to this crate by its name, as they do in other crates.
extern crate self as tfplug;

mod about;
mod action;
mod any_resource;
#[cfg(any(test, feature = "client"))]
pub mod client;
mod codec;
mod context;
mod data_source;
mod diagnostic;
mod duration;
mod ephemeral;
mod function;
mod go_plugin;
mod handshake;
mod list_resource;
mod locks;
mod log;
mod maps;
mod model;
mod path;
mod planning;
mod private;
mod problems;
mod program;
#[doc(hidden)]
pub mod proto;
mod provider;
mod provider_meta;
mod resource;
pub mod schema;
mod serve;
mod server;
mod state_store;
mod stored;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
mod timeouts;
mod tls;
mod type_erasure;
pub mod value;

use std::process::ExitCode;

pub use about::About;
pub use action::{Action, ActionPlan, Progress};
pub use context::{Context, Deferral};
pub use data_source::DataSource;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::{EphemeralResource, Opened};
pub use function::{Argument, Arguments, Function, FunctionError, Variadic};
pub use list_resource::{ListResource, ListResults};
#[doc(hidden)]
pub use model::attribute_name;
pub use model::{
    ActionModel, Attr, Computed, DataSourceModel, EphemeralResourceModel, Existing, Field, ListResourceModel, Model,
    NoIdentity, Object, Open, Prior, ProviderMetaModel, ProviderModel, ResourceModel, Slot, StateStoreModel,
    holds_against,
};
pub use path::{Path, Step};
pub use planning::PlanRequest;
pub use private::Private;
pub use problems::problems;
pub use program::main;
pub use provider::{Offers, Provider, Setup};
pub use resource::{Applied, Failed, ImportId, Resource};
pub use state_store::{StateContent, StateLock, StateStore, StateUpload};
pub use stored::{MoveSource, Moved, StoredState};
pub use tfplug_macros::{Arguments, Model, Words};
pub use timeouts::{
    ActionTimeouts, ActionTimeoutsConfig, DataSourceTimeouts, DataSourceTimeoutsConfig, EphemeralTimeouts,
    EphemeralTimeoutsConfig, ListTimeouts, ListTimeoutsConfig, StateStoreTimeouts, StateStoreTimeoutsConfig, Timeouts,
    TimeoutsConfig,
};
pub use tokio_util::sync::CancellationToken;
pub use value::{Number, Type, Value};

/// Compiles and runs the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Compiles the examples of the guide for authors who come from Go.
#[cfg(doctest)]
#[doc = include_str!("../docs/from-the-go-framework.md")]
struct FromTheGoFramework;

/// What the expansions of this crate's macros use.
#[doc(hidden)]
pub mod __private {
    pub use crate::function::{ArgumentValues, Documentation, ParameterSpec};
    pub use crate::model::object::{
        configured, existing, from_value, into_members, into_value, nested, object_type, prior, put, schema, take,
        value_type,
    };
    pub use crate::model::rule_targets::{
        takes_blocks, takes_bool, takes_elements, takes_number, takes_set, takes_text, takes_texts,
    };
    pub use crate::model::{Entry, Given, Rule, Spec, View, attributes, names};
    pub use crate::schema::{Check, Combination, Configurable, operations};
    pub use crate::type_erasure::to_model;
    pub use crate::value::in_order::InOrderMut;

    /// A field's type in the `…Config` struct.
    pub type OpenSlot<S> = crate::Attr<crate::Open<<S as crate::Slot>::Held>>;
}

use serve::{Mode, Process};
use server::Server;

/// Serves the provider to the core that started this process, until the core ends it.
///
/// If no core started the process, prints what the program is on stderr and returns exit code 1. Must run on a tokio runtime
/// with time and I/O enabled; a single-threaded one is enough and starts fastest.
///
/// ```
/// use std::process::ExitCode;
/// use tfplug::{About, Provider};
///
/// /// A `main` on a runtime of one's own, with other tasks beside the provider.
/// fn run(provider: impl Provider) -> ExitCode {
///     let about = About::new("terraform-provider-notes", "0.1.0", "example.com/me/notes");
///     let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
///         return ExitCode::FAILURE;
///     };
///     runtime.block_on(tfplug::serve(&about, provider))
/// }
/// ```
pub async fn serve<P: Provider>(about: &About, provider: P) -> ExitCode {
    run(Mode::Plugin, about, provider).await
}

/// Serves the provider to any number of cores until Ctrl-C, for debugging: prints the value for the environment variable
/// `TF_REATTACH_PROVIDERS`. There is no TLS: anyone who can reach the socket can call the provider.
///
/// ```
/// use std::process::ExitCode;
/// use tfplug::{About, Provider};
///
/// async fn run(about: &About, provider: impl Provider) -> ExitCode {
///     match std::env::var_os("NOTES_DEBUG") {
///         Some(_) => tfplug::debug(about, provider).await,
///         None => tfplug::serve(about, provider).await,
///     }
/// }
/// ```
pub async fn debug<P: Provider>(about: &About, provider: P) -> ExitCode {
    run(Mode::Debug, about, provider).await
}

async fn run<P: Provider>(mode: Mode, about: &About, provider: P) -> ExitCode {
    let process = Process::default();
    serve::run(mode, about, &process, || {
        let server = Server::new(provider, process.clone());
        move || serve::grpc(server.for_connection())
    })
    .await
}
