//! How long a core takes to plan a thousand unchanged resources: built-in ones, which show the core's own share, and
//! rotations.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use simulator::{Options as Settings, Simulator};

use super::median;
use crate::{
    cores::Core,
    error::{Doing, Result, failed},
    files, process, provider,
    sandbox::Sandbox,
};

const BUILT_IN: &str = r#"
resource "terraform_data" "many" {
  count = 1000
  input = "rotation-${count.index}"
}
"#;

const ROTATIONS: &str = r#"
variable "project_id" {}
variable "connection_id" {}

resource "infisical_openrouter_rotation" "many" {
  count         = 1000
  name          = "rotation-${count.index}"
  project_id    = var.project_id
  connection_id = var.connection_id
  environment   = "dev"
  secret_path   = "/"
  parameters = {
    name  = "bench-${count.index}"
    limit = 12.34
  }
  secrets_mapping = {
    api_key = "KEY_${count.index}"
  }
}
"#;

/// The median time of a plan of a thousand `terraform_data`.
pub(super) fn built_in(core: &Core, sandbox: &Sandbox) -> Result<Duration> {
    plans(sandbox, BUILT_IN, || sandbox.command(core))
}

/// The median time of a plan of a thousand rotations, and the number of requests that each plan made.
pub(super) fn rotations(core: &Core, sandbox: &Sandbox) -> Result<(Duration, usize)> {
    let simulator = Simulator::start(Settings::default())
        .map_err(|error| failed(format!("cannot start the simulator: {error}")))?;
    let command = || {
        let mut command = sandbox.command(core);
        command.env("INFISICAL_HOST", simulator.url()).env("INFISICAL_TOKEN", simulator.token());
        command.env("TF_VAR_project_id", simulator.project_id());
        command.env("TF_VAR_connection_id", simulator.connection_id());
        // So that the final count covers one plan only.
        simulator.clear_requests();
        command
    };
    let time = plans(sandbox, &format!("{}{ROTATIONS}", provider::REQUIRED), command)?;
    Ok((time, simulator.requests().len()))
}

/// Applies the configuration and measures plans without changes.
fn plans(sandbox: &Sandbox, configuration: &str, command: impl Fn() -> Command) -> Result<Duration> {
    files::empty_folder(&sandbox.work())?;
    fs::write(sandbox.work().join("main.tf"), configuration).doing("write a configuration")?;
    process::output(command().args(["init", "-no-color"]))?;
    process::output(command().args(["apply", "-auto-approve", "-no-color", "-parallelism=20"]))?;
    median(5, || {
        let start = Instant::now();
        // A plan with changes ends with 2, which is an error here.
        process::output(command().args(["plan", "-detailed-exitcode", "-no-color"]))?;
        Ok(start.elapsed())
    })
}
