//! `cargo xtask demo`: the provider from `init` to `destroy`, on a simulator, without touching anything of the user's.

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

/// The demo's update: it overrides the quickstart's own limit.
const UPDATE: &str = "-var=monthly_limit=25";

/// Exit codes: of most commands when they did their work, and of this plan when there is something to do.
const DONE: i32 = 0;
const PLAN: &str = "-detailed-exitcode";
const CHANGES: i32 = 2;

const NEXT: &str = "\
Nothing runs any more. All that was made is under target/; target/demo/ has the configuration and what it needs.

Next:
  * cargo run --package infisical-simulator     the simulator by itself, to try your own configurations on
  * cargo xtask install                         the provider, where your Terraform or OpenTofu finds it
  * examples/quickstart/README.md               the same configuration with your own Infisical";

/// Runs `cargo xtask demo`.
///
/// # Errors
///
/// When something is missing, a command fails, the second plan isn't empty, or `destroy` leaves something.
pub fn run(arguments: Parser) -> Result<()> {
    options::none(arguments)?;
    say::line(say::bold("The provider on a simulator of Infisical: no account, no key at OpenRouter, no cost."));
    let core = core()?;
    let sandbox = sandbox()?;
    let simulator = simulator()?;
    let demo = Demo { core, sandbox, simulator };
    demo.show_environment();
    demo.play()?;
    say::heading("All as it should be.");
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

/// Builds the provider, and lays a new sandbox out with it and a copy of the quickstart.
fn sandbox() -> Result<Sandbox> {
    say::heading("Build the provider and put it into a local mirror");
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
    say::line(format_args!("It answers as Infisical would, at {}, with a project and a connection.", simulator.url()));
    Ok(simulator)
}

struct Demo {
    core: Core,
    sandbox: Sandbox,
    simulator: Simulator,
}

impl Demo {
    /// What a person would have to set.
    fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("INFISICAL_HOST", self.simulator.url().to_string()),
            ("INFISICAL_TOKEN", self.simulator.token().to_string()),
            ("TF_VAR_project_id", self.simulator.project_id().to_string()),
            ("TF_VAR_connection_id", self.simulator.connection_id().to_string()),
        ]
    }

    fn show_environment(&self) {
        say::heading("Try it: each command as you would type it");
        say::command(format_args!("cd {}", self.sandbox.work().display()));
        say::command(format_args!("export TF_CLI_CONFIG_FILE={}", self.sandbox.settings().display()));
        for (name, value) in self.variables() {
            say::line(format_args!("$ export {name}={value}"));
        }
    }

    fn play(&self) -> Result<()> {
        self.terraform(&["init"])?;
        self.terraform(&["plan", "-out=first.plan"])?;
        self.terraform(&["apply", "first.plan"])?;
        self.look(1)?;
        self.terraform(&["show"])?;
        say::heading("Once more: nothing is left to do");
        self.terraform(&["plan", PLAN])?;
        say::heading("Change the limit: the key that is in use keeps its own, the next one gets the new limit");
        self.terraform(&["apply", "-auto-approve", UPDATE])?;
        self.look(1)?;
        self.terraform(&["plan", PLAN, UPDATE])?;
        say::heading("Remove it all");
        self.terraform(&["destroy", "-auto-approve"])?;
        self.look(0)?;
        self.terraform(&["show"])
    }

    /// Runs one command with its output shown; it must do its work, and a [`PLAN`] must be empty.
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
            Some(DONE) => Ok(()),
            Some(CHANGES) if arguments.contains(&PLAN) => Err(failed(format!("{typed}: nothing should be left to do"))),
            _ => Err(failed(format!("{typed} ended with {status}"))),
        }
    }

    /// Shows what the simulator has, which must be this many rotations, and nothing at all when it is none.
    fn look(&self, rotations: usize) -> Result<()> {
        say::heading("What the simulator has now");
        say::line(view::view(&self.simulator));
        let counts = self.simulator.counts();
        if counts.rotations != rotations {
            return Err(failed(format!(
                "the simulator should have {rotations} rotations, and has {}",
                counts.rotations
            )));
        }
        if rotations == 0 && (counts.secrets, counts.live_keys) != (0, 0) {
            return Err(failed("destroy left a secret or a live key"));
        }
        Ok(())
    }
}
