//! The provider's process.

use std::process::ExitCode;

use terraform_provider_infisical::provider::{ABOUT, Infisical};

fn main() -> ExitCode {
    tfplug::main(&ABOUT, Infisical)
}
