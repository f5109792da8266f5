//! One request to the API, and what may be done when it fails.
//!
//! | call | sent again after | and then |
//! | --- | --- | --- |
//! | login | any transient failure | every caller who waited shares the outcome |
//! | every `GET` | any transient failure | |
//! | `PATCH` | any transient failure | it sets values, so twice is as good as once |
//! | `DELETE` | any transient failure | a 404 on repetition means that an earlier attempt did it |
//! | create | only a failure that proves that the server didn't act | otherwise looked up by name first (`recover.rs`) |
//! | `rotate-secrets` | only a failure that proves that the server didn't act | otherwise judged by `lastRotatedAt` first (`recover.rs`) |
//!
//! A failure is transient when no connection was made, no complete answer came, what came was a proxy's
//! page, or the status is 408, 429, 500, 502, 503 or 504. It proves that the server didn't act when no
//! connection was made or the status is 429. Whatever the call, it is sent once more with a new token
//! after a 401 or a `TokenError`, since nothing is done without a valid one.

use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use secrecy::SecretString;
use serde::Serialize;

use super::error::Error;
use super::secret;

/// How long one attempt may take, its answer included.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The same for the calls that make the server talk to `OpenRouter`.
pub(super) const SLOW_TIMEOUT: Duration = Duration::from_secs(60);

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// When a failed call may be sent again, by the table above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// After any transient failure.
    Freely,
    /// The same, and what an earlier attempt may have removed may then be missing.
    UntilGone,
    /// Only when the server provably didn't act.
    OnlyUnsent,
}

/// One request, as often as it's sent.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Bytes>,
    pub(super) timeout: Duration,
    pub(super) repeat: Repeat,
    /// Whether it goes out with the access token; a login doesn't.
    pub(super) bearer: bool,
    /// Whether its answer holds a secret, so that nothing of it may be shown.
    pub(super) secret_answer: bool,
    /// The secrets in its body, which must not be shown even where an answer repeats them.
    pub(super) secrets: Vec<SecretString>,
}

impl Call {
    /// A call on a path given by its segments, each of which is percent-encoded.
    pub(super) fn new(method: Method, base: &str, segments: &[&str]) -> Self {
        let mut path = base.to_owned();
        for segment in segments {
            path.push('/');
            // A lone dot or two would be taken as "here" and "one up" by every URL parser, encoded or not.
            match *segment {
                "." | ".." => path.push_str(&segment.replace('.', "%252E")),
                other => path.extend(utf8_percent_encode(other, SEGMENT)),
            }
        }
        let repeat = match method {
            Method::POST => Repeat::OnlyUnsent,
            Method::DELETE => Repeat::UntilGone,
            _ => Repeat::Freely,
        };
        Self {
            method,
            path,
            query: Vec::new(),
            body: None,
            timeout: TIMEOUT,
            repeat,
            bearer: true,
            secret_answer: false,
            secrets: Vec::new(),
        }
    }

    /// A login: no token, a secret answer, safe to repeat.
    pub(super) fn login(method: &str) -> Self {
        let call = Self::new(Method::POST, "/api/v1/auth", &[method, "login"]);
        Self { repeat: Repeat::Freely, bearer: false, secret_answer: true, ..call }
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

    /// Gives the server time to talk to `OpenRouter`.
    pub(super) fn slow(self) -> Self {
        Self { timeout: SLOW_TIMEOUT, ..self }
    }

    /// Says that the answer holds a secret.
    pub(super) fn secret(self) -> Self {
        Self { secret_answer: true, ..self }
    }

    /// Says which secrets its body holds.
    pub(super) fn hiding(self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        Self { secrets: secrets.into_iter().collect(), ..self }
    }

    /// Method and path, as errors and logs name it.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it may change something at the server, so that it must not be abandoned once it's sent.
    pub(super) fn writes(&self) -> bool {
        self.bearer && self.method != Method::GET
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_segment_cannot_leave_its_place_in_the_path() {
        for (segment, path) in
            [("a/b?c#d", "/base/a%2Fb%3Fc%23d"), ("..", "/base/%252E%252E"), ("my-key_1.x", "/base/my-key_1.x")]
        {
            assert_eq!(Call::new(Method::GET, "/base", &[segment]).path, path);
        }
    }

    #[test]
    fn ok_only_calls_with_a_token_that_change_something_are_writes() {
        assert!(Call::new(Method::PATCH, "/base", &[]).writes());
        assert!(!Call::new(Method::GET, "/base", &[]).writes());
        assert!(!Call::login("universal-auth").writes());
    }
}
