//! The plugin side of Terraform's protocol 6, for providers written in Rust: no Go anywhere.
//!
//! A provider is a type that implements [`Provider`] and hands out what it offers: [`Resource`]s, [`DataSource`]s,
//! [`EphemeralResource`]s, [`Action`]s and [`ListResource`]s. Each has a struct with one field per attribute, which derives
//! [`Model`](derive@Model): schema and conversions follow from it. [`main`] does the rest: arguments, the handshake with
//! Terraform or OpenTofu, mutual TLS, the gRPC service, planning, and the checks that the core expects of a provider.
//!
//! Who wants more control writes a [`Schema`](schema::Schema) with its builders, a [`model!`] to go with it, and calls
//! [`serve`] on a runtime of their own. With the feature `testing`, there's a `testing::Harness` for a provider's tests.
//!
//! From the top down: `serve` starts and ends the process; `server` has one function per RPC, which decodes, looks up,
//! calls, checks and encodes; `schema` plans and validates as pure functions over [`Value`]s; nothing below knows of
//! anything above.
//!
//! `examples/` has a whole provider with one resource.

// The derives name this crate as its users do.
extern crate self as tfplug;

mod about;
mod action;
#[cfg(any(test, feature = "client"))]
pub mod client;
mod context;
mod data_source;
mod diagnostic;
mod ephemeral;
mod go_plugin;
mod handshake;
mod list_resource;
mod log;
mod model;
mod path;
mod planning;
mod program;
#[doc(hidden)]
pub mod proto;
mod provider;
mod resource;
pub mod schema;
mod serve;
mod server;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tls;
mod type_erasure;
pub mod value;

use std::process::ExitCode;

pub use about::About;
pub use action::{Action, Progress};
pub use context::{Context, Cx, Private};
pub use data_source::DataSource;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::{EphemeralResource, Opened};
pub use list_resource::{Found, ListResource};
#[doc(hidden)]
pub use model::attribute_name;
pub use model::{
    ActionModel, Attr, Computed, DataSourceModel, EphemeralResourceModel, Existing, Field, ListResourceModel, Model,
    NoIdentity, Object, Open, Prior, ProviderModel, ResourceModel, Slot, holds_against,
};
pub use path::{Path, Step};
pub use planning::{Deferral, PlanRequest};
pub use program::main;
pub use provider::{Offers, Provider, Setup, problems};
pub use resource::{Applied, Failed, ImportId, MoveSource, Resource};
pub use tfplug_macros::{Model, Words};
pub use tokio_util::sync::CancellationToken;
pub use value::{Number, Type, Value};

/// The examples there are compiled and run like those here.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// What the expansions of this crate's macros use.
#[doc(hidden)]
pub mod __private {
    pub use crate::model::object::{
        configured, existing, from_value, into_value, nested, prior, put, schema, take, value_type,
    };
    pub use crate::model::rule_targets::{takes_bool, takes_number, takes_set, takes_text, takes_texts};
    pub use crate::model::{Entry, Given, Rule, Spec, View, attributes, names};
    pub use crate::schema::{Check, Configurable};
    pub use crate::type_erasure::to_model;

    /// The field of a companion.
    pub type OpenSlot<S> = crate::Attr<crate::Open<<S as crate::Slot>::Held>>;
}

use serve::{Mode, Process};
use server::Server;

/// Serves the provider to the Terraform or OpenTofu that started this process, until it ends it.
///
/// Without one, it says on stderr what the program is, and the code is 1. Run it on a tokio runtime with time and I/O
/// enabled; a single-threaded one is enough and starts fastest.
pub async fn serve<P: Provider>(about: &About, provider: P) -> ExitCode {
    run(Mode::Plugin, about, provider).await
}

/// Serves the provider to any number of cores until Ctrl-C, for debugging: prints what to put into the environment
/// variable `TF_REATTACH_PROVIDERS`. There is no TLS; whoever can reach the socket can call.
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
