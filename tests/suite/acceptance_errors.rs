//! Errors as a user sees them: what failed, the attribute, the API's message, the request id, and no secret.

use simulator::{Call, Fault};

use crate::support::rotation::{APP, only_id, rotation, start};
use crate::support::running::Output;

/// Asserts that the error contains the request id of the simulator's response.
#[track_caller]
fn assert_request_id(failure: &Output) {
    assert!(failure.words().contains("request id req-"), "{failure}");
}

#[test]
fn the_error_for_a_wrong_token_does_not_contain_it() {
    let (_simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace.env("INFISICAL_TOKEN", "not-the-token-7391");
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Cannot create the rotation"), "{failure}");
    assert!(failure.says("Check auth in the provider block, or INFISICAL_TOKEN"), "{failure}");
    assert!(!failure.says("not-the-token-7391"), "{failure}");
    assert_request_id(&failure);
}

#[test]
fn the_error_for_a_wrong_client_secret_does_not_contain_it() {
    let (simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace
        .env("INFISICAL_AUTH_METHOD", "universal")
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", simulator.client_id())
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "not-the-secret-7391");
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Infisical refuses the login"), "{failure}");
    assert!(!failure.says("not-the-secret-7391"), "{failure}");
    assert_request_id(&failure);
}

#[test]
fn universal_auth_logs_in_once_for_all_calls() {
    let (simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace
        .env("INFISICAL_TOKEN", "")
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", simulator.client_id())
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", simulator.client_secret());
    workspace.apply();
    let calls: Vec<_> = simulator.requests().iter().map(|request| request.call).collect();
    assert_eq!(calls, [Call::Login, Call::ReadByName, Call::Create]);
}

#[test]
fn the_error_for_an_unreachable_host_names_the_host_variable_and_the_cause() {
    let (_simulator, workspace) = start(&rotation(&[]));
    // Nothing listens on the discard port of the loopback interface.
    let workspace = workspace.env("INFISICAL_HOST", "http://127.0.0.1:9");
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Cannot create the rotation"), "{failure}");
    assert!(failure.says("INFISICAL_HOST"), "{failure}");
    assert!(failure.says("refused"), "{failure}");
}

#[test]
fn the_error_for_a_name_that_already_exists_contains_its_id_and_the_import_command() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.run(["state", "rm", APP]).succeeded();
    let failure = workspace.apply_expecting_failure();
    let id = only_id(&simulator);
    assert!(failure.says(&format!("already exists, with id {id}")), "{failure}");
    assert!(failure.says(&format!("terraform import ADDRESS {id}")), "{failure}");
    assert_request_id(&failure);
}

#[test]
fn a_secret_that_already_exists_is_reported_at_the_mapping() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.add_secret(simulator.project_id(), "dev", "/", "OPEN_ROUTER_API_KEY").unwrap();
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("secrets_mapping = { api_key"), "shown at its line: {failure}");
    assert!(failure.says("already exists"), "{failure}");
}

#[test]
fn a_missing_folder_is_reported_at_the_path() {
    let (_simulator, workspace) = start(&rotation(&[("secret_path", r#""/nowhere""#)]));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says(r#"secret_path = "/nowhere""#), "shown at its line: {failure}");
    assert!(failure.says("The folder must exist"), "{failure}");
    assert_request_id(&failure);
}

#[test]
fn a_connection_that_does_not_exist_is_reported_at_its_id() {
    let changes = [("connection_id", r#""3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f""#)];
    let (_simulator, workspace) = start(&rotation(&changes));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says(r#"connection_id = "3f2b8c1e"#), "shown at its line: {failure}");
    assert!(failure.says("Check connection_id"), "{failure}");
    assert_request_id(&failure);
}

#[test]
fn the_error_without_the_paid_plan_mentions_the_paid_feature() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.refuse_plan(true);
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("a paid feature of Infisical"), "{failure}");
    assert_request_id(&failure);
}

#[test]
fn the_error_without_permission_mentions_the_permission() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::status(Call::Create, 403));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("This identity lacks the permission"), "{failure}");
    assert_request_id(&failure);
}

#[test]
fn each_field_that_the_api_refuses_is_reported_at_its_attribute() {
    let (simulator, workspace) = start(&rotation(&[]));
    let body = serde_json::json!({
        "reqId": "req-TESTONLY",
        "statusCode": 422,
        "error": "ValidationFailure",
        "message": [
            {"code": "too_big", "path": ["rotationInterval"], "message": "Too many days"},
            {"code": "too_big", "path": ["parameters", "limit"], "message": "Too many dollars"},
        ]
    });
    simulator.fault(Fault::body(Call::Create, 422, body.to_string()));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Infisical refuses rotationInterval: Too many days."), "{failure}");
    assert!(failure.says("rotation_interval = 30"), "shown at its line: {failure}");
    assert!(failure.says("Infisical refuses parameters.limit: Too many dollars."), "{failure}");
    assert!(failure.says("request id req-TESTONLY"), "{failure}");
}

#[test]
fn the_error_without_credentials_names_a_variable_for_them() {
    let (simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace.env("INFISICAL_TOKEN", "");
    let failure = workspace.plan_expecting_failure();
    assert!(failure.says("No way to log in") && failure.says("INFISICAL_TOKEN"), "{failure}");
    assert!(simulator.requests().is_empty());
}

#[test]
fn neither_the_key_nor_the_token_is_printed_logged_or_stored() {
    let (_simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace.env("TF_LOG", "TRACE");
    let applied = workspace.apply();
    let state = workspace.read("terraform.tfstate");
    for text in [&applied.stdout, &applied.stderr, &state] {
        assert!(!text.contains("sim-or-v1-"), "a key is printed or stored");
    }
    assert!(!applied.stderr.contains("simulator-token"), "the token is logged");
    assert!(!state.contains("simulator-token"));
}
