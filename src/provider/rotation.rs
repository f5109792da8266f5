//! What the resource and its relatives share: the attributes, and the way between a rotation and a model.

use serde_json::Number as JsonNumber;
use tfplug::schema::{Attribute, boolean, int, number, object, string};
use tfplug::{Attr, Diagnostic, Number, Path, Value, model};
use uuid::Uuid;

use crate::infisical::{self, Rotation};

/// How OpenRouter is told that a limit is for all time; the API's own word for it is null.
pub(super) const NEVER: &str = "never";
const LIMIT_RESETS: [&str; 4] = ["daily", "weekly", "monthly", NEVER];

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

/// The attributes that a configuration sets and the API has, as the managed resource needs them.
pub(super) fn configured() -> Vec<(String, Attribute)> {
    let midnight = Value::object([("hours", 0.into()), ("minutes", 0.into())]);
    named([
        ("name", name()),
        ("project_id", place("The project's id.").not_empty()),
        (
            "connection_id",
            place("The id of the OpenRouter app connection that makes the keys.")
                .accept("a UUID such as 3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f", is_uuid)
                .same_when(same_word),
        ),
        (
            "environment",
            place("The environment's slug.")
                .length(1, 64)
                .accept("a slug: a-z, 0-9 and single hyphens inside", is_slug),
        ),
        (
            "secret_path",
            place("The folder in which the key is stored as a secret. `/a/` and `/a` are the same place.")
                .accept("a path that starts with /", |path| path.as_str().is_some_and(|path| path.starts_with('/')))
                .same_when(same_path),
        ),
        ("description", string().length(0, 256).same_when(same_trimmed).doc("What it's for.")),
        ("auto_rotation_enabled", boolean().default_to(true).doc("Whether the key is replaced on the schedule.")),
        ("rotation_interval", int().default_to(30).at_least(1).doc("Days between two keys.")),
        (
            "rotate_at_utc",
            object()
                .doc("The time of day, in UTC, at which the key is replaced.")
                .attribute("hours", int().default_to(0).between(0, 23).doc("The hour."))
                .attribute("minutes", int().default_to(0).between(0, 59).doc("The minute."))
                .default_to(midnight),
        ),
        ("parameters", parameters()),
        ("secrets_mapping", secrets_mapping()),
    ])
}

fn name() -> Attribute {
    string()
        .required()
        .length(1, 64)
        .accept("a slug: a-z, 0-9 and single hyphens inside", is_slug)
        .same_when(same_word)
        .doc("Unique within its folder.")
}

/// An attribute that the API's PATCH passes over without a word: to change it takes another rotation.
fn place(doc: &str) -> Attribute {
    string().required().replaces().same_when(same_trimmed).doc(doc)
}

fn parameters() -> Attribute {
    object()
        .required()
        .doc(
            "What each key is made with. A change reaches OpenRouter with the next key, that is, at the next rotation.",
        )
        .attribute(
            "name",
            string().required().length(1, 100).not_empty().same_when(same_trimmed).doc("The key's name at OpenRouter."),
        )
        .attribute(
            "limit",
            number()
                .above(0)
                .same_when(same_float)
                .doc("What the key may spend, in USD. Without one there's no limit."),
        )
        .attribute(
            "limit_reset",
            string()
                .absent_as(NEVER)
                .one_of(&LIMIT_RESETS)
                .doc("When spending counts from nought again. Leaving it out means `never`."),
        )
        .attribute(
            "include_byok_in_limit",
            boolean().default_to(false).doc("Whether use of your own provider keys (BYOK) counts towards the limit."),
        )
}

fn secrets_mapping() -> Attribute {
    object().required().doc("Where what is generated is stored.").attribute(
        "api_key",
        string()
            .required()
            .not_empty()
            .accept("a secret's name, without / and :", |name| {
                name.as_str().is_some_and(|name| !name.contains(['/', ':']))
            })
            .same_when(same_trimmed)
            .doc("The name of the secret that holds the API key."),
    )
}

/// The attributes that the API alone decides.
pub(super) fn computed() -> Vec<(String, Attribute)> {
    let text = |doc: &str| string().computed().doc(doc);
    named([
        ("id", text("The rotation's id.").keep()),
        ("type", text("The kind of rotation: `open-router-api-key`.").keep()),
        ("folder_id", text("The folder's id.").keep()),
        ("created_at", text("When the rotation was created (RFC 3339).").keep()),
        ("connection_name", text("The connection's name.")),
        ("environment_id", text("The environment's id.")),
        ("environment_name", text("The environment's name.")),
        ("active_index", int().computed().doc("Which of the two keys is in use: 0 or 1.")),
        ("updated_at", text("When the rotation was last changed (RFC 3339).")),
        ("rotation_status", text("How the last rotation ended.")),
        ("last_rotation_attempted_at", text("When a rotation was last tried (RFC 3339).")),
        ("last_rotated_at", text("When the key was last replaced (RFC 3339).")),
        ("last_rotation_job_id", text("The id of the last rotation's job.")),
        ("next_rotation_at", text("When the key is to be replaced next (RFC 3339).")),
        ("last_rotation_message", text("What Infisical says about the last rotation, if it failed.")),
        ("is_last_rotation_manual", boolean().computed().doc("Whether the last rotation was asked for by hand.")),
    ])
}

fn named<const N: usize>(all: [(&str, Attribute); N]) -> Vec<(String, Attribute)> {
    all.into_iter().map(|(name, attribute)| (name.to_owned(), attribute)).collect()
}

fn is_slug(value: &Value) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    value.as_str().is_some_and(|text| text.split('-').all(word))
}

fn is_uuid(value: &Value) -> bool {
    value.as_str().is_some_and(|text| hyphenated(text).is_some())
}

/// A UUID in its usual form of 36 characters; other forms are no ids of this API.
pub(super) fn hyphenated(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

/// The API trims what it's given.
fn same_trimmed(one: &Value, other: &Value) -> bool {
    one.as_str().map(str::trim) == other.as_str().map(str::trim)
}

/// The API trims and lower-cases it.
fn same_word(one: &Value, other: &Value) -> bool {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => one.trim().eq_ignore_ascii_case(other.trim()),
        _ => false,
    }
}

/// The API removes slashes at the end of a path.
fn same_path(one: &Value, other: &Value) -> bool {
    let place = |value: &Value| value.as_str().map(|path| path.trim().trim_end_matches('/').to_owned());
    place(one) == place(other)
}

/// The API computes in 64-bit floats: more digits than those have come back rounded.
fn same_float(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.to_f64().to_bits() == other.to_f64().to_bits(),
        _ => false,
    }
}

impl RotateAtUtc {
    pub(super) fn to_api(&self) -> Result<infisical::RotateAtUtc, Diagnostic> {
        Ok(infisical::RotateAtUtc { hours: *self.hours.known("hours")?, minutes: *self.minutes.known("minutes")? })
    }

    fn from_api(at: infisical::RotateAtUtc) -> Self {
        Self { hours: at.hours.into(), minutes: at.minutes.into() }
    }
}

impl SecretsMapping {
    pub(super) fn to_api(&self) -> Result<infisical::SecretsMapping, Diagnostic> {
        Ok(infisical::SecretsMapping { api_key: self.api_key.known("api_key")?.clone() })
    }
}

impl Parameters {
    pub(super) fn to_api(&self) -> Result<infisical::Parameters, Diagnostic> {
        let reset = self.limit_reset.get().map(|word| (word != NEVER).then(|| word.clone()));
        Ok(infisical::Parameters {
            name: self.name.known("name")?.clone(),
            limit: self.limit.get().map(to_json).transpose()?.map(Some),
            limit_reset: reset,
            include_byok_in_limit: self.include_byok_in_limit.get().map(|include| Some(*include)),
        })
    }

    /// The answer's parameters: they're answered whole, so one that isn't there is not set.
    fn from_api(answer: infisical::Parameters) -> Result<Self, Diagnostic> {
        Ok(Self {
            name: answer.name.into(),
            limit: answer.limit.flatten().map(|limit| from_json(&limit)).transpose()?.into(),
            limit_reset: answer.limit_reset.flatten().unwrap_or_else(|| NEVER.to_owned()).into(),
            include_byok_in_limit: answer.include_byok_in_limit.flatten().unwrap_or(false).into(),
        })
    }
}

/// The same digits as JSON.
fn to_json(limit: &Number) -> Result<JsonNumber, Diagnostic> {
    limit.to_string().parse().map_err(|_| limit_problem(&limit.to_string()))
}

fn from_json(limit: &JsonNumber) -> Result<Number, Diagnostic> {
    limit.to_string().parse().map_err(|_| limit_problem(&limit.to_string()))
}

fn limit_problem(given: &str) -> Diagnostic {
    let detail = format!("{given} is too large or too small a number.");
    Diagnostic::error("Invalid limit", detail).at(Path::of("parameters").attribute("limit"))
}

/// The parts of an answer that need more than a look.
pub(super) struct Answered {
    pub(super) parameters: Attr<Parameters>,
    pub(super) secrets_mapping: Attr<SecretsMapping>,
    pub(super) rotate_at_utc: Attr<RotateAtUtc>,
    pub(super) connection_id: Attr<String>,
}

impl Answered {
    /// # Errors
    ///
    /// A limit beyond what Terraform's numbers hold.
    pub(super) fn new(answer: &Rotation) -> Result<Self, Diagnostic> {
        let mapping = answer.secrets_mapping.clone();
        // Gateways that answer with the documentation's placeholders leave no UUID here: that's no answer.
        let connection_id = answer.connection_id.clone().or_else(|| answer.connection.clone()?.id);
        Ok(Self {
            parameters: answer.parameters.clone().map(Parameters::from_api).transpose()?.into(),
            secrets_mapping: mapping.map(|mapping| SecretsMapping { api_key: mapping.api_key.into() }).into(),
            rotate_at_utc: answer.rotate_at_utc.map(RotateAtUtc::from_api).into(),
            connection_id: connection_id.filter(|id| hyphenated(id).is_some()).into(),
        })
    }
}

/// Whether the answer has everything that the API's schema requires of one. In such an answer, what isn't there is not
/// set; in a shorter one, it's simply not said.
pub(super) fn is_complete(answer: &Rotation) -> bool {
    answer.name.is_some()
        && answer.folder_id.is_some()
        && answer.connection_id.is_some()
        && answer.created_at.is_some()
        && answer.updated_at.is_some()
        && answer.rotation_interval.is_some()
        && answer.rotation_status.is_some()
        && answer.last_rotation_attempted_at.is_some()
        && answer.last_rotated_at.is_some()
        && answer.connection.is_some()
        && answer.environment.is_some()
        && answer.project_id.is_some()
        && answer.folder.is_some()
        && answer.rotate_at_utc.is_some()
        && answer.kind.is_some()
        && answer.parameters.is_some()
        && answer.secrets_mapping.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_have_lower_case_letters_digits_and_single_inner_hyphens() {
        for good in ["a", "a-b", "a1-2b-c", "1"] {
            assert!(is_slug(&good.into()), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "a b", "ä"] {
            assert!(!is_slug(&bad.into()), "{bad}");
        }
    }

    #[test]
    fn ids_have_the_usual_form_alone() {
        assert!(is_uuid(&"3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f".into()));
        for bad in ["", "<id>", "3f2b8c1e5d474a0b9c6e1a2b3c4d5e6f", "{3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f}"] {
            assert!(!is_uuid(&bad.into()), "{bad}");
        }
    }

    #[test]
    fn paths_with_and_without_the_last_slash_are_one_place() {
        for (one, other, same) in [("/", "/", true), ("/a/", "/a", true), ("/a", "/b", false), ("/", "/a", false)] {
            assert_eq!(same_path(&one.into(), &other.into()), same, "{one} {other}");
        }
    }

    #[test]
    fn a_limit_that_comes_back_as_a_float_is_the_same_limit() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        assert!(same_float(&number("0.1000000000000000055511151231257827"), &number("0.1")));
        assert!(!same_float(&number("0.1"), &number("0.2")));
    }

    #[test]
    fn never_goes_out_as_null_and_null_comes_back_as_never() {
        let never = Parameters { name: "k".into(), limit_reset: NEVER.into(), ..Parameters::default() };
        let sent = never.to_api().unwrap();
        assert_eq!(serde_json::to_value(&sent).unwrap(), serde_json::json!({"name": "k", "limitReset": null}));
        assert!(Parameters::from_api(sent).unwrap().limit_reset == NEVER.into());
    }
}
