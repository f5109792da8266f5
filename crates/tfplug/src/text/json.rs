//! JSON.

use serde_json::Value;

use super::text_type::{Text, TextType};

/// JSON texts that mean the same if their values are equal.
#[derive(Debug)]
pub enum JsonType {}

/// JSON texts that mean the same if they are spelled the same.
#[derive(Debug)]
pub enum ExactJsonType {}

/// JSON text. White space and the order of members do not matter: texts that differ in nothing else mean the same.
///
/// ```
/// use tfplug::text::Json;
///
/// let policy = Json::new(r#"{ "allow": ["read"], "version": 1 }"#).unwrap();
/// assert_eq!(policy.value()["allow"][0], "read");
/// assert!(policy.means_the_same(&Json::new(r#"{"version":1,"allow":["read"]}"#).unwrap()));
/// ```
pub type Json = Text<JsonType>;

/// JSON text in exactly this spelling, for what is signed or hashed, for example.
///
/// ```
/// use tfplug::text::ExactJson;
///
/// let signed = ExactJson::new(r#"{ "version": 1 }"#).unwrap();
/// assert_eq!(signed.value()["version"], 1);
/// assert!(!signed.means_the_same(&ExactJson::new(r#"{"version":1}"#).unwrap()));
/// ```
pub type ExactJson = Text<ExactJsonType>;

const SUMMARY: &str = "Invalid JSON String Value";
const ALLOWED: &str = "JSON text";

impl TextType for JsonType {
    type Parsed = Value;
    const SUMMARY: &'static str = SUMMARY;
    const ALLOWED: &'static str = ALLOWED;

    fn parse(text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    fn reason(text: &str) -> Option<String> {
        reason(text)
    }
}

impl TextType for ExactJsonType {
    /// The text itself.
    type Parsed = String;
    const SUMMARY: &'static str = SUMMARY;
    const ALLOWED: &'static str = ALLOWED;

    fn parse(text: &str) -> Option<String> {
        JsonType::parse(text).map(|_| text.to_owned())
    }

    fn reason(text: &str) -> Option<String> {
        reason(text)
    }
}

impl Json {
    /// The parsed value.
    #[must_use]
    pub fn value(&self) -> &Value {
        self.parsed()
    }
}

impl ExactJson {
    /// The parsed value.
    #[must_use]
    pub fn value(&self) -> Value {
        JsonType::parse(self.as_str()).unwrap_or_default()
    }
}

/// The position of the mistake, which is hard to find in a long text.
fn reason(text: &str) -> Option<String> {
    serde_json::from_str::<Value>(text).err().map(|error| error.to_string())
}
