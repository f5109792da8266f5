//! The provider as a thing to install: its address, its version, its binary.

use std::{
    env::consts::{ARCH, EXE_SUFFIX, OS},
    path::PathBuf,
    process::Stdio,
};

use serde_json::Value;

use crate::{
    error::{Doing, Result, failed},
    process,
};

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

/// How a build is optimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Quickly built.
    Debug,
    /// As users get it.
    Release,
}

/// This machine as registries write it, e.g. `linux_amd64`.
pub fn platform() -> String {
    format!("{}_{}", registry_os(OS), registry_arch(ARCH))
}

fn registry_os(os: &str) -> &str {
    if os == "macos" { "darwin" } else { os }
}

fn registry_arch(arch: &str) -> &str {
    match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}

/// The executable's name inside a package, e.g. `terraform-provider-infisical_v0.1.0`.
pub fn executable() -> String {
    format!("{NAME}_v{VERSION}{EXE_SUFFIX}")
}

/// The files that belong beside the binary in every package, installed or archived.
pub fn documents() -> [&'static str; 3] {
    ["LICENSE", "README.md", "CHANGELOG.md"]
}

/// Builds the provider and says where its binary is.
///
/// # Errors
///
/// When it doesn't compile; cargo has then said why on stderr.
pub fn build(profile: Profile) -> Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--package", NAME, "--bin", NAME, "--message-format=json-render-diagnostics"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    let built = cargo.stdin(Stdio::null()).stderr(Stdio::inherit()).output().doing("run cargo")?;
    let messages = String::from_utf8_lossy(&built.stdout);
    built_executable(&messages).filter(|_| built.status.success()).ok_or_else(|| failed("the provider doesn't build"))
}

/// The last executable that cargo's messages name.
fn built_executable(messages: &str) -> Option<PathBuf> {
    let mut executables = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    });
    executables.next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_configuration_name_the_address() {
        assert!(REQUIRED.contains(&format!("source = \"{ADDRESS}\"")));
    }

    #[test]
    fn platforms_are_written_as_registries_do() {
        assert_eq!((registry_os("macos"), registry_os("linux")), ("darwin", "linux"));
        assert_eq!(
            (registry_arch("x86_64"), registry_arch("aarch64"), registry_arch("arm")),
            ("amd64", "arm64", "arm")
        );
    }

    #[test]
    fn the_executable_is_taken_from_cargos_messages() {
        let messages = "{\"executable\":null}\nnot json\n{\"executable\":\"/t/terraform-provider-infisical\"}\n";
        assert_eq!(built_executable(messages), Some(PathBuf::from("/t/terraform-provider-infisical")));
        assert_eq!(built_executable("{}"), None);
    }
}
