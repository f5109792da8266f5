//! The action that rotates a key now.

use std::sync::OnceLock;
use std::time::Duration;

use infisical::{Baseline, Client, Error, OutcomeUnknown, RefusalKind, RotateStep, Rotation, spelling};
use tfplug::{Action, Context, Diagnostic, Diagnostics, Model, Progress};
use tokio::time::Instant;

use super::rotation_id::BY_ID;
use super::{UUID, notes};
use crate::provider::errors::{During as _, trace};

/// The action's type name.
pub(in crate::provider) const NAME: &str = "infisical_openrouter_rotate";

/// The time between two progress messages.
const TICK: Duration = Duration::from_secs(5);

const DOING: &str = "rotate the key";

/// Replaces the OpenRouter key of a rotation now: Infisical issues a new key and stores it as the secret. The key that was in
/// use until then goes on working until the next rotation; the one before it is deleted at OpenRouter.
///
/// Each invocation issues one key at most, whatever fails. If another rotation is already in progress, the key that it
/// issues counts.
#[derive(Model)]
#[tf(action)]
pub(in crate::provider) struct Rotate {
    /// The rotation's id.
    #[tf(required, check = UUID)]
    rotation_id: String,
}

/// The action.
pub(in crate::provider) struct RotateAction;

impl Action for RotateAction {
    type Client = Client;
    type Model = Rotate;

    async fn invoke(&self, cx: &Context<'_, Client>, config: Rotate, progress: Progress) -> Result<(), Diagnostics> {
        let id = spelling::trimmed(&config.rotation_id);
        let (nothing_known, before) = (Baseline::default(), OnceLock::new());
        let tell = |step: RotateStep<'_>| {
            if let RotateStep::Asking(baseline) = step {
                before.get_or_init(|| baseline.active_index);
            }
            progress.say(words(step));
        };
        let rotating = cx.client.rotations().rotate_telling(id, &nothing_known, &tell);
        // After a stop, lines are shown only at the end, when nobody needs to know that it takes time.
        let waiting = |line| {
            if !cx.stop.is_cancelled() {
                progress.say(line)
            }
        };
        let rotated = match told_while_waiting(&waiting, rotating).await {
            Err(Error::OutcomeUnknown(unknown)) => return Err(outcome_unknown(&unknown).into()),
            Err(error @ Error::Stopped { .. }) => return Err(not_begun(&error).into()),
            rotated => rotated.during(DOING, &BY_ID)?,
        };
        progress.say(replaced(before.get().copied().flatten(), &rotated.rotation));
        rotated.note.iter().for_each(|note| cx.warn(notes::rotated(note, false)));
        Ok(())
    }
}

/// Sends a progress message every [`TICK`].
async fn told_while_waiting<T>(say: &impl Fn(String), work: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let mut work = std::pin::pin!(work);
    loop {
        match tokio::time::timeout(TICK, work.as_mut()).await {
            Ok(done) => return done,
            Err(_) => say(format!("Still waiting for Infisical after {} s.", start.elapsed().as_secs())),
        }
    }
}

fn words(step: RotateStep<'_>) -> String {
    match step {
        RotateStep::Asking(Baseline { active_index: Some(index), last_rotated_at }) => {
            let since = last_rotated_at.as_ref().map(|at| format!(", in use since {at}")).unwrap_or_default();
            format!("Asking Infisical to replace the key (active index {index}{since}).")
        }
        RotateStep::Asking(_) => "Asking Infisical to replace the key.".to_owned(),
        RotateStep::Looking(error) if error.is_refused_as(RefusalKind::InProgress) => {
            "Another rotation of the key is in progress. Waiting for it to end.".to_owned()
        }
        RotateStep::Looking(error) => format!("{error} Checking whether the key was replaced."),
    }
}

fn replaced(before: Option<i64>, now: &Rotation) -> String {
    match (before, now.active_index) {
        (Some(before), Some(now)) => format!("The key was replaced: the active index was {before} and is now {now}."),
        (None, Some(now)) => format!("The key was replaced: the active index is now {now}."),
        (_, None) => "The key was replaced.".to_owned(),
    }
}

/// An action has no state in which the next invocation could look, so the user has to.
fn outcome_unknown(unknown: &OutcomeUnknown) -> Diagnostic {
    let detail = format!(
        "{unknown}\nThe key may have been replaced. An action keeps no state, so invoking it again does not find out and may \
         replace the key a second time. Look at the rotation in Infisical before you invoke it again{}.",
        compare(unknown),
    );
    let trace = trace(unknown.cause()).map(|trace| format!("\n{trace}")).unwrap_or_default();
    Diagnostic::error("It is not known whether the key was replaced", detail + &trace)
}

/// The time to compare the rotation's `last_rotated_at` with.
fn compare(unknown: &OutcomeUnknown) -> String {
    let since = unknown.baseline().and_then(|baseline| baseline.last_rotated_at.as_ref());
    since.map(|at| format!(": if its last rotation is later than {at}, the key was replaced")).unwrap_or_default()
}

fn not_begun(error: &Error) -> Diagnostic {
    let detail = format!(
        "{error}\nTerraform was asked to stop. The key was not replaced; invoke the action again to replace it."
    );
    Diagnostic::error(format!("Cannot {DOING}"), detail)
}

#[cfg(test)]
mod tests;
