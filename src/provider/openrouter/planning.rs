//! What a plan needs beyond the schema: no replacement that cannot succeed, and no change that will not happen.

use infisical::{Client, Error, Known, Place, RefusalKind};
use tfplug::{Diagnostic, Diagnostics, Path, PlanRequest};

use super::model::RotationConfig;
use super::triggers::IMPORTED;
use crate::provider::errors::trace;

/// The part of a rotation's planning that the schema cannot say.
///
/// # Errors
///
/// A diagnostic when the plan would destroy a rotation for one that cannot be created.
pub(super) async fn plan(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    let (Some(config), Some(prior), Some(planned)) = (&request.config, &request.prior, &mut request.planned) else {
        return Ok(());
    };
    // The first triggers after an import are recorded and rotate nothing, so the key stays as it is.
    if request.private.get(IMPORTED).is_some() && prior.rotation_triggers.is_null() {
        let kept = planned.clone().with_decisions_of(prior, config)?;
        if kept.differs_in_triggers_alone(prior) {
            *planned = kept;
        }
    }
    if request.requires_replace().is_empty() {
        return Ok(());
    }
    let (Some(client), Some(planned)) = (request.client, &request.planned) else { return Ok(()) };
    new_place_is_there(client, request.prior.as_ref(), planned).await?;
    match request.requires_replace().contains(&Path::of("connection_id")) {
        true => new_connection_is_there(client, planned).await,
        false => Ok(()),
    }
}

/// What follows an error that stops a replacement.
const NOTHING_DESTROYED: &str =
    "The plan was stopped before anything is destroyed, since the replacement could not be created.";

/// Whether the folder of the replacement exists, and the name is free in it.
async fn new_place_is_there(
    client: &Client,
    prior: Option<&RotationConfig>,
    planned: &RotationConfig,
) -> Result<(), Diagnostics> {
    let Some((place, name)) = planned.place.to_api() else { return Ok(()) };
    match client.rotations().by_name(&place, name).await {
        Err(error) if error.is_refused_as(RefusalKind::FolderNotFound) => Err(stopped(&error, &place)),
        Ok(found) if prior.and_then(|prior| prior.id.get()) != Some(&found.id) => {
            let detail = format!(
                "A rotation named {name:?} already exists in {} of environment {}, with id {}. {NOTHING_DESTROYED}\nChoose \
                 another name, or import the existing rotation. If it is to be removed or moved by this configuration, do \
                 that first, in an apply of its own.",
                place.secret_path, place.environment, found.id
            );
            Err(Diagnostic::error("Cannot replace the rotation", detail).at(Path::of("name")).into())
        }
        // Whatever else the look-up ends with says nothing against the replacement.
        _ => Ok(()),
    }
}

fn stopped(error: &Error, place: &Place) -> Diagnostics {
    let detail = format!(
        "The folder {} does not exist in environment {}. {NOTHING_DESTROYED}\nIf the folder was renamed in Infisical, change \
         secret_path (or environment) to its new name. If it is to be created, create it first, in an apply of its own.\n{}",
        place.secret_path,
        place.environment,
        trace(error).unwrap_or_default()
    );
    Diagnostic::error("Cannot replace the rotation", detail).at(Path::of("secret_path")).into()
}

async fn new_connection_is_there(client: &Client, planned: &RotationConfig) -> Result<(), Diagnostics> {
    let Some(id) = planned.settings.connection_id.get() else { return Ok(()) };
    match client.connections().get(id, Known::default()).await {
        Err(error) if error.is_not_found() || error.is_refused_as(RefusalKind::ConnectionNotFound) => {
            let detail = format!(
                "Infisical knows no OpenRouter app connection with id {id}. {NOTHING_DESTROYED}\nCheck connection_id, and that \
                 this identity may use the connection."
            );
            Err(Diagnostic::error("Cannot replace the rotation", detail).at(Path::of("connection_id")).into())
        }
        // An identity may use a connection that it may not read.
        _ => Ok(()),
    }
}
