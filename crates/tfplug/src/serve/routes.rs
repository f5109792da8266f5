//! Routes each call to the service that its path names, and lets the provider's calls finish when
//! the connection is lost.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tokio_util::task::TaskTracker;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::server::NamedService;
use tonic::{Code, Status};

use super::Process;
use super::per_connection::PerConnection;
use crate::go_plugin::Services;
use crate::proto::plugin::grpc_broker_server::SERVICE_NAME as BROKER;
use crate::proto::plugin::grpc_controller_server::SERVICE_NAME as CONTROLLER;
use crate::proto::plugin::grpc_stdio_server::SERVICE_NAME as STDIO;
use tonic_health::pb::health_server::SERVICE_NAME as HEALTH;

type ResponseResult = Result<Response<Body>, Infallible>;
type ResponseFuture = Pin<Box<dyn Future<Output = ResponseResult> + Send>>;

/// A gRPC service from the generated code. It never fails: every request gets a response or a status.
pub(crate) trait GrpcService:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
    + NamedService
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> GrpcService for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// All that the plugin's socket serves.
#[derive(Clone)]
pub(super) struct Routes<S> {
    provider: ProviderRoute<S>,
    go_plugin: Services,
    calls: TaskTracker,
}

/// Which instance of the provider's service a call goes to.
#[derive(Clone)]
pub(super) enum ProviderRoute<S> {
    /// One for the process: the core that started it configures it once, on whatever connection.
    Shared(S),
    /// One for each connection, each with a configuration of its own: several cores, or several configurations of the
    /// provider in one run, share the process.
    PerConnection(Arc<dyn Fn() -> S + Send + Sync>),
}

impl<S: GrpcService> ProviderRoute<S> {
    fn service(&self, request: &Request<Body>) -> S {
        match self {
            Self::Shared(service) => service.clone(),
            Self::PerConnection(connect) => match request.extensions().get::<PerConnection>() {
                Some(scope) => scope.service(|| connect()),
                None => connect(),
            },
        }
    }
}

impl<S: GrpcService> Routes<S> {
    pub(super) fn new(provider: ProviderRoute<S>, go_plugin: Services, process: &Process) -> Self {
        Self { provider, go_plugin, calls: process.calls.clone() }
    }

    /// Runs a call of the provider to its end even if the caller goes away, so that requests to the API
    /// are awaited. The process ends only when these calls are done.
    fn call_provider(&mut self, request: Request<Body>) -> ResponseFuture {
        let call = self.calls.spawn(self.provider.service(&request).call(request));
        Box::pin(async move {
            match call.await {
                Ok(answer) => answer,
                // A panic outside of the handlers, which catch their own, so there is no diagnostic.
                Err(_) => Ok(Status::new(Code::Internal, "the provider failed on this call").into_http()),
            }
        })
    }
}

impl<S: GrpcService> Service<Request<Body>> for Routes<S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(())) // the generated services are always ready
    }

    fn call(&mut self, request: Request<Body>) -> ResponseFuture {
        match request.uri().path().split('/').nth(1).unwrap_or_default() {
            name if name == S::NAME => self.call_provider(request),
            CONTROLLER => self.go_plugin.controller.call(request),
            BROKER => self.go_plugin.broker.call(request),
            STDIO => self.go_plugin.stdio.call(request),
            HEALTH => self.go_plugin.health.call(request),
            _ => {
                let unknown = format!("this plugin has no {}", request.uri().path());
                Box::pin(async move { Ok(Status::new(Code::Unimplemented, unknown).into_http()) })
            }
        }
    }
}
