//! `cargo xtask demo`: runs the provider from `init` to `destroy` against a simulator, without touching the user's
//! settings, plugins or state.

mod view;

use std::{fs, process::Stdio, time::Instant};

use lexopt::Parser;
use simulator::{Options as Settings, Simulator};

use crate::{
    compile,
    cores::{self, Core},
    error::{Doing, Result, failed},
    files, options, places, process, provider,
    sandbox::Sandbox,
    say,
};

/// The update in the demo: it overrides the limit of the quickstart.
const UPDATE: &str = "-var=monthly_limit=25";

/// With this option, a plan with changes ends with [`CHANGES`].
const DETAILED: &str = "-detailed-exitcode";
const SUCCESS: i32 = 0;
const CHANGES: i32 = 2;

const NEXT: &str = "\
The simulator has stopped. Everything that the demo created is under target/; target/demo/ contains the configuration.

Next:
  * cargo run --package infisical-simulator     start the simulator alone, to try your own configurations
  * cargo xtask install                         install the provider for your own Terraform or OpenTofu
  * examples/quickstart/README.md               apply the same configuration to your own Infisical";

/// Runs `cargo xtask demo`.
///
/// # Errors
///
/// When there is an argument, no core is available, a command fails, the second plan is not empty, or `destroy` leaves an
/// object behind.
pub fn run(arguments: Parser) -> Result<()> {
    options::none(arguments)?;
    say::line(say::bold(
        "The provider against a simulator of Infisical. It needs no account, creates no OpenRouter key and costs nothing.",
    ));
    let core = core()?;
    let sandbox = sandbox()?;
    let simulator = simulator()?;
    let demo = Demo { core, sandbox, simulator };
    demo.show_environment();
    demo.run()?;
    say::heading("The demo succeeded.");
    say::line(NEXT);
    Ok(())
}

fn core() -> Result<Core> {
    say::heading("Find a Terraform or OpenTofu");
    let start = Instant::now();
    let core = cores::any()?;
    say::line(format_args!("{core}: {} ({})", core.path.display(), say::duration(start.elapsed())));
    Ok(core)
}

/// Builds the provider, and lays out a new sandbox with it and a copy of the quickstart.
fn sandbox() -> Result<Sandbox> {
    say::heading("Build the provider and install it into a local mirror");
    say::command(format_args!("cargo build --package {}", provider::NAME));
    let binary = compile::debug()?;
    let folder = places::target().join("demo");
    files::empty_folder(&folder)?;
    let sandbox = Sandbox::new(&folder, &binary)?;
    let quickstart = places::root().join("examples/quickstart");
    for entry in fs::read_dir(&quickstart).doing("read examples/quickstart")? {
        let entry = entry.doing("read examples/quickstart")?;
        if entry.path().extension().is_some_and(|extension| extension == "tf") {
            fs::copy(entry.path(), sandbox.work().join(entry.file_name())).doing("copy examples/quickstart")?;
        }
    }
    say::line(format_args!("mirror: {}", sandbox.mirror().display()));
    say::line(format_args!("examples/quickstart copied to {}", sandbox.work().display()));
    Ok(sandbox)
}

fn simulator() -> Result<Simulator> {
    say::heading("Start the simulator");
    let simulator = Simulator::start(Settings::default())
        .map_err(|error| failed(format!("cannot start the simulator: {error}")))?;
    say::line(format_args!("It serves Infisical's API at {}, with one project and one connection.", simulator.url()));
    Ok(simulator)
}

struct Demo {
    core: Core,
    sandbox: Sandbox,
    simulator: Simulator,
}

impl Demo {
    /// The environment variables that a user would set.
    fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("INFISICAL_HOST", self.simulator.url().to_string()),
            ("INFISICAL_TOKEN", self.simulator.token().to_string()),
            ("TF_VAR_project_id", self.simulator.project_id().to_string()),
            ("TF_VAR_connection_id", self.simulator.connection_id().to_string()),
        ]
    }

    fn show_environment(&self) {
        say::heading("Run the commands that you would type yourself");
        say::command(format_args!("cd {}", self.sandbox.work().display()));
        say::command(format_args!("export TF_CLI_CONFIG_FILE={}", self.sandbox.settings().display()));
        for (name, value) in self.variables() {
            say::line(format_args!("$ export {name}={value}"));
        }
    }

    fn run(&self) -> Result<()> {
        self.terraform(&["init"])?;
        self.terraform(&["plan", "-out=first.plan"])?;
        self.terraform(&["apply", "first.plan"])?;
        self.inspect(1)?;
        self.terraform(&["show"])?;
        say::heading("Plan again: there are no changes");
        self.terraform(&["plan", DETAILED])?;
        say::heading("Change the limit: it applies to the next key; the current key keeps its own");
        self.terraform(&["apply", "-auto-approve", UPDATE])?;
        self.inspect(1)?;
        self.terraform(&["plan", DETAILED, UPDATE])?;
        say::heading("Destroy everything");
        self.terraform(&["destroy", "-auto-approve"])?;
        self.inspect(0)?;
        self.terraform(&["show"])
    }

    /// Runs one command and shows its output. It must succeed, and a plan with [`DETAILED`] must be empty.
    fn terraform(&self, arguments: &[&str]) -> Result<()> {
        let mut command = self.sandbox.command(&self.core);
        command.args(arguments).envs(self.variables());
        let typed = process::typed(&command);
        say::command(&typed);
        if !say::colours() {
            command.env("TF_CLI_ARGS", "-no-color");
        }
        let status = command.stdin(Stdio::null()).status().doing(format_args!("run {typed}"))?;
        match status.code() {
            Some(SUCCESS) => Ok(()),
            Some(CHANGES) if arguments.contains(&DETAILED) => Err(failed(format!("{typed}: the plan should be empty"))),
            _ => Err(failed(format!("{typed} ended with {status}"))),
        }
    }

    /// Shows what the simulator contains, which must be this many rotations. Without rotations, it must be empty.
    fn inspect(&self, rotations: usize) -> Result<()> {
        say::heading("What the simulator contains now");
        say::line(view::view(&self.simulator));
        let counts = self.simulator.counts();
        if counts.rotations != rotations {
            return Err(failed(format!(
                "the simulator should contain {rotations} rotations but contains {}",
                counts.rotations
            )));
        }
        if rotations == 0 && (counts.secrets, counts.live_keys) != (0, 0) {
            return Err(failed("destroy left a secret or a live key behind"));
        }
        Ok(())
    }
}
