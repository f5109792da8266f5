//! Many rotations with a real core need few calls, and none is lost.

use std::collections::BTreeSet;

use simulator::{Call, Counts, Fault, Handle, Options, Simulator};
use xtask::say;

use crate::support::cores::core;
use crate::support::rotation::{rotations, start};
use crate::support::terraform::Workspace;

/// The number of requests for each call, such as `1 read, 1 list`.
fn calls(simulator: &Handle) -> String {
    let requests = simulator.requests();
    let calls: BTreeSet<Call> = requests.iter().map(|request| request.call).collect();
    let counted = calls.iter().map(|call| format!("{} {call}", requests.iter().filter(|r| r.call == *call).count()));
    counted.collect::<Vec<_>>().join(", ")
}

/// Refreshes 300 rotations and prints the number of calls.
fn refresh(simulator: &Handle, workspace: &Workspace) {
    simulator.clear_requests();
    workspace.assert_empty_plan();
    let requests = simulator.requests();
    say::line(format_args!("300 rotations are refreshed with {} calls: {}", requests.len(), calls(simulator)));
    assert!(requests.len() <= 8, "at most 8 calls: {}", calls(simulator));
    let refused = requests.iter().filter(|request| request.status == Some(429)).count();
    assert_eq!(refused, 0, "no call is refused");
}

#[test]
fn three_hundred_rotations_are_refreshed_with_at_most_eight_calls_even_at_sixty_a_minute() {
    let (simulator, workspace) = start(&rotations(300));
    workspace.apply();
    refresh(&simulator, &workspace);
    simulator.set_rate_limit(Some(60));
    refresh(&simulator, &workspace);
}

/// One call in ten fails, with each kind of failure equally often.
///
/// The API's own failures are limited in number: a create or a rotation that they hit is left to the next apply, and with enough
/// objects one of them would be hit in each of three applies.
fn every_tenth_call_fails() -> Vec<Fault> {
    let faults = [
        Fault::drop_before(Call::Any),
        Fault::drop_after(Call::Any),
        Fault::status(Call::Any, 500).times(20),
        Fault::html(Call::Any, 502),
        Fault::truncate(Call::Any),
    ];
    faults.into_iter().zip(1..).map(|(fault, seed)| fault.chance(0.02, seed)).collect()
}

/// The maximum number of runs: a create or a rotation for which the API reports a failure is not repeated within a run.
const APPLIES: usize = 3;

/// The maximum number of runs for updates with rotations, each of which is three calls.
const UPDATES: usize = 6;

/// Runs the command until it succeeds. Returns the number of runs.
fn until_one_succeeds(workspace: &Workspace, command: &str, at_most: usize) -> usize {
    let run = || workspace.run([command, "-auto-approve", "-input=false", "-no-color", "-parallelism=20"]);
    let mut last = run();
    let mut runs = 1;
    while last.code != Some(0) {
        assert!(runs < at_most, "none of {at_most} runs succeeded; the last one:\n{last}");
        last = run();
        runs += 1;
    }
    runs
}

/// The number of creates for which the API reported a failure. These are not repeated, since the key may have been issued.
fn own_failures(simulator: &Handle) -> usize {
    let is_own = |fault: &str| matches!(fault, "status" | "fail-after-key");
    simulator.requests().iter().filter(|r| r.call == Call::Create && r.faults.iter().any(|fault| is_own(fault))).count()
}

#[test]
fn a_thousand_creates_with_every_tenth_call_failing_end_with_a_thousand_rotations() {
    const MANY: usize = 1_000;
    let mut faults = every_tenth_call_fails();
    faults.push(Fault::fail_after_key(Call::Create).chance(0.01, 99).times(10));
    let simulator = Simulator::start(Options { faults, ..Options::default() }).unwrap();
    let workspace = Workspace::new(core()).on(&simulator).config(&rotations(MANY));
    workspace.init();
    let applies = until_one_succeeds(&workspace, "apply", APPLIES);

    let struck = simulator.requests().iter().filter(|request| !request.faults.is_empty()).count();
    let (issued, own) = (simulator.issued_keys(), own_failures(&simulator));
    say::line(format_args!(
        "{MANY} creates in {applies} applies: {}; {struck} of them failed, {own} by the API itself; {issued} keys issued",
        calls(&simulator)
    ));
    assert!(struck * 20 > simulator.requests().len(), "only {struck} calls failed");
    let counts = simulator.counts();
    assert_eq!((counts.rotations, counts.secrets), (MANY, MANY));
    assert!(issued <= MANY + own, "{issued} keys for {MANY} rotations and {own} failures of the API itself");
    let ids: BTreeSet<_> = workspace.resources().iter().map(|resource| resource["values"]["id"].to_string()).collect();
    let there: BTreeSet<_> = simulator.rotations().iter().map(|rotation| rotation["id"].to_string()).collect();
    assert!(ids == there && ids.len() == MANY, "{} in the state, {} in the simulator", ids.len(), there.len());
    simulator.clear_faults();
    workspace.assert_empty_plan();
}

#[test]
fn with_every_tenth_call_failing_each_of_a_hundred_is_changed_once_rotated_once_and_destroyed() {
    const MANY: usize = 100;
    let (simulator, workspace) = start(&rotations(MANY));
    workspace.apply();
    every_tenth_call_fails().into_iter().for_each(|fault| simulator.fault(fault));
    simulator.clear_requests();

    let changed = "rotation_interval = 7\n  rotation_triggers = { number = \"1\" }";
    workspace.rewrite(&rotations(MANY).replace("rotation_interval = 30", changed));
    until_one_succeeds(&workspace, "apply", UPDATES);
    assert_eq!(simulator.issued_keys(), 2 * MANY, "each key is replaced once");
    let changed = |rotation: &&serde_json::Value| rotation["rotationInterval"] == 7 && rotation["activeIndex"] == 1;
    assert_eq!(simulator.rotations().iter().filter(changed).count(), MANY);
    workspace.assert_empty_plan();

    until_one_succeeds(&workspace, "destroy", APPLIES);
    say::line(format_args!("{MANY} updates, rotations and deletes: {}", calls(&simulator)));
    assert_eq!(simulator.counts(), Counts { rotations: 0, secrets: 0, live_keys: 0 });
    assert!(workspace.resources().is_empty());
}
