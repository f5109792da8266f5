//! The bridge: what users write in their configurations, in terms of the API.

mod advice;
mod block;
mod config;
mod credentials;
mod environment;
mod errors;
mod host;
mod openrouter;

use tfplug::{About, Diagnostics, Offers, Provider, Setup};

use block::{Block, BlockConfig};
use errors::During as _;
use infisical::{Client, Settings};

/// The provider's name, version and address.
pub const ABOUT: About =
    About::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), "terraform.local/openrouter/infisical")
        .crates(&["infisical"])
        .install(INSTALL);

const INSTALL: &str = "\
To install it, run `cargo xtask install` in its source folder, and name it in your configuration:

  terraform {
    required_providers {
      infisical = {
        source = \"terraform.local/openrouter/infisical\"
      }
    }
  }

Then run `terraform init` or `tofu init`. The README has more.";

/// The provider.
pub struct Infisical;

impl Provider for Infisical {
    type Client = Client;
    type Config = Block;

    fn validate(&self, block: &BlockConfig) -> Diagnostics {
        block.problems()
    }

    async fn configure(&self, setup: Setup<'_>, block: Block) -> Result<Option<Client>, Diagnostics> {
        let resolved = block.resolve(&|name| std::env::var(name).ok())?;
        resolved.warnings.into_iter().for_each(|warning| setup.warn(warning));
        let client = Client::new(Settings {
            host: resolved.host,
            auth: resolved.auth,
            organization_slug: resolved.organization_slug,
            ca_cert_pem: resolved.ca_certificates,
            user_agent: format!("{}/{} (core {})", ABOUT.name, ABOUT.version, setup.core_version),
            stop: setup.stop,
        });
        client.during("configure the provider", &errors::PROVIDER).map(Some)
    }

    fn offers(&self) -> Offers<Client> {
        use openrouter::{
            connection, connection_data_source, rotate_action, rotation, rotation_credentials, rotation_data_source,
            rotation_list, rotations_data_source,
        };
        Offers::new()
            .resource(rotation::NAME, rotation::OpenRouterRotation)
            .resource(connection::NAME, connection::OpenRouterConnection)
            .data_source(rotation_data_source::NAME, rotation_data_source::OneRotation)
            .data_source(rotations_data_source::NAME, rotations_data_source::ManyRotations)
            .data_source(connection::NAME, connection_data_source::OpenRouterConnectionLookup)
            .ephemeral_resource(rotation_credentials::NAME, rotation_credentials::RotationCredentials)
            .action(rotate_action::NAME, rotate_action::RotateAction)
            .list_resource(rotation::NAME, rotation_list::RotationList)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_core_refuses_the_schemas() {
        assert_eq!(tfplug::problems(&Infisical), Vec::<String>::new());
    }
}
