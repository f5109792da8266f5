//! Changes, reads and imports that are deferred.

use tfplug::{
    Applied, Context, Deferral, Diagnostic, Diagnostics, Existing, ImportId, Model, NoIdentity, Path, PlanRequest,
    Prior, Resource,
};

use crate::provider::Client;

/// Is deferred on request.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Action {
    /// At least five characters.
    id: Option<String>,
    /// Defers each change.
    modify_plan_deferral: Option<bool>,
    /// Defers each read.
    read_deferral: Option<bool>,
}

/// The resource of [`Action`].
pub(crate) struct Deferring {
    /// Whether its own part of planning runs while the provider's configuration is not known.
    pub(crate) while_deferred: bool,
}

impl Resource for Deferring {
    type Client = Client;
    type Model = Action;

    async fn plan(&self, request: &mut PlanRequest<'_, Client, ActionConfig>) -> Result<(), Diagnostics> {
        if request.client.is_none() && !self.while_deferred {
            return Ok(());
        }
        let Some(config) = &request.config else { return Ok(()) };
        if config.id.get().is_some_and(|id| id.chars().count() < 5) {
            let error = Diagnostic::error("invalid id value", "An id has at least five characters.");
            return Err(error.at(Path::of("id")).into());
        }
        if config.modify_plan_deferral.get() == Some(&true) {
            request.defer(Deferral::ResourceConfigUnknown);
        }
        Ok(())
    }

    async fn create(&self, _: &Context<'_, Client>, plan: Action) -> Applied<Action> {
        Ok(plan)
    }

    async fn read(&self, cx: &Context<'_, Client>, prior: Prior<Action>) -> Result<Option<Action>, Diagnostics> {
        if prior.state.read_deferral.get() == Some(&true) {
            cx.defer(Deferral::ResourceConfigUnknown);
        }
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, Client>, _: Existing<Action>, plan: Action) -> Applied<Action> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, Client>, _: Existing<Action>) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import_state(
        &self,
        cx: &Context<'_, Client>,
        id: ImportId<NoIdentity>,
    ) -> Result<ActionConfig, Diagnostics> {
        let ImportId::Id(id) = id else { return Ok(ActionConfig::default()) };
        if id == "deferral-id" {
            cx.defer(Deferral::ResourceConfigUnknown);
        }
        Ok(ActionConfig { id: id.into(), ..ActionConfig::default() })
    }
}
