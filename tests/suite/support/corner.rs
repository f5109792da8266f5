//! tfplug's example `corner`, a provider with the names of HashiCorp's conformance tests.

use std::{path::PathBuf, sync::OnceLock};

use super::{cores::core, terraform::Workspace};

const ADDRESS: &str = "registry.terraform.io/hashicorp/framework";

/// The block that each of its configurations starts with.
const REQUIRED: &str = r#"terraform {
  required_providers {
    framework = {
      source = "registry.terraform.io/hashicorp/framework"
    }
  }
}
"#;

/// A workspace with the provider installed and this configuration.
pub fn workspace(configuration: &str) -> Workspace {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    let binary = BINARY.get_or_init(|| xtask::compile::example("corner").unwrap());
    let workspace = Workspace::new(core()).provider(ADDRESS, binary);
    rewrite(&workspace, configuration);
    workspace.init();
    workspace
}

/// Overwrites the configuration.
pub fn rewrite(workspace: &Workspace, configuration: &str) {
    workspace.write("main.tf", &format!("{REQUIRED}{configuration}"));
}
