//! App connections, which hold the provisioning keys with which Infisical issues keys at OpenRouter.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{clock::stamp, openrouter::random_hex, refusals, response::Refusal};

/// The organization that everything belongs to.
pub(crate) const ORG_ID: &str = "3c9e7d10-5a44-4b8f-b2f6-9d8e1a7c4f05";

/// One connection. The provisioning key itself is not stored, since no call returns or uses it.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) project_id: Option<String>,
    pub(crate) credentials_hash: String,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) updated_at: OffsetDateTime,
}

impl Connection {
    pub(crate) fn new(id: &str, name: &str, now: OffsetDateTime) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            description: None,
            project_id: None,
            credentials_hash: random_hex(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Replaces the provisioning key. The hash changes even for the same key, since it is computed from the encrypted key.
    pub(crate) fn rekey(&mut self, now: OffsetDateTime) {
        self.credentials_hash = random_hex();
        self.updated_at = now;
    }

    /// Refuses rotations of other projects if the connection belongs to a project.
    pub(crate) fn may_serve(&self, project_id: &str) -> Result<(), Refusal> {
        match &self.project_id {
            Some(own) if own != project_id => Err(refusals::foreign_connection(&self.id, own, project_id)),
            _ => Ok(()),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "version": 1,
            "orgId": ORG_ID,
            "projectId": self.project_id,
            "app": "open-router",
            "method": "api-key",
            "credentialsHash": self.credentials_hash,
            "createdAt": stamp(self.created_at),
            "updatedAt": stamp(self.updated_at),
            "credentials": {},
            "gatewayId": null,
            "gatewayPoolId": null,
            "isPlatformManagedCredentials": false,
            "isAutoRotationEnabled": false,
            "encryptedConfiguration": null,
        })
    }

    /// The id of the project that the connection belongs to, or else of the organization.
    pub(crate) fn scope(&self) -> &str {
        self.project_id.as_deref().unwrap_or(ORG_ID)
    }
}
