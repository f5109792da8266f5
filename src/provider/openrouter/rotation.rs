//! An OpenRouter API key that Infisical issues, stores as a secret and replaces on a schedule.

use infisical::{Client, Known, Place, RotationPatch, spelling};
use tfplug::schema::Schema;
use tfplug::{
    Applied, Context, Diagnostic, Diagnostics, Existing, Failed, ImportId, Model as _, PlanRequest, Prior, Resource,
};

use super::model::{Rotation, RotationConfig, RotationIdentity};
use super::refusals::ROTATION;
use super::replacement_target::{Replaced, Target};
use super::triggers::{self, Effect, IMPORTED, Updated};
use super::{FactsConfig, notes, planning, replacement, replacement_note};
use crate::provider::errors::During as _;

/// The resource's type name.
pub(in crate::provider) const NAME: &str = "infisical_openrouter_rotation";

/// The resource.
pub(in crate::provider) struct OpenRouterRotation;

impl Resource for OpenRouterRotation {
    type Client = Client;
    type Model = Rotation;

    fn schema(&self) -> Schema {
        Rotation::schema().generated_without_nulls()
    }

    async fn plan(&self, request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
        planning::plan(request).await
    }

    async fn create(&self, cx: &Context<'_, Client>, plan: Rotation) -> Applied<Rotation> {
        replacement_note::forget(cx.private);
        let made = cx.client.rotations().create(&plan.to_new()?).await.during("create the rotation", &ROTATION)?;
        made.note.iter().for_each(|note| cx.warn(notes::created(note)));
        let exists = Rotation { id: made.object.id.clone().into(), ..plan.clone() };
        filled(cx, plan, made.object).await.map_err(|diagnostics| Failed::with(exists, diagnostics))
    }

    async fn read(&self, cx: &Context<'_, Client>, prior: Prior<Rotation>) -> Result<Option<Rotation>, Diagnostics> {
        let (id, rotations) = (&prior.identity.id, cx.client.rotations());
        let FactsConfig { created_at, updated_at, .. } = &prior.state.facts;
        let found = match prior.state.place.project_id.get() {
            Some(project) => rotations.get_in(project, id, known(created_at.get(), updated_at.get())).await,
            None => rotations.get(id).await,
        };
        let found = match found {
            Err(error) if error.is_not_found() => {
                prior.whole().iter().filter_map(|state| notes::gone(id, state)).for_each(|warning| cx.warn(warning));
                return Ok(None);
            }
            found => found.during("read the rotation", &ROTATION)?,
        };
        notes::failed_rotation(&found).into_iter().for_each(|warning| cx.warn(warning));
        Ok(Some(prior.state.refreshed(&found)?))
    }

    async fn update(&self, cx: &Context<'_, Client>, prior: Existing<Rotation>, plan: Rotation) -> Applied<Rotation> {
        let Existing { identity: RotationIdentity { id }, state: prior, .. } = prior;
        let patch = plan.to_new()?.changes_since(&prior.to_new()?);
        let differ = prior.triggers() != plan.triggers();
        let effect = Effect::of(cx.private, prior.rotation_triggers.is_none(), differ);
        let rotates = effect == Effect::Rotates;
        let (mut now, mut updated) = (plan, Updated::default());
        if patch != RotationPatch::default() {
            let unchanged = |diagnostics| Failed::with(prior.clone(), diagnostics);
            let changed;
            (changed, updated) = triggers::update(cx, &id, (&prior, rotates), &patch).await.map_err(unchanged)?;
            now = filled(cx, now, changed).await.map_err(unchanged)?;
        }
        match effect {
            Effect::Nothing => triggers::forget(cx), // the configuration no longer asks for it
            // Only now: after an update that fails, the same triggers must not replace the key.
            Effect::Records | Effect::Rotates => drop(cx.private.remove(IMPORTED)),
        }
        if rotates {
            match triggers::rotate(cx, &id, &prior, &updated).await {
                Ok(rotated) => now = filled(cx, now, rotated).await?,
                Err(diagnostics) => {
                    // The update has been made. Since the state keeps the old triggers, the next plan rotates the key.
                    now.rotation_triggers = prior.rotation_triggers;
                    return Err(Failed::with(now, diagnostics));
                }
            }
        }
        if now.has_unknowns() {
            now = now.refreshed(&cx.client.rotations().get(&id).await.during("read the rotation", &ROTATION)?)?;
        }
        Ok(now)
    }

    async fn delete(&self, cx: &Context<'_, Client>, rotation: Existing<Rotation>) -> Result<(), Diagnostics> {
        let Existing { identity, state, .. } = rotation;
        if let Some(target) = replacement_note::noted::<Target>(cx.private)? {
            replacement::check(cx.client, &Replaced::of_state(&identity.id, &state), &target).await?;
        }
        let known = known(state.facts.created_at.get(), state.facts.updated_at.get());
        match cx.client.rotations().delete(&identity.id, &state.to_deletion(), known).await {
            Err(error) if error.is_not_found() => {
                notes::gone(&identity.id, &state).into_iter().for_each(|warning| cx.warn(warning));
                Ok(())
            }
            done => done.during("delete the rotation", &ROTATION),
        }
    }

    async fn import(
        &self,
        cx: &Context<'_, Client>,
        id: ImportId<RotationIdentity>,
    ) -> Result<RotationIdentity, Diagnostics> {
        cx.private.set(IMPORTED, "until the first triggers");
        let (id, by_identity) = match id {
            ImportId::Identity(identity) => (identity.id, true),
            ImportId::Id(id) => (id, false),
        };
        let id = spelling::trimmed(&id);
        if spelling::is_id(id) {
            // The API returns ids in lower case, so an id in upper case would appear to be another one.
            return Ok(RotationIdentity { id: id.to_lowercase() });
        }
        if by_identity {
            let detail = format!("Given: {id:?}. Allowed: the rotation's id, a UUID.");
            return Err(Diagnostic::error("Invalid identity", detail).into());
        }
        let (place, name) = composite(id)?;
        let found = cx.client.rotations().by_name(&place, &name).await;
        let found = found.during("find the rotation to import", &ROTATION)?;
        Ok(RotationIdentity { id: found.id })
    }
}

/// What the state knows about the rotation, so that a stale response from a lagging replica is noticed.
fn known<'a>(created_at: Option<&'a String>, updated_at: Option<&'a String>) -> Known<'a> {
    Known { created_at: created_at.map(String::as_str), updated_at: updated_at.map(String::as_str) }
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

/// The model, updated from the response. If the response leaves fields out, the rotation is read once more; fields that
/// are still missing keep their previous value, or are null.
///
/// # Errors
///
/// Those of [`RotationConfig::refreshed`].
async fn filled(
    cx: &Context<'_, Client>,
    model: Rotation,
    answer: infisical::Rotation,
) -> Result<Rotation, Diagnostics> {
    let now = model.refreshed(&answer)?;
    if answer.is_complete() {
        return Ok(now);
    }
    match cx.client.rotations().get(&answer.id).await {
        Ok(read) => now.refreshed(&read),
        Err(error) => {
            tracing::warn!(%error, "an answer left fields out, and reading it once more failed");
            Ok(now)
        }
    }
}

#[cfg(test)]
mod tests;
