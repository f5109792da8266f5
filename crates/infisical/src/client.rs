//! The client: what all sub-clients share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::auth::{Auth, Session};
use super::connect::{Certificates, Http};
use super::connection::Connection;
use super::error::Error;
use super::request::{Repeat, Request};
use super::response::Response;
use super::retry::{Failure, Schedule};
use super::rotation::Rotation;
use super::shared::Shared;
use super::transport::Transport;
use super::wire::Wire;
use super::writes::Writes;

/// Where the API is, who asks, and when to stop.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The API's address, `http` or `https`; its path, if any, comes before the API's own.
    pub host: Url,
    /// How to log in.
    pub auth: Auth,
    /// The organization to log in to, for an identity that belongs to several.
    pub organization_slug: Option<String>,
    /// Certificates that are trusted besides the system's.
    pub ca_cert_pem: Option<Certificates>,
    /// What the requests say they come from.
    pub user_agent: String,
    /// Ends every wait and every read when it's cancelled. What may change something is awaited once it's sent.
    pub stop: CancellationToken,
}

/// A client of the Infisical API. Cheap to clone; the clones share the login, the limits and the lists.
///
/// Each kind of object has a sub-client: [`Client::rotations`], [`Client::connections`].
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    host: Url,
    transport: Transport,
    session: Session,
    rotations: Shared<Rotation>,
    connections: Shared<Connection>,
}

impl Client {
    /// Makes a client. Nothing is sent and no certificate of the system is read before the first call.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] when the host isn't an http(s) address or holds a password.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let setup = |reason: String| Error::Setup { reason };
        let host = &settings.host;
        if !matches!(host.scheme(), "http" | "https") || host.host_str().is_none() {
            return Err(setup(format!("The host is not an http or https address: {}:…", host.scheme())));
        }
        if !host.username().is_empty() || host.password().is_some() {
            return Err(setup("The host's address must not hold a user name or password.".to_owned()));
        }
        let given = settings.ca_cert_pem.clone().unwrap_or_default();
        let wire = Http::new(host.clone(), given, &settings.user_agent);
        Ok(Self::over(Box::new(wire), settings))
    }

    /// A client over whatever carries its requests.
    pub(super) fn over(wire: Box<dyn Wire>, settings: Settings) -> Self {
        let writes = Arc::new(Writes::default());
        let inner = Inner {
            host: settings.host,
            transport: Transport::new(wire, settings.stop),
            session: Session::new(
                settings.auth,
                settings.organization_slug,
                settings.ca_cert_pem,
                &settings.user_agent,
            ),
            rotations: Shared::new(writes.clone()),
            connections: Shared::new(writes),
        };
        Self { inner: Arc::new(inner) }
    }

    /// What is shared by all calls on rotations.
    pub(super) fn shared_rotations(&self) -> &Shared<Rotation> {
        &self.inner.rotations
    }

    /// What is shared by all calls on connections.
    pub(super) fn shared_connections(&self) -> &Shared<Connection> {
        &self.inner.connections
    }

    /// Crosses these out of whatever is answered from now on.
    pub(super) fn hide(&self, secrets: impl IntoIterator<Item = SecretString>) {
        self.inner.transport.hide(secrets);
    }

    /// Sends a request with a token.
    ///
    /// # Errors
    ///
    /// The last attempt's failure, or [`Error::Stopped`].
    pub(super) async fn send(&self, request: &Request) -> Result<Response, Failure> {
        self.send_on(request, &mut Schedule::new()).await
    }

    /// The same on a schedule that has begun.
    pub(super) async fn send_on(&self, request: &Request, schedule: &mut Schedule) -> Result<Response, Failure> {
        let transport = &self.inner.transport;
        transport.send(request, &self.inner.session.over(transport), schedule).await
    }

    /// Waits before a request whose answer got lost is sent again; `false` when its time is up.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub(super) async fn wait_to_repeat(
        &self,
        request: &Request,
        failure: &Failure,
        schedule: &mut Schedule,
    ) -> Result<bool, Error> {
        let Some(wait) = self.inner.transport.wait(request, failure, Repeat::Freely, schedule) else {
            return Ok(false);
        };
        self.pause(request, &failure.error, wait).await?;
        Ok(true)
    }

    /// Waits after a request that failed, unless the client is stopped.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub(super) async fn pause(&self, request: &Request, after: &Error, wait: Duration) -> Result<(), Error> {
        self.inner.transport.pause(request, Some(after), wait).await
    }

    /// Waits before a request is sent, unless the client is stopped.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub(super) async fn wait(&self, request: &Request, wait: Duration) -> Result<(), Error> {
        self.inner.transport.pause(request, None, wait).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.inner.host.as_str()).finish_non_exhaustive()
    }
}
