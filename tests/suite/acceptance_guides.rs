//! The guide for beginners: each of its commands is run by a shell as it stands there.

use std::path::Path;

use xtask::cores::Feature;
use xtask::package::{self, Build};

use crate::support::cores::core;
use crate::support::newcomer::{Languages, Machine, page, steps};
use crate::support::rotation::{counts, only};

const LANGUAGES: Languages = Languages { configuration: "terraform", commands: "shell" };

/// A core without write-only arguments or actions refuses the configuration, so it follows none of the steps that need them.
#[test]
fn the_guide_for_beginners_leads_from_nothing_to_a_rotated_key_and_back() {
    if !core().supports(Feature::WriteOnly) {
        return;
    }
    let mut machine = Machine::new();
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-infisical"));
    package::unpack(&machine.plugins(), &Build::host(binary)).unwrap();
    let connections = machine.simulator.connections().len();
    let mut followed = Vec::new();
    for (heading, blocks) in steps(&page("docs/guides/getting-started.md"), "## ", &LANGUAGES) {
        if heading == "Rotate" && !core().supports(Feature::Actions) {
            continue;
        }
        let output = machine.follow(&blocks);
        let printed = output.map(|output| output.to_string()).unwrap_or_default();
        match heading.as_str() {
            "Apply" | "Use the key" => {
                assert_eq!(machine.simulator.counts(), counts(1, 1, 1), "{printed}");
                assert_eq!(only(&machine.simulator)["secretsMapping"]["apiKey"], "OPENROUTER_API_KEY");
                let planned = machine.run("terraform plan").succeeded();
                assert!(planned.says("No changes."), "{planned}");
            }
            "Rotate" => assert_eq!(machine.simulator.counts(), counts(1, 1, 2), "{printed}"),
            "Remove" => {
                assert_eq!(machine.simulator.counts(), counts(0, 0, 0), "{printed}");
                assert_eq!(machine.simulator.connections().len(), connections, "{printed}");
            }
            _ => {}
        }
        followed.push(heading);
    }
    let named = ["Write the configuration", "Apply", "Use the key", "Remove"];
    assert!(named.iter().all(|name| followed.iter().any(|heading| heading == name)), "{followed:?}");
}
