//! What a plan shows: each change and nothing else, and no replacement that cannot succeed.

use serde_json::{Value, json};
use simulator::{Call, Fault};

use crate::support::requests::count;
use crate::support::rotation::{APP, counts, only, only_id, rotation, start, with_limits};

/// The attributes that a plan shows as known after apply.
fn unknown(plan: &Value) -> Vec<String> {
    let unknown = plan["resource_changes"][0]["change"]["after_unknown"].as_object().unwrap();
    unknown.iter().filter(|(_, value)| **value == json!(true)).map(|(name, _)| name.clone()).collect()
}

/// The attributes whose values before and after the change differ.
fn changed(plan: &Value) -> Vec<String> {
    let change = &plan["resource_changes"][0]["change"];
    let (before, after) = (&change["before"], &change["after"]);
    let names = before.as_object().unwrap().keys();
    names.filter(|name| before[name.as_str()] != after[name.as_str()]).cloned().collect()
}

#[test]
fn an_update_shows_as_unknown_only_the_attributes_that_it_can_change() {
    let (_simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
    workspace.apply();
    let key = [
        "active_index",
        "is_last_rotation_manual",
        "last_rotated_at",
        "last_rotation_attempted_at",
        "last_rotation_job_id",
        "last_rotation_message",
        "next_rotation_at",
        "rotation_status",
        "updated_at",
    ];
    let schedule = ["next_rotation_at", "updated_at"];
    for (change, expected) in [
        (("description", r#""other""#), ["updated_at"].as_slice()),
        (("name", r#""renamed""#), &["updated_at"]),
        (("parameters", r#"{ name = "k" }"#), &["updated_at"]),
        (("rotation_interval", "7"), &schedule),
        (("rotate_at_utc", "{ hours = 3 }"), &schedule),
        (("auto_rotation_enabled", "false"), &schedule),
        (("rotation_triggers", r#"{ release = "2" }"#), &key),
        (("on_destroy", "{ delete_secrets = false }"), &[]),
    ] {
        workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#), change]));
        assert_eq!(unknown(&workspace.plan_json()), expected, "{change:?}");
        workspace.apply();
        workspace.assert_empty_plan();
        workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
        workspace.apply();
        workspace.assert_empty_plan();
    }
}

#[test]
fn an_update_of_the_description_shows_two_changed_lines() {
    let (_simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("description", r#""other""#)]));
    let plan = workspace.plan();
    let marked = plan.stdout.lines().filter(|line| line.trim_start().starts_with("~ ") && line.contains(" = "));
    let marked: Vec<_> = marked.map(|line| line.split_whitespace().nth(1).unwrap_or_default()).collect();
    assert_eq!(marked, ["description", "updated_at"], "{plan}");
    assert_eq!(changed(&workspace.plan_json()), ["description", "updated_at"]);
}

/// The newer values are stored by the next refresh.
#[test]
fn an_update_stores_the_planned_values_although_the_key_was_replaced_in_the_meantime() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("description", r#""other""#)]));
    workspace.run(["plan", "-input=false", "-out=saved"]).succeeded();
    simulator.rotate(&only_id(&simulator)).unwrap();
    workspace.run(["apply", "-input=false", "saved"]).succeeded();
    assert_eq!(workspace.state_of(APP)["active_index"], 0, "as planned");
    workspace.assert_empty_plan();
    workspace.run(["apply", "-refresh-only", "-auto-approve", "-input=false"]).succeeded();
    assert_eq!(workspace.state_of(APP)["active_index"], 1);
}

#[test]
fn an_update_succeeds_with_computed_attributes_in_ignore_changes() {
    let ignoring = |changes: &[(&str, &str)]| {
        let ignored = "{\n ignore_changes = [updated_at, active_index, rotation_status]\n}";
        rotation(changes).replacen(
            "resource \"infisical_openrouter_rotation\" \"app\" {",
            &format!("resource \"infisical_openrouter_rotation\" \"app\" {{\n  lifecycle {ignored}"),
            1,
        )
    };
    let (simulator, workspace) = start(&ignoring(&[]));
    workspace.apply();
    workspace.rewrite(&ignoring(&[("rotation_interval", "7")]));
    workspace.apply();
    assert_eq!(only(&simulator)["rotationInterval"], 7);
    workspace.assert_empty_plan();
}

#[test]
fn computed_numbers_lead_to_an_empty_plan() {
    let limits = ["pow(1.1, 2)", "log(1000, 10)", "1/3", "0.1 + 0.2", "1e-7", "123456789012345678901234567890", "3.0"];
    let (_simulator, workspace) = start(&with_limits(&limits));
    workspace.apply();
    workspace.assert_empty_plan();
    let days = rotation(&[("rotation_interval", "log(1000, 10) * 10"), ("name", r#""computed""#), ("count", "1")]);
    workspace.rewrite(&days.replace("* 10", "+ 27"));
    let plan = workspace.plan_expecting_failure();
    assert!(plan.says("rotation_interval"), "29.999999999999996 is not a whole number\n{plan}");
}

#[test]
fn an_imported_state_equals_a_created_one() {
    let minimal = [
        ("description", ""),
        ("auto_rotation_enabled", ""),
        ("rotation_interval", ""),
        ("rotate_at_utc", ""),
        ("parameters", r#"{ name = "k" }"#),
        ("on_destroy", ""),
    ];
    for changes in [minimal.as_slice(), &[]] {
        let (simulator, workspace) = start(&rotation(changes));
        workspace.apply();
        let created = workspace.state_of(APP);
        workspace.run(["state", "rm", APP]).succeeded();
        workspace.import(APP, &only_id(&simulator));
        assert_eq!(workspace.state_of(APP), created);
        workspace.assert_empty_plan();
    }
}

/// They do not rotate the key.
#[test]
fn the_first_triggers_after_an_import_show_no_other_change() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    workspace.run(["state", "rm", APP]).succeeded();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
    workspace.import(APP, &id);
    assert_eq!(unknown(&workspace.plan_json()), Vec::<String>::new());
    assert_eq!(changed(&workspace.plan_json()), ["rotation_triggers"]);
    workspace.apply();
    assert_eq!(simulator.issued_keys(), 1);
    workspace.assert_empty_plan();
}

/// The folder was renamed in the console, so the configuration would move the rotation to a folder that no longer exists.
#[test]
fn a_replacement_into_a_folder_that_does_not_exist_destroys_nothing() {
    let (simulator, workspace) = start(&rotation(&[("secret_path", r#""/app""#)]));
    workspace.apply();
    simulator.rename_folder(simulator.project_id(), "dev", "/app", "/application").unwrap();
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("secret_path"), "{failure}");
    assert!(failure.says("does not exist"), "{failure}");
    assert_eq!(simulator.counts(), counts(1, 1, 1));
    workspace.rewrite(&rotation(&[("secret_path", r#""/application""#)]));
    workspace.assert_empty_plan();
}

#[test]
fn a_replacement_with_a_connection_that_does_not_exist_destroys_nothing() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("connection_id", r#""3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f""#)]));
    let failure = workspace.plan_expecting_failure();
    assert!(failure.says("connection_id"), "{failure}");
    assert_eq!(simulator.counts().live_keys, 1);
}

#[test]
fn each_refresh_warns_of_a_failed_last_rotation() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator
        .edit(&only_id(&simulator), |rotation| {
            rotation.rotation_status = "failed".into();
            rotation.last_rotation_message = Some("Failed to create OpenRouter API key: Insufficient credits".into());
        })
        .unwrap();
    let plan = workspace.plan();
    assert!(plan.is_empty_plan(), "{plan}");
    assert!(plan.says("Warning: ") && plan.says("Insufficient credits"), "{plan}");
}

#[test]
fn rotations_are_read_by_id_when_the_list_always_fails() {
    for fault in [Fault::status(Call::List, 500), Fault::html(Call::List, 502), Fault::body(Call::List, 200, "{}")] {
        let (simulator, workspace) = start(&crate::support::rotation::rotations(4));
        workspace.apply();
        simulator.fault(fault.clone());
        simulator.clear_requests();
        workspace.assert_empty_plan();
        let lists = count(&simulator, Call::List);
        assert!(lists <= 2, "{lists} lists, with {fault:?}");
        workspace.destroy();
        assert_eq!(simulator.counts().live_keys, 0);
    }
}
