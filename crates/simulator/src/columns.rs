//! The columns of the database, which hold less than the API's schema lets through.

use crate::{answer::Refusal, rotation::Rotation};

/// The characters that a description's column holds.
const DESCRIPTION: usize = 255;
/// The characters that a secret's name's column holds.
const SECRET_NAME: usize = 500;

impl Rotation {
    /// Refuses what doesn't fit, as `step`, the part of the database's work that fails.
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

/// Whether a text has more characters than this; the database counts code points.
pub(crate) fn longer(text: &str, most: usize) -> bool {
    text.chars().count() > most
}

/// Whether an integer column of 32 bits holds it.
fn is_whole(number: f64) -> bool {
    number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number)
}
