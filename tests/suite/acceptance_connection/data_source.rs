//! The data source of a connection.

use simulator::CONNECTION_ID;

use crate::support::connection::{TEAM, only_id, start, with_key};

const LOOKUP: &str = "data.infisical_openrouter_connection.team";

/// The data source with these lines of arguments.
fn lookup(arguments: &str) -> String {
    format!("data \"infisical_openrouter_connection\" \"team\" {{\n{arguments}\n}}\n")
}

#[test]
fn a_data_source_finds_a_connection_by_id_and_by_name() {
    let (simulator, workspace) = start(&with_key(&[("project_id", "var.project_id")]));
    workspace.apply();
    let resource = workspace.state_of(TEAM);
    let project_level = "name = \"team\"\n  project_id = var.project_id";
    for arguments in [format!("id = {:?}", only_id(&simulator)), project_level.to_owned()] {
        workspace.rewrite(&format!("{}{}", with_key(&[("project_id", "var.project_id")]), lookup(&arguments)));
        workspace.apply();
        let found = workspace.state_of(LOOKUP);
        for attribute in found.as_object().unwrap().keys() {
            assert_eq!(found[attribute], resource[attribute], "{attribute}");
        }
        assert!(found["credentials_hash"].is_string() && found.get("api_key").is_none());
        workspace.assert_empty_plan();
    }
}

#[test]
fn a_data_source_requires_either_an_id_or_a_name() {
    let (_simulator, workspace) = start(&lookup(""));
    for (arguments, summary) in [
        (String::new(), "Neither id nor name"),
        (format!("id = {CONNECTION_ID:?}\n  name = \"openrouter\""), "Both id and name"),
    ] {
        workspace.rewrite(&lookup(&arguments));
        let found = workspace.validate_expecting_failure();
        assert_eq!(found[0]["summary"], summary);
    }
    workspace.rewrite(&lookup("name = \"nobody\""));
    let refused = workspace.plan_expecting_failure();
    assert!(refused.says("Could not find App Connection with name nobody"), "{refused}");
    assert!(refused.says("found only together with the project's id"), "{refused}");
}

#[test]
fn a_data_source_with_an_unknown_id_is_read_during_the_apply() {
    let later = format!("{}{}", with_key(&[]), lookup(&format!("id = {TEAM}.id")));
    let (simulator, workspace) = start(&later);
    workspace.plan();
    workspace.apply();
    assert_eq!(workspace.state_of(LOOKUP)["id"], only_id(&simulator));
    workspace.assert_empty_plan();
}
