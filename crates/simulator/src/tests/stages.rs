//! The stages of create, rotate and delete, and what each failure leaves behind.

use std::time::Duration;

use serde_json::json;

use super::{
    wire::{Raw, connect, send, wait_until},
    *,
};
use crate::{Call, Counts, Fault, Simulator, openrouter_calls::Work};

const ORPHAN: Counts = Counts { rotations: 0, secrets: 0, live_keys: 1 };
const ONE: Counts = Counts { rotations: 1, secrets: 1, live_keys: 1 };
/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(3600);

fn start(fault: &str) -> Simulator {
    let sim = Simulator::start(Options::default()).unwrap();
    sim.fault(fault.parse().unwrap());
    sim
}

fn create(sim: &Simulator) -> Raw {
    send(sim, "POST", R, Some(&sample(json!({}))))
}

fn id(raw: &Raw) -> String {
    raw.json()["secretRotation"]["id"].as_str().unwrap().to_owned()
}

fn rotate(sim: &Simulator, id: &str) -> Raw {
    send(sim, "POST", &format!("{R}/{id}/rotate-secrets"), None)
}

/// The status, the error's name and the message.
fn refusal(raw: &Raw) -> (u16, String, String) {
    let body = raw.json();
    let text = |key: &str| body[key].as_str().unwrap().to_owned();
    assert_eq!(check_response(&body), Vec::<String>::new());
    (raw.status(), text("error"), text("message"))
}

fn expected(status: u16, error: &str, message: &str) -> (u16, String, String) {
    (status, error.to_owned(), message.to_owned())
}

const BLAMED: &str = "Infisical encountered an issue while generating credentials with the configured inputs: ";

#[test]
fn a_create_whose_write_fails_leaves_an_orphaned_key() {
    let sim = start("create:fail-after-key,times=2");
    for keys in [1, 2] {
        assert_eq!(refusal(&create(&sim)), expected(500, "Create", "Something went wrong"));
        assert_eq!((sim.counts(), sim.issued_keys()), (Counts { live_keys: keys, ..ORPHAN }, keys));
    }
    let names: Vec<String> = sim.orphaned_keys().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["my-app-key", "my-app-key"]);
    assert_eq!(create(&sim).status(), 200);
    assert_eq!((sim.orphaned_keys().len(), sim.live_keys().len()), (2, 3));
}

#[test]
fn a_create_may_fail_although_everything_is_stored() {
    let sim = start("create:fail-after-store");
    assert_eq!(refusal(&create(&sim)), expected(500, "Batch Create", "Something went wrong"));
    assert_eq!((sim.counts(), sim.orphaned_keys().len()), (ONE, 0));
    let sim = start("create:fail-after-store,status=400");
    assert_eq!(refusal(&create(&sim)), expected(400, "BadRequest", &format!("{BLAMED}connect ETIMEDOUT")));
    assert_eq!(sim.counts(), ONE);
}

#[test]
fn a_create_that_openrouter_refuses_stores_nothing() {
    let sim = start("create:openrouter-refuses=Insufficient credits");
    let message = "Failed to create OpenRouter API key: Insufficient credits";
    assert_eq!(refusal(&create(&sim)), expected(400, "BadRequest", message));
    assert_eq!((sim.counts(), sim.issued_keys(), sim.webhooks()), (Counts::default(), 0, 0));
}

/// A create that has passed its checks.
fn begun(api: &mut Api, changes: Value) -> Work {
    let incoming = Incoming {
        method: "POST".into(),
        path: R.into(),
        content_type: Some("application/json".into()),
        authorization: Some(format!("Bearer {TOKEN}")),
        body: sample(changes).to_string().into(),
        ..Incoming::default()
    };
    match api.state.begin(&incoming) {
        Stage::AtOpenRouter(work) => work,
        Stage::Done(answer) => panic!("{}", answer.text),
    }
}

#[test]
fn two_concurrent_creates_both_pass_the_checks_and_the_second_leaves_an_orphaned_key() {
    for (changes, words) in [
        (json!({ "secretsMapping": { "apiKey": "OTHER" } }), "A Secret Rotation with the name"),
        (json!({ "name": "other" }), "The following secrets already exist"),
    ] {
        let mut api = Api::new();
        let (first, second) = (begun(&mut api, json!({})), begun(&mut api, changes));
        assert_eq!(api.state.openrouter.issued(), 0);
        assert_eq!(api.state.finish(first, None).status, 200);
        let refused = api.state.finish(second, None);
        assert_eq!(refused.status, 400);
        assert!(refused.text.contains(words), "{}", refused.text);
        assert_eq!((api.live_keys(), api.state.orphaned_keys().count()), (2, 1));
        assert_eq!((api.state.rotations.len(), api.secret_names()), (1, vec!["OPEN_ROUTER_API_KEY"]));
    }
}

#[test]
fn a_create_follows_its_folder_when_it_is_renamed_in_the_meantime() {
    let mut api = Api::new();
    let work = begun(&mut api, json!({ "secretPath": "/app" }));
    api.state.projects.rename_folder(PROJECT_ID, "dev", "/app", "/service").unwrap();
    assert_eq!(api.state.finish(work, None).status, 200);
    assert_eq!(api.state.projects.secrets[0].path, "/service");
}

#[test]
fn other_calls_are_executed_while_openrouter_works() {
    let sim = start("create:openrouter-delay=1m");
    let _unanswered = connect(&sim, sim.token(), "POST", R, Some(&sample(json!({}))));
    wait_until("arrived", || sim.requests().len() == 1);
    assert_eq!(send(&sim, "GET", C, None).status(), 200);
    assert_eq!((sim.counts(), sim.issued_keys()), (Counts::default(), 0));
}

#[test]
fn a_failure_inside_the_server_is_combined_with_a_fault_of_the_response() {
    let sim = start("create:fail-after-key");
    sim.fault(Fault::drop_after(Call::Create));
    assert!(create(&sim).is_nothing());
    assert_eq!(sim.counts(), ORPHAN);
    assert_eq!(sim.requests()[0].faults, ["fail-after-key", "drop-after"]);
}

#[test]
fn a_failed_rotation_records_its_cause_and_sends_a_webhook_for_each_attempt() {
    // The fault, the cause, and what is left: the keys issued, the live ones, and the active index.
    for (fault, cause, issued, live, active) in [
        ("openrouter-refuses=No credits", "Failed to create OpenRouter API key: No credits", 2, 2, 1),
        ("fail-after-key", "Failed to execute db ops", 4, 4, 1),
        ("fail-after-store", "Failed to delete OpenRouter API key: No auth credentials found", 4, 4, 1),
    ] {
        let sim = Simulator::start(Options::default()).unwrap();
        let id = id(&create(&sim));
        assert_eq!(rotate(&sim, &id).status(), 200);
        let before = sim.rotation(&id).unwrap();
        sim.advance(LONG); // so that the stamps differ
        sim.fault(format!("rotate:{fault}").parse().unwrap());
        for attempt in [1, 2] {
            let message = format!("{BLAMED}{cause}");
            assert_eq!(refusal(&rotate(&sim, &id)), expected(500, "InternalServerError", &message));
            let after = sim.rotation(&id).unwrap();
            assert_eq!((&after["rotationStatus"], &after["lastRotationMessage"]), (&json!("failed"), &json!(message)));
            assert_eq!((sim.webhooks(), sim.counts().rotations), (attempt, 1));
            let flips = fault == "fail-after-store" && attempt == 1;
            assert_eq!(after["activeIndex"], json!(if flips { 0 } else { active }), "{fault}");
            assert_eq!(after["lastRotatedAt"] == before["lastRotatedAt"], fault != "fail-after-store");
        }
        assert_eq!((sim.issued_keys(), sim.live_keys().len()), (issued, live), "{fault}");
        sim.clear_faults();
        let succeeded = rotate(&sim, &id).json();
        assert_eq!(succeeded["secretRotation"]["rotationStatus"], "success");
        assert_eq!(succeeded["secretRotation"]["lastRotationMessage"], Value::Null);
    }
}

#[test]
fn a_second_rotate_is_refused_while_the_first_waits_for_openrouter() {
    let sim = start("rotate:openrouter-delay=1m,times=1");
    let id = id(&create(&sim));
    let _first = connect(&sim, sim.token(), "POST", &format!("{R}/{id}/rotate-secrets"), None);
    wait_until("arrived", || sim.requests().len() == 2);
    wait_until("begun", || {
        let (status, _, message) = refusal(&rotate(&sim, &id));
        status == 400 && message == "A rotation is already in progress. Please try again shortly."
    });
    assert_eq!(sim.issued_keys(), 1);
}

#[test]
fn rotating_what_was_deleted_in_the_meantime_returns_404_and_issues_no_key() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    api.state.remove(&id, true, true);
    let answer = api.state.finish(Work::Rotate { id }, None);
    assert_eq!((answer.status, api.state.openrouter.issued()), (404, 1));
}

#[test]
fn nothing_is_deleted_when_the_keys_cannot_be_revoked() {
    let sim = Simulator::start(Options::default()).unwrap();
    let id = id(&create(&sim));
    let delete = |query: &str| send(&sim, "DELETE", &format!("{R}/{id}?deleteSecrets=true{query}"), None);
    sim.set_revocation_fails(true);
    let words = |why: &str| expected(400, "BadRequest", &format!("Failed to delete OpenRouter API key: {why}"));
    assert_eq!(refusal(&delete("&revokeGeneratedCredentials=true")), words("No auth credentials found"));
    sim.set_revocation_fails(false);
    sim.fault(Fault::openrouter_refuses(Call::Delete, "Rate limited").times(1));
    assert_eq!(refusal(&delete("&revokeGeneratedCredentials=true")), words("Rate limited"));
    assert_eq!(sim.counts(), ONE);
    sim.set_revocation_fails(true);
    assert_eq!(delete("").status(), 200, "a delete without revocation succeeds");
    assert_eq!((sim.counts(), sim.orphaned_keys().len()), (ORPHAN, 1));
}

#[test]
fn a_delete_may_fail_after_the_keys_are_revoked_or_after_everything_is_deleted() {
    for (fault, counts) in
        [("delete:fail-after-key", Counts { live_keys: 0, ..ONE }), ("delete:fail-after-store", Counts::default())]
    {
        let sim = start(fault);
        let id = id(&create(&sim));
        let path = format!("{R}/{id}?deleteSecrets=true&revokeGeneratedCredentials=true");
        assert_eq!(send(&sim, "DELETE", &path, None).status(), 500);
        assert_eq!(sim.counts(), counts, "{fault}");
    }
}

#[test]
fn an_idle_connection_is_closed_but_its_call_is_completed() {
    let sim = start("create:openrouter-delay=1s");
    sim.set_idle_timeout(Some(Duration::from_millis(20)));
    assert!(create(&sim).is_nothing());
    wait_until("stored", || sim.counts() == ONE);
    assert_eq!(sim.requests()[0].status, None, "no response was sent");
    sim.set_idle_timeout(None);
    assert_eq!(send(&sim, "GET", &format!("{R}?projectId={PROJECT_ID}"), None).status(), 200);
}

#[test]
fn reads_lag_behind_and_writes_do_not() {
    let sim = Simulator::start(Options::default()).unwrap();
    let id = id(&create(&sim));
    sim.advance(LONG);
    sim.set_read_lag(LONG / 2);
    let read = |path: &str| send(&sim, "GET", &format!("{R}{path}"), None);
    let by_name = |name: &str| {
        read(&format!("/rotation-name/{name}?projectId={PROJECT_ID}&environment=dev&secretPath=/")).status()
    };
    let listed = || read(&format!("?projectId={PROJECT_ID}")).json()["secretRotations"].as_array().unwrap().len();
    assert_eq!((read(&format!("/{id}")).status(), listed()), (200, 1), "old enough to be visible");
    assert_eq!(rotate(&sim, &id).json()["secretRotation"]["activeIndex"], 1);
    let keys = || read(&format!("/{id}/generated-credentials")).json()["activeIndex"].clone();
    assert_eq!((read(&format!("/{id}")).json()["secretRotation"]["activeIndex"].clone(), keys()), (json!(0), json!(0)));
    let change = send(&sim, "PATCH", &format!("{R}/{id}"), Some(&json!({ "name": "renamed" })));
    assert_eq!(change.json()["secretRotation"]["name"], "renamed");
    assert_eq!(read(&format!("/{id}")).json()["secretRotation"]["name"], "my-openrouter-rotation");
    assert_eq!((by_name("my-openrouter-rotation"), by_name("renamed")), (200, 404));
    let new = sample(json!({ "name": "new", "secretsMapping": { "apiKey": "NEW" } }));
    let made = send(&sim, "POST", R, Some(&new)).json();
    let new_id = made["secretRotation"]["id"].as_str().unwrap();
    assert_eq!((read(&format!("/{new_id}")).status(), by_name("new"), listed()), (404, 404, 1));
    assert_eq!(send(&sim, "DELETE", &format!("{R}/{id}"), None).status(), 200);
    assert_eq!((read(&format!("/{id}")).status(), listed()), (200, 1), "still visible");
    sim.advance(LONG);
    assert_eq!((read(&format!("/{id}")).status(), read(&format!("/{new_id}")).status()), (404, 200));
    assert_eq!((by_name("renamed"), listed()), (404, 1));
}

/// What is checked again before something is stored does not lag.
#[test]
fn checks_of_writes_lag_behind_and_what_is_stored_does_not() {
    let sim = Simulator::start(Options::default()).unwrap();
    let id = id(&create(&sim));
    sim.set_check_lag(LONG);
    let change = || send(&sim, "PATCH", &format!("{R}/{id}"), Some(&json!({ "description": "x" })));
    assert_eq!((rotate(&sim, &id).status(), change().status()), (404, 404), "too young to be visible");
    assert!(change().json()["message"].as_str().unwrap().ends_with(&format!("Rotation with ID {id}")));
    // Nothing seems to be there, so a key is issued before the secret is found.
    assert_eq!((refusal(&create(&sim)).0, sim.orphaned_keys().len()), (400, 1));
    sim.advance(LONG);
    assert_eq!((change().status(), refusal(&create(&sim)).0, sim.orphaned_keys().len()), (200, 400, 1));
    assert_eq!(send(&sim, "DELETE", &format!("{R}/{id}?deleteSecrets=true"), None).status(), 200);
    assert!(refusal(&create(&sim)).2.contains("already exists"), "still visible");
    sim.advance(LONG);
    assert_eq!(create(&sim).status(), 200);
}

#[test]
fn the_server_repeats_its_request_for_a_key_three_times_and_each_lost_response_leaves_a_key() {
    for (lost, status, left) in [(3, 200, 3), (4, 400, 4)] {
        let sim = Simulator::start(Options::default()).unwrap();
        sim.lose_openrouter_responses(lost);
        assert_eq!((create(&sim).status(), sim.orphaned_keys().len()), (status, left));
    }
    let sim = Simulator::start(Options::default()).unwrap();
    let id = id(&create(&sim));
    sim.lose_openrouter_responses(4);
    let message = format!("{BLAMED}Failed to create OpenRouter API key: socket hang up");
    assert_eq!(refusal(&rotate(&sim, &id)), expected(500, "InternalServerError", &message));
    assert_eq!((sim.orphaned_keys().len(), sim.rotation(&id).unwrap()["activeIndex"].clone()), (4, json!(0)));
}

#[test]
fn a_delete_may_revoke_the_key_in_use_and_fail_at_the_other_one() {
    let sim = Simulator::start(Options::default()).unwrap();
    let id = id(&create(&sim));
    rotate(&sim, &id);
    let before = sim.live_keys();
    sim.set_revokes_only_the_key_in_use(true);
    let path = format!("{R}/{id}?deleteSecrets=true&revokeGeneratedCredentials=true");
    assert_eq!(send(&sim, "DELETE", &path, None).status(), 400);
    assert_eq!((sim.counts(), sim.live_keys()), (ONE, before[..1].to_vec()), "the key before is live");
    sim.set_revokes_only_the_key_in_use(false);
    assert_eq!(send(&sim, "DELETE", &path, None).status(), 200);
    assert_eq!(sim.counts(), Counts::default());
}
