//! Resources that store what they are given.

use std::marker::PhantomData;

use tfplug::{Applied, Context, Diagnostics, Existing, Model, Prior, Resource, ResourceModel};

use crate::provider::Client;

/// A model whose resource stores it, with what the provider decides filled in.
pub(crate) trait Echoed: ResourceModel + Model<Prior = Prior<Self>, Existing = Existing<Self>> {
    /// What a create stores.
    fn created(self) -> Self {
        self
    }

    /// What an update stores.
    fn updated(self) -> Self {
        self.created()
    }
}

/// The resource of such a model: a read keeps the state, and a delete does nothing.
pub(crate) struct Echo<M>(PhantomData<fn() -> M>);

impl<M> Echo<M> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<M: Echoed> Resource for Echo<M> {
    type Client = Client;
    type Model = M;

    async fn create(&self, _: &Context<'_, Client>, plan: M) -> Applied<M> {
        Ok(plan.created())
    }

    async fn read(&self, _: &Context<'_, Client>, prior: Prior<M>) -> Result<Option<M>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, Client>, _: Existing<M>, plan: M) -> Applied<M> {
        Ok(plan.updated())
    }

    async fn delete(&self, _: &Context<'_, Client>, _: Existing<M>) -> Result<(), Diagnostics> {
        Ok(())
    }
}
