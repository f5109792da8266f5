//! The calls on rotations.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;

use super::*;
use crate::{Call, Denial, clock::stamp};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[test]
fn the_sample_request_creates_a_rotation_a_secret_and_a_key() {
    let mut api = Api::new();
    let made = api.post(R, &sample(json!({}))).rotation();
    let sent = sample(json!({}));
    for key in [
        "name",
        "description",
        "projectId",
        "connectionId",
        "rotationInterval",
        "rotateAtUtc",
        "parameters",
        "secretsMapping",
        "isAutoRotationEnabled",
    ] {
        assert_eq!(made[key], sent[key], "{key}");
    }
    assert_eq!(made["type"], "open-router-api-key");
    assert_eq!(made["activeIndex"], 0);
    assert_eq!(made["folder"]["path"], "/");
    assert_eq!(made["folder"]["id"], made["folderId"]);
    assert_eq!(made["environment"]["slug"], "dev");
    assert_eq!(made["connection"], json!({ "app": "open-router", "name": "openrouter", "id": CONNECTION_ID }));
    assert_eq!(made["isLastRotationManual"], true);
    assert_eq!(api.secret_names(), ["OPEN_ROUTER_API_KEY"]);
    let key = api.state.openrouter.live().next().unwrap().clone();
    assert_eq!(
        (key.name.as_str(), key.limit, key.limit_reset.as_deref()),
        ("my-app-key", Some(100.0), Some("monthly"))
    );
    assert_eq!(
        api.state.projects.secrets[0].value.expose_secret(),
        api.state.openrouter.value(&key.hash).expose_secret()
    );
}

#[test]
fn omitted_fields_get_their_defaults() {
    let mut api = Api::new();
    let bare = sample(json!({
        "description": null, "isAutoRotationEnabled": null, "rotateAtUtc": null,
        "parameters": { "name": "k" }
    }));
    let made = api.post(R, &bare).rotation();
    assert_eq!(made["description"], Value::Null);
    assert_eq!(made["isAutoRotationEnabled"], true);
    assert_eq!(made["rotateAtUtc"], json!({ "hours": 0, "minutes": 0 }));
    assert_eq!(made["parameters"], json!({ "name": "k" }), "parameters are returned as they were sent");
}

#[test]
fn strings_are_trimmed() {
    let mut api = Api::new();
    let made = api
        .post(
            R,
            &sample(json!({
                "name": "  my-rotation ", "description": " text ", "environment": " dev ", "secretPath": " /app// ",
                "parameters": { "name": " K " }, "secretsMapping": { "apiKey": " KEY " }
            })),
        )
        .rotation();
    assert_eq!(made["name"], "my-rotation");
    assert_eq!(made["description"], "text");
    assert_eq!(made["environment"]["slug"], "dev");
    assert_eq!(made["folder"]["path"], "/app", "two slashes at the end are removed");
    assert_eq!(made["parameters"]["name"], "K");
    assert_eq!(made["secretsMapping"]["apiKey"], "KEY");
}

#[test]
fn blank_strings_are_too_short_after_trimming() {
    let mut api = Api::new();
    for (changes, path) in [
        (json!({ "name": "  " }), json!(["name"])),
        (json!({ "secretsMapping": { "apiKey": " " } }), json!(["secretsMapping", "apiKey"])),
    ] {
        let reply = api.post(R, &sample(changes));
        assert_eq!((reply.status, &reply.body["message"][0]["path"]), (422, &path));
        assert_eq!(reply.body["message"][0]["code"], "too_small");
    }
}

#[test]
fn numbers_are_returned_as_javascript_writes_them() {
    let mut api = Api::new();
    for (at, (sent, kept)) in [
        ("1.10", "1.1"),
        ("1e2", "100"),
        ("0.0000001", "1e-7"),
        ("12345678.90123", "12345678.90123"),
        ("1e21", "1e+21"),
    ]
    .into_iter()
    .enumerate()
    {
        let limit: Value = serde_json::from_str(sent).unwrap();
        let made = api
            .post(
                R,
                &sample(json!({
                    "name": format!("n{at}"), "secretsMapping": { "apiKey": format!("K{at}") },
                    "parameters": { "name": "k", "limit": limit }
                })),
            )
            .rotation();
        assert_eq!(made["parameters"]["limit"].to_string(), kept, "sent as {sent}");
    }
}

#[test]
fn a_violation_returns_422_with_a_list_and_creates_nothing() {
    let mut api = Api::new();
    for (changes, path, code) in [
        (json!({ "name": "has_underscore" }), json!(["name"]), "custom"),
        (json!({ "name": "Capital" }), json!(["name"]), "custom"),
        (json!({ "environment": "Dev" }), json!(["environment"]), "custom"),
        (json!({ "secretPath": "/a b" }), json!(["secretPath"]), "custom"),
        (json!({ "secretPath": "/app///" }), json!(["secretPath"]), "custom"),
        (json!({ "environment": "no--slug" }), json!(["environment"]), "custom"),
        (json!({ "secretsMapping": { "apiKey": "a/b" } }), json!(["secretsMapping", "apiKey"]), "custom"),
        (json!({ "rotationInterval": null }), json!(["rotationInterval"]), "invalid_type"),
        (json!({ "connectionId": "openrouter" }), json!(["connectionId"]), "invalid_string"),
        (json!({ "parameters": { "name": "k", "limit": 0 } }), json!(["parameters", "limit"]), "too_small"),
        (
            json!({ "parameters": { "name": "k", "limitReset": "never" } }),
            json!(["parameters", "limitReset"]),
            "invalid_enum_value",
        ),
    ] {
        let reply = api.post(R, &sample(changes));
        assert_eq!(reply.status, 422, "{}", reply.body);
        assert_eq!(reply.body["error"], "ValidationFailure");
        assert_eq!((&reply.body["message"][0]["path"], &reply.body["message"][0]["code"]), (&path, &json!(code)));
    }
    assert_eq!((api.state.rotations.len(), api.live_keys()), (0, 0));
}

#[test]
fn a_name_or_secret_that_already_exists_is_refused_with_the_servers_message_and_no_key_is_issued() {
    let mut api = Api::new();
    api.created(json!({}));
    let message = |reply: Reply| (reply.status, reply.body["message"].as_str().unwrap().to_owned());
    let name = message(api.post(R, &sample(json!({ "secretsMapping": { "apiKey": "OTHER" } }))));
    let words = "A Secret Rotation with the name \"my-openrouter-rotation\" already exists at the secret path \"/\"";
    assert_eq!(name, (400, words.to_owned()));
    let secret = message(api.post(R, &sample(json!({ "name": "other" }))));
    let words = "The following secrets already exist at the path \"/\": OPEN_ROUTER_API_KEY";
    assert_eq!(secret, (400, words.to_owned()));
    assert_eq!(api.state.openrouter.issued(), 1);
    api.created(json!({ "secretPath": "/app" }));
    api.created(json!({ "environment": "prod" }));
    assert_eq!(api.live_keys(), 3, "the same names may exist in other folders and environments");
}

#[test]
fn unknown_projects_and_connections_return_404_and_unknown_folders_400() {
    let mut api = Api::new();
    api.post(R, &sample(json!({ "projectId": "nowhere" }))).refused(404, "Project with nowhere not found");
    let connection = format!("Could not find App Connection with ID {NOBODY}");
    api.post(R, &sample(json!({ "connectionId": NOBODY }))).refused(404, &connection);
    for changes in [json!({ "environment": "qa" }), json!({ "secretPath": "/missing" })] {
        api.post(R, &sample(changes)).refused(400, "Could not find folder with path");
    }
    assert_eq!(api.state.openrouter.issued(), 0);
}

#[test]
fn the_checks_are_made_in_the_servers_order() {
    let mut api = Api::new();
    api.created(json!({}));
    api.state.plan_refused = true;
    api.state.denied.insert(Call::Create, Denial::Permission);
    let mut wrong = sample(json!({ "connectionId": NOBODY, "secretPath": "/missing", "projectId": "nowhere" }));
    api.post(R, &wrong).refused(400, "plan restriction");
    api.state.plan_refused = false;
    api.post(R, &wrong).refused(404, "nowhere");
    wrong["projectId"] = json!(PROJECT_ID);
    api.post(R, &wrong).refused(403, "You are not allowed to create on secret-rotation");
    api.state.denied.clear();
    api.post(R, &wrong).refused(400, "Could not find folder");
    wrong["secretPath"] = json!("/");
    api.post(R, &wrong).refused(404, NOBODY);
    wrong["connectionId"] = json!(CONNECTION_ID);
    api.post(R, &wrong).refused(400, "already exists");
    wrong["name"] = json!("other");
    api.post(R, &wrong).refused(400, "already exist at");
    assert_eq!(api.state.openrouter.issued(), 1);
}

#[test]
fn reading_by_id_requires_a_uuid_and_ignores_its_case() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    let upper = id.to_uppercase();
    assert_eq!(api.get(&format!("{R}/{upper}")).rotation()["id"], json!(id));
    api.get(&format!("{R}/{NOBODY}")).refused(404, NOBODY);
    for wrong in ["my-rotation".to_owned(), id.replace('-', "")] {
        let reply = api.get(&format!("{R}/{wrong}"));
        assert_eq!((reply.status, &reply.body["message"][0]["path"]), (422, &json!(["rotationId"])), "{wrong}");
    }
}

#[test]
fn the_list_contains_all_rotations_of_one_project() {
    let mut api = Api::new();
    let first = api.created(json!({}));
    let second = api.created(json!({ "secretPath": "/app" }));
    let list = api.get(&format!("{R}?projectId={PROJECT_ID}")).ok();
    let ids: Vec<&Value> = list["secretRotations"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&json!(first), &json!(second)]);
    api.state.projects.add_project("other");
    assert_eq!(api.get(&format!("{R}?projectId=other")).ok(), json!({ "secretRotations": [] }));
    api.get(&format!("{R}?projectId=nowhere")).refused(404, "Project with nowhere");
    assert_eq!(api.get(R).body["message"][0]["path"], json!(["projectId"]));
}

#[test]
fn reading_by_name_returns_400_for_an_unknown_folder_and_404_for_an_unknown_name() {
    let mut api = Api::new();
    let id = api.created(json!({ "secretPath": "/app" }));
    let at = |name: &str, path: &str| {
        format!("{R}/rotation-name/{name}?projectId={PROJECT_ID}&environment=dev&secretPath={path}")
    };
    assert_eq!(api.get(&at("my-openrouter-rotation", "%2Fapp%2F")).rotation()["id"], json!(id));
    api.get(&at("other", "/app")).refused(404, "other");
    api.get(&at("my-openrouter-rotation", "/")).refused(404, "my-openrouter-rotation");
    api.get(&at("my-openrouter-rotation", "/missing")).refused(400, "Could not find folder with path");
    let elsewhere = at("my-openrouter-rotation", "/").replace(PROJECT_ID, "nowhere");
    api.get(&elsewhere).refused(400, "Could not find folder with path");
    let bare = api.get(&format!("{R}/rotation-name/x?environment="));
    let codes: Vec<&Value> = bare.body["message"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!((bare.status, codes), (422, vec![&json!("invalid_type"), &json!("too_small"), &json!("invalid_type")]));
}

#[test]
fn a_patch_changes_only_the_given_fields_and_the_schedule() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    let before = api.get(&format!("{R}/{id}")).rotation();
    let after = api.patch(&id, &json!({ "rotationInterval": 7, "description": null })).rotation();
    assert_eq!(after["rotationInterval"], 7);
    assert_eq!(after["description"], Value::Null);
    for key in ["name", "parameters", "secretsMapping", "rotateAtUtc", "activeIndex", "createdAt", "lastRotatedAt"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    assert_ne!(after["nextRotationAt"], before["nextRotationAt"], "the schedule is updated");
    let off = api.patch(&id, &json!({ "isAutoRotationEnabled": false })).rotation();
    assert_eq!(off["nextRotationAt"], Value::Null);
}

#[test]
fn a_patch_replaces_all_parameters_which_the_next_rotation_applies_to_the_key() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    let after = api.patch(&id, &json!({ "parameters": { "name": "new" } })).rotation();
    assert_eq!(after["parameters"], json!({ "name": "new" }));
    assert_eq!(api.state.openrouter.live().next().unwrap().name, "my-app-key");
    api.ask("POST", &format!("{R}/{id}/rotate-secrets"), None).ok();
    let newest = api.state.openrouter.live().last().unwrap();
    assert_eq!((newest.name.as_str(), newest.limit), ("new", None));
}

#[test]
fn undocumented_keys_are_ignored() {
    let mut api = Api::new();
    let more = json!({ "colour": "red", "parameters": { "name": "k", "colour": "red" } });
    let id = api.created(more);
    let before = api.get(&format!("{R}/{id}?colour=red")).rotation();
    assert_eq!(before["parameters"], json!({ "name": "k" }));
    let moved =
        json!({ "connectionId": NOBODY, "environment": "prod", "secretPath": "/app", "projectId": "x", "colour": 1 });
    for change in [moved, json!({}), json!({ "parameters": { "name": "k", "colour": 1 } })] {
        let mut after = api.patch(&id, &change).rotation();
        after["updatedAt"] = before["updatedAt"].clone();
        assert_eq!(after, before);
    }
    api.patch(&id, &json!({ "name": null })).refused(422, "must be string");
    api.patch(NOBODY, &json!({})).refused(404, NOBODY);
}

#[test]
fn a_patch_to_a_name_or_secret_that_already_exists_is_refused() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    api.created(json!({ "name": "other", "secretsMapping": { "apiKey": "OTHER" } }));
    api.patch(&id, &json!({ "name": "other" })).refused(400, "already exists");
    api.patch(&id, &json!({ "name": "Other" })).refused(422, "lower-case");
    api.patch(&id, &json!({ "secretsMapping": { "apiKey": "OTHER" } })).refused(400, "already exist at");
    let same = json!({ "name": "my-openrouter-rotation", "secretsMapping": { "apiKey": "OPEN_ROUTER_API_KEY" } });
    api.patch(&id, &same).ok();
}

#[test]
fn a_changed_mapping_renames_the_secret() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    api.patch(&id, &json!({ "secretsMapping": { "apiKey": "RENAMED" } })).ok();
    assert_eq!(api.secret_names(), ["RENAMED"]);
    api.ask("DELETE", &format!("{R}/{id}?deleteSecrets=true"), None).ok();
    assert!(api.secret_names().is_empty());
}

#[test]
fn delete_keeps_the_secret_and_the_keys_unless_their_flags_are_set() {
    for (query, secrets, keys) in [
        ("", 1, 2),
        ("?deleteSecrets=false&revokeGeneratedCredentials=false", 1, 2),
        ("?deleteSecrets=true", 0, 2),
        ("?revokeGeneratedCredentials=true", 1, 0),
        ("?deleteSecrets=true&revokeGeneratedCredentials=true", 0, 0),
    ] {
        let mut api = Api::new();
        let id = api.created(json!({}));
        api.ask("POST", &format!("{R}/{id}/rotate-secrets"), None).ok();
        let deleted = api.ask("DELETE", &format!("{R}/{id}{query}"), None).rotation();
        assert_eq!(deleted["id"], json!(id));
        assert_eq!((api.secret_names().len(), api.live_keys()), (secrets, keys), "{query}");
        api.ask("DELETE", &format!("{R}/{id}"), None).refused(404, &id);
        let again = api.post(R, &sample(json!({})));
        assert_eq!(again.status, if secrets == 0 { 200 } else { 400 }, "a secret that was kept still exists");
    }
    let mut api = Api::new();
    let id = api.created(json!({}));
    api.ask("DELETE", &format!("{R}/{id}?deleteSecrets=1"), None).refused(422, "true");
    assert_eq!(api.state.rotations.len(), 1);
}

#[test]
fn two_sets_of_credentials_alternate_and_the_key_before_the_last_is_deleted() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    let credentials = |api: &mut Api| api.get(&format!("{R}/{id}/generated-credentials")).ok();
    let first = credentials(&mut api);
    assert_eq!((first["activeIndex"].clone(), first["generatedCredentials"].as_array().unwrap().len()), (json!(0), 1));
    assert_eq!((&first["rotationId"], &first["type"]), (&json!(id), &json!("open-router-api-key")));

    let rotated = api.ask("POST", &format!("{R}/{id}/rotate-secrets"), None).rotation();
    assert_eq!(rotated["activeIndex"], 1);
    let second = credentials(&mut api);
    assert_eq!(second["generatedCredentials"][0], first["generatedCredentials"][0]);
    assert_eq!(api.live_keys(), 2);

    api.ask("POST", &format!("{R}/{id}/rotate-secrets"), None).ok();
    let third = credentials(&mut api);
    assert_eq!(third["activeIndex"], 0);
    assert_eq!(third["generatedCredentials"][1], second["generatedCredentials"][1]);
    assert_ne!(third["generatedCredentials"][0], first["generatedCredentials"][0]);
    let live: Vec<Value> = api.state.openrouter.live().map(|key| json!(key.hash)).collect();
    assert_eq!(live.len(), 2);
    assert!(!live.contains(&first["generatedCredentials"][0]["keyHash"]), "the first key is deleted");
    let active = third["generatedCredentials"][0]["apiKey"].as_str().unwrap();
    assert_eq!(api.state.projects.secrets[0].value.expose_secret(), active);
}

#[test]
fn rotating_is_refused_while_a_rotation_is_in_progress() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    assert!(api.state.begin_rotation(&id));
    api.ask("POST", &format!("{R}/{id}/rotate-secrets"), None).refused(400, "in progress");
    assert_eq!(api.state.openrouter.issued(), 1);
    api.state.clock.advance(Duration::from_secs(60));
    api.ask("POST", &format!("{R}/{id}/rotate-secrets"), None).ok();
    assert_eq!(api.state.openrouter.issued(), 2, "the lock expires after a minute");
}

#[test]
fn rotating_updates_the_dates_of_the_rotation() {
    let mut api = Api::new();
    let id = api.created(json!({ "rotateAtUtc": { "hours": 4, "minutes": 15 } }));
    api.state.clock.advance(Duration::from_secs(86_400));
    let now = stamp(api.state.clock.now());
    let rotated = api.ask("POST", &format!("{R}/{id}/rotate-secrets"), None).rotation();
    for key in ["lastRotatedAt", "lastRotationAttemptedAt", "updatedAt"] {
        assert_eq!(rotated[key].as_str().unwrap()[..10], now[..10], "{key}");
    }
    assert_ne!(rotated["createdAt"].as_str().unwrap()[..10], now[..10]);
    assert!(rotated["nextRotationAt"].as_str().unwrap().ends_with("T04:15:00.000Z"), "{rotated}");
    assert_eq!(rotated["isLastRotationManual"], true);
}

#[test]
fn without_the_paid_plan_every_call_on_rotations_except_delete_is_refused() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    api.state.plan_refused = true;
    for (method, path) in [
        ("GET", format!("{R}?projectId={PROJECT_ID}")),
        ("GET", format!("{R}/{id}")),
        ("GET", format!("{R}/rotation-name/x?projectId={PROJECT_ID}&environment=dev&secretPath=/")),
        ("POST", format!("{R}/{id}/rotate-secrets")),
        ("GET", format!("{R}/{id}/generated-credentials")),
    ] {
        api.ask(method, &path, None).refused(400, "plan restriction");
    }
    api.post(R, &sample(json!({}))).refused(400, "plan restriction");
    api.patch(&id, &json!({})).refused(400, "plan restriction");
    api.get(C).ok();
    api.ask("DELETE", &format!("{R}/{id}?revokeGeneratedCredentials=true"), None).ok();
}

#[test]
fn bodies_must_be_json_with_a_json_content_type() {
    let incoming = |content_type: Option<&str>, body: &str| Incoming {
        method: "POST".into(),
        path: R.into(),
        content_type: content_type.map(Into::into),
        authorization: Some(format!("Bearer {TOKEN}")),
        body: body.to_owned().into(),
        ..Incoming::default()
    };
    let mut api = Api::new();
    let good = sample(json!({})).to_string();
    for (content_type, body) in [
        (Some("text/plain"), good.as_str()),
        (None, good.as_str()),
        (Some("application/json"), ""),
        (Some("application/json"), "{"),
    ] {
        let reply = api.send(incoming(content_type, body));
        assert_eq!(reply.body["error"], "InternalServerError");
        reply.refused(500, "Something went wrong");
    }
    api.send(incoming(Some("application/json"), "[]")).refused(422, "must be object");
    api.send(incoming(None, "")).refused(422, "must be object");
    api.send(incoming(Some("Application/JSON; charset=utf-8"), &good)).ok();
}

#[test]
fn an_empty_body_declared_as_json_is_refused_even_by_calls_without_a_body() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    let reply = api.send(Incoming {
        method: "POST".into(),
        path: format!("{R}/{id}/rotate-secrets"),
        content_type: Some("application/json".into()),
        authorization: Some(format!("Bearer {TOKEN}")),
        ..Incoming::default()
    });
    reply.refused(500, "Something went wrong");
    assert_eq!(api.state.openrouter.issued(), 1);
}

#[test]
fn an_unknown_path_returns_404_without_a_request_id() {
    let mut api = Api::new();
    let reply = api.get("/api/v1/nothing");
    assert_eq!((reply.status, reply.body.get("reqId")), (404, None));
    assert_eq!(reply.body["message"], "Route GET:/api/v1/nothing not found");
    assert_eq!(reply.body["error"], "Not Found");
}
