//! A rotation of an `OpenRouter` API key: what is asked for, what is changed, what comes back.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;

/// What a new rotation shall be. What is `None` isn't sent, and the API's default holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewRotation {
    /// The name, unique within its folder. The API trims it and makes it lower-case.
    pub name: String,
    /// The project's id.
    pub project_id: String,
    /// What it's for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The id of the `OpenRouter` app connection that makes the keys.
    pub connection_id: String,
    /// The environment's slug.
    pub environment: String,
    /// The folder that the key's secret is stored in.
    pub secret_path: String,
    /// Whether the key is replaced on the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_auto_rotation_enabled: Option<bool>,
    /// Days between two keys.
    pub rotation_interval: i64,
    /// When in the day the key is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate_at_utc: Option<RotateAtUtc>,
    /// What each key is made with.
    pub parameters: Parameters,
    /// Where the key is stored.
    pub secrets_mapping: SecretsMapping,
}

/// What shall change. `None` isn't sent; `Some(None)` clears. Nothing else can be changed: the API passes
/// over any other field without a word.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RotationPatch {
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The new description, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Option<String>>,
    /// Whether the key is replaced on the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_auto_rotation_enabled: Option<bool>,
    /// Days between two keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<i64>,
    /// When in the day the key is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate_at_utc: Option<RotateAtUtc>,
    /// What the next key is made with; it replaces the old parameters as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Parameters>,
    /// Where the key is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets_mapping: Option<SecretsMapping>,
}

/// A time of day, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotateAtUtc {
    /// 0 to 23.
    pub hours: i64,
    /// 0 to 59.
    pub minutes: i64,
}

/// What `OpenRouter` keys are made with. Outside `None`: not sent, or not in the answer; inside: null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters {
    /// The key's name at `OpenRouter`.
    pub name: String,
    /// What the key may spend, in USD; null for no limit. Its text is kept digit by digit.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub limit: Option<Option<Number>>,
    /// When spending counts from nought again: `daily`, `weekly`, `monthly`, or null for never.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub limit_reset: Option<Option<String>>,
    /// Whether use of the owner's own provider keys counts towards the limit.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub include_byok_in_limit: Option<Option<bool>>,
}

/// Where each generated value is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretsMapping {
    /// The name of the secret that holds the API key.
    pub api_key: String,
}

/// A rotation as the API gives it. Only `id` is certain: some answers leave out most of the rest.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are the API's; its own page describes them")]
pub struct Rotation {
    pub id: String,
    pub name: Option<String>,
    pub description: Option<String>,
    pub is_auto_rotation_enabled: Option<bool>,
    pub active_index: Option<i64>,
    pub folder_id: Option<String>,
    pub connection_id: Option<String>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
    pub rotation_interval: Option<Number>,
    pub rotation_status: Option<String>,
    pub last_rotation_attempted_at: Option<String>,
    pub last_rotated_at: Option<String>,
    pub last_rotation_job_id: Option<String>,
    pub next_rotation_at: Option<String>,
    pub is_last_rotation_manual: Option<bool>,
    pub connection: Option<Connection>,
    pub environment: Option<Environment>,
    pub project_id: Option<String>,
    pub folder: Option<Folder>,
    pub rotate_at_utc: Option<RotateAtUtc>,
    pub last_rotation_message: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub parameters: Option<Parameters>,
    pub secrets_mapping: Option<SecretsMapping>,
}

/// The app connection that a rotation makes its keys with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the fields are the API's; its own page describes them")]
pub struct Connection {
    pub app: Option<String>,
    pub name: Option<String>,
    pub id: Option<String>,
}

/// The environment that a rotation is in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the fields are the API's; its own page describes them")]
pub struct Environment {
    pub slug: Option<String>,
    pub name: Option<String>,
    pub id: Option<String>,
}

/// The folder that a rotation is in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the fields are the API's; its own page describes them")]
pub struct Folder {
    pub id: Option<String>,
    pub path: Option<String>,
}

/// The keys that a rotation has issued: the active one, and the one before it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedCredentials {
    /// The rotation's id.
    pub rotation_id: Option<String>,
    /// Which of them is in use; the other is the one before, and dies at the next rotation.
    pub active_index: usize,
    /// One or two keys, at the places that `active_index` counts.
    #[serde(rename = "generatedCredentials")]
    pub credentials: Vec<GeneratedKey>,
}

/// One issued key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedKey {
    /// The key.
    pub api_key: SecretString,
    /// `OpenRouter`'s name for it, which isn't a secret.
    pub key_hash: Option<String>,
}

impl NewRotation {
    /// The fields in which a rotation isn't what this one asks for, by the API's names, compared as the API
    /// would store them: strings trimmed, numbers by their value, an absent option as its default.
    pub(super) fn differences(&self, found: &Rotation) -> Vec<&'static str> {
        let parameters = found.parameters.as_ref();
        let mapping = found.secrets_mapping.as_ref();
        let same = [
            ("connectionId", found.connection_id.as_ref().is_some_and(|id| same_word(id, &self.connection_id))),
            ("parameters", parameters.is_some_and(|parameters| self.parameters.is_same_as(parameters))),
            (
                "secretsMapping",
                mapping.is_some_and(|mapping| mapping.api_key.trim() == self.secrets_mapping.api_key.trim()),
            ),
        ];
        same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
    }
}

impl Parameters {
    fn is_same_as(&self, other: &Self) -> bool {
        let flat = |limit: &Option<Option<Number>>| limit.clone().flatten().as_ref().and_then(Number::as_f64);
        self.name.trim() == other.name.trim()
            && flat(&self.limit) == flat(&other.limit) // the server keeps numbers as f64, too
            && self.limit_reset.clone().flatten() == other.limit_reset.clone().flatten()
            && self.include_byok_in_limit.flatten().unwrap_or(false) == other.include_byok_in_limit.flatten().unwrap_or(false)
    }
}

fn same_word(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Keeps a null that is there apart from a field that isn't.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(json: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(json).map(Some)
}
