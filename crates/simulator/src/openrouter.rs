//! The simulated OpenRouter: issues and deletes keys.

use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

/// The prefix of the provisioning keys that the simulated OpenRouter accepts.
/// Real keys have a different prefix and are refused.
pub const PROVISIONING_KEY_PREFIX: &str = "sim-provisioning-";

/// A key that the simulated OpenRouter issued, without its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// OpenRouter's identifier of the key: 64 hexadecimal digits.
    pub hash: String,
    /// The name given in the rotation's parameters when the key was issued.
    pub name: String,
    /// The spending limit in USD; `None` for no limit.
    pub limit: Option<f64>,
    /// `daily`, `weekly`, `monthly`, or `None` for a limit that is never reset.
    pub limit_reset: Option<String>,
    /// Whether the use of one's own provider keys counts towards the limit.
    pub include_byok: bool,
}

struct Issued {
    key: Key,
    value: SecretString,
    live: bool,
}

/// All keys that were ever issued.
#[derive(Default)]
pub(crate) struct OpenRouter {
    issued: Vec<Issued>,
}

impl OpenRouter {
    /// Issues a key with a rotation's parameters and returns its hash.
    pub(crate) fn issue(&mut self, parameters: &Value) -> String {
        let text = |name: &str| parameters.get(name).and_then(Value::as_str).map(str::to_owned);
        let hash = random_hex();
        let key = Key {
            hash: hash.clone(),
            name: text("name").unwrap_or_default(),
            limit: parameters.get("limit").and_then(Value::as_f64),
            limit_reset: text("limitReset"),
            include_byok: parameters.get("includeByokInLimit") == Some(&Value::Bool(true)),
        };
        let value = SecretString::from(format!("sim-or-v1-{}", random_hex()));
        self.issued.push(Issued { key, value, live: true });
        hash
    }

    /// Deletes a key. Does nothing if it was already deleted.
    pub(crate) fn delete(&mut self, hash: &str) {
        if let Some(issued) = self.issued.iter_mut().find(|issued| issued.key.hash == hash) {
            issued.live = false;
        }
    }

    pub(crate) fn value(&self, hash: &str) -> SecretString {
        let found = self.issued.iter().find(|issued| issued.key.hash == hash);
        found.map(|issued| issued.value.clone()).unwrap_or_default()
    }

    /// The values of all keys that were ever issued.
    pub(crate) fn values(&self) -> impl Iterator<Item = SecretString> {
        self.issued.iter().map(|issued| issued.value.clone())
    }

    pub(crate) fn live(&self) -> impl Iterator<Item = &Key> {
        self.issued.iter().filter(|issued| issued.live).map(|issued| &issued.key)
    }

    pub(crate) fn issued(&self) -> usize {
        self.issued.len()
    }
}

/// Checks a provisioning key, as the server does before it saves a connection.
/// The error explains why OpenRouter does not accept it.
pub(crate) fn try_provisioning_key(key: &str) -> Result<(), String> {
    if key.starts_with("sk-or-") {
        return Err(format!(
            "this looks like a real OpenRouter key, which must not be given to this simulator; use {PROVISIONING_KEY_PREFIX}key"
        ));
    }
    if key.starts_with(PROVISIONING_KEY_PREFIX) {
        return Ok(());
    }
    Err("Unable to validate connection: invalid API key or insufficient permissions".to_owned())
}

/// 64 random hexadecimal digits.
pub(crate) fn random_hex() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use serde_json::json;

    #[test]
    fn a_key_is_issued_with_the_given_parameters() {
        let mut openrouter = OpenRouter::default();
        let hash = openrouter.issue(&json!({
            "name": "app", "limit": 12.34, "limitReset": "daily", "includeByokInLimit": true
        }));
        let expected = Key {
            hash: hash.clone(),
            name: "app".into(),
            limit: Some(12.34),
            limit_reset: Some("daily".into()),
            include_byok: true,
        };
        assert_eq!(openrouter.live().collect::<Vec<_>>(), [&expected]);
        assert!(hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit()));
        assert!(openrouter.value(&hash).expose_secret().starts_with("sim-or-v1-"));
    }

    #[test]
    fn a_deleted_key_is_no_longer_live_but_still_counts_as_issued() {
        let mut openrouter = OpenRouter::default();
        let hash = openrouter.issue(&json!({ "name": "app" }));
        openrouter.delete(&hash);
        openrouter.delete(&hash);
        assert_eq!((openrouter.live().count(), openrouter.issued()), (0, 1));
    }

    #[test]
    fn only_provisioning_keys_of_the_simulator_are_accepted() {
        assert_eq!(try_provisioning_key("sim-provisioning-key"), Ok(()));
        assert!(try_provisioning_key("nonsense").is_err());
        assert!(try_provisioning_key("sk-or-v1-x").unwrap_err().contains("real"));
    }
}
