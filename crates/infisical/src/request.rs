//! One request to the API, and what may be done when it fails.
//!
//! | operation | sent again after | and then |
//! | --- | --- | --- |
//! | login | any transient failure | every caller who waited shares the outcome |
//! | every `GET` | any transient failure | |
//! | update | any transient failure, but looked at first when the answer got lost | a change that holds counts as made |
//! | delete | any transient failure | a 404 on repetition means that an earlier attempt did it |
//! | create | only a failure that proves that the server did nothing | otherwise looked for (`create.rs`) |
//! | rotate | only a failure that proves that the server did nothing | otherwise looked for (`rotate.rs`) |
//!
//! A failure is transient when no connection was made, no complete answer came, what came was a proxy's
//! page, or the status is 408, 429, 500, 502, 503 or 504. It proves that the server did nothing when no
//! connection was made or the status is 429. Whatever the request, it is sent once more with a new token
//! after a 401 or a `TokenError`, since nothing is done without a valid one.

use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use secrecy::SecretString;
use serde::Serialize;

use super::error::Error;
use super::operation::{Operation, Subject};
use super::secret;

/// How long one attempt may take, its answer included.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The same for the requests that make the server talk to `OpenRouter`.
pub(super) const SLOW_TIMEOUT: Duration = Duration::from_secs(60);

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

const LOGIN_BASE: &str = "/api/v1/auth";

/// When a failed request may be sent again, by the table above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// After any transient failure.
    Freely,
    /// The same, but only twice in all: something else serves in its place.
    Briefly,
    /// After any transient failure but a lost answer, which the caller looks into first.
    UnlessLost,
    /// After any transient failure, and what an earlier attempt may have removed may then be missing.
    UntilGone,
    /// Only when the server provably did nothing.
    OnlyUnsent,
}

/// One request, as often as it's sent.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) operation: Operation,
    pub(super) subject: Subject,
    base: &'static str,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Bytes>,
    pub(super) timeout: Duration,
    pub(super) repeat: Repeat,
    /// Whether its answer holds a secret, so that nothing of it may be shown.
    pub(super) secret_answer: bool,
    /// Secrets in its body, which an answer may repeat and nobody shall see.
    pub(super) secrets: Vec<SecretString>,
}

/// What the API's rate limits count by: a route with its method. Each login has a route of its own.
pub(super) type Route = (&'static str, Operation, Option<String>);

impl Request {
    /// A request on a path given by its segments below `base`, each of which is percent-encoded.
    pub(super) fn new(operation: Operation, subject: Subject, base: &'static str, segments: &[&str]) -> Self {
        let mut path = base.to_owned();
        for segment in segments {
            path.push('/');
            // A lone dot or two would be taken as "here" and "one up" by every URL parser, encoded or not.
            match *segment {
                "." | ".." => path.push_str(&segment.replace('.', "%252E")),
                other => path.extend(utf8_percent_encode(other, SEGMENT)),
            }
        }
        let (method, repeat) = match operation {
            Operation::Login => (Method::POST, Repeat::Freely),
            Operation::Create | Operation::Rotate => (Method::POST, Repeat::OnlyUnsent),
            Operation::Update => (Method::PATCH, Repeat::UnlessLost),
            Operation::Delete => (Method::DELETE, Repeat::UntilGone),
            Operation::Get | Operation::GetByName | Operation::List | Operation::Credentials => {
                (Method::GET, Repeat::Freely)
            }
        };
        let secret_answer = matches!(operation, Operation::Login | Operation::Credentials);
        let (query, body, timeout, secrets) = (Vec::new(), None, TIMEOUT, Vec::new());
        Self { operation, subject, base, method, path, query, body, timeout, repeat, secret_answer, secrets }
    }

    /// A login: no token, a secret answer, safe to repeat.
    pub(super) fn login(method: &str) -> Self {
        Self::new(Operation::Login, Subject::Login, LOGIN_BASE, &[method, "login"])
    }

    /// Adds a query parameter.
    pub(super) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Gives it a JSON body.
    pub(super) fn json(self, value: &impl Serialize) -> Result<Self, Error> {
        Ok(Self { body: Some(secret::body(value)?), ..self })
    }

    /// Names the secrets in its body.
    pub(super) fn hiding(self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        Self { secrets: secrets.into_iter().collect(), ..self }
    }

    /// Gives the server time to talk to `OpenRouter`.
    pub(super) fn slow(self) -> Self {
        Self { timeout: SLOW_TIMEOUT, ..self }
    }

    /// Lets it fail soon.
    pub(super) fn briefly(self) -> Self {
        Self { repeat: Repeat::Briefly, ..self }
    }

    /// Method and path, as errors and logs name it.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// What its rate limit is counted by.
    pub(super) fn route(&self) -> Route {
        let login = (self.operation == Operation::Login).then(|| self.path.clone());
        (self.base, self.operation, login)
    }

    /// Whether it may change something at the server, so that it must not be abandoned once it's sent.
    pub(super) fn writes(&self) -> bool {
        self.operation != Operation::Login && self.method != Method::GET
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(segments: &[&str]) -> Request {
        Request::new(Operation::Get, Subject::Rotation, "/base", segments)
    }

    #[test]
    fn ok_a_segment_cannot_leave_its_place_in_the_path() {
        for (segment, path) in
            [("a/b?c#d", "/base/a%2Fb%3Fc%23d"), ("..", "/base/%252E%252E"), ("my-key_1.x", "/base/my-key_1.x")]
        {
            assert_eq!(get(&[segment]).path, path);
        }
    }

    #[test]
    fn ok_only_requests_with_a_token_that_change_something_are_writes() {
        assert!(Request::new(Operation::Update, Subject::Rotation, "/base", &[]).writes());
        assert!(!get(&[]).writes());
        assert!(!Request::login("universal-auth").writes());
    }

    #[test]
    fn ok_a_rate_limit_counts_a_route_whatever_the_id_and_each_login_apart() {
        assert_eq!(get(&["a"]).route(), get(&["b"]).route());
        assert_ne!(get(&["a"]).route(), Request::new(Operation::Delete, Subject::Rotation, "/base", &["a"]).route());
        assert_ne!(Request::login("oidc-auth").route(), Request::login("aws-auth").route());
    }
}
