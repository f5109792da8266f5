//! Rotating keys, also when the outcome of a request is not known.
//!
//! A rotation issues a key and revokes the one before last, so the request is never sent again once it may have reached
//! the server. The rotation itself shows whether it happened, compared with its state before ([`Baseline`]): it is read
//! several times, for 15 s after the server reported a failure, and for a minute after a lost response or while another
//! rotation is in progress.

use std::time::Duration;

use tokio::time::Instant;

use super::baseline::Baseline;
use super::error::{Error, MaybeIssued, OutcomeUnknown};
use super::known::Known;
use super::lookups::{LAG_LOOKUPS, LOST_LOOKUPS, may_pass};
use super::object::Object;
use super::objects::{LAG_WAITS, Objects};
use super::operation::Operation;
use super::refusal_kind::RefusalKind;
use super::request::Request;
use super::retry::FailureKind;
use super::rotation::Rotation;
use super::secret::quotable;

/// A rotation whose key was replaced.
#[derive(Debug, Clone)]
pub struct Rotated {
    /// The rotation, as the API returned it.
    pub rotation: Rotation,
    /// What was unusual, if anything was.
    pub note: Option<RotateNote>,
}

/// What was unusual about a rotation that succeeded.
#[derive(Debug, Clone)]
pub enum RotateNote {
    /// The key was replaced, and then the server failed: the old key may not have been revoked, for example.
    FailedAfterwards(Error),
    /// The response was lost, and the rotation shows that the key was replaced.
    ResponseLost(Error),
    /// Another rotation was in progress and replaced the key.
    ReplacedByAnother(Error),
    /// The key had already been replaced since the baseline, so no request was sent.
    AlreadyDone,
}

/// The progress of a rotation.
#[derive(Debug, Clone, Copy)]
pub enum RotateStep<'a> {
    /// The request is about to be sent; this is the state of the rotation before it.
    Asking(&'a Baseline),
    /// The request failed with this error, and its result is being looked up.
    Looking(&'a Error),
}

/// The result of the lookups.
enum Lookup {
    Passed(Rotation),
    /// The active key is the same; this is the last state of the rotation that was read.
    Unchanged(Rotation),
}

/// The state of a rotation before a request that may replace its key; `known` is what the caller knows about it.
pub(super) async fn baseline(objects: Objects<'_, Rotation>, id: &str, known: &Baseline) -> Result<Baseline, Error> {
    match objects.get(id, Known::default()).await {
        Ok(rotation) => Ok(known.clone().later(Baseline::of(&rotation))),
        // An identity that may not read may still rotate.
        Err(error) if error.is_refused_as(RefusalKind::PermissionDenied) => Ok(known.clone()),
        Err(error) => Err(error),
    }
}

/// Replaces the key by the rules above.
pub(super) async fn rotate(
    objects: Objects<'_, Rotation>,
    id: &str,
    known: &Baseline,
    tell: &(dyn Fn(RotateStep<'_>) + Send + Sync),
) -> Result<Rotated, Error> {
    let baseline = baseline(objects, id, known).await?;
    let request = Rotation::request(Operation::Rotate, &[id, "rotate-secrets"]).slow();
    let _write = objects.shared.write();
    tell(RotateStep::Asking(&baseline));
    let mut waits = LAG_WAITS.into_iter();
    let failure = loop {
        let sent = objects.client.send(&request).await;
        let failure = match sent.and_then(|response| objects.answered(&response, id)) {
            Ok(rotation) => return Ok(Rotated { rotation, note: None }),
            Err(failure) => failure,
        };
        match waits.next().filter(|_| objects.is_not_found_yet(id, &failure.error)) {
            Some(wait) => objects.client.pause(&request, &failure.error, wait).await?,
            None => break failure,
        }
    };
    let is_in_progress = failure.error.is_refused_as(RefusalKind::InProgress);
    let lookups = match failure.kind {
        FailureKind::Lost => LOST_LOOKUPS,
        FailureKind::Broke => LAG_LOOKUPS,
        _ if is_in_progress => LOST_LOOKUPS,
        _ => return Err(failure.error),
    };
    let error = failure.error;
    tell(RotateStep::Looking(&error));
    match look_up(objects, &request, &error, (id, &baseline), lookups).await {
        Ok(Lookup::Passed(rotation)) => {
            let note = match failure.kind {
                FailureKind::Lost => RotateNote::ResponseLost(error),
                FailureKind::Broke => RotateNote::FailedAfterwards(error),
                _ => RotateNote::ReplacedByAnother(error),
            };
            Ok(Rotated { rotation, note: Some(note) })
        }
        Ok(Lookup::Unchanged(_)) if failure.kind == FailureKind::Lost => Err(unknown(&request, error, None, baseline)),
        Ok(Lookup::Unchanged(rotation)) if failure.kind == FailureKind::Broke => Err(maybe_issued(error, rotation)),
        Ok(Lookup::Unchanged(_)) => Err(in_progress(error, baseline)),
        Err(_) if is_in_progress => Err(in_progress(error, baseline)),
        Err(look_up) => Err(unknown(&request, error, Some(look_up), baseline)),
    }
}

/// Replaces the key unless it has been replaced since the baseline.
pub(super) async fn resume(objects: Objects<'_, Rotation>, id: &str, baseline: &Baseline) -> Result<Rotated, Error> {
    let request = Rotation::request(Operation::Get, &[id]);
    let mut waits = LAG_LOOKUPS.iter();
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

/// Reads the rotation after each of the waits, until its key has been replaced. If the last read failed, nothing is known.
async fn look_up(
    objects: Objects<'_, Rotation>,
    request: &Request,
    after: &Error,
    (id, baseline): (&str, &Baseline),
    lookups: &[Duration],
) -> Result<Lookup, Error> {
    let (mut last, began) = (Ok(Rotation::default()), Instant::now());
    for wait in lookups {
        objects.client.pause(request, after, *wait).await?;
        last = objects.get_briefly(id).await;
        match &last {
            Ok(rotation) if baseline.is_passed_by(rotation) => break,
            Err(error) if !may_pass(error, began) => break,
            _ => {}
        }
    }
    last.map(
        |rotation| {
            if baseline.is_passed_by(&rotation) { Lookup::Passed(rotation) } else { Lookup::Unchanged(rotation) }
        },
    )
}

fn maybe_issued(cause: Error, rotation: Rotation) -> Error {
    let key_name = rotation.parameters.map(|parameters| quotable(&parameters.name, []));
    let last_rotation_message = rotation.last_rotation_message.map(|message| quotable(&message, []));
    Error::MaybeIssued(Box::new(MaybeIssued { cause, key_name, last_rotation_message, of_a_rotate: true }))
}

/// The other rotation may end later, so the error comes with the baseline.
fn in_progress(error: Error, baseline: Baseline) -> Error {
    match error {
        Error::Refused(refusal) => Error::RotationInProgress { refusal, baseline: Box::new(baseline) },
        other => other,
    }
}

fn unknown(request: &Request, cause: Error, look_up: Option<Error>, baseline: Baseline) -> Error {
    let (request, baseline) = (request.name(), Some(baseline));
    Error::OutcomeUnknown(Box::new(OutcomeUnknown { request, cause, look_up, key_name: None, baseline }))
}
