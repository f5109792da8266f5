//! Judging what came back: the API's answer, its refusal, or something else altogether.

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

use super::call::Call;
use super::error::{Error, Issue, Oddity, Refusal};
use super::retry::{Failure, Kind, asked_wait, is_transient};
use super::secret::quotable;
use super::wire::{BODY_LIMIT, Broken, Raw};

/// How much of an answer's first line is shown, in characters.
const FIRST_LINE_CHARS: usize = 120;

/// A 2xx answer that is JSON, of whatever shape.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) call: String,
    pub(super) status: u16,
    /// When the attempt that it answers began.
    pub(super) began: Instant,
    secret: bool,
    /// What must not be shown, even where the answer repeats it.
    secrets: Vec<SecretString>,
    /// The thing to delete was gone when the call was repeated.
    gone: bool,
    body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// The answer to a repeated `DELETE` that found nothing left to delete.
    pub(super) fn gone(call: &Call, began: Instant) -> Self {
        let (secrets, body) = (Vec::new(), Zeroizing::default());
        Self { call: call.name(), status: 404, began, secret: false, secrets, gone: true, body }
    }

    /// Whether the API says that what was to be deleted is gone already.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    /// For an answer about another rotation than the one that the call names. What became of ours is then not known.
    pub(super) fn about_another(&self) -> Failure {
        let problem = "and it's about another rotation than the one asked for".to_owned();
        let (call, field) = (self.call.clone(), Some("secretRotation.id".to_owned()));
        let oddity = Oddity { call, status: self.status, problem, field, request_id: None };
        Failure { error: Error::Unexpected(Box::new(oddity)), kind: Kind::Lost, began: self.began, asked: None }
    }

    /// The answer as a value of ours. Fields that we don't know are passed over.
    ///
    /// # Errors
    ///
    /// [`Error::Unexpected`], which names the field, when the shape is wrong. For a call that acts only
    /// once this leaves open what it did, so it counts as [`Kind::Lost`].
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let mut json = serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let field = Some(error.path().to_string()).filter(|path| path != ".");
            let place = field.as_ref().map_or_else(|| "the answer".to_owned(), |field| format!("`{field}`"));
            // What the parser says may quote the value, which isn't for everyone to see in every call.
            let problem = match self.secret {
                true => format!("and {place} isn't what the API documents"),
                false => {
                    let why = quotable(&without_position(error.inner()), &self.secrets);
                    format!("and {place} isn't what the API documents: {why}")
                }
            };
            let oddity = Oddity { call: self.call.clone(), status: self.status, problem, field, request_id: None };
            let error = Error::Unexpected(Box::new(oddity));
            Failure { error, kind: Kind::Lost, began: self.began, asked: None }
        })
    }
}

/// What the API says when it refuses. All four fields belong to it: an answer without them is a proxy's,
/// or that of a server which doesn't know the route.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    req_id: String,
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
pub(super) fn judge(call: &Call, began: Instant, raw: Raw, secrets: &[&SecretString]) -> Result<Answer, Failure> {
    let Raw { status, headers, body } = raw;
    if (200..300).contains(&status) && serde_json::from_slice::<IgnoredAny>(&body).is_ok() {
        let (secret, secrets) = (call.secret_answer, secrets.iter().copied().cloned().collect());
        return Ok(Answer { call: call.name(), status, began, secret, secrets, gone: false, body });
    }
    let asked = asked_wait(&headers, status);
    let (error, kind) = if (300..400).contains(&status) {
        (redirected(call, status, &headers), Kind::Final)
    } else if let Some(refusal) = refusal(call, status, &body, secrets) {
        let kind = kind_of(&refusal);
        (Error::Refused(Box::new(refusal)), kind)
    } else {
        (foreign(call, status, &headers, &body, secrets), kind_of_foreign(status, &body))
    };
    Err(Failure { error, kind, began, asked })
}

/// Puts the lack of an answer into words.
pub(super) fn judge_broken(call: &Call, began: Instant, broken: Broken) -> Failure {
    let unreachable = |cause| Error::Unreachable { call: call.name(), cause };
    let (error, kind) = match broken {
        Broken::Unsent { cause, lasting } => (unreachable(cause), if lasting { Kind::Final } else { Kind::Unsent }),
        Broken::Lost { cause } => (unreachable(cause), Kind::Lost),
        Broken::TooLarge { status } => {
            let problem = format!("and more than {} MiB", BODY_LIMIT / 1024 / 1024);
            // A create that is answered so may have done its work; reading it again would be no use.
            let kind = if call.writes() { Kind::Lost } else { Kind::Final };
            (odd(call, status, problem), kind)
        }
        Broken::Setup(error) => (error, Kind::Final),
    };
    Failure { error, kind, began, asked: None }
}

fn kind_of(refusal: &Refusal) -> Kind {
    match refusal.status {
        429 => Kind::RateLimited,
        401 => Kind::Token,
        403 if refusal.error == "TokenError" => Kind::Token,
        status if is_transient(status) => Kind::Broke,
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

fn refusal(call: &Call, status: u16, body: &[u8], secrets: &[&SecretString]) -> Option<Refusal> {
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
    let request_id = Some(shown(&refused.req_id)).filter(|id| !id.is_empty());
    Some(Refusal { call: call.name(), status, message, error: shown(&refused.error), issues, request_id })
}

fn in_one_line(issue: &Issue) -> String {
    match issue.path.is_empty() {
        true => issue.message.clone(),
        false => format!("{}: {}", issue.path.join("."), issue.message),
    }
}

fn redirected(call: &Call, status: u16, headers: &HeaderMap) -> Error {
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
    odd(call, status, problem)
}

fn foreign(call: &Call, status: u16, headers: &HeaderMap, body: &[u8], secrets: &[&SecretString]) -> Error {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("no content type");
    let kind = quotable(kind, secrets.iter().copied());
    let text = String::from_utf8_lossy(body.get(..4096).unwrap_or(body));
    let line = quotable(text.trim_start().lines().next().unwrap_or_default(), secrets.iter().copied());
    let line: String = line.chars().take(FIRST_LINE_CHARS).collect();
    let problem = match (call.secret_answer, line.is_empty()) {
        (true, _) => format!("{kind}, in a form that isn't the API's"),
        (false, true) => format!("{kind}, and nothing in it"),
        (false, false) => format!("{kind}, in a form that isn't the API's: {line}"),
    };
    odd(call, status, problem)
}

fn odd(call: &Call, status: u16, problem: String) -> Error {
    Error::Unexpected(Box::new(Oddity { call: call.name(), status, problem, field: None, request_id: None }))
}

/// The parser's words without " at line 1 column 80", which tells nobody anything.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
