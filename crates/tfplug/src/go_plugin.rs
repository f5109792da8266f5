//! go-plugin's own services, which a core expects beside the provider on the same connection.

use std::pin::Pin;

use futures_util::{Stream, StreamExt as _, stream};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming, async_trait};
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use crate::proto::plugin::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use crate::proto::plugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use crate::proto::plugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use crate::proto::plugin::{ConnInfo, Empty, StdioData};

/// The name under which go-plugin asks for a plugin's health.
const HEALTH_NAME: &str = "plugin";

type ResponseStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// go-plugin's four services.
#[derive(Clone)]
pub(crate) struct Services {
    pub(crate) controller: GrpcControllerServer<Controller>,
    pub(crate) broker: GrpcBrokerServer<Quiet>,
    pub(crate) stdio: GrpcStdioServer<Quiet>,
    pub(crate) health: HealthServer<HealthService>,
}

impl Services {
    /// `shutdown` is cancelled when the core asks for it; open streams end with `stop`.
    pub(crate) async fn new(shutdown: CancellationToken, stop: CancellationToken) -> Self {
        let mut reporter = HealthReporter::new();
        reporter.set_service_status(HEALTH_NAME, ServingStatus::Serving).await;
        let health = HealthServer::new(HealthService::from_health_reporter(reporter.clone()));
        let quiet = Quiet { stop: stop.clone() };
        tokio::spawn(async move {
            stop.cancelled().await;
            // Ends the streams of watching clients.
            reporter.clear_service_status(HEALTH_NAME).await;
        });
        Self {
            controller: GrpcControllerServer::new(Controller { shutdown }),
            broker: GrpcBrokerServer::new(quiet.clone()),
            stdio: GrpcStdioServer::new(quiet),
            health,
        }
    }
}

/// The controller, by which the core ends the process.
pub(crate) struct Controller {
    shutdown: CancellationToken,
}

#[async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        // The response is still sent: the server finishes its calls before it ends.
        self.shutdown.cancel();
        Ok(Response::new(Empty {}))
    }
}

/// Streams that a core opens at once and keeps open, although nothing is sent on them.
#[derive(Clone)]
pub(crate) struct Quiet {
    stop: CancellationToken,
}

#[async_trait]
impl GrpcBroker for Quiet {
    type StartStreamStream = ResponseStream<ConnInfo>;

    /// Lasts until the core closes its side or the process ends.
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let stop = self.stop.clone();
        // Providers have no further connections, so announcements are read and dropped.
        let ignored = request.into_inner().for_each(|_| async {});
        let end = async move {
            tokio::select! {
                () = ignored => {}
                () = stop.cancelled() => {}
            }
        };
        Ok(Response::new(stream::pending().take_until(end).boxed()))
    }
}

#[async_trait]
impl GrpcStdio for Quiet {
    type StreamStdioStream = ResponseStream<StdioData>;

    /// Lasts until the process ends. Logs go to stderr, and nothing else is written.
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<Self::StreamStdioStream>, Status> {
        let end = self.stop.clone().cancelled_owned();
        Ok(Response::new(stream::pending().take_until(end).boxed()))
    }
}
