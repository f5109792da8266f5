//! Requests to hosts other than the API's, which a login may need: without the API's access token, and with their own time
//! limits. Proxies and certificates are the same as for all requests.

use std::time::Duration;

use bytes::Bytes;
use http::Request;

use super::certificates::Certificates;
use super::link::Link;
use crate::error::Error;
use crate::http_client::{NoResponse, RawResponse};

/// How long a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// For the connection.
    pub(crate) connect: Duration,
    /// In all, including the response.
    pub(crate) whole: Duration,
}

/// Sends requests to any host. Since there are few of them, each has its own HTTP client.
pub(crate) struct Outside {
    given: Certificates,
    user_agent: String,
}

impl Outside {
    pub(crate) fn new(given: Certificates, user_agent: &str) -> Self {
        Self { given, user_agent: user_agent.to_owned() }
    }

    /// Sends a request once.
    ///
    /// # Errors
    ///
    /// Why there is no complete response.
    pub(crate) async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<RawResponse, NoResponse> {
        let because = |error: &reqwest::Error| {
            let reason = format!("A request cannot be sent: {}.", error.to_string().trim_end_matches('.'));
            NoResponse::Setup(Error::Setup { reason })
        };
        let mut request = reqwest::Request::try_from(request).map_err(|error| because(&error))?;
        *request.timeout_mut() = Some(limits.whole);
        let link =
            Link::new(request.url(), &self.given, &self.user_agent, limits.connect).map_err(NoResponse::Setup)?;
        let response = link.client.execute(request).await.map_err(|error| link.no_response(&error, limits.whole))?;
        link.read(response, limits.whole).await
    }
}
