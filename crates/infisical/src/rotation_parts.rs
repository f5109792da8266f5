//! The parts of a rotation that are objects themselves.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;

use super::spelling::same_trimmed;

/// A time of day, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotateAtUtc {
    /// 0 to 23.
    pub hours: i64,
    /// 0 to 59.
    pub minutes: i64,
}

/// What `OpenRouter` keys are created with. The outer `None` means not sent, or not in the response; the inner one
/// means null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters {
    /// The key's name at `OpenRouter`.
    pub name: String,
    /// The spending limit of the key, in USD; null for no limit. All digits are kept.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub limit: Option<Option<Number>>,
    /// When the spending starts again from zero: `daily`, `weekly`, `monthly`, or null for never.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub limit_reset: Option<Option<String>>,
    /// Whether use of the owner's own provider keys (BYOK) counts towards the limit.
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

/// The app connection with which a rotation issues its keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the fields are the API's; its own page describes them")]
pub struct ConnectionRef {
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

impl Parameters {
    /// Whether both are the same for the API.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        let flat = |limit: &Option<Option<Number>>| limit.clone().flatten().as_ref().and_then(Number::as_f64);
        same_trimmed(&self.name, &other.name)
            && flat(&self.limit) == flat(&other.limit) // the server stores numbers as f64
            && self.limit_reset.clone().flatten() == other.limit_reset.clone().flatten()
            && self.include_byok_in_limit.flatten().unwrap_or(false) == other.include_byok_in_limit.flatten().unwrap_or(false)
    }
}

/// Distinguishes a field that is null from one that is missing.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(json: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(json).map(Some)
}
