//! The resource's attributes, and their conversion to the API's requests.

use infisical::{ConnectionPatch, NewConnection};
use secrecy::SecretString;
use tfplug::{Computed, Diagnostic, Diagnostics, Field as _, Model, Path};

use super::connection_attributes::{ConnectionFacts, ConnectionPlace, ConnectionText, refreshed};
use super::rules;

// Without Debug: it holds a key.
/// Connects Infisical to an OpenRouter account: rotations issue their keys through it. Infisical tries the provisioning key when
/// it is given.
///
/// The key is given as `api_key_wo`, which is stored nowhere, together with `api_key_wo_version`; before Terraform 1.11 and
/// OpenTofu 1.11, which have no write-only arguments, as `api_key`, which is stored in the state. A key is needed to create a
/// connection, but not to import or to keep one: without a key in the configuration, the connection keeps the one that it has.
/// A connection that is in use cannot be destroyed; the error names the rotations that use it.
#[derive(Clone, Model, PartialEq)]
#[tf(resource, without_nul)]
pub(in crate::provider) struct Connection {
    /// The connection's id.
    #[tf(identity, use_state_for_unknown)]
    pub(super) id: Computed<String>,
    #[tf(flatten)]
    pub(super) place: ConnectionPlace,
    #[tf(flatten)]
    pub(super) text: ConnectionText,
    /// The provisioning key of the OpenRouter account, **stored in the state**. Changing it sends the new key; removing it
    /// changes nothing in Infisical. Use `api_key_wo` instead where possible.
    #[tf(sensitive, non_empty, semantic_equals = rules::same_trimmed)]
    pub(super) api_key: Option<String>,
    /// The provisioning key of the OpenRouter account, which is stored neither in the plan nor in the state. Since a change of
    /// it cannot be noticed, it is sent when `api_key_wo_version` changes.
    #[tf(sensitive, write_only, non_empty)]
    pub(super) api_key_wo: Option<String>,
    /// The version of `api_key_wo`, any number: change it to send the key. After an import, the first version sends it, too.
    pub(super) api_key_wo_version: Option<i64>,
    #[tf(flatten)]
    pub(super) facts: ConnectionFacts,
}

impl Connection {
    /// The request to create it.
    ///
    /// # Errors
    ///
    /// No key.
    pub(super) fn to_new(&self) -> Result<NewConnection, Diagnostic> {
        let api_key = self.api_key.as_deref().or(self.api_key_wo.as_deref());
        Ok(NewConnection {
            name: self.place.name.clone(),
            description: self.text.description.clone(),
            project_id: self.place.project_id.clone(),
            api_key: api_key.map(SecretString::from).ok_or_else(no_key)?,
        })
    }

    /// The request that changes the object from this state to what is planned.
    ///
    /// # Errors
    ///
    /// If the key is to be sent but is missing.
    pub(super) fn changes_since(&self, prior: &Self) -> Result<ConnectionPatch, Diagnostic> {
        let key = match self.new_key(prior) {
            Some(NewKey::Stored) => self.api_key.as_deref(),
            Some(NewKey::WriteOnly) => Some(self.api_key_wo.as_deref().ok_or_else(no_write_only_key)?),
            None => None,
        };
        let (name, description) = (&self.place.name, &self.text.description);
        Ok(ConnectionPatch {
            name: (*name != prior.place.name).then(|| name.clone()),
            description: (*description != prior.text.description).then(|| description.clone()),
            api_key: key.map(SecretString::from),
        })
    }

    fn new_key(&self, prior: &Self) -> Option<NewKey> {
        NewKey::among(
            self.api_key.is_some() && self.api_key != prior.api_key,
            self.api_key_wo_version.is_some() && self.api_key_wo_version != prior.api_key_wo_version,
        )
    }

    pub(super) fn has_unknowns(&self) -> bool {
        let Self { id, facts, .. } = self;
        id.is_unknown() || !facts.clone().into_value().unknowns().is_empty()
    }

    /// This state, updated from the API's response.
    ///
    /// # Errors
    ///
    /// Those of [`ConnectionConfig::refreshed`].
    pub(super) fn refreshed(self, answer: &infisical::Connection) -> Result<Self, Diagnostics> {
        let open = ConnectionConfig::from_value(self.into_value(), &Path::root());
        open.map_err(|error| Diagnostic::bug(error.to_string()))?.refreshed(answer)
    }
}

/// Which attribute has a key that is to be sent.
#[derive(Clone, Copy)]
enum NewKey {
    Stored,
    WriteOnly,
}

impl NewKey {
    /// A key that is left out is not sent: the connection keeps the one that it has.
    fn among(stored: bool, write_only: bool) -> Option<Self> {
        if stored { Some(Self::Stored) } else { write_only.then_some(Self::WriteOnly) }
    }
}

pub(super) fn no_key() -> Diagnostic {
    let detail = "A connection is created with the provisioning key of the OpenRouter account. Set api_key_wo and \
                  api_key_wo_version or, on a core without write-only arguments, api_key.";
    Diagnostic::error("Missing provisioning key", detail)
}

fn no_write_only_key() -> Diagnostic {
    let detail = "api_key_wo_version has changed, so the key is to be sent, but api_key_wo is null.";
    Diagnostic::error("Missing api_key_wo", detail).at(Path::of("api_key_wo"))
}

impl ConnectionConfig {
    /// This plan of an update, without unknown values for what the update does not change: an update that sends no key leaves the
    /// key's hash, and one that sends nothing at all leaves the date, too. The schema cannot tell a key that is removed, which
    /// is not sent, from one that changes.
    pub(super) fn with_what_stays(mut self, prior: &Self) -> Self {
        let sends_key = NewKey::among(
            !self.api_key.is_null() && self.api_key != prior.api_key,
            !self.api_key_wo_version.is_null() && self.api_key_wo_version != prior.api_key_wo_version,
        );
        if sends_key.is_none() {
            self.facts.credentials_hash = prior.facts.credentials_hash.clone();
            if (&self.place, &self.text) == (&prior.place, &prior.text) {
                self.facts.updated_at = prior.facts.updated_at.clone();
            }
        }
        self
    }

    /// The values so far, updated from the API's response. A field that is missing in a complete response is not set; a field
    /// that is missing in a shorter response keeps its value, or is null if that was unknown.
    ///
    /// # Errors
    ///
    /// If neither the response nor the state has an attribute that every connection has.
    pub(super) fn refreshed(self, answer: &infisical::Connection) -> Result<Connection, Diagnostics> {
        let (place, text) = refreshed((self.place, self.text), answer);
        let (id, facts) = (answer.id.clone().into(), self.facts.refreshed(answer));
        let value = Self { id, place, text, facts, ..self }.into_value();
        Connection::from_value(value, &Path::root()).map_err(|error| {
            let detail = format!(
                "What Infisical answered about the connection {} lacks something that every connection has. {error}. If something \
                 between here and the API changes answers, correct that; then run the same again.",
                answer.id
            );
            Diagnostic::error("The answer is incomplete", detail).into()
        })
    }
}
