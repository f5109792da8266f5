//! The limits of the database's columns, which are stricter than the API's schema.

use crate::{response::Refusal, rotation::Rotation};

/// The maximum length of a description, in characters.
const DESCRIPTION: usize = 255;
/// The maximum length of a secret's name, in characters.
const SECRET_NAME: usize = 500;

impl Rotation {
    /// Refuses values that do not fit their columns. `step` is the database operation that fails.
    pub(crate) fn fits(&self, step: &'static str) -> Result<(), Refusal> {
        let description = self.description.as_deref().unwrap_or_default();
        let key_name = self.parameters.get("name").and_then(serde_json::Value::as_str).unwrap_or_default();
        let texts = [self.name.as_str(), description, key_name, self.secret_name.as_str()];
        if texts.iter().any(|text| text.contains('\0'))
            || longer(description, DESCRIPTION)
            || !is_whole(self.rotation_interval)
        {
            return Err(Refusal::database(step));
        }
        if longer(&self.secret_name, SECRET_NAME) {
            return Err(Refusal::database("Batch Create"));
        }
        Ok(())
    }
}

/// Whether a text has more than `most` characters. The database counts code points.
pub(crate) fn longer(text: &str, most: usize) -> bool {
    text.chars().count() > most
}

/// Whether a 32-bit integer column can hold the number.
fn is_whole(number: f64) -> bool {
    number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number)
}
