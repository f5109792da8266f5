//! A rotation of an `OpenRouter` API key: the requests, and the objects that the API returns.

use secrecy::SecretString;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::baseline::Baseline;
use super::error::Error;
use super::object::{NewObject, Object};
use super::operation::{Operation, Subject};
use super::request::Request;
pub use super::rotation_fields::{NewRotation, Rotation, RotationPatch};
pub use super::rotation_parts::{ConnectionRef, Environment, Folder, Parameters, RotateAtUtc, SecretsMapping};
use super::spelling::{path, same_id, same_path, same_trimmed, trimmed};

impl Rotation {
    /// Whether the server rotates at once, in the background, after an update with this response: the next date is
    /// before the first midnight (UTC) after the update. Both dates are the server's.
    #[must_use]
    pub fn is_due_at_once(&self) -> bool {
        let date = |text: &Option<String>| OffsetDateTime::parse(text.as_deref()?, &Rfc3339).ok();
        let Some((updated, next)) = date(&self.updated_at).zip(date(&self.next_rotation_at)) else { return false };
        updated.date().next_day().is_some_and(|tomorrow| next < tomorrow.midnight().assume_utc())
    }
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

    fn last_rotated_at(&self) -> Option<&str> {
        self.last_rotated_at.as_deref()
    }

    fn active_index(&self) -> Option<i64> {
        self.active_index
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
