//! Refusals with the server's messages: each error points to the attribute that caused it and contains a remedy.

use std::time::Duration;

use simulator::{Call, Fault};

use crate::support::requests::count;
use crate::support::rotation::{only_id, rotation, start};

/// The status, name and message of a refusal, the line at which the error is shown, and the words that it contains.
type Case = (u16, &'static str, &'static str, &'static str, &'static [&'static str]);

const CREATE: &[Case] = &[
    (
        400,
        "BadRequest",
        r#"The following secrets already exist at the path "/": OPEN_ROUTER_API_KEY"#,
        "secrets_mapping = {",
        &["already exists", "Choose another name"],
    ),
    (
        400,
        "BadRequest",
        r#"The following secrets already exist at the path "/": MY_ROTATION_FOLDER_CONNECTION"#,
        "secrets_mapping = {",
        &["already exists"],
    ),
    (
        400,
        "BadRequest",
        r#"Could not find folder with path "/" in environment "dev" for project with ID "p""#,
        r#"secret_path = "/""#,
        &["The folder must exist"],
    ),
    (
        404,
        "NotFound",
        "Could not find App Connection with ID 1f4c6a82-93d7-4c58-8e0b-5d2a7b9c3e61",
        "connection_id = var.connection_id",
        &["Check connection_id"],
    ),
    (
        403,
        "PermissionDenied",
        "You are not allowed to connect on app-connections",
        "connection_id = var.connection_id",
        &["app connection"],
    ),
    (
        403,
        "PermissionDenied",
        "You are not allowed to create on secret-rotation",
        r#"resource "infisical_openrouter_rotation" "app""#,
        &["permission"],
    ),
    (
        400,
        "BadRequest",
        "Failed to create OpenRouter API key: a secure TLS connection to the folder path could not be made",
        r#"resource "infisical_openrouter_rotation" "app""#,
        &["a secure TLS connection to the folder path"],
    ),
    (400, "BadRequest", "Invalid URL path", r#"resource "infisical_openrouter_rotation" "app""#, &["Invalid URL path"]),
];

#[test]
fn each_refusal_of_a_create_is_reported_at_the_attribute_that_caused_it() {
    let (simulator, workspace) = start(&rotation(&[]));
    for (status, error, message, line, words) in CREATE {
        simulator.fault(Fault::refuse(Call::Create, *status, *error, *message));
        let failure = workspace.apply_expecting_failure();
        assert!(failure.says(line), "{message}: shown at {line}\n{failure}");
        for word in *words {
            assert!(failure.says(word), "{message}: should say {word:?}\n{failure}");
        }
        assert!(failure.words().contains("request id req-"), "{failure}");
        simulator.clear_faults();
    }
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn the_error_for_a_secret_that_already_exists_is_at_the_mapping_and_suggests_on_destroy() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.add_secret(simulator.project_id(), "dev", "/", "OPEN_ROUTER_API_KEY").unwrap();
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("secrets_mapping = { api_key"), "shown at its line\n{failure}");
    assert!(failure.says("already exist") && failure.says("on_destroy.delete_secrets"), "{failure}");
    assert_eq!(simulator.issued_keys(), 0);
}

#[test]
fn the_error_for_keys_that_cannot_be_revoked_names_the_setting_that_keeps_them() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.set_revocation_fails(true);
    let failure = workspace.destroy_expecting_failure();
    assert!(failure.says("on_destroy.revoke_generated_credentials = false"), "{failure}");
    assert!(failure.says("Failed to delete OpenRouter API key"), "{failure}");
    workspace.rewrite(&rotation(&[("on_destroy", "{ revoke_generated_credentials = false }")]));
    workspace.apply();
    workspace.destroy();
    assert_eq!(simulator.counts().rotations, 0);
}

#[test]
fn the_error_for_a_locked_identity_differs_from_that_for_wrong_credentials() {
    let (simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace
        .env("INFISICAL_TOKEN", "")
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", simulator.client_id())
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", simulator.client_secret());
    simulator.fault(Fault::refuse(
        Call::Login,
        401,
        "UnauthorizedError",
        "This identity auth method is temporarily locked, please try again later",
    ));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("locked") && failure.says("Wait"), "{failure}");
    assert!(!failure.says("Check the credentials"), "the credentials may be right\n{failure}");
    assert_eq!(count(&simulator, Call::Login), 1, "another login would prolong the lock");
}

/// An old server or a proxy may not have the route, which does not mean that the rotation was deleted.
#[test]
fn the_404_of_an_unknown_route_never_removes_a_rotation_from_the_state() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.advance(Duration::from_secs(3_600));
    for with_request_id in [false, true] {
        simulator.fault(Fault::no_route(Call::Read, with_request_id));
        let failure = workspace.plan_expecting_failure();
        assert!(failure.says("Cannot read the rotation"), "{failure}");
        simulator.clear_faults();
        workspace.assert_empty_plan();
    }
    assert_eq!(workspace.resources().len(), 1);
    drop(only_id(&simulator));
}

#[test]
fn during_maintenance_a_create_fails_and_can_be_repeated() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.set_maintenance(true);
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Applying again is safe"), "{failure}");
    assert_eq!(simulator.issued_keys(), 0);
    simulator.set_maintenance(false);
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn the_rate_limit_of_one_route_does_not_delay_calls_of_other_routes() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.set_rate_limit(Some(3));
    for _ in 0..3 {
        workspace.assert_empty_plan();
    }
    // The limit for reads by id is reached for this minute, but not that for deletes.
    let refused = |call| simulator.requests().iter().filter(|r| r.call == call && r.status == Some(429)).count();
    workspace.destroy();
    assert_eq!(refused(Call::Delete), 0);
    assert_eq!(simulator.counts().rotations, 0);
}
