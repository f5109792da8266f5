//! Judging what came back: the API's answer, its refusal, or something else altogether.

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

use super::envelope;
use super::error::{Error, UnexpectedResponse};
use super::refusal::{Issue, Refusal, RefusalKind, classify, is_unknown_route};
use super::request::Request;
use super::retry::{Failure, Kind, asked_wait, date, is_transient};
use super::secret::quotable;
use super::wire::{BODY_LIMIT, Broken, Raw};

/// How much of an answer's first line is shown, in characters.
const FIRST_LINE_CHARS: usize = 120;

/// A 2xx answer that is JSON, of whatever shape.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) request: String,
    pub(super) status: u16,
    /// When the attempt that it answers began.
    pub(super) began: Instant,
    secret: bool,
    /// What must not be shown, even where the answer repeats it.
    secrets: Vec<SecretString>,
    /// The thing to delete was gone when the request was repeated.
    gone: bool,
    body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// The answer to a repeated `DELETE` that found nothing left to delete.
    pub(super) fn gone(request: &Request, began: Instant) -> Self {
        let (secrets, body) = (Vec::new(), Zeroizing::default());
        Self { request: request.name(), status: 404, began, secret: false, secrets, gone: true, body }
    }

    /// Whether the API says that what was to be deleted is gone already.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    /// For an answer about another object than the one that the request names. What became of ours is then not known.
    pub(super) fn about_another(&self, field: &str) -> Failure {
        let problem = "and it is about another object than the one asked for".to_owned();
        self.unexpected(problem, Some(format!("{field}.id")))
    }

    /// The answer as a value of ours. Fields that we don't know are ignored.
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedResponse`], which names the field, when the shape is wrong. For a request that acts
    /// only once this leaves open what it did, so it counts as [`Kind::Lost`].
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let mut json = serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(&mut json).map_err(|error| self.misshapen(&error))
    }

    /// The same for the one field that the API wraps its objects in.
    pub(super) fn decode_field<T: DeserializeOwned>(&self, field: &'static str) -> Result<T, Failure> {
        let mut json = serde_json::Deserializer::from_slice(&self.body);
        envelope::open(&mut json, field).map_err(|error| self.misshapen(&error))
    }

    /// The same for a list, one by one: what is wrong with one of them is no fault of the others.
    ///
    /// # Errors
    ///
    /// Those of [`Response::decode`], for the list and for each of its elements.
    pub(super) fn decode_each<T: DeserializeOwned>(
        &self,
        field: &'static str,
    ) -> Result<Vec<Result<T, Failure>>, Failure> {
        let all = self.decode_field::<Vec<serde_json::Value>>(field)?;
        let each = all.into_iter().enumerate().map(|(at, one)| {
            serde_path_to_error::deserialize(one).map_err(|error| {
                let path = error.path().to_string();
                let path = if path == "." { String::new() } else { format!(".{path}") };
                self.misshapen_at(Some(format!("{field}[{at}]{path}")), error.inner())
            })
        });
        Ok(each.collect())
    }

    fn misshapen(&self, error: &serde_path_to_error::Error<serde_json::Error>) -> Failure {
        self.misshapen_at(Some(error.path().to_string()).filter(|path| path != "."), error.inner())
    }

    fn misshapen_at(&self, field: Option<String>, error: &serde_json::Error) -> Failure {
        let place = field.as_ref().map_or_else(|| "the answer".to_owned(), |field| format!("`{field}`"));
        // What the parser says may quote the value, which isn't for everyone to see in every answer.
        let problem = match self.secret {
            true => format!("and {place} isn't what the API documents"),
            false => {
                let why = quotable(&without_position(error), &self.secrets);
                format!("and {place} isn't what the API documents: {why}")
            }
        };
        self.unexpected(problem, field)
    }

    fn unexpected(&self, problem: String, field: Option<String>) -> Failure {
        let (request, status) = (self.request.clone(), self.status);
        let response = UnexpectedResponse { request, status, problem, field };
        Failure::new(Error::UnexpectedResponse(Box::new(response)), Kind::Lost, self.began)
    }
}

/// What the API says when it refuses. All four fields belong to it: an answer without them is a proxy's. Only
/// a server that doesn't know the route may leave out the id.
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

/// Tells an answer from a failure. `secrets` are crossed out wherever the answer repeats them.
pub(super) fn judge(
    request: &Request,
    began: Instant,
    raw: Raw,
    secrets: &[&SecretString],
) -> Result<Response, Failure> {
    let Raw { status, headers, body } = raw;
    if (200..300).contains(&status) && serde_json::from_slice::<IgnoredAny>(&body).is_ok() {
        let (secret, secrets) = (request.secret_answer, secrets.iter().copied().cloned().collect());
        return Ok(Response { request: request.name(), status, began, secret, secrets, gone: false, body });
    }
    let (error, kind) = if (300..400).contains(&status) {
        (redirected(request, status, &headers), Kind::Final)
    } else if let Some(refusal) = refusal(request, status, &body, secrets) {
        let kind = kind_of(&refusal);
        (Error::Refused(Box::new(refusal)), kind)
    } else {
        (foreign(request, status, &headers, &body, secrets), kind_of_foreign(status, &body))
    };
    Err(Failure { asked: asked_wait(&headers, status), date: date(&headers), ..Failure::new(error, kind, began) })
}

/// Puts the lack of an answer into words.
pub(super) fn judge_broken(request: &Request, began: Instant, broken: Broken) -> Failure {
    let unreachable = |cause| Error::Unreachable { request: request.name(), cause };
    let (error, kind) = match broken {
        Broken::Unsent { cause, lasting } => (unreachable(cause), if lasting { Kind::Final } else { Kind::Unsent }),
        Broken::Lost { cause } => (unreachable(cause), Kind::Lost),
        Broken::TooLarge { status } => {
            let problem = format!("and more than {} MiB", BODY_LIMIT / 1024 / 1024);
            // A create that is answered so may have done its work; reading it again would be no use.
            let kind = if request.writes() { Kind::Lost } else { Kind::Final };
            (unexpected(request, status, problem), kind)
        }
        Broken::Setup(error) => (error, Kind::Final),
    };
    Failure::new(error, kind, began)
}

fn kind_of(refusal: &Refusal) -> Kind {
    match refusal.kind {
        RefusalKind::RateLimited => Kind::RateLimited,
        RefusalKind::TokenRejected => Kind::Token,
        // Whatever the status: it may have been stored, and what was issued is not known.
        RefusalKind::GenerationFailed => Kind::Broke,
        RefusalKind::KeyRefused | RefusalKind::InProgress => Kind::Final,
        _ if is_transient(refusal.status) || refusal.status >= 500 => Kind::Broke,
        _ => Kind::Final,
    }
}

/// A page may come from a proxy whose server is just being replaced, whatever its status; JSON in another
/// form than the API's comes from a server that means it.
fn kind_of_foreign(status: u16, body: &[u8]) -> Kind {
    let is_json = serde_json::from_slice::<IgnoredAny>(body).is_ok();
    match status {
        429 => Kind::RateLimited,
        401 => Kind::Token,
        status if is_transient(status) || status >= 500 => Kind::Lost,
        200..300 | 404 if !is_json => Kind::Lost,
        _ => Kind::Final,
    }
}

fn refusal(request: &Request, status: u16, body: &[u8], secrets: &[&SecretString]) -> Option<Refusal> {
    let refused: Refused = serde_json::from_slice(body).ok()?;
    if refused.status_code != status || status < 400 {
        return None;
    }
    let shown = |text: &str| quotable(text, secrets.iter().copied());
    let mut issues = Vec::new();
    let message = match refused.message {
        Message::Text(text) => shown(&text),
        Message::Issues(raw) => {
            issues.extend(raw.iter().map(|issue| Issue {
                path: issue.path.iter().map(|part| part.as_str().map_or_else(|| part.to_string(), &shown)).collect(),
                message: shown(&issue.message),
            }));
            issues.iter().map(in_one_line).collect::<Vec<_>>().join("; ")
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
        (Some(host), _) => format!("a redirect to {host}, which isn't followed"),
        (None, Some(_)) => "a redirect to another path, which isn't followed".to_owned(),
        (None, None) => "a redirect to nowhere".to_owned(),
    };
    unexpected(request, status, problem)
}

fn foreign(request: &Request, status: u16, headers: &HeaderMap, body: &[u8], secrets: &[&SecretString]) -> Error {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("no content type");
    let kind = quotable(kind, secrets.iter().copied());
    let text = String::from_utf8_lossy(body.get(..4096).unwrap_or(body));
    let line = quotable(text.trim_start().lines().next().unwrap_or_default(), secrets.iter().copied());
    let line: String = line.chars().take(FIRST_LINE_CHARS).collect();
    let problem = match (request.secret_answer, line.is_empty()) {
        (true, _) => format!("{kind}, in a form that isn't the API's"),
        (false, true) => format!("{kind}, and nothing in it"),
        (false, false) => format!("{kind}, in a form that isn't the API's: {line}"),
    };
    unexpected(request, status, problem)
}

fn unexpected(request: &Request, status: u16, problem: String) -> Error {
    let response = UnexpectedResponse { request: request.name(), status, problem, field: None };
    Error::UnexpectedResponse(Box::new(response))
}

/// The parser's words without " at line 1 column 80", which tells nobody anything.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
