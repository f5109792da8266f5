//! `cargo xtask demo`: runs the provider from `init` to `destroy` against a simulator, without touching the user's
//! settings, plugins or state.

mod digest;
mod view;

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};

use lexopt::{Arg, Parser};
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
The simulator has stopped. Everything that the demo created is under target/; target/demo/ contains the configuration, and
target/demo/log.txt the whole output of each command.

Next:
  * cargo run --package infisical-simulator     start the simulator alone, to try your own configurations
  * cargo xtask install                         install the provider for your own Terraform or OpenTofu
  * examples/quickstart/README.md               apply the same configuration to your own Infisical";

/// Runs `cargo xtask demo`.
///
/// # Errors
///
/// When there is an unexpected argument, no core is available, a command fails, the second plan is not empty, or `destroy`
/// leaves an object behind.
pub fn run(mut arguments: Parser) -> Result<()> {
    let mut archive = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("archive") => archive = Some(PathBuf::from(arguments.value()?)),
            other => return Err(options::unexpected(other, "--archive FILE")),
        }
    }
    say::line(say::bold(
        "The provider against a simulator of Infisical. It needs no account, creates no OpenRouter key and costs nothing.",
    ));
    let core = core()?;
    let sandbox = sandbox(archive.as_deref())?;
    let simulator = simulator()?;
    let demo = Demo { core, sandbox, simulator, log: RefCell::default() };
    demo.show_environment();
    let outcome = demo.run();
    files::write(&places::target().join("demo").join("log.txt"), demo.log.take())?;
    outcome?;
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

/// Lays out a new sandbox with the provider, from the archive or built, and a copy of the quickstart.
fn sandbox(archive: Option<&Path>) -> Result<Sandbox> {
    let folder = places::target().join("demo");
    let sandbox = if let Some(archive) = archive {
        say::heading("Put the archive into a local mirror");
        files::empty_folder(&folder)?;
        Sandbox::of_archive(&folder, archive)?
    } else {
        say::heading("Build the provider and install it into a local mirror");
        say::command(format_args!("cargo build --package {}", provider::NAME));
        let binary = compile::debug()?;
        files::empty_folder(&folder)?;
        Sandbox::new(&folder, &binary)?
    };
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
    /// Each command with its whole output.
    log: RefCell<String>,
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
        say::heading("These are the commands that you would type. What follows leaves out what every run prints.");
        say::command(format_args!("cd {}", self.sandbox.work().display()));
        say::line(format_args!("$ export TF_CLI_CONFIG_FILE={}", self.sandbox.settings().display()));
        for (name, value) in self.variables() {
            say::line(format_args!("$ export {name}={value}"));
        }
    }

    fn run(&self) -> Result<()> {
        say::line(digest::installed(&self.terraform(&["init"])?));
        say::heading(
            "1. A rotation: Infisical issues an OpenRouter key, stores it as a secret, and replaces it every 30 days",
        );
        self.show(&["plan", "-out=first.plan"])?;
        self.show(&["apply", "first.plan"])?;
        self.inspect(1)?;
        say::heading("2. Planned again, nothing changes");
        self.show(&["plan", DETAILED])?;
        say::heading("3. Another limit: it is for the next key, and the key in use keeps its own");
        self.show(&["apply", "-auto-approve", UPDATE])?;
        self.show(&["plan", DETAILED, UPDATE])?;
        say::heading("4. A destroy removes the rotation, the secret and the key at OpenRouter");
        self.show(&["destroy", "-auto-approve", UPDATE])?;
        self.inspect(0)
    }

    /// Runs one command and shows the part of its output that tells the story.
    fn show(&self, arguments: &[&str]) -> Result<()> {
        let output = self.terraform(arguments)?;
        say::line(digest::digest(&output));
        Ok(())
    }

    /// Runs one command and returns its output. It must succeed, and a plan with [`DETAILED`] must be empty.
    fn terraform(&self, arguments: &[&str]) -> Result<String> {
        let mut command = self.sandbox.command(&self.core);
        command.args(arguments);
        let typed = process::typed(&command);
        say::command(&typed);
        // Lines of the same length, whatever the width of the terminal.
        command.envs(self.variables()).env("TF_CLI_ARGS", "-no-color").stdin(Stdio::null());
        let ended = command.output().doing(format_args!("run {typed}"))?;
        let output = String::from_utf8_lossy(&ended.stdout).into_owned();
        let errors = String::from_utf8_lossy(&ended.stderr);
        self.log.borrow_mut().push_str(&format!("$ {typed}\n{output}{errors}\n"));
        match ended.status.code() {
            Some(SUCCESS) => Ok(output),
            Some(CHANGES) if arguments.contains(&DETAILED) => Err(failed(format!("{typed}: the plan should be empty"))),
            _ => Err(failed(format!("{typed} ended with {}\n{output}{errors}", ended.status))),
        }
    }

    /// Shows what the simulator contains, which must be this many rotations. Without rotations, it must be empty.
    fn inspect(&self, rotations: usize) -> Result<()> {
        say::line(format_args!("\n{}", view::view(&self.simulator)));
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
