//! From the model to what the API is sent, and from its answers back.

use serde_json::Number as JsonNumber;
use tfplug::{Attr, Diagnostic, Number, Path};

use super::{NEVER, Parameters, RotateAtUtc, SecretsMapping};
use infisical::{Rotation, spelling};

impl RotateAtUtc {
    pub(in crate::provider) fn to_api(&self) -> Result<infisical::RotateAtUtc, Diagnostic> {
        Ok(infisical::RotateAtUtc { hours: *self.hours.known("hours")?, minutes: *self.minutes.known("minutes")? })
    }

    fn from_api(at: infisical::RotateAtUtc) -> Self {
        Self { hours: at.hours.into(), minutes: at.minutes.into() }
    }
}

impl SecretsMapping {
    pub(in crate::provider) fn to_api(&self) -> Result<infisical::SecretsMapping, Diagnostic> {
        Ok(infisical::SecretsMapping { api_key: self.api_key.known("api_key")?.clone() })
    }
}

impl Parameters {
    pub(in crate::provider) fn to_api(&self) -> Result<infisical::Parameters, Diagnostic> {
        let reset = self.limit_reset.get().map(|word| (word != NEVER).then(|| word.clone()));
        Ok(infisical::Parameters {
            name: self.name.known("name")?.clone(),
            limit: self.limit.get().map(limit_to_json).transpose()?.map(Some),
            limit_reset: reset,
            include_byok_in_limit: self.include_byok_in_limit.get().map(|include| Some(*include)),
        })
    }

    /// The answer's parameters: they're answered whole, so one that isn't there is not set.
    fn from_api(answer: infisical::Parameters) -> Result<Self, Diagnostic> {
        Ok(Self {
            name: answer.name.into(),
            limit: answer.limit.flatten().map(|limit| from_json(&limit, &limit_path())).transpose()?.into(),
            limit_reset: answer.limit_reset.flatten().unwrap_or_else(|| NEVER.to_owned()).into(),
            include_byok_in_limit: answer.include_byok_in_limit.flatten().unwrap_or(false).into(),
        })
    }
}

/// The same digits as JSON.
fn limit_to_json(limit: &Number) -> Result<JsonNumber, Diagnostic> {
    limit.to_string().parse().map_err(|_| beyond(&limit.to_string(), &limit_path()))
}

fn from_json(number: &JsonNumber, path: &Path) -> Result<Number, Diagnostic> {
    number.to_string().parse().map_err(|_| beyond(&number.to_string(), path))
}

fn limit_path() -> Path {
    Path::of("parameters").attribute("limit")
}

fn beyond(given: &str, path: &Path) -> Diagnostic {
    Diagnostic::error(format!("Invalid {path}"), format!("{given} is too large or too small a number."))
        .at(path.clone())
}

/// The parts of an answer that need more than a look.
pub(in crate::provider) struct Answered {
    pub(in crate::provider) parameters: Attr<Parameters>,
    pub(in crate::provider) secrets_mapping: Attr<SecretsMapping>,
    pub(in crate::provider) rotate_at_utc: Attr<RotateAtUtc>,
    pub(in crate::provider) rotation_interval: Attr<Number>,
    pub(in crate::provider) connection_id: Attr<String>,
}

impl Answered {
    /// # Errors
    ///
    /// A number beyond what Terraform's numbers hold.
    pub(in crate::provider) fn new(answer: &Rotation) -> Result<Self, Diagnostic> {
        let mapping = answer.secrets_mapping.clone();
        let interval = answer.rotation_interval.as_ref().map(|days| from_json(days, &Path::of("rotation_interval")));
        // Gateways that answer with the documentation's placeholders leave no UUID here: that's no answer.
        let connection_id = answer.connection_id.clone().or_else(|| answer.connection.clone()?.id);
        Ok(Self {
            parameters: answer.parameters.clone().map(Parameters::from_api).transpose()?.into(),
            secrets_mapping: mapping.map(|mapping| SecretsMapping { api_key: mapping.api_key.into() }).into(),
            rotate_at_utc: answer.rotate_at_utc.map(RotateAtUtc::from_api).into(),
            rotation_interval: interval.transpose()?.into(),
            connection_id: connection_id.filter(|id| spelling::is_id(id)).into(),
        })
    }
}

/// Whether the answer has everything that the API's schema requires of one. In such an answer, what isn't there is not
/// set; in a shorter one, it's simply not said.
pub(in crate::provider) fn is_complete(answer: &Rotation) -> bool {
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
    fn never_goes_out_as_null_and_null_comes_back_as_never() {
        let never = Parameters { name: "k".into(), limit_reset: NEVER.into(), ..Parameters::default() };
        let sent = never.to_api().unwrap();
        assert_eq!(serde_json::to_value(&sent).unwrap(), serde_json::json!({"name": "k", "limitReset": null}));
        assert!(Parameters::from_api(sent).unwrap().limit_reset == NEVER.into());
    }
}
