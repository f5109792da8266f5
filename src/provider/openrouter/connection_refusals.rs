//! Errors and warnings about a connection: the attribute at fault, and the advice that only a connection needs.

use infisical::{CreateNote, RefusalKind};
use tfplug::{Diagnostic, Model as _, Path};

use super::connection_model::Connection;
use crate::provider::errors::{Subject, snake_case};

/// For errors about a connection whose key is `api_key`.
pub(super) static CONNECTION: Subject =
    Subject { attribute: |field| attribute(field, "api_key"), at_fault: |kind| at_fault(kind, "api_key"), advice };

/// For errors about a connection whose key is `api_key_wo`.
pub(super) static CONNECTION_WITH_WRITE_ONLY_KEY: Subject = Subject {
    attribute: |field| attribute(field, "api_key_wo"),
    at_fault: |kind| at_fault(kind, "api_key_wo"),
    advice,
};

impl Connection {
    /// The subject for errors of a request with this key.
    pub(super) fn subject(&self) -> &'static Subject {
        if self.api_key_wo.is_some() { &CONNECTION_WITH_WRITE_ONLY_KEY } else { &CONNECTION }
    }
}

/// The attribute that a field of the API comes from.
fn attribute(field: &[String], key: &str) -> Option<Path> {
    let top = match field.first()?.as_str() {
        "body" | "params" | "query" => return attribute(field.get(1..)?, key),
        "credentials" => key.to_owned(),
        name => snake_case(name),
    };
    Connection::ATTRIBUTES.contains(&top.as_str()).then(|| Path::of(&top))
}

fn at_fault(kind: RefusalKind, key: &str) -> Option<Path> {
    Some(match kind {
        RefusalKind::NameTaken | RefusalKind::NameOfAnotherType => Path::of("name"),
        RefusalKind::ProvisioningKeyRefused => Path::of(key),
        RefusalKind::ProjectNotFound | RefusalKind::NotAMember => Path::of("project_id"),
        _ => return None,
    })
}

fn advice(kind: RefusalKind, request: &str) -> Option<&'static str> {
    Some(match kind {
        RefusalKind::ProvisioningKeyRefused => {
            "OpenRouter does not accept the key, or could not be asked. It must be a provisioning key of the OpenRouter account, \
             not an API key, and it must not have been deleted there. Nothing was changed."
        }
        RefusalKind::NameTaken if request.starts_with("PATCH") => {
            "Another connection of the same project, or of the organization, has that name. Choose another name."
        }
        RefusalKind::NameTaken => {
            "To manage what exists, import it: terraform import ADDRESS NAME or, in a project, terraform import ADDRESS \
             PROJECT_ID,NAME. Otherwise choose another name."
        }
        RefusalKind::NameOfAnotherType => {
            "The name belongs to a connection of another app, which this provider does not manage. Names are unique over all \
             apps: choose another name."
        }
        RefusalKind::NotFound if request.contains("/connection-name/") => {
            "Check the name. A connection that belongs to a project is found only together with the project's id."
        }
        RefusalKind::PermissionDenied => {
            "This identity lacks the permission. In Infisical, give it the permission on app connections, in the organization or, \
             for a connection of a project, in that project."
        }
        _ => return None,
    })
}

/// A create that succeeded although its request failed.
pub(super) fn created(note: &CreateNote) -> Diagnostic {
    match note {
        CreateNote::Found(error) => Diagnostic::warning(
            "The connection was created, although its request failed",
            format!("The connection was found afterwards and is in the state.\n{error}"),
        ),
        CreateNote::Repeated(error) => Diagnostic::warning(
            "The connection was created by a second request",
            format!("The answer to the first request was lost, and no connection appeared within a minute.\n{error}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_the_api_is_found_in_the_configuration() {
        let table: [(&[&str], Option<&str>); 6] = [
            (&["credentials", "apiKey"], Some("api_key_wo")),
            (&["body", "projectId"], Some("project_id")),
            (&["name"], Some("name")),
            (&["connectionId"], None),
            (&["method"], None),
            (&[], None),
        ];
        for (field, path) in table {
            let field: Vec<_> = field.iter().map(|name| (*name).to_owned()).collect();
            let found = (CONNECTION_WITH_WRITE_ONLY_KEY.attribute)(&field);
            assert_eq!(found.map(|path| path.to_string()).as_deref(), path, "{field:?}");
        }
    }

    #[test]
    fn each_attribute_that_a_refusal_points_at_exists() {
        let kinds = [
            RefusalKind::NameTaken,
            RefusalKind::NameOfAnotherType,
            RefusalKind::ProvisioningKeyRefused,
            RefusalKind::ProjectNotFound,
        ];
        for subject in [&CONNECTION, &CONNECTION_WITH_WRITE_ONLY_KEY] {
            for kind in kinds {
                let path = (subject.at_fault)(kind).unwrap().to_string();
                assert!(Connection::ATTRIBUTES.contains(&path.as_str()), "{path}");
            }
        }
    }
}
