//! Private data: what a provider stores with an object beside its state.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;

use crate::diagnostic::Diagnostic;
use crate::locks::lock;

/// The key of private data that marks an object between its import and its first read.
pub(crate) const IMPORTED: &str = ".imported";

/// Private data: strings by key that the core stores with an object and passes back, not shown to users. Do not store secrets
/// in it: state files are plain text.
///
/// An object that another version of the provider stored, one written in Go, arrives with what that version left. HashiCorp's
/// framework stored each value as base64, and [`Private::get`] returns that text. Its SDK stored values that are not strings, which
/// are dropped.
///
/// ```
/// use tfplug::Private;
///
/// let private = Private::default();
/// private.set("etag", "abc");
/// assert_eq!(private.get("etag").as_deref(), Some("abc"));
/// ```
#[derive(Default)]
pub struct Private {
    texts: Mutex<BTreeMap<String, String>>,
    changed: AtomicBool,
}

impl Private {
    /// The string stored under the key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        lock(&self.texts).get(key).cloned()
    }

    /// Stores a string under the key.
    pub fn set(&self, key: &str, text: impl Into<String>) {
        lock(&self.texts).insert(key.to_owned(), text.into());
        self.changed.store(true, Ordering::Relaxed);
    }

    /// Removes a key; returns whether it existed.
    pub fn remove(&self, key: &str) -> bool {
        let existed = lock(&self.texts).remove(key).is_some();
        self.changed.fetch_or(existed, Ordering::Relaxed);
        existed
    }

    /// Whether this call stored or removed anything.
    pub(crate) fn is_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    /// Reads what the core stored. Values that are not strings are those of a provider on HashiCorp's SDK, which gave its authors no
    /// access to them; they are dropped, as by HashiCorp's framework.
    ///
    /// # Errors
    ///
    /// A diagnostic if the bytes are not a JSON object: going on without them would lose them.
    pub(crate) fn from_wire(bytes: &[u8]) -> Result<Self, Diagnostic> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let stored: BTreeMap<String, serde_json::Value> = serde_json::from_slice(bytes).map_err(|error| {
            let detail = format!(
                "The private data that the state holds with the object is not a JSON object: {error}. Another provider, or \
                 another version of this one, may have written it. Nothing was changed."
            );
            Diagnostic::error("Cannot read the private data", detail)
        })?;
        let (mut texts, mut dropped) = (BTreeMap::new(), Vec::new());
        for (key, value) in stored {
            match value {
                serde_json::Value::String(text) => drop(texts.insert(key, text)),
                _ => dropped.push(key),
            }
        }
        if !dropped.is_empty() {
            let keys = dropped.join(", ");
            tracing::warn!(keys, "the object has private data of a provider of another kind, which was dropped");
        }
        Ok(Self { texts: Mutex::new(texts), changed: AtomicBool::new(false) })
    }

    pub(crate) fn to_wire(&self) -> Bytes {
        let texts = lock(&self.texts);
        if texts.is_empty() {
            return Bytes::new();
        }
        #[expect(clippy::expect_used, reason = "a map of strings can always be written to memory")]
        let json = serde_json::to_vec(&*texts).expect("a map of strings");
        json.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_data_survives_the_way_through_the_state() {
        let private = Private::from_wire(b"").unwrap();
        assert_eq!(private.to_wire(), Bytes::new());
        private.set("imported", "yes");
        let again = Private::from_wire(&private.to_wire()).unwrap();
        assert_eq!(again.get("imported").as_deref(), Some("yes"));
        assert!(again.remove("imported") && !again.remove("imported"));
    }

    /// The SDK stores its schema version and timeouts, and the Go framework base64.
    #[test]
    fn values_of_other_frameworks_are_read_as_far_as_they_are_strings() {
        let sdk =
            br#"{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":600000000000},"schema_version":"1","go":"ImEi"}"#;
        let private = Private::from_wire(sdk).unwrap();
        assert_eq!(private.to_wire(), r#"{"go":"ImEi","schema_version":"1"}"#);
    }

    #[test]
    fn err_private_data_that_is_not_an_object_is_named_and_not_dropped() {
        for (bytes, problem) in [
            (b"\xff not ours".as_slice(), "expected value at line 1 column 1"),
            (br#"["a"]"#, "invalid type: sequence, expected a map at line 1 column 0"),
        ] {
            let error = Private::from_wire(bytes).err().unwrap();
            assert!(error.detail().contains(problem), "{}", error.detail());
        }
    }
}
