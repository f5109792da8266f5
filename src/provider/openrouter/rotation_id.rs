//! Errors for kinds that name a rotation by its id alone: the advice, and the attribute at fault.

use infisical::RefusalKind;
use tfplug::Path;

use super::refusals::ROTATION;
use crate::provider::errors::Subject;

const ATTRIBUTE: &str = "rotation_id";

/// For errors about a rotation that is named by `rotation_id`.
pub(super) static BY_ID: Subject = Subject { attribute, at_fault, advice };

fn attribute(field: &[String]) -> Option<Path> {
    field.iter().any(|name| name == "rotationId").then(|| Path::of(ATTRIBUTE))
}

fn at_fault(kind: RefusalKind) -> Option<Path> {
    matches!(kind, RefusalKind::NotFound).then(|| Path::of(ATTRIBUTE))
}

fn advice(kind: RefusalKind, request: &str) -> Option<&'static str> {
    Some(match kind {
        RefusalKind::NotFound => {
            "Check rotation_id: the rotation may have been deleted, or belong to a project of which this identity is no member."
        }
        RefusalKind::PermissionDenied if request.ends_with("/generated-credentials") => {
            "This identity may not read the keys. In Infisical, give it the permission to read the generated credentials of \
             secret rotations, on the environment and folder."
        }
        RefusalKind::PermissionDenied if request.ends_with("/rotate-secrets") => {
            "This identity may not replace the key. In Infisical, give it the permission to rotate the secrets of secret \
             rotations, on the environment and folder."
        }
        _ => return (ROTATION.advice)(kind, request),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_id_can_be_at_fault() {
        let field = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(attribute(&field(&["params", "rotationId"])), Some(Path::of(ATTRIBUTE)));
        assert_eq!(attribute(&field(&["name"])), None);
        assert_eq!(at_fault(RefusalKind::NotFound), Some(Path::of(ATTRIBUTE)));
        assert_eq!(at_fault(RefusalKind::NameTaken), None);
    }
}
