//! The resource's attributes, and their conversion to the API's requests.

use std::collections::BTreeMap;

use infisical::{Deletion, NewRotation};
use tfplug::{Attr, Computed, Diagnostic, Diagnostics, Field as _, Model, Path, Value};

use super::{Facts, FactsConfig, Place, Settings, SettingsConfig};

/// The value of `rotation_triggers`.
pub(super) type Triggers = BTreeMap<String, Option<String>>;

/// Issues an OpenRouter API key, stores it as a secret in Infisical, and replaces it on a schedule.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource)]
pub(in crate::provider) struct Rotation {
    /// The rotation's id.
    #[tf(identity, use_state_for_unknown)]
    pub(super) id: Computed<String>,
    #[tf(flatten)]
    pub(super) place: Place,
    #[tf(flatten)]
    pub(super) settings: Settings,
    #[tf(flatten)]
    pub(super) facts: Facts,
    /// Arbitrary values. When they change, the key is replaced after the update, also when the first values are added or the
    /// last ones removed. They are kept only in the state; after an import, the first values are recorded and rotate nothing.
    pub(super) rotation_triggers: Option<Triggers>,
    /// What is removed together with the rotation when it is destroyed. The last applied values count.
    #[tf(state_only)]
    pub(super) on_destroy: Option<OnDestroy>,
}

/// `on_destroy`.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub(super) struct OnDestroy {
    /// Delete the secret that holds the key. If it stays, its name stays taken, and a replacement fails.
    #[tf(default = true)]
    pub(super) delete_secrets: bool,
    /// Revoke the keys at OpenRouter. Otherwise they stay live.
    #[tf(default = true)]
    pub(super) revoke_generated_credentials: bool,
}

impl Rotation {
    /// The request to create it.
    ///
    /// # Errors
    ///
    /// A limit that cannot be sent.
    pub(super) fn to_new(&self) -> Result<NewRotation, Diagnostic> {
        let (place, settings) = (self.place.clone(), &self.settings);
        Ok(NewRotation {
            name: place.name,
            project_id: place.project_id,
            description: settings.description.clone(),
            connection_id: settings.connection_id.clone(),
            environment: place.environment,
            secret_path: place.secret_path,
            is_auto_rotation_enabled: settings.auto_rotation_enabled,
            // A whole number in every configuration. Only a response may have a fraction, which differs from every valid request.
            rotation_interval: settings.rotation_interval.to_i64().unwrap_or_default(),
            rotate_at_utc: settings.rotate_at_utc.to_api(),
            parameters: settings.parameters.to_api()?,
            secrets_mapping: settings.secrets_mapping.to_api(),
        })
    }

    /// What is to be removed together with the rotation.
    pub(super) fn to_deletion(&self) -> Deletion {
        let all = OnDestroy { delete_secrets: true, revoke_generated_credentials: true };
        let OnDestroy { delete_secrets, revoke_generated_credentials } = self.on_destroy.clone().unwrap_or(all);
        Deletion { delete_secrets, revoke_generated_credentials }
    }

    /// The triggers. No map and an empty map are the same.
    pub(super) fn triggers(&self) -> Triggers {
        self.rotation_triggers.clone().unwrap_or_default()
    }

    pub(super) fn has_unknowns(&self) -> bool {
        !self.clone().into_value().unknowns().is_empty()
    }

    /// This state, updated from the API's response.
    ///
    /// # Errors
    ///
    /// Those of [`RotationConfig::refreshed`].
    pub(super) fn refreshed(self, answer: &infisical::Rotation) -> Result<Self, Diagnostics> {
        convert::<RotationConfig>(self.into_value())?.refreshed(answer)
    }
}

impl RotationConfig {
    /// The triggers. No map and an empty map are the same.
    pub(super) fn triggers(&self) -> Attr<BTreeMap<String, Attr<String>>> {
        match &self.rotation_triggers {
            Attr::Known(triggers) if triggers.is_empty() => Attr::Null,
            triggers => triggers.clone(),
        }
    }

    /// The values so far, updated from the API's response. A field that is missing in a complete response is not set; a field
    /// that is missing in a shorter response keeps its value, or is null if that was unknown.
    ///
    /// # Errors
    ///
    /// - A number beyond what Terraform's numbers hold.
    /// - If neither the response nor the state has an attribute that every rotation has.
    pub(super) fn refreshed(self, answer: &infisical::Rotation) -> Result<Rotation, Diagnostics> {
        let now = Self {
            id: answer.id.clone().into(),
            place: self.place.refreshed(answer),
            settings: self.settings.refreshed(answer)?,
            facts: self.facts.refreshed(answer),
            rotation_triggers: self.rotation_triggers,
            on_destroy: self.on_destroy,
        };
        Rotation::from_value(now.into_value(), &Path::root()).map_err(|error| {
            let detail = format!(
                "What Infisical answered about the rotation {} lacks something that every rotation has. {error}. If \
                 something between here and the API changes answers, correct that; then run the same again.",
                answer.id
            );
            Diagnostic::error("The answer is incomplete", detail).into()
        })
    }

    /// Whether only attributes change that the API does not know.
    pub(super) fn differs_in_triggers_alone(&self, prior: &Self) -> bool {
        let RotationConfig { rotation_triggers, on_destroy, .. } = prior.clone();
        Self { rotation_triggers, on_destroy, ..self.clone() } == *prior
    }

    /// This plan with `prior`'s values where the configuration says nothing and the plan leaves the decision to the API.
    ///
    /// # Errors
    ///
    /// None, unless there is a bug in the model.
    pub(super) fn with_decisions_of(self, prior: &Self, config: &Self) -> Result<Self, Diagnostics> {
        let (prior, config) = (prior.clone().into_value(), config.clone().into_value());
        let Value::Object(mut members) = self.into_value() else { return Err(Diagnostic::bug("No object.").into()) };
        for (name, planned) in &mut members {
            if planned.is_unknown() && config.get(name).is_null() {
                *planned = prior.get(name).clone();
            }
        }
        convert(Value::Object(members))
    }
}

impl FactsConfig {
    /// These facts of a plan, with the prior values of what only a rotation of the key changes.
    pub(super) fn with_key_of(self, prior: &Self) -> Self {
        let prior = prior.clone();
        Self {
            active_index: prior.active_index,
            rotation_status: prior.rotation_status,
            last_rotation_attempted_at: prior.last_rotation_attempted_at,
            last_rotated_at: prior.last_rotated_at,
            last_rotation_job_id: prior.last_rotation_job_id,
            last_rotation_message: prior.last_rotation_message,
            is_last_rotation_manual: prior.is_last_rotation_manual,
            ..self
        }
    }
}

impl SettingsConfig {
    /// Whether the key is replaced at the same times.
    pub(super) fn has_schedule_of(&self, other: &Self) -> bool {
        self.auto_rotation_enabled == other.auto_rotation_enabled
            && self.rotation_interval == other.rotation_interval
            && self.rotate_at_utc == other.rotate_at_utc
    }
}

fn convert<T: tfplug::Field>(value: Value) -> Result<T, Diagnostics> {
    T::from_value(value, &Path::root()).map_err(|error| Diagnostic::bug(error.to_string()).into())
}
