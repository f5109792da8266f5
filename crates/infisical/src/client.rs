//! The client, which all sub-clients share.

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
use super::http_client::HttpClient;
use super::request::{Repeat, Request};
use super::response::Response;
use super::retry::{Failure, Schedule};
use super::rotation::Rotation;
use super::shared::Shared;
use super::transport::Transport;
use super::writes::Writes;

/// The settings of a [`Client`].
#[derive(Debug, Clone)]
pub struct Settings {
    /// The API's address, `http` or `https`; a path in it is prepended to the API's own paths.
    pub host: Url,
    /// How to log in.
    pub auth: Auth,
    /// The organization to log in to, for an identity that belongs to several.
    pub organization_slug: Option<String>,
    /// Certificates that are trusted besides the system's.
    pub ca_cert_pem: Option<Certificates>,
    /// The `User-Agent` header of all requests.
    pub user_agent: String,
    /// Ends every wait and every read when it is cancelled. A request that may change something is still awaited once
    /// it has been sent.
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
    /// Makes a client. Nothing is sent and no certificates of the system are read before the first call.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] when the host is not an http or https address, or contains a user name or password.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let setup = |reason: String| Error::Setup { reason };
        let host = &settings.host;
        if !matches!(host.scheme(), "http" | "https") || host.host_str().is_none() {
            return Err(setup(format!("The host is not an http or https address: {}:…", host.scheme())));
        }
        if !host.username().is_empty() || host.password().is_some() {
            return Err(setup("The host's address must not contain a user name or password.".to_owned()));
        }
        let given = settings.ca_cert_pem.clone().unwrap_or_default();
        let http = Http::new(host.clone(), given, &settings.user_agent);
        Ok(Self::over(Box::new(http), settings))
    }

    /// A client that sends its requests with that HTTP client.
    pub(super) fn over(http: Box<dyn HttpClient>, settings: Settings) -> Self {
        let writes = Arc::new(Writes::default());
        let inner = Inner {
            host: settings.host,
            transport: Transport::new(http, settings.stop),
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

    /// The state that all calls on rotations share.
    pub(super) fn shared_rotations(&self) -> &Shared<Rotation> {
        &self.inner.rotations
    }

    /// The state that all calls on connections share.
    pub(super) fn shared_connections(&self) -> &Shared<Connection> {
        &self.inner.connections
    }

    /// Removes these from all later responses. They are not kept.
    pub(super) fn hide<'a>(&self, secrets: impl IntoIterator<Item = &'a SecretString>) {
        self.inner.transport.hide(secrets);
    }

    /// Sends a request with an access token.
    ///
    /// # Errors
    ///
    /// The last attempt's failure, or [`Error::Stopped`].
    pub(super) async fn send(&self, request: &Request) -> Result<Response, Failure> {
        self.send_on(request, &mut Schedule::new()).await
    }

    /// Like [`Self::send`], on a schedule that has already begun.
    pub(super) async fn send_on(&self, request: &Request, schedule: &mut Schedule) -> Result<Response, Failure> {
        let transport = &self.inner.transport;
        transport.send(request, &self.inner.session.over(transport), schedule).await
    }

    /// Waits before a request whose response was lost is sent again; returns `false` when no time is left for that.
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
