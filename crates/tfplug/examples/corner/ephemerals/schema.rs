//! `framework_schema`: attributes and blocks of all types, which come back as they are.

use tfplug::{Context, Diagnostics, EphemeralResource, Model, Opened};

use crate::all_types::AllTypes;
use crate::provider::Client;

/// Has an attribute or block of each type.
#[derive(Model)]
#[tf(ephemeral_resource)]
pub(crate) struct Everything {
    #[tf(flatten)]
    all: AllTypes,
}

pub(super) struct Schema;

impl EphemeralResource for Schema {
    type Client = Client;
    type Model = Everything;

    async fn open(&self, _: &Context<'_, Client>, config: Everything) -> Result<Opened<Everything>, Diagnostics> {
        Ok(Opened::new(config))
    }
}
