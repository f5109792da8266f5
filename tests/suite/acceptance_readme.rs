//! README.md's section from install to uninstall: each of its commands is run by a shell as it stands there.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use xtask::package::{self, Build};
use xtask::provider::VERSION;

use crate::support::newcomer::{Languages, Machine, page, steps};
use crate::support::rotation::{counts, only};

const HEADING: &str = "## From install to uninstall\n";
const LANGUAGES: Languages = Languages { configuration: "hcl", commands: "sh" };

/// The version that the second `cargo xtask install` installs, as if the checkout had gone on.
const NEXT: &str = "99.0.0";

/// The section, with the headings of its steps.
fn section() -> String {
    let readme = page("README.md");
    let section = readme.split_once(HEADING).expect("the README has the section").1;
    section.split_once("\n## ").expect("another section follows").0.to_owned()
}

/// Makes `cargo xtask install` install this version. It writes the same files as the command does, without the release build,
/// which takes minutes.
fn checkout(machine: &Machine, version: &str) {
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-infisical"));
    let (built, plugins) = (machine.path(version), machine.plugins());
    package::unpack(&built, &Build { version: version.to_owned(), ..Build::host(binary) }).unwrap();
    let (from, to) = (built.display(), plugins.display());
    machine.program("cargo", &format!("test \"$*\" = 'xtask install' && mkdir -p '{to}' && cp -R '{from}/.' '{to}'"));
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
    checkout(&machine, VERSION);
    for (heading, blocks) in &steps {
        match heading.as_str() {
            "Import" => make_in_the_console(&machine),
            "Upgrade" => checkout(&machine, NEXT),
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
