//! Where a provisioning key is stored, and that it appears nowhere else.

use serde_json::json;
use simulator::{Call, Fault, Simulator};
use xtask::cores::Feature;

use crate::support::connection::{connection, made, start};
use crate::support::cores::core;
use crate::support::story::{Needle, Story};

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
fn run_all_commands(simulator: &Simulator, story: &mut Story, second: &str) {
    story.well(&["validate", "-no-color"]);
    story.well(&["plan", "-input=false", "-no-color", "-out=plan.bin"]);
    story.well(&["show", "-json", "plan.bin"]);
    story.well(&["apply", "-input=false", "-no-color", "plan.bin"]);
    story.well(&["show", "-no-color"]);
    story.workspace.rewrite(second);
    for fault in refusals_with_the_key() {
        simulator.fault(fault.times(1));
        story.badly(&APPLY, "Cannot update the connection");
    }
    story.well(&APPLY);
    story.well(&["plan", "-input=false", "-no-color"]);
    story.well(&DESTROY);
    assert_eq!(made(simulator).len(), 0);
    let log = story.workspace.read("core.log");
    assert!(log.contains("API call: ") && log.contains("[TRACE]"), "everything is logged");
}

fn variables(more: &str) -> String {
    ["first", "second"].map(|name| format!("variable \"{name}\" {{\n  sensitive = true\n{more}}}\n")).concat()
}

fn story(configuration: &str) -> (Simulator, Story) {
    let (simulator, workspace) = start(configuration);
    let workspace = workspace.env("TF_VAR_first", FIRST).env("TF_VAR_second", SECOND);
    (simulator, Story::new(workspace))
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
    let (simulator, mut story) = story(&with("first", "1"));
    run_all_commands(&simulator, &mut story, &with("second", "2"));
    let needle = |text: &str| Needle { what: "a write-only key", text: text.to_owned() };
    story.assert_hidden(&[needle(FIRST), needle(SECOND)]);
    assert!(!story.found(simulator.project_id()).is_empty());
}

#[test]
fn a_stored_key_is_only_in_states_and_saved_plans() {
    let with = |name: &str| format!("{}{}", variables(""), connection(&[("api_key", &format!("var.{name}"))]));
    let (simulator, mut story) = story(&with("first"));
    run_all_commands(&simulator, &mut story, &with("second"));
    for key in [FIRST, SECOND] {
        let found = story.found(key);
        let stored = |place: &String| place.starts_with("terraform.tfstate") || place.starts_with("plan.bin!");
        // The output of `show -json` contains sensitive values, too.
        let shown = |place: &String| place.ends_with("show -json plan.bin");
        assert!(found.iter().any(stored), "{found:?}");
        assert!(found.iter().all(|place| stored(place) || shown(place)), "{found:?}");
    }
}
