//! Conversions from the attributes to the API's requests, and from its responses to the attributes.

use infisical::{Rotation, spelling};
use serde_json::Number as JsonNumber;
use tfplug::{Attr, Diagnostic, Number, Path};

use super::{
    FactsConfig, NEVER, Parameters, ParametersConfig, PlaceConfig, RotateAtUtc, RotateAtUtcConfig, SecretsMapping,
    SecretsMappingConfig, SettingsConfig,
};

impl RotateAtUtc {
    pub(super) fn to_api(&self) -> infisical::RotateAtUtc {
        infisical::RotateAtUtc { hours: self.hours, minutes: self.minutes }
    }
}

impl SecretsMapping {
    pub(super) fn to_api(&self) -> infisical::SecretsMapping {
        infisical::SecretsMapping { api_key: self.api_key.clone() }
    }
}

impl Parameters {
    /// # Errors
    ///
    /// A limit beyond what JSON's numbers hold here.
    pub(super) fn to_api(&self) -> Result<infisical::Parameters, Diagnostic> {
        Ok(infisical::Parameters {
            name: self.name.clone(),
            limit: self.limit.as_ref().map(limit_to_json).transpose()?.map(Some),
            limit_reset: Some((self.limit_reset != NEVER).then(|| self.limit_reset.clone())),
            include_byok_in_limit: Some(Some(self.include_byok_in_limit)),
        })
    }
}

impl PlaceConfig {
    /// These attributes, updated from the API's response.
    pub(super) fn refreshed(self, answer: &Rotation) -> Self {
        let environment = answer.environment.as_ref().and_then(|environment| environment.slug.clone());
        Self {
            name: said(answer.name.clone(), self.name),
            project_id: said(answer.project_id.clone(), self.project_id),
            environment: said(environment, self.environment),
            secret_path: said(answer.folder.as_ref().and_then(|folder| folder.path.clone()), self.secret_path),
        }
    }

    /// The place as the API has it, and the name, if all of it is known.
    pub(super) fn to_api(&self) -> Option<(infisical::Place, &str)> {
        let place = infisical::Place {
            project_id: self.project_id.get()?.clone(),
            environment: self.environment.get()?.clone(),
            secret_path: self.secret_path.get()?.clone(),
        };
        Some((place, self.name.get()?))
    }
}

impl SettingsConfig {
    /// These attributes, updated from the API's response.
    ///
    /// # Errors
    ///
    /// A number beyond what Terraform's numbers hold.
    pub(super) fn refreshed(self, answer: &Rotation) -> Result<Self, Diagnostic> {
        // A gateway that returns the documentation's sample response has a placeholder here, which is not a UUID.
        let connection_id = answer.connection_id.clone().or_else(|| answer.connection.clone()?.id);
        let days = |days| from_json(days, &Path::of("rotation_interval"));
        Ok(Self {
            connection_id: said(connection_id.filter(|id| spelling::is_id(id)), self.connection_id),
            description: set(answer, answer.description.clone(), self.description),
            auto_rotation_enabled: said(answer.is_auto_rotation_enabled, self.auto_rotation_enabled),
            rotation_interval: said(answer.rotation_interval.as_ref().map(days).transpose()?, self.rotation_interval),
            rotate_at_utc: said(answer.rotate_at_utc.map(at), self.rotate_at_utc),
            parameters: said(answer.parameters.as_ref().map(parameters).transpose()?, self.parameters),
            secrets_mapping: said(answer.secrets_mapping.clone().map(mapping), self.secrets_mapping),
        })
    }
}

impl FactsConfig {
    /// These attributes, updated from the API's response.
    pub(super) fn refreshed(self, answer: &Rotation) -> Self {
        let connection = answer.connection.clone().unwrap_or_default();
        let environment = answer.environment.clone().unwrap_or_default();
        let attempted_at = answer.last_rotation_attempted_at.clone();
        Self {
            r#type: said(answer.kind.clone(), self.r#type),
            folder_id: said(answer.folder_id.clone(), self.folder_id),
            created_at: said(answer.created_at.clone(), self.created_at),
            connection_name: said(connection.name, self.connection_name),
            environment_id: said(environment.id, self.environment_id),
            environment_name: said(environment.name, self.environment_name),
            active_index: said(answer.active_index, self.active_index),
            updated_at: said(answer.updated_at.clone(), self.updated_at),
            rotation_status: said(answer.rotation_status.clone(), self.rotation_status),
            last_rotation_attempted_at: said(attempted_at, self.last_rotation_attempted_at),
            last_rotated_at: said(answer.last_rotated_at.clone(), self.last_rotated_at),
            last_rotation_job_id: set(answer, answer.last_rotation_job_id.clone(), self.last_rotation_job_id),
            next_rotation_at: set(answer, answer.next_rotation_at.clone(), self.next_rotation_at),
            last_rotation_message: set(answer, answer.last_rotation_message.clone(), self.last_rotation_message),
            is_last_rotation_manual: said(answer.is_last_rotation_manual, self.is_last_rotation_manual),
        }
    }
}

/// The value of the response, or else the previous one; null if that was unknown.
pub(super) fn said<T>(answer: Option<T>, before: Attr<T>) -> Attr<T> {
    match (answer, before) {
        (Some(answer), _) => Attr::Known(answer),
        (None, Attr::Unknown) => Attr::Null,
        (None, before) => before,
    }
}

/// The same for attributes that may be null: if a complete response leaves the field out, it is not set. The API may also
/// return an empty text for that.
fn set(whole: &Rotation, answer: Option<String>, before: Attr<String>) -> Attr<String> {
    settled(whole.is_complete(), answer, before)
}

/// The same, where the caller says whether the response is complete.
pub(super) fn settled(is_complete: bool, answer: Option<String>, before: Attr<String>) -> Attr<String> {
    match answer {
        Some(text) if text.is_empty() && before.is_null() => Attr::Null,
        None if is_complete && before.get().is_none_or(|text| !text.trim().is_empty()) => Attr::Null,
        answer => said(answer, before),
    }
}

fn at(at: infisical::RotateAtUtc) -> RotateAtUtcConfig {
    RotateAtUtcConfig { hours: at.hours.into(), minutes: at.minutes.into() }
}

fn mapping(mapping: infisical::SecretsMapping) -> SecretsMappingConfig {
    SecretsMappingConfig { api_key: mapping.api_key.into() }
}

/// The parameters of the response. The API always returns all of them, so one that is missing is not set.
fn parameters(answer: &infisical::Parameters) -> Result<ParametersConfig, Diagnostic> {
    let limit = answer.limit.as_ref().and_then(Option::as_ref);
    Ok(ParametersConfig {
        name: answer.name.clone().into(),
        limit: limit.map(|limit| from_json(limit, &limit_path())).transpose()?.into(),
        limit_reset: answer.limit_reset.clone().flatten().unwrap_or_else(|| NEVER.to_owned()).into(),
        include_byok_in_limit: answer.include_byok_in_limit.flatten().unwrap_or(false).into(),
    })
}

/// The number as JSON, with the same digits.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_goes_out_as_null_and_null_comes_back_as_never() {
        let never =
            Parameters { name: "k".into(), limit: None, limit_reset: NEVER.into(), include_byok_in_limit: false };
        let sent = never.to_api().unwrap();
        let expected = serde_json::json!({"name": "k", "limitReset": null, "includeByokInLimit": false});
        assert_eq!(serde_json::to_value(&sent).unwrap(), expected);
        assert_eq!(parameters(&sent).unwrap().limit_reset, NEVER.into());
    }

    #[test]
    fn an_empty_description_stays_what_the_configuration_calls_it() {
        for (is_complete, answer, before, after) in [
            (true, Some(String::new()), Attr::Null, Attr::Null),
            (true, None, "".into(), "".into()),
            (true, None, "  ".into(), "  ".into()),
            (true, None, "x".into(), Attr::Null),
            (false, None, "x".into(), "x".into()),
            (false, None, Attr::Unknown, Attr::Null),
            (true, Some("y".to_owned()), "x".into(), "y".into()),
        ] {
            let whole = if is_complete { complete() } else { Rotation::default() };
            assert_eq!(set(&whole, answer, before), after);
        }
    }

    fn complete() -> Rotation {
        let found: Rotation = serde_json::from_value(serde_json::json!({
            "id": "1", "name": "a", "folderId": "f", "connectionId": "c", "createdAt": "t", "updatedAt": "t",
            "rotationInterval": 30, "rotationStatus": "success", "lastRotationAttemptedAt": "t", "lastRotatedAt": "t",
            "connection": {}, "environment": {}, "projectId": "p", "folder": {}, "type": "open-router-api-key",
            "rotateAtUtc": {"hours": 0, "minutes": 0}, "parameters": {"name": "k"}, "secretsMapping": {"apiKey": "K"},
        }))
        .unwrap();
        assert!(found.is_complete());
        found
    }
}
