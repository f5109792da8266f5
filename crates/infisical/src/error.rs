//! What can go wrong with a call, in words that hold no advice and no secret.

use std::fmt;
use std::time::Duration;

use super::aws_credentials::AwsCredentialsError;
use super::baseline::Baseline;
use super::refusal::{Issue, Refusal, RefusalKind};

/// Why a call didn't give what was asked for.
///
/// Cheap to clone, since one failed login or list is shared by every caller who waited for it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The API itself said no, in its own JSON form.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// No complete answer came: no connection, no TLS, a time-out, or an answer cut off.
    #[error("{request} got no answer: {cause}.")]
    Unreachable {
        /// Method and path.
        request: String,
        /// The chain of causes, in words.
        cause: String,
    },
    /// Something answered that can't be understood as the API's answer.
    #[error("{0}")]
    UnexpectedResponse(Box<UnexpectedResponse>),
    /// The login failed, so the request was never sent.
    #[error("The login failed. {0}")]
    Login(Box<Error>),
    /// The client was told to stop.
    #[error("{request} was stopped before it {}", stopped_before(*.sent, .after.as_deref()))]
    Stopped {
        /// Method and path.
        request: String,
        /// Whether it was sent, once at least.
        sent: bool,
        /// How the last attempt failed, if one did.
        after: Option<Box<Error>>,
    },
    /// An object of that name already exists, and it isn't the one that the call asked for.
    #[error("{0}")]
    AlreadyExists(Box<AlreadyExists>),
    /// Whether the request did its work isn't known: no usable answer came, and its result wasn't found.
    #[error("{0}")]
    OutcomeUnknown(Box<OutcomeUnknown>),
    /// The server failed, and nothing came of the request as far as can be seen. But a key may have been issued
    /// that no object knows.
    #[error("{0}")]
    MaybeIssued(Box<MaybeIssued>),
    /// There are no AWS credentials to log in with; nothing was sent to the API.
    #[error("{0}")]
    AwsCredentials(Box<AwsCredentialsError>),
    /// A rotation of the key was in progress, and was waited for in vain.
    #[error("{request}: a rotation of the key is in progress, and did not end within {} s.", waited.as_secs())]
    StillRotating {
        /// Method and path of what waited.
        request: String,
        /// How long it waited.
        waited: Duration,
    },
    /// The settings can't be used; nothing was sent.
    #[error("{reason}")]
    Setup {
        /// Which setting, and what is wrong with it.
        reason: String,
    },
}

fn stopped_before(sent: bool, after: Option<&Error>) -> String {
    match (after, sent) {
        (Some(after), _) => format!("could be repeated. {after}"),
        (None, true) => "was answered.".to_owned(),
        (None, false) => "was sent.".to_owned(),
    }
}

/// An answer that isn't the API's.
#[derive(Debug, Clone)]
pub struct UnexpectedResponse {
    pub(super) request: String,
    pub(super) status: u16,
    pub(super) problem: String,
    pub(super) field: Option<String>,
}

/// The object that stands where another was to be created.
#[derive(Debug, Clone)]
pub struct AlreadyExists {
    pub(super) request: String,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) reason: ConflictReason,
    pub(super) key_name: Option<String>,
    pub(super) request_id: Option<String>,
}

/// Why the object found isn't taken for the one asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictReason {
    /// It existed before the request, or the API says that the name is taken.
    Existed,
    /// It isn't what was asked for; the API's names of the fields that differ.
    Different(Vec<&'static str>),
    /// Another create of this client made it.
    MadeByAnother,
    /// Whether it existed before isn't known, since the identity may not look.
    Undetermined,
}

/// What is known when the outcome of a request isn't.
#[derive(Debug, Clone)]
pub struct OutcomeUnknown {
    pub(super) request: String,
    pub(super) cause: Error,
    pub(super) look_up: Option<Error>,
    pub(super) key_name: Option<String>,
    pub(super) baseline: Option<Baseline>,
}

/// What is known when a key may have been issued for nothing.
#[derive(Debug, Clone)]
pub struct MaybeIssued {
    pub(super) cause: Error,
    pub(super) key_name: Option<String>,
    pub(super) last_rotation_message: Option<String>,
}

impl Error {
    /// Method and path of the request, without its query; none for a setting that can't be used.
    pub fn request(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(&refusal.request),
            Self::UnexpectedResponse(response) => Some(&response.request),
            Self::AlreadyExists(found) => Some(&found.request),
            Self::OutcomeUnknown(unknown) => Some(&unknown.request),
            Self::Unreachable { request, .. } | Self::Stopped { request, .. } | Self::StillRotating { request, .. } => {
                Some(request)
            }
            Self::Login(cause) => cause.request(),
            Self::MaybeIssued(issued) => issued.cause.request(),
            Self::AwsCredentials(_) | Self::Setup { .. } => None,
        }
    }

    /// The HTTP status, where there was one. A failed login gives the login's.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::UnexpectedResponse(response) => Some(response.status),
            Self::Login(cause) => cause.status(),
            Self::OutcomeUnknown(unknown) => unknown.cause.status(),
            Self::MaybeIssued(issued) => issued.cause.status(),
            Self::Stopped { after, .. } => after.as_ref()?.status(),
            _ => self.refusal().map(Refusal::status),
        }
    }

    /// What the refusal is about, if the API refused; also that of a login, and of what led to another error.
    pub fn kind(&self) -> Option<RefusalKind> {
        self.refusal().map(Refusal::kind)
    }

    /// What the API said; for a 422 the issues joined, and empty if it gave none.
    pub fn message(&self) -> Option<&str> {
        self.refusal().map(Refusal::message)
    }

    /// The API's name for the refusal, such as `BadRequest` or `TokenError`.
    pub fn error_name(&self) -> Option<&str> {
        self.refusal().map(Refusal::error)
    }

    /// The fields that the API found fault with.
    pub fn issues(&self) -> &[Issue] {
        self.refusal().map_or(&[], Refusal::issues)
    }

    /// The id under which the API's operators find the request.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::AlreadyExists(found) => found.request_id.as_deref(),
            _ => self.refusal()?.request_id(),
        }
    }

    /// The field of the answer that couldn't be understood, as a path such as `secretRotation.parameters.limit`.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::UnexpectedResponse(response) => response.field.as_deref(),
            _ => None,
        }
    }

    /// Whether the API itself says that the object isn't there. A proxy's 404 page, a 404 for a route that
    /// the server doesn't have or for a project or connection, and a failed login never count.
    pub fn is_not_found(&self) -> bool {
        self.is_refused_as(RefusalKind::NotFound)
    }

    /// Whether this is the API's refusal of that kind, of this very request.
    pub fn is_refused_as(&self, kind: RefusalKind) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.kind == kind)
    }

    /// The refusal, also of a login, and of what led to another error.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Login(cause) => cause.refusal(),
            Self::OutcomeUnknown(unknown) => unknown.cause.refusal(),
            Self::MaybeIssued(issued) => issued.cause.refusal(),
            Self::Stopped { after, .. } => after.as_ref()?.refusal(),
            _ => None,
        }
    }
}

impl UnexpectedResponse {
    /// What came instead, as the end of a sentence.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl AlreadyExists {
    /// The id of the object that is there.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of a key that may be left at `OpenRouter`, since the request failed in another way than by the name.
    pub fn key_name(&self) -> Option<&str> {
        self.key_name.as_deref()
    }

    /// Why it isn't taken for the one asked for.
    pub fn reason(&self) -> &ConflictReason {
        &self.reason
    }
}

impl OutcomeUnknown {
    /// How the request failed.
    pub fn cause(&self) -> &Error {
        &self.cause
    }

    /// How looking for its result failed; none when it was looked for and not found.
    pub fn look_up(&self) -> Option<&Error> {
        self.look_up.as_ref()
    }

    /// The name of a key that may be left at `OpenRouter`.
    pub fn key_name(&self) -> Option<&str> {
        self.key_name.as_deref()
    }

    /// For a rotate: what was there before it, so that a later run can tell whether it happened.
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
    }
}

impl MaybeIssued {
    /// How the request failed.
    pub fn cause(&self) -> &Error {
        &self.cause
    }

    /// The name of the key that may be left at `OpenRouter`.
    pub fn key_name(&self) -> Option<&str> {
        self.key_name.as_deref()
    }

    /// For a rotate: what the rotation itself says about it.
    pub fn last_rotation_message(&self) -> Option<&str> {
        self.last_rotation_message.as_deref()
    }
}

impl fmt::Display for UnexpectedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was answered with status {}, {}.", self.request, self.status, self.problem)
    }
}

impl fmt::Display for AlreadyExists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} named \"{}\" already exists, with id {}", self.kind, self.name, self.id)?;
        match &self.reason {
            ConflictReason::Existed => write!(f, "."),
            ConflictReason::Different(fields) => write!(f, ": it differs in {}.", fields.join(", ")),
            ConflictReason::MadeByAnother => write!(f, ": another request of this run created it."),
            ConflictReason::Undetermined => write!(f, ": whether this request created it cannot be determined."),
        }
    }
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "It is not known whether {} did its work. {}", self.request, self.cause)?;
        match &self.look_up {
            Some(error) => write!(f, " Looking for its result failed: {error}"),
            None => write!(f, " Its result was looked for and not found."),
        }
    }
}

impl fmt::Display for MaybeIssued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} A key may have been issued all the same", self.cause)?;
        match &self.key_name {
            Some(name) => write!(f, "; it would be named \"{name}\"."),
            None => write!(f, "."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(message: &str) -> Refusal {
        Refusal {
            request: "GET /api/v2/things/1".to_owned(),
            status: 404,
            kind: RefusalKind::NotFound,
            message: message.to_owned(),
            error: "NotFound".to_owned(),
            issues: Vec::new(),
            request_id: Some("req-1".to_owned()),
        }
    }

    #[test]
    fn ok_a_refusal_says_request_status_message_and_request_id() {
        let error = Error::Refused(Box::new(refusal("No such thing.")));
        assert_eq!(
            error.to_string(),
            "GET /api/v2/things/1 was refused with status 404 (NotFound): No such thing. Request id req-1."
        );
        assert!(error.is_not_found());
    }

    #[test]
    fn err_a_login_that_found_nothing_is_not_a_missing_thing() {
        let error = Error::Login(Box::new(Error::Refused(Box::new(refusal("")))));
        assert!(!error.is_not_found(), "a login says nothing about a rotation");
        assert_eq!(error.status(), Some(404));
        assert_eq!(error.request_id(), Some("req-1"));
    }

    #[test]
    fn ok_a_stop_says_whether_anything_was_sent() {
        let request = || "PATCH /api/v2/things/1".to_owned();
        let unsent = Error::Stopped { request: request(), sent: false, after: None };
        assert_eq!(unsent.to_string(), "PATCH /api/v2/things/1 was stopped before it was sent.");
        let in_flight = Error::Stopped { request: request(), sent: true, after: None };
        assert_eq!(in_flight.to_string(), "PATCH /api/v2/things/1 was stopped before it was answered.");
        let after = Some(Box::new(Error::Refused(Box::new(refusal("")))));
        let repeated = Error::Stopped { request: request(), sent: true, after };
        let said = repeated.to_string();
        assert!(said.starts_with("PATCH /api/v2/things/1 was stopped before it could be repeated. GET"), "{said}");
        assert_eq!(repeated.status(), Some(404));
    }
}
