//! Applies and destroys the example for Terragrunt against a simulator.

use std::path::Path;

use simulator::{Options, Simulator};

use super::go::Program;
use crate::{
    compile, cores,
    error::{Doing, Result, failed},
    files, places, process,
    sandbox::Sandbox,
};

pub(super) const PROGRAM: Program =
    Program { name: "terragrunt", module: "github.com/gruntwork-io/terragrunt", version: "v1.0.0", package: "." };

/// The number of units in the example.
const UNITS: usize = 4;

/// Applies all units, expects that a second plan changes nothing, and destroys them.
pub(super) fn apply_and_destroy(program: &Path) -> Result<()> {
    let folder = tempfile::tempdir().doing("create a temporary folder")?;
    let sandbox = Sandbox::new(folder.path(), &compile::debug()?)?;
    let core = cores::any()?;
    for example in ["modules", "terragrunt"] {
        files::copy_folder(&places::root().join("examples").join(example), &sandbox.work().join(example))?;
    }
    let simulator =
        Simulator::start(Options::default()).map_err(|error| failed(format!("cannot start the simulator: {error}")))?;
    let run_all = |arguments: &[&str]| {
        let mut command = sandbox.program(program);
        command.current_dir(sandbox.work().join("terragrunt")).env("TG_TF_PATH", &core.path);
        command.args(["run", "--all", "--non-interactive", "--no-color", "--"]).args(arguments);
        command.env("INFISICAL_HOST", simulator.url()).env("INFISICAL_TOKEN", simulator.token());
        command.env("INFISICAL_PROJECT_ID", simulator.project_id());
        command.env("OPENROUTER_CONNECTION_ID", simulator.connection_id());
        process::output(&mut command)
    };
    run_all(&["apply"])?;
    let made = simulator.counts().rotations;
    if made != UNITS {
        return Err(failed(format!("the apply made {made} rotations instead of {UNITS}")));
    }
    // With this option, a plan with changes is a failure.
    run_all(&["plan", "-detailed-exitcode"])?;
    run_all(&["destroy"])?;
    match simulator.counts() {
        left if (left.rotations, left.secrets, left.live_keys) == (0, 0, 0) => Ok(()),
        left => Err(failed(format!("the destroy left {left:?}"))),
    }
}
