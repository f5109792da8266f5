//! Connections: their lifecycle, their key and imports. Other tests of connections are in the submodules.

mod data_source;
mod examples;
mod faults;
mod in_use;
mod secrecy;

use serde_json::{Value, json};
use simulator::Call;
use xtask::cores::Feature;

use crate::support::connection::{KEY, TEAM, connection, count, made, only_id, start, with_key};
use crate::support::cores::core;
use crate::support::requests::bodies;

/// The error for `api_key_wo` on a core that does not support it.
const UNSUPPORTED: &str = "api_key_wo is a write-only attribute, which requires Terraform 1.11 or later";

#[test]
fn a_connection_is_created_changed_and_destroyed() {
    let (simulator, workspace) = start(&with_key(&[("description", "\"For the team.\"")]));
    workspace.apply();
    workspace.assert_empty_plan();
    let sent = json!({
        "name": "team", "description": "For the team.", "method": "api-key", "credentials": {"apiKey": "(redacted)"}
    });
    assert_eq!(bodies(&simulator, Call::ConnectionCreate), [sent]);
    let (api, state) = (made(&simulator).remove(0), workspace.state_of(TEAM));
    for (attribute, field) in [
        ("id", "id"),
        ("name", "name"),
        ("description", "description"),
        ("project_id", "projectId"),
        ("credentials_hash", "credentialsHash"),
        ("version", "version"),
        ("org_id", "orgId"),
        ("created_at", "createdAt"),
        ("updated_at", "updatedAt"),
    ] {
        assert_eq!(state[attribute], api[field], "{attribute}");
    }
    let second = "\"sim-provisioning-second-4e1d\"";
    for (attributes, sent) in [
        (
            vec![("api_key", second), ("description", "\"x\"")],
            json!({"description": "x", "credentials": {"apiKey": "(redacted)"}}),
        ),
        (vec![("api_key", second)], json!({"description": null})),
        (vec![("api_key", second), ("name", "\"renamed\"")], json!({"name": "renamed"})),
    ] {
        simulator.clear_requests();
        workspace.rewrite(&connection(&attributes));
        workspace.apply();
        assert_eq!(bodies(&simulator, Call::ConnectionUpdate), [sent]);
        workspace.assert_empty_plan();
    }
    assert_eq!(only_id(&simulator), state["id"]);
    workspace.destroy();
    assert_eq!(made(&simulator), Vec::<Value>::new());
}

#[test]
fn a_key_that_is_removed_is_kept_and_nothing_is_sent() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    let before = workspace.state_of(TEAM);
    simulator.clear_requests();
    workspace.rewrite(&connection(&[]));
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(count(&simulator, Call::ConnectionUpdate), 0);
    let after = workspace.state_of(TEAM);
    assert_eq!(after["api_key"], Value::Null);
    for attribute in ["credentials_hash", "updated_at", "id"] {
        assert_eq!(after[attribute], before[attribute], "{attribute}");
    }
}

#[test]
fn a_create_without_a_key_is_refused_during_the_plan() {
    let (simulator, workspace) = start(&connection(&[]));
    let refused = workspace.plan_expecting_failure();
    assert!(refused.says("Missing provisioning key"), "{refused}");
    assert_eq!(count(&simulator, Call::ConnectionCreate), 0);
}

#[test]
fn a_change_of_the_project_replaces_the_connection() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    let before = only_id(&simulator);
    workspace.rewrite(&with_key(&[("project_id", "var.project_id")]));
    workspace.apply();
    workspace.assert_empty_plan();
    assert_ne!(only_id(&simulator), before);
    assert_eq!(made(&simulator)[0]["projectId"], simulator.project_id());
}

/// On a core without write-only arguments, the error names the required version.
#[test]
fn a_write_only_key_is_sent_when_its_version_changes() {
    let key = |version| connection(&[("api_key_wo", "\"sim-provisioning-hidden\""), ("api_key_wo_version", version)]);
    let (simulator, workspace) = start(&key("1"));
    if !core().supports(Feature::WriteOnly) {
        let refused = workspace.plan_expecting_failure();
        assert!(refused.says(UNSUPPORTED), "{refused}");
        assert_eq!(count(&simulator, Call::ConnectionCreate), 0);
        return;
    }
    workspace.apply();
    workspace.assert_empty_plan();
    let before = workspace.state_of(TEAM);
    assert_eq!((&before["api_key_wo"], &before["api_key_wo_version"]), (&Value::Null, &json!(1)));
    assert!(!workspace.read("terraform.tfstate").contains("sim-provisioning-hidden"));
    workspace.rewrite(&key("2"));
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(bodies(&simulator, Call::ConnectionUpdate), [json!({"credentials": {"apiKey": "(redacted)"}})]);
    assert_ne!(workspace.state_of(TEAM)["credentials_hash"], before["credentials_hash"]);
}

#[test]
fn validate_reports_a_version_without_a_write_only_key_and_two_keys() {
    let (_simulator, workspace) = start(&connection(&[("api_key_wo_version", "1")]));
    let found = workspace.validate_expecting_failure();
    assert_eq!(found[0]["summary"], "Missing api_key_wo", "{found:?}");
    workspace.rewrite(&with_key(&[("api_key_wo", "\"sim-provisioning-hidden\""), ("api_key_wo_version", "1")]));
    let found = workspace.validate_expecting_failure();
    let expected =
        if core().supports(Feature::WriteOnly) { "Two provisioning keys" } else { "WriteOnly Attribute Not Allowed" };
    assert_eq!(found[0]["summary"], expected, "{found:?}");
}

#[test]
fn a_refused_key_is_reported_at_its_attribute_and_causes_no_second_login() {
    let (simulator, workspace) = start(&connection(&[("api_key", "\"not-a-provisioning-key\"")]));
    let workspace = workspace
        .env("INFISICAL_AUTH_METHOD", "universal")
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", simulator.client_id())
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", simulator.client_secret());
    let refused = workspace.apply_expecting_failure();
    assert!(refused.says("Cannot create the connection"), "{refused}");
    assert!(refused.says("api_key = "), "shown at its line: {refused}");
    assert!(refused.says("It must be a provisioning key of the OpenRouter account"), "{refused}");
    assert!(refused.says("status 401, request id req-"), "{refused}");
    assert_eq!((count(&simulator, Call::Login), count(&simulator, Call::ConnectionCreate)), (1, 1));
    assert!(workspace.resources().is_empty());
    workspace.rewrite(&with_key(&[]));
    workspace.apply();
    workspace.rewrite(&connection(&[("api_key", "\"not-a-provisioning-key\"")]));
    simulator.clear_requests();
    let refused = workspace.apply_expecting_failure();
    assert!(refused.says("Cannot update the connection"), "{refused}");
    // The refresh and the apply run in separate processes.
    assert!(count(&simulator, Call::Login) <= 2 && count(&simulator, Call::ConnectionUpdate) == 1);
    assert!(workspace.read("terraform.tfstate").contains(KEY), "the state keeps the valid key");
}

#[test]
fn the_error_for_a_name_that_already_exists_contains_its_id_and_the_import_command() {
    let (simulator, workspace) = start(&with_key(&[]));
    let id = simulator.add_connection("team");
    let refused = workspace.apply_expecting_failure();
    assert!(refused.says(&format!("named \"team\" already exists, with id {id}")), "{refused}");
    assert!(refused.says(&format!("terraform import ADDRESS {id}")), "{refused}");
    assert!(!refused.says("OpenRouter"), "no key was issued: {refused}");
}

#[test]
fn a_project_that_does_not_exist_is_reported_at_its_attribute() {
    let (_simulator, workspace) = start(&with_key(&[("project_id", "\"nowhere\"")]));
    let refused = workspace.apply_expecting_failure();
    assert!(refused.says("Could not find project with ID nowhere"), "{refused}");
    assert!(refused.says("project_id = \"nowhere\""), "shown at its line: {refused}");
}

#[test]
fn after_an_import_by_id_or_name_the_plan_of_a_configuration_without_a_key_is_empty() {
    let in_project = [("project_id", "var.project_id")];
    for (attributes, place) in [(&[][..], String::new()), (&in_project[..], format!("{},", simulator::PROJECT_ID))] {
        let (simulator, workspace) = start(&with_key(attributes));
        workspace.apply();
        workspace.rewrite(&connection(attributes));
        for id in [only_id(&simulator), format!("{place}team")] {
            workspace.run(["state", "rm", TEAM]).succeeded();
            workspace.import(TEAM, &id);
            workspace.assert_empty_plan();
        }
    }
}

#[test]
fn a_refresh_shows_that_the_key_was_replaced_in_the_console() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    simulator.rekey_connection(&only_id(&simulator)).unwrap();
    let refreshed = workspace.run(["plan", "-refresh-only", "-input=false", "-no-color"]).succeeded();
    assert!(refreshed.says("credentials_hash"), "{refreshed}");
    workspace.assert_empty_plan();
}

#[test]
fn a_connection_deleted_in_the_console_is_planned_to_be_created() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    simulator.forget_connection(&only_id(&simulator)).unwrap();
    assert!(workspace.plan().says("1 to add, 0 to change, 0 to destroy"));
}

#[test]
fn destroying_a_connection_that_was_already_deleted_succeeds() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    simulator.forget_connection(&only_id(&simulator)).unwrap();
    workspace.run(["destroy", "-auto-approve", "-refresh=false", "-input=false", "-no-color"]).succeeded();
    assert!(workspace.resources().is_empty());
}
