//! Ctrl-C, and a core or a provider that is killed: the results of pending calls are awaited and saved, no new call is
//! sent, no process is left running, and the next apply reports what is missing in the state.

use std::collections::BTreeSet;
use std::time::Duration;

use simulator::{Call, Counts, Fault, Handle, RetryAfter};

use crate::support::process::{none_remains, providers, signal_providers, until};
use crate::support::requests::count;
use crate::support::rotation::{APP, only, rotation, rotations, start};
use crate::support::terraform::{Running, Workspace};

/// More than the number of concurrent calls, so that some have to wait.
const MANY: usize = 12;
/// The number of concurrent calls of the provider.
const AT_ONCE: usize = 8;
/// The delay of responses, which is long enough for a stop to arrive first.
const DELAY: Duration = Duration::from_secs(5);

const APPLY: [&str; 5] = ["apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=20"];
const DESTROY: [&str; 5] = ["destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=20"];
const PLAN: [&str; 4] = ["plan", "-input=false", "-no-color", "-parallelism=20"];

/// How a user (Ctrl-C) and a program stop a core in an orderly way.
const INTERRUPTS: [fn(&Running); 2] = [Running::interrupt_all, Running::interrupt];

#[track_caller]
fn until_sent(simulator: &Handle, call: Call, times: usize) {
    until(&format!("{times} requests for {call:?}"), || count(simulator, call) >= times);
}

/// The ids of the rotations in the state, and those at the server.
fn ids(simulator: &Handle, workspace: &Workspace) -> (BTreeSet<String>, BTreeSet<String>) {
    let id = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
    let in_state = workspace.resources().iter().map(|resource| id(&resource["values"])).collect();
    (in_state, simulator.rotations().iter().map(id).collect())
}

/// Asserts that the state and the server have the same number of rotations with the same ids, and that the server has one
/// secret for each and `keys` live keys in total.
#[track_caller]
fn assert_consistent(simulator: &Handle, workspace: &Workspace, rotations: usize, keys: usize) {
    let (in_state, at_server) = ids(simulator, workspace);
    assert_eq!(in_state, at_server, "the ids in the state and at the server");
    assert_eq!(simulator.counts(), Counts { rotations, secrets: rotations, live_keys: keys });
}

#[test]
fn an_interrupt_during_a_plan_cancels_slow_reads() {
    for interrupt in INTERRUPTS {
        let (simulator, workspace) = start(&rotations(MANY));
        workspace.apply();
        simulator.fault(Fault::delay(Call::Any, Duration::from_secs(600)));
        simulator.clear_requests();
        let plan = workspace.spawn(PLAN);
        // The first rotation is read by id, the second requests the list, and the others wait for the list.
        until("two requests", || simulator.requests().len() >= 2);
        interrupt(&plan);
        let plan = plan.wait().failed();
        assert!(plan.says("Interrupt received"), "{plan}");
        assert!(plan.says("Terraform was asked to stop"), "{plan}");
        none_remains(&workspace);
        assert_eq!(simulator.requests().len(), 2, "no new call is sent\n{plan}");
        simulator.clear_faults();
        workspace.assert_empty_plan();
        assert_consistent(&simulator, &workspace, MANY, MANY);
    }
}

#[test]
fn an_interrupt_during_an_apply_saves_the_results_of_pending_calls_and_sends_no_new_ones() {
    for interrupt in INTERRUPTS {
        let (simulator, workspace) = start(&rotations(MANY));
        simulator.fault(Fault::delay(Call::Create, DELAY));
        let apply = workspace.spawn(APPLY);
        until_sent(&simulator, Call::Create, AT_ONCE);
        interrupt(&apply);
        let apply = apply.wait().failed();
        assert!(apply.says("Interrupt received"), "{apply}");
        none_remains(&workspace);
        assert_eq!(count(&simulator, Call::Create), AT_ONCE, "no new call is sent\n{apply}");
        assert_consistent(&simulator, &workspace, AT_ONCE, AT_ONCE);
        simulator.clear_faults();
        workspace.apply();
        workspace.assert_empty_plan();
        assert_consistent(&simulator, &workspace, MANY, MANY);
    }
}

#[test]
fn an_interrupt_during_a_destroy_removes_exactly_what_was_deleted_from_the_state() {
    let (simulator, workspace) = start(&rotations(MANY));
    workspace.apply();
    simulator.fault(Fault::delay(Call::Delete, DELAY));
    let destroy = workspace.spawn(DESTROY);
    until_sent(&simulator, Call::Delete, AT_ONCE);
    destroy.interrupt_all();
    let destroy = destroy.wait().failed();
    none_remains(&workspace);
    assert_eq!(count(&simulator, Call::Delete), AT_ONCE, "no new call is sent\n{destroy}");
    assert_consistent(&simulator, &workspace, MANY - AT_ONCE, MANY - AT_ONCE);
    simulator.clear_faults();
    workspace.destroy();
    assert_consistent(&simulator, &workspace, 0, 0);
}

/// The change is made and saved, and only the rotation that should follow it is missing.
#[test]
fn an_interrupt_between_a_change_and_its_rotation_leaves_the_rotation_to_the_next_apply() {
    let (simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ by = "first" }"#)]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ by = "second" }"#), ("rotation_interval", "7")]));
    simulator.fault(Fault::delay(Call::Update, DELAY));
    let apply = workspace.spawn(APPLY);
    until_sent(&simulator, Call::Update, 1);
    apply.interrupt_all();
    let apply = apply.wait().failed();
    assert!(apply.says("Terraform was asked to stop"), "{apply}");
    none_remains(&workspace);
    let state = workspace.state_of(APP);
    assert_eq!((&state["rotation_interval"], &state["rotation_triggers"]["by"]), (&7.into(), &"first".into()));
    assert_eq!(only(&simulator)["rotationInterval"], 7);
    assert_eq!(count(&simulator, Call::Rotate), 0, "no new call is sent");
    simulator.clear_faults();
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!((count(&simulator, Call::Rotate), simulator.issued_keys()), (1, 2));
    assert_consistent(&simulator, &workspace, 1, 2);
}

#[test]
fn an_interrupt_during_a_rotation_saves_the_rotation() {
    let (simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ by = "first" }"#)]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ by = "second" }"#)]));
    simulator.fault(Fault::delay(Call::Rotate, DELAY));
    let apply = workspace.spawn(APPLY);
    until_sent(&simulator, Call::Rotate, 1);
    apply.interrupt_all();
    apply.wait();
    none_remains(&workspace);
    assert_eq!(workspace.state_of(APP)["rotation_triggers"]["by"], "second");
    assert_eq!(workspace.state_of(APP)["last_rotated_at"], only(&simulator)["lastRotatedAt"]);
    simulator.clear_faults();
    workspace.assert_empty_plan();
    assert_eq!(simulator.issued_keys(), 2, "the key was replaced once");
}

/// The waits would take minutes: between attempts, and because the server asked for them with `Retry-After`.
#[test]
fn an_interrupt_ends_the_wait_before_a_retry() {
    let retry_later = |status| Fault::status(Call::Update, status).retry_after(RetryAfter::Seconds(50));
    // The command, the call that fails, its fault, and the number of attempts before the interrupt.
    let cases: [(&[&str], Call, Fault, usize); 5] = [
        (&PLAN, Call::Read, Fault::status(Call::Read, 503), 2),
        (&APPLY, Call::Update, Fault::html(Call::Update, 503), 2),
        (&DESTROY, Call::Delete, Fault::drop_before(Call::Delete), 2),
        (&APPLY, Call::Update, retry_later(503), 1),
        (&APPLY, Call::Update, retry_later(429), 1),
    ];
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("rotation_interval", "7")]));
    for (arguments, call, fault, attempts) in cases {
        simulator.fault(fault);
        simulator.clear_requests();
        let running = workspace.spawn(arguments);
        until_sent(&simulator, call, attempts);
        running.interrupt_all();
        let output = running.wait().failed();
        assert!(output.says("Terraform was asked to stop"), "{output}");
        none_remains(&workspace);
        simulator.clear_faults();
        assert_consistent(&simulator, &workspace, 1, 1);
    }
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(only(&simulator)["rotationInterval"], 7);
    assert_consistent(&simulator, &workspace, 1, 1);
}

#[test]
fn an_interrupt_while_a_create_waits_for_the_rate_limit_creates_nothing() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::status(Call::Create, 429).retry_after(RetryAfter::Seconds(100)));
    let apply = workspace.spawn(APPLY);
    until_sent(&simulator, Call::Create, 1);
    apply.interrupt_all();
    let apply = apply.wait().failed();
    assert!(apply.says("Terraform was asked to stop"), "{apply}");
    none_remains(&workspace);
    assert_consistent(&simulator, &workspace, 0, 0);
    simulator.clear_faults();
    workspace.apply();
    workspace.assert_empty_plan();
    assert_consistent(&simulator, &workspace, 1, 1);
}

/// After an interrupt, the provider does not look up whether the create succeeded.
#[test]
fn an_interrupted_create_without_a_response_is_reported_by_the_next_apply() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::delay(Call::Create, DELAY));
    simulator.fault(Fault::drop_after(Call::Create));
    let apply = workspace.spawn(APPLY);
    until_sent(&simulator, Call::Create, 1);
    apply.interrupt_all();
    let apply = apply.wait().failed();
    assert!(apply.says("Check in Infisical whether it exists"), "{apply}");
    none_remains(&workspace);
    simulator.clear_faults();
    let id = only(&simulator)["id"].as_str().unwrap().to_owned();
    let next = workspace.apply_expecting_failure();
    assert!(next.says(&format!("terraform import ADDRESS {id}")), "{next}");
    workspace.import(APP, &id);
    workspace.assert_empty_plan();
    assert_consistent(&simulator, &workspace, 1, 1);
}

/// Asserts that the errors of the next apply name each rotation that is missing in the state, and that importing them as
/// the errors suggest leads to an empty plan.
#[track_caller]
fn recover(simulator: &Handle, workspace: &Workspace, configuration: &str) {
    simulator.clear_faults();
    let created = simulator.rotations();
    let apply = workspace.apply_expecting_failure();
    let mut imports = String::new();
    for rotation in &created {
        let (id, name) = (rotation["id"].as_str().unwrap(), rotation["name"].as_str().unwrap());
        assert!(apply.says(&format!("already exists, with id {id}")), "{apply}");
        assert!(apply.says(&format!("terraform import ADDRESS {id}")), "{apply}");
        let index = name.trim_start_matches("key-");
        imports.push_str(&format!("import {{\n  to = {APP}[{index}]\n  id = {id:?}\n}}\n"));
    }
    assert_eq!(simulator.counts().rotations, MANY, "the others are created, and none twice\n{apply}");
    workspace.rewrite(&format!("{configuration}{imports}"));
    workspace.apply();
    workspace.assert_empty_plan();
    assert_consistent(simulator, workspace, MANY, MANY);
}

/// The core is killed before the server executes the calls, or after that and before it responds.
#[test]
fn a_provider_whose_core_is_killed_waits_for_its_pending_calls_and_ends() {
    let configuration = rotations(MANY);
    for fault in [Fault::delay(Call::Create, DELAY), Fault::delay(Call::Create, DELAY).after_commit()] {
        let (simulator, workspace) = start(&configuration);
        simulator.fault(fault);
        let mut apply = workspace.spawn(APPLY);
        until_sent(&simulator, Call::Create, AT_ONCE);
        apply.kill();
        apply.wait();
        until("the responses", || {
            let alive = !providers(&workspace).is_empty();
            // This is checked after the processes, so what is pending now was also pending then.
            let is_pending = simulator.requests().iter().any(|request| request.status.is_none());
            assert!(alive || !is_pending, "the provider waits for its responses");
            !is_pending
        });
        none_remains(&workspace);
        assert_eq!(count(&simulator, Call::Create), AT_ONCE, "no new call is sent");
        assert_eq!(simulator.counts().rotations, AT_ONCE);
        recover(&simulator, &workspace, &configuration);
    }
}

/// They change nothing, so the provider does not wait for them.
#[test]
fn a_provider_whose_core_is_killed_during_a_read_or_a_wait_ends_at_once() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let retry_later = Fault::status(Call::Read, 503).retry_after(RetryAfter::Seconds(50));
    for fault in [Fault::delay(Call::Read, Duration::from_secs(600)), retry_later] {
        simulator.fault(fault);
        simulator.clear_requests();
        let mut plan = workspace.spawn(PLAN);
        until_sent(&simulator, Call::Read, 1);
        assert!(!providers(&workspace).is_empty(), "the provider is running");
        plan.kill();
        plan.wait();
        none_remains(&workspace);
        assert_eq!(count(&simulator, Call::Read), 1, "no new call is sent");
        simulator.clear_faults();
    }
    workspace.assert_empty_plan();
}

#[test]
fn what_a_killed_provider_had_created_is_reported_by_the_next_apply() {
    let configuration = rotations(MANY);
    for fault in [Fault::delay(Call::Create, DELAY), Fault::delay(Call::Create, DELAY).after_commit()] {
        let (simulator, workspace) = start(&configuration);
        simulator.fault(fault);
        let apply = workspace.spawn(APPLY);
        until_sent(&simulator, Call::Create, AT_ONCE);
        signal_providers("KILL", &workspace);
        apply.wait().failed();
        none_remains(&workspace);
        until("the server to execute the creates", || simulator.counts().rotations == AT_ONCE);
        recover(&simulator, &workspace, &configuration);
    }
}
