//! Interprets responses: the API's result, its refusal, or a response of something else.

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

use super::envelope;
use super::error::{Error, UnexpectedResponse};
use super::hidden::Hidden;
use super::http_client::{BODY_LIMIT, NoResponse, RawResponse};
use super::refusal::{Issue, Refusal, classify, is_unknown_route};
use super::refusal_kind::RefusalKind;
use super::request::Request;
use super::retry::{Failure, FailureKind, asked_wait, date, is_transient};

/// How much of a response's first line is shown, in characters.
const FIRST_LINE_CHARS: usize = 120;

/// How many issues of a refusal are kept, and how many parts of an issue's path. The API has never sent more.
const MOST_ISSUES: usize = 20;
const MOST_PARTS: usize = 10;

/// A response with a 2xx status and any JSON.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) request: String,
    pub(super) status: u16,
    /// When the attempt with this response began.
    pub(super) began: Instant,
    secret: bool,
    /// What must not be shown, even if the response repeats it.
    hidden: Hidden,
    /// The repeated request found nothing left to delete.
    gone: bool,
    body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// The response to a repeated `DELETE` that found nothing left to delete.
    pub(super) fn gone(request: &Request, began: Instant) -> Self {
        let (hidden, body) = (Hidden::default(), Zeroizing::default());
        Self { request: request.name(), status: 404, began, secret: false, hidden, gone: true, body }
    }

    /// Whether the object to delete no longer existed.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    /// The failure for a response about another object than the requested one. What happened to the requested one is
    /// then not known.
    pub(super) fn about_another(&self, field: &str) -> Failure {
        let problem = "and it is about another object than the requested one".to_owned();
        self.unexpected(problem, Some(field.to_owned()))
    }

    /// Converts the response. Unknown fields are ignored.
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedResponse`], which names the field, when the JSON has another form. It leaves open what the
    /// request did, so it counts as [`FailureKind::Lost`].
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| match serde_json::from_slice(&self.body) {
            Ok(whole) => self.explain::<T>(whole, "", &error),
            Err(_) => self.malformed(None, &error),
        })
    }

    /// Like [`Self::decode`], for the field in which the API wraps its objects.
    pub(super) fn decode_field<T: DeserializeOwned>(&self, field: &'static str) -> Result<T, Failure> {
        envelope::open(&self.body, field).map_err(|error| {
            let mut whole: Value = serde_json::from_slice(&self.body).unwrap_or_default();
            match whole.get_mut(field).map(Value::take) {
                Some(object) => self.explain::<T>(object, field, &error),
                None => self.malformed(None, &error),
            }
        })
    }

    /// The same for a list, with a result for each element, so that an invalid element does not affect the others.
    ///
    /// # Errors
    ///
    /// Those of [`Response::decode`], for the list and for each of its elements.
    pub(super) fn decode_each<T: DeserializeOwned>(
        &self,
        field: &'static str,
    ) -> Result<Vec<Result<T, Failure>>, Failure> {
        let all = self.decode_field::<Vec<Value>>(field)?;
        let each = all.into_iter().enumerate().map(|(at, one)| self.follow(one, &format!("{field}[{at}]")));
        Ok(each.collect())
    }

    /// The failure for JSON that could not be decoded, with the path of the value that is wrong. To follow the path takes
    /// longer than to decode, so it is done only then.
    fn explain<T: DeserializeOwned>(&self, json: Value, place: &str, error: &serde_json::Error) -> Failure {
        match self.follow::<T>(json, place) {
            Err(failure) => failure,
            Ok(_) => self.malformed(Some(place.to_owned()).filter(|place| !place.is_empty()), error),
        }
    }

    /// Decodes the value at this place; an error has the path of what is wrong in it.
    fn follow<T: DeserializeOwned>(&self, json: Value, place: &str) -> Result<T, Failure> {
        serde_path_to_error::deserialize(json).map_err(|error| {
            let inside = match error.path().to_string() {
                path if path == "." => String::new(),
                path if path.starts_with('[') || place.is_empty() => path,
                path => format!(".{path}"),
            };
            self.malformed(Some(format!("{place}{inside}")).filter(|field| !field.is_empty()), error.inner())
        })
    }

    fn malformed(&self, field: Option<String>, error: &serde_json::Error) -> Failure {
        let place = field.as_ref().map_or_else(|| "the answer".to_owned(), |field| format!("`{field}`"));
        // The parser's message may quote the value, which may be a secret.
        let problem = match self.secret {
            true => format!("and {place} is not what the API documents"),
            false => {
                let why = self.hidden.quotable(&without_position(error));
                format!("and {place} is not what the API documents: {why}")
            }
        };
        self.unexpected(problem, field)
    }

    fn unexpected(&self, problem: String, field: Option<String>) -> Failure {
        let (request, status) = (self.request.clone(), self.status);
        let response = UnexpectedResponse { request, status, problem, field };
        Failure::new(Error::UnexpectedResponse(Box::new(response)), FailureKind::Lost, self.began)
    }
}

/// A refusal of the API. All four fields belong to it: a response without them comes from a proxy. Only the web
/// framework, for an unknown route, may leave out the id.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    #[serde(default)]
    req_id: Option<String>,
    status_code: u16,
    error: String,
    #[serde(default)]
    message: Message,
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Message {
    Text(String),
    Issues(Vec<RawIssue>),
    #[default]
    None,
    Other(IgnoredAny),
}

#[derive(Deserialize)]
struct RawIssue {
    #[serde(default)]
    path: Vec<serde_json::Value>,
    #[serde(default)]
    message: String,
}

/// Distinguishes results from failures. What is `hidden` is removed wherever the response repeats it.
pub(super) fn judge(request: &Request, began: Instant, raw: RawResponse, hidden: Hidden) -> Result<Response, Failure> {
    let RawResponse { status, headers, body } = raw;
    if (200..300).contains(&status) && serde_json::from_slice::<IgnoredAny>(&body).is_ok() {
        let secret = request.secret_response;
        return Ok(Response { request: request.name(), status, began, secret, hidden, gone: false, body });
    }
    let (error, kind) = if (300..400).contains(&status) {
        (redirected(request, status, &headers), FailureKind::Final)
    } else if let Some(refusal) = refusal(request, status, &body, &hidden) {
        let kind = kind_of(&refusal);
        (Error::Refused(Box::new(refusal)), kind)
    } else {
        (foreign(request, status, &headers, &body, &hidden), kind_of_foreign(status, &body))
    };
    Err(Failure { asked: asked_wait(&headers, status), date: date(&headers), ..Failure::new(error, kind, began) })
}

/// The failure for a request without a complete response.
pub(super) fn judge_no_response(request: &Request, began: Instant, missing: NoResponse) -> Failure {
    let unreachable = |cause| Error::Unreachable { request: request.name(), cause };
    let (error, kind) = match missing {
        NoResponse::Unsent { cause, lasting } => {
            (unreachable(cause), if lasting { FailureKind::Final } else { FailureKind::Unsent })
        }
        NoResponse::Lost { cause } => (unreachable(cause), FailureKind::Lost),
        NoResponse::TooLarge { status } => {
            let problem = format!("and with more than {} MiB", BODY_LIMIT / 1024 / 1024);
            // A create with this response may have succeeded, but another read of it would not help.
            let kind = if request.writes() { FailureKind::Lost } else { FailureKind::Final };
            (unexpected(request, status, problem), kind)
        }
        NoResponse::Setup(error) => (error, FailureKind::Final),
    };
    Failure::new(error, kind, began)
}

fn kind_of(refusal: &Refusal) -> FailureKind {
    match refusal.kind {
        RefusalKind::RateLimited => FailureKind::RateLimited,
        RefusalKind::TokenRejected => FailureKind::Token,
        // Whatever the status is, the object may have been stored, and a key may have been issued.
        RefusalKind::GenerationFailed => FailureKind::Broke,
        RefusalKind::KeyRefused | RefusalKind::InProgress => FailureKind::Final,
        _ if is_transient(refusal.status) || refusal.status >= 500 => FailureKind::Broke,
        _ => FailureKind::Final,
    }
}

/// A page may come from a proxy whose server is restarting, whatever the status. JSON in another form than the API's
/// comes from a working server, so that repeating the request is no use.
fn kind_of_foreign(status: u16, body: &[u8]) -> FailureKind {
    let is_json = serde_json::from_slice::<IgnoredAny>(body).is_ok();
    match status {
        429 => FailureKind::RateLimited,
        401 => FailureKind::Token,
        status if is_transient(status) || status >= 500 => FailureKind::Lost,
        200..300 | 404 if !is_json => FailureKind::Lost,
        _ => FailureKind::Final,
    }
}

fn refusal(request: &Request, status: u16, body: &[u8], hidden: &Hidden) -> Option<Refusal> {
    let refused: Refused = serde_json::from_slice(body).ok()?;
    if refused.status_code != status || status < 400 {
        return None;
    }
    let shown = |text: &str| hidden.quotable(text);
    let mut issues = Vec::new();
    let message = match refused.message {
        Message::Text(text) => shown(&text),
        Message::Issues(raw) => {
            let part = |part: &serde_json::Value| part.as_str().map_or_else(|| shown(&part.to_string()), &shown);
            issues.extend(raw.iter().take(MOST_ISSUES).map(|issue| Issue {
                path: issue.path.iter().take(MOST_PARTS).map(part).collect(),
                message: shown(&issue.message),
            }));
            shown(&issues.iter().map(in_one_line).collect::<Vec<_>>().join("; "))
        }
        Message::None | Message::Other(_) => String::new(),
    };
    let error = shown(&refused.error);
    if refused.req_id.is_none() && !(status == 404 && is_unknown_route(&error, &message)) {
        return None;
    }
    let request_id = refused.req_id.map(|id| shown(&id)).filter(|id| !id.is_empty());
    let kind = classify(request.operation, request.subject, status, &error, &message);
    Some(Refusal { request: request.name(), status, kind, message, error, issues, request_id })
}

fn in_one_line(issue: &Issue) -> String {
    match issue.path.is_empty() {
        true => issue.message.clone(),
        false => format!("{}: {}", issue.path.join("."), issue.message),
    }
}

fn redirected(request: &Request, status: u16, headers: &HeaderMap) -> Error {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let host = location.and_then(|text| Url::parse(text).ok()).and_then(|url| {
        let host = url.host_str()?;
        Some(format!("{}://{host}{}", url.scheme(), url.port().map(|port| format!(":{port}")).unwrap_or_default()))
    });
    let problem = match (host, location) {
        (Some(host), _) => format!("a redirect to {host}, which is not followed"),
        (None, Some(_)) => "a redirect to another path, which is not followed".to_owned(),
        (None, None) => "a redirect without a target".to_owned(),
    };
    unexpected(request, status, problem)
}

fn foreign(request: &Request, status: u16, headers: &HeaderMap, body: &[u8], hidden: &Hidden) -> Error {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("no content type");
    let kind = hidden.quotable(kind);
    // A header that is no content type may be a part of a spoiled response.
    let is_type = |byte: u8| byte.is_ascii_alphanumeric() || b"/.+-;=_ ".contains(&byte);
    let kind = if kind.len() <= 80 && kind.bytes().all(is_type) { kind } else { "an invalid content type".to_owned() };
    let text = String::from_utf8_lossy(body.get(..4096).unwrap_or(body));
    let line = hidden.quotable(text.trim_start().lines().next().unwrap_or_default());
    let line: String = line.chars().take(FIRST_LINE_CHARS).collect();
    // A successful response that is not a page may be the API's, spoiled or of another call, with a key in it.
    let may_be_secret = request.secret_response || ((200..300).contains(&status) && !line.starts_with('<'));
    let problem = match (may_be_secret, line.is_empty()) {
        (true, true) if !request.secret_response => format!("{kind}, and without content"),
        // Whatever spoils such a response may put a part of it into a header, too.
        (true, _) => {
            match ["application/json", "text/html", "text/plain"].iter().find(|known| kind.starts_with(**known)) {
                Some(known) => format!("{known}, in a form that is not the API's"),
                None => "in a form that is not the API's".to_owned(),
            }
        }
        (false, true) => format!("{kind}, and without content"),
        (false, false) => format!("{kind}, in a form that is not the API's: {line}"),
    };
    unexpected(request, status, problem)
}

fn unexpected(request: &Request, status: u16, problem: String) -> Error {
    let response = UnexpectedResponse { request: request.name(), status, problem, field: None };
    Error::UnexpectedResponse(Box::new(response))
}

/// The parser's message without " at line 1 column 80", which does not help the user.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
