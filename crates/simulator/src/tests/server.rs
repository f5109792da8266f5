//! The running simulator: its handle, the recorded requests, start and stop.

use std::{
    io::{ErrorKind, Read},
    net::TcpStream,
    sync::Mutex,
    time::Duration,
};

use secrecy::ExposeSecret;
use serde_json::json;

use super::{wire::send, *};
use crate::{Call, Fault, Simulator, StartError};

fn start() -> Simulator {
    Simulator::start(Options::default()).unwrap()
}

fn created(sim: &Simulator) -> String {
    let raw = send(sim, "POST", R, Some(&sample(json!({}))));
    raw.json()["secretRotation"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn requests_are_recorded_as_they_were_sent_but_without_secrets() {
    let sim = start();
    let limit: Value = serde_json::from_str("1.10").unwrap();
    let body = sample(json!({ "parameters": { "name": "k", "limit": limit } }));
    send(&sim, "POST", R, Some(&body));
    send(&sim, "GET", &format!("{R}?projectId={PROJECT_ID}&x=a%20b"), None);
    let login = json!({ "clientId": "c", "clientSecret": "hush" });
    wire::send_as(&sim, "wrong", "POST", "/api/v1/auth/universal-auth/login", Some(&login));
    let requests = sim.requests();
    let [create, list, login] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((create.call, create.method.as_str(), create.path.as_str()), (Call::Create, "POST", R));
    assert_eq!((create.body.as_ref(), create.status, create.authorized), (Some(&body), Some(200), true));
    assert_eq!(create.body.as_ref().unwrap()["parameters"]["limit"].to_string(), "1.10", "as it was sent");
    assert_eq!((list.call, list.query["x"].as_str(), &list.body), (Call::List, "a b", &None));
    assert_eq!((login.call, login.authorized, login.status), (Call::Login, false, Some(401)));
    let printed = format!("{requests:?}");
    assert!(!printed.contains("hush") && !printed.contains(TOKEN), "{printed}");
    sim.clear_requests();
    assert!(sim.requests().is_empty());
}

#[test]
fn changes_in_the_console_are_visible_through_the_api() {
    let sim = start();
    let id = created(&sim);
    let due = sim.rotation(&id).unwrap()["nextRotationAt"].clone();
    sim.edit(&id, |rotation| {
        rotation.name = "renamed".into();
        rotation.secret_name = "RENAMED".into();
        rotation.rotation_interval = 1.0;
        rotation.listed = false;
    })
    .unwrap();
    let read = send(&sim, "GET", &format!("{R}/{id}"), None).json();
    assert_eq!(check_response(&read), Vec::<String>::new());
    assert_eq!(
        (&read["secretRotation"]["name"], &read["secretRotation"]["rotationInterval"]),
        (&json!("renamed"), &json!(1))
    );
    assert_eq!(sim.rotation(&id).unwrap(), read["secretRotation"]);
    assert_ne!(read["secretRotation"]["nextRotationAt"], due, "the schedule is updated");
    assert_eq!(sim.secrets()[0].name, "RENAMED");
    let list = send(&sim, "GET", &format!("{R}?projectId={PROJECT_ID}"), None).json();
    assert_eq!(list["secretRotations"], json!([]), "not listed");
    assert_eq!(sim.rotations().len(), 1);
}

#[test]
fn a_scheduled_rotation_replaces_the_key_and_updates_the_rotation() {
    let sim = start();
    let id = created(&sim);
    let before = sim.secrets()[0].value.expose_secret().to_owned();
    sim.rotate(&id).unwrap();
    let after = sim.rotation(&id).unwrap();
    assert_eq!((&after["activeIndex"], &after["isLastRotationManual"]), (&json!(1), &json!(false)));
    assert!(after["lastRotationJobId"].is_string());
    assert_ne!(sim.secrets()[0].value.expose_secret(), before);
    assert_eq!((sim.counts().live_keys, sim.issued_keys(), sim.live_keys().len()), (2, 2, 2));
}

#[test]
fn forgetting_a_rotation_removes_its_secret_and_keys() {
    let sim = start();
    let id = created(&sim);
    sim.forget(&id).unwrap();
    assert_eq!(sim.counts(), crate::Counts::default());
    for unknown in [sim.forget(&id), sim.rotate(&id), sim.edit(&id, |_| ())] {
        assert_eq!(unknown.unwrap_err().to_string(), format!("the simulator has no rotation {id:?}"));
    }
}

#[test]
fn projects_environments_and_folders_can_be_added() {
    let sim = start();
    let project = sim.add_project();
    sim.add_environment(&project, "qa").unwrap();
    sim.add_folder(&project, "qa", "/deep/er").unwrap();
    let connection = sim.add_connection("another");
    let body = sample(json!({
        "projectId": project, "environment": "qa", "secretPath": "/deep/er", "connectionId": connection
    }));
    sim.add_secret(&project, "qa", "/deep/er", "OPEN_ROUTER_API_KEY").unwrap();
    assert_eq!(send(&sim, "POST", R, Some(&body)).status(), 400, "the secret already exists");
    let mut body = body;
    body["secretsMapping"]["apiKey"] = json!("FREE");
    assert_eq!(send(&sim, "POST", R, Some(&body)).status(), 200);
    assert!(sim.add_secret(&project, "qa", "/missing", "X").is_err());
    for path in ["/", "/app", "/app/nested"] {
        let at = json!({ "name": format!("n{}", path.len()), "environment": "staging", "secretPath": path });
        assert_eq!(send(&sim, "POST", R, Some(&sample(at))).status(), 200, "{path}");
    }
}

#[test]
fn the_contents_page_shows_names_but_no_keys() {
    let sim = start();
    created(&sim);
    let raw = send(&sim, "GET", "/simulator", None);
    let view = raw.json();
    assert_eq!(view["rotations"][0]["name"], "my-openrouter-rotation");
    assert_eq!(view["secrets"][0]["name"], "OPEN_ROUTER_API_KEY");
    assert_eq!(view["liveKeys"][0]["limit"], 100);
    assert!(!String::from_utf8(raw.body).unwrap().contains("sim-or-v1-"));
    assert_eq!(sim.requests().len(), 1, "the request for the page is not recorded");
    let console = send(&sim, "GET", "/", None);
    assert_eq!((console.status(), console.header("content-type")), (200, Some("text/html; charset=utf-8")));
}

#[test]
fn the_date_header_follows_the_simulators_clock() {
    let sim = start();
    let date = || httpdate::parse_http_date(send(&sim, "GET", C, None).header("date").unwrap()).unwrap();
    let before = date();
    sim.advance(Duration::from_secs(86_400));
    assert!(date().duration_since(before).unwrap() >= Duration::from_secs(86_400));
}

#[test]
fn dropping_the_simulator_closes_its_connections() {
    let sim = start();
    let mut idle = TcpStream::connect(sim.url().strip_prefix("http://").unwrap()).unwrap();
    idle.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    drop(sim);
    // The connection is closed, or reset if the server had not accepted it yet. It does not time out.
    match idle.read(&mut [0]) {
        Ok(read) => assert_eq!(read, 0),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
}

#[test]
fn the_error_for_a_port_in_use_names_the_port() {
    let sim = start();
    let port: u16 = sim.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Simulator::start(Options { port, ..Options::default() }).err().unwrap();
    assert!(matches!(error, StartError::Listen { .. }));
    assert!(error.to_string().starts_with(&format!("cannot listen on 127.0.0.1:{port}: ")), "{error}");
}

#[test]
fn the_readme_contains_all_constants_and_calls_and_its_faults_are_valid() {
    let readme = include_str!("../../README.md");
    let seeded = [PROJECT_ID, CONNECTION_ID, TOKEN, crate::IDENTITY_ID, crate::JWT, crate::PROVISIONING_KEY_PREFIX];
    for word in seeded.into_iter().chain([crate::CLIENT_ID, crate::CLIENT_SECRET]).chain(Call::names()) {
        assert!(readme.contains(&format!("`{word}`")), "{word}");
    }
    for line in readme.lines().filter(|line| line.starts_with("--fault ")) {
        let fault = line.split_whitespace().nth(1).unwrap();
        assert!(fault.parse::<crate::Fault>().is_ok(), "{fault}");
    }
}

static LOGGED: Mutex<Vec<Option<u16>>> = Mutex::new(Vec::new());

fn log(request: &crate::RecordedRequest) {
    LOGGED.lock().unwrap().push(request.status);
}

#[test]
fn options_apply_from_the_start_and_each_request_is_logged() {
    let sim = Simulator::start(Options {
        token: "other".into(),
        rate_limit: Some(1),
        faults: vec![Fault::drop_before(Call::ConnectionList).times(1)],
        log: Some(log),
        ..Options::default()
    })
    .unwrap();
    assert_eq!(sim.token(), "other");
    assert!(send(&sim, "GET", C, None).is_nothing(), "the fault");
    assert_eq!(send(&sim, "GET", C, None).status(), 429, "the rate limit");
    // Dropping the simulator ends its thread, so nothing is logged after that.
    drop(sim);
    assert_eq!(*LOGGED.lock().unwrap(), [None, Some(429)]);
}

#[test]
fn tests_can_expire_and_revoke_tokens_and_refuse_the_plan() {
    let sim = start();
    let login = || {
        let body = json!({ "clientId": sim.client_id(), "clientSecret": sim.client_secret() });
        let answer = send(&sim, "POST", "/api/v1/auth/universal-auth/login", Some(&body)).json();
        (answer["accessToken"].as_str().unwrap().to_owned(), answer["expiresIn"].clone())
    };
    let status = |token: &str| wire::send_as(&sim, token, "GET", C, None).status();
    let (token, _) = login();
    assert_eq!(status(&token), 200);
    sim.expire_tokens();
    assert_eq!(status(&token), 403);
    let (token, _) = login();
    sim.revoke_tokens();
    assert_eq!(status(&token), 401);
    sim.set_token_ttl(Duration::from_secs(90));
    let (token, seconds) = login();
    assert_eq!(seconds, 90);
    sim.advance(Duration::from_secs(91));
    assert_eq!(status(&token), 403);
    let list = || send(&sim, "GET", &format!("{R}?projectId={PROJECT_ID}"), None).status();
    sim.refuse_plan(true);
    assert_eq!(list(), 400);
    sim.refuse_plan(false);
    assert_eq!(list(), 200);
}
