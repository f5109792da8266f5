//! Rotates, when it isn't known what a request did.
//!
//! A rotate issues a key and revokes the one before last, so it's never sent again once it may have reached the
//! server. Whether it happened is told by the rotation itself, against what it showed before ([`Baseline`]): it's
//! looked at several times within 15 s after the server said that it failed, and during a minute after a lost answer
//! or while another rotation is in progress.

use std::time::Duration;

use super::baseline::Baseline;
use super::create::{LAG_LOOKS, LOST_LOOKS};
use super::error::{Error, MaybeIssued, OutcomeUnknown};
use super::known::Known;
use super::object::Object;
use super::objects::{Objects, about};
use super::operation::Operation;
use super::refusal::RefusalKind;
use super::request::Request;
use super::retry::Kind;
use super::rotation::Rotation;

/// A rotation whose key was replaced.
#[derive(Debug, Clone)]
pub struct Rotated {
    /// The rotation, as the API answered.
    pub rotation: Rotation,
    /// What was out of the ordinary, if something was.
    pub note: Option<RotateNote>,
}

/// What was out of the ordinary with a rotate that succeeded.
#[derive(Debug, Clone)]
pub enum RotateNote {
    /// The key was replaced, and then the server failed: the old key may not have been revoked, say.
    FailedAfterwards(Error),
    /// The answer got lost, and the rotation shows that the key was replaced.
    AnswerLost(Error),
    /// Another rotation was in progress, and that one replaced the key.
    ReplacedByAnother(Error),
    /// The key had been replaced since the baseline, so nothing was sent.
    AlreadyDone,
}

/// How far a rotate has come.
#[derive(Debug, Clone, Copy)]
pub enum RotateStep<'a> {
    /// The request is about to be sent; this is what the rotation looked like before.
    Asking(&'a Baseline),
    /// The request failed so, and what came of it is looked for.
    Looking(&'a Error),
}

/// What looking at a rotation brought.
enum Look {
    Passed(Rotation),
    /// The key in use is the same; this is how the rotation looked last.
    Unchanged(Rotation),
}

/// Rotates, by the rule above.
pub(super) async fn rotate(
    objects: Objects<'_, Rotation>,
    id: &str,
    known: &Baseline,
    tell: &(dyn Fn(RotateStep<'_>) + Send + Sync),
) -> Result<Rotated, Error> {
    let baseline = match objects.get(id, Known::default()).await {
        Ok(rotation) => known.clone().later(Baseline::of(&rotation)),
        // Whoever may not read may still rotate.
        Err(error) if error.is_refused_as(RefusalKind::PermissionDenied) => known.clone(),
        Err(error) => return Err(error),
    };
    let request = Rotation::request(Operation::Rotate, &[id, "rotate-secrets"]).slow();
    let _write = objects.shared.write();
    tell(RotateStep::Asking(&baseline));
    let sent = objects.client.send(&request).await;
    let failure = match sent.and_then(|response| about(&response, id)) {
        Ok(rotation) => return Ok(Rotated { rotation, note: None }),
        Err(failure) => failure,
    };
    let in_progress = failure.error.is_refused_as(RefusalKind::InProgress);
    let looks = match failure.kind {
        Kind::Lost => LOST_LOOKS,
        Kind::Broke => LAG_LOOKS,
        _ if in_progress => LOST_LOOKS,
        _ => return Err(failure.error),
    };
    let error = failure.error;
    tell(RotateStep::Looking(&error));
    match look(objects, &request, &error, (id, &baseline), looks).await {
        Ok(Look::Passed(rotation)) => {
            let note = match failure.kind {
                Kind::Lost => RotateNote::AnswerLost(error),
                Kind::Broke => RotateNote::FailedAfterwards(error),
                _ => RotateNote::ReplacedByAnother(error),
            };
            Ok(Rotated { rotation, note: Some(note) })
        }
        Ok(Look::Unchanged(_)) if failure.kind == Kind::Lost => Err(unknown(&request, error, None, baseline)),
        Ok(Look::Unchanged(rotation)) if failure.kind == Kind::Broke => Err(maybe_issued(error, rotation)),
        Ok(Look::Unchanged(_)) => Err(error),
        Err(_) if in_progress => Err(error),
        Err(look_up) => Err(unknown(&request, error, Some(look_up), baseline)),
    }
}

/// Rotates unless that has happened since the baseline.
pub(super) async fn resume(objects: Objects<'_, Rotation>, id: &str, baseline: &Baseline) -> Result<Rotated, Error> {
    let request = Rotation::request(Operation::Get, &[id]);
    let mut waits = LAG_LOOKS.iter();
    loop {
        let rotation = objects.get(id, Known::default()).await?;
        if baseline.is_passed_by(&rotation) {
            return Ok(Rotated { rotation, note: Some(RotateNote::AlreadyDone) });
        }
        match waits.next() {
            Some(wait) => objects.client.wait(&request, *wait).await?,
            None => return rotate(objects, id, baseline, &|_| ()).await,
        }
    }
}

/// Looks at the rotation after each of the waits, until its key has been replaced.
async fn look(
    objects: Objects<'_, Rotation>,
    request: &Request,
    after: &Error,
    (id, baseline): (&str, &Baseline),
    looks: &[Duration],
) -> Result<Look, Error> {
    let mut last = None;
    for wait in looks {
        objects.client.pause(request, after, *wait).await?;
        let rotation = objects.get(id, Known::default()).await?;
        if baseline.is_passed_by(&rotation) {
            return Ok(Look::Passed(rotation));
        }
        last = Some(rotation);
    }
    Ok(Look::Unchanged(last.unwrap_or_default()))
}

fn maybe_issued(cause: Error, rotation: Rotation) -> Error {
    let key_name = rotation.parameters.map(|parameters| parameters.name);
    let last_rotation_message = rotation.last_rotation_message;
    Error::MaybeIssued(Box::new(MaybeIssued { cause, key_name, last_rotation_message }))
}

fn unknown(request: &Request, cause: Error, look_up: Option<Error>, baseline: Baseline) -> Error {
    let (request, baseline) = (request.name(), Some(baseline));
    Error::OutcomeUnknown(Box::new(OutcomeUnknown { request, cause, look_up, key_name: None, baseline }))
}
