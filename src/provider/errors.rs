//! Diagnostics for the API's errors: what failed, why, what to do, and the request id to quote.
//!
//! The client distinguishes the kinds of refusals, and `advice` has what to do about each. Whatever depends on the kind of
//! object, such as the attribute at fault, comes from its [`Subject`].

use infisical::{Error, Issue, RefusalKind};
use tfplug::{Diagnostic, Diagnostics, Path};

use super::advice::{self, Situation};

/// What a kind of object contributes to the diagnostics of its errors.
pub(super) struct Subject {
    /// The attribute at which a field of the API is configured.
    pub(super) attribute: fn(&[String]) -> Option<Path>,
    /// The attribute that a refusal of this kind is about.
    pub(super) at_fault: fn(RefusalKind) -> Option<Path>,
    /// Advice that replaces the general one, for a refusal of this request.
    pub(super) advice: fn(RefusalKind, &str) -> Option<&'static str>,
}

/// The provider block, which is not an object of the API.
pub(super) static PROVIDER: Subject = Subject { attribute: |_| None, at_fault: |_| None, advice: |_, _| None };

/// Turns the API's errors into diagnostics.
pub(super) trait During<T> {
    /// `doing` completes "Cannot …".
    ///
    /// # Errors
    ///
    /// The diagnostics, if this is an error.
    fn during(self, doing: &str, subject: &Subject) -> Result<T, Diagnostics>;
}

impl<T> During<T> for Result<T, Error> {
    fn during(self, doing: &str, subject: &Subject) -> Result<T, Diagnostics> {
        self.map_err(|error| explain(&error, doing, subject))
    }
}

/// Turns an error into diagnostics: one for each field that the API found fault with, else one for the whole.
fn explain(error: &Error, doing: &str, subject: &Subject) -> Diagnostics {
    advised(error, doing, subject, advice(error, subject))
}

/// The same with this advice.
pub(super) fn advised(error: &Error, doing: &str, subject: &Subject, advice: Option<String>) -> Diagnostics {
    let summary = summary(error, doing);
    if !error.issues().is_empty() {
        return error.issues().iter().map(|issue| field_at_fault(error, issue, &summary, subject)).collect();
    }
    let detail = paragraphs([Some(what_was_said(error)), advice, trace(error)]);
    let diagnostic = Diagnostic::error(summary, detail);
    match attribute_at_fault(error, subject) {
        Some(path) => diagnostic.at(path).into(),
        None => diagnostic.into(),
    }
}

/// What failed, unless nobody knows whether it did.
fn summary(error: &Error, doing: &str) -> String {
    match (error, doing.split_once(' ')) {
        // The steps with an outcome that may be unknown are "create the …" and "rotate the …".
        (Error::OutcomeUnknown(_), Some((verb, object))) => format!("It is not known whether {object} was {verb}d"),
        _ => format!("Cannot {doing}"),
    }
}

fn field_at_fault(error: &Error, issue: &Issue, summary: &str, subject: &Subject) -> Diagnostic {
    let field = issue.path.join(".");
    let said = format!("Infisical refuses {field}: {}.", issue.message.trim_end_matches('.'));
    let diagnostic = Diagnostic::error(summary, paragraphs([Some(said), None, trace(error)]));
    match (subject.attribute)(&issue.path) {
        Some(path) => diagnostic.at(path),
        None => diagnostic,
    }
}

fn paragraphs<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Infisical's own message if there is one, or else the client's.
fn what_was_said(error: &Error) -> String {
    let cause = error.refusal().map(infisical::Refusal::cause).filter(|cause| !cause.is_empty());
    match (error, cause) {
        (Error::Refused(_) | Error::MaybeIssued(_) | Error::RotationInProgress { .. }, Some(cause)) => {
            format!("Infisical says: {}", sentence(cause))
        }
        (Error::Login(_), Some(cause)) => format!("Infisical refuses the login: {}", sentence(cause)),
        (Error::MaybeIssued(issued), None) => issued.cause().to_string(),
        _ => error.to_string(),
    }
}

fn sentence(message: &str) -> String {
    format!("{}.", message.trim().trim_end_matches('.'))
}

/// The line to quote to Infisical's operators.
pub(super) fn trace(error: &Error) -> Option<String> {
    let request = error.request()?;
    let status = error.status().map(|status| format!(": status {status}")).unwrap_or_default();
    let id = error.request_id().map(|id| format!(", request id {id}")).unwrap_or_default();
    (!status.is_empty() || !id.is_empty()).then(|| format!("{request}{status}{id}"))
}

fn attribute_at_fault(error: &Error, subject: &Subject) -> Option<Path> {
    let kind = match error {
        Error::AlreadyExists(_) => RefusalKind::NameTaken,
        Error::Refused(refusal) => refusal.kind(),
        _ => return None,
    };
    (subject.at_fault)(kind)
}

/// What to do about it.
fn advice(error: &Error, subject: &Subject) -> Option<String> {
    if let Error::Refused(refusal) = error {
        let kind = refusal.kind();
        return (subject.advice)(kind, refusal.request()).or_else(|| advice::on_refusal(kind)).map(str::to_owned);
    }
    let found = match error {
        Error::AlreadyExists(found) => Some(found.id()),
        _ => None,
    };
    Some(Situation::of(error)?.advice(found, error.key_name()))
}

/// A name of the API as Terraform spells it.
pub(super) fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_cannot_be_reached_says_where_to_look() {
        let error = Error::Unreachable { request: "GET /x".to_owned(), cause: "connection refused".to_owned() };
        let found = explain(&error, "read the rotation", &PROVIDER);
        let one = found.iter().next().unwrap();
        assert_eq!(one.summary(), "Cannot read the rotation");
        assert!(one.detail().starts_with("GET /x got no response: connection refused."), "{}", one.detail());
        assert!(one.detail().contains("INFISICAL_HOST"), "{}", one.detail());
    }

    #[test]
    fn names_of_the_api_are_spelled_as_terraform_does() {
        assert_eq!(snake_case("rotateAtUtc"), "rotate_at_utc");
        assert_eq!(snake_case("name"), "name");
    }
}
