//! Words for what the API says: what failed, why, what to do, and the request id. All advice is here.

use tfplug::{Diagnostic, Diagnostics, Path};

use infisical::{AlreadyExists, ConflictReason, Error, Issue, RefusalKind};

/// Turns the API's errors into diagnostics.
pub(super) trait During<T> {
    /// `doing` completes "Cannot …".
    ///
    /// # Errors
    ///
    /// The diagnostics, if this is an error.
    fn during(self, doing: &str) -> Result<T, Diagnostics>;
}

impl<T> During<T> for Result<T, Error> {
    fn during(self, doing: &str) -> Result<T, Diagnostics> {
        self.map_err(|error| explain(&error, doing))
    }
}

/// One diagnostic for each field that the API found fault with, else one for the whole.
fn explain(error: &Error, doing: &str) -> Diagnostics {
    let summary = format!("Cannot {doing}");
    if !error.issues().is_empty() {
        return error.issues().iter().map(|issue| field_at_fault(error, issue, &summary)).collect();
    }
    let detail = paragraphs([Some(what_was_said(error)), advice(error), trace(error)]);
    let diagnostic = Diagnostic::error(summary, detail);
    match attribute_at_fault(error) {
        Some(path) => diagnostic.at(path).into(),
        None => diagnostic.into(),
    }
}

fn field_at_fault(error: &Error, issue: &Issue, summary: &str) -> Diagnostic {
    let field = issue.path.join(".");
    let said = format!("Infisical refuses {field}: {}.", issue.message.trim_end_matches('.'));
    let diagnostic = Diagnostic::error(summary, paragraphs([Some(said), None, trace(error)]));
    match attribute(&issue.path) {
        Some(path) => diagnostic.at(path),
        None => diagnostic,
    }
}

fn paragraphs<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn what_was_said(error: &Error) -> String {
    match (error, error.message()) {
        (Error::Refused(_), Some(message)) if !message.is_empty() => format!("Infisical says: {}", sentence(message)),
        (Error::Login(_), Some(message)) if !message.is_empty() => {
            format!("Infisical refuses the login: {}", sentence(message))
        }
        _ => error.to_string(),
    }
}

fn sentence(message: &str) -> String {
    format!("{}.", message.trim().trim_end_matches('.'))
}

/// The line to quote to Infisical's operators.
fn trace(error: &Error) -> Option<String> {
    let call = error.request()?;
    let status = error.status().map(|status| format!(": status {status}")).unwrap_or_default();
    let id = error.request_id().map(|id| format!(", request id {id}")).unwrap_or_default();
    (!status.is_empty() || !id.is_empty()).then(|| format!("{call}{status}{id}"))
}

/// What to do about it.
fn advice(error: &Error) -> Option<String> {
    let text = match error {
        Error::Refused(_) => return refusal_advice(error),
        Error::Login(_) => {
            "Check the credentials in the provider block's auth, or in the INFISICAL_ variables, and that host is the \
             Infisical that knows them."
        }
        Error::Unreachable { .. } => {
            "Check host in the provider block (or INFISICAL_HOST), whether it's http or https there, the network and proxy \
             settings, and for a private certificate authority ca_cert_file. Running the same again is safe."
        }
        Error::UnexpectedResponse(_) => {
            "Something other than Infisical's API may have answered: check host, which is the address alone, without /api, \
             and proxies or gateways on the way."
        }
        Error::Stopped { .. } => "Terraform was asked to stop. The next plan shows what is left to do.",
        Error::AlreadyExists(found) => return Some(taken_advice(found)),
        Error::OutcomeUnknown(_) => {
            "Look at the rotations of this folder in Infisical before you apply again. If it's there, import it; if not, \
             apply again."
        }
        Error::MaybeIssued(_) => {
            "Applying again is safe. Look for a key of that name at OpenRouter, and delete it if no rotation uses it."
        }
        Error::Setup { .. } => "Check the provider block and the INFISICAL_ variables.",
        _ => return None,
    };
    Some(text.to_owned())
}

fn taken_advice(found: &AlreadyExists) -> String {
    let id = found.id();
    match found.reason() {
        ConflictReason::Undetermined => format!(
            "Compare it in Infisical with what you asked for. If it's yours, import it: terraform import ADDRESS {id}. \
             Otherwise choose another name."
        ),
        _ => format!(
            "It is left alone. To manage it here, import it: terraform import ADDRESS {id}. Otherwise choose another name."
        ),
    }
}

fn refusal_advice(error: &Error) -> Option<String> {
    let text = match error.kind()? {
        RefusalKind::PlanRestriction => {
            "Secret rotations are a paid feature of Infisical: this organization's plan doesn't include them."
        }
        RefusalKind::NameTaken => name_taken_advice(error),
        RefusalKind::SecretTaken => {
            "The secret belongs to another rotation, or is left of an earlier one (with on_destroy.delete_secrets = false it \
             stays). Choose another name for it, or delete it in Infisical if nothing needs it."
        }
        RefusalKind::InProgress => "A rotation is under way. Wait for it to end, then apply again.",
        RefusalKind::FolderNotFound => "Check environment and secret_path: the folder must exist before the rotation.",
        RefusalKind::ConnectionNotFound | RefusalKind::ConnectionMismatch | RefusalKind::ConnectionForbidden => {
            "Check connection_id, that it's an OpenRouter connection, and that this identity may use it."
        }
        RefusalKind::TokenRejected => {
            "The access token is wrong or has expired. Check auth in the provider block, or INFISICAL_TOKEN. A machine \
             identity (auth.universal, say) renews its token by itself."
        }
        RefusalKind::PermissionDenied | RefusalKind::NotAMember => {
            "This identity lacks the permission. Give it the rights on secret rotations, on the environment and folder, \
             and on the app connection in Infisical."
        }
        RefusalKind::NotFound | RefusalKind::ProjectNotFound => {
            "Check the ids, and that this identity is a member of the project."
        }
        RefusalKind::RateLimited => "Infisical limits calls per minute. Wait a minute, or lower -parallelism.",
        RefusalKind::CannotRevoke => {
            "With on_destroy.revoke_generated_credentials = false the keys stay, and the rotation can be deleted."
        }
        RefusalKind::ServerFault => {
            "This is a fault on Infisical's side. Wait and run the same again; if it stays, report the request id."
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn name_taken_advice(error: &Error) -> &'static str {
    if error.request().is_some_and(|request| request.starts_with("PATCH")) {
        return "Another rotation in the same folder has that name. Choose another one.";
    }
    "To manage what is there, import it: terraform import ADDRESS \
     '<project_id>,<environment>,<secret_path>,<name>'. Otherwise choose another name."
}

/// The attribute that a refusal is about, if it's about one.
fn attribute_at_fault(error: &Error) -> Option<Path> {
    if let Error::AlreadyExists(_) = error {
        return Some(Path::of("name"));
    }
    let path = match error.kind()? {
        RefusalKind::NameTaken => Path::of("name"),
        RefusalKind::SecretTaken => Path::of("secrets_mapping").attribute("api_key"),
        RefusalKind::FolderNotFound => Path::of("secret_path"),
        RefusalKind::ProjectNotFound => Path::of("project_id"),
        RefusalKind::ConnectionNotFound | RefusalKind::ConnectionMismatch | RefusalKind::ConnectionForbidden => {
            Path::of("connection_id")
        }
        _ => return None,
    };
    Some(path)
}

/// Where a field of the API stands in the configuration.
fn attribute(field: &[String]) -> Option<Path> {
    let top = match field.first()?.as_str() {
        "body" | "params" | "query" => return attribute(field.get(1..)?),
        "isAutoRotationEnabled" => "auto_rotation_enabled".to_owned(),
        name => snake_case(name),
    };
    let known = super::openrouter_rotation::is_attribute(&top);
    let rest = field.get(1..).unwrap_or_default();
    known.then(|| rest.iter().fold(Path::of(&top), |path, name| path.attribute(&snake_case(name))))
}

fn snake_case(name: &str) -> String {
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
    fn a_field_of_the_api_is_found_in_the_configuration() {
        let table: [(&[&str], Option<&str>); 6] = [
            (&["parameters", "limit"], Some("parameters.limit")),
            (&["body", "secretsMapping", "apiKey"], Some("secrets_mapping.api_key")),
            (&["isAutoRotationEnabled"], Some("auto_rotation_enabled")),
            (&["rotateAtUtc", "hours"], Some("rotate_at_utc.hours")),
            (&["rotationId"], None),
            (&[], None),
        ];
        for (field, path) in table {
            let field: Vec<_> = field.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(attribute(&field).map(|path| path.to_string()).as_deref(), path, "{field:?}");
        }
    }

    #[test]
    fn a_host_that_cannot_be_reached_says_where_to_look() {
        let error = Error::Unreachable { request: "GET /x".to_owned(), cause: "connection refused".to_owned() };
        let found = explain(&error, "read the rotation");
        let one = found.iter().next().unwrap();
        assert_eq!(one.summary(), "Cannot read the rotation");
        assert!(one.detail().starts_with("GET /x got no answer: connection refused."), "{}", one.detail());
        assert!(one.detail().contains("INFISICAL_HOST"), "{}", one.detail());
    }
}
