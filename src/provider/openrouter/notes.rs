//! Warnings about requests that succeeded although something went wrong.

use infisical::{CreateNote, RotateNote, Rotation};
use tfplug::Diagnostic;

/// The API's status of a rotation that failed.
const FAILED: &str = "failed";

/// A create that succeeded although its request failed.
pub(super) fn created(note: &CreateNote) -> Diagnostic {
    match note {
        CreateNote::Found(error) => Diagnostic::warning(
            "The rotation was created, although its request failed",
            format!("{error}\nThe rotation was found afterwards and is in the state."),
        ),
        CreateNote::Repeated(error) => Diagnostic::warning(
            "The rotation was created by a second request",
            format!(
                "The answer to the first request was lost, and no rotation appeared within a minute. {error}\nA key of the \
                 same name may be left at OpenRouter. If there are two, the one that was never used is the leftover; delete it \
                 there."
            ),
        ),
    }
}

/// A key that was replaced although something went wrong; `resumed` says that an earlier apply had requested it.
pub(super) fn rotated(note: &RotateNote, resumed: bool) -> Diagnostic {
    match note {
        RotateNote::FailedAfterwards(error) => Diagnostic::warning(
            "The key was replaced, but Infisical reported a failure afterwards",
            format!("{error}\nThe key before it may still be live at OpenRouter. Check the keys there."),
        ),
        RotateNote::ResponseLost(error) => Diagnostic::warning(
            "The key was replaced, but the answer was lost",
            format!("{error}\nThe rotation shows that its key was replaced. Nothing was rotated twice."),
        ),
        RotateNote::ReplacedByAnother(error) => Diagnostic::warning(
            "The key was replaced by a rotation that was already in progress",
            format!("{error}\nThat rotation ended and replaced the key, so no second one was requested."),
        ),
        RotateNote::AlreadyDone if !resumed => Diagnostic::warning(
            "The key was replaced by the change of the schedule",
            "The new schedule made Infisical replace the key at once, so no second rotation was requested.".to_owned(),
        ),
        RotateNote::AlreadyDone => Diagnostic::warning(
            "The key had already been replaced",
            "The outcome of an earlier apply was not known. The rotation shows that its key was replaced since, so nothing was \
             rotated a second time."
                .to_owned(),
        ),
    }
}

/// The warning for a rotation whose last scheduled replacement of the key failed on the server.
pub(super) fn failed_rotation(found: &Rotation) -> Option<Diagnostic> {
    if found.rotation_status.as_deref() != Some(FAILED) {
        return None;
    }
    let name = found.name.as_deref().unwrap_or("without a name");
    let message = found.last_rotation_message.as_deref().unwrap_or("Infisical gives no reason");
    let message = message.trim_end_matches('.');
    let next = match &found.next_rotation_at {
        Some(at) => format!("Infisical tries again at {at}."),
        None => "Infisical does not try again by itself, since automatic rotation is disabled.".to_owned(),
    };
    let detail = format!("Rotation {name:?} ({}): {message}. The key in use was not replaced. {next}", found.id);
    Some(Diagnostic::warning("The last rotation of the key failed", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_rotation_is_a_warning_with_its_message_and_what_comes_next() {
        let found = |status: &str, next: Option<&str>| Rotation {
            id: "1".to_owned(),
            name: Some("app".to_owned()),
            rotation_status: Some(status.to_owned()),
            last_rotation_message: Some("The provisioning key is gone.".to_owned()),
            next_rotation_at: next.map(str::to_owned),
            ..Rotation::default()
        };
        assert!(failed_rotation(&found("success", None)).is_none());
        for (next, words) in [(Some("2026-01-02T00:00:00Z"), "again at 2026-01-02T00:00:00Z."), (None, "is disabled.")]
        {
            let warning = failed_rotation(&found(FAILED, next)).unwrap();
            assert_eq!(warning.severity(), tfplug::Severity::Warning);
            assert_eq!(warning.summary(), "The last rotation of the key failed");
            assert!(
                warning.detail().contains("(1): The provisioning key is gone. The key in use"),
                "{}",
                warning.detail()
            );
            assert!(warning.detail().ends_with(words), "{}", warning.detail());
        }
    }
}
