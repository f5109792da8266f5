//! The attributes of a rotation and their rules.

use tfplug::Value;
use tfplug::schema::{Attribute, boolean, int, number, object, string};

use super::{NEVER, rules};

const LIMIT_RESETS: [&str; 4] = ["daily", "weekly", "monthly", NEVER];

/// The attributes that a configuration sets and the API has, as the managed resource needs them.
pub(in crate::provider) fn configured() -> Vec<(String, Attribute)> {
    let midnight = Value::object([("hours", 0.into()), ("minutes", 0.into())]);
    named([
        ("name", name()),
        ("project_id", place("The project's id.").non_empty().without_nul()),
        (
            "connection_id",
            place("The id of the OpenRouter app connection that issues the keys.")
                .accept("a UUID such as 3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f", rules::is_uuid)
                .semantic_equals(rules::same_id),
        ),
        (
            "environment",
            place("The environment's slug.")
                .length(1, 64)
                .accept("a slug: a-z, 0-9 and single hyphens inside", rules::is_slug),
        ),
        (
            "secret_path",
            place("The folder in which the key is stored as a secret. `/a/` and `/a` are the same place.")
                .accept("a path that starts with /, with segments of letters, digits, - and _", rules::is_path)
                .semantic_equals(rules::same_path),
        ),
        (
            "description",
            string()
                .length(0, 255)
                .without_nul()
                .semantic_equals(rules::same_trimmed)
                .description("What the rotation is for."),
        ),
        (
            "auto_rotation_enabled",
            boolean().default_value(true).description("Whether the key is replaced on the schedule."),
        ),
        ("rotation_interval", int().default_value(30).between(1, 1_000_000).description("Days between two keys.")),
        (
            "rotate_at_utc",
            object()
                .description("The time of day, in UTC, at which the key is replaced.")
                .attribute("hours", int().default_value(0).between(0, 23).description("The hour."))
                .attribute("minutes", int().default_value(0).between(0, 59).description("The minute."))
                .default_value(midnight),
        ),
        ("parameters", parameters()),
        ("secrets_mapping", secrets_mapping()),
    ])
}

fn name() -> Attribute {
    string()
        .required()
        .length(1, 64)
        .accept("a slug: a-z, 0-9 and single hyphens inside", rules::is_slug)
        .description("The rotation's name, unique within its folder.")
}

/// An attribute that the API's PATCH ignores silently: a change of it needs another rotation.
fn place(doc: &str) -> Attribute {
    string().required().requires_replace().semantic_equals(rules::same_trimmed).description(doc)
}

fn parameters() -> Attribute {
    object()
        .required()
        .description(
            "What each key is created with. A change reaches OpenRouter with the next key, that is, at the next rotation. Check \
             the spelling: Terraform silently ignores unknown attributes inside an object.",
        )
        .attribute(
            "name",
            string()
                .required()
                .length(1, 100)
                .non_empty()
                .without_nul()
                .semantic_equals(rules::same_trimmed)
                .description("The key's name at OpenRouter."),
        )
        .attribute(
            "limit",
            number()
                .above(0)
                .finite_f64()
                .semantic_equals(rules::same_float)
                .description("The spending limit of the key in USD. Without one, there is no limit."),
        )
        .attribute(
            "limit_reset",
            string()
                .default_value(NEVER)
                .one_of(&LIMIT_RESETS)
                .description("When the spending that counts towards the limit starts again from zero."),
        )
        .attribute(
            "include_byok_in_limit",
            boolean().default_value(false).description("Whether use of your own provider keys (BYOK) counts towards the limit."),
        )
}

fn secrets_mapping() -> Attribute {
    object().required().description("Where the generated key is stored.").attribute(
        "api_key",
        string()
            .required()
            .length(1, 500)
            .non_empty()
            .without_nul()
            .accept("a secret's name, without / and :", rules::is_secret_name)
            .semantic_equals(rules::same_trimmed)
            .description("The name of the secret that holds the API key."),
    )
}

/// The attributes that the API alone decides.
pub(in crate::provider) fn computed() -> Vec<(String, Attribute)> {
    const KEY: &[&str] = &["rotation_triggers"];
    const SCHEDULE: &[&str] = &["rotation_interval", "rotate_at_utc", "auto_rotation_enabled", "rotation_triggers"];
    let text = |description: &str| string().computed().description(description);
    named([
        ("id", text("The rotation's id.").use_state_for_unknown()),
        ("type", text("The type of rotation: `open-router-api-key`.").use_state_for_unknown()),
        ("folder_id", text("The folder's id.").use_state_for_unknown()),
        ("created_at", text("When the rotation was created (RFC 3339).").use_state_for_unknown()),
        ("connection_name", text("The connection's name.").use_state_for_unknown()),
        ("environment_id", text("The environment's id.").use_state_for_unknown()),
        ("environment_name", text("The environment's name.").use_state_for_unknown()),
        (
            "active_index",
            int().computed().unknown_when_changed(KEY).description("Which of the two keys is in use: 0 or 1."),
        ),
        ("updated_at", text("When the rotation was last changed (RFC 3339).")),
        ("rotation_status", text("The outcome of the last rotation.").unknown_when_changed(KEY)),
        (
            "last_rotation_attempted_at",
            text("When a rotation was last attempted (RFC 3339).").unknown_when_changed(KEY),
        ),
        ("last_rotated_at", text("When the key was last replaced (RFC 3339).").unknown_when_changed(KEY)),
        ("last_rotation_job_id", text("The id of the last rotation's job.").unknown_when_changed(KEY)),
        ("next_rotation_at", text("When the key is to be replaced next (RFC 3339).").unknown_when_changed(SCHEDULE)),
        (
            "last_rotation_message",
            text("What Infisical says about the last rotation, if it failed.").unknown_when_changed(KEY),
        ),
        (
            "is_last_rotation_manual",
            boolean()
                .computed()
                .unknown_when_changed(KEY)
                .description("Whether the last rotation was requested by hand."),
        ),
    ])
}

fn named<const N: usize>(all: [(&str, Attribute); N]) -> Vec<(String, Attribute)> {
    all.into_iter().map(|(name, attribute)| (name.to_owned(), attribute)).collect()
}
