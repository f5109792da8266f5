//! Create: what goes out, and what of the answer is stored.

use serde_json::{Value, json};
use simulator::{Call, Fault};

use crate::support::rotation::{APP, only, only_id, rotation, start};

/// The request body of the API's own page.
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

/// The sample answer of the API's own page, which lacks most fields that the API's schema requires.
fn sample_answer(name: &str) -> String {
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
fn the_documented_values_make_the_documented_request() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let requests = simulator.requests();
    let [look, create] = requests.as_slice() else { panic!("two requests, not {}", requests.len()) };
    assert_eq!(look.call, Call::ReadByName, "what has the name before");
    assert_eq!((create.method.as_str(), create.call), ("POST", Call::Create));
    assert_eq!(simulator::undocumented_keys(create), Vec::<String>::new());
    let expected = sample_request(simulator.project_id(), simulator.connection_id());
    assert_eq!(create.body.as_ref(), Some(&expected));
    workspace.settled();
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
fn what_is_left_out_has_the_documented_defaults() {
    let left_out = ["description", "auto_rotation_enabled", "rotation_interval", "rotate_at_utc", "on_destroy"];
    let mut changes: Vec<_> = left_out.map(|name| (name, "")).to_vec();
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
    assert_eq!(simulator.live_keys()[0].limit, None, "an absent limit means none");
    workspace.settled();
}

#[test]
fn a_time_of_day_may_name_the_hour_alone() {
    let (simulator, workspace) = start(&rotation(&[("rotate_at_utc", "{ hours = 3 }")]));
    workspace.apply();
    assert_eq!(only(&simulator)["rotateAtUtc"], json!({"hours": 3, "minutes": 0}));
    workspace.settled();
}

#[test]
fn never_goes_out_as_null_and_stays_never() {
    let parameters = r#"{ name = "k", limit = 5, limit_reset = "never" }"#;
    let (simulator, workspace) = start(&rotation(&[("parameters", parameters)]));
    workspace.apply();
    let sent = simulator.requests()[1].body.clone().unwrap();
    assert_eq!(sent.pointer("/parameters/limitReset"), Some(&Value::Null));
    assert_eq!(workspace.state_of(APP)["parameters"]["limit_reset"], "never");
    workspace.settled();
}

#[test]
fn values_that_the_api_trims_stay_as_they_were_written() {
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
    workspace.settled();
    // The other spelling of the same place is no replacement, nor any change.
    workspace.rewrite(&rotation(&[&changes[..], &[("secret_path", r#""/app""#)]].concat()));
    workspace.settled();
}

/// The page's sample answer is all that this API ever says: the create still succeeds, stores the id, and settles.
#[test]
fn the_sample_answer_which_lacks_most_fields_is_enough() {
    let name = "my-open-router-rotation";
    let (simulator, workspace) = start(&rotation(&[("name", &format!("{name:?}"))]));
    for call in [Call::Create, Call::Read, Call::List] {
        simulator.fault(Fault::body(call, 200, sample_answer(name)));
    }
    workspace.apply();
    let state = workspace.state_of(APP);
    assert_eq!(state["id"], "<rotation-id>");
    assert_eq!(state["active_index"], 0);
    assert_eq!(state["folder_id"], Value::Null, "nothing is made up");
    workspace.settled();
}

/// An answer to the create alone is short; the read by id then has the rest.
#[test]
fn fields_that_an_answer_leaves_out_are_read_once_more_by_id() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let full = only(&simulator);
    let short = json!({"secretRotation": {"id": full["id"], "name": full["name"], "activeIndex": 0}}).to_string();
    simulator.fault(Fault::body(Call::Update, 200, short).after_commit());
    simulator.clear_requests();
    workspace.rewrite(&rotation(&[("rotation_interval", "7")]));
    workspace.apply();
    assert_eq!(workspace.state_of(APP)["updated_at"], only(&simulator)["updatedAt"]);
    workspace.settled();
}

#[test]
fn an_answer_that_contradicts_the_plan_names_the_attribute_and_keeps_the_id() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::body(Call::Create, 200, sample_answer("another-name")));
    simulator.fault(Fault::body(Call::Read, 200, sample_answer("another-name")));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Unexpected value of name after the apply"), "{failure}");
    assert!(failure.says(r#"Planned: "my-openrouter-rotation". Returned by the API: "another-name"."#), "{failure}");
    assert!(!failure.says("inconsistent result"), "{failure}");
    assert_eq!(workspace.state_of(APP)["id"], "<rotation-id>");
}

#[test]
fn values_that_another_resource_will_produce_are_planned_and_applied() {
    let changes = [("name", "terraform_data.name.output"), ("rotation_interval", "terraform_data.days.output")];
    let data = r#"
resource "terraform_data" "name" { input = "made-later" }
resource "terraform_data" "days" { input = 9 }
"#;
    let (simulator, workspace) = start(&format!("{}{data}", rotation(&changes)));
    assert!(!workspace.plan().is_empty_plan());
    workspace.apply();
    let made = only(&simulator);
    assert_eq!((&made["name"], &made["rotationInterval"]), (&json!("made-later"), &json!(9)));
    assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
    workspace.settled();
}

#[test]
fn a_provider_whose_host_is_made_by_another_resource_is_planned_without_a_call() {
    let (simulator, workspace) = start(&rotation(&[]));
    let late = rotation(&[])
        .replace("provider \"infisical\" {}", "provider \"infisical\" { host = terraform_data.host.output }");
    let data = format!("resource \"terraform_data\" \"host\" {{ input = {:?} }}\n", simulator.url());
    workspace.rewrite(&format!("{late}{data}"));
    workspace.plan();
    assert!(simulator.requests().is_empty(), "nothing is called before the host is known");
    workspace.apply();
    assert_eq!(simulator.rotations().len(), 1);
    workspace.settled();
}

/// The answer to the create lacks fields, the read lacks others: what either of them says is stored.
#[test]
fn what_the_second_look_knows_is_stored_even_if_it_lacks_something_too() {
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
    workspace.settled();
}

/// The second look is for the rest of our own rotation: another's is no answer.
#[test]
fn a_second_look_that_shows_another_rotation_is_not_taken_over() {
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
