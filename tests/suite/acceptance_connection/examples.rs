//! The examples of connections in the repository.

use std::fs;
use std::path::Path;

use simulator::{CONNECTION_ID, Options, Simulator};
use xtask::cores::Feature;

use super::UNSUPPORTED;
use crate::support::connection::{KEY, TEAM, made};
use crate::support::cores::core;
use crate::support::terraform::Workspace;

fn example(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path)).unwrap()
}

fn with_example(path: &str) -> (Simulator, Workspace) {
    let simulator = Simulator::start(Options::default()).unwrap();
    let workspace = Workspace::new(core())
        .on(&simulator)
        .env("TF_VAR_openrouter_provisioning_key", KEY)
        .config("provider \"infisical\" {}\n")
        .file("example.tf", &example(path));
    workspace.run(["init", "-input=false", "-no-color"]);
    (simulator, workspace)
}

#[track_caller]
fn assert_applied_and_destroyed(path: &str, connections: usize, rotations: usize) {
    let (simulator, workspace) = with_example(path);
    workspace.apply();
    assert_eq!((made(&simulator).len(), simulator.counts().rotations), (connections, rotations));
    workspace.assert_empty_plan();
    workspace.destroy();
    assert_eq!((made(&simulator).len(), simulator.counts().rotations), (0, 0));
}

#[test]
fn the_examples_can_be_applied_and_destroyed() {
    assert_applied_and_destroyed("resources/infisical_openrouter_connection/resource_with_stored_key.tf", 1, 0);
    assert_applied_and_destroyed("data-sources/infisical_openrouter_connection/data-source.tf", 0, 1);
    let write_only = "resources/infisical_openrouter_connection/resource.tf";
    if core().supports(Feature::WriteOnly) {
        assert_applied_and_destroyed(write_only, 1, 1);
        return;
    }
    let (simulator, workspace) = with_example(write_only);
    let refused = workspace.plan_expecting_failure();
    // A core without ephemeral variables refuses the variable itself.
    assert!(refused.says(UNSUPPORTED) || refused.says("ephemeral"), "{refused}");
    assert_eq!(made(&simulator).len(), 0);
}

#[test]
fn the_import_examples_import_the_existing_connection_and_its_configuration_can_be_generated() {
    for file in ["import-by-string-id.tf", "import-by-identity.tf"] {
        let (_simulator, workspace) = with_example(&format!("resources/infisical_openrouter_connection/{file}"));
        if file.contains("identity") && !core().supports(Feature::Identity) {
            let refused = workspace.plan_expecting_failure();
            assert!(refused.says("identity"), "{refused}");
            continue;
        }
        workspace.run(["plan", "-input=false", "-no-color", "-generate-config-out=generated.tf"]).succeeded();
        let generated = workspace.read("generated.tf");
        assert!(generated.contains("\"openrouter\""), "{generated}");
        assert!(!generated.contains("credentials_hash"), "{generated}");
        let applied = workspace.apply();
        assert!(applied.says("1 imported, 0 added, 0 changed, 0 destroyed"), "{applied}");
        workspace.assert_empty_plan();
        assert_eq!(workspace.state_of(TEAM)["id"], CONNECTION_ID);
    }
}
