//! The provider's name, address, version and files.

use std::env::consts::EXE_SUFFIX;

use crate::targets::Platform;

/// The package and the binary.
pub const NAME: &str = "terraform-provider-infisical";

/// What configurations name as `source`.
pub const ADDRESS: &str = "terraform.local/openrouter/infisical";

/// The first lines of a configuration: where the provider comes from.
pub const REQUIRED: &str = r#"terraform {
  required_providers {
    infisical = {
      source = "terraform.local/openrouter/infisical"
    }
  }
}
"#;

/// The workspace's version, which is the provider's too.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// This machine as registries write it, e.g. `linux_amd64`.
pub fn platform() -> String {
    Platform::host().to_string()
}

/// The executable's name inside a package, e.g. `terraform-provider-infisical_v0.1.0`.
pub fn executable() -> String {
    format!("{NAME}_v{VERSION}{EXE_SUFFIX}")
}

/// The files that belong beside the binary in every package, installed or archived.
pub fn documents() -> [&'static str; 3] {
    ["LICENSE", "README.md", "CHANGELOG.md"]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_configuration_name_the_address() {
        assert!(REQUIRED.contains(&format!("source = \"{ADDRESS}\"")));
    }
}
