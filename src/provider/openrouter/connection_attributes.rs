//! The attributes that the resource and the data source of connections share, and their values from the API's responses.

use tfplug::{Computed, Model};

use super::answer::{said, settled};
use super::{SLUG, rules};

/// The name and place of a connection, by which it is found without an id. The server keeps two unique indexes, one for the
/// names within each project and one for those of the organization's own connections.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub(super) struct ConnectionPlace {
    /// The connection's name, unique within its project or, without a project, among the connections of the organization.
    #[tf(required, length(1..=64), check = SLUG)]
    pub(super) name: String,
    /// The id of the project that the connection belongs to. Without one, it belongs to the organization, and all of its
    /// projects may use it.
    #[tf(requires_replace, non_empty, semantic_equals = rules::same_trimmed)]
    pub(super) project_id: Option<String>,
}

/// The attributes of a connection that users choose and that the API returns.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub(super) struct ConnectionText {
    // The API's schema allows 256 characters, its database 255.
    /// What the connection is for.
    #[tf(length(0..=255), semantic_equals = rules::same_trimmed)]
    pub(super) description: Option<String>,
}

/// The attributes that only the API sets.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub(super) struct ConnectionFacts {
    /// A hash of the encrypted provisioning key: when it changes without this configuration, the key was changed elsewhere, for
    /// example in the console. A refresh shows that; it changes nothing.
    #[tf(unknown_when_changed("api_key", "api_key_wo_version"))]
    pub(super) credentials_hash: Computed<String>,
    /// The version of the connection's format. Changes of the connection leave it as it is.
    #[tf(use_state_for_unknown)]
    pub(super) version: Computed<i64>,
    /// The organization's id.
    #[tf(use_state_for_unknown)]
    pub(super) org_id: Computed<String>,
    /// When the connection was created (RFC 3339).
    #[tf(use_state_for_unknown)]
    pub(super) created_at: Computed<String>,
    /// When the connection was last changed (RFC 3339).
    pub(super) updated_at: Computed<String>,
}

/// The name and place of a connection, from the API's response.
pub(super) fn refreshed(
    (place, text): (ConnectionPlaceConfig, ConnectionTextConfig),
    answer: &infisical::Connection,
) -> (ConnectionPlaceConfig, ConnectionTextConfig) {
    let is_complete = answer.is_complete();
    let place = ConnectionPlaceConfig {
        name: said(answer.name.clone(), place.name),
        project_id: settled(is_complete, answer.project_id.clone(), place.project_id),
    };
    let description = settled(is_complete, answer.description.clone(), text.description);
    (place, ConnectionTextConfig { description })
}

impl ConnectionFactsConfig {
    /// These attributes, updated from the API's response.
    pub(super) fn refreshed(self, answer: &infisical::Connection) -> Self {
        Self {
            credentials_hash: said(answer.credentials_hash.clone(), self.credentials_hash),
            version: said(answer.version, self.version),
            org_id: said(answer.org_id.clone(), self.org_id),
            created_at: said(answer.created_at.clone(), self.created_at),
            updated_at: said(answer.updated_at.clone(), self.updated_at),
        }
    }
}
