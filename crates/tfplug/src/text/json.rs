//! JSON.

use serde_json::Value as Parsed;

use super::text_type;

text_type! {
    /// JSON text. White space and the order of members do not matter: texts that differ in nothing else mean the same.
    Json: Parsed = parsed;
    "Invalid JSON String Value", "JSON text"
}

text_type! {
    /// JSON text in exactly this spelling, for what is signed or hashed, for example.
    ExactJson: String = spelled;
    "Invalid JSON String Value", "JSON text"
}

impl Json {
    /// The parsed value.
    #[must_use]
    pub fn value(&self) -> Parsed {
        self.parsed().unwrap_or_default()
    }
}

impl ExactJson {
    /// The parsed value.
    #[must_use]
    pub fn value(&self) -> Parsed {
        parsed(self.as_str()).unwrap_or_default()
    }
}

fn parsed(text: &str) -> Option<Parsed> {
    serde_json::from_str(text).ok()
}

fn spelled(text: &str) -> Option<String> {
    parsed(text).map(|_| text.to_owned())
}
