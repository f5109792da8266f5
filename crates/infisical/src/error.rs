//! What can go wrong with a call, in words that hold no advice and no secret.

use std::fmt;

/// Why a call didn't give what was asked for.
///
/// Cheap to clone, since one failed login or list is shared by every caller who waited for it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The API itself said no, in its own JSON form.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// No complete answer came: no connection, no TLS, a time-out, or an answer cut off.
    #[error("{call} got no answer: {cause}.")]
    Unreachable {
        /// Method and path.
        call: String,
        /// The chain of causes, in words.
        cause: String,
    },
    /// Something answered that can't be understood as the API's answer.
    #[error("{0}")]
    Unexpected(Box<Oddity>),
    /// The login failed, so the call was never made.
    #[error("The login failed. {0}")]
    Login(Box<Error>),
    /// The client was told to stop before the call could be made, or made again.
    #[error("{call} was stopped before it {}", .after.as_ref().map_or_else(|| "was sent.".to_owned(), |after| format!("could be repeated. {after}")))]
    Stopped {
        /// Method and path.
        call: String,
        /// How the last attempt failed, if there was one; what it did is then not known.
        after: Option<Box<Error>>,
    },
    /// A rotation of that name is there already, and it isn't the one that the call asked for.
    #[error("{0}")]
    Taken(Box<Taken>),
    /// Whether the call did its work isn't known: no answer came, and looking for its result failed too.
    #[error("It is not known whether {call} did its work. {cause} Looking for its result failed: {look_up}")]
    Unknown {
        /// Method and path.
        call: String,
        /// How the call failed.
        cause: Box<Error>,
        /// How the look-up failed.
        look_up: Box<Error>,
    },
    /// The settings can't be used; nothing was sent.
    #[error("{reason}")]
    Setup {
        /// Which setting, and what is wrong with it.
        reason: String,
    },
}

/// The API's own refusal.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub(super) call: String,
    pub(super) status: u16,
    pub(super) message: String,
    pub(super) error: String,
    pub(super) issues: Vec<Issue>,
    pub(super) request_id: Option<String>,
}

/// One field that the API found fault with (status 422).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The way to the field, outermost name first; list positions are numbers.
    pub path: Vec<String>,
    /// What the API says about it.
    pub message: String,
}

/// An answer that isn't the API's.
#[derive(Debug, Clone)]
pub struct Oddity {
    pub(super) call: String,
    pub(super) status: u16,
    pub(super) problem: String,
    pub(super) field: Option<String>,
    pub(super) request_id: Option<String>,
}

/// The rotation that stands where another was to be created.
#[derive(Debug, Clone)]
pub struct Taken {
    pub(super) call: String,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) because: Because,
    pub(super) request_id: Option<String>,
}

/// Why the rotation found isn't taken for the one asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// It was there when the first request arrived.
    Existed,
    /// It was created before the request, by the server's own clock.
    Older {
        /// As the API gave it (RFC 3339).
        created_at: String,
    },
    /// It isn't what was asked for; the API's names of the fields that differ.
    Different(Vec<&'static str>),
    /// When it was created, or what time it is at the server, isn't known.
    Undated,
}

impl Error {
    /// Method and path of the call, without its query; none for a setting that can't be used.
    pub fn call(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(&refusal.call),
            Self::Unexpected(oddity) => Some(&oddity.call),
            Self::Taken(taken) => Some(&taken.call),
            Self::Unreachable { call, .. } | Self::Stopped { call, .. } | Self::Unknown { call, .. } => Some(call),
            Self::Login(cause) => cause.call(),
            Self::Setup { .. } => None,
        }
    }

    /// The HTTP status, where there was one. A failed login gives the login's.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::Unexpected(oddity) => Some(oddity.status),
            Self::Login(cause) | Self::Unknown { cause, .. } => cause.status(),
            Self::Stopped { after, .. } => after.as_ref()?.status(),
            _ => None,
        }
    }

    /// What the API said; for a 422 the issues joined, and empty if it gave none.
    pub fn message(&self) -> Option<&str> {
        self.refusal().map(|refusal| refusal.message.as_str())
    }

    /// The API's name for the kind of refusal, such as `BadRequest` or `TokenError`.
    pub fn error_name(&self) -> Option<&str> {
        self.refusal().map(|refusal| refusal.error.as_str())
    }

    /// The fields that the API found fault with.
    pub fn issues(&self) -> &[Issue] {
        self.refusal().map_or(&[], |refusal| &refusal.issues)
    }

    /// The id under which the API's operators find the request.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Unexpected(oddity) => oddity.request_id.as_deref(),
            Self::Taken(taken) => taken.request_id.as_deref(),
            _ => self.refusal()?.request_id.as_deref(),
        }
    }

    /// The field of the answer that couldn't be understood, as a path such as `secretRotation.parameters.limit`.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Unexpected(oddity) => oddity.field.as_deref(),
            _ => None,
        }
    }

    /// Whether the API itself says that the thing isn't there. A proxy's 404 page, a 404 for a route
    /// that the server doesn't have, and a failed login never count.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 404)
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Login(cause) | Self::Unknown { cause, .. } => cause.refusal(),
            Self::Stopped { after, .. } => after.as_ref()?.refusal(),
            _ => None,
        }
    }
}

impl Taken {
    /// The id of the rotation that is there.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it isn't taken for the one asked for.
    pub fn because(&self) -> &Because {
        &self.because
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was refused with status {}", self.call, self.status)?;
        if !self.error.is_empty() {
            write!(f, " ({})", self.error)?;
        }
        if self.message.is_empty() {
            write!(f, ".")?;
        } else {
            write!(f, ": {}.", self.message.trim_end_matches('.'))?;
        }
        match &self.request_id {
            Some(id) => write!(f, " Request id {id}."),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was answered with status {}, {}.", self.call, self.status, self.problem)
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A rotation named \"{}\" is there already, with id {}", self.name, self.id)?;
        match &self.because {
            Because::Existed => write!(f, "."),
            Because::Older { created_at } => write!(f, ": it was created at {created_at}, before this request."),
            Because::Different(fields) => write!(f, ": it differs in {}.", fields.join(", ")),
            Because::Undated => write!(f, ": whether this request created it can't be told from its date."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(message: &str) -> Refusal {
        Refusal {
            call: "GET /api/v2/things/1".to_owned(),
            status: 404,
            message: message.to_owned(),
            error: "NotFound".to_owned(),
            issues: Vec::new(),
            request_id: Some("req-1".to_owned()),
        }
    }

    #[test]
    fn ok_a_refusal_says_call_status_message_and_request_id() {
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
        let call = "PATCH /api/v2/things/1".to_owned();
        let unsent = Error::Stopped { call: call.clone(), after: None };
        assert_eq!(unsent.to_string(), "PATCH /api/v2/things/1 was stopped before it was sent.");
        let sent = Error::Stopped { call, after: Some(Box::new(Error::Refused(Box::new(refusal(""))))) };
        let said = sent.to_string();
        assert!(said.starts_with("PATCH /api/v2/things/1 was stopped before it could be repeated. GET"), "{said}");
        assert_eq!(sent.status(), Some(404));
    }
}
