//! The HTTP client, and what its failures mean.

use std::error::Error as StdError;
use std::sync::OnceLock;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

use super::certificates::Certificates;
use super::{proxy, tls};
use crate::error::Error;
use crate::request::Request;
use crate::wire::{BODY_LIMIT, Broken, Raw, Wire};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Less than servers and proxies usually keep an idle connection, so that a request seldom meets one that is closing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// Carries calls over the network. Its HTTP client is made by the first call.
pub(crate) struct Http {
    host: Url,
    given: Certificates,
    user_agent: String,
    link: OnceLock<Link>,
}

/// The client, and the proxy that it goes through, as errors name it.
struct Link {
    client: reqwest::Client,
    proxy: Option<String>,
}

impl Http {
    pub(crate) fn new(host: Url, given: Certificates, user_agent: &str) -> Self {
        // A header holds nothing else, and no request should fail for what a program calls itself.
        let user_agent = user_agent.chars().filter(|letter| matches!(letter, ' '..='~')).collect();
        Self { host, given, user_agent, link: OnceLock::new() }
    }

    fn link(&self) -> Result<&Link, Error> {
        if let Some(link) = self.link.get() {
            return Ok(link);
        }
        let link = self.make()?;
        Ok(self.link.get_or_init(|| link)) // two first calls at once make two; one is dropped
    }

    fn make(&self) -> Result<Link, Error> {
        let setup = |reason: String| Error::Setup { reason };
        let because = |why: String| {
            setup(format!("Cannot set up HTTP: {why}. No setting is known to cause this: please report it as a bug."))
        };
        let proxy = proxy::find(&|name| std::env::var(name).ok(), &self.host).map_err(setup)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tls_backend_preconfigured(
                tls::config(self.given.clone()).map_err(|error| because(format!("TLS: {error}")))?,
            )
            .no_proxy();
        if let Some(proxy) = &proxy {
            let all = reqwest::Proxy::all(proxy.address.clone()).map_err(|_| setup(proxy.unusable()))?;
            builder = builder.proxy(all);
        }
        let client = builder.build().map_err(|error| because(chain(&error)))?;
        Ok(Link { client, proxy: proxy.map(|proxy| proxy.to_string()) })
    }

    async fn run(&self, call: &Request, bearer: Option<HeaderValue>) -> Result<Raw, Broken> {
        let mut url = self.host.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.set_path(&format!("{}{}", self.host.path().trim_end_matches('/'), call.path));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let Link { client, proxy } = self.link().map_err(Broken::Setup)?;
        let mut request =
            client.request(call.method.clone(), url).timeout(call.timeout).header(ACCEPT, "application/json");
        if let Some(bearer) = bearer {
            request = request.header(reqwest::header::AUTHORIZATION, bearer);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await.map_err(|error| broken(&error, call.timeout, proxy.as_deref()))?;
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
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error, timeout, None))? {
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(Broken::TooLarge { status });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Raw { status, headers: std::mem::take(response.headers_mut()), body })
}

fn broken(error: &reqwest::Error, timeout: Duration, proxy: Option<&str>) -> Broken {
    let tls = tls_error(error);
    let why = || tls.map_or_else(|| chain(error), tls::words);
    if error.is_connect() {
        let through = proxy.map(|proxy| format!(" through {proxy}")).unwrap_or_default();
        let cause = match error.is_timeout() {
            true => format!("no connection{through} within {} s", CONNECT_TIMEOUT.as_secs()),
            false => format!("no connection{through}: {}", why()),
        };
        return Broken::Unsent { cause, lasting: tls.is_some_and(tls::is_lasting) };
    }
    let cause = match error.is_timeout() {
        true => format!("nothing complete came within {} s", timeout.as_secs()),
        false => format!("the connection was lost: {}", why()),
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

/// The TLS library's error, if it is the cause.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    // An I/O error leaves out what it wraps when it's asked for its source, so that has to be asked for apart.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let next = wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| error.source());
    next.and_then(tls_error)
}
