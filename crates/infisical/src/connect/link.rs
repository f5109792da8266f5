//! An HTTP client for one host, and what its failures mean.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::Response;
use url::Url;
use zeroize::Zeroizing;

use super::certificates::Certificates;
use super::{proxy, tls};
use crate::error::Error;
use crate::http_client::{BODY_LIMIT, NoResponse, RawResponse};

/// Less than servers and proxies usually keep an idle connection, so that a request seldom meets one that is closing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// The client, and the proxy that it goes through, as errors name it.
pub(super) struct Link {
    pub(super) client: reqwest::Client,
    proxy: Option<String>,
    connect_timeout: Duration,
}

impl Link {
    /// # Errors
    ///
    /// [`Error::Setup`] when the proxy's variable or the TLS library cannot be used.
    pub(super) fn new(
        target: &Url,
        given: &Certificates,
        user_agent: &str,
        connect_timeout: Duration,
    ) -> Result<Self, Error> {
        let setup = |reason: String| Error::Setup { reason };
        let because = |why: String| {
            setup(format!("Cannot set up HTTP: {why}. No setting is known to cause this: please report it as a bug."))
        };
        let proxy = proxy::find(&|name| std::env::var(name).ok(), target).map_err(setup)?;
        // A header cannot contain other characters, and no request should fail because of the program's name.
        let user_agent: String = user_agent.chars().filter(|letter| matches!(letter, ' '..='~')).collect();
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(connect_timeout)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tls_backend_preconfigured(tls::config(given.clone()).map_err(|error| because(format!("TLS: {error}")))?)
            .no_proxy();
        if let Some(proxy) = &proxy {
            let all = reqwest::Proxy::all(proxy.address.clone()).map_err(|_| setup(proxy.unusable()))?;
            builder = builder.proxy(all);
        }
        let client = builder.build().map_err(|error| because(chain(&error)))?;
        Ok(Self { client, proxy: proxy.map(|proxy| proxy.to_string()), connect_timeout })
    }

    /// The failure that an error of this client is, for a request with this time limit.
    pub(super) fn no_response(&self, error: &reqwest::Error, timeout: Duration) -> NoResponse {
        let tls = tls_error(error);
        let why = || tls.map_or_else(|| chain(error), tls::words);
        if error.is_connect() {
            let through = self.proxy.as_ref().map(|proxy| format!(" through {proxy}")).unwrap_or_default();
            let cause = match error.is_timeout() {
                true => format!("no connection{through} within {} s", self.connect_timeout.as_secs()),
                false => format!("no connection{through}: {}", why()),
            };
            return NoResponse::Unsent { cause, lasting: tls.is_some_and(tls::is_lasting) };
        }
        let cause = match error.is_timeout() {
            true => format!("no complete response arrived within {} s", timeout.as_secs()),
            false => format!("the connection was lost: {}", why()),
        };
        NoResponse::Lost { cause }
    }

    /// The complete response.
    pub(super) async fn read(&self, mut response: Response, timeout: Duration) -> Result<RawResponse, NoResponse> {
        let status = response.status().as_u16();
        // A list is long, and each growth of its buffer would copy it.
        let length = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        if length > BODY_LIMIT {
            return Err(NoResponse::TooLarge { status });
        }
        let mut body = Zeroizing::new(Vec::with_capacity(length));
        while let Some(chunk) = response.chunk().await.map_err(|error| self.no_response(&error, timeout))? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(NoResponse::TooLarge { status });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(RawResponse { status, headers: std::mem::take(response.headers_mut()), body })
    }
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

/// The TLS library's error, if it is the cause.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    // `source` of an I/O error skips the error that it wraps, so `get_ref` is needed as well.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let next = wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| error.source());
    next.and_then(tls_error)
}
