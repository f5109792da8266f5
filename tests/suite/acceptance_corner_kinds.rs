//! The ephemeral resource and the action of tfplug's example `corner`, on the cores that have them.

use xtask::cores::Feature;

use crate::support::cores::core;
use crate::support::corner::{rewrite, workspace};

/// The resource takes longer than the token of the ephemeral resource lasts. Of the other one, it compares the result with the
/// configuration.
#[cfg(unix)]
#[test]
fn ephemeral_resources_are_opened_once_known_then_renewed_and_closed() {
    if !core().supports(Feature::Ephemeral) {
        return;
    }
    let configuration = r#"
resource "terraform_data" "name" { input = "John" }
ephemeral "framework_lifecycle" "token" { name = terraform_data.name.output }
ephemeral "framework_schema" "all" {
  dynamic_attribute = [true]
  set_attribute     = ["b", "a"]
  list_nested_block { list_nested_block_attribute = "c" }
  single_nested_block_with_dynamic { dynamic_attribute = 1.5 }
}
locals {
  all   = ephemeral.framework_schema.all
  given = [local.all.dynamic_attribute, local.all.set_attribute, local.all.list_nested_block, local.all.set_nested_block,
           local.all.single_nested_block, local.all.single_nested_block_with_dynamic, local.all.string_attribute]
}
resource "terraform_data" "slow" {
  depends_on = [ephemeral.framework_lifecycle.token]
  provisioner "local-exec" {
    command     = "test \"$GIVEN\" = \"$EXPECTED\" && sleep 3"
    environment = { GIVEN = jsonencode(local.given), EXPECTED = jsonencode([
      [true], ["a", "b"], [{ list_nested_block_attribute = "c" }], [], null, { dynamic_attribute = 1.5 }, null]) }
  }
}
"#;
    let tf = workspace(configuration).env("FRAMEWORK_RENEWED_EVERY", "1");
    let calls = tf.path(".framework/lifecycle.calls");
    tf.plan();
    assert!(!calls.exists(), "its name is not known in the plan");
    tf.apply();
    let calls = std::fs::read_to_string(calls).unwrap();
    let calls: Vec<_> = calls.lines().collect();
    let [opened, renewed @ .., closed] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((*opened, *closed), ("open John", "close John"), "{calls:?}");
    assert!(!renewed.is_empty() && renewed.iter().all(|call| *call == "renew John"), "{calls:?}");
}

#[test]
fn an_action_runs_with_its_trigger_and_can_refuse_the_plan() {
    if !core().supports(Feature::Actions) {
        return;
    }
    let configuration = |input: &str, content: &str, more: &str| {
        format!(
            r#"
resource "terraform_data" "it" {{
  input = "{input}"
  lifecycle {{
    action_trigger {{
      events  = [before_create, after_update]
      actions = [action.framework_modify_file_action.file]
    }}
  }}
}}
action "framework_modify_file_action" "file" {{
  config {{
    filename = "written"
    content  = "{content}"
    {more}
  }}
}}
"#
        )
    };
    let tf = workspace(&configuration("a", "first", ""));
    let output = tf.apply();
    assert!(output.says("Writing written"), "{output}");
    assert_eq!(tf.read("written"), "first");
    rewrite(&tf, &configuration("a", "second", ""));
    tf.assert_empty_plan();
    rewrite(&tf, &configuration("b", "second", "plan_error = true"));
    let output = tf.plan_expecting_failure();
    assert!(output.says("ModifyPlan error"), "{output}");
    rewrite(&tf, &configuration("b", "second", ""));
    tf.apply();
    assert_eq!(tf.read("written"), "second");
}
