//! Update, replacement, drift and import, each followed by an empty plan.

use serde_json::{Value, json};
use simulator::{Call, Fault};

use crate::support::cores::core;
use crate::support::requests::{bodies, count};
use crate::support::rotation::{APP, counts, only, only_id, rotation, start, with_limits};

#[test]
fn decimal_limits_in_every_format_lead_to_an_empty_plan() {
    let limits = ["0.000001", "12.34", "1.10", "1e2", "12345678.90123", "0.1", "100"];
    let (simulator, workspace) = start(&with_limits(&limits));
    workspace.apply();
    workspace.assert_empty_plan();
    let sent = bodies(&simulator, Call::Create);
    for limit in limits {
        let expected: f64 = limit.parse().unwrap();
        let found = sent.iter().any(|body| body.pointer("/parameters/limit").and_then(Value::as_f64) == Some(expected));
        assert!(found, "{limit} was sent");
    }
}

#[test]
fn an_update_sends_only_what_changed() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let before = workspace.state_of(APP);
    for (change, expected) in [
        (("rotation_interval", "7"), json!({"rotationInterval": 7})),
        (("auto_rotation_enabled", "false"), json!({"isAutoRotationEnabled": false})),
        (("description", r#""other""#), json!({"description": "other"})),
        (("name", r#""renamed""#), json!({"name": "renamed"})),
        (("rotate_at_utc", "{ minutes = 5 }"), json!({"rotateAtUtc": {"hours": 0, "minutes": 5}})),
        (("secrets_mapping", r#"{ api_key = "OTHER" }"#), json!({"secretsMapping": {"apiKey": "OTHER"}})),
        (
            ("parameters", r#"{ name = "k", limit = 0.5 }"#),
            json!({"parameters": {"name": "k", "limit": 0.5, "limitReset": null, "includeByokInLimit": false}}),
        ),
    ] {
        workspace.rewrite(&rotation(&[]));
        workspace.apply();
        simulator.clear_requests();
        workspace.rewrite(&rotation(&[change]));
        workspace.apply();
        assert_eq!(bodies(&simulator, Call::Update), [expected], "{change:?}");
        workspace.assert_empty_plan();
    }
    let after = workspace.state_of(APP);
    for attribute in ["id", "type", "folder_id", "created_at"] {
        assert_eq!(after[attribute], before[attribute], "{attribute}");
    }
}

#[test]
fn a_description_that_is_removed_is_cleared() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("description", "")]));
    workspace.apply();
    assert_eq!(bodies(&simulator, Call::Update), [json!({"description": null})]);
    assert_eq!(workspace.state_of(APP)["description"], Value::Null);
    workspace.assert_empty_plan();
}

#[test]
fn a_change_of_environment_path_or_connection_replaces_the_rotation() {
    let (simulator, workspace) = start(&rotation(&[]));
    let connection = format!("\"{}\"", simulator.add_connection("second"));
    for change in
        [("environment", r#""staging""#), ("secret_path", r#""/app""#), ("connection_id", connection.as_str())]
    {
        workspace.rewrite(&rotation(&[]));
        workspace.apply();
        let before = only_id(&simulator);
        workspace.rewrite(&rotation(&[change]));
        workspace.apply();
        assert_ne!(only_id(&simulator), before, "{change:?}");
        assert_eq!(simulator.counts(), counts(1, 1, 1), "{change:?}");
        workspace.assert_empty_plan();
    }
}

#[test]
fn a_change_in_the_console_is_planned_and_reverted() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    simulator
        .edit(&id, |rotation| {
            rotation.name = "edited".into();
            rotation.description = None;
            rotation.rotation_interval = 90.0;
        })
        .unwrap();
    let plan = workspace.plan();
    assert!(plan.says(r#""edited" -> "my-openrouter-rotation""#) && plan.says("90 -> 30"), "{plan}");
    workspace.apply();
    assert_eq!(only(&simulator)["name"], "my-openrouter-rotation");
    assert_eq!(only(&simulator)["description"], "OpenRouter API key rotation");
    workspace.assert_empty_plan();
}

#[test]
fn a_scheduled_rotation_causes_no_planned_change() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    simulator.rotate(&id).unwrap();
    workspace.assert_empty_plan();
    workspace.apply();
    assert_eq!(workspace.state_of(APP)["active_index"], 1);
}

#[test]
fn a_rotation_deleted_in_the_console_is_planned_to_be_created() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.forget(&only_id(&simulator)).unwrap();
    let plan = workspace.plan();
    assert!(plan.says("1 to add, 0 to change, 0 to destroy"), "{plan}");
    assert!(plan.says("its keys are still live at OpenRouter"), "{plan}");
    workspace.apply();
    assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
    workspace.assert_empty_plan();
}

#[test]
fn only_a_404_of_the_api_itself_removes_a_rotation_from_the_state() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    for fault in [
        Fault::html(Call::Read, 404),
        Fault::html(Call::Read, 200),
        Fault::body(Call::Read, 200, "{}"),
        Fault::status(Call::Read, 403),
    ] {
        simulator.fault(fault);
        let failure = workspace.plan_expecting_failure();
        assert!(failure.says("Cannot read the rotation"), "{failure}");
        simulator.clear_faults();
        assert_eq!(workspace.state_of(APP)["id"], id.as_str());
    }
    workspace.assert_empty_plan();
}

#[test]
fn the_key_is_rotated_only_when_the_triggers_change() {
    let (simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
    workspace.apply();
    let rotations = || count(&simulator, Call::Rotate);
    assert_eq!(rotations(), 0, "a new key needs no rotation");
    workspace.assert_empty_plan();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "2" }"#), ("rotation_interval", "7")]));
    workspace.apply();
    assert_eq!(rotations(), 1);
    let state = workspace.state_of(APP);
    assert_eq!((&state["active_index"], &state["rotation_interval"]), (&json!(1), &json!(7)));
    workspace.assert_empty_plan();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "2" }"#), ("rotation_interval", "8")]));
    workspace.apply();
    assert_eq!(rotations(), 1, "an update without a new trigger rotates nothing");
}

/// The PATCH succeeds and the rotation fails, which the state reflects.
#[test]
fn an_update_that_partially_fails_is_completed_by_the_next_apply() {
    let (simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
    workspace.apply();
    simulator.fault(Fault::status(Call::Rotate, 403));
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "2" }"#), ("rotation_interval", "7")]));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Cannot rotate the key"), "{failure}");
    let state = workspace.state_of(APP);
    assert_eq!((&state["rotation_interval"], &state["rotation_triggers"]), (&json!(7), &json!({"release": "1"})));
    simulator.clear_faults();
    simulator.clear_requests();
    workspace.apply();
    assert!(bodies(&simulator, Call::Update).is_empty(), "the PATCH is not sent again");
    assert_eq!(only(&simulator)["activeIndex"], 1);
    workspace.assert_empty_plan();
}

#[test]
fn a_change_of_on_destroy_only_updates_the_state() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("on_destroy", "{ delete_secrets = false }")]));
    simulator.clear_requests();
    workspace.apply();
    let calls: Vec<_> = simulator.requests().iter().map(|request| request.call).collect();
    assert!(calls.iter().all(|call| matches!(call, Call::Read | Call::List)), "{calls:?}");
    assert_eq!(
        workspace.state_of(APP)["on_destroy"],
        json!({"delete_secrets": false, "revoke_generated_credentials": true})
    );
    workspace.assert_empty_plan();
}

#[test]
fn after_an_import_by_either_id_the_plan_of_the_matching_configuration_is_empty() {
    for composite in [false, true] {
        for reset in ["", r#", limit_reset = "never""#] {
            let parameters = format!("{{ name = \"k\", limit = 12.34{reset} }}");
            let configuration = rotation(&[("parameters", &parameters), ("secret_path", r#""/app/""#)]);
            let (simulator, workspace) = start(&configuration);
            workspace.apply();
            let created = workspace.state_of(APP);
            let id = match composite {
                true => format!("{},dev,/app,my-openrouter-rotation", simulator.project_id()),
                false => only_id(&simulator),
            };
            workspace.run(["state", "rm", APP]).succeeded();
            workspace.import(APP, &id);
            assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
            let plan = workspace.plan();
            assert!(plan.is_empty_plan(), "import of {id}\n{plan}");
            assert_eq!(workspace.state_of(APP)["parameters"], created["parameters"], "import of {id}");
            if composite {
                workspace.rewrite(
                    &format!("{configuration}\n").replace("on_destroy = null", r#"rotation_triggers = { a = "1" }"#),
                );
                let plan = workspace.plan();
                assert!(plan.says("The triggers are recorded and do not replace the key"), "{plan}");
            }
        }
    }
}

#[test]
fn the_error_of_a_failed_import_explains_the_cause() {
    let (simulator, workspace) = start(&rotation(&[]));
    let project = simulator.project_id();
    for (id, words) in [
        ("nonsense", "Allowed: the rotation's id (a UUID), or <project_id>,<environment>,<secret_path>,<name>."),
        ("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f", "Cannot import non-existent remote object"),
        (&format!("{project},dev,/,nobody"), "Cannot find the rotation to import"),
        (&format!("{project},dev,/nowhere,nobody"), "Cannot find the rotation to import"),
    ] {
        let failure = workspace.import_expecting_failure(APP, id);
        assert!(failure.says(words), "{id}: {failure}");
    }
}

/// The first triggers after an import are only recorded, since the previous ones are unknown.
#[test]
fn the_first_triggers_after_an_import_do_not_rotate_the_key() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    workspace.run(["state", "rm", APP]).succeeded();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
    workspace.import(APP, &id);
    workspace.apply();
    assert_eq!(only(&simulator)["activeIndex"], 0);
    workspace.assert_empty_plan();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "2" }"#)]));
    workspace.apply();
    assert_eq!(only(&simulator)["activeIndex"], 1);
}

#[test]
fn the_configuration_for_an_import_block_can_be_generated() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    workspace.run(["state", "rm", APP]).succeeded();
    let import = format!("{}\nimport {{\n  to = {APP}\n  id = {id:?}\n}}\n", rotation(&[]));
    let (head, tail) = (import.split("resource ").next().unwrap(), import.split("\nimport").nth(1).unwrap());
    workspace.rewrite(&format!("{head}\nimport{tail}"));
    workspace.run(["plan", "-input=false", "-no-color", "-generate-config-out=generated.tf"]).succeeded();
    let generated = workspace.read("generated.tf");
    assert!(generated.contains("my-openrouter-rotation"), "{generated}");
    let applied = workspace.apply();
    assert!(applied.says("1 imported, 0 added, 0 changed, 0 destroyed"), "{applied}");
    workspace.assert_empty_plan();
}

#[test]
fn an_import_by_identity_works_exactly_with_the_cores_that_support_identities() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    workspace.run(["state", "rm", APP]).succeeded();
    workspace.rewrite(&format!("{}\nimport {{\n  to = {APP}\n  identity = {{ id = {id:?} }}\n}}\n", rotation(&[])));
    if !core().supports(xtask::cores::Feature::Identity) {
        let refused = workspace.plan_expecting_failure();
        assert!(refused.says("identity"), "{refused}");
        return;
    }
    let good = workspace.read("main.tf");
    workspace.write("main.tf", &good.replace(&id, "nonsense"));
    let refused = workspace.plan_expecting_failure();
    assert!(refused.says(r#"Given: "nonsense". Allowed: the rotation's id, a UUID."#), "{refused}");
    workspace.write("main.tf", &good);
    let applied = workspace.apply();
    assert!(applied.says("1 imported, 0 added, 0 changed, 0 destroyed"), "{applied}");
    workspace.assert_empty_plan();
}

/// A gateway may send a wrong response, which must not replace the rotation in the state.
#[test]
fn an_update_whose_response_has_another_rotation_keeps_the_id_and_rotates_once() {
    let (simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
    workspace.apply();
    let own = only_id(&simulator);
    let mut other = only(&simulator);
    other["id"] = json!("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f");
    other["rotationInterval"] = json!(7);
    let body = json!({"secretRotation": other}).to_string();
    simulator.fault(Fault::body(Call::Update, 200, body).after_commit());
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "2" }"#), ("rotation_interval", "7")]));
    workspace.apply();
    assert_eq!(workspace.state_of(APP)["id"], own.as_str());
    assert_eq!(count(&simulator, Call::Update), 1, "a read showed that the change was made");
    assert_eq!(count(&simulator, Call::Rotate), 1);
    workspace.assert_empty_plan();
}

#[test]
fn an_import_by_an_id_in_upper_case_finds_the_rotation() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    workspace.run(["state", "rm", APP]).succeeded();
    workspace.import(APP, &id.to_uppercase());
    assert_eq!(workspace.state_of(APP)["id"], id.as_str());
    workspace.assert_empty_plan();
}

#[test]
fn a_rotation_and_a_delete_whose_responses_have_another_rotation_are_not_repeated_blindly() {
    let (simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ release = "1" }"#)]));
    workspace.apply();
    let mut other = only(&simulator);
    other["id"] = json!("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f");
    let body = json!({"secretRotation": other}).to_string();
    simulator.fault(Fault::body(Call::Rotate, 200, body.clone()).after_commit());
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ release = "2" }"#)]));
    workspace.apply();
    assert_eq!(count(&simulator, Call::Rotate), 1, "a read showed that the key was rotated");
    workspace.assert_empty_plan();
    simulator.fault(Fault::body(Call::Delete, 200, body));
    let failure = workspace.destroy_expecting_failure();
    assert!(failure.says("it is about another object than the requested one"), "{failure}");
    assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
    simulator.clear_faults();
    workspace.destroy();
    assert_eq!(simulator.counts(), counts(0, 0, 0));
}

/// Only the console can set such an interval.
#[test]
fn an_interval_with_a_fraction_is_planned_as_drift() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.edit(&only_id(&simulator), |rotation| rotation.rotation_interval = 1.5).unwrap();
    let plan = workspace.plan();
    assert!(plan.says("1.5 -> 30"), "{plan}");
    workspace.apply();
    assert_eq!(only(&simulator)["rotationInterval"], 30);
    workspace.assert_empty_plan();
}

#[test]
fn an_empty_map_of_triggers_rotates_nothing() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("rotation_triggers", "{}")]));
    workspace.apply();
    assert_eq!(only(&simulator)["activeIndex"], 0);
    workspace.assert_empty_plan();
}
