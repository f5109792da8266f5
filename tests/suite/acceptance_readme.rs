//! README.md's section from install to uninstall: each of its commands is run by a shell as it stands there.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use lexopt::Parser;
use serde_json::{Value, json};
use xtask::package::{self, Build};
use xtask::provider::{ADDRESS, VERSION};

use crate::support::newcomer::{Languages, Machine, page, steps};
use crate::support::rotation::{counts, only};

const HEADING: &str = "## From install to uninstall\n";
const LANGUAGES: Languages = Languages { configuration: "hcl", commands: "sh" };

/// The version that the last `cargo xtask install` installs, as if the checkout had gone on.
const NEXT: &str = "99.0.0";

/// The section, with the headings of its steps.
fn section() -> String {
    let readme = page("README.md");
    let section = readme.split_once(HEADING).expect("the README has the section").1;
    section.split_once("\n## ").expect("another section follows").0.to_owned()
}

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-infisical");

/// Makes `cargo xtask install` install what this folder on the machine has, since a release build takes minutes.
fn checkout(machine: &Machine, built: &str) {
    let (from, to) = (machine.path(built), machine.plugins());
    let (from, to) = (from.display(), to.display());
    machine.program("cargo", &format!("test \"$*\" = 'xtask install' && mkdir -p '{to}' && cp -R '{from}/.' '{to}'"));
}

/// Runs `cargo xtask install` itself, with a build that is there, into this folder on the machine.
fn install(machine: &Machine, built: &str) {
    let folder = machine.path(built);
    let arguments = [OsStr::new("--provider"), OsStr::new(BINARY), OsStr::new("--dir"), folder.as_os_str()];
    xtask::install::run(Parser::from_args(arguments)).unwrap();
}

/// Another build of the same version: one of its files differs, so that its checksum does.
fn install_another_build(machine: &Machine, built: &str) {
    install(machine, built);
    let package = machine.path(built).join(ADDRESS).join(VERSION).join(xtask::provider::platform());
    fs::write(package.join("CHANGELOG.md"), "What the next commit changed.").unwrap();
}

/// A rotation like the one that exists, but the one that the README imports.
fn make_in_the_console(machine: &Machine) {
    let mut worker: Value = only(&machine.simulator);
    worker["id"] = json!("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f");
    worker["name"] = json!("worker-openrouter-key");
    worker["parameters"] = json!({ "name": "worker", "limit": 10, "limitReset": null, "includeByokInLimit": false });
    worker["secretsMapping"] = json!({ "apiKey": "WORKER_OPENROUTER_API_KEY" });
    machine.simulator.restore(&worker).unwrap();
}

/// The names in the folder of the provider's versions, in the mirror in the home folder.
fn installed(machine: &Machine) -> Vec<String> {
    let mirror = machine.plugins().join("terraform.local/openrouter/infisical");
    let entries = fs::read_dir(mirror).into_iter().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn lock_file(machine: &Machine) -> String {
    fs::read_to_string(machine.path("work/.terraform.lock.hcl")).unwrap_or_default()
}

#[test]
fn a_newcomer_can_follow_the_readme_from_install_to_uninstall() {
    let steps = steps(&section(), "### ", &LANGUAGES);
    let headings: Vec<_> = steps.iter().map(|(heading, _)| heading.as_str()).collect();
    assert_eq!(headings, ["Install", "Issue the first key", "Import", "Upgrade", "Uninstall"]);
    let mut machine = Machine::new();
    machine.program("git", "test \"$*\" = pull");
    install(&machine, "first");
    checkout(&machine, "first");
    for (heading, blocks) in &steps {
        match heading.as_str() {
            "Import" => make_in_the_console(&machine),
            "Upgrade" => {
                install_another_build(&machine, "second");
                checkout(&machine, "second");
                let before = lock_file(&machine);
                let output = machine.follow(blocks).expect("the step has commands");
                assert!(output.says("No changes."), "{output}");
                assert_ne!(lock_file(&machine), before, "it has the checksum of the new build");
                let next = Build { version: NEXT.to_owned(), ..Build::host(Path::new(BINARY)) };
                package::unpack(&machine.path("third"), &next).unwrap();
                checkout(&machine, "third");
            }
            _ => {}
        }
        let output = machine.follow(blocks).expect("the step has commands");
        match heading.as_str() {
            "Install" => assert_eq!(installed(&machine), [VERSION]),
            "Issue the first key" => {
                assert_eq!(machine.simulator.counts(), counts(1, 1, 1));
                assert_eq!(only(&machine.simulator)["secretsMapping"]["apiKey"], "OPENROUTER_API_KEY");
                assert!(lock_file(&machine).contains(&format!("{VERSION:?}")), "{}", lock_file(&machine));
            }
            "Import" => {
                assert!(output.says("Import successful!") && output.says("No changes."), "{output}");
                assert_eq!(machine.simulator.counts(), counts(2, 2, 2), "nothing was issued");
            }
            "Upgrade" => {
                assert!(output.says("No changes."), "{output}");
                assert!(lock_file(&machine).contains(&format!("{NEXT:?}")), "{}", lock_file(&machine));
            }
            _ => {
                assert_eq!(machine.simulator.counts(), counts(0, 0, 0));
                assert_eq!(installed(&machine), Vec::<String>::new());
                assert_eq!(lock_file(&machine), "");
            }
        }
    }
}
