//! A request to the API, and whether it may be repeated when it fails.
//!
//! | operation | repeated after | then |
//! | --- | --- | --- |
//! | login | any transient failure | all callers who waited share the result |
//! | every `GET` | any transient failure | |
//! | update | any transient failure; after a lost response, the object is read first | a change that has been made counts as success |
//! | delete | any transient failure | a 404 of a repeated request means that an earlier attempt succeeded |
//! | create | only a failure that proves that the server did nothing | otherwise the object is looked up (`create.rs`) |
//! | rotate | only a failure that proves that the server did nothing | otherwise the rotation is read (`rotate.rs`) |
//!
//! A failure is transient when no connection was made, no complete response came, the response was a proxy's page, or
//! the status is 408, 429, 500, 502, 503 or 504. It proves that the server did nothing when no connection was made or
//! the status is 429. Any request is sent once more with a new token after a 401 or a `TokenError`, since the server
//! does nothing without a valid token.

use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use secrecy::SecretString;
use serde::Serialize;

use super::error::Error;
use super::operation::{Operation, Subject};
use super::secret;

/// How long one attempt may take, including the response.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The same for requests for which the server calls `OpenRouter`.
pub(super) const SLOW_TIMEOUT: Duration = Duration::from_secs(60);

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

const LOGIN_BASE: &str = "/api/v1/auth";

/// When a failed request may be repeated, by the table above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// After any transient failure.
    Freely,
    /// The same, but with two attempts at most, since there is another way to get the result.
    Briefly,
    /// After any transient failure except a lost response, which the caller examines first.
    UnlessLost,
    /// After any transient failure; the object may then be missing, since an earlier attempt may have deleted it.
    UntilGone,
    /// Only when the server provably did nothing.
    OnlyUnsent,
}

/// A request, which may be sent several times.
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
    /// Whether the response contains a secret, so that no part of it may be shown.
    pub(super) secret_response: bool,
    /// The secrets in the body, which must not be shown even if a response repeats them.
    pub(super) secrets: Vec<SecretString>,
}

/// What a rate limit of the API applies to: a route with its method. Each login has a route of its own.
pub(super) type Route = (&'static str, Operation, Option<String>);

impl Request {
    /// A request whose path consists of these segments below `base`, each percent-encoded.
    pub(super) fn new(operation: Operation, subject: Subject, base: &'static str, segments: &[&str]) -> Self {
        let mut path = base.to_owned();
        for segment in segments {
            path.push('/');
            // Every URL parser resolves the segments `.` and `..`, even if they are encoded once.
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
        let secret_response = matches!(operation, Operation::Login | Operation::Credentials);
        let (query, body, timeout, secrets) = (Vec::new(), None, TIMEOUT, Vec::new());
        Self { operation, subject, base, method, path, query, body, timeout, repeat, secret_response, secrets }
    }

    /// A login: without a token, with a secret response, and safe to repeat.
    pub(super) fn login(method: &str) -> Self {
        Self::new(Operation::Login, Subject::Login, LOGIN_BASE, &[method, "login"])
    }

    /// Adds a query parameter.
    pub(super) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Sets the body, as JSON.
    pub(super) fn json(self, value: &impl Serialize) -> Result<Self, Error> {
        Ok(Self { body: Some(secret::body(value)?), ..self })
    }

    /// Sets the secrets in the body.
    pub(super) fn hiding(self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        Self { secrets: secrets.into_iter().collect(), ..self }
    }

    /// Allows more time, since the server calls `OpenRouter`.
    pub(super) fn slow(self) -> Self {
        Self { timeout: SLOW_TIMEOUT, ..self }
    }

    /// Limits the attempts to two.
    pub(super) fn briefly(self) -> Self {
        Self { repeat: Repeat::Briefly, ..self }
    }

    /// The method and path, as errors and logs name the request.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// What its rate limit applies to.
    pub(super) fn route(&self) -> Route {
        let login = (self.operation == Operation::Login).then(|| self.path.clone());
        (self.base, self.operation, login)
    }

    /// Whether it may change something on the server, so that it must not be abandoned once it is sent.
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
    fn ok_a_rate_limit_applies_to_a_route_whatever_the_id_and_to_each_login_separately() {
        assert_eq!(get(&["a"]).route(), get(&["b"]).route());
        assert_ne!(get(&["a"]).route(), Request::new(Operation::Delete, Subject::Rotation, "/base", &["a"]).route());
        assert_ne!(Request::login("oidc-auth").route(), Request::login("aws-auth").route());
    }
}
