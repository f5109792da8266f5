//! Diagnostics for the API's errors: what failed, why, what to do, and the request id to quote.
//!
//! The client distinguishes the kinds of refusals; here each kind gets its advice. Whatever depends on the kind of object,
//! such as the attribute at fault, comes from its [`Subject`].

use infisical::{
    AlreadyExists, AwsCredentialsError, ConflictReason, Error, Issue, MaybeIssued, OutcomeUnknown, RefusalKind,
};
use tfplug::{Diagnostic, Diagnostics, Path};

/// What a kind of object contributes to the diagnostics of its errors.
pub(super) struct Subject {
    /// The attribute at which a field of the API is configured.
    pub(super) attribute: fn(&[String]) -> Option<Path>,
    /// The attribute that a refusal of this kind is about.
    pub(super) at_fault: fn(RefusalKind) -> Option<Path>,
    /// Advice that replaces the general one.
    pub(super) advice: fn(RefusalKind, &Error) -> Option<String>,
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
    let summary = format!("Cannot {doing}");
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
        (Error::Refused(_) | Error::MaybeIssued(_), Some(cause)) => format!("Infisical says: {}", sentence(cause)),
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
    let text = match error {
        Error::Refused(refusal) => {
            let kind = refusal.kind();
            return (subject.advice)(kind, error).or_else(|| refusal_advice(kind).map(str::to_owned));
        }
        Error::Login(cause) => return login_advice(cause).map(str::to_owned),
        Error::Unreachable { .. } => {
            "Check host in the provider block (or INFISICAL_HOST), whether it is http or https there, the network and proxy \
             settings, and ca_cert_file for a private certificate authority. Running the same again is safe."
        }
        Error::UnexpectedResponse(_) => {
            "Something other than Infisical's API may have answered. Check that host is the address alone, without /api, and \
             check proxies and gateways on the way."
        }
        Error::StillRotating { .. } => "Wait until that rotation has ended, then run the same again.",
        Error::Stopped { .. } => "Terraform was asked to stop. The next plan shows what is left to do.",
        Error::AlreadyExists(found) => return Some(already_exists_advice(found)),
        Error::OutcomeUnknown(unknown) => return Some(outcome_advice(unknown)),
        Error::MaybeIssued(issued) => return Some(maybe_issued_advice(issued)),
        Error::AwsCredentials(error) => return Some(aws_advice(error).to_owned()),
        Error::Setup { .. } => "Check the provider block and the INFISICAL_ variables.",
    };
    Some(text.to_owned())
}

fn login_advice(cause: &Error) -> Option<&'static str> {
    Some(match cause {
        Error::Unreachable { .. } => {
            "Check host in the provider block (or INFISICAL_HOST), the network and proxy settings, and ca_cert_file for a \
             private certificate authority."
        }
        _ => match cause.kind() {
            Some(RefusalKind::Locked) => {
                "Infisical locks an identity for some minutes after several failed logins, and then refuses right credentials, \
                 too. Wait five minutes, then run the same again. If it happens again, find out who uses wrong credentials."
            }
            Some(RefusalKind::RateLimited) => {
                "Infisical limits logins per minute. Wait a minute, then run the same again."
            }
            Some(kind @ (RefusalKind::ServerFault | RefusalKind::RouteNotFound)) => return refusal_advice(kind),
            _ => {
                "Check the credentials in the provider block's auth, or in the INFISICAL_ variables, and that host is the \
                 Infisical that knows them."
            }
        },
    })
}

fn aws_advice(error: &AwsCredentialsError) -> &'static str {
    if error.is_none_found() {
        return "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, if they are temporary), or AWS_PROFILE, or \
                run where AWS provides credentials: on EKS, ECS or EC2 with a role. Or choose another method of auth.";
    }
    "Put it right, or unset what configures it: the sources after it are asked only if it is not configured at all. To see \
     what AWS makes of it, run `aws sts get-caller-identity` with the same variables."
}

fn already_exists_advice(found: &AlreadyExists) -> String {
    let key = found.key_name().map(|name| format!(" A key named {name:?} may be left at OpenRouter."));
    format!("{}{}", existing_advice(found), key.unwrap_or_default())
}

fn existing_advice(found: &AlreadyExists) -> String {
    let id = found.id();
    let before = match found.reason() {
        ConflictReason::MadeByAnother => {
            return "Two resources of this configuration have the same name in the same place. Choose another name for one of them."
                .to_owned();
        }
        ConflictReason::Undetermined => "Compare it in Infisical with this configuration. ",
        ConflictReason::Existed | ConflictReason::Different(_) => "It was left alone. ",
    };
    format!(
        "{before}To manage it here, import it: terraform import ADDRESS {id}. Otherwise choose another name. If it is what this \
         one replaces, with create_before_destroy, the new one needs another name, too."
    )
}

fn outcome_advice(unknown: &OutcomeUnknown) -> String {
    if unknown.baseline().is_some() {
        return "The next apply looks first whether the key was replaced, and rotates it only if it was not."
            .to_owned();
    }
    let key = unknown
        .key_name()
        .map(|name| format!(" If it does not, a key named {name:?} may be left at OpenRouter; delete it there."));
    format!(
        "Check in Infisical whether it exists. If it does, import it; otherwise apply again.{}",
        key.unwrap_or_default()
    )
}

fn maybe_issued_advice(issued: &MaybeIssued) -> String {
    let key = match issued.key_name() {
        Some(name) => format!("A key named {name:?} may be left at OpenRouter"),
        None => "A new key may be left at OpenRouter".to_owned(),
    };
    format!(
        "{key}, since Infisical issues a key before it stores anything. If it is there and nothing uses it, delete it at \
         OpenRouter. Applying again is safe; it was not repeated here, because each repetition may issue another key."
    )
}

fn refusal_advice(kind: RefusalKind) -> Option<&'static str> {
    Some(match kind {
        RefusalKind::PlanRestriction => {
            "Secret rotations are a paid feature of Infisical: this organization's plan does not include them."
        }
        RefusalKind::ProjectOutdated => "Upgrade the project in Infisical's console.",
        RefusalKind::TokenRejected => {
            "The access token is wrong or has expired. Check auth in the provider block, or INFISICAL_TOKEN. A machine identity \
             (auth.universal, for example) renews its token by itself."
        }
        RefusalKind::PermissionDenied => {
            "This identity lacks the permission. In Infisical, give it the permission on secret rotations, on the environment \
             and folder, and on the app connection."
        }
        RefusalKind::ConnectionForbidden => {
            "This identity may not use the app connection. In Infisical, give it the permission to connect with it."
        }
        RefusalKind::NotAMember | RefusalKind::ProjectNotFound => {
            "Check project_id, and that this identity is a member of the project."
        }
        RefusalKind::NotFound => "Check the ids, and that this identity is a member of the project.",
        RefusalKind::RouteNotFound => {
            "This server does not have the route. Check that host is Infisical's address without any path, and that a \
             self-hosted Infisical is recent enough to rotate OpenRouter keys."
        }
        RefusalKind::RateLimited => "Infisical limits calls per minute. Wait a minute, or lower -parallelism.",
        RefusalKind::ServerFault | RefusalKind::GenerationFailed => {
            "This is a fault on Infisical's side. Wait and run the same again; if it persists, report the request id."
        }
        _ => return None,
    })
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
