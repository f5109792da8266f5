//! Rotates the key when the triggers change: once for each change, also across runs.

use infisical::{Baseline, Client, Error};
use serde::{Deserialize, Serialize};
use tfplug::{Context, Diagnostic, Diagnostics};

use super::model::{Rotation, Triggers};
use super::notes;
use super::refusals::ROTATION;
use crate::provider::errors::During as _;

/// The key of private data that marks an imported object until its first triggers: the earlier triggers are not known.
pub(super) const IMPORTED: &str = "imported";

/// The key of private data with a rotation that was requested and whose outcome is not known.
const PENDING: &str = "pending_rotation";

/// What the next apply needs to know about it.
#[derive(Serialize, Deserialize)]
struct Pending {
    /// What the rotation looked like before the request.
    baseline: Baseline,
    /// The triggers that it was requested for; others ask for a rotation of their own.
    triggers: Triggers,
}

/// Replaces the key for the triggers of `plan`. First it checks whether the key has been replaced already: by a request of an
/// earlier apply for the same triggers, or by the update just made, if that makes the server rotate at once; `due` is the
/// state of the rotation before that.
///
/// # Errors
///
/// The API's errors. If the outcome is not known, private data remembers the request.
pub(super) async fn rotate(
    cx: &Context<'_, Client>,
    id: &str,
    (prior, plan): (&Rotation, &Rotation),
    due: Option<Baseline>,
) -> Result<infisical::Rotation, Diagnostics> {
    let triggers = plan.triggers();
    let pending = pending(cx)?.filter(|pending| pending.triggers == triggers);
    if pending.is_none() {
        cx.private.remove(PENDING);
    }
    let rotations = cx.client.rotations();
    let rotated = match (&pending, &due) {
        (Some(Pending { baseline, .. }), _) | (None, Some(baseline)) => rotations.resume_rotate(id, baseline).await,
        (None, None) => rotations.rotate(id, &known(prior)).await,
    };
    match &rotated {
        // Only now is it certain that the earlier request need not be looked up again.
        Ok(_) => drop(cx.private.remove(PENDING)),
        Err(Error::OutcomeUnknown(unknown)) => {
            let baseline = unknown.baseline().cloned();
            baseline.map(|baseline| remember(cx, Pending { baseline, triggers })).transpose()?;
        }
        Err(_) => {}
    }
    let rotated = rotated.during("rotate the key", &ROTATION)?;
    let note = rotated.note.iter().map(|note| notes::rotated(note, pending.is_some()));
    note.for_each(|warning| cx.warn(warning));
    Ok(rotated.rotation)
}

/// What the state knows about the key in use.
fn known(prior: &Rotation) -> Baseline {
    let facts = &prior.facts;
    Baseline { active_index: facts.active_index.get().copied(), last_rotated_at: facts.last_rotated_at.get().cloned() }
}

fn pending(cx: &Context<'_, Client>) -> Result<Option<Pending>, Diagnostic> {
    let Some(text) = cx.private.get(PENDING) else { return Ok(None) };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| Diagnostic::bug(format!("The private data {PENDING} of the state cannot be read: {error}.")))
}

fn remember(cx: &Context<'_, Client>, pending: Pending) -> Result<(), Diagnostic> {
    let text = serde_json::to_string(&pending)
        .map_err(|error| Diagnostic::bug(format!("The private data {PENDING} cannot be written: {error}.")))?;
    cx.private.set(PENDING, text);
    Ok(())
}
