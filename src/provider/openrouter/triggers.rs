//! Rotates the key when the triggers change: once for each change, also across runs.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use infisical::{Baseline, Client, Error, RotationPatch};
use serde::{Deserialize, Serialize};
use tfplug::{Context, Diagnostic, Diagnostics};

use super::model::Rotation;
use super::notes;
use super::refusals::ROTATION;
use crate::provider::errors::During as _;

/// The key of private data that marks an imported object until its first triggers: the earlier triggers are not known.
pub(super) const IMPORTED: &str = "imported";

/// The key of private data with a rotation that was requested and whose outcome is not known.
const PENDING: &str = "pending_rotation";

/// How long the outcome of such a request is looked for. A key that was replaced later than that was rather replaced by the
/// schedule or by somebody else, and must not count for a new request.
const PENDING_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// What the next apply needs to know about it.
#[derive(Serialize, Deserialize)]
struct Pending {
    /// What the rotation looked like before the request.
    baseline: Baseline,
    /// When it was sent, in seconds since 1970 by this machine's clock.
    #[serde(default)]
    requested_at: u64,
}

impl Pending {
    fn new(baseline: Baseline) -> Self {
        Self { baseline, requested_at: seconds(SystemTime::now()) }
    }

    fn is_recent(&self, now: SystemTime) -> bool {
        seconds(now).saturating_sub(self.requested_at) <= PENDING_FOR.as_secs()
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Replaces the key. First it checks whether the key has been replaced already: by a request of an earlier apply, whatever its
/// triggers were, since a second rotation would revoke the key in use before that; or by the update just made, if that may make
/// the server rotate. `due` is the state of the rotation before the update.
///
/// # Errors
///
/// The API's errors. If the outcome is not known, private data remembers the request.
pub(super) async fn rotate(
    cx: &Context<'_, Client>,
    id: &str,
    prior: &Rotation,
    due: Option<Baseline>,
) -> Result<infisical::Rotation, Diagnostics> {
    let pending = pending(cx)?.filter(|pending| pending.is_recent(SystemTime::now()));
    if pending.is_none() {
        forget(cx);
    }
    let rotations = cx.client.rotations();
    let rotated = match (&pending, &due) {
        (Some(Pending { baseline, .. }), _) | (None, Some(baseline)) => rotations.resume_rotate(id, baseline).await,
        (None, None) => rotations.rotate(id, &known(prior)).await,
    };
    match &rotated {
        // Only now is it certain that the earlier request need not be looked up again.
        Ok(_) => forget(cx),
        Err(Error::OutcomeUnknown(unknown)) => {
            unknown.baseline().cloned().map(|baseline| remember(cx, baseline)).transpose()?;
        }
        Err(_) => {}
    }
    let rotated = rotated.during("rotate the key", &ROTATION)?;
    let note = rotated.note.iter().map(|note| notes::rotated(note, pending.is_some()));
    note.for_each(|warning| cx.warn(warning));
    Ok(rotated.rotation)
}

/// Changes the rotation. If its triggers change as well, the result comes with what [`rotate`] needs to know: the state of the
/// rotation before the change, if the change may have made the server replace the key.
///
/// # Errors
///
/// The API's errors. If the change may have been made, private data remembers that the key may be replaced.
pub(super) async fn update(
    cx: &Context<'_, Client>,
    id: &str,
    (prior, rotates): (&Rotation, bool),
    patch: &RotationPatch,
) -> Result<(infisical::Rotation, Option<Baseline>), Diagnostics> {
    let rotations = cx.client.rotations();
    let before = match rotates {
        true => Some(rotations.baseline(id, &known(prior)).await.during("read the rotation", &ROTATION)?),
        false => None,
    };
    let changed = rotations.update(id, patch).await;
    if let (Some(before), Err(error)) = (&before, &changed)
        && !matches!(error, Error::Refused(refusal) if refusal.status() < 500)
    {
        remember(cx, before.clone())?;
    }
    let changed = changed.during("update the rotation", &ROTATION)?;
    if !rotates {
        notes::due_at_once(patch, &changed).into_iter().for_each(|warning| cx.warn(warning));
    }
    let may_rotate =
        |before: &Baseline| changed.is_due_at_once() || before.is_passed_by(&changed) || !changed.is_complete();
    let due = before.filter(may_rotate);
    Ok((changed, due))
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

fn remember(cx: &Context<'_, Client>, baseline: Baseline) -> Result<(), Diagnostic> {
    let text = serde_json::to_string(&Pending::new(baseline))
        .map_err(|error| Diagnostic::bug(format!("The private data {PENDING} cannot be written: {error}.")))?;
    cx.private.set(PENDING, text);
    Ok(())
}

/// Forgets a request of an earlier apply.
pub(super) fn forget(cx: &Context<'_, Client>) {
    cx.private.remove(PENDING);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_looked_for_during_a_day() {
        let pending = Pending::new(Baseline::default());
        let later = |hours: u64| SystemTime::now() + Duration::from_secs(hours * 60 * 60);
        assert!(pending.is_recent(later(0)) && pending.is_recent(later(23)) && !pending.is_recent(later(25)));
        assert!(pending.is_recent(UNIX_EPOCH), "a clock that was put back");
    }
}
