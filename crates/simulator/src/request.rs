//! The request that a handler receives, and the checks that handlers share.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    response::{Issue, Refusal},
    text::trim,
};

/// The query parameters by name. The last value wins if one is repeated.
pub(crate) type Query = BTreeMap<String, String>;

/// The parts of a request that its handler needs.
pub(crate) struct Request<'a> {
    /// The id, name or login method in the path; empty if the path has none.
    pub(crate) subject: &'a str,
    pub(crate) query: &'a Query,
    pub(crate) body: Option<Value>,
}

/// A field of a PATCH that may be missing or null.
#[derive(Debug, Default)]
pub(crate) enum Patch<T> {
    #[default]
    Keep,
    Set(Option<T>),
}

/// Deserializes a field so that null differs from a missing field. Use it with `serde(default)`.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Patch<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Patch::Set)
}

/// Deserializes a body that its schema has validated.
pub(crate) fn typed<T: DeserializeOwned>(body: Value) -> Result<T, Refusal> {
    serde_json::from_value(body)
        .map_err(|error| Refusal::internal(format!("the simulator cannot deserialize this body: {error}")))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::parse_str(text).is_ok()
}

/// The id in the path, in lower case as the database compares it. Refused with 422 if it is not a UUID.
pub(crate) fn uuid_subject(request: &Request<'_>, name: &str) -> Result<String, Refusal> {
    if is_uuid(request.subject) {
        return Ok(request.subject.to_lowercase());
    }
    Err(Refusal::invalid(vec![Issue::new("invalid_string", &[name], "must be a uuid")]))
}

/// The values of these query parameters, trimmed. Refused with 422 if any is missing or empty.
pub(crate) fn required<const N: usize>(query: &Query, names: [&str; N]) -> Result<[String; N], Refusal> {
    let value = |name: &str| query.get(name).map(|text| trim(text).to_owned());
    let issues: Vec<Issue> = names
        .iter()
        .filter_map(|name| match value(name).as_deref() {
            None => Some(Issue::new("invalid_type", &[name], "is required")),
            Some("") => Some(Issue::new("too_small", &[name], "must have at least 1 characters")),
            Some(_) => None,
        })
        .collect();
    if issues.is_empty() {
        return Ok(names.map(|name| value(name).unwrap_or_default()));
    }
    Err(Refusal::invalid(issues))
}

/// A boolean query parameter; false if it is missing. Refused with 422 if it is neither `true` nor `false`.
pub(crate) fn flag(query: &Query, name: &str) -> Result<bool, Refusal> {
    match query.get(name).map(String::as_str) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => {
            let message = "must be one of [\"true\",\"false\"]";
            Err(Refusal::invalid(vec![Issue::new("invalid_enum_value", &[name], message)]))
        }
    }
}
