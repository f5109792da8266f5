//! App connections share what rotations have.

use secrecy::SecretString;

use super::*;

fn new_connection() -> NewConnection {
    let api_key = SecretString::from("hush-hush-key\n");
    NewConnection { name: "mine".to_owned(), description: None, project_id: Some("p".to_owned()), api_key }
}

fn connection(id: &str) -> Reply {
    ok(json!({"appConnection": {"id": id, "name": "mine", "projectId": "p", "app": "openrouter", "credentials": {}}}))
}

fn absent() -> Reply {
    refused(404, "NotFound", "Could not find App Connection with name mine in project scope.")
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_created_with_its_key_in_the_documented_form() {
    let script = Script::new(|seen| if seen.what == "POST C" { connection("c1") } else { absent() });
    let new = NewConnection { project_id: Some(" p ".to_owned()), ..new_connection() };
    let made = script.client().connections().create(&new).await.unwrap();
    assert_eq!((made.object.id.as_str(), script.asked()[0].as_str()), ("c1", "GET C/connection-name/mine"));
    let body =
        json!({"name": "mine", "projectId": "p", "method": "api-key", "credentials": {"apiKey": "hush-hush-key"}});
    assert_eq!(script.seen()[1].body, Some(body));
    assert!(!format!("{:?}", new_connection()).contains("hush"));
}

#[tokio::test(start_paused = true)]
async fn a_lost_create_is_found_as_a_rotations_is() {
    let script = Script::new(|seen| match seen.index {
        0 => absent(),
        1 => lost(),
        _ => connection("c1"),
    });
    let made = script.client().connections().create(&new_connection()).await.unwrap();
    assert!(matches!(made.note, Some(CreateNote::Found(_))));
    assert_eq!(script.count("POST C"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_openrouter_refuses_calls_for_no_new_login() {
    let script = Script::new(|seen| match seen.what.as_str() {
        "POST /api/v1/auth/universal-auth/login" => ok(json!({"accessToken": "token-1", "expiresIn": 0})),
        "POST C" => refused(401, "UnauthorizedError", "No such key: hush-hush-key"),
        "PATCH C/c2" => refused(401, "UnauthorizedError", "No such key: another-key"),
        _ => absent(),
    });
    let auth = Auth::Universal { client_id: "an-id".to_owned(), client_secret: "hush-hush".into() };
    let client = script.client_as(auth);
    let error = client.connections().create(&new_connection()).await.unwrap_err();
    assert_eq!(error.kind(), Some(RefusalKind::ProvisioningKeyRefused));
    assert_eq!(error.message(), Some("No such key: (secret)"));
    let patch = ConnectionPatch { api_key: Some("another-key".into()), ..ConnectionPatch::default() };
    let error = client.connections().update("c2", &patch).await.unwrap_err();
    assert_eq!(error.message(), Some("No such key: (secret)"));
    assert_eq!(script.asked().iter().filter(|what| what.contains("login")).count(), 1);
}

/// A PATCH without a key, say, whose token was revoked meanwhile.
#[tokio::test(start_paused = true)]
async fn a_revoked_token_calls_for_a_new_login_at_a_connections_change_too() {
    let script = Script::new(|seen| match seen.index {
        0 | 2 => ok(json!({"accessToken": format!("token-{}", seen.index), "expiresIn": 7200})),
        1 => refused(401, "UnauthorizedError", "Failed to authorize revoked access token, access token is revoked"),
        _ => connection("c1"),
    });
    let auth = Auth::Universal { client_id: "an-id".to_owned(), client_secret: "hush-hush".into() };
    let patch = ConnectionPatch { name: Some("mine".to_owned()), ..ConnectionPatch::default() };
    script.client_as(auth).connections().update("c1", &patch).await.unwrap();
    assert_eq!(script.count("PATCH C/c1"), 2);
}

fn rotation(id: &str, connection_id: &str) -> Value {
    json!({"id": id, "connectionId": connection_id})
}

#[tokio::test(start_paused = true)]
async fn the_users_of_a_projects_connection_are_looked_for_in_its_project_alone() {
    let script = Script::new(|_| ok(json!({"secretRotations": [rotation("r1", "c1"), rotation("r2", "c2")]})));
    let users = script.client().connections().users("C1", Some("p")).await;
    let ids: Vec<_> = users.rotations.iter().map(|rotation| rotation.id.as_str()).collect();
    assert_eq!((ids, users.is_complete), (vec!["r1"], true));
    assert_eq!(script.asked(), ["GET R"]);
    assert_eq!(script.seen()[0].query, [("projectId", "p".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn the_users_of_an_organizations_connection_are_looked_for_in_all_projects_that_can_be_listed() {
    let script = Script::new(|seen| match seen.index {
        0 => ok(json!({"projects": [{"id": "p1", "name": "one"}, {"id": "p2"}, {"id": "p3"}]})),
        2 => refused(403, "PermissionDenied", "You are not allowed to read on secret-rotation"),
        index => ok(json!({"secretRotations": [rotation(&format!("r{index}"), "c1")]})),
    });
    let users = script.client().connections().users("c1", None).await;
    let ids: Vec<_> = users.rotations.iter().map(|rotation| rotation.id.as_str()).collect();
    assert_eq!((ids, users.is_complete), (vec!["r1", "r3"], false));
    assert_eq!(script.asked(), ["GET /api/v1/projects", "GET R", "GET R", "GET R"]);
}

#[tokio::test(start_paused = true)]
async fn users_that_cannot_be_looked_for_are_not_an_error() {
    let script = Script::new(|_| refused(403, "PermissionDenied", "No."));
    let users = script.client().connections().users("c1", None).await;
    assert_eq!(users, ConnectionUsers::default());
    let script = Script::new(|seen| match seen.index {
        0 => ok(json!({"projects": (0..30).map(|n| json!({"id": n.to_string()})).collect::<Vec<_>>()})),
        _ => ok(json!({"secretRotations": []})),
    });
    let users = script.client().connections().users("c1", None).await;
    assert_eq!((users.is_complete, script.count("GET R")), (false, 20));
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_read_listed_changed_and_deleted() {
    let script = Script::new(|seen| match seen.what.as_str() {
        "GET C" => ok(json!({"appConnections": [{"id": "c1"}, {"id": "c2"}]})),
        _ => connection("c1"),
    });
    let client = script.client();
    let connections = client.connections();
    assert_eq!(connections.get("c1", Known::default()).await.unwrap().name.as_deref(), Some("mine"));
    assert_eq!(connections.by_name(Some("p "), " mine ").await.unwrap().id, "c1");
    assert_eq!(connections.list(None).await.unwrap().len(), 2);
    let patch =
        ConnectionPatch { description: Some(None), api_key: Some("new-key".into()), ..ConnectionPatch::default() };
    connections.update("c1", &patch).await.unwrap();
    connections.delete("c1", Known::default()).await.unwrap();
    let asked = ["GET C/c1", "GET C/connection-name/mine", "GET C", "PATCH C/c1", "DELETE C/c1"];
    assert_eq!(script.asked(), asked);
    assert_eq!(script.seen()[3].body, Some(json!({"description": null, "credentials": {"apiKey": "new-key"}})));
    assert!(!format!("{patch:?}").contains("new-key"));
}

#[tokio::test(start_paused = true)]
async fn err_an_answer_about_another_name_or_project_is_not_the_connection_that_was_asked_for() {
    let script = Script::new(|_| connection("c1"));
    let client = script.client();
    for (project, name) in [(Some("p"), "other"), (Some("q"), "mine"), (None, "mine")] {
        let error = client.connections().by_name(project, name).await.unwrap_err();
        assert!(error.to_string().contains("about another object than the requested one"), "{error}");
        client.connections().find_by_name(project, name).await.unwrap_err();
    }
    assert_eq!(client.connections().find_by_name(Some("p"), "mine").await.unwrap().id, "c1");
}

#[tokio::test(start_paused = true)]
async fn a_new_name_that_a_replica_does_not_know_yet_is_looked_for_again() {
    let script = Script::new(|seen| match seen.what.as_str() {
        "GET C/connection-name/mine" if seen.at < Duration::from_secs(6) => absent(),
        _ => connection("c1"),
    });
    let client = script.client();
    assert!(client.connections().find_by_name(Some("p"), "mine").await.unwrap_err().is_not_found());
    let patch = ConnectionPatch { name: Some("mine".to_owned()), ..ConnectionPatch::default() };
    client.connections().update("c1", &patch).await.unwrap();
    assert_eq!(client.connections().find_by_name(Some("p"), "mine").await.unwrap().id, "c1");
}
