//! Where a provisioning key is, and where it isn't.

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

/// Answers that refuse a change and repeat the key that it brought.
fn telltale_answers() -> [Fault; 5] {
    let refusal = |status: u16, message: serde_json::Value| {
        let body = json!({"reqId": "req-TESTONLY", "statusCode": status, "error": "Told", "message": message});
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

/// Plans, applies, is refused, and destroys; the keys are only in variables.
fn play(simulator: &Simulator, story: &mut Story, second: &str) {
    story.well(&["validate", "-no-color"]);
    story.well(&["plan", "-input=false", "-no-color", "-out=plan.bin"]);
    story.well(&["show", "-json", "plan.bin"]);
    story.well(&["apply", "-input=false", "-no-color", "plan.bin"]);
    story.well(&["show", "-no-color"]);
    story.workspace.rewrite(second);
    for fault in telltale_answers() {
        simulator.fault(fault.times(1));
        story.badly(&APPLY, "Cannot update the connection");
    }
    story.well(&APPLY);
    story.well(&["plan", "-input=false", "-no-color"]);
    story.well(&DESTROY);
    assert_eq!(made(simulator).len(), 0);
    let log = story.workspace.read("core.log");
    assert!(log.contains("API call: ") && log.contains("[TRACE]"), "all is logged");
}

fn variables(more: &str) -> String {
    ["first", "second"].map(|name| format!("variable \"{name}\" {{\n  sensitive = true\n{more}}}\n")).concat()
}

fn story(configuration: &str) -> (Simulator, Story) {
    let (simulator, workspace) = start(configuration);
    let workspace = workspace.env("TF_VAR_first", FIRST).env("TF_VAR_second", SECOND);
    (simulator, Story::new(workspace))
}

/// The control is the next test, in which the same search finds the same keys.
#[test]
fn a_write_only_key_is_in_no_plan_state_log_or_error() {
    if !core().supports(Feature::WriteOnly) {
        return; // refused there, as another test shows
    }
    let with = |name: &str, version: &str| {
        let key = format!("var.{name}");
        let attributes = [("api_key_wo", key.as_str()), ("api_key_wo_version", version)];
        format!("{}{}", variables("  ephemeral = true\n"), connection(&attributes))
    };
    let (simulator, mut story) = story(&with("first", "1"));
    play(&simulator, &mut story, &with("second", "2"));
    let needle = |text: &str| Needle { what: "a write-only key", text: text.to_owned() };
    story.assert_hidden(&[needle(FIRST), needle(SECOND)]);
    assert!(!story.found(simulator.project_id()).is_empty());
}

/// The key that users choose to store is in the state and in saved plans, and nowhere else.
#[test]
fn a_stored_key_is_in_states_and_saved_plans_alone() {
    let with = |name: &str| format!("{}{}", variables(""), connection(&[("api_key", &format!("var.{name}"))]));
    let (simulator, mut story) = story(&with("first"));
    play(&simulator, &mut story, &with("second"));
    for key in [FIRST, SECOND] {
        let found = story.found(key);
        let stored = |place: &String| place.starts_with("terraform.tfstate") || place.starts_with("plan.bin!");
        // `show -json` of a saved plan is for machines, and holds what is sensitive, too.
        let shown = |place: &String| place.ends_with("show -json plan.bin");
        assert!(found.iter().any(stored), "{found:?}");
        assert!(found.iter().all(|place| stored(place) || shown(place)), "{found:?}");
    }
}
