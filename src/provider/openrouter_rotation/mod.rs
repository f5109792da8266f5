//! An OpenRouter API key that Infisical issues, stores as a secret and replaces on a schedule.

mod model;
mod notes;
mod planning;
mod refusals;
mod triggers;

use tfplug::schema::{Schema, boolean, map_of, object};
use tfplug::{Applied, Cx, Diagnostic, Diagnostics, Failed, ImportId, PlanRequest, Resource, Type};

use infisical::{Client, Place, Rotation, RotationPatch, spelling};

use super::errors::During as _;
use super::rotation;
use model::Model;
use refusals::ROTATION;

/// The resource's type name.
pub(super) const NAME: &str = "infisical_openrouter_rotation";

/// Private data of an imported object until its first triggers: what triggered rotations before isn't known.
const IMPORTED: &str = "imported";

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
                map_of(Type::String).description(
                    "Arbitrary values. When they change, the key is replaced after the update, also when the first values are \
                     added or the last ones removed. They are kept only in the state; after an import, the first values are \
                     recorded and rotate nothing.",
                ),
            )
            .attribute(
                "on_destroy",
                object()
                    .state_only()
                    .description("What is removed together with the rotation when it is destroyed. The last applied values count.")
                    .attribute(
                        "delete_secrets",
                        boolean().default_value(true).description(
                            "Delete the secret that holds the key. If it stays, its name stays taken, and a replacement \
                             fails.",
                        ),
                    )
                    .attribute(
                        "revoke_generated_credentials",
                        boolean().default_value(true).description("Revoke the keys at OpenRouter. Otherwise they stay live."),
                    ),
            )
    }

    fn identity(&self) -> &'static [&'static str] {
        &["id"]
    }

    async fn plan(&self, request: &mut PlanRequest<'_, Client, Model>) -> Result<(), Diagnostics> {
        planning::plan(request).await
    }

    async fn create(&self, cx: &Cx<'_, Client>, plan: Model) -> Applied<Model> {
        let made = cx.client.rotations().create(&plan.to_new()?).await.during("create the rotation", &ROTATION)?;
        made.note.iter().for_each(|note| cx.warn(notes::created(note)));
        let exists = Model { id: made.object.id.clone().into(), ..plan.clone() };
        filled(cx, plan, made.object).await.map_err(|diagnostic| Failed::with(exists, diagnostic))
    }

    async fn read(&self, cx: &Cx<'_, Client>, state: Model) -> Result<Option<Model>, Diagnostics> {
        let id = state.id.known("id")?;
        let rotations = cx.client.rotations();
        let found = match state.project_id.get() {
            Some(project_id) => rotations.get_in(project_id, id, state.known()).await,
            None => rotations.get(id).await,
        };
        match found {
            Err(error) if error.is_not_found() => Ok(None),
            found => {
                let found = found.during("read the rotation", &ROTATION)?;
                notes::failed_rotation(&found).into_iter().for_each(|warning| cx.warn(warning));
                Ok(Some(state.refreshed(found)?))
            }
        }
    }

    async fn update(&self, cx: &Cx<'_, Client>, prior: Model, plan: Model) -> Applied<Model> {
        let id = prior.id.known("id")?.clone();
        let patch = prior.patch_to(&plan)?;
        let rotates =
            prior.is_triggered_by(&plan) && !(cx.private.remove(IMPORTED) && prior.rotation_triggers.is_null());
        let mut now = plan;
        if patch != RotationPatch::default() {
            let changed = cx.client.rotations().update(&id, &patch).await;
            now = filled(cx, now, changed.during("update the rotation", &ROTATION)?).await?;
        }
        if rotates {
            match triggers::rotate(cx, &id, &prior, &now).await {
                Ok(rotated) => now = filled(cx, now, rotated).await?,
                Err(diagnostics) => {
                    // The update stands; with the old triggers in the state, the next plan rotates.
                    now.rotation_triggers = prior.rotation_triggers;
                    return Err(Failed::with(now, diagnostics));
                }
            }
        }
        if now.has_unknowns() {
            now = now.refreshed(cx.client.rotations().get(&id).await.during("read the rotation", &ROTATION)?)?;
        }
        Ok(now)
    }

    async fn delete(&self, cx: &Cx<'_, Client>, state: Model) -> Result<(), Diagnostics> {
        let id = state.id.known("id")?;
        let deletion = state.on_destroy.get().cloned().unwrap_or_default().to_deletion();
        match cx.client.rotations().delete(id, &deletion, state.known()).await {
            Err(error) if error.is_not_found() => Ok(()),
            done => done.during("delete the rotation", &ROTATION),
        }
    }

    async fn import(&self, cx: &Cx<'_, Client>, id: ImportId<Model>) -> Result<Model, Diagnostics> {
        cx.private.set(IMPORTED, "until the first triggers");
        let (id, by_identity) = match id {
            ImportId::Identity(state) => (state.id.known("id")?.clone(), true),
            ImportId::Id(id) => (id, false),
        };
        let id = spelling::trimmed(&id);
        if spelling::is_id(id) {
            // In the API's own spelling: an id in capitals would come back as another.
            return Ok(Model { id: id.to_lowercase().into(), ..Model::default() });
        }
        if by_identity {
            let detail = format!("Given: {id:?}. Allowed: the rotation's id, a UUID.");
            return Err(Diagnostic::error("Invalid identity", detail).into());
        }
        let (place, name) = composite(id)?;
        let found = cx.client.rotations().by_name(&place, &name).await;
        let found = found.during("find the rotation to import", &ROTATION)?;
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

/// The model with what was answered. If the answer leaves fields out, the rotation is read once more; what the read
/// can't tell either is as it was, or null.
///
/// # Errors
///
/// A number beyond what Terraform's numbers hold.
async fn filled(cx: &Cx<'_, Client>, model: Model, answer: Rotation) -> Result<Model, Diagnostic> {
    let (id, complete) = (answer.id.clone(), rotation::is_complete(&answer));
    let now = model.refreshed(answer)?;
    if complete {
        return Ok(now);
    }
    match cx.client.rotations().get(&id).await {
        Ok(read) => now.refreshed(read),
        Err(error) => {
            tracing::warn!(%error, "an answer left fields out, and reading it once more failed");
            Ok(now)
        }
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
}
