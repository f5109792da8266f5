//! Create: what is sent, and what is stored of the response.

use serde_json::{Value, json};
use simulator::{Call, Fault};

use crate::support::rotation::{APP, only, only_id, rotation, start};

/// The sample request in the API reference.
fn sample_request(project_id: &str, connection_id: &str) -> Value {
    json!({
        "name": "my-openrouter-rotation",
        "projectId": project_id,
        "description": "OpenRouter API key rotation",
        "connectionId": connection_id,
        "environment": "dev",
        "secretPath": "/",
        "isAutoRotationEnabled": true,
        "rotationInterval": 30,
        "rotateAtUtc": { "hours": 0, "minutes": 0 },
        "parameters": { "name": "my-app-key", "limit": 100, "limitReset": "monthly", "includeByokInLimit": false },
        "secretsMapping": { "apiKey": "OPEN_ROUTER_API_KEY" }
    })
}

/// The sample response in the API reference, which lacks most fields that the schema there requires.
fn sample_response(name: &str) -> String {
    json!({
        "secretRotation": {
            "id": "<rotation-id>",
            "name": name,
            "description": "OpenRouter API key rotation",
            "secretsMapping": { "apiKey": "OPEN_ROUTER_API_KEY" },
            "isAutoRotationEnabled": true,
            "activeIndex": 0,
            "connectionId": "<open-router-connection-id>",
            "rotationInterval": 30,
            "rotateAtUtc": { "hours": 0, "minutes": 0 },
            "type": "open-router-api-key",
            "parameters": { "name": "my-app-key", "limit": 100, "limitReset": "monthly", "includeByokInLimit": false }
        }
    })
    .to_string()
}

#[test]
fn the_documented_values_lead_to_the_documented_request() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let requests = simulator.requests();
    let [lookup, create] = requests.as_slice() else { panic!("{} requests instead of two", requests.len()) };
    assert_eq!(lookup.call, Call::ReadByName, "whether the name already exists");
    assert_eq!((create.method.as_str(), create.call), ("POST", Call::Create));
    assert_eq!(simulator::undocumented_keys(create), Vec::<String>::new());
    let expected = sample_request(simulator.project_id(), simulator.connection_id());
    assert_eq!(create.body.as_ref(), Some(&expected));
    workspace.assert_empty_plan();
}

#[test]
fn every_computed_attribute_holds_what_the_api_returned() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let (api, state) = (only(&simulator), workspace.state_of(APP));
    for (attribute, field) in [
        ("id", "/id"),
        ("type", "/type"),
        ("folder_id", "/folderId"),
        ("created_at", "/createdAt"),
        ("connection_name", "/connection/name"),
        ("environment_id", "/environment/id"),
        ("environment_name", "/environment/name"),
        ("active_index", "/activeIndex"),
        ("updated_at", "/updatedAt"),
        ("rotation_status", "/rotationStatus"),
        ("last_rotation_attempted_at", "/lastRotationAttemptedAt"),
        ("last_rotated_at", "/lastRotatedAt"),
        ("last_rotation_job_id", "/lastRotationJobId"),
        ("next_rotation_at", "/nextRotationAt"),
        ("last_rotation_message", "/lastRotationMessage"),
        ("is_last_rotation_manual", "/isLastRotationManual"),
    ] {
        let returned = api.pointer(field).unwrap_or(&Value::Null);
        assert_eq!(&state[attribute], returned, "{attribute}");
    }
    for attribute in ["id", "folder_id", "connection_name", "environment_name", "next_rotation_at", "rotation_status"] {
        assert!(state[attribute].is_string(), "{attribute} is {}", state[attribute]);
    }
}

#[test]
fn omitted_attributes_have_the_documented_defaults() {
    let omitted = ["description", "auto_rotation_enabled", "rotation_interval", "rotate_at_utc", "on_destroy"];
    let mut changes: Vec<_> = omitted.map(|name| (name, "")).to_vec();
    changes.push(("parameters", r#"{ name = "k" }"#));
    let (simulator, workspace) = start(&rotation(&changes));
    workspace.apply();
    let state = workspace.state_of(APP);
    assert_eq!(state["auto_rotation_enabled"], true);
    assert_eq!(state["rotation_interval"], 30);
    assert_eq!(state["rotate_at_utc"], json!({"hours": 0, "minutes": 0}));
    assert_eq!(
        state["parameters"],
        json!({"name": "k", "limit": null, "limit_reset": "never", "include_byok_in_limit": false})
    );
    assert_eq!(state["on_destroy"], Value::Null);
    assert_eq!(simulator.live_keys()[0].limit, None, "the key has no limit");
    workspace.assert_empty_plan();
}

#[test]
fn a_time_of_day_may_consist_of_the_hour_alone() {
    let (simulator, workspace) = start(&rotation(&[("rotate_at_utc", "{ hours = 3 }")]));
    workspace.apply();
    assert_eq!(only(&simulator)["rotateAtUtc"], json!({"hours": 3, "minutes": 0}));
    workspace.assert_empty_plan();
}

#[test]
fn a_limit_reset_of_never_is_sent_as_null_and_stored_as_never() {
    let parameters = r#"{ name = "k", limit = 5, limit_reset = "never" }"#;
    let (simulator, workspace) = start(&rotation(&[("parameters", parameters)]));
    workspace.apply();
    let sent = simulator.requests()[1].body.clone().unwrap();
    assert_eq!(sent.pointer("/parameters/limitReset"), Some(&Value::Null));
    assert_eq!(workspace.state_of(APP)["parameters"]["limit_reset"], "never");
    workspace.assert_empty_plan();
}

#[test]
fn values_that_the_api_normalizes_are_stored_as_they_were_written() {
    let changes = [
        ("description", r#""  padded  ""#),
        ("secret_path", r#""/app/""#),
        ("connection_id", "upper(var.connection_id)"),
        ("secrets_mapping", r#"{ api_key = " KEY " }"#),
    ];
    let (simulator, workspace) = start(&rotation(&changes));
    workspace.apply();
    let state = workspace.state_of(APP);
    assert_eq!(state["description"], "  padded  ");
    assert_eq!(state["secret_path"], "/app/");
    assert_eq!(only(&simulator)["folder"]["path"], "/app");
    workspace.assert_empty_plan();
    // Another spelling of the same path is not a change.
    workspace.rewrite(&rotation(&[&changes[..], &[("secret_path", r#""/app""#)]].concat()));
    workspace.assert_empty_plan();
}

#[test]
fn the_documented_sample_response_which_lacks_most_fields_is_accepted() {
    let name = "my-open-router-rotation";
    let (simulator, workspace) = start(&rotation(&[("name", &format!("{name:?}"))]));
    for call in [Call::Create, Call::Read, Call::List] {
        simulator.fault(Fault::body(call, 200, sample_response(name)));
    }
    workspace.apply();
    let state = workspace.state_of(APP);
    assert_eq!(state["id"], "<rotation-id>");
    assert_eq!(state["active_index"], 0);
    assert_eq!(state["folder_id"], Value::Null, "missing values are null");
    workspace.assert_empty_plan();
}

#[test]
fn fields_that_are_missing_in_a_response_are_read_by_id() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let full = only(&simulator);
    let short = json!({"secretRotation": {"id": full["id"], "name": full["name"], "activeIndex": 0}}).to_string();
    simulator.fault(Fault::body(Call::Update, 200, short).after_commit());
    simulator.clear_requests();
    workspace.rewrite(&rotation(&[("rotation_interval", "7")]));
    workspace.apply();
    assert_eq!(workspace.state_of(APP)["updated_at"], only(&simulator)["updatedAt"]);
    workspace.assert_empty_plan();
}

#[test]
fn the_error_for_a_response_that_contradicts_the_plan_names_the_attribute_and_the_id_is_kept() {
    let (simulator, workspace) = start(&rotation(&[]));
    let other = sample_response("my-openrouter-rotation").replace("OpenRouter API key rotation", "Another one");
    simulator.fault(Fault::body(Call::Create, 200, other.clone()));
    simulator.fault(Fault::body(Call::Read, 200, other));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Unexpected value of description after the apply"), "{failure}");
    let words = r#"Planned: "OpenRouter API key rotation". Returned by the API: "Another one"."#;
    assert!(failure.says(words), "{failure}");
    assert!(!failure.says("inconsistent result"), "{failure}");
    assert_eq!(workspace.state_of(APP)["id"], "<rotation-id>");
}

#[test]
fn values_of_another_resource_that_are_unknown_during_the_plan_are_applied() {
    let changes = [("name", "terraform_data.name.output"), ("rotation_interval", "terraform_data.days.output")];
    let data = r#"
resource "terraform_data" "name" { input = "created-later" }
resource "terraform_data" "days" { input = 9 }
"#;
    let (simulator, workspace) = start(&format!("{}{data}", rotation(&changes)));
    assert!(!workspace.plan().is_empty_plan());
    workspace.apply();
    let created = only(&simulator);
    assert_eq!((&created["name"], &created["rotationInterval"]), (&json!("created-later"), &json!(9)));
    assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
    workspace.assert_empty_plan();
}

#[test]
fn a_plan_makes_no_call_while_the_host_is_unknown() {
    let (simulator, workspace) = start(&rotation(&[]));
    let late = rotation(&[])
        .replace("provider \"infisical\" {}", "provider \"infisical\" { host = terraform_data.host.output }");
    let data = format!("resource \"terraform_data\" \"host\" {{ input = {:?} }}\n", simulator.url());
    workspace.rewrite(&format!("{late}{data}"));
    workspace.plan();
    assert!(simulator.requests().is_empty(), "no call is made before the host is known");
    workspace.apply();
    assert_eq!(simulator.rotations().len(), 1);
    workspace.assert_empty_plan();
}

#[test]
fn fields_of_the_additional_read_are_stored_even_if_it_lacks_others() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let mut read = only(&simulator);
    workspace.destroy();
    let short = json!({"secretRotation": {"id": read["id"], "name": read["name"]}}).to_string();
    read.as_object_mut().unwrap().remove("lastRotationAttemptedAt");
    simulator.fault(Fault::body(Call::Create, 200, short));
    simulator.fault(Fault::body(Call::Read, 200, json!({"secretRotation": read}).to_string()));
    workspace.apply();
    let state = workspace.state_of(APP);
    assert_eq!(state["folder_id"], read["folderId"]);
    assert_eq!(state["last_rotation_attempted_at"], Value::Null);
    workspace.assert_empty_plan();
}

#[test]
fn an_additional_read_that_returns_another_rotation_is_ignored() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let mut other = only(&simulator);
    let own = other["id"].clone();
    workspace.destroy();
    other["id"] = json!("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f");
    let short = json!({"secretRotation": {"id": own, "name": other["name"]}}).to_string();
    simulator.fault(Fault::body(Call::Create, 200, short));
    simulator.fault(Fault::body(Call::Read, 200, json!({"secretRotation": other}).to_string()));
    workspace.apply();
    let state = workspace.state_of(APP);
    assert_eq!((&state["id"], &state["folder_id"]), (&own, &Value::Null));
}
