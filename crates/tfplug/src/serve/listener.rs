//! The plugin's listener: a Unix socket that no other user of the machine can reach, or a loopback
//! port on a system without such sockets.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use rustls::ServerConfig;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::per_connection::PerConnection;
use crate::handshake::Address;
use crate::log;

/// Accepting fails when the process is out of file handles; some may be free a little later.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);

/// A bound listener, its address, and its folder.
pub(super) struct Bound {
    pub(super) listener: Listener,
    pub(super) address: Address,
    /// The socket's folder, removed with the socket when this is dropped.
    pub(super) folder: Option<TempDir>,
}

/// Accepts connections on a socket or a port.
pub(super) enum Listener {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
    #[cfg_attr(all(unix, not(test)), allow(dead_code, reason = "Unix systems listen on a socket"))]
    Tcp(TcpListener),
}

/// A bidirectional stream of bytes.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// One connection, over a socket, TCP or TLS.
pub(super) type Connection = Box<dyn Duplex>;

impl Connected for Connection {
    type ConnectInfo = PerConnection;

    /// Called once for each connection; every request on it carries the result.
    fn connect_info(&self) -> PerConnection {
        PerConnection::default()
    }
}

impl Listener {
    async fn accept(&self) -> io::Result<Connection> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Responses are small, and the core waits for each.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }

    /// The connections that come in, each after its TLS handshake if `tls` is given. A failed
    /// handshake is logged and affects no other connection; the stream never ends by itself.
    pub(super) fn connections(self, tls: Option<ServerConfig>) -> impl Stream<Item = io::Result<Connection>> {
        let (sender, receiver) = mpsc::channel(1);
        let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
        tokio::spawn(self.accept_all(tls, sender));
        ReceiverStream::new(receiver)
    }

    async fn accept_all(self, tls: Option<TlsAcceptor>, sender: mpsc::Sender<io::Result<Connection>>) {
        while !sender.is_closed() {
            let accepted = tokio::select! {
                accepted = self.accept() => accepted,
                () = sender.closed() => return,
            };
            match accepted {
                // In a task of its own, so that a silent peer does not block the others.
                Ok(connection) => drop(tokio::spawn(secure(connection, tls.clone(), sender.clone()))),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(PAUSE_AFTER_ERROR).await;
                }
            }
        }
    }
}

async fn secure(connection: Connection, tls: Option<TlsAcceptor>, sender: mpsc::Sender<io::Result<Connection>>) {
    let secured: Connection = match tls {
        None => connection,
        Some(tls) => match tls.accept(connection).await {
            Ok(stream) => Box::new(stream),
            Err(error) => {
                tracing::warn!(error = log::with_causes(&error), "refused a connection: TLS handshake failed");
                return;
            }
        },
    };
    // If the server has stopped in the meantime, sending fails and the connection is closed, as it should be.
    drop(sender.send(Ok(secured)).await);
}
