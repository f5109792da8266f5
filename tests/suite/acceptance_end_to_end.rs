//! The example `end-to-end`: the keys are passed to a service and written to no file, and a destroy leaves nothing behind.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use simulator::{Handle, Options, Simulator};
use xtask::cores::{Feature, Product, Version};
use xtask::provider::REQUIRED;

use crate::support::cores::core;
use crate::support::recording::{HiddenText, Recording};
use crate::support::rotation::counts;
use crate::support::terraform::Workspace;

const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];
const TEAMS: [&str; 3] = ["billing", "search", "support"];

/// A provisioning key that the simulator accepts.
const PROVISIONING_KEY: &str = "sim-provisioning-4e1d";

/// A web service with basic authentication, which records the names and passwords of its users.
struct Service {
    url: String,
    signed_in: Arc<Mutex<Vec<(String, String)>>>,
}

impl Service {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let signed_in = Arc::new(Mutex::new(Vec::new()));
        let seen = signed_in.clone();
        thread::spawn(move || listener.incoming().for_each(|stream| serve(stream.unwrap(), &seen)));
        Self { url, signed_in }
    }

    /// The names and passwords of the users who signed in since the last call, sorted by name.
    fn signed_in(&self) -> Vec<(String, String)> {
        let mut all = std::mem::take(&mut *self.signed_in.lock().unwrap());
        all.sort();
        all
    }
}

fn serve(mut stream: TcpStream, signed_in: &Mutex<Vec<(String, String)>>) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let basic = head.iter().find_map(|line| line.strip_prefix("Authorization: Basic "));
    let status = match basic.and_then(|text| STANDARD.decode(text).ok()).and_then(|bytes| String::from_utf8(bytes).ok())
    {
        Some(credentials) => {
            let (user, password) = credentials.split_once(':').unwrap();
            signed_in.lock().unwrap().push((user.to_owned(), password.to_owned()));
            "204 No Content"
        }
        None => "401 Unauthorized",
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
}

fn example(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/end-to-end").join(file)).unwrap()
}

/// A workspace with these files of the example, and with the variables that they need.
fn workspace(simulator: &Handle, service: &Service, files: &[&str]) -> Workspace {
    let workspace = Workspace::new(core())
        .on(simulator)
        .env("TF_VAR_provisioning_key", PROVISIONING_KEY)
        .env("TF_VAR_environment", "dev")
        .env("TF_VAR_service_url", &service.url);
    for file in files {
        workspace.write(file, &example(file));
    }
    workspace
}

/// The value of each team's secret, in which its key is stored.
fn stored_keys(simulator: &Handle) -> Vec<(String, String)> {
    let of = |team: &&str| {
        let name = format!("OPENROUTER_API_KEY_{}", team.to_uppercase());
        let secret = simulator.secrets().into_iter().find(|secret| secret.name == name).unwrap();
        ((*team).to_owned(), secret.value.expose_secret().to_owned())
    };
    TEAMS.iter().map(of).collect()
}

fn supports_all() -> bool {
    [Feature::Ephemeral, Feature::WriteOnly].into_iter().all(|feature| core().supports(feature))
        && (core().product == Product::OpenTofu || core().version >= Version(1, 11, 0))
}

#[test]
fn every_key_is_passed_to_the_service_and_written_to_no_file() {
    let simulator = Simulator::start(Options::default()).unwrap();
    let service = Service::start();
    let has_actions = core().supports(Feature::Actions);
    let files = ["main.tf", "variables.tf", "outputs.tf", "handover.py"];
    let workspace = workspace(&simulator, &service, &files);
    if !supports_all() {
        workspace.run(["init", "-input=false", "-no-color"]).failed();
        return;
    }
    if has_actions {
        workspace.write("actions.tf", &example("actions.tf"));
        workspace.write("rotations.tfquery.hcl", &example("rotations.tfquery.hcl"));
    }
    workspace.init();
    let connections_before = simulator.connections().len();
    let mut recording = Recording::new(workspace);

    recording.succeeds(&APPLY);
    assert_eq!(service.signed_in(), stored_keys(&simulator), "each team has its own key");
    assert!(recording.workspace.plan().is_empty_plan());

    if has_actions {
        let before = stored_keys(&simulator);
        recording.succeeds(&[&APPLY[..], &["-invoke=action.infisical_openrouter_rotate.team[\"search\"]"]].concat());
        recording.succeeds(&APPLY);
        let now = stored_keys(&simulator);
        let changed: Vec<_> = now.iter().filter(|key| !before.contains(key)).cloned().collect();
        assert_eq!(changed.len(), 1);
        assert_eq!(service.signed_in(), changed, "only the rotated key is passed on");
        assert!(recording.workspace.plan().is_empty_plan());
        recording.succeeds(&["query", "-no-color", "-generate-config-out=found.tf"]);
        assert_imports_without_changes(&simulator, &recording.workspace.read("found.tf"));
    }

    let destroy = ["destroy", "-auto-approve", "-input=false", "-no-color"];
    recording.succeeds(&destroy);
    assert_eq!(simulator.counts(), counts(0, 0, 0));
    assert_eq!(simulator.connections().len(), connections_before);

    let handed_out = simulator.secrets_handed_out();
    let mut hidden: Vec<_> =
        handed_out.iter().map(|secret| HiddenText { what: "a key", text: secret.expose_secret().to_owned() }).collect();
    hidden.push(HiddenText { what: "the provisioning key", text: PROVISIONING_KEY.to_owned() });
    assert!(hidden.len() > TEAMS.len());
    recording.assert_hidden(&hidden);
    assert!(!recording.found("search-openrouter-key").is_empty(), "the search finds other values");
}

/// Asserts that the configuration that the query generated imports all rotations into another state without changes.
fn assert_imports_without_changes(simulator: &Handle, found: &str) {
    let second = Workspace::new(core())
        .on(simulator)
        .file("main.tf", &format!("{REQUIRED}\nprovider \"infisical\" {{}}\n"))
        .file("found.tf", found);
    second.init();
    let output = second.apply();
    assert!(output.says("3 imported, 0 added, 0 changed, 0 destroyed"), "{output}\n{found}");
    second.assert_empty_plan();
    let imported = second.resources();
    let mut names: Vec<_> = imported.iter().filter_map(|resource| resource["values"]["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, TEAMS.map(|team| format!("{team}-openrouter-key")));
    assert!(imported.iter().all(|resource| resource["values"]["rotation_triggers"] == Value::Null));
}
