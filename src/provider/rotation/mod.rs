//! What the resource and its relatives share: the attributes of a rotation, and the way between the API's and ours.

mod answer;
mod attributes;
mod rules;

use tfplug::{Number, model};

pub(super) use answer::{Answered, is_complete};
pub(super) use attributes::{computed, configured};

/// How OpenRouter is told that a limit is for all time; the API's own word for it is null.
pub(super) const NEVER: &str = "never";

model! {
    /// `rotate_at_utc`.
    pub struct RotateAtUtc { hours: i64, minutes: i64 }
}
model! {
    /// `parameters`.
    pub struct Parameters { name: String, limit: Number, limit_reset: String, include_byok_in_limit: bool }
}
model! {
    /// `secrets_mapping`.
    pub struct SecretsMapping { api_key: String }
}
