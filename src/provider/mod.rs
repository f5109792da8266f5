//! The bridge: what users write in their configurations, in terms of the API.

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

/// What the provider says of itself.
pub const ABOUT: About = About {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    address: "terraform.local/openrouter/infisical",
    crates: &["infisical"],
    install: "\
To install it, run `cargo xtask install` in its source folder, and name it in your configuration:

  terraform {
    required_providers {
      infisical = {
        source = \"terraform.local/openrouter/infisical\"
      }
    }
  }

Then run `terraform init` or `tofu init`. The README has more.",
};

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
        Offers::new()
            .resource(openrouter::rotation::NAME, openrouter::rotation::OpenRouterRotation)
            .data_source(openrouter::rotation_data_source::NAME, openrouter::rotation_data_source::OneRotation)
            .data_source(openrouter::rotations_data_source::NAME, openrouter::rotations_data_source::ManyRotations)
            .list_resource(openrouter::rotation::NAME, openrouter::rotation_list::RotationList)
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
