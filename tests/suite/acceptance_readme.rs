//! README.md's section from install to uninstall: each of its commands is run by a shell as it stands there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use simulator::{Options, Simulator};
use tempfile::TempDir;
use xtask::package::{self, Build};
use xtask::provider::VERSION;

use crate::support::cores::core;
use crate::support::rotation::{counts, only};
use crate::support::running::{Output, Running};

const HEADING: &str = "## From install to uninstall\n";

/// What stands for a value that the reader fills in.
const BLANK: &str = "…";

/// The version that the second `cargo xtask install` installs, as if the checkout had gone on.
const NEXT: &str = "99.0.0";

/// A block of code in the README.
#[derive(Debug)]
enum Block {
    /// A part of `main.tf`.
    Configuration(String),
    /// Lines for a shell.
    Commands(String),
}

/// The steps of the section, each with its heading and its blocks in order. Code in other languages is not part of the path.
fn steps() -> Vec<(String, Vec<Block>)> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split_once(HEADING).expect("the README has the section").1;
    let section = section.split_once("\n## ").expect("another section follows").0;
    let steps = section.split("\n### ").skip(1).map(|step| {
        let (heading, text) = step.split_once('\n').unwrap();
        let blocks = text.split("```").skip(1).step_by(2).filter_map(|block| {
            let (language, code) = block.split_once('\n').unwrap();
            match language {
                "hcl" => Some(Block::Configuration(code.to_owned())),
                "sh" => Some(Block::Commands(code.to_owned())),
                _ => None,
            }
        });
        (heading.to_owned(), blocks.collect())
    });
    steps.collect()
}

/// A user's machine: an empty home, an empty folder for the configuration, and programs that stand in for those that a test cannot
/// run as they are.
struct Machine {
    simulator: Simulator,
    /// The exports so far, which a user's shell would remember.
    exports: String,
    folder: TempDir,
}

impl Machine {
    fn new() -> Machine {
        let simulator = Simulator::start(Options::default()).unwrap();
        let folder = tempfile::Builder::new().prefix("readme-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let machine = Machine { simulator, exports: String::new(), folder };
        for name in ["home", "work", "bin"] {
            fs::create_dir(machine.path(name)).unwrap();
        }
        // A user answers the question of `apply` and `destroy`.
        let answering = format!("echo yes | '{}' \"$@\"", core().path.display());
        machine.program("terraform", &answering);
        machine.program("git", "test \"$*\" = pull");
        machine.checkout(VERSION);
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Makes `cargo xtask install` install this version. It writes the same files as the command does, without the release build,
    /// which takes minutes.
    fn checkout(&self, version: &str) {
        let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-infisical"));
        let built = self.path(version);
        package::unpack(&built, &Build { version: version.to_owned(), ..Build::host(binary) }).unwrap();
        let plugins = "\"$HOME/.terraform.d/plugins\"";
        let script =
            format!("test \"$*\" = 'xtask install' && mkdir -p {plugins} && cp -R '{}/.' {plugins}", built.display());
        self.program("cargo", &script);
    }

    /// Does what the blocks say and returns what the last commands printed.
    #[track_caller]
    fn follow(&mut self, blocks: &[Block]) -> Output {
        let mut last = None;
        for block in blocks {
            match block {
                Block::Configuration(text) => {
                    let file = self.path("work/main.tf");
                    let before = fs::read_to_string(&file).unwrap_or_default();
                    fs::write(file, format!("{before}{text}\n")).unwrap();
                }
                Block::Commands(text) => last = Some(self.run(text)),
            }
        }
        last.expect("the step has commands").succeeded()
    }

    fn run(&mut self, commands: &str) -> Output {
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
            "export TF_VAR_project_id=" => self.simulator.project_id(),
            "export TF_VAR_connection_id=" => self.simulator.connection_id(),
            other => panic!("{other:?} is not known to this test"),
        };
        format!("{name}{value}")
    }

    /// A rotation like the one that exists, but the one that the README imports.
    fn make_in_the_console(&self) {
        let mut worker: Value = only(&self.simulator);
        worker["id"] = json!("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f");
        worker["name"] = json!("worker-openrouter-key");
        worker["parameters"] =
            json!({ "name": "worker", "limit": 10, "limitReset": null, "includeByokInLimit": false });
        worker["secretsMapping"] = json!({ "apiKey": "WORKER_OPENROUTER_API_KEY" });
        self.simulator.restore(&worker).unwrap();
    }

    /// The names in the folder of the provider's versions, in the mirror in the home folder.
    fn installed(&self) -> Vec<String> {
        let mirror = self.path("home/.terraform.d/plugins/terraform.local/openrouter/infisical");
        let entries = fs::read_dir(mirror).into_iter().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn lock_file(&self) -> String {
        fs::read_to_string(self.path("work/.terraform.lock.hcl")).unwrap_or_default()
    }
}

#[test]
fn a_newcomer_can_follow_the_readme_from_install_to_uninstall() {
    let steps = steps();
    let headings: Vec<_> = steps.iter().map(|(heading, _)| heading.as_str()).collect();
    assert_eq!(headings, ["Install", "Issue the first key", "Import", "Upgrade", "Uninstall"]);
    let mut machine = Machine::new();
    for (heading, blocks) in &steps {
        match heading.as_str() {
            "Import" => machine.make_in_the_console(),
            "Upgrade" => machine.checkout(NEXT),
            _ => {}
        }
        let output = machine.follow(blocks);
        match heading.as_str() {
            "Install" => assert_eq!(machine.installed(), [VERSION]),
            "Issue the first key" => {
                assert_eq!(machine.simulator.counts(), counts(1, 1, 1));
                assert_eq!(only(&machine.simulator)["secretsMapping"]["apiKey"], "OPENROUTER_API_KEY");
                assert!(machine.lock_file().contains(&format!("{VERSION:?}")), "{}", machine.lock_file());
            }
            "Import" => {
                assert!(output.says("Import successful!") && output.says("No changes."), "{output}");
                assert_eq!(machine.simulator.counts(), counts(2, 2, 2), "nothing was issued");
            }
            "Upgrade" => {
                assert!(output.says("No changes."), "{output}");
                assert!(machine.lock_file().contains(&format!("{NEXT:?}")), "{}", machine.lock_file());
            }
            _ => {
                assert_eq!(machine.simulator.counts(), counts(0, 0, 0));
                assert_eq!(machine.installed(), Vec::<String>::new());
                assert_eq!(machine.lock_file(), "");
            }
        }
    }
}
