//! Checks whether a replacement can be created: in the plan, and once more right before the old rotation is destroyed.
//!
//! The provider is not told about every replacement in the plan. With `-replace`, `replace_triggered_by` or a tainted object,
//! it is asked to plan an update or a create. So each planned create stores its target in private data. If it replaces
//! something, the core passes that to the destroy of the old object, which then does the check.

use infisical::{Client, Error, Known, Place, RefusalKind};
use serde::{Deserialize, Serialize};
use tfplug::{Diagnostic, Diagnostics, Path, Private};

use super::model::{Rotation, RotationConfig};
use super::refusals::ROTATION;
use crate::provider::errors::{During as _, trace};

/// The key of the private data with the rotation that is to be created. The create removes it.
const PLANNED: &str = "planned";

const NOTHING_DESTROYED: &str = "Nothing was destroyed, since the replacement could not be created.";

/// The values that determine whether a rotation can be created.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Target {
    project_id: String,
    environment: String,
    secret_path: String,
    name: String,
    connection_id: String,
    secret: String,
}

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

/// The rotation that is to be replaced.
pub(super) struct Replaced {
    id: String,
    target: Target,
    /// Whether its secret stays when it is destroyed.
    keeps_secret: bool,
}

impl Target {
    /// `None` if part of it is unknown.
    pub(super) fn of(planned: &RotationConfig) -> Option<Self> {
        let (place, name) = planned.place.to_api()?;
        let connection_id = planned.settings.connection_id.get()?;
        let secret = planned.settings.secrets_mapping.get()?.api_key.get()?;
        Some(Self::new(place, name, connection_id, secret))
    }

    fn of_state(state: &Rotation) -> Self {
        let super::Place { project_id, environment, secret_path, name } = state.place.clone();
        let place = Place { project_id, environment, secret_path };
        Self::new(place, &name, &state.settings.connection_id, &state.settings.secrets_mapping.api_key)
    }

    fn new(place: Place, name: &str, connection_id: &str, secret: &str) -> Self {
        let Place { project_id, environment, secret_path } = place;
        let [name, connection_id, secret] = [name, connection_id, secret].map(str::to_owned);
        Self { project_id, environment, secret_path, name, connection_id, secret }
    }

    /// Stores the target of a planned create in its private data.
    pub(super) fn note(self, private: &Private) -> Result<(), Diagnostic> {
        let text = serde_json::to_string(&self)
            .map_err(|error| Diagnostic::bug(format!("The private data {PLANNED} cannot be written: {error}.")))?;
        private.set(PLANNED, text);
        Ok(())
    }

    /// The target of the create that replaces the object that is being destroyed; `None` if nothing replaces it.
    pub(super) fn noted(private: &Private) -> Result<Option<Self>, Diagnostic> {
        let Some(text) = private.get(PLANNED) else { return Ok(None) };
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| Diagnostic::bug(format!("The private data {PLANNED} cannot be read: {error}.")))
    }

    /// Removes the target from the private data, since the rotation exists now.
    pub(super) fn forget(private: &Private) {
        private.remove(PLANNED);
    }

    fn place(&self) -> Place {
        Place {
            project_id: self.project_id.clone(),
            environment: self.environment.clone(),
            secret_path: self.secret_path.clone(),
        }
    }

    fn shares_folder_with(&self, other: &Self) -> bool {
        let path = |target: &Self| target.secret_path.trim_end_matches('/').to_owned();
        self.project_id == other.project_id && self.environment == other.environment && path(self) == path(other)
    }
}

impl Replaced {
    /// From the state; `None` if an attribute is missing.
    pub(super) fn of(prior: &RotationConfig) -> Option<Self> {
        let keeps = |on_destroy: &super::model::OnDestroyConfig| on_destroy.delete_secrets.get() == Some(&false);
        Some(Self {
            id: prior.id.get()?.clone(),
            target: Target::of(prior)?,
            keeps_secret: prior.on_destroy.get().is_some_and(keeps),
        })
    }

    pub(super) fn of_state(id: &str, state: &Rotation) -> Self {
        let keeps_secret = !state.to_deletion().delete_secrets;
        Self { id: id.to_owned(), target: Target::of_state(state), keeps_secret }
    }
}

/// Checks whether `target` can be created once `old` has been destroyed: at most two GETs, and a list if the project changes.
///
/// # Errors
///
/// The reason why it cannot. A lookup that fails counts as one, since a create would fail at that time, too.
pub(super) async fn check(client: &Client, old: &Replaced, target: &Target) -> Result<(), Obstacle> {
    secret_is_free(old, target)?;
    if old.target.project_id != target.project_id {
        let listed = client.rotations().list(&target.project_id).await;
        listed.map_err(|error| cannot_tell(error, "project_id"))?;
    }
    place_is_free(client, old, target).await?;
    let is_in_use = old.target.connection_id.eq_ignore_ascii_case(&target.connection_id);
    match is_in_use && old.target.project_id == target.project_id {
        // A connection in use cannot be deleted.
        true => Ok(()),
        false => connection_serves(client, target).await,
    }
}

/// A secret that the destroy leaves is in the way of a replacement in the same folder.
fn secret_is_free(old: &Replaced, target: &Target) -> Result<(), Obstacle> {
    if !old.keeps_secret || old.target.secret != target.secret || !target.shares_folder_with(&old.target) {
        return Ok(());
    }
    let detail = format!(
        "With on_destroy.delete_secrets = false, the secret {:?} stays in {}, and the replacement would need the same name. \
         {NOTHING_DESTROYED}\nChoose another secrets_mapping.api_key, or set on_destroy.delete_secrets to true and apply that \
         first.",
        target.secret, target.secret_path
    );
    Err(Obstacle::Other(cannot_replace(detail, "on_destroy").into()))
}

/// Whether the folder of the replacement exists, and the name is free in it.
async fn place_is_free(client: &Client, old: &Replaced, target: &Target) -> Result<(), Obstacle> {
    let Target { project_id, environment, secret_path, name, .. } = target;
    match client.rotations().by_name(&target.place(), name).await {
        Ok(found) if found.id == old.id => Ok(()),
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) if error.is_refused_as(RefusalKind::FolderNotFound) => {
            let detail = format!(
                "The folder {secret_path} does not exist in environment {environment} of project {project_id}. \
                 {NOTHING_DESTROYED}\nIf the folder was renamed in Infisical, change secret_path (or environment) to its new \
                 name. If it is to be created, create it first, in an apply of its own.\n{}",
                trace(&error).unwrap_or_default()
            );
            Err(Obstacle::Absent(cannot_replace(detail, "secret_path")))
        }
        Ok(found) => {
            let detail = format!(
                "A rotation named {name:?} already exists in {secret_path} of environment {environment}, with id {}. \
                 {NOTHING_DESTROYED}\nChoose another name, or import the existing rotation. If it is to be removed or moved by \
                 this configuration, do that first, in an apply of its own.",
                found.id
            );
            Err(Obstacle::Other(cannot_replace(detail, "name").into()))
        }
        // Without the permission to read, nothing more can be found out, and a rotation that cannot be read cannot be managed.
        Err(error) => Err(cannot_tell(error, "secret_path")),
    }
}

/// Whether the connection exists and may serve the project.
async fn connection_serves(client: &Client, target: &Target) -> Result<(), Obstacle> {
    let Target { connection_id, project_id, .. } = target;
    match client.connections().get(connection_id, Known::default()).await {
        Ok(found) => match found.project_id.filter(|owner| owner != project_id) {
            None => Ok(()),
            Some(owner) => {
                let detail = format!(
                    "The app connection {connection_id} belongs to project {owner}, and cannot serve project {project_id}. \
                     {NOTHING_DESTROYED}\nChoose a connection of the project or of the organization."
                );
                Err(Obstacle::Other(cannot_replace(detail, "connection_id").into()))
            }
        },
        Err(error) if error.is_not_found() || error.is_refused_as(RefusalKind::ConnectionNotFound) => {
            let detail = format!(
                "Infisical knows no OpenRouter app connection with id {connection_id}. {NOTHING_DESTROYED}\nCheck \
                 connection_id, and that this identity may use the connection."
            );
            Err(Obstacle::Absent(cannot_replace(detail, "connection_id")))
        }
        // An identity may use a connection that it may not read.
        Err(error) if error.is_refused_as(RefusalKind::PermissionDenied) => Ok(()),
        Err(error) => Err(cannot_tell(error, "connection_id")),
    }
}

fn cannot_replace(detail: String, attribute: &str) -> Diagnostic {
    Diagnostic::error("Cannot replace the rotation", detail).at(Path::of(attribute))
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
