//! Checks whether a replacement can be created: in the plan, and once more right before the old rotation is destroyed.
//! What is not known yet is not checked, and the plan warns of it.

use infisical::{Client, Error, Known, Place, RefusalKind, spelling};
use tfplug::{Diagnostic, Diagnostics, Path};

use super::refusals::ROTATION;
use super::replacement_target::{Replaced, Target};
use crate::provider::errors::{During as _, trace};

const NOTHING_DESTROYED: &str = "Nothing was destroyed, since the replacement could not be created.";

/// What is lost before a new rotation can be created.
pub(super) const CONSEQUENCE: &str =
    "The old rotation and its secret are deleted and its keys are revoked before that.";

/// Why a replacement cannot be created.
pub(super) enum Obstacle {
    /// Something that it needs does not exist, and may exist later.
    Absent(Diagnostic),
    Other(Diagnostics),
}

impl From<Obstacle> for Diagnostics {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Absent(one) => one.into(),
            Obstacle::Other(all) => all,
        }
    }
}

/// Checks whether `target` can be created once `old` has been destroyed, as far as it is known: at most two GETs, and a list if
/// the folder or the secret changes.
///
/// # Errors
///
/// The reason why it cannot. A lookup that fails counts as one, since a create would fail at that time, too.
pub(super) async fn check(client: &Client, old: &Replaced, target: &Target) -> Result<(), Obstacle> {
    secret_is_left_by_none(old, target)?;
    secret_is_free(client, old, target).await?;
    place_is_free(client, old, target).await?;
    connection_serves(client, old, target).await
}

/// A secret that the destroy leaves is in the way of a replacement in the same folder.
fn secret_is_left_by_none(old: &Replaced, target: &Target) -> Result<(), Obstacle> {
    let (Some(secret), Some(path)) = (&target.secret, &target.secret_path) else { return Ok(()) };
    if !old.keeps_secret || old.target.secret.as_ref() != Some(secret) || !target.shares_folder_with(&old.target) {
        return Ok(());
    }
    let detail = format!(
        "With on_destroy.delete_secrets = false, the secret {secret:?} stays in {path}, and the replacement would need the same \
         name. {NOTHING_DESTROYED}\nChoose another secrets_mapping.api_key, or set on_destroy.delete_secrets to true and apply \
         that first."
    );
    Err(Obstacle::Other(cannot_replace(detail, Path::of("on_destroy")).into()))
}

/// Whether the project can be looked into, and no other rotation of the folder has the secret.
async fn secret_is_free(client: &Client, old: &Replaced, target: &Target) -> Result<(), Obstacle> {
    let Some(project_id) = &target.project_id else { return Ok(()) };
    let stays = target.stays_in_project_of(&old.target);
    let keeps_its_secret = target.shares_folder_with(&old.target) && target.secret == old.target.secret;
    let wanted = target.place().zip(target.secret.as_deref()).filter(|_| !keeps_its_secret);
    if stays && wanted.is_none() {
        return Ok(());
    }
    let is_hidden = |error: &Error| {
        error.is_refused_as(RefusalKind::PermissionDenied) || error.is_refused_as(RefusalKind::NotAMember)
    };
    let listed = match client.rotations().list_each(project_id).await {
        // In this project, the identity has managed a rotation without this permission.
        Err(error) if stays && is_hidden(&error) => return Ok(()),
        listed => listed.map_err(|error| cannot_tell(error, "project_id"))?,
    };
    let Some((place, secret)) = wanted else { return Ok(()) };
    let mut others = listed.iter().flatten().filter(|one| one.id != old.id);
    let Some(owner) = others.find(|one| has_secret(one, &place, secret)) else { return Ok(()) };
    let detail = format!(
        "The secret {secret:?} in {} of environment {} belongs to the rotation {:?} with id {}. {NOTHING_DESTROYED}\nChoose another \
         secrets_mapping.api_key. If that rotation is to be removed or moved by this configuration, do that first, in an apply of \
         its own.",
        place.secret_path,
        place.environment,
        owner.name.as_deref().unwrap_or_default(),
        owner.id
    );
    Err(Obstacle::Other(cannot_replace(detail, Path::of("secrets_mapping").attribute("api_key")).into()))
}

fn has_secret(rotation: &infisical::Rotation, place: &Place, secret: &str) -> bool {
    let environment = rotation.environment.as_ref().and_then(|environment| environment.slug.as_deref());
    let path = rotation.folder.as_ref().and_then(|folder| folder.path.as_deref());
    let mapped = rotation.secrets_mapping.as_ref().map(|mapping| mapping.api_key.as_str());
    environment.is_some_and(|slug| spelling::same_trimmed(slug, &place.environment))
        && path.is_some_and(|path| spelling::same_path(path, &place.secret_path))
        && mapped.is_some_and(|mapped| spelling::same_trimmed(mapped, secret))
}

/// Whether the folder of the replacement exists, and the name is free in it.
async fn place_is_free(client: &Client, old: &Replaced, target: &Target) -> Result<(), Obstacle> {
    // Whether the folder exists is found out with any name.
    let (Some(place), Some(name)) = (target.place(), target.name.as_ref().or(old.target.name.as_ref())) else {
        return Ok(());
    };
    let Place { project_id, environment, secret_path } = &place;
    match client.rotations().by_name(&place, name).await {
        Ok(found) if found.id == old.id || target.name.is_none() => Ok(()),
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) if error.is_refused_as(RefusalKind::FolderNotFound) => {
            let detail = format!(
                "The folder {secret_path} does not exist in environment {environment} of project {project_id}. \
                 {NOTHING_DESTROYED}\nIf the folder was renamed in Infisical, change secret_path (or environment) to its new \
                 name. If it is to be created, create it first, in an apply of its own.\n{}",
                trace(&error).unwrap_or_default()
            );
            Err(Obstacle::Absent(cannot_replace(detail, Path::of("secret_path"))))
        }
        Ok(found) => {
            let detail = format!(
                "A rotation named {name:?} already exists in {secret_path} of environment {environment}, with id {}. \
                 {NOTHING_DESTROYED}\nChoose another name, or import the existing rotation. If it is to be removed or moved by \
                 this configuration, do that first, in an apply of its own.",
                found.id
            );
            Err(Obstacle::Other(cannot_replace(detail, Path::of("name")).into()))
        }
        // Without the permission to read, nothing more can be found out, and a rotation that cannot be read cannot be managed.
        Err(error) => Err(cannot_tell(error, "secret_path")),
    }
}

/// Whether the connection exists and may serve the project.
async fn connection_serves(client: &Client, old: &Replaced, target: &Target) -> Result<(), Obstacle> {
    let Some(connection_id) = &target.connection_id else { return Ok(()) };
    let is_in_use = old.target.connection_id.as_ref().is_some_and(|id| spelling::same_id(id, connection_id));
    if is_in_use && target.stays_in_project_of(&old.target) {
        return Ok(()); // A connection in use cannot be deleted.
    }
    match client.connections().get(connection_id, Known::default()).await {
        Ok(found) => match found.project_id.zip(target.project_id.as_ref()).filter(|(owner, id)| owner != *id) {
            None => Ok(()),
            Some((owner, project_id)) => {
                let detail = format!(
                    "The app connection {connection_id} belongs to project {owner}, and cannot serve project {project_id}. \
                     {NOTHING_DESTROYED}\nChoose a connection of the project or of the organization."
                );
                Err(Obstacle::Other(cannot_replace(detail, Path::of("connection_id")).into()))
            }
        },
        Err(error) if error.is_not_found() || error.is_refused_as(RefusalKind::ConnectionNotFound) => {
            let detail = format!(
                "Infisical knows no OpenRouter app connection with id {connection_id}. {NOTHING_DESTROYED}\nCheck \
                 connection_id, and that this identity may use the connection."
            );
            Err(Obstacle::Absent(cannot_replace(detail, Path::of("connection_id"))))
        }
        // An identity may use a connection that it may not read.
        Err(error) if error.is_refused_as(RefusalKind::PermissionDenied) => Ok(()),
        Err(error) => Err(cannot_tell(error, "connection_id")),
    }
}

fn cannot_replace(detail: String, path: Path) -> Diagnostic {
    Diagnostic::error("Cannot replace the rotation", detail).at(path)
}

/// The diagnostics for a lookup that failed.
fn cannot_tell(error: Error, attribute: &str) -> Obstacle {
    let looked = Err::<(), _>(error).during("check whether the rotation can be replaced", &ROTATION);
    let errors = looked.err().unwrap_or_default();
    let told = errors.into_iter().map(|error| {
        let detail = format!("{}\n{NOTHING_DESTROYED}", error.detail());
        Diagnostic::error(error.summary(), detail).at(Path::of(attribute))
    });
    Obstacle::Other(told.collect())
}
