//! A resource with an identity of two parts.

use tfplug::{Applied, Computed, Context, Diagnostics, Existing, ImportId, Model, Prior, Resource};

use crate::provider::Client;

/// What a read finds, whatever the state says.
const NAME: &str = "tom";
pub(crate) const ID: &str = "id-123";

/// Something that is identified by its id and its name.
#[derive(Model)]
#[tf(resource)]
pub(crate) struct Identified {
    #[tf(computed, identity, use_state_for_unknown)]
    id: Computed<String>,
    #[tf(required, identity)]
    name: String,
}

/// The resource of [`Identified`].
pub(crate) struct Identities;

impl Resource for Identities {
    type Client = Client;
    type Model = Identified;

    async fn create(&self, _: &Context<'_, Client>, plan: Identified) -> Applied<Identified> {
        Ok(Identified { id: ID.into(), ..plan })
    }

    async fn read(&self, _: &Context<'_, Client>, prior: Prior<Identified>) -> Result<Option<Identified>, Diagnostics> {
        Ok(Some(Identified { id: prior.identity.id.into(), name: NAME.to_owned() }))
    }

    async fn update(&self, _: &Context<'_, Client>, _: Existing<Identified>, plan: Identified) -> Applied<Identified> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, Client>, _: Existing<Identified>) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import(
        &self,
        _: &Context<'_, Client>,
        id: ImportId<IdentifiedIdentity>,
    ) -> Result<IdentifiedIdentity, Diagnostics> {
        Ok(match id {
            ImportId::Id(id) => IdentifiedIdentity { id, name: NAME.to_owned() },
            ImportId::Identity(identity) => identity,
        })
    }
}
