//! The API's refusals, and the one place that tells the kinds of refusals apart.
//!
//! The kind follows from the operation, the status, the API's own name of the error, and the beginnings of the server's
//! messages. What a message quotes (names, paths, texts of another service) never decides: quoted parts are removed
//! before a message is searched, and OpenRouter's own text comes last in it.

use std::fmt;

use super::issuing;
use super::operation::{Operation, Subject};
use super::refusal_kind::RefusalKind;

/// The API's own refusal.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub(super) request: String,
    pub(super) status: u16,
    pub(super) kind: RefusalKind,
    pub(super) message: String,
    pub(super) error: String,
    pub(super) issues: Vec<Issue>,
    pub(super) request_id: Option<String>,
}

/// A field that the API rejected (status 422).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The path of the field, outermost name first; list positions are numbers.
    pub path: Vec<String>,
    /// What the API says about it.
    pub message: String,
}

/// The beginning of the server's messages about all failures while a key is issued.
const GENERATION: &str = "Infisical encountered an issue while generating credentials";

/// The whole text before the cause in such a message.
const GENERATION_CAUSE: &str =
    "Infisical encountered an issue while generating credentials with the configured inputs:";

/// The beginning of the cause when there is no new key.
const NOT_CREATED: &str = "Failed to create OpenRouter API key";

impl Refusal {
    /// The method and path of the request, without its query.
    pub fn request(&self) -> &str {
        &self.request
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The kind of the refusal.
    pub fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// The API's message; for a 422, its issues, joined. Empty if the API gave none.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The message without the text that the server puts before the cause of a failure to issue a key.
    pub fn cause(&self) -> &str {
        without_preface(&self.message)
    }

    /// The API's name for the error, such as `BadRequest` or `TokenError`.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// The fields that the API rejected.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The request id, by which the API's operators find the request in their logs.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}

/// Determines the kind of a refusal.
pub(super) fn classify(operation: Operation, subject: Subject, status: u16, error: &str, message: &str) -> RefusalKind {
    match status {
        400 => bad_request(operation, subject, message),
        401 => unauthorized(operation, subject, error, message),
        403 => forbidden(subject, error, message),
        404 => not_found(operation, subject, error, message),
        422 => RefusalKind::ValidationFailed,
        429 => RefusalKind::RateLimited,
        500.. => server_fault(message),
        _ => RefusalKind::Other,
    }
}

fn bad_request(operation: Operation, subject: Subject, message: &str) -> RefusalKind {
    if let Some(kind) = key_trouble(operation, message) {
        return kind;
    }
    let said = unquoted(message);
    let begins = |text: &str| begins_with(&said, text);
    if begins("Could not find folder with path") {
        RefusalKind::FolderNotFound
    } else if begins("Could not find project") {
        RefusalKind::ProjectNotFound
    } else if operation == Operation::GetByName && is_of_another_type(subject, &said) {
        RefusalKind::NameOfAnotherType
    } else if begins("Cannot delete App Connection with existing connections") {
        RefusalKind::ConnectionInUse
    } else if begins("A rotation ") && said.contains(" in progress") {
        RefusalKind::InProgress
    } else if said.contains("already exist") {
        let secret = subject == Subject::Rotation && (begins("The following secret") || begins("A secret named"));
        if secret { RefusalKind::SecretTaken } else { RefusalKind::NameTaken }
    } else if begins("You cannot connect project App Connection")
        || (said.contains(" Connection with ID ") && said.contains(" cannot be used to connect to "))
    {
        RefusalKind::ConnectionMismatch
    } else if begins("Project version does not support") {
        RefusalKind::ProjectOutdated
    } else if said.contains("plan restriction") {
        RefusalKind::PlanRestriction
    } else {
        RefusalKind::Other
    }
}

/// Whether the object that has the name is a rotation of another type, or a connection of another app.
fn is_of_another_type(subject: Subject, said: &str) -> bool {
    match subject {
        Subject::Rotation => begins_with(said, "Secret Rotation with ") && said.contains(" is not configured for "),
        Subject::Connection => begins_with(said, "App Connection with ") && said.contains(" is not for App "),
        Subject::Login | Subject::Project => false,
    }
}

/// Refusals that end with OpenRouter's own text, which must not be searched.
fn key_trouble(operation: Operation, message: &str) -> Option<RefusalKind> {
    let cause = without_preface(message);
    if begins_with(cause, NOT_CREATED) {
        let open = may_have_issued(message);
        return Some(if open { RefusalKind::GenerationFailed } else { RefusalKind::KeyRefused });
    }
    if begins_with(message, GENERATION) {
        // Nothing was done, since another rotation holds the lock.
        let locked = begins_with(cause, "Failed to acquire rotation lock");
        return Some(if locked { RefusalKind::InProgress } else { RefusalKind::GenerationFailed });
    }
    let revoking = operation == Operation::Delete && begins_with(message, "Failed to delete OpenRouter API key");
    revoking.then_some(RefusalKind::CannotRevoke)
}

fn unauthorized(operation: Operation, subject: Subject, error: &str, message: &str) -> RefusalKind {
    // The same status and name say that an access token was revoked or used up; then the words are about the token.
    let tries_key = subject == Subject::Connection
        && matches!(operation, Operation::Create | Operation::Update)
        && !unquoted(message).to_ascii_lowercase().contains("token");
    match subject {
        Subject::Login if begins_with(message, "This identity auth method is temporarily locked") => {
            RefusalKind::Locked
        }
        Subject::Login => RefusalKind::CredentialsRejected,
        _ if tries_key && error == "UnauthorizedError" => RefusalKind::ProvisioningKeyRefused,
        _ => RefusalKind::TokenRejected,
    }
}

fn forbidden(subject: Subject, error: &str, message: &str) -> RefusalKind {
    let about_connection = message.trim_end_matches('.').ends_with(" on app-connections");
    match error {
        "TokenError" => RefusalKind::TokenRejected,
        "ProjectMembershipNotFound" => RefusalKind::NotAMember,
        "PermissionDenied" if subject == Subject::Rotation && about_connection => RefusalKind::ConnectionForbidden,
        _ if begins_with(message, "You are not a member") => RefusalKind::NotAMember,
        _ if begins_with(message, "Identity is not a member") => RefusalKind::NotAMember,
        _ => RefusalKind::PermissionDenied,
    }
}

fn not_found(operation: Operation, subject: Subject, error: &str, message: &str) -> RefusalKind {
    if error != "NotFound" {
        let is_route = is_unknown_route(error, message);
        return if is_route { RefusalKind::RouteNotFound } else { RefusalKind::Other };
    }
    let begins = |text: &str| begins_with(message, text);
    // A create and a list name no object of their own.
    let names_one = !matches!(operation, Operation::Create | Operation::List);
    if subject == Subject::Login {
        RefusalKind::CredentialsRejected
    } else if names_one && is_about_the_object(subject, message) {
        RefusalKind::NotFound
    } else if subject == Subject::Rotation && begins(NO_CONNECTION) {
        RefusalKind::ConnectionNotFound
    } else if begins("Could not find folder") {
        RefusalKind::FolderNotFound
    } else if begins("Could not find project") || begins("Project not found") || begins("Project with ") {
        RefusalKind::ProjectNotFound
    } else {
        // Something else is missing, such as the key that encrypts the project's secrets or the organization.
        RefusalKind::Other
    }
}

/// The beginning of the server's messages about a connection that does not exist.
const NO_CONNECTION: &str = "Could not find App Connection with ";

/// Whether a 404 says that the requested object itself does not exist. Only these messages do: a state that is dropped
/// because of any other 404 would leave live keys behind that nobody knows.
fn is_about_the_object(subject: Subject, message: &str) -> bool {
    match subject {
        Subject::Rotation => {
            let said = unquoted(message);
            begins_with(&said, "Could not find ")
                && (said.contains(" Rotation with ID") || said.contains(" Rotation with name"))
        }
        Subject::Connection => begins_with(message, NO_CONNECTION),
        Subject::Login | Subject::Project => false,
    }
}

fn server_fault(message: &str) -> RefusalKind {
    // A failure to revoke the old key is reported in the same way, but then the rotation has happened.
    key_trouble(Operation::Rotate, message).unwrap_or(RefusalKind::ServerFault)
}

/// Whether the response comes from the server's web framework, which does not know the route.
pub(super) fn is_unknown_route(error: &str, message: &str) -> bool {
    error == "Not Found" && begins_with(message, "Route ")
}

/// The message of a failed rotation without the text that the server puts before the cause, as
/// [`Rotation::last_rotation_message`](super::Rotation::last_rotation_message) has it.
#[must_use]
pub fn cause_of_failure(message: &str) -> &str {
    without_preface(message)
}

/// Whether a message of a failed rotation leaves open whether OpenRouter issued keys that Infisical does not know.
#[must_use]
pub fn may_have_issued(message: &str) -> bool {
    let cause = without_preface(message);
    begins_with(cause, NOT_CREATED) && issuing::is_left_open(cause.get(NOT_CREATED.len()..).unwrap_or_default())
}

fn without_preface(message: &str) -> &str {
    message.strip_prefix(GENERATION_CAUSE).map_or(message, str::trim_start)
}

fn begins_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

/// The message without the parts in quotation marks.
fn unquoted(message: &str) -> String {
    message.split('"').step_by(2).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was refused with status {}", self.request, self.status)?;
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
