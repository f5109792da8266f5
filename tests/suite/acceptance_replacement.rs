//! Replacements that the core decides on: `-replace`, `taint`, `replace_triggered_by` and `create_before_destroy`.

use std::time::Duration;

use simulator::{Counts, Simulator};

use crate::support::rotation::{APP, only_id, rotation, start};
use crate::support::terraform::Workspace;

const FOLDER: (&str, &str) = ("secret_path", r#""/app""#);
const ONE: Counts = Counts { rotations: 1, secrets: 1, live_keys: 1 };

/// The server's checks may read replicas of its database that do not have yet what the same apply has just written.
#[test]
fn a_new_connection_with_its_rotation_and_a_replacement_succeed_although_checks_lag() {
    let sample = rotation(&[("connection_id", "infisical_openrouter_connection.team.id")]);
    let team = "resource \"infisical_openrouter_connection\" \"team\" {\n  name    = \"team\"\n  api_key = \"sim-provisioning-x\"\n}\n";
    let (simulator, workspace) = start(&format!("{sample}{team}"));
    simulator.set_check_lag(Duration::from_secs(3));
    workspace.apply();
    let id = only_id(&simulator);
    workspace.run(["apply", "-auto-approve", "-input=false", "-no-color", &format!("-replace={APP}")]).succeeded();
    assert_ne!(only_id(&simulator), id);
    assert_eq!((simulator.issued_keys(), simulator.counts()), (2, ONE));
    workspace.assert_empty_plan();
}

/// The sample with a `lifecycle` block.
fn with_lifecycle(lifecycle: &str, changes: &[(&str, &str)]) -> String {
    let begin = "resource \"infisical_openrouter_rotation\" \"app\" {";
    rotation(changes).replacen(begin, &format!("{begin}\n  lifecycle {{\n    {lifecycle}\n  }}"), 1)
}

fn rename_folder(simulator: &Simulator) {
    simulator.rename_folder(simulator.project_id(), "dev", "/app", "/application").unwrap();
}

/// Asserts that an apply with these arguments fails, and that the rotation and its key still exist.
fn assert_refused(simulator: &Simulator, workspace: &Workspace, arguments: &[&str]) {
    let id = only_id(simulator);
    let arguments = [["apply", "-auto-approve", "-input=false", "-no-color"].as_slice(), arguments].concat();
    let failure = workspace.run(arguments).failed();
    assert!(failure.says("The folder /app does not exist"), "{failure}");
    assert!(failure.says("Nothing was destroyed"), "{failure}");
    assert_eq!((only_id(simulator), simulator.counts()), (id, ONE));
}

#[test]
fn a_replacement_on_request_creates_a_new_rotation_in_the_same_folder() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let first = only_id(&simulator);
    workspace.apply_with(&[&format!("-replace={APP}")]);
    let second = only_id(&simulator);
    workspace.run(["taint", APP]).succeeded();
    workspace.apply();
    let third = only_id(&simulator);
    assert!(first != second && second != third);
    assert_eq!(simulator.counts(), ONE);
    workspace.assert_empty_plan();
    assert!(!workspace.read("terraform.tfstate").contains("\"private\""), "the private data of the plan is not kept");
}

#[test]
fn a_replacement_on_request_into_a_renamed_folder_destroys_nothing() {
    let (simulator, workspace) = start(&rotation(&[FOLDER]));
    workspace.apply();
    rename_folder(&simulator);
    let replace = format!("-replace={APP}");
    assert_refused(&simulator, &workspace, &[&replace]);
    // Without a refresh, the plan does not notice that the folder was renamed.
    assert_refused(&simulator, &workspace, &[&replace, "-refresh=false"]);
    workspace.rewrite(&rotation(&[("secret_path", r#""/application""#)]));
    workspace.apply_with(&[&replace]);
    assert_eq!(simulator.counts(), ONE);
    workspace.assert_empty_plan();
}

/// A provider cannot distinguish the plan of a tainted object from that of a new one.
#[test]
fn a_tainted_rotation_whose_folder_was_renamed_is_not_destroyed() {
    let (simulator, workspace) = start(&rotation(&[FOLDER]));
    workspace.apply();
    workspace.run(["taint", APP]).succeeded();
    rename_folder(&simulator);
    assert_refused(&simulator, &workspace, &[]);
    workspace.run(["untaint", APP]).succeeded();
    workspace.rewrite(&rotation(&[("secret_path", r#""/application""#)]));
    workspace.assert_empty_plan();
}

#[test]
fn a_replacement_that_another_resource_triggers_destroys_nothing_if_the_folder_was_renamed() {
    let config = |input: &str, folder: &str| {
        let trigger = format!("resource \"terraform_data\" \"trigger\" {{ input = {input:?} }}\n");
        let folder = format!("{folder:?}");
        let lifecycle = "replace_triggered_by = [terraform_data.trigger]";
        format!("{}{trigger}", with_lifecycle(lifecycle, &[("secret_path", &folder)]))
    };
    let (simulator, workspace) = start(&config("1", "/app"));
    workspace.apply();
    rename_folder(&simulator);
    workspace.rewrite(&config("2", "/app"));
    assert_refused(&simulator, &workspace, &["-refresh=false"]);
    let id = only_id(&simulator);
    workspace.rewrite(&config("3", "/application"));
    workspace.apply();
    assert_ne!(only_id(&simulator), id);
    assert_eq!(simulator.counts(), ONE);
    workspace.assert_empty_plan();
}

/// A provider does not learn about `create_before_destroy` from the core, so the create fails.
#[test]
fn the_error_with_create_before_destroy_asks_for_another_name_and_nothing_is_destroyed() {
    let first = |changes: &[(&str, &str)]| with_lifecycle("create_before_destroy = true", changes);
    let (simulator, workspace) = start(&first(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    let replace = format!("-replace={APP}");
    let arguments = ["apply", "-auto-approve", "-input=false", "-no-color", &replace];
    let failure = workspace.run(arguments).failed();
    assert!(failure.says("A replacement with create_before_destroy needs another name, too"), "{failure}");
    assert_eq!((only_id(&simulator), simulator.counts()), (id.clone(), ONE));
    workspace.rewrite(&first(&[("name", r#""second""#)]));
    let failure = workspace.run(arguments).failed();
    assert!(failure.says("with create_before_destroy, to the one that is being replaced"), "{failure}");
    assert_eq!((only_id(&simulator), simulator.counts()), (id.clone(), ONE));
    workspace.rewrite(&first(&[("name", r#""second""#), ("secrets_mapping", r#"{ api_key = "SECOND" }"#)]));
    workspace.apply_with(&[&replace]);
    assert_ne!(only_id(&simulator), id);
    assert_eq!(simulator.counts(), ONE);
    workspace.assert_empty_plan();
}
