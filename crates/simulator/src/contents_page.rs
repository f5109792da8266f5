//! `GET /simulator`: shows the simulator's contents, without the values of keys.

use serde_json::{Value, json};

use crate::{number, openrouter::Key, projects::Secret, response::ApiResponse, rotation::Rotation, state::State};

/// All contents as indented JSON.
pub(crate) fn page(state: &State) -> ApiResponse {
    let view = json!({
        "about": "A stand-in for the Infisical API, in memory. Nothing here is real.",
        "rotations": state.rotations.iter().map(rotation).collect::<Vec<_>>(),
        "secrets": state.projects.secrets.iter().map(secret).collect::<Vec<_>>(),
        "liveKeys": state.openrouter.live().map(key).collect::<Vec<_>>(),
        "orphanedKeys": state.orphaned_keys().map(key).collect::<Vec<_>>(),
        "webhooks": state.webhooks,
    });
    ApiResponse::json_text(200, format!("{view:#}\n"))
}

fn rotation(rotation: &Rotation) -> Value {
    json!({
        "id": rotation.id,
        "name": rotation.name,
        "projectId": rotation.place.project_id,
        "environment": rotation.place.environment,
        "secretPath": rotation.place.path,
        "secret": rotation.secret_name,
        "activeIndex": rotation.active_index,
        "keys": rotation.hashes.len(),
    })
}

fn secret(secret: &Secret) -> Value {
    json!({
        "projectId": secret.project_id,
        "environment": secret.environment,
        "secretPath": secret.path,
        "name": secret.name,
    })
}

fn key(key: &Key) -> Value {
    json!({
        "name": key.name,
        "limit": key.limit.map(number::json),
        "limitReset": key.limit_reset,
        "includeByokInLimit": key.include_byok,
    })
}
