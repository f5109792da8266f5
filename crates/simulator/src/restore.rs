//! Restores rotations of another run of the simulator.

use serde::Deserialize;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{handle::Handle, projects::Unknown, rotation::Rotation, schedule::RotateAtUtc};

/// Why a rotation cannot be restored.
#[derive(Debug, thiserror::Error)]
pub enum CannotRestore {
    /// The value is not a rotation as the API returns it.
    #[error("not a rotation: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Its project, environment or folder does not exist.
    #[error(transparent)]
    Unknown(#[from] Unknown),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Returned {
    id: String,
    name: String,
    description: Option<String>,
    is_auto_rotation_enabled: bool,
    active_index: usize,
    connection_id: String,
    created_at: Stamp,
    updated_at: Stamp,
    rotation_interval: f64,
    rotation_status: String,
    last_rotation_attempted_at: Stamp,
    last_rotated_at: Stamp,
    last_rotation_job_id: Option<String>,
    next_rotation_at: Option<Stamp>,
    is_last_rotation_manual: bool,
    project_id: String,
    environment: Environment,
    folder: Folder,
    rotate_at_utc: RotateAtUtc,
    last_rotation_message: Option<String>,
    parameters: Value,
    secrets_mapping: Mapping,
}

#[derive(Deserialize)]
struct Environment {
    id: String,
    slug: String,
}

#[derive(Deserialize)]
struct Folder {
    id: String,
    path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    api_key: String,
}

struct Stamp(OffsetDateTime);

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        OffsetDateTime::parse(&text, &Rfc3339).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Handle {
    /// Restores a rotation of another run, as the API returned it, with its ids and dates. The environment and the folder
    /// get their previous ids, too. The key and the secret are new, since the API does not return them.
    ///
    /// # Errors
    ///
    /// [`CannotRestore`] when the value is not a rotation, or its project, environment or folder does not exist.
    pub fn restore(&self, rotation: &Value) -> Result<(), CannotRestore> {
        let held = Returned::deserialize(rotation)?;
        let mut state = self.0.state();
        let (project, environment, folder) = (&held.project_id, &held.environment, &held.folder);
        state.projects.restore_ids(project, (&environment.slug, &environment.id), (&folder.path, &folder.id))?;
        let place = state.projects.place(project, &environment.slug, &folder.path);
        let place = place.ok_or_else(|| Unknown::new("folder", &folder.path))?;
        let hashes: Vec<String> = (0..=held.active_index).map(|_| state.openrouter.issue(&held.parameters)).collect();
        let value = hashes.last().map(|hash| state.openrouter.value(hash)).unwrap_or_default();
        state.projects.set_secret(&place, &held.secrets_mapping.api_key, value);
        state.add(Rotation {
            name: held.name,
            description: held.description,
            is_auto_rotation_enabled: held.is_auto_rotation_enabled,
            rotation_interval: held.rotation_interval,
            rotate_at_utc: held.rotate_at_utc,
            parameters: held.parameters,
            secret_name: held.secrets_mapping.api_key,
            rotation_status: held.rotation_status,
            last_rotation_message: held.last_rotation_message,
            listed: true,
            id: held.id,
            place,
            connection_id: held.connection_id,
            active_index: held.active_index,
            hashes,
            created_at: held.created_at.0,
            updated_at: held.updated_at.0,
            last_rotation_attempted_at: held.last_rotation_attempted_at.0,
            last_rotated_at: held.last_rotated_at.0,
            next_rotation_at: held.next_rotation_at.map(|at| at.0),
            last_rotation_job_id: held.last_rotation_job_id,
            is_last_rotation_manual: held.is_last_rotation_manual,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Counts, Options, Simulator};

    #[test]
    fn a_restored_rotation_is_returned_as_it_was() {
        let first = Simulator::start(Options::default()).unwrap();
        let held = serde_json::json!({
            "id": "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f", "name": "a", "description": null, "isAutoRotationEnabled": true,
            "activeIndex": 1, "folderId": "f", "connectionId": first.connection_id(),
            "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-02T00:00:00.000Z", "rotationInterval": 30,
            "rotationStatus": "success", "lastRotationAttemptedAt": "2026-01-02T00:00:00.000Z",
            "lastRotatedAt": "2026-01-02T00:00:00.000Z", "lastRotationJobId": null,
            "nextRotationAt": "2026-02-01T00:00:00.000Z", "isLastRotationManual": true,
            "connection": {"app": "open-router", "name": "openrouter", "id": first.connection_id()},
            "environment": {"slug": "dev", "name": "Development", "id": "e"}, "projectId": first.project_id(),
            "folder": {"id": "f", "path": "/app"}, "rotateAtUtc": {"hours": 0, "minutes": 0},
            "lastRotationMessage": null, "type": "open-router-api-key", "parameters": {"name": "k", "limit": 12.34},
            "secretsMapping": {"apiKey": "KEY"},
        });
        first.restore(&held).unwrap();
        let id = held["id"].as_str().unwrap();
        assert_eq!(first.rotation(id).unwrap(), held);
        assert_eq!(first.counts(), Counts { rotations: 1, secrets: 1, live_keys: 2 });
        let second = Simulator::start(Options::default()).unwrap();
        second.restore(&first.rotation(id).unwrap()).unwrap();
        assert_eq!(second.rotations(), first.rotations());
    }

    #[test]
    fn the_error_for_an_incomplete_rotation_names_the_missing_field() {
        let simulator = Simulator::start(Options::default()).unwrap();
        let error = simulator.restore(&serde_json::json!({"id": "1"})).unwrap_err();
        assert_eq!(error.to_string(), "not a rotation: missing field `name`");
    }
}
