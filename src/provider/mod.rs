//! The bridge: what users write in their configurations, in terms of the API.

mod config;
mod credentials;
mod errors;
mod host;
mod openrouter_rotation;
mod rotation;

use tfplug::schema::Schema;
use tfplug::{About, Diagnostics, Offers, Provider, Setup};

use config::Config;
use errors::During as _;
use infisical::{Client, Settings};

/// What the provider says of itself.
pub const ABOUT: About = About {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    address: "terraform.local/openrouter/infisical",
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
    type Config = Config;

    fn schema(&self) -> Schema {
        config::schema()
    }

    fn validate(&self, config: &Config) -> Diagnostics {
        config.problems()
    }

    async fn configure(&self, setup: Setup<'_>, config: Config) -> Result<Option<Client>, Diagnostics> {
        let environment = |name: &str| std::env::var(name).ok();
        let Some(resolved) = config.resolve(&environment)? else {
            return Ok(None);
        };
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
        Offers::new().resource(openrouter_rotation::NAME, openrouter_rotation::OpenRouterRotation)
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
