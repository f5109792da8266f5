//! A newcomer who follows a page of the documentation: each of its commands is run by a shell as it stands there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use simulator::{Options, Simulator};
use tempfile::TempDir;
use xtask::{docs, provider};

use super::cores::core;
use super::running::{Output, Running};
use super::temporary_folder;

/// What stands for a value that the reader fills in.
const BLANK: &str = "…";

/// A block of code on a page.
#[derive(Debug)]
pub enum Block {
    /// A part of `main.tf`.
    Configuration(String),
    /// Lines for a shell.
    Commands(String),
}

/// How a page marks its code blocks. Code in other languages is not part of the path.
pub struct Languages {
    /// For parts of `main.tf`.
    pub configuration: &'static str,
    /// For commands.
    pub commands: &'static str,
}

/// The text of a page, by its path in the repository, with the address of local installs.
pub fn page(path: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    text.replace(&format!("{:?}", docs::address()), &format!("{:?}", provider::ADDRESS))
}

/// The steps of a text, each with its heading and its blocks in order. `heading` is how a heading begins.
pub fn steps(text: &str, heading: &str, languages: &Languages) -> Vec<(String, Vec<Block>)> {
    let heading = format!("\n{heading}");
    let steps = text.split(&heading).skip(1).map(|step| {
        let (heading, text) = step.split_once('\n').unwrap();
        let blocks = text.split("```").skip(1).step_by(2).filter_map(|block| match block.split_once('\n').unwrap() {
            (language, code) if language == languages.configuration => Some(Block::Configuration(code.to_owned())),
            (language, code) if language == languages.commands => Some(Block::Commands(code.to_owned())),
            _ => None,
        });
        (heading.to_owned(), blocks.collect())
    });
    steps.collect()
}

/// A user's machine: an empty home, an empty folder for the configuration, and programs that stand in for those that a test cannot
/// run as they are.
pub struct Machine {
    pub simulator: Simulator,
    /// The exports so far, which a user's shell would remember.
    exports: String,
    folder: TempDir,
}

impl Machine {
    /// A machine with the core that is tested, under the name `terraform`.
    pub fn new() -> Machine {
        let simulator = Simulator::start(Options::default()).unwrap();
        let machine = Machine { simulator, exports: String::new(), folder: temporary_folder("newcomer") };
        for name in ["home", "work", "bin"] {
            fs::create_dir(machine.path(name)).unwrap();
        }
        // A user answers the question of `apply` and `destroy`.
        machine.program("terraform", &format!("echo yes | '{}' \"$@\"", core().path.display()));
        machine
    }

    /// A path in the machine's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where Terraform and OpenTofu look for local providers.
    pub fn plugins(&self) -> PathBuf {
        self.path("home/.terraform.d/plugins")
    }

    /// Puts a program on PATH.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Does what the blocks say, and returns what the last commands printed, if there are any. All of them must succeed.
    #[track_caller]
    pub fn follow(&mut self, blocks: &[Block]) -> Option<Output> {
        let mut last = None;
        for block in blocks {
            match block {
                Block::Configuration(text) => {
                    let file = self.path("work/main.tf");
                    let before = fs::read_to_string(&file).unwrap_or_default();
                    fs::write(file, format!("{before}{text}\n")).unwrap();
                }
                Block::Commands(text) => last = Some(self.run(text).succeeded()),
            }
        }
        last
    }

    /// Runs the lines in one shell, which ends at the first failure.
    pub fn run(&mut self, commands: &str) -> Output {
        let filled: Vec<_> = commands.lines().map(|line| self.filled_in(line)).collect();
        let script = format!("set -eu\n{}{}\n", self.exports, filled.join("\n"));
        for line in filled.iter().filter(|line| line.starts_with("export ")) {
            self.exports += &format!("{line}\n");
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(self.path("work")).env_clear();
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        shell.env("PATH", path).env("HOME", self.path("home")).env("CHECKPOINT_DISABLE", "1");
        Running::start(shell).wait()
    }

    /// The line with the reader's own value in place of the blank.
    fn filled_in(&self, line: &str) -> String {
        let Some(name) = line.strip_suffix(BLANK) else { return line.to_owned() };
        let value = match name {
            "export INFISICAL_HOST=" => self.simulator.url(),
            "export INFISICAL_TOKEN=" => self.simulator.token(),
            "export INFISICAL_UNIVERSAL_AUTH_CLIENT_ID=" => self.simulator.client_id(),
            "export INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET=" => self.simulator.client_secret(),
            "export TF_VAR_project_id=" => self.simulator.project_id(),
            "export TF_VAR_connection_id=" => self.simulator.connection_id(),
            "export TF_VAR_provisioning_key=" => "sim-provisioning-newcomer",
            other => panic!("{other:?} is not known to this test"),
        };
        format!("{name}{value}")
    }
}
