//! A provider whose configuration depends on a resource. No tested core accepts deferrals, so plans succeed without calls.

use simulator::{Call, Simulator};
use xtask::cores::{Feature, Product};

use crate::support::cores::core;
use crate::support::rotation::{APP, only, only_id, rotation, start};
use crate::support::terraform::Workspace;

/// The sample with these changes. The host is an attribute of a resource, and unknown while that resource changes.
fn hosted(url: &str, changes: &[(&str, &str)]) -> String {
    let block = "provider \"infisical\" {\n  host = terraform_data.host.output\n}\n";
    let host = format!("resource \"terraform_data\" \"host\" {{ input = {url:?} }}\n");
    format!("{}{host}", rotation(changes).replace("provider \"infisical\" {}", block))
}

/// A rotation that was applied, and another spelling of the host, with which it becomes unknown in the next plan.
fn applied() -> (Simulator, Workspace, String) {
    let (simulator, workspace) = start("");
    workspace.rewrite(&hosted(simulator.url(), &[("secret_path", r#""/app""#)]));
    workspace.apply();
    workspace.assert_empty_plan();
    simulator.clear_requests();
    let respelled = format!("{}/", simulator.url());
    (simulator, workspace, respelled)
}

#[test]
fn a_rotation_with_an_unknown_host_is_planned_without_calls_and_applied() {
    let (simulator, workspace) = start("");
    workspace.rewrite(&hosted(simulator.url(), &[]));
    let plan = workspace.plan();
    assert!(plan.says("2 to add, 0 to change, 0 to destroy"), "{plan}");
    assert!(simulator.requests().is_empty(), "no call is made before the host is known");
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(simulator.counts().rotations, 1);
    workspace.destroy();
    assert_eq!(simulator.counts().live_keys, 0);
}

#[test]
fn an_existing_rotation_is_neither_refreshed_nor_changed_while_the_host_is_unknown() {
    let (simulator, workspace, respelled) = applied();
    let before = workspace.state_of(APP);
    workspace.rewrite(&hosted(&respelled, &[("secret_path", r#""/app""#)]));
    let plan = workspace.plan();
    assert!(plan.says("0 to add, 1 to change, 0 to destroy"), "only the host changes\n{plan}");
    assert!(simulator.requests().is_empty());
    workspace.apply();
    assert_eq!(workspace.state_of(APP), before);
    workspace.assert_empty_plan();
}

#[test]
fn an_update_is_planned_while_the_host_is_unknown_and_applied_once_it_is_known() {
    let (simulator, workspace, respelled) = applied();
    workspace.rewrite(&hosted(&respelled, &[("secret_path", r#""/app""#), ("description", r#""other""#)]));
    let plan = workspace.plan();
    assert!(plan.says("0 to add, 2 to change, 0 to destroy"), "{plan}");
    assert!(simulator.requests().is_empty());
    workspace.apply();
    assert_eq!(only(&simulator)["description"], "other");
    workspace.assert_empty_plan();
}

#[test]
fn a_replacement_that_could_not_be_checked_during_the_plan_is_checked_before_the_destroy() {
    let (simulator, workspace, respelled) = applied();
    let id = only_id(&simulator);
    workspace.rewrite(&hosted(&respelled, &[("secret_path", r#""/nowhere""#)]));
    let plan = workspace.plan();
    assert!(plan.says("1 to add, 1 to change, 1 to destroy"), "{plan}");
    assert!(simulator.requests().is_empty());
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("The folder /nowhere does not exist"), "{failure}");
    assert!(failure.says("Nothing was destroyed"), "{failure}");
    assert_eq!((only_id(&simulator), simulator.counts().live_keys), (id, 1));
    let respelled = format!("{respelled}/");
    workspace.rewrite(&hosted(&respelled, &[("secret_path", r#""/app/nested""#)]));
    workspace.apply();
    assert_eq!((&only(&simulator)["folder"]["path"], simulator.counts().live_keys), (&"/app/nested".into(), 1));
    workspace.assert_empty_plan();
}

#[test]
fn the_error_for_an_import_while_the_host_is_unknown_contains_a_remedy_that_works() {
    let (simulator, workspace, respelled) = applied();
    let id = only_id(&simulator);
    workspace.run(["state", "rm", APP]).succeeded();
    let import = format!("import {{\n  to = {APP}\n  id = {id:?}\n}}\n");
    workspace.rewrite(&format!("{}{import}", hosted(&respelled, &[("secret_path", r#""/app""#)])));
    let failure = workspace.plan_expecting_failure();
    assert!(failure.says("Import needs a configured provider"), "{failure}");
    assert!(failure.says("Apply those resources first with -target"), "{failure}");
    assert!(simulator.requests().iter().all(|request| request.call != Call::Create));
    workspace.apply_with(&["-target=terraform_data.host"]);
    let imported = workspace.apply();
    assert!(imported.says("1 imported, 0 added, 0 changed, 0 destroyed"), "{imported}");
    workspace.assert_empty_plan();
}

/// OpenTofu refuses to go on without the keys, unless `depends_on` says that they have to wait for the host.
#[test]
fn an_ephemeral_resource_is_opened_once_the_host_is_known() {
    if !core().supports(Feature::Ephemeral) {
        return;
    }
    let (simulator, workspace, respelled) = applied();
    let id = only_id(&simulator);
    let with_key = |depends_on: &str| {
        let blocks = format!(
            "ephemeral \"infisical_openrouter_rotation_credentials\" \"app\" {{\n  rotation_id = \"{id}\"\n{depends_on}}}\n\
             resource \"terraform_data\" \"app\" {{\n  provisioner \"local-exec\" {{\n    command = \"test -n \\\"$KEY\\\"\"\n    \
             environment = {{ KEY = ephemeral.infisical_openrouter_rotation_credentials.app.api_key }}\n  }}\n}}\n"
        );
        format!("{}{blocks}", hosted(&respelled, &[("secret_path", r#""/app""#)]))
    };
    workspace.rewrite(&with_key(""));
    if core().product == Product::OpenTofu {
        let refused = workspace.plan_expecting_failure();
        assert!(refused.says("is not wholly known"), "{refused}");
        workspace.rewrite(&with_key("  depends_on = [terraform_data.host]\n"));
    }
    let plan = workspace.plan();
    assert!(plan.says("1 to add, 1 to change, 0 to destroy"), "{plan}");
    assert!(simulator.requests().is_empty());
    workspace.apply();
    workspace.assert_empty_plan();
}
