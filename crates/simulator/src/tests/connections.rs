//! The calls on connections.

use serde_json::json;

use super::*;

fn new(changes: Value) -> Value {
    let mut body = json!({
        "name": "second", "method": "api-key", "credentials": { "apiKey": "sim-provisioning-key" }
    });
    for (key, value) in changes.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

#[test]
fn a_new_connection_is_returned_without_its_key() {
    let mut api = Api::new();
    let made = api.post(C, &new(json!({ "name": " second ", "description": "d", "projectId": PROJECT_ID }))).ok();
    let made = &made["appConnection"];
    assert_eq!(
        (&made["name"], &made["description"], &made["projectId"]),
        (&json!("second"), &json!("d"), &json!(PROJECT_ID))
    );
    assert_eq!(
        (&made["app"], &made["method"], &made["credentials"]),
        (&json!("open-router"), &json!("api-key"), &json!({}))
    );
    for key in ["id", "version", "orgId", "credentialsHash", "createdAt", "updatedAt"] {
        assert!(!made[key].is_null(), "{key}");
    }
    let id = made["id"].as_str().unwrap();
    assert_eq!(&api.get(&format!("{C}/{id}")).ok()["appConnection"], made);
    let by_name = format!("{C}/connection-name/second");
    assert_eq!(&api.get(&format!("{by_name}?projectId={PROJECT_ID}")).ok()["appConnection"], made);
    api.get(&by_name).refused(404, "in organization scope");
    assert_eq!(api.get(C).ok()["appConnections"].as_array().unwrap().len(), 2);
}

#[test]
fn a_connection_has_the_fields_of_features_that_openrouter_does_not_use() {
    let mut api = Api::new();
    let made = &api.get(&format!("{C}/{CONNECTION_ID}")).ok()["appConnection"];
    for key in ["gatewayId", "gatewayPoolId", "encryptedConfiguration"] {
        assert_eq!(made.get(key), Some(&Value::Null), "{key}");
    }
    for key in ["isPlatformManagedCredentials", "isAutoRotationEnabled"] {
        assert_eq!(made[key], false, "{key}");
    }
    let renamed = api.ask("PATCH", &format!("{C}/{CONNECTION_ID}"), Some(&json!({ "name": "renamed" }))).ok();
    assert_eq!(renamed["appConnection"]["version"], made["version"], "a change does not increase the version");
}

#[test]
fn a_description_that_is_too_long_for_the_database_returns_500() {
    let mut api = Api::new();
    let long = "d".repeat(256);
    let reply = api.post(C, &new(json!({ "description": long })));
    assert_eq!((reply.status, &reply.body["error"]), (500, &json!("Create")));
    let reply = api.ask("PATCH", &format!("{C}/{CONNECTION_ID}"), Some(&json!({ "description": long })));
    assert_eq!((reply.status, &reply.body["error"]), (500, &json!("Update by id")));
    assert_eq!(api.state.connections.len(), 1);
}

#[test]
fn a_provisioning_key_that_openrouter_does_not_accept_is_refused() {
    let mut api = Api::new();
    let refused = api.post(C, &new(json!({ "credentials": { "apiKey": "wrong" } })));
    assert_eq!(refused.body["error"], "UnauthorizedError");
    refused.refused(401, "Unable to validate connection");
    api.post(C, &new(json!({ "credentials": { "apiKey": "sk-or-anything" } })))
        .refused(401, "must not be given to this simulator");
    let change = json!({ "credentials": { "apiKey": "wrong" } });
    api.ask("PATCH", &format!("{C}/{CONNECTION_ID}"), Some(&change)).refused(401, "Unable to validate connection");
    assert_eq!(api.state.connections.len(), 1);
}

#[test]
fn invalid_bodies_return_422_and_names_that_already_exist_400() {
    let mut api = Api::new();
    api.post(C, &new(json!({ "name": "openrouter" }))).refused(400, "already exists");
    api.post(C, &new(json!({ "method": "oauth" }))).refused(422, "api-key");
    api.post(C, &new(json!({ "credentials": {} }))).refused(422, "apiKey");
    api.post(C, &new(json!({ "name": "no slug" }))).refused(422, "hyphens");
    api.post(C, &new(json!({ "projectId": "nowhere" }))).refused(400, "Could not find project with ID nowhere");
    api.post(C, &new(json!({}))).ok();
    let change = json!({ "name": "second" });
    api.ask("PATCH", &format!("{C}/{CONNECTION_ID}"), Some(&change)).refused(400, "already exists");
}

#[test]
fn a_patch_changes_only_the_given_fields() {
    let mut api = Api::new();
    let path = format!("{C}/{CONNECTION_ID}");
    let before = api.get(&path).ok();
    let hash = |answer: &Value| answer["appConnection"]["credentialsHash"].clone();
    let named = api.ask("PATCH", &path, Some(&json!({ "name": "renamed", "description": "d" }))).ok();
    assert_eq!(
        (&named["appConnection"]["name"], &named["appConnection"]["description"]),
        (&json!("renamed"), &json!("d"))
    );
    assert_eq!(hash(&named), hash(&before));
    let change = json!({ "credentials": { "apiKey": "sim-provisioning-2" }, "description": null });
    let rekeyed = api.ask("PATCH", &path, Some(&change)).ok();
    assert_ne!(hash(&rekeyed), hash(&before));
    assert_eq!(rekeyed["appConnection"]["description"], Value::Null);
    api.created(json!({}));
    let list = api.get(&format!("{R}?projectId={PROJECT_ID}")).ok();
    assert_eq!(list["secretRotations"][0]["connection"]["name"], "renamed");
}

#[test]
fn a_connection_in_use_is_not_deleted() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    let path = format!("{C}/{CONNECTION_ID}");
    api.ask("DELETE", &path, None).refused(400, "existing connections");
    api.ask("DELETE", &format!("{R}/{id}"), None).ok();
    assert_eq!(api.ask("DELETE", &path, None).ok()["appConnection"]["id"], CONNECTION_ID);
    api.ask("DELETE", &path, None).refused(404, CONNECTION_ID);
    api.get(&path).refused(404, CONNECTION_ID);
}

#[test]
fn unknown_names_return_404_and_ids_must_be_uuids() {
    let mut api = Api::new();
    api.get(&format!("{C}/connection-name/nobody")).refused(404, "nobody");
    api.get(&format!("{C}/nobody")).refused(422, "uuid");
    api.ask("PATCH", &format!("{C}/{PROJECT_ID}"), Some(&json!({}))).refused(404, PROJECT_ID);
}

#[test]
fn a_connection_of_a_project_cannot_be_used_by_another_project() {
    let mut api = Api::new();
    let made = api.post(C, &new(json!({ "projectId": PROJECT_ID }))).ok();
    api.state.projects.add_project("other");
    let id = &made["appConnection"]["id"];
    api.post(R, &sample(json!({ "projectId": "other", "connectionId": id }))).refused(400, "to project with ID");
    api.post(R, &sample(json!({ "connectionId": id }))).ok();
}

#[test]
fn the_list_of_a_project_contains_only_its_own_connections() {
    let mut api = Api::new();
    api.state.projects.add_project("other");
    api.post(C, &new(json!({ "projectId": PROJECT_ID }))).ok();
    for (query, count) in [("", 2), ("?projectId=other", 0), (&format!("?projectId={PROJECT_ID}"), 1)] {
        assert_eq!(api.get(&format!("{C}{query}")).ok()["appConnections"].as_array().unwrap().len(), count, "{query}");
    }
}

#[test]
fn a_name_is_unique_within_a_project_and_within_the_organization() {
    let mut api = Api::new();
    let own = json!({ "name": "openrouter", "projectId": PROJECT_ID });
    api.post(C, &new(own.clone())).ok();
    api.post(C, &new(own)).refused(400, "already exists");
    let by_name = format!("{C}/connection-name/openrouter");
    assert_eq!(api.get(&by_name).ok()["appConnection"]["id"], CONNECTION_ID);
    assert_ne!(api.get(&format!("{by_name}?projectId={PROJECT_ID}")).ok()["appConnection"]["id"], CONNECTION_ID);
}

#[test]
fn all_projects_are_listed() {
    let mut api = Api::new();
    api.state.projects.add_project("other");
    let listed = api.get("/api/v1/projects").ok();
    let ids: Vec<_> = listed["projects"].as_array().unwrap().iter().map(|project| &project["id"]).collect();
    assert_eq!(ids, [PROJECT_ID, "other"]);
}
