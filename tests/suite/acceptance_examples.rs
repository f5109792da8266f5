//! The examples in the repository can be applied and destroyed, and lead to an empty plan.

use std::fs;
use std::path::Path;

use simulator::{Options, Simulator};

use crate::support::cores::core;
use crate::support::rotation::counts;
use crate::support::terraform::Workspace;

fn example(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path)).unwrap()
}

#[test]
fn the_quickstart_can_be_applied_and_destroyed() {
    let simulator = Simulator::start(Options::default()).unwrap();
    let workspace = Workspace::new(core()).on(&simulator);
    for file in ["main.tf", "variables.tf", "outputs.tf"] {
        workspace.write(file, &example(&format!("quickstart/{file}")));
    }
    workspace.init();
    workspace.apply();
    workspace.assert_empty_plan();
    workspace.destroy();
    assert_eq!(simulator.counts(), counts(0, 0, 0));
}

/// The examples of the provider and of the resource together.
#[test]
fn the_documented_configuration_can_be_applied_and_destroyed() {
    let simulator = Simulator::start(Options::default()).unwrap();
    let workspace = Workspace::new(core())
        .on(&simulator)
        .env("INFISICAL_TOKEN", "")
        .env("TF_VAR_infisical_host", simulator.url())
        .env("TF_VAR_client_id", simulator.client_id())
        .env("TF_VAR_client_secret", simulator.client_secret())
        .file("provider.tf", &example("provider/provider.tf"))
        .file("main.tf", &example("resources/infisical_openrouter_rotation/resource.tf"));
    workspace.init();
    workspace.apply();
    assert_eq!(simulator.counts().rotations, 2);
    workspace.assert_empty_plan();
    workspace.destroy();
    assert_eq!(simulator.counts(), counts(0, 0, 1), "the example keeps one key");
}
