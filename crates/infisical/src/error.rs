//! The errors of calls. Their messages contain no advice and no secrets.

use std::fmt;
use std::time::Duration;

use super::aws_credentials::AwsCredentialsError;
use super::baseline::Baseline;
use super::refusal::{Issue, Refusal};
use super::refusal_kind::RefusalKind;

/// Why a call failed.
///
/// Cheap to clone, since all callers who waited for a login or a list share its error.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The API itself refused the request, in its own JSON format.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// No complete response came: no connection, no TLS, a time-out, or a response that was cut off.
    #[error("{request} got no response: {cause}.")]
    Unreachable {
        /// Method and path.
        request: String,
        /// The chain of causes, as text.
        cause: String,
    },
    /// A response that is not one of the API's.
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
        /// Whether it was sent at least once.
        sent: bool,
        /// How the last attempt failed, if one did.
        after: Option<Box<Error>>,
    },
    /// An object of that name already exists, and it is not the one that the call created.
    #[error("{0}")]
    AlreadyExists(Box<AlreadyExists>),
    /// The outcome of the request is not known: no usable response came, and its result was not found.
    #[error("{0}")]
    OutcomeUnknown(Box<OutcomeUnknown>),
    /// The server failed, and the request has no visible result. But keys may have been issued that no object refers
    /// to: the server asks OpenRouter up to four times.
    #[error("{0}")]
    MaybeIssued(Box<MaybeIssued>),
    /// Another rotation of the key is in progress and did not end in time, so this one was refused.
    #[error("{refusal}")]
    RotationInProgress {
        /// The refusal of the request to rotate.
        refusal: Box<Refusal>,
        /// The state before it, so that a later run can tell whether the other rotation replaced the key.
        baseline: Box<Baseline>,
    },
    /// There are no AWS credentials to log in with; nothing was sent to the API.
    #[error("{0}")]
    AwsCredentials(Box<AwsCredentialsError>),
    /// The keys in the responses are from before the last rotation of the key that this client has seen.
    #[error("{request}: after {} s, the answers are still from before the last rotation of the key.", waited.as_secs())]
    StaleKeys {
        /// Method and path of the request for the keys.
        request: String,
        /// How long it was repeated.
        waited: Duration,
    },
    /// The settings cannot be used; nothing was sent.
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

/// A response that is not one of the API's.
#[derive(Debug, Clone)]
pub struct UnexpectedResponse {
    pub(super) request: String,
    pub(super) status: u16,
    pub(super) problem: String,
    pub(super) field: Option<String>,
}

/// The object that already exists where another one was to be created.
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

/// Why an object that was found is not taken for the one that was requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictReason {
    /// It existed before the request, or the API says that the name is taken.
    Existed,
    /// It differs from what was requested, in these fields of the API.
    Different(Vec<&'static str>),
    /// Another call of this client created it.
    MadeByAnother,
    /// Another client created it at about the same time.
    AtTheSameTime,
    /// It is not known whether it existed before, since the identity may not read.
    Undetermined,
}

/// A request whose outcome is not known.
#[derive(Debug, Clone)]
pub struct OutcomeUnknown {
    pub(super) request: String,
    pub(super) cause: Error,
    pub(super) look_up: Option<Error>,
    pub(super) key_name: Option<String>,
    pub(super) baseline: Option<Baseline>,
}

/// A failed request that may have issued a key.
#[derive(Debug, Clone)]
pub struct MaybeIssued {
    pub(super) cause: Error,
    pub(super) key_name: Option<String>,
    pub(super) last_rotation_message: Option<String>,
    pub(super) of_a_rotate: bool,
}

impl Error {
    /// The method and path of the request, without its query; `None` for settings that cannot be used.
    pub fn request(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) | Self::RotationInProgress { refusal, .. } => Some(&refusal.request),
            Self::UnexpectedResponse(response) => Some(&response.request),
            Self::AlreadyExists(found) => Some(&found.request),
            Self::OutcomeUnknown(unknown) => Some(&unknown.request),
            Self::Unreachable { request, .. } | Self::Stopped { request, .. } | Self::StaleKeys { request, .. } => {
                Some(request)
            }
            Self::Login(cause) => cause.request(),
            Self::MaybeIssued(issued) => issued.cause.request(),
            Self::AwsCredentials(_) | Self::Setup { .. } => None,
        }
    }

    /// The HTTP status, if there was a response; for a failed login, that of the login.
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

    /// The kind of refusal, if the API refused; also that of a login, and of the cause of another error.
    pub fn kind(&self) -> Option<RefusalKind> {
        self.refusal().map(Refusal::kind)
    }

    /// The API's message; for a 422, its issues, joined. Empty if the API gave none.
    pub fn message(&self) -> Option<&str> {
        self.refusal().map(Refusal::message)
    }

    /// The API's name for the error, such as `BadRequest` or `TokenError`.
    pub fn error_name(&self) -> Option<&str> {
        self.refusal().map(Refusal::error)
    }

    /// The fields that the API rejected.
    pub fn issues(&self) -> &[Issue] {
        self.refusal().map_or(&[], Refusal::issues)
    }

    /// The request id, by which the API's operators find the request in their logs.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::AlreadyExists(found) => found.request_id.as_deref(),
            _ => self.refusal()?.request_id(),
        }
    }

    /// The name of a key that may be left at `OpenRouter`.
    pub fn key_name(&self) -> Option<&str> {
        match self {
            Self::AlreadyExists(found) => found.key_name.as_deref(),
            Self::OutcomeUnknown(unknown) => unknown.key_name.as_deref(),
            Self::MaybeIssued(issued) => issued.key_name.as_deref(),
            _ => None,
        }
    }

    /// For a rotation of the key that may have happened or may still happen: the state before it.
    pub fn baseline(&self) -> Option<&Baseline> {
        match self {
            Self::OutcomeUnknown(unknown) => unknown.baseline(),
            Self::RotationInProgress { baseline, .. } => Some(baseline),
            _ => None,
        }
    }

    /// The field of the response that was not as expected, as a path such as `secretRotation.parameters.limit`.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::UnexpectedResponse(response) => response.field.as_deref(),
            _ => None,
        }
    }

    /// Whether the API itself says that the object does not exist. A proxy's 404 page, a 404 for an unknown route,
    /// project or connection, and a failed login do not count.
    pub fn is_not_found(&self) -> bool {
        self.is_refused_as(RefusalKind::NotFound)
    }

    /// Whether the API refused this very request with a refusal of that kind.
    pub fn is_refused_as(&self, kind: RefusalKind) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.kind == kind)
    }

    /// The refusal; also that of a login, and of the cause of another error.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) | Self::RotationInProgress { refusal, .. } => Some(refusal),
            Self::Login(cause) => cause.refusal(),
            Self::OutcomeUnknown(unknown) => unknown.cause.refusal(),
            Self::MaybeIssued(issued) => issued.cause.refusal(),
            Self::Stopped { after, .. } => after.as_ref()?.refusal(),
            _ => None,
        }
    }
}

impl UnexpectedResponse {
    /// What the response was instead, as the end of a sentence.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl AlreadyExists {
    /// The id of the existing object.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it is not taken for the one that was requested.
    pub fn reason(&self) -> &ConflictReason {
        &self.reason
    }
}

impl OutcomeUnknown {
    /// How the request failed.
    pub fn cause(&self) -> &Error {
        &self.cause
    }

    /// The error of the lookup; `None` when its result was looked up and not found.
    pub fn look_up(&self) -> Option<&Error> {
        self.look_up.as_ref()
    }

    /// For a rotation of the key: the state before it, so that a later run can tell whether it happened.
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
    }
}

impl MaybeIssued {
    /// How the request failed.
    pub fn cause(&self) -> &Error {
        &self.cause
    }

    /// Whether the request was to replace the key of a rotation that exists.
    pub fn is_of_a_rotate(&self) -> bool {
        self.of_a_rotate
    }

    /// For a rotation of the key: the message about it in the rotation itself.
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
            ConflictReason::AtTheSameTime => write!(f, ": another client created it at about the same time."),
            ConflictReason::MadeByAnother => write!(f, ": another request of this run created it."),
            ConflictReason::Undetermined => write!(f, ": whether this request created it cannot be determined."),
        }
    }
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The outcome of {} is not known. {}", self.request, self.cause)?;
        match &self.look_up {
            Some(error) => write!(f, " Looking up its result failed: {error}"),
            None => write!(f, " Its result was not found."),
        }
    }
}

impl fmt::Display for MaybeIssued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Keys may have been issued nevertheless", self.cause)?;
        match &self.key_name {
            Some(name) => write!(f, "; they would be named \"{name}\"."),
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
    fn err_a_404_of_a_login_does_not_mean_that_the_object_is_missing() {
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
