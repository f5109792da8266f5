//! The ephemeral resource with the keys that a rotation has issued.

use infisical::{Client, GeneratedCredentials, GeneratedKey, spelling};
use secrecy::ExposeSecret as _;
use tfplug::{Computed, Context, Diagnostic, Diagnostics, EphemeralResource, Model, Opened};

use super::UUID;
use super::rotation_id::BY_ID;
use crate::provider::errors::During as _;

/// The ephemeral resource's type name.
pub(in crate::provider) const NAME: &str = "infisical_openrouter_rotation_credentials";

/// The summary of errors about the keys themselves.
const CANNOT_READ: &str = "Cannot read the keys of the rotation";

/// Reads the OpenRouter keys of a rotation for one run. They are in no state and no plan: hand them to provisioners, to the
/// configuration of other providers, or to write-only attributes.
///
/// A plan reads them, and the apply reads them again. If the apply replaced the key before, they are read until they are the
/// new ones, even if Infisical reads a replica of its database that lags behind. The key that was in use before the last
/// rotation goes on working until the next one.
///
/// If the provider block itself waits for another resource, OpenTofu needs `depends_on` here with that resource; Terraform reads
/// the keys in the apply by itself.
#[derive(Model)]
#[tf(ephemeral_resource)]
pub(in crate::provider) struct Credentials {
    /// The rotation's id.
    #[tf(required, check = UUID)]
    rotation_id: String,
    /// The key in use.
    #[tf(computed, sensitive)]
    api_key: Computed<String>,
    /// The hash by which OpenRouter knows the key in use.
    #[tf(computed, sensitive)]
    key_hash: Computed<String>,
    /// The place of the key in use among the credentials: 0 or 1.
    #[tf(computed, sensitive)]
    active_index: Computed<i64>,
    /// The key in use and, once the rotation has replaced a key, the one before it.
    #[tf(computed, sensitive)]
    credentials: Computed<Vec<Key>>,
}

/// One of the credentials.
#[derive(Model)]
#[tf(object)]
struct Key {
    /// The key.
    #[tf(required, sensitive)]
    api_key: String,
    /// The hash by which OpenRouter knows the key.
    #[tf(sensitive)]
    key_hash: Option<String>,
}

/// The ephemeral resource.
pub(in crate::provider) struct RotationCredentials;

impl EphemeralResource for RotationCredentials {
    type Client = Client;
    type Model = Credentials;

    async fn open(&self, cx: &Context<'_, Client>, config: Credentials) -> Result<Opened<Credentials>, Diagnostics> {
        let id = spelling::trimmed(&config.rotation_id);
        let current = cx.client.rotations().current_credentials(id).await;
        let current = current.during("read the keys of the rotation", &BY_ID)?;
        Ok(Opened::new(opened(config, current)?))
    }
}

fn opened(config: Credentials, answer: GeneratedCredentials) -> Result<Credentials, Diagnostic> {
    let GeneratedCredentials { active_index, credentials, .. } = answer;
    let active = match credentials.get(active_index) {
        Some(key) if !key.api_key.expose_secret().trim().is_empty() => Key::of(key),
        _ => return Err(no_key(&config.rotation_id, active_index, credentials.len())),
    };
    Ok(Credentials {
        api_key: active.api_key.into(),
        key_hash: active.key_hash.into(),
        active_index: i64::try_from(active_index).ok().into(),
        credentials: credentials.iter().map(Key::of).collect::<Vec<_>>().into(),
        ..config
    })
}

impl Key {
    fn of(answered: &GeneratedKey) -> Self {
        Self { api_key: answered.api_key.expose_secret().to_owned(), key_hash: answered.key_hash.clone() }
    }
}

/// The key in use. If it is missing or empty, that is an error; the previous key is never returned in its place.
fn no_key(id: &str, active_index: usize, count: usize) -> Diagnostic {
    let found = match count {
        0 => "Infisical answered that the rotation has no keys.".to_owned(),
        _ if active_index < count => {
            format!("Infisical answered an empty text for the key in use, at index {active_index}.")
        }
        1 => format!("Infisical answered 1 key, and that the key in use is the one at index {active_index}."),
        _ => format!("Infisical answered {count} keys, and that the key in use is the one at index {active_index}."),
    };
    let detail = format!(
        "{found} The rotation is {id}.\nLook at it in Infisical. If something between here and the API changes answers, \
         correct that; otherwise rotate the key, which issues a new one. Then run the same again."
    );
    Diagnostic::error(CANNOT_READ, detail)
}

#[cfg(test)]
mod tests;
