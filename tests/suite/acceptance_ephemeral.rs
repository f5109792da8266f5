//! The ephemeral resource: it returns the active key, which is not stored anywhere.

use secrecy::ExposeSecret as _;
use simulator::Handle;
use xtask::cores::Feature;

use crate::support::connection::made;
use crate::support::cores::core;
use crate::support::recording::{HiddenText, Recording};
use crate::support::rotation::{only_id, rotation, start};
use crate::support::terraform::Workspace;

const PLAN: &[&str] = &["plan", "-input=false", "-no-color"];
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

/// It waits for a minute at most; see `slow_faults`.
#[cfg(target_os = "linux")]
#[test]
fn a_rotation_in_progress_is_waited_for_and_an_interrupt_ends_the_wait() {
    use simulator::Call;

    use crate::support::process::{none_remains, until};
    use crate::support::requests::count;

    if !core().supports(Feature::Ephemeral) {
        return;
    }
    let (simulator, workspace, id) = existing();
    workspace.rewrite(&with_command(&id, "printf %s \\\"$KEY\\\" > key.txt"));
    simulator.begin_rotation(&id).unwrap();
    let waiting = |command| {
        simulator.clear_requests();
        let running = workspace.spawn(command);
        until("two lookups", || count(&simulator, Call::Read) >= 2);
        running
    };
    // While an apply plans, Terraform does not pass on an interrupt, so this is a plan.
    let interrupted = waiting(PLAN);
    interrupted.interrupt_all();
    let interrupted = interrupted.wait().failed();
    assert!(interrupted.says("Terraform was asked to stop"), "{interrupted}");
    none_remains(&workspace);
    let (running, before) = (waiting(APPLY), key(&simulator));
    assert_eq!(count(&simulator, Call::Credentials), 0, "the keys are not read during the rotation");
    simulator.end_rotation(&id).unwrap();
    let output = running.wait().succeeded();
    assert!(output.says("The keys were read after a rotation that was in progress"), "{output}");
    assert_ne!(key(&simulator), before);
    assert_eq!(workspace.read("key.txt"), key(&simulator));
}

/// Called by `slow_faults`, since this takes a minute and does not depend on the core.
pub(crate) fn a_rotation_that_does_not_end_is_an_error_after_a_minute() {
    let (simulator, workspace, id) = existing();
    workspace.rewrite(&with_command(&id, "true"));
    simulator.begin_rotation(&id).unwrap();
    let output = workspace.run(PLAN).failed();
    assert!(output.says("Cannot read the keys of the rotation"), "{output}");
    assert!(output.says("a rotation of the key is in progress, and did not end within 61 s"), "{output}");
    assert!(output.says("Wait until that rotation has ended, then run the same again."), "{output}");
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
