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
        ("project_id", place("The project's id.").non_empty()),
        (
            "connection_id",
            place("The id of the OpenRouter app connection that makes the keys.")
                .accept("a UUID such as 3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f", rules::is_uuid)
                .semantic_equals(rules::same_word),
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
                .accept("a path that starts with /", |path| path.as_str().is_some_and(|path| path.starts_with('/')))
                .semantic_equals(rules::same_path),
        ),
        ("description", string().length(0, 256).semantic_equals(rules::same_trimmed).description("What it's for.")),
        (
            "auto_rotation_enabled",
            boolean().default_value(true).description("Whether the key is replaced on the schedule."),
        ),
        ("rotation_interval", int().default_value(30).at_least(1).description("Days between two keys.")),
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
        .semantic_equals(rules::same_word)
        .description("Unique within its folder.")
}

/// An attribute that the API's PATCH passes over without a word: to change it takes another rotation.
fn place(doc: &str) -> Attribute {
    string().required().requires_replace().semantic_equals(rules::same_trimmed).description(doc)
}

fn parameters() -> Attribute {
    object()
        .required()
        .description(
            "What each key is made with. A change reaches OpenRouter with the next key, that is, at the next rotation. Mind \
             the spelling: Terraform itself drops an attribute that it doesn't know inside an object, without a word.",
        )
        .attribute(
            "name",
            string()
                .required()
                .length(1, 100)
                .non_empty()
                .semantic_equals(rules::same_trimmed)
                .description("The key's name at OpenRouter."),
        )
        .attribute(
            "limit",
            number()
                .above(0)
                .semantic_equals(rules::same_float)
                .description("What the key may spend, in USD. Without one there's no limit."),
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
    object().required().description("Where what is generated is stored.").attribute(
        "api_key",
        string()
            .required()
            .non_empty()
            .accept("a secret's name, without / and :", |name| {
                name.as_str().is_some_and(|name| !name.contains(['/', ':']))
            })
            .semantic_equals(rules::same_trimmed)
            .description("The name of the secret that holds the API key."),
    )
}

/// The attributes that the API alone decides.
pub(in crate::provider) fn computed() -> Vec<(String, Attribute)> {
    let text = |doc: &str| string().computed().description(doc);
    named([
        ("id", text("The rotation's id.").use_state_for_unknown()),
        ("type", text("The kind of rotation: `open-router-api-key`.").use_state_for_unknown()),
        ("folder_id", text("The folder's id.").use_state_for_unknown()),
        ("created_at", text("When the rotation was created (RFC 3339).").use_state_for_unknown()),
        ("connection_name", text("The connection's name.")),
        ("environment_id", text("The environment's id.")),
        ("environment_name", text("The environment's name.")),
        ("active_index", int().computed().description("Which of the two keys is in use: 0 or 1.")),
        ("updated_at", text("When the rotation was last changed (RFC 3339).")),
        ("rotation_status", text("How the last rotation ended.")),
        ("last_rotation_attempted_at", text("When a rotation was last tried (RFC 3339).")),
        ("last_rotated_at", text("When the key was last replaced (RFC 3339).")),
        ("last_rotation_job_id", text("The id of the last rotation's job.")),
        ("next_rotation_at", text("When the key is to be replaced next (RFC 3339).")),
        ("last_rotation_message", text("What Infisical says about the last rotation, if it failed.")),
        (
            "is_last_rotation_manual",
            boolean().computed().description("Whether the last rotation was asked for by hand."),
        ),
    ])
}

fn named<const N: usize>(all: [(&str, Attribute); N]) -> Vec<(String, Attribute)> {
    all.into_iter().map(|(name, attribute)| (name.to_owned(), attribute)).collect()
}
