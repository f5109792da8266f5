//! Rotating the key because the triggers changed: once for each change, also across runs.

use infisical::{Baseline, Client, Error};
use serde::{Deserialize, Serialize};
use tfplug::{Context, Diagnostic, Diagnostics};

use super::model::{Rotation, Triggers};
use super::notes;
use super::refusals::ROTATION;
use crate::provider::errors::During as _;

/// Private data of an imported object until its first triggers: what triggered rotations before isn't known.
pub(super) const IMPORTED: &str = "imported";

/// Private data: a rotation that was requested and whose outcome is not known.
const PENDING: &str = "pending_rotation";

/// What the next apply has to know of it.
#[derive(Serialize, Deserialize)]
struct Pending {
    /// What the rotation looked like before the request.
    baseline: Baseline,
    /// The triggers that it was requested for; others ask for a rotation of their own.
    triggers: Triggers,
}

/// Replaces the key for the triggers of `plan`. A request of an earlier apply for the same triggers is looked for first.
///
/// # Errors
///
/// The API's errors. If the outcome is not known, private data remembers the request.
pub(super) async fn rotate(
    cx: &Context<'_, Client>,
    id: &str,
    prior: &Rotation,
    plan: &Rotation,
) -> Result<infisical::Rotation, Diagnostics> {
    let triggers = plan.triggers();
    let pending = pending(cx)?.filter(|pending| pending.triggers == triggers);
    cx.private.remove(PENDING);
    let rotations = cx.client.rotations();
    let rotated = match &pending {
        Some(pending) => rotations.resume_rotate(id, &pending.baseline).await,
        None => rotations.rotate(id, &known(prior)).await,
    };
    if let Err(Error::OutcomeUnknown(unknown)) = &rotated
        && let Some(baseline) = unknown.baseline()
    {
        remember(cx, Pending { baseline: baseline.clone(), triggers })?;
    }
    let rotated = rotated.during("rotate the key", &ROTATION)?;
    rotated.note.iter().for_each(|note| cx.warn(notes::rotated(note)));
    Ok(rotated.rotation)
}

/// What the state knows of the key in use.
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
