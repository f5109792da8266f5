//! The server's side of the process, served to our own core over a real socket.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Barrier, Notify};
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status, async_trait};
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

mod connections;

use super::*;
use crate::client::{Address, Core, Line};
use crate::proto::plugin::grpc_broker_client::GrpcBrokerClient;
use crate::proto::plugin::grpc_controller_client::GrpcControllerClient;
use crate::proto::plugin::grpc_stdio_client::GrpcStdioClient;
use crate::proto::plugin::{ConnInfo, Empty};
use crate::proto::tfplugin6::get_metadata;
use crate::proto::tfplugin6::provider_client::ProviderClient;

type Running = tokio::task::JoinHandle<Result<(), Error>>;

/// A plugin under test in the test's own process: what `start` makes and its handshake line would say.
struct Plugin {
    line: Line,
    process: Process,
    running: Running,
}

fn plugin<S: GrpcService>(core: Option<&Core>, service: S) -> Plugin {
    let bound = bind::bind(&Launch::default()).unwrap();
    let identity = core.map(|_| Identity::generate().unwrap());
    let certificate = identity.as_ref().map(|identity| identity.certificate.to_vec());
    let line = Line { version: 6, address: Address::Unix(bound.address.to_string().into()), certificate };
    let client = core.map(|core| tls::client_certificate(core.pem()).unwrap());
    let started = Started { bound, ends: ExitSignals::new(Mode::Plugin).unwrap(), tls: client.zip(identity) };
    let process = Process::default();
    let shared = process.clone();
    let running = tokio::spawn(async move { started.serve(&shared, move || service.clone()).await });
    Plugin { line, process, running }
}

/// Takes the provider's place: one call that takes as long as its test wants.
#[derive(Default)]
struct Slow {
    begun: Notify,
    go_on: Notify,
    done: AtomicUsize,
}

#[async_trait]
impl Health for Slow {
    type WatchStream = tonic_health::server::WatchStream;

    async fn check(&self, _: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        self.begun.notify_one();
        self.go_on.notified().await;
        self.done.fetch_add(1, Ordering::SeqCst);
        Ok(Response::new(HealthCheckResponse::default()))
    }

    async fn watch(&self, _: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
}

/// A provider for the tests that do not call it.
fn uncalled() -> HealthServer<Slow> {
    HealthServer::new(Slow::default())
}

/// A service under another name, so that the plugin's own health service is reached.
#[derive(Clone)]
struct Nothing;

impl tonic::server::NamedService for Nothing {
    const NAME: &'static str = "test.Nothing";
}

impl tonic::codegen::Service<http::Request<tonic::body::Body>> for Nothing {
    type Response = http::Response<tonic::body::Body>;
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<tonic::body::Body>) -> Self::Future {
        panic!("outside of what a provider catches")
    }
}

async fn healthy(channel: Channel) -> Result<i32, Status> {
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    Ok(HealthClient::new(channel).check(request).await?.into_inner().status)
}

async fn shut_down(channel: Channel) -> Result<(), Status> {
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.map(drop)
}

/// `PLUGIN_CLIENT_CERT` is served with TLS 1.3, and with 1.2 too; and with neither it is not TLS.
#[tokio::test]
async fn the_core_that_started_the_plugin_is_served() {
    let core = Core::new().unwrap();
    let secured = plugin(Some(&core), Nothing);
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let channel = core.connect_with(&secured.line, true, &[version]).await.unwrap();
        assert_eq!(healthy(channel).await.unwrap(), 1, "{version:?}");
    }
    let plain = plugin(None, Nothing);
    assert_eq!(healthy(core.connect(&plain.line).await.unwrap()).await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_else_is_served() {
    let core = Core::new().unwrap();
    let secured = plugin(Some(&core), Nothing);
    let foreign = Core::new().unwrap();
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        for (who, named) in [(&foreign, true), (&core, false)] {
            let answer = match who.connect_with(&secured.line, named, &[version]).await {
                Ok(channel) => healthy(channel).await.map_err(Into::into),
                Err(error) => Err(error),
            };
            assert!(answer.is_err(), "named {named}, {version:?}: {answer:?}");
        }
    }
    let plain = Line { certificate: None, ..secured.line.clone() };
    let answer = match core.connect(&plain).await {
        Ok(channel) => healthy(channel).await.map_err(Into::into),
        Err(error) => Err(error),
    };
    assert!(answer.is_err(), "without TLS: {answer:?}");
    let still = core.connect(&secured.line).await.unwrap();
    assert_eq!(healthy(still).await.unwrap(), 1, "the refused ones did harm");
}

/// The core keeps its streams open meanwhile.
#[tokio::test]
async fn a_shutdown_is_acknowledged_and_ends_the_process() {
    let core = Core::new().unwrap();
    let plugin = plugin(Some(&core), Nothing);
    let channel = core.connect(&plugin.line).await.unwrap();
    let (_never, announced) = tokio::sync::mpsc::channel::<ConnInfo>(1);
    let announced = tokio_stream::wrappers::ReceiverStream::new(announced);
    let mut broker = GrpcBrokerClient::new(channel.clone()).start_stream(announced).await.unwrap().into_inner();
    let mut stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    let watched = HealthCheckRequest { service: "plugin".to_owned() };
    let mut watch = HealthClient::new(channel.clone()).watch(watched).await.unwrap().into_inner();
    assert!(watch.message().await.unwrap().is_some());

    shut_down(channel).await.unwrap();
    assert!(plugin.process.stop.is_cancelled());
    plugin.running.await.unwrap().unwrap();
    assert_eq!((broker.message().await.unwrap(), stdio.message().await.unwrap()), (None, None));
    assert!(watch.message().await.unwrap().is_none());
    let Address::Unix(socket) = plugin.line.address else { panic!("no socket") };
    assert!(!socket.parent().unwrap().exists(), "the socket's folder is left");
}

/// The API may have created an object, so the call has to receive its response, even if no core is left to receive the
/// result.
#[tokio::test]
async fn a_call_continues_after_its_core_is_gone_and_the_process_waits_for_it() {
    let slow = std::sync::Arc::new(Slow::default());
    let plugin = plugin(None, HealthServer::from_arc(slow.clone()));
    let core = Core::new().unwrap();
    let call = tokio::spawn(healthy(core.connect(&plugin.line).await.unwrap()));
    slow.begun.notified().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());

    let process = plugin.process.clone();
    let ended = tokio::spawn(async move { finish(ExitReason::Orphaned, &process, async { Ok(()) }).await });
    plugin.process.stop.cancelled().await;
    tokio::task::yield_now().await;
    assert!(!ended.is_finished(), "it did not wait for the call");
    slow.go_on.notify_one();
    ended.await.unwrap().unwrap();
    assert_eq!(slow.done.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn no_call_delays_the_shutdown_forever() {
    for (end, bound) in [(ExitReason::Shutdown, 2), (ExitReason::Signal, 20), (ExitReason::Orphaned, 20)] {
        let process = Process::default();
        process.calls.spawn(std::future::pending::<()>());
        let begin = tokio::time::Instant::now();
        finish(end, &process, std::future::pending()).await.unwrap();
        assert!(begin.elapsed() <= Duration::from_secs(bound), "{end:?} took {:?}", begin.elapsed());
    }
}

/// All of them are in the provider at once: nothing in the transport makes one wait for another.
#[tokio::test]
async fn a_thousand_calls_run_at_the_same_time() {
    const CALLS: usize = 1000;
    struct Meeting(Barrier);
    #[async_trait]
    impl Health for Meeting {
        type WatchStream = tonic_health::server::WatchStream;
        async fn check(&self, _: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
            self.0.wait().await;
            Ok(Response::new(HealthCheckResponse::default()))
        }
        async fn watch(&self, _: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
            Err(Status::unimplemented("not in this test"))
        }
    }
    let core = Core::new().unwrap();
    let plugin = plugin(Some(&core), HealthServer::new(Meeting(Barrier::new(CALLS))));
    let channel = core.connect(&plugin.line).await.unwrap();
    // Larger than the default window of a whole connection, so that the windows are tested, too.
    let service = "x".repeat(1 << 10);
    let calls = (0..CALLS).map(|_| {
        let mut client = HealthClient::new(channel.clone());
        let service = service.clone();
        async move { client.check(HealthCheckRequest { service }).await }
    });
    assert!(join_all(calls).await.iter().all(Result::is_ok));
}

/// Ctrl-C in the middle of a large plan. To some servers that looks like an attack.
#[tokio::test]
async fn a_thousand_cancelled_calls_leave_the_connection_usable() {
    let slow = std::sync::Arc::new(Slow::default());
    let core = Core::new().unwrap();
    let plugin = plugin(Some(&core), HealthServer::from_arc(slow.clone()));
    let channel = core.connect(&plugin.line).await.unwrap();
    let calls: Vec<_> = (0..1000).map(|_| tokio::spawn(healthy(channel.clone()))).collect();
    slow.begun.notified().await;
    calls.iter().for_each(tokio::task::JoinHandle::abort);
    join_all(calls).await;
    shut_down(channel).await.unwrap();
}

#[tokio::test]
async fn an_unknown_service_is_unimplemented() {
    let plugin = plugin(None, uncalled());
    let channel = Core::new().unwrap().connect(&plugin.line).await.unwrap();
    let status = ProviderClient::new(channel).get_metadata(get_metadata::Request {}).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    assert_eq!(status.message(), "this plugin has no /tfplugin6.Provider/GetMetadata");
}

#[test]
fn starting_it_by_hand_prints_what_it_is() {
    assert_eq!(
        by_hand(&log::ABOUT),
        "terraform-provider-two-words 1.0.0 is a plugin for Terraform and OpenTofu.\n\
         They start it themselves; by itself it does nothing.\n\n\
         Copy it to the plugin folder.\n"
    );
}
