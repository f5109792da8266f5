//! A connection that rotations use is not deleted, and the error names the rotations.

use simulator::{Call, Denial};

use crate::support::connection::{TEAM, count, made, only_id, start, with_key};
use crate::support::rotation;

/// A workspace with a connection, and the id of a rotation in another workspace that uses it.
fn used_elsewhere(attributes: &[(&str, &str)]) -> (simulator::Simulator, crate::support::terraform::Workspace, String) {
    let (simulator, workspace) = start(&with_key(attributes));
    workspace.apply();
    let id = format!("{:?}", only_id(&simulator));
    let other = crate::support::terraform::Workspace::new(workspace.core())
        .on(&simulator)
        .config(&rotation::rotation(&[("connection_id", &id)]));
    other.init();
    other.apply();
    let rotation = rotation::only_id(&simulator);
    simulator.clear_requests();
    (simulator, workspace, rotation)
}

#[test]
fn the_error_for_a_connection_of_the_organization_in_use_names_the_rotations_of_all_projects() {
    let (simulator, workspace, rotation) = used_elsewhere(&[]);
    let refused = workspace.destroy_expecting_failure();
    assert!(refused.says("Cannot delete the connection"), "{refused}");
    assert!(refused.says("Cannot delete App Connection with existing connections"), "{refused}");
    let place = format!("in / of environment dev, project {}", simulator.project_id());
    let named = format!("These rotations use it: \"my-openrouter-rotation\" ({rotation}) {place}");
    assert!(refused.says(&named), "{refused}");
    assert!(refused.says("Destroy them first, or move them to another connection."), "{refused}");
    assert_eq!((count(&simulator, Call::ProjectList), made(&simulator).len()), (1, 1));
    assert_eq!(workspace.state_of(TEAM)["name"], "team", "it stays in the state");
    simulator.forget(&rotation).unwrap();
    workspace.destroy();
    assert_eq!(made(&simulator).len(), 0);
}

#[test]
fn rotations_that_use_a_connection_of_a_project_are_searched_in_that_project_only() {
    let (simulator, workspace, rotation) = used_elsewhere(&[("project_id", "var.project_id")]);
    let refused = workspace.destroy_expecting_failure();
    assert!(refused.says(&format!("({rotation})")), "{refused}");
    assert_eq!((count(&simulator, Call::ProjectList), count(&simulator, Call::List)), (0, 1));
}

#[test]
fn the_error_says_when_some_projects_could_not_be_searched() {
    let (simulator, workspace, rotation) = used_elsewhere(&[]);
    simulator.deny(Call::List, Denial::Permission);
    let refused = workspace.destroy_expecting_failure();
    assert!(refused.says("Not all projects could be looked into."), "{refused}");
    assert!(!refused.says(&rotation), "{refused}");
}

/// So a replacement of the connection that cannot be created would cost their keys: the plan looks before, and warns of what it
/// cannot know.
#[test]
fn rotations_that_refer_to_the_connection_are_destroyed_before_it() {
    let reference = format!("{TEAM}.id");
    let rotation = rotation::resource("app", &[("connection_id", &reference)]);
    let config = |more: &[(&str, &str)]| format!("{}{rotation}", with_key(more));
    let (simulator, workspace) = start(&config(&[("project_id", "var.project_id")]));
    workspace.apply();
    workspace.assert_empty_plan();
    let other = simulator.add_connection("team");
    workspace.rewrite(&config(&[]));
    let failure = workspace.plan_expecting_failure();
    assert!(failure.says("Error: Cannot replace the connection") && failure.says(&other), "{failure}");
    workspace.rewrite(&config(&[("name", "\"second\"")]));
    let applied = workspace.apply();
    assert_eq!(
        applied.words().matches("Warning: The replacement cannot be checked completely").count(),
        1,
        "{applied}"
    );
    assert!(applied.says("connection_id is not known before the apply"), "{applied}");
    workspace.assert_empty_plan();
    workspace.destroy();
    assert_eq!((made(&simulator).len(), simulator.counts().rotations), (1, 0));
}
