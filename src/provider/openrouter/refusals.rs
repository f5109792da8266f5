//! Errors about a rotation: the attribute at fault, and the advice that only a rotation needs.

use infisical::RefusalKind;
use tfplug::{Model as _, Path};

use super::model::Rotation;
use crate::provider::errors::{Subject, snake_case};

/// For errors about a rotation.
pub(super) static ROTATION: Subject = Subject { attribute, at_fault, advice };

/// For errors about a rotation that is only looked up.
pub(super) static LOOKUP: Subject = Subject { attribute, at_fault, advice: advice_on_lookups };

/// The attribute for a field of the API.
fn attribute(field: &[String]) -> Option<Path> {
    let top = match field.first()?.as_str() {
        "body" | "params" | "query" => return attribute(field.get(1..)?),
        "isAutoRotationEnabled" => "auto_rotation_enabled".to_owned(),
        name => snake_case(name),
    };
    let known = Rotation::ATTRIBUTES.contains(&top.as_str());
    let rest = field.get(1..).unwrap_or_default();
    known.then(|| rest.iter().fold(Path::of(&top), |path, name| path.attribute(&snake_case(name))))
}

fn at_fault(kind: RefusalKind) -> Option<Path> {
    Some(match kind {
        RefusalKind::NameTaken | RefusalKind::NameOfAnotherType => Path::of("name"),
        RefusalKind::SecretTaken => Path::of("secrets_mapping").attribute("api_key"),
        RefusalKind::FolderNotFound => Path::of("secret_path"),
        RefusalKind::ConnectionNotFound | RefusalKind::ConnectionMismatch | RefusalKind::ConnectionForbidden => {
            Path::of("connection_id")
        }
        RefusalKind::ProjectNotFound | RefusalKind::NotAMember | RefusalKind::ProjectOutdated => Path::of("project_id"),
        RefusalKind::CannotRevoke => Path::of("on_destroy").attribute("revoke_generated_credentials"),
        _ => return None,
    })
}

fn advice(kind: RefusalKind, request: &str) -> Option<&'static str> {
    let updates = request.starts_with("PATCH");
    Some(match kind {
        RefusalKind::NameTaken if updates => "Another rotation in the same folder has that name. Choose another name.",
        RefusalKind::NameTaken => {
            "To manage what exists, import it: terraform import ADDRESS \
             '<project_id>,<environment>,<secret_path>,<name>'. Otherwise choose another name."
        }
        RefusalKind::NameOfAnotherType => NAME_OF_ANOTHER_TYPE,
        RefusalKind::SecretTaken => {
            "The secret already exists: it belongs to another rotation (with create_before_destroy, to the one that is being \
             replaced), was created by hand, or is left of an earlier rotation (with on_destroy.delete_secrets = false it \
             stays). Choose another name for it, or delete it in Infisical if \
             nothing needs it."
        }
        RefusalKind::FolderNotFound => "Check environment and secret_path. The folder must exist before the rotation.",
        RefusalKind::ConnectionNotFound | RefusalKind::ConnectionMismatch => {
            "Check connection_id: it must be an OpenRouter connection of the organization or of this project, and this \
             identity must be allowed to use it."
        }
        RefusalKind::InProgress => "Another rotation of this key is in progress. Wait until it ends, then apply again.",
        RefusalKind::KeyRefused => {
            "OpenRouter did not issue a key. Check the account's credits there, and the provisioning key of the app \
             connection. Applying again is safe."
        }
        RefusalKind::CannotRevoke => {
            "The rotation and its secret were not deleted, but one of its keys may be revoked already, perhaps the one in use: \
             Infisical revokes both at the same time. If the cause has passed, destroy again; if the rotation is to stay, \
             rotate its key. If the keys cannot be revoked, for example because the provisioning key of the app connection is \
             gone, set on_destroy.revoke_generated_credentials = false, apply, and destroy again. The keys then stay live until \
             they are deleted at OpenRouter."
        }
        _ => return None,
    })
}

const NAME_OF_ANOTHER_TYPE: &str = "The name belongs to a rotation of another type, which this provider does not manage. Names \
                                    are unique in a folder over all types of rotations: choose another name.";

fn advice_on_lookups(kind: RefusalKind, _: &str) -> Option<&'static str> {
    Some(match kind {
        RefusalKind::NameOfAnotherType => NAME_OF_ANOTHER_TYPE,
        // For a lookup by name, the API also refuses a project that does not exist in this way.
        RefusalKind::FolderNotFound => {
            "Check secret_path, environment and project_id: the project must have the environment, and the environment the \
             folder."
        }
        RefusalKind::PermissionDenied => {
            "This identity may not read the rotation. In Infisical, give it the permission to read secret rotations in the \
             environment and folder."
        }
        _ => return None,
    })
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

    /// Text that the server quotes never decides where an error is shown.
    #[test]
    fn each_attribute_that_a_refusal_points_at_exists() {
        for kind in [
            RefusalKind::NameTaken,
            RefusalKind::NameOfAnotherType,
            RefusalKind::SecretTaken,
            RefusalKind::FolderNotFound,
            RefusalKind::ConnectionNotFound,
            RefusalKind::ProjectNotFound,
            RefusalKind::CannotRevoke,
        ] {
            let path = at_fault(kind).unwrap().to_string();
            let top = path.split('.').next().unwrap();
            assert!(Rotation::ATTRIBUTES.contains(&top), "{path}");
        }
    }
}
