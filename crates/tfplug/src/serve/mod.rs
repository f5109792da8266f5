//! The life of a plugin process: launch, the handshake line on stdout, calls, and a shutdown that
//! neither drops calls in flight nor outlives the core.

mod bind;
mod listener;
mod per_connection;
mod reattach;
mod routes;
mod shutdown;
#[cfg(unix)]
mod unix_socket;

use std::io::{self, Write as _};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::transport::Server;

use crate::about::About;
use crate::go_plugin::Services;
use crate::handshake::{Launch, NotStartedByCore};
use crate::log;
use crate::proto::tfplugin6::provider_server::{Provider, ProviderServer};
use crate::tls::{self, Identity};
use listener::Bound;
pub(crate) use routes::GrpcService;
use routes::{ProviderRoute, Routes};
use shutdown::{ExitReason, ExitSignals};

/// The longest request that is read, in bytes, as in the reference server. Responses have no limit
/// here: the provider makes them itself.
const LONGEST_REQUEST: usize = 256 << 20;
/// HTTP/2's largest window, for all streams together: a stream that is not read must not hold up the others.
const CONNECTION_WINDOW: u32 = (1 << 31) - 1;
/// How much of a stream is received before it is read: two chunks of a state, so that a slow state store does not fill the memory.
const STREAM_WINDOW: u32 = 16 << 20;
/// How many calls the core may cancel at once: a Ctrl-C during a large plan must not look like an
/// attack, which would end the connection.
const CANCELLED_AT_ONCE: usize = 1 << 16;

/// The state that the parts of a running plugin share. Clones refer to the same process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Process {
    /// Cancelled when the process is about to end: no new work starts, and waits end.
    pub(crate) stop: CancellationToken,
    /// Tasks that the process lets finish before it ends, within bounds: the provider's calls, and
    /// tasks that outlive their call.
    pub(crate) calls: TaskTracker,
}

/// Who started the process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    /// A core, for its own use.
    Plugin,
    /// A developer, for any number of cores: without cookie and TLS, until Ctrl-C.
    Debug,
}

/// Why a plugin could not start or continue. The text is shown in the user's terminal.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("not started by Terraform or OpenTofu")]
    ByHand,
    #[error("cannot listen for the core: {0}")]
    Listen(#[source] io::Error),
    #[error("cannot tell the core where to connect: {0}")]
    Stdout(#[source] io::Error),
    #[error(transparent)]
    Tls(#[from] tls::Error),
    #[error("the plugin's server failed: {0}")]
    Serve(#[from] tonic::transport::Error),
}

/// The generated server with the protocol's limits on messages.
pub(crate) fn grpc<T: Provider>(provider: T) -> ProviderServer<T> {
    ProviderServer::new(provider).max_decoding_message_size(LONGEST_REQUEST).max_encoding_message_size(usize::MAX)
}

/// Runs the process until the core ends it. `provider` is called only after the handshake line has been
/// printed, since the core waits for that line; it returns a factory of services, one per connection in debug mode.
///
/// The exit code is 0 after an orderly shutdown, otherwise 1, with the reason on stderr.
pub(crate) async fn run<S: GrpcService, C: Fn() -> S + Send + Sync + 'static>(
    mode: Mode,
    about: &About,
    process: &Process,
    provider: impl FnOnce() -> C,
) -> ExitCode {
    let outcome = match start(mode, about) {
        Ok(started) => started.serve(process, provider()).await,
        Err(error) => Err(error),
    };
    let text = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Error::ByHand) => by_hand(about),
        // A core shows a line that starts like this, even when logging is off.
        Err(error) => format!("fatal error: {error}\n"),
    };
    // If stderr is closed, there is nowhere to report it.
    drop(io::stderr().write_all(text.as_bytes()));
    ExitCode::FAILURE
}

fn by_hand(about: &About) -> String {
    let About { name, version, install, .. } = about;
    format!(
        "{name} {version} is a plugin for Terraform and OpenTofu.\n\
         They start it themselves; by itself it does nothing.\n\n{install}\n"
    )
}

/// A process that is listening, and whose core knows the address.
struct Started {
    bound: Bound,
    ends: ExitSignals,
    /// The one client's certificate and ours, if the channel has TLS.
    tls: Option<(CertificateDer<'static>, Identity)>,
}

fn start(mode: Mode, about: &About) -> Result<Started, Error> {
    let env = |name: &str| std::env::var_os(name);
    let launch = match mode {
        Mode::Plugin => Launch::read(env).map_err(|NotStartedByCore| Error::ByHand)?,
        Mode::Debug => Launch::default(),
    };
    // Before the handshake line, so that the signal handlers are in place if the core ends at once.
    let ends = ExitSignals::new(mode).map_err(Error::Listen)?;
    log::init(about, env);
    for note in &launch.notes {
        tracing::warn!("{note}");
    }
    let tls = match &launch.client_certificate {
        Some(pem) => Some((tls::client_certificate(pem)?, Identity::generate()?)),
        None => None,
    };
    let bound = bind::bind(&launch).map_err(Error::Listen)?;
    let line = match mode {
        Mode::Plugin => launch.line(&bound.address, tls.as_ref().map(|(_, own)| own.certificate.as_ref())),
        Mode::Debug => reattach::line(about, &bound.address),
    };
    let mut stdout = io::stdout().lock();
    stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush()).map_err(Error::Stdout)?;
    Ok(Started { bound, ends, tls })
}

impl Started {
    async fn serve<S: GrpcService>(
        self,
        process: &Process,
        connect: impl Fn() -> S + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let Self { bound, ends, tls } = self;
        let tls = tls.map(|(client, own)| own.server_config(client)).transpose()?;
        let shutdown = CancellationToken::new();
        let go_plugin = Services::new(shutdown.clone(), process.stop.clone()).await;
        let provider = match ends.mode() {
            Mode::Plugin => ProviderRoute::Shared(connect()),
            Mode::Debug => ProviderRoute::PerConnection(Arc::new(connect)),
        };
        let routes = Routes::new(provider, go_plugin, process);
        let mut server = pin!(http2().serve_with_incoming_shutdown(
            routes,
            bound.listener.connections(tls),
            process.stop.clone().cancelled_owned(),
        ));
        let end = tokio::select! {
            ended = &mut server => return Ok(ended?),
            end = ends.first(&shutdown) => end,
        };
        finish(end, process, server).await?;
        if let Some(folder) = bound.folder {
            // A file left in the temporary folder is not a reason to fail.
            folder.close().unwrap_or_else(|error| tracing::warn!(%error, "cannot remove the socket"));
        }
        Ok(())
    }
}

fn http2() -> Server {
    Server::builder()
        .initial_connection_window_size(CONNECTION_WINDOW)
        .initial_stream_window_size(STREAM_WINDOW)
        .http2_max_pending_accept_reset_streams(Some(CANCELLED_AT_ONCE))
}

/// Starts nothing new, lets calls in flight finish, and gives up after the reason's patience.
async fn finish(
    end: ExitReason,
    process: &Process,
    server: impl Future<Output = Result<(), tonic::transport::Error>>,
) -> Result<(), Error> {
    tracing::debug!(reason = end.reason(), in_flight = process.calls.len(), "the provider's process ends");
    process.stop.cancel();
    process.calls.close();
    let rest = async {
        server.await?;
        process.calls.wait().await;
        Ok(())
    };
    tokio::time::timeout(end.patience(), rest).await.unwrap_or_else(|_| {
        tracing::warn!(in_flight = process.calls.len(), "the provider's process ends with calls in flight");
        Ok(())
    })
}

#[cfg(test)]
mod tests;
