//! What a client and its transport say to each other: one request out, one answer in, nothing decided.

use futures_util::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use super::error::Error;
use super::request::Request;

/// The largest answer that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 16 * 1024 * 1024;

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
