//! Errors as a user reads them: what failed, on which attribute, what the API said, the request id, and no secret.

use simulator::{Call, Fault};

use crate::support::rotation::{APP, only_id, rotation, start};
use crate::support::running::Output;

/// The request id that the simulator's errors carry.
#[track_caller]
fn has_request_id(failure: &Output) {
    assert!(failure.words().contains("request id req-"), "{failure}");
}

#[test]
fn a_wrong_token_is_told_without_the_token() {
    let (_simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace.env("INFISICAL_TOKEN", "not-the-token-7391");
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Cannot create the rotation"), "{failure}");
    assert!(failure.says("Check auth in the provider block, or INFISICAL_TOKEN"), "{failure}");
    assert!(!failure.says("not-the-token-7391"), "{failure}");
    has_request_id(&failure);
}

#[test]
fn a_wrong_client_secret_is_told_without_the_secret() {
    let (simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace
        .env("INFISICAL_AUTH_METHOD", "universal")
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", simulator.client_id())
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "not-the-secret-7391");
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Infisical refuses the login"), "{failure}");
    assert!(!failure.says("not-the-secret-7391"), "{failure}");
    has_request_id(&failure);
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
fn an_unknown_host_says_where_to_look() {
    let (_simulator, workspace) = start(&rotation(&[]));
    // Nothing listens on the discard port of the loopback interface.
    let workspace = workspace.env("INFISICAL_HOST", "http://127.0.0.1:9");
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Cannot create the rotation"), "{failure}");
    assert!(failure.says("INFISICAL_HOST"), "{failure}");
    assert!(failure.says("refused"), "{failure}");
}

#[test]
fn a_name_that_is_taken_says_so_and_how_to_import() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.run(["state", "rm", APP]).succeeded();
    let failure = workspace.apply_expecting_failure();
    let id = only_id(&simulator);
    assert!(failure.says(&format!("already exists, with id {id}")), "{failure}");
    assert!(failure.says(&format!("terraform import ADDRESS {id}")), "{failure}");
    has_request_id(&failure);
}

#[test]
fn a_secret_that_is_in_the_way_is_shown_at_the_mapping() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.add_secret(simulator.project_id(), "dev", "/", "OPEN_ROUTER_API_KEY").unwrap();
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("secrets_mapping = { api_key"), "shown at its line: {failure}");
    assert!(failure.says("already exists"), "{failure}");
}

#[test]
fn a_missing_folder_is_shown_at_the_path() {
    let (_simulator, workspace) = start(&rotation(&[("secret_path", r#""/nowhere""#)]));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says(r#"secret_path = "/nowhere""#), "shown at its line: {failure}");
    assert!(failure.says("The folder must exist"), "{failure}");
    has_request_id(&failure);
}

#[test]
fn a_connection_that_is_not_there_is_shown_at_the_connection() {
    let changes = [("connection_id", r#""3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f""#)];
    let (_simulator, workspace) = start(&rotation(&changes));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says(r#"connection_id = "3f2b8c1e"#), "shown at its line: {failure}");
    assert!(failure.says("Check connection_id"), "{failure}");
    has_request_id(&failure);
}

#[test]
fn a_paid_feature_that_is_missing_is_called_that() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.refuse_plan(true);
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("a paid feature of Infisical"), "{failure}");
    has_request_id(&failure);
}

#[test]
fn a_missing_permission_is_told_as_that() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::status(Call::Create, 403));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("This identity lacks the permission"), "{failure}");
    has_request_id(&failure);
}

#[test]
fn each_field_that_the_api_finds_fault_with_is_shown_at_its_attribute() {
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
fn no_way_to_log_in_names_what_would_be_one() {
    let (simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace.env("INFISICAL_TOKEN", "");
    let failure = workspace.plan_expecting_failure();
    assert!(failure.says("No way to log in") && failure.says("INFISICAL_TOKEN"), "{failure}");
    assert!(simulator.requests().is_empty());
}

#[test]
fn the_key_itself_is_nowhere() {
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
