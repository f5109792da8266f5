//! The provider block: what counts as set, how values are trimmed, and what is refused during the plan.

use simulator::{Call, Simulator};

use crate::support::rotation::{rotation, start};
use crate::support::terraform::Workspace;

/// The sample configuration with this provider block.
fn with_block(body: &str) -> String {
    rotation(&[]).replace("provider \"infisical\" {}", &format!("provider \"infisical\" {{\n{body}\n}}"))
}

fn begin(body: &str) -> (Simulator, Workspace) {
    start(&with_block(body))
}

fn with_universal(workspace: Workspace, simulator: &Simulator) -> Workspace {
    workspace
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", simulator.client_id())
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", simulator.client_secret())
}

#[test]
fn an_empty_string_in_the_block_counts_as_not_set() {
    let block = r#"
  host         = ""
  ca_cert_file = ""
  auth         = { organization_slug = "", token = "" }"#;
    let (simulator, workspace) = begin(block);
    workspace.apply();
    assert_eq!(simulator.rotations().len(), 1);
    workspace.assert_empty_plan();
}

#[test]
fn empty_values_of_an_authentication_method_are_taken_from_its_variables() {
    let block = r#"
  auth = { token = var.none, universal = { client_id = var.none, client_secret = var.none } }
}
variable "none" {
  default = """#;
    let (simulator, workspace) = begin(block);
    // The block selects the method, so this token is ignored.
    let workspace = with_universal(workspace, &simulator).env("INFISICAL_TOKEN", "not-the-token");
    workspace.apply();
    let calls: Vec<_> = simulator.requests().iter().map(|request| request.call).collect();
    assert_eq!(calls, [Call::Login, Call::ReadByName, Call::Create]);
}

#[test]
fn a_token_from_a_file_or_a_variable_is_trimmed() {
    let (simulator, workspace) = begin(r#"  auth = { token = file("token.txt") }"#);
    workspace.write("token.txt", &format!("\u{feff}{}\r\n", simulator.token()));
    let workspace = workspace.env("INFISICAL_TOKEN", "not-the-token");
    workspace.apply();
    workspace.rewrite(&rotation(&[]));
    let with_scheme = format!("bearer {}\r\n", simulator.token());
    workspace.env("INFISICAL_TOKEN", &with_scheme).assert_empty_plan();
}

#[test]
fn a_client_id_and_a_client_secret_from_files_are_trimmed() {
    let (simulator, workspace) =
        begin(r#"  auth = { universal = { client_id = file("id.txt"), client_secret = file("secret.txt") } }"#);
    workspace.write("id.txt", &format!("{}\n", simulator.client_id()));
    workspace.write("secret.txt", &format!(" {}\r\n", simulator.client_secret()));
    workspace.apply();
    assert_eq!(simulator.rotations().len(), 1);
}

#[test]
fn the_plan_reports_missing_incomplete_and_contradictory_settings_with_a_remedy() {
    let (simulator, workspace) = begin("");
    let workspace = workspace.env("INFISICAL_TOKEN", "");
    for (block, words) in [
        ("", ["No way to log in", "auth.token", "INFISICAL_TOKEN", "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"]),
        (
            r#"auth = { token = "t", universal = { client_id = "a", client_secret = "b" } }"#,
            ["Several ways to log in", "auth.token", "auth.universal", "Remove the others"],
        ),
        (
            r#"auth = { universal = { client_id = "a", client_secret = "" } }"#,
            ["Incomplete login", "auth.universal.client_secret", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "empty"],
        ),
        (
            "host = \"app.infisical.com\"\n auth = { token = \"t\" }",
            ["Invalid host", "app.infisical.com", "Is \"https://app.infisical.com\" meant?", "INFISICAL_HOST"],
        ),
        (
            r#"auth = { token = "two words" }"#,
            ["Not a token", "auth.token", "INFISICAL_TOKEN", "a space or a line break inside"],
        ),
    ] {
        workspace.rewrite(&with_block(block));
        let failure = workspace.plan_expecting_failure();
        words.iter().for_each(|words| assert!(failure.says(words), "{words}: {failure}"));
    }
    assert!(simulator.requests().is_empty());
}

#[test]
fn a_plan_with_unknown_values_in_the_block_succeeds() {
    let later = "terraform_data.later.output";
    let (simulator, workspace) = begin("");
    for block in [
        format!("host = {later}"),
        format!("ca_cert_file = {later}"),
        format!("auth = {{ organization_slug = {later} }}"),
        format!("auth = {{ token = {later} }}"),
        format!("auth = {{ universal = {{ client_id = {later}, client_secret = {later} }} }}"),
        format!("auth = {{ oidc = {{ identity_id = {later}, token_environment_variable_name = {later} }} }}"),
        format!("auth = {{ kubernetes = {{ identity_id = {later}, service_account_token = {later} }} }}"),
        format!("auth = {{ kubernetes = {{ identity_id = \"i\", service_account_token_path = {later} }} }}"),
        format!("auth = {{ aws_iam = {{ identity_id = {later} }} }}"),
    ] {
        workspace
            .rewrite(&format!("{}\nresource \"terraform_data\" \"later\" {{ input = \"x\" }}", with_block(&block)));
        assert!(!workspace.plan().is_empty_plan());
    }
    assert!(simulator.requests().is_empty(), "no call is made before the host and the credentials are known");
}
