//! A provider that has everything which protocol 6 offers, under the names that HashiCorp's conformance tests expect.
//!
//! HashiCorp tests its Go framework with a provider of its own, `terraform-provider-corner`. This is the same provider in Rust:
//! the same types, names and behaviour, so that those tests can be run against this crate, and an example of each kind of
//! thing that a provider can offer.
//!
//! The core looks for `registry.terraform.io/hashicorp/framework`. Build the example with `cargo build --package tfplug --example
//! corner`, and put it into a filesystem mirror, or name its folder in `dev_overrides`, as `terraform-provider-framework`.

mod actions;
mod all_types;
mod ephemerals;
mod files;
mod functions;
mod provider;
mod resources;
mod state_stores;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use tfplug::About;

const ABOUT: About =
    About::new("terraform-provider-framework", env!("CARGO_PKG_VERSION"), "registry.terraform.io/hashicorp/framework")
        .crates(&["corner"])
        .install("The head of its source file says how to try it.");

fn main() -> ExitCode {
    tfplug::main(&ABOUT, provider::Framework)
}
