//! The server of a provider: its RPCs are in `rpcs.rs`, the work of each kind in a submodule of its own.
//!
//! Every expected failure, even a panic in a handler, is a diagnostic in a response with gRPC status OK: after an error status
//! from an apply, the core would lose track of what was created.

use std::future::Future;
use std::sync::{Arc, Mutex};

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use crate::diagnostic::Diagnostics;
use crate::provider::{Offers, Provider};
use crate::schema::Schema;
use crate::serve::Process;
use crate::value::Type;

mod action;
mod apply;
mod configuration;
mod configure;
mod convert;
mod data_source;
mod deferral;
mod ephemeral;
mod error_response;
mod function;
mod handling;
#[cfg(any(test, feature = "testing"))]
mod harness;
mod import;
mod list;
mod located;
mod plan;
mod provider_meta;
mod read;
mod rpcs;
mod schemas;
mod state_store;
mod timeouts;
mod upgrade;
mod validate;

#[cfg(any(test, feature = "testing"))]
pub(crate) use harness::resource_schema;

#[cfg(test)]
mod tests;

use configuration::{Call, ClientState, Configuration};
use error_response::ErrorResponse;
use handling::{find, guarded, panicked, schema_of, with_an_error};

type RpcResult<T> = Result<Response<T>, Status>;

/// Serves one provider, as one core has configured it.
pub(crate) struct Server<P: Provider> {
    provider: Arc<P>,
    offers: Arc<Offers<P::Client>>,
    schema: Arc<Schema>,
    config_type: Arc<Type>,
    configuration: Mutex<Arc<Configuration<P::Client>>>,
    /// The stop signal of the last `configure` on this connection, from its beginning.
    configuring: Mutex<CancellationToken>,
    state_stores: state_store::Stores<P::Client>,
    process: Process,
}

impl<P: Provider> Server<P> {
    pub(crate) fn new(provider: P, process: Process) -> Self {
        let schema = provider.schema();
        let configuration = Configuration::unconfigured(&process);
        Self {
            offers: Arc::new(provider.offers()),
            config_type: Arc::new(schema.value_type()),
            schema: Arc::new(schema),
            provider: Arc::new(provider),
            configuring: Mutex::new(configuration.stop.clone()),
            configuration: Mutex::new(Arc::new(configuration)),
            state_stores: state_store::Stores::default(),
            process,
        }
    }

    /// Runs a handler: its errors and panics become diagnostics of the response.
    async fn run<Q, R: ErrorResponse, F>(
        &self,
        rpc: &'static str,
        request: Request<Q>,
        handler: impl FnOnce(Q) -> F,
    ) -> RpcResult<R>
    where
        F: Future<Output = Result<R, Diagnostics>>,
    {
        self.run_for(rpc, None, request, handler).await
    }

    /// The same for a call about a configuration with this schema.
    async fn run_for<Q, R: ErrorResponse, F>(
        &self,
        rpc: &'static str,
        schema: Option<&Schema>,
        request: Request<Q>,
        handler: impl FnOnce(Q) -> F,
    ) -> RpcResult<R>
    where
        F: Future<Output = Result<R, Diagnostics>>,
    {
        let handled = guarded(rpc, handler(request.into_inner())).await;
        let mut response = handled.unwrap_or_else(R::from_errors);
        located::locate(response.diagnostics(), schema);
        Ok(Response::new(response))
    }
}
