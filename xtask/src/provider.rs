//! The provider's name, address, version and files.

use std::env::consts::EXE_SUFFIX;

use crate::targets::Platform;

/// The name of the cargo package and of its binary.
pub const NAME: &str = "terraform-provider-infisical";

/// The provider's `source` in configurations.
pub const ADDRESS: &str = "terraform.local/openrouter/infisical";

/// The block that every configuration starts with.
pub const REQUIRED: &str = r#"terraform {
  required_providers {
    infisical = {
      source = "terraform.local/openrouter/infisical"
    }
  }
}
"#;

/// The provider's version, which is that of the workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// This machine as registries write it, e.g. `linux_amd64`.
pub fn platform() -> String {
    Platform::host().to_string()
}

/// The executable's name inside a package, e.g. `terraform-provider-infisical_v0.1.0`.
pub fn executable() -> String {
    executable_of(ADDRESS)
}

/// The same for the provider with this address.
pub(crate) fn executable_of(address: &str) -> String {
    let name = address.rsplit('/').next().unwrap_or(address);
    format!("terraform-provider-{name}_v{VERSION}{EXE_SUFFIX}")
}

/// The files that accompany the executable in every package, unpacked or packed.
pub fn documents() -> [&'static str; 3] {
    ["LICENSE", "README.md", "CHANGELOG.md"]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_required_block_contains_the_address() {
        assert!(REQUIRED.contains(&format!("source = \"{ADDRESS}\"")));
    }
}
