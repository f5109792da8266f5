//! The provider block, and the registry of everything that the provider offers.

use tfplug::{Diagnostics, Model, Offers, Provider, Setup};

use crate::files::Files;
use crate::functions;
use crate::{actions, ephemerals, resources, state_stores};

/// Echoes what it is given, to test cores and this crate.
#[derive(Model)]
#[tf(provider)]
pub(crate) struct Block {
    /// Not used.
    dummy: Option<String>,
    /// Whether to act as if the configuration of the provider were not known yet, where the core allows to defer.
    deferral: Option<bool>,
}

/// What the handlers work with.
pub(crate) struct Client {
    /// What outlives the process.
    pub(crate) files: Files,
}

/// The provider.
pub(crate) struct Framework;

impl Provider for Framework {
    type Client = Client;
    type Config = Block;

    async fn configure(&self, setup: Setup<'_>, block: Block) -> Result<Option<Client>, Diagnostics> {
        if setup.deferral_allowed && block.deferral == Some(true) {
            return Ok(None);
        }
        Ok(Some(Client { files: Files::from_environment() }))
    }

    fn offers(&self) -> Offers<Client> {
        let offers = ephemerals::add(Offers::new());
        let offers = actions::add(functions::add(offers));
        resources::add(state_stores::add(offers))
    }
}
