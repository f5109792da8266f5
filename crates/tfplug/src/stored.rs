//! Stored objects as an author reads them: of an older schema version, and of another resource type or provider.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value as Json;

use crate::context::Warnings;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Field;
use crate::path::Path;
use crate::private::Private;
use crate::value::from_state_json;

/// A stored state in the schema that it was written with. It may have secrets, so it does not print.
///
/// ```
/// use tfplug::{Diagnostic, Diagnostics, Model, StoredState};
///
/// /// A note.
/// #[derive(Model)]
/// #[tf(resource, version = 1)]
/// struct Note {
///     /// What it is called.
///     #[tf(required, identity)]
///     title: String,
///     /// How long it is.
///     pages: Option<i64>,
/// }
///
/// /// A note as version 0 stored it: `title` was `name`.
/// #[derive(Model)]
/// #[tf(object)]
/// struct Version0 {
///     name: Option<String>,
///     pages: Option<i64>,
/// }
///
/// /// The `upgrade` of the resource.
/// fn upgrade(state: StoredState) -> Result<NoteConfig, Diagnostics> {
///     let old: Version0 = state.read()?;
///     if old.pages.is_some_and(|pages| pages > 100) {
///         state.warn(Diagnostic::warning("A long note", "The next version stores at most 100 pages."));
///     }
///     Ok(NoteConfig { title: old.name.into(), pages: old.pages.into() })
/// }
/// ```
#[derive(Clone)]
pub struct StoredState {
    json: Json,
    warnings: Arc<Warnings>,
}

impl fmt::Debug for StoredState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredState(..)")
    }
}

impl StoredState {
    /// A state whose conversion may add to these warnings.
    pub(crate) fn new(json: Json, warnings: &Arc<Warnings>) -> Self {
        Self { json, warnings: Arc::clone(warnings) }
    }

    /// The state as it is stored.
    ///
    /// ```
    /// use tfplug::StoredState;
    ///
    /// /// Whether a state is of the time when there was one key for all.
    /// fn has_one_key(state: &StoredState) -> bool {
    ///     state.json()["keys"].as_str().is_some()
    /// }
    /// ```
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// Shows a warning, whether the conversion succeeds or not. A core asks for the conversion in each run until an apply has stored the
    /// object in the current schema, so the warning is shown as often.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    /// The state as a struct with the attributes of that schema: one that derives [`Model`](derive@crate::Model), for example
    /// with `#[tf(object)]`, or its `…Config` struct, in which anything may be null. Attributes that the struct does not
    /// have are ignored, and missing ones are null.
    ///
    /// # Errors
    ///
    /// A diagnostic that names the attribute whose value is not of the struct's type.
    pub fn read<M: Field>(&self) -> Result<M, Diagnostics> {
        let value = from_state_json(&self.json, &M::value_type()).map_err(|error| unreadable(&error.to_string()))?;
        M::from_value(value, &Path::root()).map_err(|error| unreadable(&error.to_string()).into())
    }
}

/// The source of a move: an object of another resource type or provider, in a `moved` block whose target is this type.
///
/// ```
/// use tfplug::{Diagnostics, Model, MoveSource, Moved};
///
/// /// A word.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Word {
///     /// The word.
///     #[tf(required, identity)]
///     text: String,
/// }
///
/// /// What is taken over from a `random_pet`.
/// #[derive(Model)]
/// #[tf(object)]
/// struct Pet {
///     id: Option<String>,
/// }
///
/// /// The `move_from` of the resource.
/// fn move_from(source: &MoveSource) -> Result<Option<Moved<WordConfig>>, Diagnostics> {
///     if source.type_name != "random_pet" {
///         return Ok(None);
///     }
///     let pet: Pet = source.state.read()?;
///     Ok(Some(WordConfig { text: pet.id.into() }.into()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct MoveSource {
    /// Where the other provider comes from: `host/namespace/type`.
    pub provider_address: String,
    /// The other resource type.
    pub type_name: String,
    /// The version of the other schema.
    pub schema_version: i64,
    /// The stored state, in the other schema.
    pub state: StoredState,
    /// The stored identity, in the other schema, if the object has one.
    pub identity: Option<StoredState>,
    pub(crate) private: Bytes,
}

impl MoveSource {
    /// Shows a warning, whether the move succeeds or not.
    ///
    /// ```
    /// use tfplug::{Diagnostic, MoveSource};
    ///
    /// /// A part of a `move_from`.
    /// fn length(source: &MoveSource) -> Option<i64> {
    ///     let length = source.state.json()["length"].as_i64();
    ///     if length.is_none() {
    ///         source.warn(Diagnostic::warning("The length is not taken over", "The old object does not have it."));
    ///     }
    ///     length
    /// }
    /// ```
    pub fn warn(&self, warning: Diagnostic) {
        self.state.warn(warning);
    }

    /// The private data that the other provider stored with the object, as far as it consists of strings. Those of a provider in Go
    /// are base64; see [`Private`].
    #[must_use]
    pub fn private(&self) -> Private {
        Private::from_wire(&self.private).unwrap_or_else(|_| {
            tracing::debug!("the private data of the moved object is another kind of provider's, and was dropped");
            Private::default()
        })
    }
}

/// What became of a moved object.
///
/// ```
/// use tfplug::{Diagnostics, Model, MoveSource, Moved};
///
/// /// A word.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Word {
///     #[tf(required, identity)]
///     text: String,
/// }
///
/// /// Takes over an object of an earlier provider together with its private data.
/// fn take_over(source: &MoveSource) -> Result<Moved<WordConfig>, Diagnostics> {
///     let private = source.private();
///     private.set("moved_from", &source.type_name);
///     Ok(Moved::with(source.state.read()?, private))
/// }
/// ```
#[non_exhaustive]
pub struct Moved<M> {
    /// The state in this type's schema, from which the next read starts.
    pub state: M,
    /// The private data to store with it.
    pub private: Private,
}

impl<M> Moved<M> {
    /// An object with this state and private data, such as [`MoveSource::private`]. Without private data, convert the state:
    /// `state.into()`.
    pub fn with(state: M, private: Private) -> Self {
        Self { state, private }
    }
}

impl<M> From<M> for Moved<M> {
    fn from(state: M) -> Self {
        Self { state, private: Private::default() }
    }
}

pub(crate) fn unreadable(why: &str) -> Diagnostic {
    let detail = format!("The stored state cannot be read: {why}. Nothing was changed.");
    Diagnostic::error("Cannot read the stored state", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Attr;

    crate::model! {
        struct Old { title: String, pages: i64 }
    }

    fn stored(json: Json) -> StoredState {
        StoredState::new(json, &Arc::default())
    }

    #[test]
    fn ok_an_old_state_is_read_as_a_struct_of_its_own() {
        let old: Old = stored(serde_json::json!({"title": "t", "pages": "7", "gone": [1]})).read().unwrap();
        assert_eq!((old.title, old.pages), ("t".into(), 7.into()));
        let old: Old = stored(serde_json::json!({})).read().unwrap();
        assert_eq!((old.title, old.pages), (Attr::Null, Attr::Null));
    }

    #[test]
    fn err_a_value_of_another_type_is_named_without_its_value() {
        let error = stored(serde_json::json!({"title": {"secret": 1}})).read::<Old>().err().unwrap();
        let detail = error.iter().next().unwrap().detail().to_owned();
        assert!(detail.contains("title: not a value of type") && !detail.contains("secret"), "{detail}");
    }

    #[test]
    fn a_stored_state_does_not_print() {
        assert_eq!(format!("{:?}", stored(serde_json::json!({"key": "secret"}))), "StoredState(..)");
    }

    #[test]
    fn private_data_of_another_kind_of_provider_is_dropped_in_a_move() {
        let source = |private: &'static [u8]| MoveSource {
            provider_address: String::new(),
            type_name: String::new(),
            schema_version: 0,
            state: stored(Json::Null),
            identity: None,
            private: Bytes::from_static(private),
        };
        assert_eq!(source(br#"{"imported":"yes"}"#).private().get("imported").as_deref(), Some("yes"));
        assert_eq!(source(br#"{"e2bfb730":{"create":1}}"#).private().get("e2bfb730"), None);
        assert_eq!(source(b"\x00").private().get("imported"), None);
    }
}
