//! A rotation of an `OpenRouter` API key: the requests, and the objects that the API returns.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::baseline::Baseline;
use super::error::Error;
use super::object::{NewObject, Object, Patch};
use super::operation::{Operation, Subject};
use super::request::Request;
use super::spelling::{path, same_id, same_path, same_trimmed, trimmed};

/// The request to create a rotation. Fields that are `None` are not sent, and the API uses its defaults.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewRotation {
    /// The name, unique within its folder. The API trims it.
    pub name: String,
    /// The project's id.
    pub project_id: String,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The id of the `OpenRouter` app connection that issues the keys.
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
    /// The time of day at which the key is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate_at_utc: Option<RotateAtUtc>,
    /// What each key is created with.
    pub parameters: Parameters,
    /// Where the key is stored.
    pub secrets_mapping: SecretsMapping,
}

/// The request to change a rotation. `None` is not sent; `Some(None)` clears the field. Nothing else can be changed:
/// the API silently ignores all other fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RotationPatch {
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The new description, or null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Option<String>>,
    /// Whether the key is replaced on the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_auto_rotation_enabled: Option<bool>,
    /// Days between two keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<i64>,
    /// The time of day at which the key is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate_at_utc: Option<RotateAtUtc>,
    /// What the next key is created with; replaces the old parameters as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Parameters>,
    /// Where the key is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets_mapping: Option<SecretsMapping>,
}

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

/// A rotation as the API returns it. Only `id` is always there: some responses leave out most of the rest.
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
    pub connection: Option<ConnectionRef>,
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

impl Rotation {
    /// Whether the server rotates at once, in the background, after an update with this response: the next date is
    /// before the first midnight (UTC) after the update. Both dates are the server's.
    #[must_use]
    pub fn is_due_at_once(&self) -> bool {
        let date = |text: &Option<String>| OffsetDateTime::parse(text.as_deref()?, &Rfc3339).ok();
        let Some((updated, next)) = date(&self.updated_at).zip(date(&self.next_rotation_at)) else { return false };
        updated.date().next_day().is_some_and(|tomorrow| next < tomorrow.midnight().assume_utc())
    }

    /// Whether a rotation is in progress, by its status. Another status proves little, since the server's lock is not
    /// visible.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        self.rotation_status
            .as_deref()
            .is_some_and(|status| status.replace(['-', '_'], "").eq_ignore_ascii_case("inprogress"))
    }

    /// Whether the response has everything that the API's schema requires. A field that is missing in such a response
    /// is not set; in a shorter response, its value is not known.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.name.is_some()
            && self.folder_id.is_some()
            && self.connection_id.is_some()
            && self.created_at.is_some()
            && self.updated_at.is_some()
            && self.rotation_interval.is_some()
            && self.rotation_status.is_some()
            && self.last_rotation_attempted_at.is_some()
            && self.last_rotated_at.is_some()
            && self.connection.is_some()
            && self.environment.is_some()
            && self.project_id.is_some()
            && self.folder.is_some()
            && self.rotate_at_utc.is_some()
            && self.kind.is_some()
            && self.parameters.is_some()
            && self.secrets_mapping.is_some()
    }
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

/// The keys that a rotation has issued: the active one, and the one before it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedCredentials {
    /// The rotation's id.
    pub rotation_id: Option<String>,
    /// The position of the active key in `credentials`; the other key is the previous one, which is revoked at the next
    /// rotation.
    pub active_index: usize,
    /// One or two keys.
    #[serde(rename = "generatedCredentials")]
    pub credentials: Vec<GeneratedKey>,
}

/// One issued key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedKey {
    /// The key.
    pub api_key: SecretString,
    /// `OpenRouter`'s identifier of the key, which is not a secret.
    pub key_hash: Option<String>,
}

/// The place of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The project's id.
    pub project_id: String,
    /// The environment's slug.
    pub environment: String,
    /// The folder's path.
    pub secret_path: String,
}

impl Baseline {
    /// The baseline of this state of a rotation.
    #[must_use]
    pub fn of(rotation: &Rotation) -> Self {
        Self { active_index: rotation.active_index, last_rotated_at: rotation.last_rotated_at.clone() }
    }

    /// Whether the key has been replaced since the baseline. Both dates are the server's, so this machine's clock has
    /// no influence. A state older than the baseline, from a lagging replica, proves nothing.
    #[must_use]
    pub fn is_passed_by(&self, rotation: &Rotation) -> bool {
        self.is_before(&Self::of(rotation))
    }
}

impl Object for Rotation {
    const SUBJECT: Subject = Subject::Rotation;
    const BASE: &'static str = "/api/v2/secret-rotations/open-router-api-key";
    const ONE: &'static str = "secretRotation";
    const MANY: &'static str = "secretRotations";
    const CALLED: &'static str = "A rotation";

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn updated_at(&self) -> Option<&str> {
        self.updated_at.as_deref()
    }

    fn scope(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    fn list_request(project_id: &str) -> Request {
        Self::request(Operation::List, &[]).query("projectId", trimmed(project_id))
    }
}

/// The request that finds a rotation by place and name, in the spelling that the API stores.
pub(super) fn find_request(project_id: &str, environment: &str, secret_path: &str, name: &str) -> Request {
    Rotation::request(Operation::GetByName, &["rotation-name", trimmed(name)])
        .query("projectId", trimmed(project_id))
        .query("environment", trimmed(environment))
        .query("secretPath", path(secret_path))
}

impl NewRotation {
    /// The fields of name and place in which a rotation differs. A response that leaves one out does not contradict it.
    fn place_differences(&self, found: &Rotation) -> impl Iterator<Item = &'static str> {
        let slug = found.environment.as_ref().and_then(|environment| environment.slug.as_deref());
        let folder = found.folder.as_ref().and_then(|folder| folder.path.as_deref());
        let same = [
            ("name", found.name.as_deref().is_none_or(|name| same_trimmed(name, &self.name))),
            ("projectId", found.project_id.as_deref().is_none_or(|id| same_trimmed(id, &self.project_id))),
            ("environment", slug.is_none_or(|slug| same_trimmed(slug, &self.environment))),
            ("secretPath", folder.is_none_or(|path| same_path(path, &self.secret_path))),
        ];
        same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field)
    }
}

impl NewObject for NewRotation {
    type Object = Rotation;

    fn scope(&self) -> &str {
        trimmed(&self.project_id)
    }

    fn find_request(&self) -> Request {
        find_request(&self.project_id, &self.environment, &self.secret_path, &self.name)
    }

    fn create_request(&self) -> Result<Request, Error> {
        Ok(Rotation::request(Operation::Create, &[]).json(self)?.slow())
    }

    fn differences(&self, found: &Rotation) -> Vec<&'static str> {
        let id = found.connection_id.as_ref().or_else(|| found.connection.as_ref()?.id.as_ref());
        let key = found.secrets_mapping.as_ref().map(|mapping| &mapping.api_key);
        let same = [
            ("connectionId", id.is_some_and(|id| same_id(id, &self.connection_id))),
            ("parameters", found.parameters.as_ref().is_some_and(|found| self.parameters.is_same_as(found))),
            ("secretsMapping", key.is_some_and(|key| same_trimmed(key, &self.secrets_mapping.api_key))),
        ];
        self.place_differences(found)
            .chain(same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field))
            .collect()
    }

    fn is_elsewhere(&self, found: &Rotation) -> bool {
        self.place_differences(found).next().is_some()
    }

    fn connection_id(&self) -> Option<&str> {
        Some(trimmed(&self.connection_id))
    }

    fn key_name(&self) -> Option<&str> {
        Some(trimmed(&self.parameters.name))
    }
}

impl Patch for RotationPatch {
    type Object = Rotation;

    fn holds_in(&self, rotation: &Rotation) -> bool {
        fn holds<T, F>(asked: Option<&T>, found: Option<&F>, same: impl Fn(&T, &F) -> bool) -> bool {
            asked.is_none_or(|asked| found.is_some_and(|found| same(asked, found)))
        }
        let text = |text: Option<&String>| trimmed(text.map(String::as_str).unwrap_or_default()).to_owned();
        holds(self.name.as_ref(), rotation.name.as_ref(), |asked, found| same_trimmed(asked, found))
            && self.description.as_ref().is_none_or(|asked| text(asked.as_ref()) == text(rotation.description.as_ref()))
            && holds(
                self.is_auto_rotation_enabled.as_ref(),
                rotation.is_auto_rotation_enabled.as_ref(),
                |asked, found| asked == found,
            )
            && holds(self.rotation_interval.as_ref(), rotation.rotation_interval.as_ref(), |asked, found| {
                Number::from(*asked).as_f64() == found.as_f64()
            })
            && holds(self.rotate_at_utc.as_ref(), rotation.rotate_at_utc.as_ref(), |asked, found| asked == found)
            && holds(self.parameters.as_ref(), rotation.parameters.as_ref(), Parameters::is_same_as)
            && holds(self.secrets_mapping.as_ref(), rotation.secrets_mapping.as_ref(), |asked, found| {
                same_trimmed(&asked.api_key, &found.api_key)
            })
    }
}

impl Parameters {
    fn is_same_as(&self, other: &Self) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_an_update_is_followed_by_a_rotation_if_the_next_date_is_before_midnight() {
        let due = |next: Option<&str>| {
            let updated_at = Some("2026-01-05T07:08:09.000Z".to_owned());
            Rotation { updated_at, next_rotation_at: next.map(str::to_owned), ..Rotation::default() }.is_due_at_once()
        };
        assert!(due(Some("2026-01-05T23:59:00.000Z")) && due(Some("2025-12-31T00:00:00.000Z")));
        assert!(!due(Some("2026-01-06T00:00:00.000Z")) && !due(Some("2026-02-04T00:00:00.000Z")) && !due(None));
    }
}
