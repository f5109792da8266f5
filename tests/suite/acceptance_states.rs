//! States that earlier and newer versions of the provider wrote, or the provider at another address.

use std::fs;

use serde_json::{Value, json};
use simulator::{Call, Handle};
use xtask::cores::Feature;

use crate::support::cores::core;
use crate::support::rotation::{APP, counts, only_id, resource, rotation, start};
use crate::support::terraform::Workspace;

/// The configuration with which the states in `tests/states` were created.
const ROTATIONS: &str = include_str!("../states/rotations.tf");

const HEAD: &str = r#"
variable "project_id" {}
variable "connection_id" {}
provider "infisical" {}
"#;

const STATES: [(&str, &str); 3] = [
    ("aac9bf0", include_str!("../states/aac9bf0-terraform-1.6.6.json")),
    ("a1ac002", include_str!("../states/a1ac002-terraform-1.15.5.json")),
    ("ea85ef3", include_str!("../states/ea85ef3-terraform-1.15.5.json")),
];

/// A rotation as the API returns it, from its attributes in a state.
fn as_returned(attributes: &Value) -> Value {
    let of = |name: &str| attributes[name].clone();
    let parameters = &attributes["parameters"];
    let reset = &parameters["limit_reset"];
    // The API returns a folder's path without slashes at the end, and never null.
    let path = match attributes["secret_path"].as_str().unwrap().trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    json!({
        "id": of("id"), "name": of("name"), "description": of("description"), "projectId": of("project_id"),
        "connectionId": of("connection_id"), "isAutoRotationEnabled": of("auto_rotation_enabled"),
        "activeIndex": of("active_index"), "createdAt": of("created_at"), "updatedAt": of("updated_at"),
        "rotationInterval": of("rotation_interval"), "rotationStatus": of("rotation_status"),
        "lastRotationAttemptedAt": of("last_rotation_attempted_at"), "lastRotatedAt": of("last_rotated_at"),
        "lastRotationJobId": of("last_rotation_job_id"), "nextRotationAt": of("next_rotation_at"),
        "isLastRotationManual": of("is_last_rotation_manual"), "lastRotationMessage": of("last_rotation_message"),
        "environment": {"id": of("environment_id"), "slug": of("environment")},
        "folder": {"id": of("folder_id"), "path": path}, "rotateAtUtc": of("rotate_at_utc"),
        "secretsMapping": {"apiKey": attributes["secrets_mapping"]["api_key"]},
        "parameters": {
            "name": parameters["name"], "limit": parameters["limit"],
            "limitReset": if *reset == json!("never") { Value::Null } else { reset.clone() },
            "includeByokInLimit": parameters["include_byok_in_limit"],
        },
    })
}

/// A simulator with the rotations of a state, and a workspace with that state.
fn loaded(state: &str) -> (simulator::Simulator, Workspace) {
    let (simulator, workspace) = start(&format!("{HEAD}{ROTATIONS}"));
    restore(&simulator, state);
    workspace.write("terraform.tfstate", state);
    (simulator, workspace)
}

fn restore(simulator: &Handle, state: &str) {
    let state: Value = serde_json::from_str(state).unwrap();
    for resource in state["resources"].as_array().unwrap() {
        simulator.restore(&as_returned(&resource["instances"][0]["attributes"])).unwrap();
    }
}

fn calls(simulator: &Handle) -> Vec<Call> {
    simulator.requests().iter().map(|request| request.call).collect()
}

#[test]
fn with_a_state_of_an_earlier_version_the_plan_is_empty_and_a_destroy_succeeds() {
    for (commit, state) in STATES {
        let (simulator, workspace) = loaded(state);
        let plan = workspace.plan();
        assert!(plan.is_empty_plan(), "{commit}: {plan}");
        let applied = workspace.apply();
        assert!(applied.says("0 added, 0 changed, 0 destroyed"), "{commit}: {applied}");
        workspace.assert_empty_plan();
        let reads = calls(&simulator);
        assert!(reads.iter().all(|call| matches!(call, Call::Read | Call::List)), "{commit}: {reads:?}");
        workspace.destroy();
        assert_eq!(simulator.counts(), counts(0, 0, 0), "{commit}");
    }
}

#[test]
fn with_a_state_of_an_earlier_version_a_change_needs_one_request() {
    for (commit, state) in STATES {
        let (simulator, workspace) = loaded(state);
        workspace.rewrite(&format!("{HEAD}{}", ROTATIONS.replace("\"All attributes.\"", "\"Changed.\"")));
        workspace.apply();
        let writes = calls(&simulator).into_iter().filter(|call| !matches!(call, Call::Read | Call::List));
        assert_eq!(writes.collect::<Vec<_>>(), [Call::Update], "{commit}");
        workspace.assert_empty_plan();
    }
}

/// The private data of an earlier version records that the rotation was imported.
#[test]
fn the_first_triggers_after_an_import_by_an_earlier_version_do_not_rotate_the_key() {
    let triggers = |release: &str| {
        let mapping = r#"secrets_mapping = { api_key = "IMPORTED_KEY" }"#;
        let with = format!("{mapping}\n rotation_triggers = {{ release = \"{release}\" }}");
        format!("{HEAD}{}", ROTATIONS.replace(mapping, &with))
    };
    for (commit, state) in STATES {
        let (simulator, workspace) = loaded(state);
        let issued = simulator.issued_keys();
        workspace.rewrite(&triggers("1"));
        workspace.apply();
        assert_eq!(simulator.issued_keys(), issued, "{commit}");
        workspace.rewrite(&triggers("2"));
        workspace.apply();
        assert_eq!(simulator.issued_keys(), issued + 1, "{commit}");
        workspace.assert_empty_plan();
    }
}

/// A workspace with one rotation, whose state was changed.
fn with_state(change: impl FnOnce(&mut Value)) -> (simulator::Simulator, Workspace) {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let mut state: Value = serde_json::from_str(&workspace.read("terraform.tfstate")).unwrap();
    change(&mut state["resources"][0]["instances"][0]);
    workspace.write("terraform.tfstate", &state.to_string());
    (simulator, workspace)
}

#[test]
fn attributes_that_are_not_in_the_schema_are_removed_from_a_state() {
    let (_simulator, workspace) = with_state(|instance| {
        instance["attributes"]["of_the_future"] = json!({"a": [1]});
        instance["attributes"]["parameters"]["of_the_future"] = json!("x");
    });
    workspace.assert_empty_plan();
    workspace.rewrite(&rotation(&[("description", r#""other""#)]));
    workspace.apply();
    assert!(!workspace.read("terraform.tfstate").contains("of_the_future"));
    workspace.assert_empty_plan();
}

#[test]
fn a_state_of_a_newer_schema_version_is_refused_and_kept() {
    let (simulator, workspace) = with_state(|instance| instance["schema_version"] = json!(7));
    let failure = workspace.plan_expecting_failure();
    assert!(failure.says("newer provider version") || failure.says("newer version of the provider"), "{failure}");
    assert!(workspace.read("terraform.tfstate").contains(&only_id(&simulator)));
}

/// Another address of the same provider in the mirror.
const ELSEWHERE: &str = "terraform.local/other/infisical";

/// A workspace with a rotation that was applied with the provider at the other address, and a configuration with ours.
fn from_elsewhere(configuration: &str) -> (simulator::Simulator, Workspace) {
    let (simulator, workspace) = start("");
    let mirror = workspace.path("../mirror");
    copy(&mirror.join(xtask::provider::ADDRESS), &mirror.join(ELSEWHERE));
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
    let ours = workspace.read("main.tf");
    workspace.write("main.tf", &ours.replace(xtask::provider::ADDRESS, ELSEWHERE));
    workspace.init();
    workspace.apply();
    assert!(workspace.read("terraform.tfstate").contains(ELSEWHERE));
    workspace.rewrite(configuration);
    (simulator, workspace)
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[test]
fn replace_provider_changes_the_address_in_a_state() {
    let same = rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]);
    let (simulator, workspace) = from_elsewhere(&same);
    let id = only_id(&simulator);
    workspace.run(["state", "replace-provider", "-auto-approve", ELSEWHERE, xtask::provider::ADDRESS]).succeeded();
    workspace.init();
    workspace.assert_empty_plan();
    assert_eq!(workspace.state_of(APP)["id"], id.as_str());
    assert!(!workspace.read("terraform.tfstate").contains(ELSEWHERE));
    workspace.destroy();
    assert_eq!(simulator.counts().rotations, 0);
}

#[test]
fn a_moved_block_moves_a_rotation_from_another_address_and_keeps_its_id() {
    let triggers = ("rotation_triggers", r#"{ release = "1" }"#);
    let moved = rotation(&[triggers]).replace("\"app\" {", "\"renamed\" {");
    let block = format!("\nmoved {{\n  from = {APP}\n  to   = infisical_openrouter_rotation.renamed\n}}\n");
    let (simulator, workspace) = from_elsewhere(&format!("{moved}{block}"));
    let id = only_id(&simulator);
    workspace.init();
    let applied = workspace.apply();
    assert!(applied.says("0 added, 0 changed, 0 destroyed"), "{applied}");
    assert_eq!(workspace.state_of("infisical_openrouter_rotation.renamed")["id"], id.as_str());
    workspace.assert_empty_plan();
    assert_eq!(simulator.issued_keys(), 1);
}

/// The error occurs during the plan, so nothing is changed.
#[test]
fn the_error_for_a_moved_block_from_another_type_contains_a_remedy() {
    let other = "resource \"terraform_data\" \"other\" { input = \"x\" }\n";
    let (simulator, workspace) = start(&format!("{}{other}", rotation(&[("count", "0")])));
    workspace.apply();
    let block = format!("\nmoved {{\n  from = terraform_data.other\n  to   = {APP}\n}}\n");
    workspace.rewrite(&format!("{}{block}", rotation(&[])));
    let failure = workspace.plan_expecting_failure();
    if core().supports(Feature::MoveAcrossTypes) {
        assert!(failure.says("only infisical_openrouter_rotation itself can be moved"), "{failure}");
        assert!(failure.says("an import block for the new resource"), "{failure}");
    } else {
        assert!(failure.says("Resource type mismatch"), "the core itself refuses it\n{failure}");
    }
    assert!(simulator.rotations().is_empty() && workspace.read("terraform.tfstate").contains("terraform_data"));
}

/// The core itself moves the rotation in the state.
#[test]
fn a_renamed_resource_keeps_its_rotation() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let renamed = rotation(&[("count", "0")]).replace("\"app\"", "\"none\"");
    let to = resource("renamed", &[]);
    workspace.rewrite(&format!(
        "{renamed}{to}\nmoved {{\n  from = {APP}\n  to   = infisical_openrouter_rotation.renamed\n}}\n"
    ));
    workspace.apply();
    assert_eq!(simulator.issued_keys(), 1);
    workspace.assert_empty_plan();
}
