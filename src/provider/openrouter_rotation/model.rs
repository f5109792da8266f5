//! The resource's attributes in Rust, and what they mean to the API.

use std::collections::BTreeMap;

use tfplug::{Attr, Diagnostic, Field as _, Model as _, Number, model};

use crate::provider::rotation::{self, Answered, Parameters, RotateAtUtc, SecretsMapping};
use infisical::{Deletion, Known, NewRotation, Place, Rotation, RotationPatch};

model! {
    /// `on_destroy`.
    pub struct OnDestroy { delete_secrets: bool, revoke_generated_credentials: bool }
}
model! {
    /// One field per attribute, same names: a test holds it against the schema.
    pub struct Model {
        name: String,
        project_id: String,
        connection_id: String,
        environment: String,
        secret_path: String,
        description: String,
        auto_rotation_enabled: bool,
        rotation_interval: Number,
        rotate_at_utc: RotateAtUtc,
        parameters: Parameters,
        secrets_mapping: SecretsMapping,
        rotation_triggers: BTreeMap<String, Attr<String>>,
        on_destroy: OnDestroy,
        id: String,
        r#type: String,
        folder_id: String,
        created_at: String,
        connection_name: String,
        environment_id: String,
        environment_name: String,
        active_index: i64,
        updated_at: String,
        rotation_status: String,
        last_rotation_attempted_at: String,
        last_rotated_at: String,
        last_rotation_job_id: String,
        next_rotation_at: String,
        last_rotation_message: String,
        is_last_rotation_manual: bool,
    }
}

/// Whether the resource has an attribute of that name.
pub(in crate::provider) fn is_attribute(name: &str) -> bool {
    Model::ATTRIBUTES.contains(&name)
}

impl OnDestroy {
    pub(super) fn to_deletion(&self) -> Deletion {
        Deletion {
            delete_secrets: self.delete_secrets.get().copied().unwrap_or(true),
            revoke_generated_credentials: self.revoke_generated_credentials.get().copied().unwrap_or(true),
        }
    }
}

impl Model {
    pub(super) fn to_new(&self) -> Result<NewRotation, Diagnostic> {
        Ok(NewRotation {
            name: self.name.known("name")?.clone(),
            project_id: self.project_id.known("project_id")?.clone(),
            description: self.description.get().cloned(),
            connection_id: self.connection_id.known("connection_id")?.clone(),
            environment: self.environment.known("environment")?.clone(),
            secret_path: self.secret_path.known("secret_path")?.clone(),
            is_auto_rotation_enabled: self.auto_rotation_enabled.get().copied(),
            rotation_interval: self.days()?,
            rotate_at_utc: self.rotate_at_utc.get().map(RotateAtUtc::to_api).transpose()?,
            parameters: self.parameters.known("parameters")?.to_api()?,
            secrets_mapping: self.secrets_mapping.known("secrets_mapping")?.to_api()?,
        })
    }

    /// The interval in whole days, as every configuration has it. Only an answer may have a fraction, set by other means.
    fn days(&self) -> Result<i64, Diagnostic> {
        let days = self.rotation_interval.known("rotation_interval")?;
        days.to_i64()
            .ok_or_else(|| Diagnostic::bug(format!("rotation_interval is {days} where whole days were expected.")))
    }

    /// Whether the plan asks for another key. No triggers and an empty map of them are the same.
    pub(super) fn is_triggered_by(&self, plan: &Self) -> bool {
        let triggers = |model: &Self| model.rotation_triggers.get().cloned().unwrap_or_default();
        triggers(self) != triggers(plan)
    }

    /// What a PATCH must say to get from this state to the plan.
    pub(super) fn patch_to(&self, plan: &Self) -> Result<RotationPatch, Diagnostic> {
        let mut patch = RotationPatch::default();
        if self.name != plan.name {
            patch.name = plan.name.get().cloned();
        }
        if self.description != plan.description {
            patch.description = Some(plan.description.get().cloned());
        }
        if self.auto_rotation_enabled != plan.auto_rotation_enabled {
            patch.is_auto_rotation_enabled = plan.auto_rotation_enabled.get().copied();
        }
        if self.rotation_interval != plan.rotation_interval {
            patch.rotation_interval = Some(plan.days()?);
        }
        if self.rotate_at_utc != plan.rotate_at_utc {
            patch.rotate_at_utc = plan.rotate_at_utc.get().map(RotateAtUtc::to_api).transpose()?;
        }
        if self.parameters != plan.parameters {
            patch.parameters = plan.parameters.get().map(Parameters::to_api).transpose()?;
        }
        if self.secrets_mapping != plan.secrets_mapping {
            patch.secrets_mapping = plan.secrets_mapping.get().map(SecretsMapping::to_api).transpose()?;
        }
        Ok(patch)
    }

    /// Whether nothing but the triggers, and what follows from them, changes.
    pub(super) fn differs_in_triggers_alone(&self, planned: &Self) -> bool {
        let mut kept = planned.clone();
        kept.keep_what_a_rotation_changes(self);
        kept.rotation_triggers = self.rotation_triggers.clone();
        kept.on_destroy = self.on_destroy.clone();
        kept == *self
    }

    /// Takes back what a plan leaves open because of a rotation that will not happen.
    pub(super) fn keep_what_a_rotation_changes(&mut self, prior: &Self) {
        let prior = prior.clone();
        self.active_index = prior.active_index;
        self.updated_at = prior.updated_at;
        self.rotation_status = prior.rotation_status;
        self.last_rotation_attempted_at = prior.last_rotation_attempted_at;
        self.last_rotated_at = prior.last_rotated_at;
        self.last_rotation_job_id = prior.last_rotation_job_id;
        self.next_rotation_at = prior.next_rotation_at;
        self.last_rotation_message = prior.last_rotation_message;
        self.is_last_rotation_manual = prior.is_last_rotation_manual;
    }

    /// Where the rotation is, and its name, if all of it is known.
    pub(super) fn place(&self) -> Option<(Place, &str)> {
        let place = Place {
            project_id: self.project_id.get()?.clone(),
            environment: self.environment.get()?.clone(),
            secret_path: self.secret_path.get()?.clone(),
        };
        Some((place, self.name.get()?))
    }

    /// What the state knows of the rotation, so that an answer of a lagging replica is noticed.
    pub(super) fn known(&self) -> Known<'_> {
        Known {
            created_at: self.created_at.get().map(String::as_str),
            updated_at: self.updated_at.get().map(String::as_str),
        }
    }

    pub(super) fn has_unknowns(&self) -> bool {
        !self.clone().into_value().unknowns().is_empty()
    }

    /// This state with what the API answered. What a complete answer leaves out is not set; what a shorter one leaves out
    /// stays as it is, and is null if it was still open.
    ///
    /// # Errors
    ///
    /// A number beyond what Terraform's numbers hold.
    pub(super) fn refreshed(self, answer: Rotation) -> Result<Self, Diagnostic> {
        let answered = Answered::new(&answer)?;
        let complete = rotation::is_complete(&answer);
        let (connection, environment) = (answer.connection.unwrap_or_default(), answer.environment.unwrap_or_default());
        Ok(Self {
            name: said(answer.name, self.name),
            project_id: said(answer.project_id, self.project_id),
            connection_id: said(answered.connection_id.take(), self.connection_id),
            environment: said(environment.slug, self.environment),
            secret_path: said(answer.folder.and_then(|folder| folder.path), self.secret_path),
            description: set(complete, answer.description, self.description),
            auto_rotation_enabled: said(answer.is_auto_rotation_enabled, self.auto_rotation_enabled),
            rotation_interval: said(answered.rotation_interval.take(), self.rotation_interval),
            rotate_at_utc: said(answered.rotate_at_utc.take(), self.rotate_at_utc),
            parameters: said(answered.parameters.take(), self.parameters),
            secrets_mapping: said(answered.secrets_mapping.take(), self.secrets_mapping),
            rotation_triggers: self.rotation_triggers,
            on_destroy: self.on_destroy,
            id: answer.id.into(),
            r#type: said(answer.kind, self.r#type),
            folder_id: said(answer.folder_id, self.folder_id),
            created_at: said(answer.created_at, self.created_at),
            connection_name: said(connection.name, self.connection_name),
            environment_id: said(environment.id, self.environment_id),
            environment_name: said(environment.name, self.environment_name),
            active_index: said(answer.active_index, self.active_index),
            updated_at: said(answer.updated_at, self.updated_at),
            rotation_status: said(answer.rotation_status, self.rotation_status),
            last_rotation_attempted_at: said(answer.last_rotation_attempted_at, self.last_rotation_attempted_at),
            last_rotated_at: said(answer.last_rotated_at, self.last_rotated_at),
            last_rotation_job_id: set(complete, answer.last_rotation_job_id, self.last_rotation_job_id),
            next_rotation_at: set(complete, answer.next_rotation_at, self.next_rotation_at),
            last_rotation_message: set(complete, answer.last_rotation_message, self.last_rotation_message),
            is_last_rotation_manual: said(answer.is_last_rotation_manual, self.is_last_rotation_manual),
        })
    }
}

/// What the answer says, else what was there; null if that was still open.
fn said<T>(answer: Option<T>, before: Attr<T>) -> Attr<T> {
    match (answer, before) {
        (Some(answer), _) => Attr::Known(answer),
        (None, Attr::Unknown) => Attr::Null,
        (None, before) => before,
    }
}

/// The same for what may be null: a complete answer that doesn't have it says that it's not set. An empty text is how the
/// API may say that, too.
fn set(complete: bool, answer: Option<String>, before: Attr<String>) -> Attr<String> {
    match answer {
        Some(text) if text.is_empty() && before.is_null() => Attr::Null,
        None if complete && before.get().is_none_or(|text| !text.trim().is_empty()) => Attr::Null,
        answer => said(answer, before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_map_of_triggers_is_none() {
        let with =
            |triggers: Attr<BTreeMap<String, Attr<String>>>| Model { rotation_triggers: triggers, ..Model::default() };
        let empty = with(BTreeMap::new().into());
        let one = with(BTreeMap::from([("a".to_owned(), "1".into())]).into());
        assert!(!Model::default().is_triggered_by(&empty) && !empty.is_triggered_by(&Model::default()));
        assert!(empty.is_triggered_by(&one) && one.is_triggered_by(&Model::default()));
    }

    #[test]
    fn a_patch_has_what_changed_and_nothing_else() {
        let prior = Model {
            name: "a".into(),
            description: "x".into(),
            rotation_interval: Number::from(30).into(),
            ..Model::default()
        };
        let plan = Model { description: Attr::Null, rotation_interval: Number::from(7).into(), ..prior.clone() };
        let patch = serde_json::to_value(prior.patch_to(&plan).unwrap()).unwrap();
        assert_eq!(patch, serde_json::json!({"description": null, "rotationInterval": 7}));
    }

    #[test]
    fn an_empty_description_stays_what_the_configuration_calls_it() {
        for (complete, answer, before, after) in [
            (true, Some(String::new()), Attr::Null, Attr::Null),
            (true, None, "".into(), "".into()),
            (true, None, "  ".into(), "  ".into()),
            (true, None, "x".into(), Attr::Null),
            (false, None, "x".into(), "x".into()),
            (false, None, Attr::Unknown, Attr::Null),
            (true, Some("y".to_owned()), "x".into(), "y".into()),
        ] {
            assert!(set(complete, answer, before) == after);
        }
    }
}
