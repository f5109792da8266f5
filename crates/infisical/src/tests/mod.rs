//! The whole client over a script instead of a network, so that time can be paused.

mod connections;
mod create;
mod credentials;
mod lagging_checks;
mod lists;
mod login;
mod lookups;
mod reading;
mod refusals;
mod rotate;
mod send;
mod server;
mod young;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::client::{Client, Settings};
use super::http_client::{HttpClient, NoResponse, RawResponse};
use super::request::Request;
use super::*;

/// The server's clock at the start of each test, in seconds since 1970, and then some milliseconds.
const START: i64 = 1_700_000_000;
const START_MS: u64 = 300;

/// One request, as the script sees it.
#[derive(Debug, Clone)]
struct Seen {
    /// Method and path; `R` and `C` stand for what all requests on rotations and on connections share.
    what: String,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    bearer: Option<String>,
    /// How many requests came before it.
    index: usize,
    at: Duration,
}

/// Makes an answer, each time anew.
type Make = fn() -> Reply;

/// What the script answers, and after how long.
struct Reply {
    outcome: Result<RawResponse, NoResponse>,
    delay: Duration,
}

impl Reply {
    fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(raw) = &mut self.outcome {
            raw.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        self
    }
}

fn reply(status: u16, content_type: &'static str, body: impl Into<String>) -> Reply {
    let headers = HeaderMap::from_iter([(reqwest::header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
    let raw = RawResponse { status, headers, body: body.into().into_bytes().into() };
    Reply { outcome: Ok(raw), delay: Duration::from_millis(5) }
}

fn ok(body: Value) -> Reply {
    reply(200, "application/json", body.to_string())
}

fn html(status: u16) -> Reply {
    reply(status, "text/html", "<html><title>Gateway</title></html>\n<p>more")
}

fn refused(status: u16, error: &str, message: &str) -> Reply {
    let body = json!({"reqId": format!("req-{status}"), "statusCode": status, "message": message, "error": error});
    reply(status, "application/json", body.to_string())
}

/// The API's answer about a rotation that does not exist.
fn gone() -> Reply {
    refused(404, "NotFound", "Could not find OpenRouter API Key Rotation with ID \"r1\"")
}

fn lost() -> Reply {
    let cause = "the connection was lost: reset".to_owned();
    Reply { outcome: Err(NoResponse::Lost { cause }), delay: Duration::from_millis(5) }
}

fn unsent() -> Reply {
    let cause = "no connection: refused".to_owned();
    Reply { outcome: Err(NoResponse::Unsent { cause, lasting: false }), delay: Duration::from_millis(5) }
}

fn settings(auth: Auth, stop: CancellationToken) -> Settings {
    let host = "http://localhost".parse().unwrap();
    Settings { host, auth, organization_slug: None, ca_cert_pem: None, user_agent: "test".to_owned(), stop }
}

type Answers = dyn Fn(&Seen) -> Reply + Send + Sync;

/// A server that is only a function, and what it was asked.
#[derive(Clone)]
struct Script {
    answers: Arc<Answers>,
    seen: Arc<Mutex<Vec<Seen>>>,
    start: Instant,
}

impl Script {
    fn new(answers: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self { answers: Arc::new(answers), seen: Arc::default(), start: Instant::now() }
    }

    fn client(&self) -> Client {
        self.client_as(Auth::Token("a-token".into()))
    }

    fn client_as(&self, auth: Auth) -> Client {
        self.client_until(auth, CancellationToken::new())
    }

    fn client_until(&self, auth: Auth, stop: CancellationToken) -> Client {
        Client::over(Box::new(self.clone()), settings(auth, stop))
    }

    fn client_of(&self, organization: &str, auth: Auth) -> Client {
        let organization_slug = Some(organization.to_owned());
        let settings = Settings { organization_slug, ..settings(auth, CancellationToken::new()) };
        Client::over(Box::new(self.clone()), settings)
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn asked(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.what).collect()
    }

    fn count(&self, what: &str) -> usize {
        self.asked().iter().filter(|asked| *asked == what).count()
    }
}

impl HttpClient for Script {
    fn exchange<'a>(
        &'a self,
        call: &'a Request,
        bearer: Option<HeaderValue>,
    ) -> BoxFuture<'a, Result<RawResponse, NoResponse>> {
        Box::pin(async move {
            let seen = {
                let mut all = self.seen.lock().unwrap();
                let seen = Seen {
                    what: short(&call.name()),
                    query: call.query.clone(),
                    body: call.body.as_ref().map(|body| serde_json::from_slice(body).unwrap()),
                    bearer: bearer.map(|value| value.to_str().unwrap().to_owned()),
                    index: all.len(),
                    at: self.start.elapsed(),
                };
                all.push(seen.clone());
                seen
            };
            let reply = (self.answers)(&seen);
            let date = httpdate::fmt_http_date(std::time::SystemTime::from(server_time(seen.at)));
            let reply = if has_date(&reply) { reply } else { reply.with("date", &date) };
            tokio::time::sleep(reply.delay).await;
            reply.outcome
        })
    }
}

fn short(name: &str) -> String {
    name.replace("/api/v2/secret-rotations/open-router-api-key", "R")
        .replace("/api/v1/app-connections/open-router", "C")
}

fn has_date(reply: &Reply) -> bool {
    reply.outcome.as_ref().is_ok_and(|raw| raw.headers.contains_key("date"))
}

/// The server's time so long after the start.
fn server_time(at: Duration) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(START).unwrap() + Duration::from_millis(START_MS) + at
}

fn rfc3339(at: Duration) -> String {
    server_time(at).format(&Rfc3339).unwrap()
}

fn new_rotation() -> NewRotation {
    NewRotation {
        name: "my-openrouter-rotation".to_owned(),
        project_id: "<project-id>".to_owned(),
        description: Some("OpenRouter API key rotation".to_owned()),
        connection_id: "<openrouter-connection-id>".to_owned(),
        environment: "dev".to_owned(),
        secret_path: "/".to_owned(),
        is_auto_rotation_enabled: true,
        rotation_interval: 30,
        rotate_at_utc: RotateAtUtc { hours: 0, minutes: 0 },
        parameters: Parameters {
            name: "my-app-key".to_owned(),
            limit: Some(Some(100.into())),
            limit_reset: Some(Some("monthly".to_owned())),
            include_byok_in_limit: Some(Some(false)),
        },
        secrets_mapping: SecretsMapping { api_key: "OPEN_ROUTER_API_KEY".to_owned() },
    }
}

/// What the server makes of [`new_rotation`].
fn rotation(id: &str, created_at: &str) -> Value {
    json!({
        "id": id, "name": "my-openrouter-rotation", "connectionId": "<openrouter-connection-id>",
        "createdAt": created_at, "lastRotatedAt": created_at, "projectId": "<project-id>",
        "parameters": {"name": "my-app-key", "limit": 100, "limitReset": "monthly", "includeByokInLimit": false},
        "secretsMapping": {"apiKey": "OPEN_ROUTER_API_KEY"},
    })
}

/// A rotation of the id that was asked for, and nothing else of it.
fn asked_for(seen: &Seen) -> Reply {
    one(json!({"id": seen.what.rsplit('/').next().unwrap()}))
}

fn one(rotation: Value) -> Reply {
    ok(json!({"secretRotation": rotation}))
}
