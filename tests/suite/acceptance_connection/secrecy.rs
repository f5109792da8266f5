//! Where a provisioning key is stored, and that it appears nowhere else.

use serde_json::json;
use simulator::{Call, Fault, Simulator};
use xtask::cores::Feature;

use crate::support::connection::{connection, made, start};
use crate::support::cores::core;
use crate::support::recording::{HiddenText, Recording};

const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];
const DESTROY: [&str; 4] = ["destroy", "-auto-approve", "-input=false", "-no-color"];

const FIRST: &str = "sim-provisioning-hush-4e1d";
const SECOND: &str = "sim-provisioning-hush-7c2f";

/// Refusals of an update whose responses contain the key of the request.
fn refusals_with_the_key() -> [Fault; 5] {
    let refusal = |status: u16, message: serde_json::Value| {
        let body = json!({"reqId": "req-TESTONLY", "statusCode": status, "error": "Refused", "message": message});
        Fault::body(Call::ConnectionUpdate, status, body.to_string())
    };
    let issue = json!([{"code": "custom", "path": ["credentials", "apiKey"], "message": format!("not {SECOND}")}]);
    [
        refusal(400, json!(format!("Bad key {SECOND}"))),
        refusal(401, json!(format!("Bad key {SECOND}"))),
        refusal(422, issue),
        Fault::body(Call::ConnectionUpdate, 403, format!("<html><body>{SECOND}</body></html>")),
        Fault::redirect(Call::ConnectionUpdate, format!("http://127.0.0.1:9/?key={SECOND}")),
    ]
}

/// Plans, applies, updates with and without refusals, and destroys. The keys come from variables.
fn run_all_commands(simulator: &Simulator, recording: &mut Recording, second: &str) {
    recording.succeeds(&["validate", "-no-color"]);
    recording.succeeds(&["plan", "-input=false", "-no-color", "-out=plan.bin"]);
    recording.succeeds(&["show", "-json", "plan.bin"]);
    recording.succeeds(&["apply", "-input=false", "-no-color", "plan.bin"]);
    recording.succeeds(&["show", "-no-color"]);
    recording.workspace.rewrite(second);
    for fault in refusals_with_the_key() {
        simulator.fault(fault.times(1));
        recording.fails(&APPLY, "Cannot update the connection");
    }
    recording.succeeds(&APPLY);
    recording.succeeds(&["plan", "-input=false", "-no-color"]);
    recording.succeeds(&DESTROY);
    assert_eq!(made(simulator).len(), 0);
    let log = recording.workspace.read("core.log");
    assert!(log.contains("API call: ") && log.contains("[TRACE]"), "everything is logged");
}

fn variables(more: &str) -> String {
    ["first", "second"].map(|name| format!("variable \"{name}\" {{\n  sensitive = true\n{more}}}\n")).concat()
}

fn recording(configuration: &str) -> (Simulator, Recording) {
    let (simulator, workspace) = start(configuration);
    let workspace = workspace.env("TF_VAR_first", FIRST).env("TF_VAR_second", SECOND);
    (simulator, Recording::new(workspace))
}

/// The next test proves that the search finds keys.
#[test]
fn a_write_only_key_is_in_no_plan_state_log_or_error() {
    if !core().supports(Feature::WriteOnly) {
        return; // the provider refuses the key, as another test shows
    }
    let with = |name: &str, version: &str| {
        let key = format!("var.{name}");
        let attributes = [("api_key_wo", key.as_str()), ("api_key_wo_version", version)];
        format!("{}{}", variables("  ephemeral = true\n"), connection(&attributes))
    };
    let (simulator, mut recording) = recording(&with("first", "1"));
    run_all_commands(&simulator, &mut recording, &with("second", "2"));
    let hidden_text = |text: &str| HiddenText { what: "a write-only key", text: text.to_owned() };
    recording.assert_hidden(&[hidden_text(FIRST), hidden_text(SECOND)]);
    assert!(!recording.found(simulator.project_id()).is_empty());
}

#[test]
fn a_stored_key_is_only_in_states_and_saved_plans() {
    let with = |name: &str| format!("{}{}", variables(""), connection(&[("api_key", &format!("var.{name}"))]));
    let (simulator, mut recording) = recording(&with("first"));
    run_all_commands(&simulator, &mut recording, &with("second"));
    for key in [FIRST, SECOND] {
        let found = recording.found(key);
        let stored = |place: &String| place.starts_with("terraform.tfstate") || place.starts_with("plan.bin!");
        // The output of `show -json` contains sensitive values, too.
        let shown = |place: &String| place.ends_with("show -json plan.bin");
        assert!(found.iter().any(stored), "{found:?}");
        assert!(found.iter().all(|place| stored(place) || shown(place)), "{found:?}");
    }
}
