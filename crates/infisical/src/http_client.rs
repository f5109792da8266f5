//! The interface between the transport and the HTTP client: sends one request and returns its response, without
//! interpreting it.

use futures_util::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use super::error::Error;
use super::request::Request;

/// The largest response that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// A response that has not been interpreted yet.
pub(super) struct RawResponse {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Zeroizing<Vec<u8>>,
}

/// Why there is no complete response.
#[derive(Debug)]
pub(super) enum NoResponse {
    /// The request provably did not reach the server. `lasting` if another attempt would be no use.
    Unsent { cause: String, lasting: bool },
    /// The request may have reached the server.
    Lost { cause: String },
    /// The response was larger than [`BODY_LIMIT`].
    TooLarge { status: u16 },
    /// The HTTP client could not be made.
    Setup(Error),
}

/// Sends requests to the server. Tests replace it with a script.
pub(super) trait HttpClient: Send + Sync {
    fn exchange<'a>(
        &'a self,
        call: &'a Request,
        bearer: Option<HeaderValue>,
    ) -> BoxFuture<'a, Result<RawResponse, NoResponse>>;
}
