//! The HTTP exchange itself: one request out, one answer in, nothing decided.

use std::error::Error as StdError;
use std::sync::OnceLock;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use url::{Host, Url};
use zeroize::Zeroizing;

use super::error::Error;
use super::request::Request;

/// The largest answer that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 16 * 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Less than servers and proxies usually keep an idle connection, so that a request seldom meets one that is closing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// What came back, not yet judged.
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Zeroizing<Vec<u8>>,
}

/// Why no complete answer came.
#[derive(Debug)]
pub(super) enum Broken {
    /// The request provably never reached the server. `lasting` if it's no use to try again.
    Unsent { cause: String, lasting: bool },
    /// It may have.
    Lost { cause: String },
    /// The answer was larger than [`BODY_LIMIT`].
    TooLarge { status: u16 },
    /// The HTTP client couldn't be made.
    Setup(Error),
}

/// Whatever carries a call to the server. Tests put a script in its place.
pub(super) trait Wire: Send + Sync {
    fn exchange<'a>(&'a self, call: &'a Request, bearer: Option<HeaderValue>) -> BoxFuture<'a, Result<Raw, Broken>>;
}

/// The real one. Its HTTP client is made by the first call, since that reads the system's certificates.
pub(super) struct Http {
    host: Url,
    roots: Vec<reqwest::Certificate>,
    user_agent: String,
    client: OnceLock<reqwest::Client>,
}

impl Http {
    pub(super) fn new(host: Url, roots: Vec<reqwest::Certificate>, user_agent: String) -> Self {
        Self { host, roots, user_agent, client: OnceLock::new() }
    }

    fn client(&self) -> Result<&reqwest::Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT);
        let builder = if is_plain_loopback(&self.host) {
            builder.tls_certs_only([]) // no certificate is looked at, so the system's need not be read
        } else {
            builder.tls_certs_merge(self.roots.clone())
        };
        let client = builder
            .build()
            .map_err(|error| Error::Setup { reason: format!("The HTTP client can't be made: {}.", chain(&error)) })?;
        Ok(self.client.get_or_init(|| client)) // two first calls at once make two; one is dropped
    }

    async fn run(&self, call: &Request, bearer: Option<HeaderValue>) -> Result<Raw, Broken> {
        let mut url = self.host.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.set_path(&format!("{}{}", self.host.path().trim_end_matches('/'), call.path));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let client = self.client().map_err(Broken::Setup)?;
        let mut request =
            client.request(call.method.clone(), url).timeout(call.timeout).header(ACCEPT, "application/json");
        if let Some(bearer) = bearer {
            request = request.header(reqwest::header::AUTHORIZATION, bearer);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await.map_err(|error| broken(error, call.timeout))?;
        read(response, call.timeout).await
    }
}

impl Wire for Http {
    fn exchange<'a>(&'a self, call: &'a Request, bearer: Option<HeaderValue>) -> BoxFuture<'a, Result<Raw, Broken>> {
        Box::pin(self.run(call, bearer))
    }
}

async fn read(mut response: reqwest::Response, timeout: Duration) -> Result<Raw, Broken> {
    let status = response.status().as_u16();
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(error, timeout))? {
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(Broken::TooLarge { status });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Raw { status, headers: std::mem::take(response.headers_mut()), body })
}

fn broken(error: reqwest::Error, timeout: Duration) -> Broken {
    if error.is_connect() {
        let lasting = is_refused_by_tls(&error);
        let cause = match error.is_timeout() {
            true => format!("no connection within {} s", CONNECT_TIMEOUT.as_secs()),
            false => format!("no connection: {}", chain(&error)),
        };
        return Broken::Unsent { cause, lasting };
    }
    let cause = match error.is_timeout() {
        true => format!("nothing complete came within {} s", timeout.as_secs()),
        false => format!("the connection was lost: {}", chain(&error)),
    };
    Broken::Lost { cause }
}

/// The causes beneath an HTTP error, innermost last; its own text would only repeat the URL.
fn chain(error: &reqwest::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        let said = words.last().is_some_and(|last| last.contains(&text));
        if !text.starts_with("client error") && !said {
            words.push(text);
        }
        cause = inner.source();
    }
    if words.is_empty() { "no cause given".to_owned() } else { words.join(": ") }
}

/// A certificate that isn't trusted now isn't a moment later, nor does a plain port learn TLS.
fn is_refused_by_tls(error: &(dyn StdError + 'static)) -> bool {
    use rustls::Error::{InvalidCertificate, InvalidMessage, PeerIncompatible};
    if let Some(tls) = error.downcast_ref() {
        return matches!(tls, InvalidCertificate(_) | InvalidMessage(_) | PeerIncompatible(_));
    }
    // An I/O error leaves out what it wraps when it's asked for its source, so that has to be asked for apart.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let next = wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| error.source());
    next.is_some_and(is_refused_by_tls)
}

fn is_plain_loopback(host: &Url) -> bool {
    host.scheme() == "http"
        && match host.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}
