//! Warnings about requests that succeeded although something went wrong.

use infisical::{CreateNote, RotateNote, Rotation, RotationPatch};
use tfplug::{Diagnostic, Path};

/// The API's status of a rotation that failed.
pub(super) const FAILED: &str = "failed";

/// A create that succeeded although its request failed. What it means for the user comes first, and the request last, as in
/// errors.
pub(super) fn created(note: &CreateNote) -> Diagnostic {
    match note {
        CreateNote::Found(error) => Diagnostic::warning(
            "The rotation was created, although its request failed",
            format!("The rotation was found afterwards and is in the state.\n{error}"),
        ),
        CreateNote::Repeated(error) => Diagnostic::warning(
            "The rotation was created by a second request",
            format!(
                "The answer to the first request was lost, and no rotation appeared within a minute. A key of the same name may \
                 be left at OpenRouter. If there are two, the leftover is the one whose hash is not in \
                 credentials[*].key_hash of the ephemeral resource infisical_openrouter_rotation_credentials; delete only that \
                 one.\n{error}"
            ),
        ),
    }
}

/// A key that was replaced although something went wrong; `resumed` says that an earlier apply had requested it.
pub(super) fn rotated(note: &RotateNote, resumed: bool) -> Diagnostic {
    match note {
        RotateNote::FailedAfterwards(error) => Diagnostic::warning(
            "The key was replaced, but Infisical reported a failure afterwards",
            format!("{LEFTOVER}\n{error}"),
        ),
        RotateNote::ResponseLost(error) => Diagnostic::warning(
            "The key was replaced, but the answer was lost",
            format!("The rotation shows that its key was replaced, and nothing was rotated twice.\n{error}"),
        ),
        RotateNote::ReplacedByAnother(error) => Diagnostic::warning(
            "The key was replaced by a rotation that was already in progress",
            format!("That rotation ended and replaced the key, so no second one was requested.\n{error}"),
        ),
        RotateNote::AlreadyDone if !resumed => Diagnostic::warning(
            "The key was replaced by the change of the schedule",
            "The new schedule made Infisical replace the key at once, so no second rotation was requested.".to_owned(),
        ),
        RotateNote::AlreadyDone => Diagnostic::warning(
            "The key had already been replaced",
            "The outcome of an earlier apply was not known. The rotation shows that its key was replaced since, so nothing was \
             rotated a second time, and the triggers of this apply are recorded. To replace the key once more, change them again."
                .to_owned(),
        ),
    }
}

/// The warning for a key that was replaced by another request than the one after the update that changed the parameters.
pub(super) fn perhaps_with_old_parameters() -> Diagnostic {
    Diagnostic::warning(
        "The new key may have the old parameters",
        "The parameters changed in this apply, and the key may have been issued before that: by the rotation that was in \
         progress, or by the request of an earlier apply. Compare the key at OpenRouter with parameters. To replace it by a key \
         with the new parameters, change rotation_triggers once more.",
    )
    .at(Path::of("parameters"))
}

/// The summary of warnings about a schedule by which the key is due.
pub(super) const DUE: &str = "The change of the schedule replaces the key";

/// The warning for a change of the schedule that makes the server replace the key today.
pub(super) fn due_at_once(patch: &RotationPatch, changed: &Rotation) -> Option<Diagnostic> {
    let RotationPatch { is_auto_rotation_enabled, rotation_interval, rotate_at_utc, .. } = patch;
    let is_schedule = is_auto_rotation_enabled.is_some() || rotation_interval.is_some() || rotate_at_utc.is_some();
    let at = changed.next_rotation_at.as_ref().filter(|_| is_schedule && changed.is_due_at_once())?;
    let detail = format!(
        "By the new schedule, the key was or is due at {at}. Infisical replaces it in the background, at once if that has passed. \
         The key in use until then goes on working until the rotation after that."
    );
    Some(Diagnostic::warning(DUE, detail))
}

/// What may be left when the server could not delete the key before last.
const LEFTOVER: &str = "The key before the previous one may still be live at OpenRouter. Do not go by the name: all keys of a \
                        rotation have the same. The leftover is the key whose hash is not in credentials[*].key_hash of the \
                        ephemeral resource infisical_openrouter_rotation_credentials.";

/// What may be left when the server's requests to OpenRouter were lost.
const NEW_KEYS: &str = "Keys that Infisical does not know may be left at OpenRouter, one for each of its up to four requests. Their \
                        hashes are not in credentials[*].key_hash of the ephemeral resource \
                        infisical_openrouter_rotation_credentials.";

/// The warning for a rotation whose last replacement of the key failed on the server.
pub(super) fn failed_rotation(found: &Rotation) -> Option<Diagnostic> {
    if found.rotation_status.as_deref() != Some(FAILED) {
        return None;
    }
    let name = found.name.as_deref().unwrap_or("without a name");
    let message = found.last_rotation_message.as_deref().unwrap_or("Infisical gives no reason");
    let since = found.last_rotated_at.as_ref().map(|at| format!(" The key in use is from {at}.")).unwrap_or_default();
    let consequence = match FailedStep::of(message) {
        FailedStep::Issuing if infisical::may_have_issued(message) => {
            format!("The key in use was not replaced.{since} {NEW_KEYS}")
        }
        FailedStep::Issuing => format!("The key in use was not replaced.{since}"),
        FailedStep::Deleting => format!("The key was replaced all the same.{since} {LEFTOVER}"),
        FailedStep::Unknown => format!("The key may have been replaced all the same.{since}"),
    };
    // The server stores a next date after each failure, also where it will not rotate by itself.
    let next = match (found.is_auto_rotation_enabled, &found.next_rotation_at) {
        (Some(false), _) | (None, None) => {
            "Infisical does not try again by itself, since automatic rotation is disabled.".to_owned()
        }
        (_, Some(at)) => format!("Infisical rotates again at {at}."),
        (Some(true), None) => "Infisical rotates again by itself.".to_owned(),
    };
    let message = message.trim_end_matches('.');
    let detail = format!("Rotation {name:?} ({}): {message}. {consequence} {next}", found.id);
    Some(Diagnostic::warning("The last rotation of the key failed", detail))
}

/// The warning for a rotation of the state that no longer exists: by default, a deletion elsewhere leaves its keys live. `None` if
/// this configuration leaves them live, too.
pub(super) fn gone(id: &str, state: &super::model::Rotation) -> Option<Diagnostic> {
    if !state.to_deletion().revoke_generated_credentials {
        return None;
    }
    let (name, key) = (&state.place.name, &state.settings.parameters.name);
    let detail = format!(
        "Infisical does not know rotation {name:?} ({id}) any more. Unless its deletion revoked them, its keys are still live at \
         OpenRouter. Look there for keys named {key:?}, and delete those that nothing uses; the keys of a new rotation may have the \
         same name."
    );
    Some(Diagnostic::warning("The rotation was deleted outside Terraform", detail))
}

/// The step of a rotation that failed: issue a key, store it, delete the key before last.
enum FailedStep {
    Issuing,
    Deleting,
    Unknown,
}

impl FailedStep {
    fn of(message: &str) -> Self {
        let cause = infisical::cause_of_failure(message);
        if cause.starts_with("Failed to create OpenRouter API key") {
            Self::Issuing
        } else if cause.starts_with("Failed to delete OpenRouter API key") {
            Self::Deleting
        } else {
            Self::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use infisical::Error;

    use super::*;

    /// Otherwise a terminal would begin with a long path, broken across lines.
    #[test]
    fn a_warning_says_what_it_means_before_it_names_the_request() {
        let error = || Error::Unreachable { request: "POST /x".to_owned(), cause: "no connection".to_owned() };
        let warnings = [
            created(&CreateNote::Found(error())),
            created(&CreateNote::Repeated(error())),
            rotated(&RotateNote::FailedAfterwards(error()), false),
            rotated(&RotateNote::ResponseLost(error()), false),
            rotated(&RotateNote::ReplacedByAnother(error()), false),
        ];
        for warning in warnings {
            let (meaning, request) = warning.detail().rsplit_once('\n').unwrap();
            assert!(meaning.ends_with('.') && !meaning.contains("POST"), "{}", warning.detail());
            assert_eq!(request, "POST /x got no response: no connection.");
        }
    }

    fn failed(message: &str, automatic: Option<bool>, next: Option<&str>) -> String {
        let found = Rotation {
            id: "1".to_owned(),
            name: Some("app".to_owned()),
            rotation_status: Some(FAILED.to_owned()),
            last_rotation_message: Some(message.to_owned()),
            is_auto_rotation_enabled: automatic,
            next_rotation_at: next.map(str::to_owned),
            last_rotated_at: Some("2026-01-01T00:00:00Z".to_owned()),
            ..Rotation::default()
        };
        let warning = failed_rotation(&found).unwrap();
        assert_eq!(warning.severity(), tfplug::Severity::Warning);
        assert_eq!(warning.summary(), "The last rotation of the key failed");
        warning.detail().to_owned()
    }

    #[test]
    fn a_failed_rotation_is_a_warning_with_its_message_and_what_became_of_the_key() {
        let preface = "Infisical encountered an issue while generating credentials with the configured inputs:";
        for (cause, words) in [
            ("Failed to create OpenRouter API key: Insufficient credits.", "The key in use was not replaced."),
            ("Failed to delete OpenRouter API key: Unauthorized", "The key was replaced all the same."),
            ("Failed to acquire rotation lock.", "The key may have been replaced all the same."),
        ] {
            for message in [cause.to_owned(), format!("{preface} {cause}")] {
                let said = failed(&message, Some(true), Some("2026-01-02T00:00:00Z"));
                let beginning = format!("Rotation \"app\" (1): {}. {words}", message.trim_end_matches('.'));
                assert!(said.starts_with(&beginning), "{said}");
                assert!(said.contains("is from 2026-01-01T00:00:00Z."), "{said}");
            }
        }
        assert!(
            failed_rotation(&Rotation { rotation_status: Some("success".to_owned()), ..Rotation::default() }).is_none()
        );
    }

    #[test]
    fn a_failed_rotation_tells_of_keys_that_may_be_left_if_openrouter_did_not_refuse() {
        let said = |cause: &str| failed(&format!("Failed to create OpenRouter API key: {cause}"), Some(true), None);
        assert!(
            said("socket hang up").contains("The key in use was not replaced.")
                && said("socket hang up").contains(NEW_KEYS)
        );
        assert!(!said("Insufficient credits").contains(NEW_KEYS));
    }

    /// The server stores a next date after each failure, also while automatic rotation is disabled.
    #[test]
    fn a_next_attempt_is_promised_only_where_there_is_one() {
        let next = Some("2026-01-02T00:00:00Z");
        for (automatic, next, words) in [
            (Some(true), next, "again at 2026-01-02T00:00:00Z."),
            (Some(false), next, "is disabled."),
            (Some(false), None, "is disabled."),
            (None, next, "again at 2026-01-02T00:00:00Z."),
        ] {
            let said = failed("no", automatic, next);
            assert!(said.ends_with(words), "{said}");
        }
    }
}
