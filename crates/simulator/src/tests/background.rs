//! Rotations that the server starts itself, and changes in the console.

use std::time::Duration;

use serde_json::json;

use super::{
    wire::{send, wait_until},
    *,
};
use crate::{Call, Denial, Fault, Simulator, undocumented_keys};

const DAY: Duration = Duration::from_secs(86_400);

fn start() -> (Simulator, String) {
    let sim = Simulator::start(Options::default()).unwrap();
    let created = send(&sim, "POST", R, Some(&sample(json!({})))).json();
    let id = created["secretRotation"]["id"].as_str().unwrap().to_owned();
    (sim, id)
}

#[test]
fn a_change_that_makes_a_rotation_due_starts_it_in_the_background() {
    let (sim, id) = start();
    sim.set_background_rotation_time(DAY);
    sim.advance(DAY * 5);
    let patch = |body: Value| send(&sim, "PATCH", &format!("{R}/{id}"), Some(&body)).json()["secretRotation"].clone();
    patch(json!({ "rotationInterval": 20 }));
    assert_eq!(sim.rotation(&id).unwrap()["rotationStatus"], "success", "not due");
    let answer = patch(json!({ "rotationInterval": 1 }));
    assert_eq!((&answer["rotationStatus"], &answer["activeIndex"]), (&json!("success"), &json!(0)), "only queued");
    assert_eq!(sim.rotation(&id).unwrap()["rotationStatus"], "success", "the lock is not visible");
    let rotate = send(&sim, "POST", &format!("{R}/{id}/rotate-secrets"), None);
    assert_eq!((rotate.status(), rotate.json()["error"].clone()), (400, json!("BadRequest")));
    assert_eq!(sim.issued_keys(), 1);
    let (sim, id) = start();
    sim.advance(DAY * 5);
    send(&sim, "PATCH", &format!("{R}/{id}"), Some(&json!({ "rotationInterval": 1 })));
    wait_until("rotated", || sim.rotation(&id).unwrap()["activeIndex"] == 1);
    let after = sim.rotation(&id).unwrap();
    assert_eq!((&after["rotationStatus"], &after["isLastRotationManual"]), (&json!("success"), &json!(true)));
    assert_eq!(after["lastRotationJobId"], json!(format!("secret-rotation-v2-rotate-{id}")));
    assert_eq!(sim.issued_keys(), 2);
}

#[test]
fn requests_are_served_while_a_scheduled_rotation_is_in_progress() {
    let (sim, id) = start();
    sim.begin_rotation(&id).unwrap();
    let status =
        |method: &str, path: &str, body: Option<&Value>| send(&sim, method, &format!("{R}/{id}{path}"), body).status();
    assert_eq!(sim.rotation(&id).unwrap()["rotationStatus"], "success", "the lock is not visible");
    assert_eq!(status("POST", "/rotate-secrets", None), 400);
    assert_eq!(status("PATCH", "", Some(&json!({ "description": "d" }))), 200);
    sim.end_rotation(&id).unwrap();
    let after = sim.rotation(&id).unwrap();
    assert_eq!((&after["rotationStatus"], &after["activeIndex"]), (&json!("success"), &json!(1)));
    assert_eq!((&after["description"], &after["isLastRotationManual"]), (&json!("d"), &json!(false)));
    assert_eq!(status("POST", "/rotate-secrets", None), 200);
    sim.forget(&id).unwrap();
    assert!(sim.begin_rotation(&id).is_err() && sim.end_rotation(&id).is_err());
}

#[test]
fn rotations_and_secrets_move_with_a_renamed_folder() {
    let sim = Simulator::start(Options::default()).unwrap();
    let at = |path: &str, name: &str| {
        let body = sample(json!({ "secretPath": path, "name": name, "secretsMapping": { "apiKey": "KEY" } }));
        send(&sim, "POST", R, Some(&body)).json()["secretRotation"]["id"].as_str().unwrap().to_owned()
    };
    let (outer, inner, root) = (at("/app", "a"), at("/app/nested", "b"), at("/", "c"));
    let folder = sim.rotation(&outer).unwrap()["folderId"].clone();
    sim.rename_folder(PROJECT_ID, "dev", "/app", "/service").unwrap();
    let path = |id: &str| sim.rotation(id).unwrap()["folder"]["path"].as_str().unwrap().to_owned();
    assert_eq!([path(&outer), path(&inner), path(&root)], ["/service", "/service/nested", "/"]);
    assert_eq!(sim.rotation(&outer).unwrap()["folderId"], folder);
    let secrets: Vec<String> = sim.secrets().into_iter().map(|secret| secret.path).collect();
    assert_eq!(secrets, ["/service", "/service/nested", "/"]);
    let old = send(&sim, "POST", R, Some(&sample(json!({ "secretPath": "/app" }))));
    assert_eq!(old.status(), 400, "the old path no longer exists");
    sim.rename_environment(PROJECT_ID, "dev", "development").unwrap();
    assert_eq!(sim.rotation(&inner).unwrap()["environment"]["slug"], "development");
    assert!(sim.secrets().iter().all(|secret| secret.environment == "development"));
    let deleted = send(&sim, "DELETE", &format!("{R}/{inner}?deleteSecrets=true"), None);
    assert_eq!((deleted.status(), sim.secrets().len()), (200, 2));
    for unknown in [
        sim.rename_folder(PROJECT_ID, "development", "/app", "/x"),
        sim.rename_folder(PROJECT_ID, "development", "/", "/x"),
        sim.rename_environment(PROJECT_ID, "dev", "x"),
    ] {
        assert!(unknown.is_err());
    }
}

#[test]
fn denied_calls_return_403_with_the_servers_error_names() {
    let (sim, id) = start();
    let read = || send(&sim, "GET", &format!("{R}/{id}"), None);
    for (why, error, message) in [
        (Denial::Permission, "PermissionDenied", "You are not allowed to read on secret-rotation"),
        (Denial::Membership, "ProjectMembershipNotFound", "You are not a member of this project with ID"),
        (Denial::Organization, "ForbiddenError", "This project does not belong to your selected organization."),
    ] {
        sim.deny(Call::Read, why);
        let refused = read();
        assert_eq!(check_response(&refused.json()), Vec::<String>::new());
        assert_eq!((refused.status(), refused.json()["error"].as_str().unwrap()), (403, error));
        assert!(refused.json()["message"].as_str().unwrap().starts_with(message), "{}", refused.json());
    }
    assert_eq!(send(&sim, "GET", C, None).status(), 200, "another call");
    sim.allow_all();
    assert_eq!(read().status(), 200);
    sim.deny(Call::Create, Denial::Connect);
    let create = send(&sim, "POST", R, Some(&sample(json!({ "secretPath": "/app" }))));
    assert_eq!(create.json()["message"], "You are not allowed to connect on app-connections");
    sim.deny(Call::Any, Denial::Membership);
    assert_eq!((read().status(), send(&sim, "GET", C, None).status()), (403, 403));
}

#[test]
fn faults_return_any_refusal_and_an_unknown_route_with_or_without_a_request_id() {
    let (sim, id) = start();
    let read = || send(&sim, "GET", &format!("{R}/{id}"), None);
    sim.fault(Fault::refuse(Call::Read, 403, "TokenError", "No, a/b.").times(1));
    sim.fault(Fault::no_route(Call::Read, true).skip(1).times(1));
    sim.fault(Fault::no_route(Call::Read, false).skip(2));
    let refused = read();
    assert_eq!(refused.status(), 403);
    assert_eq!((&refused.json()["error"], &refused.json()["message"]), (&json!("TokenError"), &json!("No, a/b.")));
    for with_id in [true, false] {
        let missing = read();
        assert_eq!((missing.status(), missing.json()["error"].clone()), (404, json!("Not Found")));
        assert_eq!(missing.json()["message"], json!(format!("Route GET:{R}/{id} not found")));
        assert_eq!(missing.json().get("reqId").is_some(), with_id);
    }
}

#[test]
fn during_maintenance_only_reads_succeed() {
    let (sim, id) = start();
    sim.set_maintenance(true);
    let login = json!({ "clientId": sim.client_id(), "clientSecret": sim.client_secret() });
    for (method, path, body) in [
        ("POST", R.to_owned(), Some(sample(json!({})))),
        ("DELETE", format!("{R}/{id}"), None),
        ("POST", "/api/v1/auth/universal-auth/login".to_owned(), Some(login)),
    ] {
        let refused = send(&sim, method, &path, body.as_ref());
        assert_eq!((refused.status(), refused.json()["error"].clone()), (500, json!("InternalServerError")), "{path}");
    }
    assert_eq!(send(&sim, "GET", &format!("{R}/{id}"), None).status(), 200);
}

#[test]
fn a_proxys_wrong_clock_changes_only_the_date_header() {
    let (sim, id) = start();
    let at = |raw: &wire::Raw| httpdate::parse_http_date(raw.header("date").unwrap()).unwrap();
    let right = send(&sim, "GET", &format!("{R}/{id}"), None);
    for (skew, least) in [(3600, 3599), (-3600, -3601)] {
        sim.set_date_skew(skew);
        let wrong = send(&sim, "GET", &format!("{R}/{id}"), None);
        let difference = match at(&wrong).duration_since(at(&right)) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap(),
            Err(behind) => -i64::try_from(behind.duration().as_secs()).unwrap(),
        };
        assert!((least..least + 60).contains(&difference), "{difference}");
        assert_eq!(wrong.json(), right.json());
    }
}

#[test]
fn undocumented_keys_are_found_in_the_recorded_requests() {
    let (sim, id) = start();
    let body = json!({ "name": "x", "colour": 1, "parameters": { "name": "k", "color": 2 } });
    send(&sim, "PATCH", &format!("{R}/{id}"), Some(&body));
    let login = json!({ "clientId": "c", "clientSecret": "s", "other": 1 });
    send(&sim, "POST", "/api/v1/auth/universal-auth/login", Some(&login));
    let found: Vec<Vec<String>> = sim.requests().iter().map(undocumented_keys).collect();
    assert_eq!(found, [vec![], vec!["/colour".to_owned(), "/parameters/color".to_owned()], vec!["/other".to_owned()]]);
}

#[test]
fn rotations_of_other_types_and_connections_of_other_apps_share_the_names() {
    let sim = Simulator::start(Options::default()).unwrap();
    sim.add_rotation_of_another_type("dev", "/", "my-openrouter-rotation").unwrap();
    assert!(sim.add_rotation_of_another_type("dev", "/nowhere", "x").is_err());
    sim.add_connection_of_another_app("aws");
    let message = |raw: &wire::Raw| raw.json()["message"].as_str().unwrap().to_owned();
    let refused = send(&sim, "POST", R, Some(&sample(json!({}))));
    assert!(refused.status() == 400 && message(&refused).contains("already exists"), "{}", message(&refused));
    assert_eq!(sim.issued_keys(), 0);
    let place = format!("?projectId={PROJECT_ID}&environment=dev&secretPath=/");
    let found = send(&sim, "GET", &format!("{R}/rotation-name/my-openrouter-rotation{place}"), None);
    assert!(found.status() == 400 && message(&found).ends_with("is not configured for OpenRouter API Key"));
    let connection = json!({ "name": "aws", "method": "api-key", "credentials": { "apiKey": "sim-provisioning-x" } });
    assert!(message(&send(&sim, "POST", C, Some(&connection))).contains("already exists"));
    let found = send(&sim, "GET", &format!("{C}/connection-name/aws"), None);
    assert_eq!(
        (found.status(), message(&found).as_str()),
        (400, "App Connection with name aws is not for App \"open-router\"")
    );
}
