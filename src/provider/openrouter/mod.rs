//! Rotations of OpenRouter keys, and the connections that issue the keys: the attributes that all kinds share, and one file
//! for each kind.

mod answer;
pub(super) mod connection;
mod connection_attributes;
pub(super) mod connection_data_source;
mod connection_model;
mod connection_refusals;
mod connection_replacement;
mod connection_users;
mod filter;
mod found;
#[cfg(test)]
mod guide_of_errors;
mod model;
mod notes;
#[cfg(test)]
mod one_rotation;
mod planning;
#[cfg(test)]
mod properties;
mod refusals;
mod replacement;
mod replacement_note;
mod replacement_target;
pub(super) mod rotate_action;
pub(super) mod rotation;
pub(super) mod rotation_credentials;
pub(super) mod rotation_data_source;
mod rotation_id;
pub(super) mod rotation_list;
pub(super) mod rotations_data_source;
mod rules;
#[cfg(test)]
mod simulated;
mod triggers;

use tfplug::schema::Check;
use tfplug::{Computed, Model, Number};

/// The value of `limit_reset` for a limit that is never reset; the API uses null for it.
const NEVER: &str = "never";

const SLUG: Check = Check::Custom("a slug: a-z, 0-9 and single hyphens inside", rules::is_slug);
const UUID: Check = Check::Custom("a UUID such as 3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f", rules::is_uuid);
const FOLDER: Check =
    Check::Custom("a path that starts with /, with segments of letters, digits, - and _", rules::is_path);
const SECRET_NAME: Check = Check::Custom("a secret's name, without / and :", rules::is_secret_name);

/// The name and place of a rotation, by which it is found without an id. The API's PATCH silently ignores all of them except
/// the name, so a change of the place needs another rotation.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Place {
    /// The rotation's name, unique within its folder.
    #[tf(required, length(1..=64), check = SLUG)]
    name: String,
    /// The project's id.
    #[tf(required, requires_replace, non_empty, without_nul, semantic_equals = rules::same_trimmed)]
    project_id: String,
    /// The environment's slug.
    #[tf(required, requires_replace, length(1..=64), check = SLUG, semantic_equals = rules::same_trimmed)]
    environment: String,
    /// The folder in which the key is stored as a secret. `/a/` and `/a` are the same place.
    #[tf(required, requires_replace, check = FOLDER, semantic_equals = rules::same_path)]
    secret_path: String,
}

/// The attributes of a rotation that users choose and that the API returns.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Settings {
    /// The id of the OpenRouter app connection that issues the keys.
    #[tf(required, requires_replace, check = UUID, semantic_equals = rules::same_id)]
    connection_id: String,
    /// What the rotation is for.
    #[tf(length(0..=255), without_nul, semantic_equals = rules::same_text)]
    description: Option<String>,
    /// Whether the key is replaced on the schedule.
    #[tf(default = true)]
    auto_rotation_enabled: bool,
    // The console accepts fractions, too. Such an interval is shown as it is.
    /// Days between two keys.
    #[tf(default = 30, check = Check::Whole, range(1..=1_000_000))]
    rotation_interval: Number,
    /// The time of day, in UTC, at which the key is replaced.
    #[tf(default = RotateAtUtc { hours: 0, minutes: 0 })]
    rotate_at_utc: RotateAtUtc,
    /// What each key is created with. A change reaches OpenRouter with the next key, that is, at the next rotation. Check the
    /// spelling: Terraform silently ignores unknown attributes inside an object.
    #[tf(required)]
    parameters: Parameters,
    /// Where the generated key is stored.
    #[tf(required)]
    secrets_mapping: SecretsMapping,
}

/// `rotate_at_utc`.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct RotateAtUtc {
    /// The hour.
    #[tf(default = 0, range(0..=23))]
    hours: i64,
    /// The minute.
    #[tf(default = 0, range(0..=59))]
    minutes: i64,
}

/// `parameters`.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Parameters {
    /// The key's name at OpenRouter.
    #[tf(required, length(1..=100), non_empty, without_nul, semantic_equals = rules::same_trimmed)]
    name: String,
    /// The spending limit of the key in USD. Without one, there is no limit.
    #[tf(above = 0, finite_f64, semantic_equals = rules::same_float)]
    limit: Option<Number>,
    /// When the spending that counts towards the limit starts again from zero.
    #[tf(default = NEVER.to_owned(), one_of("daily", "weekly", "monthly", "never"))]
    limit_reset: String,
    /// Whether use of your own provider keys (BYOK) counts towards the limit.
    #[tf(default = false)]
    include_byok_in_limit: bool,
}

/// `secrets_mapping`.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct SecretsMapping {
    /// The name of the secret that holds the API key.
    #[tf(
        required, length(1..=500), non_empty, without_nul, check = SECRET_NAME, semantic_equals = rules::same_trimmed
    )]
    api_key: String,
}

/// The attributes that only the API sets.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Facts {
    /// The type of rotation: `open-router-api-key`.
    #[tf(use_state_for_unknown)]
    r#type: Computed<String>,
    /// The folder's id.
    #[tf(use_state_for_unknown)]
    folder_id: Computed<String>,
    /// When the rotation was created (RFC 3339).
    #[tf(use_state_for_unknown)]
    created_at: Computed<String>,
    /// The connection's name.
    #[tf(use_state_for_unknown)]
    connection_name: Computed<String>,
    /// The environment's id.
    #[tf(use_state_for_unknown)]
    environment_id: Computed<String>,
    /// The environment's name.
    #[tf(use_state_for_unknown)]
    environment_name: Computed<String>,
    /// Which of the two keys is in use: 0 or 1.
    #[tf(unknown_when_changed("rotation_triggers"))]
    active_index: Computed<i64>,
    /// When the rotation was last changed (RFC 3339).
    updated_at: Computed<String>,
    /// The outcome of the last rotation.
    #[tf(unknown_when_changed("rotation_triggers"))]
    rotation_status: Computed<String>,
    /// When a rotation was last attempted (RFC 3339).
    #[tf(unknown_when_changed("rotation_triggers"))]
    last_rotation_attempted_at: Computed<String>,
    /// When the key was last replaced (RFC 3339).
    #[tf(unknown_when_changed("rotation_triggers"))]
    last_rotated_at: Computed<String>,
    /// The id of the last rotation's job.
    #[tf(unknown_when_changed("rotation_triggers"))]
    last_rotation_job_id: Computed<String>,
    /// When the key is to be replaced next (RFC 3339).
    #[tf(unknown_when_changed("rotation_interval", "rotate_at_utc", "auto_rotation_enabled", "rotation_triggers"))]
    next_rotation_at: Computed<String>,
    /// What Infisical says about the last rotation, if it failed.
    #[tf(unknown_when_changed("rotation_triggers"))]
    last_rotation_message: Computed<String>,
    /// Whether the last rotation was requested by hand.
    #[tf(unknown_when_changed("rotation_triggers"))]
    is_last_rotation_manual: Computed<bool>,
}
