//! The action that rotates a key, invoked with `-invoke` and by a trigger. Each invocation issues one key at most; faults are in
//! `acceptance_faults`.

#[cfg(target_os = "linux")]
mod stop;
mod triggers;

use simulator::Simulator;
use xtask::cores::Feature;

use crate::support::cores::core;
use crate::support::rotation::{only, only_id, rotation, start};
use crate::support::terraform::{Output, Workspace};

const INVOKE: [&str; 5] =
    ["apply", "-auto-approve", "-input=false", "-no-color", "-invoke=action.infisical_openrouter_rotate.app"];

fn action(rotation_id: &str) -> String {
    format!("action \"infisical_openrouter_rotate\" \"app\" {{\n  config {{ rotation_id = {rotation_id} }}\n}}\n")
}

/// A simulator with a rotation, and a workspace with an action for it; `None` on a core without actions, whose error is
/// checked.
fn with_action() -> Option<(Simulator, Workspace)> {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    workspace.rewrite(&format!("{}{}", rotation(&[]), action(&format!("\"{id}\""))));
    if !core().supports(Feature::Actions) {
        let (issued, output) = issued_by(&simulator, || workspace.run(INVOKE).failed());
        assert!(issued == 0 && output.says("-invoke"), "the core has no such option\n{output}");
        return None;
    }
    Some((simulator, workspace))
}

/// The number of keys that were issued during the command, and its output.
fn issued_by(simulator: &Simulator, command: impl FnOnce() -> Output) -> (usize, Output) {
    let before = simulator.issued_keys();
    let output = command();
    (simulator.issued_keys() - before, output)
}

#[test]
fn an_invocation_rotates_once_and_reports_its_progress() {
    let Some((simulator, workspace)) = with_action() else { return };
    let (issued, output) = issued_by(&simulator, || workspace.run(INVOKE).succeeded());
    assert_eq!(issued, 1, "{output}");
    assert!(output.says("Asking Infisical to replace the key (active index 0"), "{output}");
    assert!(output.says("the active index was 0 and is now 1"), "{output}");
    assert_eq!(only(&simulator)["activeIndex"], 1);
    workspace.assert_empty_plan();
}

#[test]
fn a_rotation_that_does_not_exist_is_reported_at_rotation_id() {
    let Some((simulator, workspace)) = with_action() else { return };
    workspace.rewrite(&format!("{}{}", rotation(&[]), action("\"00000000-0000-4000-8000-000000000000\"")));
    let (issued, output) = issued_by(&simulator, || workspace.run(INVOKE).failed());
    assert_eq!(issued, 0);
    assert!(output.says("Check rotation_id"), "{output}");
}
