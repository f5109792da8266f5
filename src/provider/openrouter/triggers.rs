//! Rotates the key when the triggers change: once for each change, also across runs.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use infisical::{Baseline, Client, RotateNote, RotationPatch};
use serde::{Deserialize, Serialize};
use tfplug::{Context, Diagnostic, Diagnostics, Private};

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

/// What an update does with the triggers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// They are the same.
    Nothing,
    /// They are the first ones after an import, so it is not known for which triggers the key was issued.
    Records,
    /// They replace the key.
    Rotates,
}

impl Effect {
    /// The plan and the update decide by the same rule. `differ` compares triggers for which no map and an empty map are the
    /// same.
    pub(super) fn of(private: &Private, had_none: bool, differ: bool) -> Self {
        match (differ, had_none && private.get(IMPORTED).is_some()) {
            (false, _) => Self::Nothing,
            (true, true) => Self::Records,
            (true, false) => Self::Rotates,
        }
    }
}

/// What an update means for the rotation of the key after it.
#[derive(Default)]
pub(super) struct Updated {
    /// The state of the rotation before it, if it may have made the server replace the key.
    due: Option<Baseline>,
    /// Whether the key was replaced before the update was answered, rather than because of it.
    was_replaced: bool,
    /// Whether it changed the parameters of keys.
    has_parameters: bool,
}

impl Updated {
    /// Whether the key may have been issued with the parameters before the update.
    fn may_have_come_too_late(&self, note: &RotateNote, is_resumed: bool) -> bool {
        self.has_parameters
            && match note {
                RotateNote::ReplacedByAnother(_) => true,
                RotateNote::AlreadyDone => is_resumed || self.was_replaced,
                RotateNote::FailedAfterwards(_) | RotateNote::ResponseLost(_) => false,
            }
    }
}

/// Replaces the key. First it checks whether the key has been replaced already: by a request of an earlier apply, whatever its
/// triggers were, since a second rotation would revoke the key in use before that; or by the update just made, if that may make
/// the server rotate.
///
/// # Errors
///
/// The API's errors. If the outcome is not known, private data remembers the request.
pub(super) async fn rotate(
    cx: &Context<'_, Client>,
    id: &str,
    prior: &Rotation,
    updated: &Updated,
) -> Result<infisical::Rotation, Diagnostics> {
    let pending = pending(cx)?.filter(|pending| pending.is_recent(SystemTime::now()));
    if pending.is_none() {
        forget(cx);
    }
    let rotations = cx.client.rotations();
    let rotated = match (&pending, &updated.due) {
        (Some(Pending { baseline, .. }), _) | (None, Some(baseline)) => rotations.resume_rotate(id, baseline).await,
        (None, None) => rotations.rotate(id, &known(prior)).await,
    };
    match &rotated {
        // Only now is it certain that the earlier request need not be looked up again.
        Ok(_) => forget(cx),
        Err(error) => error.baseline().cloned().map(|baseline| remember(cx, baseline)).transpose()?.unwrap_or_default(),
    }
    let rotated = rotated.during("rotate the key", &ROTATION)?;
    if let Some(note) = &rotated.note {
        cx.warn(notes::rotated(note, pending.is_some()));
        if updated.may_have_come_too_late(note, pending.is_some()) {
            cx.warn(notes::perhaps_with_old_parameters());
        }
    }
    Ok(rotated.rotation)
}

/// Changes the rotation. If its triggers change as well, the result comes with what [`rotate`] needs to know.
///
/// # Errors
///
/// The API's errors. If the change may have been made, private data remembers that the key may be replaced.
pub(super) async fn update(
    cx: &Context<'_, Client>,
    id: &str,
    (prior, rotates): (&Rotation, bool),
    patch: &RotationPatch,
) -> Result<(infisical::Rotation, Updated), Diagnostics> {
    let rotations = cx.client.rotations();
    let before = match rotates {
        true => Some(rotations.baseline(id, &known(prior)).await.during("read the rotation", &ROTATION)?),
        false => None,
    };
    let changed = rotations.try_update(id, patch).await;
    if let (Some(before), Err(failed)) = (&before, &changed)
        && failed.may_be_made
    {
        remember(cx, before.clone())?;
    }
    let changed = changed.map_err(|failed| failed.error).during("update the rotation", &ROTATION)?;
    if !rotates {
        notes::due_at_once(patch, &changed).into_iter().for_each(|warning| cx.warn(warning));
    }
    let may_rotate =
        |before: &Baseline| changed.is_due_at_once() || before.is_passed_by(&changed) || !changed.is_complete();
    let was_replaced = before.as_ref().is_some_and(|before| before.is_passed_by(&changed));
    let updated = Updated { due: before.filter(may_rotate), was_replaced, has_parameters: patch.parameters.is_some() };
    Ok((changed, updated))
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
