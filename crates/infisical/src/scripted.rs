//! Doors for fuzzing, behind the feature `scripted`: a client whose responses are given instead of received, and the choice
//! of the proxy.

use futures_util::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::client::{Client, Settings};
use super::connect;
use super::http_client::{HttpClient, NoResponse, RawResponse};
use super::request::Request;

/// What happens to one request.
pub enum Reply {
    /// A complete response.
    Response {
        /// The HTTP status.
        status: u16,
        /// The headers; those that no server could send are left out.
        headers: Vec<(String, Vec<u8>)>,
        /// The body.
        body: Vec<u8>,
    },
    /// The connection is lost after the request was sent.
    Lost,
    /// No connection.
    Unsent,
}

/// A client that gets each of its responses from a function of the request's method and path.
#[must_use]
pub fn client(settings: Settings, reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Client {
    Client::over(Box::new(Script(reply)), settings)
}

/// The proxy for a target as errors name it, and its address; `None` if there is none.
///
/// # Errors
///
/// The message for a variable that cannot be used.
pub fn proxy(variables: &dyn Fn(&str) -> Option<String>, target: &Url) -> Result<Option<(String, Url)>, String> {
    connect::find_proxy(variables, target)
}

struct Script<F>(F);

impl<F: Fn(&str) -> Reply + Send + Sync> HttpClient for Script<F> {
    fn exchange<'a>(
        &'a self,
        call: &'a Request,
        _: Option<HeaderValue>,
    ) -> BoxFuture<'a, Result<RawResponse, NoResponse>> {
        Box::pin(async {
            match (self.0)(&call.name()) {
                Reply::Response { status, headers, body } => {
                    let headers = headers.iter().filter_map(|(name, value)| {
                        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(value).ok()?))
                    });
                    Ok(RawResponse { status, headers: headers.collect::<HeaderMap>(), body: body.into() })
                }
                Reply::Lost => Err(NoResponse::Lost { cause: "the connection was lost".to_owned() }),
                Reply::Unsent => Err(NoResponse::Unsent { cause: "no connection".to_owned(), lasting: false }),
            }
        })
    }
}
