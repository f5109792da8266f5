//! Connections: their lifecycle, their key, and imports; the data source and the examples are apart.

mod data_source;
mod examples;
mod faults;
mod in_use;
mod secrecy;

use serde_json::{Value, json};
use simulator::{Call, Simulator};
use xtask::cores::Feature;

use crate::support::connection::{KEY, TEAM, connection, count, made, only_id, start, with_key};
use crate::support::cores::core;

/// What an older core is told about `api_key_wo`.
const UNSUPPORTED: &str = "api_key_wo is a write-only attribute, which requires Terraform 1.11 or later";

/// The bodies of the calls of this kind, in order.
fn bodies(simulator: &Simulator, call: Call) -> Vec<Value> {
    let requests = simulator.requests();
    requests.into_iter().filter(|request| request.call == call).map(|request| request.body.unwrap()).collect()
}

#[test]
fn a_connection_is_created_changed_and_destroyed() {
    let (simulator, workspace) = start(&with_key(&[("description", "\"For the team.\"")]));
    workspace.apply();
    workspace.settled();
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
        workspace.settled();
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
    workspace.settled();
    assert_eq!(count(&simulator, Call::ConnectionUpdate), 0);
    let after = workspace.state_of(TEAM);
    assert_eq!(after["api_key"], Value::Null);
    for kept in ["credentials_hash", "updated_at", "id"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
}

#[test]
fn a_create_without_a_key_is_refused_in_the_plan() {
    let (simulator, workspace) = start(&connection(&[]));
    let refused = workspace.plan_expecting_failure();
    assert!(refused.says("Missing provisioning key"), "{refused}");
    assert_eq!(count(&simulator, Call::ConnectionCreate), 0);
}

#[test]
fn another_project_replaces_the_connection() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    let before = only_id(&simulator);
    workspace.rewrite(&with_key(&[("project_id", "var.project_id")]));
    workspace.apply();
    workspace.settled();
    assert_ne!(only_id(&simulator), before);
    assert_eq!(made(&simulator)[0]["projectId"], simulator.project_id());
}

/// Works where the core has write-only arguments; elsewhere the attribute says what it requires.
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
    workspace.settled();
    let before = workspace.state_of(TEAM);
    assert_eq!((&before["api_key_wo"], &before["api_key_wo_version"]), (&Value::Null, &json!(1)));
    assert!(!workspace.read("terraform.tfstate").contains("sim-provisioning-hidden"));
    workspace.rewrite(&key("2"));
    workspace.apply();
    workspace.settled();
    assert_eq!(bodies(&simulator, Call::ConnectionUpdate), [json!({"credentials": {"apiKey": "(redacted)"}})]);
    assert_ne!(workspace.state_of(TEAM)["credentials_hash"], before["credentials_hash"]);
}

#[test]
fn keys_that_do_not_go_together_are_told_apart_by_validate() {
    let (_simulator, workspace) = start(&connection(&[("api_key_wo_version", "1")]));
    let found = workspace.validate_expecting_failure();
    assert_eq!(found[0]["summary"], "Missing api_key_wo", "{found:?}");
    workspace.rewrite(&with_key(&[("api_key_wo", "\"sim-provisioning-hidden\""), ("api_key_wo_version", "1")]));
    let found = workspace.validate_expecting_failure();
    let expected = if core().supports(Feature::WriteOnly) { "Two provisioning keys" } else { "Unsupported api_key_wo" };
    assert_eq!(found[0]["summary"], expected, "{found:?}");
}

#[test]
fn a_refused_key_is_shown_at_its_attribute_and_logs_in_once() {
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
    // The refresh before the plan and the apply run in processes of their own.
    assert!(count(&simulator, Call::Login) <= 2 && count(&simulator, Call::ConnectionUpdate) == 1);
    assert!(workspace.read("terraform.tfstate").contains(KEY), "the state keeps the key that works");
}

#[test]
fn a_name_that_is_taken_is_shown_with_the_way_to_import() {
    let (simulator, workspace) = start(&with_key(&[]));
    let id = simulator.add_connection("team");
    let refused = workspace.apply_expecting_failure();
    assert!(refused.says(&format!("named \"team\" already exists, with id {id}")), "{refused}");
    assert!(refused.says(&format!("terraform import ADDRESS {id}")), "{refused}");
    assert!(!refused.says("OpenRouter"), "no key was issued: {refused}");
}

#[test]
fn a_project_that_does_not_exist_is_shown_at_its_attribute() {
    let (_simulator, workspace) = start(&with_key(&[("project_id", "\"nowhere\"")]));
    let refused = workspace.apply_expecting_failure();
    assert!(refused.says("Could not find project with ID nowhere"), "{refused}");
    assert!(refused.says("project_id = \"nowhere\""), "shown at its line: {refused}");
}

/// By id and by name, without a key in the configuration: nothing is to be changed.
#[test]
fn an_import_plans_no_change() {
    let in_project = [("project_id", "var.project_id")];
    for (attributes, place) in [(&[][..], String::new()), (&in_project[..], format!("{},", simulator::PROJECT_ID))] {
        let (simulator, workspace) = start(&with_key(attributes));
        workspace.apply();
        workspace.rewrite(&connection(attributes));
        for id in [only_id(&simulator), format!("{place}team")] {
            workspace.run(["state", "rm", TEAM]).succeeded();
            workspace.import(TEAM, &id);
            workspace.settled();
        }
    }
}

#[test]
fn another_key_in_the_console_shows_in_a_refresh() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    simulator.rekey_connection(&only_id(&simulator)).unwrap();
    let refreshed = workspace.run(["plan", "-refresh-only", "-input=false", "-no-color"]).succeeded();
    assert!(refreshed.says("credentials_hash"), "{refreshed}");
    workspace.settled();
}

#[test]
fn a_connection_deleted_elsewhere_is_planned_to_be_created() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    simulator.forget_connection(&only_id(&simulator)).unwrap();
    assert!(workspace.plan().says("1 to add, 0 to change, 0 to destroy"));
}

#[test]
fn a_connection_deleted_elsewhere_is_destroyed() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    simulator.forget_connection(&only_id(&simulator)).unwrap();
    workspace.run(["destroy", "-auto-approve", "-refresh=false", "-input=false", "-no-color"]).succeeded();
    assert!(workspace.resources().is_empty());
}
