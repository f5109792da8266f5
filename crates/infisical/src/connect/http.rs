//! The API's requests over the network.

use std::sync::OnceLock;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use url::Url;

use super::certificates::Certificates;
use super::link::Link;
use crate::error::Error;
use crate::http_client::{HttpClient, NoResponse, RawResponse};
use crate::request::Request;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests over the network. The underlying client is made by the first request.
pub(crate) struct Http {
    host: Url,
    given: Certificates,
    user_agent: String,
    link: OnceLock<Link>,
}

impl Http {
    pub(crate) fn new(host: Url, given: Certificates, user_agent: &str) -> Self {
        Self { host, given, user_agent: user_agent.to_owned(), link: OnceLock::new() }
    }

    fn link(&self) -> Result<&Link, Error> {
        if let Some(link) = self.link.get() {
            return Ok(link);
        }
        let link = Link::new(&self.host, &self.given, &self.user_agent, CONNECT_TIMEOUT)?;
        Ok(self.link.get_or_init(|| link)) // if two first calls run at once, one of the two clients is dropped
    }

    async fn run(&self, call: &Request, bearer: Option<HeaderValue>) -> Result<RawResponse, NoResponse> {
        let mut url = self.host.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.set_path(&format!("{}{}", self.host.path().trim_end_matches('/'), call.path));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let link = self.link().map_err(NoResponse::Setup)?;
        let mut request =
            link.client.request(call.method.clone(), url).timeout(call.timeout).header(ACCEPT, "application/json");
        if let Some(bearer) = bearer {
            request = request.header(reqwest::header::AUTHORIZATION, bearer);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await.map_err(|error| link.no_response(&error, call.timeout))?;
        link.read(response, call.timeout).await
    }
}

impl HttpClient for Http {
    fn exchange<'a>(
        &'a self,
        call: &'a Request,
        bearer: Option<HeaderValue>,
    ) -> BoxFuture<'a, Result<RawResponse, NoResponse>> {
        Box::pin(self.run(call, bearer))
    }
}
