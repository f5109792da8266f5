//! A resource that takes over objects of other types.

use tfplug::{Applied, Computed, Context, Diagnostics, Existing, Model, MoveSource, Moved, Prior, Resource};

use super::identity::ID;
use crate::provider::Client;

/// What was moved here.
#[derive(Model)]
#[tf(resource)]
pub(crate) struct Target {
    #[tf(computed, identity, use_state_for_unknown)]
    id: Computed<String>,
    /// The result of a `random_string`, or the name of a `framework_identity`.
    #[tf(computed, use_state_for_unknown)]
    moved_random_string: Computed<String>,
}

/// What is needed of a `random_string`.
#[derive(Model)]
#[tf(object)]
struct RandomString {
    #[tf(required)]
    id: String,
    #[tf(required)]
    result: String,
}

/// The identity of a `framework_identity`.
#[derive(Model)]
#[tf(object)]
struct Named {
    #[tf(required)]
    id: String,
    #[tf(required)]
    name: String,
}

/// The resource of [`Target`].
pub(crate) struct Moves;

impl Resource for Moves {
    type Client = Client;
    type Model = Target;

    async fn create(&self, _: &Context<'_, Client>, _: Target) -> Applied<Target> {
        Ok(Target { id: ID.into(), moved_random_string: "".into() })
    }

    async fn read(&self, _: &Context<'_, Client>, prior: Prior<Target>) -> Result<Option<Target>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, Client>, _: Existing<Target>, plan: Target) -> Applied<Target> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, Client>, _: Existing<Target>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn move_from(&self, source: &MoveSource) -> Result<Option<Moved<TargetConfig>>, Diagnostics> {
        let moved = |id: String, text: String| TargetConfig { id: id.into(), moved_random_string: text.into() };
        let from = |provider: &str| source.provider_address.ends_with(provider);
        match (source.type_name.as_str(), &source.identity) {
            ("random_string", _) if from("hashicorp/random") => {
                let random: RandomString = source.state.read()?;
                Ok(Some(moved(random.id, random.result).into()))
            }
            ("framework_identity", Some(identity)) if from("hashicorp/framework") => {
                let named: Named = identity.read()?;
                Ok(Some(moved(named.id, named.name).into()))
            }
            _ => Ok(None),
        }
    }
}
