//! Planning beyond the schema: refuses replacements that cannot succeed, and plans no changes that will not happen.

use infisical::Client;
use tfplug::{Deferral, Diagnostic, Diagnostics, PlanRequest};

use super::model::RotationConfig;
use super::replacement::{self, Obstacle, Replaced, Target};
use super::triggers::IMPORTED;

/// The part of a rotation's planning that the schema cannot express.
///
/// # Errors
///
/// A diagnostic when the plan would destroy a rotation for one that cannot be created.
pub(super) async fn plan(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    match (&request.prior, &request.planned) {
        (_, None) => Ok(()),
        (None, Some(planned)) => match Target::of(planned) {
            Some(target) => Ok(target.note(request.private)?),
            None => Ok(()),
        },
        (Some(_), Some(_)) => {
            keep_the_key_after_an_import(request)?;
            replacement_can_be_created(request).await
        }
    }
}

/// The first triggers after an import are recorded and rotate nothing, so the key stays as it is.
fn keep_the_key_after_an_import(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    let (Some(config), Some(prior), Some(planned)) = (&request.config, &request.prior, &mut request.planned) else {
        return Ok(());
    };
    if request.private.get(IMPORTED).is_some() && prior.rotation_triggers.is_null() {
        let kept = planned.clone().with_decisions_of(prior, config)?;
        if kept.differs_in_triggers_alone(prior) {
            *planned = kept;
        }
    }
    Ok(())
}

async fn replacement_can_be_created(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    // Without a client, the destroy looks.
    let (false, Some(client)) = (request.requires_replace().is_empty(), request.client) else { return Ok(()) };
    let old = request.prior.as_ref().and_then(Replaced::of);
    let target = request.planned.as_ref().and_then(Target::of);
    let (Some(old), Some(target)) = (old, target) else {
        request.defer(Deferral::ResourceConfigUnknown);
        return Ok(());
    };
    match replacement::check(client, &old, &target).await {
        Ok(()) => Ok(()),
        Err(Obstacle::Absent(error)) if request.defer(Deferral::AbsentPrerequisite) => {
            request.warn(Diagnostic::warning(error.summary(), error.detail()));
            Ok(())
        }
        Err(obstacle) => Err(obstacle.into()),
    }
}
