//! An OpenRouter API key that Infisical issues, stores as a secret and replaces on a schedule.

use std::collections::BTreeMap;

use tfplug::schema::{Schema, boolean, map_of, object};
use tfplug::{
    Applied, Attr, Cx, Diagnostic, Diagnostics, Failed, Field as _, ImportId, Model as _, Resource, Type, model,
};

use super::errors::During as _;
use super::rotation::{self, Answered, Parameters, RotateAtUtc, SecretsMapping};
use crate::infisical::{Client, Deletion, NewRotation, Place, Rotation, RotationPatch};

/// The resource's type name.
pub(super) const NAME: &str = "infisical_openrouter_rotation";

/// Private data of an imported object until its first update: what triggered rotations before isn't known.
const IMPORTED: &str = "imported";

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
        rotation_interval: i64,
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
pub(super) fn is_attribute(name: &str) -> bool {
    Model::ATTRIBUTES.contains(&name)
}

/// The resource.
pub(super) struct OpenRouterRotation;

impl Resource for OpenRouterRotation {
    type Client = Client;
    type Model = Model;

    fn schema(&self) -> Schema {
        Schema::new("Issues an OpenRouter API key, stores it as a secret in Infisical, and replaces it on a schedule.")
            .attributes(rotation::configured())
            .attributes(rotation::computed())
            .attribute(
                "rotation_triggers",
                map_of(Type::String).doc(
                    "Any values; when they change, the key is replaced after the update. Kept in the state alone. After \
                     an import, the first values are only recorded.",
                ),
            )
            .attribute(
                "on_destroy",
                object()
                    .local()
                    .doc("What goes with the rotation when it's destroyed; what counts is the last applied value.")
                    .attribute(
                        "delete_secrets",
                        boolean().default_to(true).doc(
                            "Delete the secret that holds the key. If it stays, its name stays taken, and a replacement \
                             fails.",
                        ),
                    )
                    .attribute(
                        "revoke_generated_credentials",
                        boolean().default_to(true).doc("Revoke the keys at OpenRouter. If not, they go on working."),
                    ),
            )
    }

    fn identity(&self) -> &'static [&'static str] {
        &["id"]
    }

    async fn create(&self, cx: &Cx<'_, Client>, plan: Model) -> Applied<Model> {
        let made = cx.client.create_rotation(&plan.to_new()?).await.during("create the rotation")?;
        if let Some(why) = made.found_after_failure {
            let detail = format!("{why} It was found afterwards and is in the state; nothing was created twice.");
            cx.warn(Diagnostic::warning("The rotation was created, but the answer got lost", detail));
        }
        let made = completed(cx, made.rotation).await;
        let exists = Model { id: made.id.clone().into(), ..plan.clone() };
        plan.refreshed(made).map_err(|diagnostic| Failed::with(exists, diagnostic))
    }

    async fn read(&self, cx: &Cx<'_, Client>, state: Model) -> Result<Option<Model>, Diagnostics> {
        let id = state.id.known("id")?;
        let found = match state.project_id.get() {
            Some(project_id) => cx.client.rotation_in(project_id, id).await,
            None => cx.client.rotation(id).await,
        };
        match found {
            Err(error) if error.is_not_found() => Ok(None),
            found => Ok(Some(state.refreshed(found.during("read the rotation")?)?)),
        }
    }

    async fn update(&self, cx: &Cx<'_, Client>, prior: Model, plan: Model) -> Applied<Model> {
        let id = prior.id.known("id")?.clone();
        let patch = prior.patch_to(&plan)?;
        let rotates = prior.rotation_triggers != plan.rotation_triggers
            && !(cx.private.remove(IMPORTED) && prior.rotation_triggers.is_null());
        let mut now = plan;
        if patch != RotationPatch::default() {
            let changed = cx.client.update_rotation(&id, &patch).await.during("update the rotation")?;
            now = now.refreshed(completed(cx, changed).await)?;
        }
        if rotates {
            let last_rotated_at = prior.last_rotated_at.get().map(String::as_str);
            match cx.client.rotate(&id, last_rotated_at).await.during("rotate the key") {
                Ok(rotated) => now = now.refreshed(completed(cx, rotated).await)?,
                Err(diagnostics) => {
                    // The update stands; with the old triggers in the state, the next plan rotates.
                    now.rotation_triggers = prior.rotation_triggers;
                    return Err(Failed::with(now, diagnostics));
                }
            }
        }
        if now.has_unknowns() {
            now = now.refreshed(cx.client.rotation(&id).await.during("read the rotation")?)?;
        }
        Ok(now)
    }

    async fn delete(&self, cx: &Cx<'_, Client>, state: Model) -> Result<(), Diagnostics> {
        let id = state.id.known("id")?;
        match cx.client.delete_rotation(id, &state.on_destroy.get().cloned().unwrap_or_default().to_deletion()).await {
            Err(error) if error.is_not_found() => Ok(()),
            done => done.during("delete the rotation"),
        }
    }

    async fn import(&self, cx: &Cx<'_, Client>, id: ImportId<Model>) -> Result<Model, Diagnostics> {
        cx.private.set(IMPORTED, "until the first update");
        let id = match id {
            ImportId::Identity(state) => return Ok(state),
            ImportId::Id(id) => id,
        };
        if rotation::hyphenated(&id).is_some() {
            return Ok(Model { id: id.into(), ..Model::default() });
        }
        let (place, name) = composite(&id)?;
        let found = cx.client.rotation_by_name(&place, &name).await.during("find the rotation to import")?;
        Ok(Model { project_id: place.project_id.into(), ..Model::default() }.refreshed(found)?)
    }
}

/// `<project_id>,<environment>,<secret_path>,<name>`; a path may have commas of its own.
fn composite(id: &str) -> Result<(Place, String), Diagnostic> {
    let parts = || {
        let (project_id, rest) = id.split_once(',')?;
        let (environment, rest) = rest.split_once(',')?;
        let (secret_path, name) = rest.rsplit_once(',')?;
        let parts = [project_id, environment, secret_path, name].map(|part| part.trim().to_owned());
        (!parts.iter().any(String::is_empty)).then_some(parts)
    };
    let Some([project_id, environment, secret_path, name]) = parts() else {
        let detail = format!(
            "Given: {id:?}. Allowed: the rotation's id (a UUID), or <project_id>,<environment>,<secret_path>,<name>."
        );
        return Err(Diagnostic::error("Invalid import id", detail));
    };
    Ok((Place { project_id, environment, secret_path }, name))
}

/// An answer that leaves fields out is read once more; what the read can't tell either stays open.
async fn completed(cx: &Cx<'_, Client>, answer: Rotation) -> Rotation {
    if rotation::is_complete(&answer) {
        return answer;
    }
    match cx.client.rotation(&answer.id).await {
        Ok(read) if rotation::is_complete(&read) => read,
        Ok(_) => answer,
        Err(error) => {
            tracing::warn!(%error, "an answer left fields out, and reading it once more failed");
            answer
        }
    }
}

impl OnDestroy {
    fn to_deletion(&self) -> Deletion {
        Deletion {
            delete_secrets: self.delete_secrets.get().copied().unwrap_or(true),
            revoke_generated_credentials: self.revoke_generated_credentials.get().copied().unwrap_or(true),
        }
    }
}

impl Model {
    fn to_new(&self) -> Result<NewRotation, Diagnostic> {
        Ok(NewRotation {
            name: self.name.known("name")?.clone(),
            project_id: self.project_id.known("project_id")?.clone(),
            description: self.description.get().cloned(),
            connection_id: self.connection_id.known("connection_id")?.clone(),
            environment: self.environment.known("environment")?.clone(),
            secret_path: self.secret_path.known("secret_path")?.clone(),
            is_auto_rotation_enabled: self.auto_rotation_enabled.get().copied(),
            rotation_interval: *self.rotation_interval.known("rotation_interval")?,
            rotate_at_utc: self.rotate_at_utc.get().map(RotateAtUtc::to_api).transpose()?,
            parameters: self.parameters.known("parameters")?.to_api()?,
            secrets_mapping: self.secrets_mapping.known("secrets_mapping")?.to_api()?,
        })
    }

    /// What a PATCH must say to get from this state to the plan.
    fn patch_to(&self, plan: &Self) -> Result<RotationPatch, Diagnostic> {
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
            patch.rotation_interval = plan.rotation_interval.get().copied();
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

    fn has_unknowns(&self) -> bool {
        !self.clone().into_value().unknowns().is_empty()
    }

    /// This state with what the API answered. What a complete answer leaves out is not set; what a shorter one leaves out
    /// stays as it is, and is null if it was still open.
    ///
    /// # Errors
    ///
    /// A limit beyond what Terraform's numbers hold.
    fn refreshed(self, answer: Rotation) -> Result<Self, Diagnostic> {
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
            rotation_interval: said(answer.rotation_interval, self.rotation_interval),
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
        None if complete && before.get().is_none_or(|text| !text.is_empty()) => Attr::Null,
        answer => said(answer, before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_has_the_schemas_attributes() {
        assert_eq!(tfplug::holds_against::<Model>(&OpenRouterRotation.schema()), Ok(()));
    }

    #[test]
    fn ok_a_composite_import_id_keeps_the_commas_of_its_path() {
        let (place, name) = composite("p-1, dev,/a,b/c,my-key").unwrap();
        let expected = Place { project_id: "p-1".into(), environment: "dev".into(), secret_path: "/a,b/c".into() };
        assert_eq!((place, name.as_str()), (expected, "my-key"));
    }

    #[test]
    fn err_an_import_id_that_is_neither_says_what_is_allowed() {
        for id in ["", "x", "a,b,c", "a,b,,d", ",,,"] {
            let error = composite(id).unwrap_err();
            assert!(
                error.detail().starts_with(&format!("Given: {id:?}. Allowed: the rotation's id")),
                "{}",
                error.detail()
            );
        }
    }

    #[test]
    fn a_patch_has_what_changed_and_nothing_else() {
        let prior =
            Model { name: "a".into(), description: "x".into(), rotation_interval: 30.into(), ..Model::default() };
        let plan = Model { description: Attr::Null, rotation_interval: 7.into(), ..prior.clone() };
        let patch = serde_json::to_value(prior.patch_to(&plan).unwrap()).unwrap();
        assert_eq!(patch, serde_json::json!({"description": null, "rotationInterval": 7}));
    }

    #[test]
    fn an_empty_description_stays_what_the_configuration_calls_it() {
        for (complete, answer, before, after) in [
            (true, Some(String::new()), Attr::Null, Attr::Null),
            (true, None, "".into(), "".into()),
            (true, None, "x".into(), Attr::Null),
            (false, None, "x".into(), "x".into()),
            (false, None, Attr::Unknown, Attr::Null),
            (true, Some("y".to_owned()), "x".into(), "y".into()),
        ] {
            assert!(set(complete, answer, before) == after);
        }
    }
}
