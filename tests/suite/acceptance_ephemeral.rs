//! The ephemeral resource: it returns the active key, which is not stored anywhere.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use simulator::Handle;
use xtask::cores::Feature;

use crate::support::connection::made;
use crate::support::cores::core;
use crate::support::recording::{HiddenText, Recording};
use crate::support::rotation::{only_id, rotation, start};
use crate::support::terraform::Workspace;

const APPLY: &[&str] = &["apply", "-auto-approve", "-input=false", "-no-color"];

/// An ephemeral resource of this rotation, and a command that receives its key.
fn with_command(rotation_id: &str, command: &str) -> String {
    format!(
        "provider \"infisical\" {{}}\n\
         ephemeral \"infisical_openrouter_rotation_credentials\" \"app\" {{ rotation_id = \"{rotation_id}\" }}\n\
         resource \"terraform_data\" \"app\" {{\n  provisioner \"local-exec\" {{\n    command = \"{command}\"\n    \
         environment = {{ KEY = ephemeral.infisical_openrouter_rotation_credentials.app.api_key }}\n  }}\n}}\n"
    )
}

/// A rotation that exists, and a workspace that does not manage it.
fn existing() -> (simulator::Simulator, Workspace, String) {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    std::fs::remove_file(workspace.path("terraform.tfstate")).unwrap();
    (simulator, workspace, id)
}

fn key(simulator: &Handle) -> String {
    simulator.secrets()[0].value.expose_secret().to_owned()
}

/// Asserts that a core without ephemeral resources refuses the configuration.
fn assert_refused(workspace: &Workspace) {
    let output = workspace.run(APPLY).failed();
    assert!(output.says("ephemeral"), "{output}");
}

#[test]
fn the_active_key_is_passed_to_a_provisioner_and_written_to_no_file() {
    let (simulator, workspace, id) = existing();
    // The provisioner compares checksums, so that the test itself writes no key.
    let sum = "test \\\"$(printf %s \\\"$KEY\\\" | cksum)\\\" = \\\"$EXPECTED\\\"";
    let expected = std::process::Command::new("sh")
        .args(["-c", "printf %s \"$KEY\" | cksum"])
        .env("KEY", key(&simulator))
        .output()
        .unwrap();
    let expected = String::from_utf8(expected.stdout).unwrap().trim().to_owned();
    workspace.rewrite(
        &with_command(&id, sum).replace("environment = {", &format!("environment = {{ EXPECTED = \"{expected}\", ")),
    );
    if !core().supports(Feature::Ephemeral) {
        return assert_refused(&workspace);
    }
    let mut recording = Recording::new(workspace);
    recording.succeeds(&["plan", "-input=false", "-no-color", "-out=plan.bin"]);
    recording.succeeds(&["apply", "-input=false", "-no-color", "plan.bin"]);
    let handed_out = simulator.secrets_handed_out();
    let hidden: Vec<_> = handed_out
        .iter()
        .map(|secret| HiddenText { what: "a key", text: secret.expose_secret().to_owned() })
        .chain([HiddenText { what: "a part of a key", text: "sim-or-v1-".to_owned() }])
        .collect();
    assert!(hidden.len() > 1, "a key was issued");
    recording.assert_hidden(&hidden);
    assert!(!recording.found(&id).is_empty(), "the search finds other values");
}

#[test]
fn after_a_rotation_the_new_key_is_read() {
    if !core().supports(Feature::Ephemeral) {
        return;
    }
    let (simulator, workspace, id) = existing();
    let before = key(&simulator);
    simulator.rotate(&id).unwrap();
    assert_ne!(key(&simulator), before);
    // The command writes the key to a file, so that the test can compare it.
    workspace.rewrite(&with_command(&id, "printf %s \\\"$KEY\\\" > key.txt"));
    workspace.apply();
    assert_eq!(workspace.read("key.txt"), key(&simulator));
}

/// The other provider and the argument get a value that is accepted only if the key is the right one, since a key cannot be
/// read from either.
#[test]
fn the_key_is_passed_to_another_provider_and_to_a_write_only_argument_and_is_in_no_file() {
    if !core().supports(Feature::Ephemeral) || !core().supports(Feature::WriteOnly) {
        return;
    }
    let (simulator, workspace, id) = existing();
    let workspace = workspace.env("TF_VAR_key", &key(&simulator)).env("TF_VAR_token", simulator.token());
    let is_right = "ephemeral.infisical_openrouter_rotation_credentials.app.api_key == var.key";
    workspace.rewrite(&format!(
        r#"
variable "project_id" {{}}
variable "connection_id" {{}}
variable "key" {{ ephemeral = true }}
variable "token" {{ ephemeral = true }}
provider "infisical" {{}}
ephemeral "infisical_openrouter_rotation_credentials" "app" {{ rotation_id = "{id}" }}
provider "infisical" {{
  alias = "other"
  auth  = {{ token = {is_right} ? var.token : "wrong" }}
}}
resource "infisical_openrouter_connection" "team" {{
  provider           = infisical.other
  name               = "team"
  api_key_wo         = {is_right} ? "sim-provisioning-right" : "wrong"
  api_key_wo_version = 1
}}
"#
    ));
    let key = key(&simulator);
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(made(&simulator).len(), 1);
    assert!(!workspace.read("terraform.tfstate").contains(&key));
    workspace.destroy();
    // With another key, both are refused.
    let workspace = workspace.env("TF_VAR_key", "another");
    let refused = workspace.run(APPLY).failed();
    assert!(refused.says("The access token is wrong or has expired"), "{refused}");
}

/// Infisical reads the keys from a replica of its database, which may lag behind the rotation of the same apply.
#[test]
fn the_keys_of_an_apply_that_replaces_the_key_are_the_new_ones_although_a_replica_lags_behind() {
    if !core().supports(Feature::Ephemeral) {
        return;
    }
    let triggered = |release: &str| {
        let app = rotation(&[("rotation_triggers", &format!("{{ release = \"{release}\" }}"))]);
        let command = with_command("ID", "printf %s \\\"$KEY\\\" > key.txt").replace("provider \"infisical\" {}\n", "");
        let command = command.replace("\"ID\"", "infisical_openrouter_rotation.app.id").replace(
            "resource \"terraform_data\" \"app\" {\n",
            "resource \"terraform_data\" \"app\" {\n  triggers_replace = infisical_openrouter_rotation.app.last_rotated_at\n",
        );
        app + &command
    };
    let (simulator, workspace) = start(&triggered("1"));
    workspace.apply();
    simulator.advance(Duration::from_secs(60));
    simulator.set_read_lag(Duration::from_secs(4));
    let before = key(&simulator);
    workspace.rewrite(&triggered("2"));
    workspace.apply();
    assert_ne!(key(&simulator), before);
    assert_eq!(workspace.read("key.txt"), key(&simulator));
}

#[test]
fn a_rotation_that_does_not_exist_is_reported_at_rotation_id() {
    let (_simulator, workspace, _) = existing();
    workspace.rewrite(&with_command("00000000-0000-4000-8000-000000000000", "true"));
    if !core().supports(Feature::Ephemeral) {
        return assert_refused(&workspace);
    }
    let output = workspace.run(APPLY).failed();
    assert!(output.says("Cannot read the keys of the rotation"), "{output}");
    assert!(output.says("Check rotation_id"), "{output}");
}
