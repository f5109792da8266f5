//! What a replacement of a rotation would create and destroy, as far as it is known.

use infisical::{Place, spelling};
use serde::{Deserialize, Serialize};
use tfplug::Attr;

use super::model::{Rotation, RotationConfig};

/// The values that determine whether a rotation can be created, as far as they are known.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(super) struct Target {
    pub(super) project_id: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) secret_path: Option<String>,
    pub(super) name: Option<String>,
    pub(super) connection_id: Option<String>,
    pub(super) secret: Option<String>,
}

/// The rotation that is to be replaced.
pub(super) struct Replaced {
    pub(super) id: String,
    pub(super) target: Target,
    /// Whether its secret stays when it is destroyed.
    pub(super) keeps_secret: bool,
}

impl Target {
    pub(super) fn of(planned: &RotationConfig) -> Self {
        let known = |one: &Attr<String>| one.get().cloned();
        let (place, settings) = (&planned.place, &planned.settings);
        Self {
            project_id: known(&place.project_id),
            environment: known(&place.environment),
            secret_path: known(&place.secret_path),
            name: known(&place.name),
            connection_id: known(&settings.connection_id),
            secret: settings.secrets_mapping.get().and_then(|mapping| known(&mapping.api_key)),
        }
    }

    fn of_state(state: &Rotation) -> Self {
        let super::Place { project_id, environment, secret_path, name } = state.place.clone();
        Self {
            project_id: Some(project_id),
            environment: Some(environment),
            secret_path: Some(secret_path),
            name: Some(name),
            connection_id: Some(state.settings.connection_id.clone()),
            secret: Some(state.settings.secrets_mapping.api_key.clone()),
        }
    }

    /// The attributes that are not known yet.
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let all = [
            (&self.project_id, "project_id"),
            (&self.environment, "environment"),
            (&self.secret_path, "secret_path"),
            (&self.name, "name"),
            (&self.connection_id, "connection_id"),
            (&self.secret, "secrets_mapping.api_key"),
        ];
        all.into_iter().filter(|(value, _)| value.is_none()).map(|(_, name)| name).collect()
    }

    /// The folder, if it is known.
    pub(super) fn place(&self) -> Option<Place> {
        Some(Place {
            project_id: self.project_id.clone()?,
            environment: self.environment.clone()?,
            secret_path: self.secret_path.clone()?,
        })
    }

    /// Whether both are in the same project, or that of one is not known.
    pub(super) fn stays_in_project_of(&self, other: &Self) -> bool {
        self.project_id.is_none() || self.project_id == other.project_id
    }

    pub(super) fn shares_folder_with(&self, other: &Self) -> bool {
        let folders = self.place().zip(other.place());
        folders.is_some_and(|(one, other)| {
            one.project_id == other.project_id
                && one.environment == other.environment
                && spelling::same_path(&one.secret_path, &other.secret_path)
        })
    }
}

impl Replaced {
    /// From the state; `None` if it has no id.
    pub(super) fn of(prior: &RotationConfig) -> Option<Self> {
        let keeps = |on_destroy: &super::model::OnDestroyConfig| on_destroy.delete_secrets.get() == Some(&false);
        Some(Self {
            id: prior.id.get()?.clone(),
            target: Target::of(prior),
            keeps_secret: prior.on_destroy.get().is_some_and(keeps),
        })
    }

    pub(super) fn of_state(id: &str, state: &Rotation) -> Self {
        let keeps_secret = !state.to_deletion().delete_secrets;
        Self { id: id.to_owned(), target: Target::of_state(state), keeps_secret }
    }
}
