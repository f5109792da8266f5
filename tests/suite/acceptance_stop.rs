//! Ctrl-C, and a core or a provider that is killed: what was sent is awaited and saved, nothing new is sent, nothing
//! is left running, and what no state knows is named by the next apply.

use std::collections::BTreeSet;
use std::time::Duration;

use simulator::{Call, Counts, Fault, Handle, RetryAfter};

use crate::support::process::{none_remains, providers, signal_providers, until};
use crate::support::rotation::{APP, only, rotation, rotations, start};
use crate::support::terraform::{Running, Workspace};

/// More than the provider has calls under way at once, so that some wait for their turn.
const MANY: usize = 12;
/// So many calls are under way at once.
const AT_ONCE: usize = 8;
/// How late answers come: long enough for a stop to arrive first.
const LATE: Duration = Duration::from_secs(5);

const APPLY: [&str; 5] = ["apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=20"];
const DESTROY: [&str; 5] = ["destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=20"];
const PLAN: [&str; 4] = ["plan", "-input=false", "-no-color", "-parallelism=20"];

/// How a person or a program stops a core in an orderly way.
const INTERRUPTS: [fn(&Running); 2] = [Running::interrupt_all, Running::interrupt];

fn count(simulator: &Handle, call: Call) -> usize {
    simulator.requests().iter().filter(|request| request.call == call).count()
}

#[track_caller]
fn until_sent(simulator: &Handle, call: Call, times: usize) {
    until(&format!("sent {times} times: {call:?}"), || count(simulator, call) >= times);
}

/// The ids of the rotations in the state, and those at the server.
fn ids(simulator: &Handle, workspace: &Workspace) -> (BTreeSet<String>, BTreeSet<String>) {
    let id = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
    let in_state = workspace.resources().iter().map(|resource| id(&resource["values"])).collect();
    (in_state, simulator.rotations().iter().map(id).collect())
}

/// State and server have the same rotations, so many, each with one secret, and `keys` live keys in all.
#[track_caller]
fn agree(simulator: &Handle, workspace: &Workspace, rotations: usize, keys: usize) {
    let (in_state, at_server) = ids(simulator, workspace);
    assert_eq!(in_state, at_server, "state and server");
    assert_eq!(simulator.counts(), Counts { rotations, secrets: rotations, live_keys: keys });
}

#[test]
fn an_interrupt_during_a_plan_ends_slow_reads() {
    for interrupt in INTERRUPTS {
        let (simulator, workspace) = start(&rotations(MANY));
        workspace.apply();
        simulator.fault(Fault::delay(Call::Any, Duration::from_secs(600)));
        simulator.clear_requests();
        let plan = workspace.spawn(PLAN);
        // The first is read by id, the second asks for the list, and the others wait for that.
        until("asked", || simulator.requests().len() >= 2);
        interrupt(&plan);
        let plan = plan.wait().failed();
        assert!(plan.says("Interrupt received"), "{plan}");
        assert!(plan.says("Terraform was asked to stop"), "{plan}");
        none_remains(&workspace);
        assert_eq!(simulator.requests().len(), 2, "nothing new is sent\n{plan}");
        simulator.clear_faults();
        workspace.settled();
        agree(&simulator, &workspace, MANY, MANY);
    }
}

#[test]
fn an_interrupt_during_an_apply_saves_what_was_sent_and_sends_nothing_new() {
    for interrupt in INTERRUPTS {
        let (simulator, workspace) = start(&rotations(MANY));
        simulator.fault(Fault::delay(Call::Create, LATE));
        let apply = workspace.spawn(APPLY);
        until_sent(&simulator, Call::Create, AT_ONCE);
        interrupt(&apply);
        let apply = apply.wait().failed();
        assert!(apply.says("Interrupt received"), "{apply}");
        none_remains(&workspace);
        assert_eq!(count(&simulator, Call::Create), AT_ONCE, "nothing new is sent\n{apply}");
        agree(&simulator, &workspace, AT_ONCE, AT_ONCE);
        simulator.clear_faults();
        workspace.apply();
        workspace.settled();
        agree(&simulator, &workspace, MANY, MANY);
    }
}

#[test]
fn an_interrupt_during_a_destroy_forgets_exactly_what_was_deleted() {
    let (simulator, workspace) = start(&rotations(MANY));
    workspace.apply();
    simulator.fault(Fault::delay(Call::Delete, LATE));
    let destroy = workspace.spawn(DESTROY);
    until_sent(&simulator, Call::Delete, AT_ONCE);
    destroy.interrupt_all();
    let destroy = destroy.wait().failed();
    none_remains(&workspace);
    assert_eq!(count(&simulator, Call::Delete), AT_ONCE, "nothing new is sent\n{destroy}");
    agree(&simulator, &workspace, MANY - AT_ONCE, MANY - AT_ONCE);
    simulator.clear_faults();
    workspace.destroy();
    agree(&simulator, &workspace, 0, 0);
}

/// The change is made and saved; the rotation that should follow it is what the next apply does.
#[test]
fn an_interrupt_between_a_change_and_its_rotation_leaves_the_rotation_to_the_next_apply() {
    let (simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ by = "first" }"#)]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ by = "second" }"#), ("rotation_interval", "7")]));
    simulator.fault(Fault::delay(Call::Update, LATE));
    let apply = workspace.spawn(APPLY);
    until_sent(&simulator, Call::Update, 1);
    apply.interrupt_all();
    let apply = apply.wait().failed();
    assert!(apply.says("Terraform was asked to stop"), "{apply}");
    none_remains(&workspace);
    let state = workspace.state_of(APP);
    assert_eq!((&state["rotation_interval"], &state["rotation_triggers"]["by"]), (&7.into(), &"first".into()));
    assert_eq!(only(&simulator)["rotationInterval"], 7);
    assert_eq!(count(&simulator, Call::Rotate), 0, "nothing new is sent");
    simulator.clear_faults();
    workspace.apply();
    workspace.settled();
    assert_eq!((count(&simulator, Call::Rotate), simulator.issued_keys()), (1, 2));
    agree(&simulator, &workspace, 1, 2);
}

#[test]
fn an_interrupt_during_a_rotation_saves_the_rotation() {
    let (simulator, workspace) = start(&rotation(&[("rotation_triggers", r#"{ by = "first" }"#)]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ by = "second" }"#)]));
    simulator.fault(Fault::delay(Call::Rotate, LATE));
    let apply = workspace.spawn(APPLY);
    until_sent(&simulator, Call::Rotate, 1);
    apply.interrupt_all();
    apply.wait();
    none_remains(&workspace);
    assert_eq!(workspace.state_of(APP)["rotation_triggers"]["by"], "second");
    assert_eq!(workspace.state_of(APP)["last_rotated_at"], only(&simulator)["lastRotatedAt"]);
    simulator.clear_faults();
    workspace.settled();
    assert_eq!(simulator.issued_keys(), 2, "the key was replaced once");
}

/// Waits that would go on for minutes: between attempts, and because a server asked for it.
#[test]
fn an_interrupt_ends_a_back_off() {
    let told = |status| Fault::status(Call::Update, status).retry_after(RetryAfter::Seconds(50));
    // What runs, the call that fails, how it fails, and how many attempts are made before the interrupt.
    let cases: [(&[&str], Call, Fault, usize); 5] = [
        (&PLAN, Call::Read, Fault::status(Call::Read, 503), 2),
        (&APPLY, Call::Update, Fault::html(Call::Update, 503), 2),
        (&DESTROY, Call::Delete, Fault::drop_before(Call::Delete), 2),
        (&APPLY, Call::Update, told(503), 1),
        (&APPLY, Call::Update, told(429), 1),
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
        agree(&simulator, &workspace, 1, 1);
    }
    workspace.apply();
    workspace.settled();
    assert_eq!(only(&simulator)["rotationInterval"], 7);
    agree(&simulator, &workspace, 1, 1);
}

#[test]
fn an_interrupt_while_a_create_is_told_to_wait_creates_nothing() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::status(Call::Create, 429).retry_after(RetryAfter::Seconds(100)));
    let apply = workspace.spawn(APPLY);
    until_sent(&simulator, Call::Create, 1);
    apply.interrupt_all();
    let apply = apply.wait().failed();
    assert!(apply.says("Terraform was asked to stop"), "{apply}");
    none_remains(&workspace);
    agree(&simulator, &workspace, 0, 0);
    simulator.clear_faults();
    workspace.apply();
    workspace.settled();
    agree(&simulator, &workspace, 1, 1);
}

/// Nothing more is asked then, so what the create did isn't known; the next apply finds out.
#[test]
fn an_interrupted_create_whose_answer_is_lost_is_named_by_the_next_apply() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::delay(Call::Create, LATE));
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
    workspace.settled();
    agree(&simulator, &workspace, 1, 1);
}

/// What no state knows is named with its id; once imported, as the error says, nothing is left to do.
#[track_caller]
fn recover(simulator: &Handle, workspace: &Workspace, configuration: &str) {
    simulator.clear_faults();
    let made = simulator.rotations();
    let apply = workspace.apply_expecting_failure();
    let mut imports = String::new();
    for rotation in &made {
        let (id, name) = (rotation["id"].as_str().unwrap(), rotation["name"].as_str().unwrap());
        assert!(apply.says(&format!("already exists, with id {id}")), "{apply}");
        assert!(apply.says(&format!("terraform import ADDRESS {id}")), "{apply}");
        let index = name.trim_start_matches("key-");
        imports.push_str(&format!("import {{\n  to = {APP}[{index}]\n  id = {id:?}\n}}\n"));
    }
    assert_eq!(simulator.counts().rotations, MANY, "the others are made, none twice\n{apply}");
    workspace.rewrite(&format!("{configuration}{imports}"));
    workspace.apply();
    workspace.settled();
    agree(simulator, workspace, MANY, MANY);
}

/// Before the server has done it and after: either way the provider waits for the answer, and nothing comes twice.
#[test]
fn a_provider_whose_core_is_killed_finishes_what_it_sent_and_ends() {
    let configuration = rotations(MANY);
    for fault in [Fault::delay(Call::Create, LATE), Fault::delay(Call::Create, LATE).after_commit()] {
        let (simulator, workspace) = start(&configuration);
        simulator.fault(fault);
        let mut apply = workspace.spawn(APPLY);
        until_sent(&simulator, Call::Create, AT_ONCE);
        apply.kill();
        apply.wait();
        until("answered", || {
            let alive = !providers(&workspace).is_empty();
            // Looked at later than the processes: what is still under way now was so then.
            let is_pending = simulator.requests().iter().any(|request| request.status.is_none());
            assert!(alive || !is_pending, "the provider waits for its answers");
            !is_pending
        });
        none_remains(&workspace);
        assert_eq!(count(&simulator, Call::Create), AT_ONCE, "nothing new is sent");
        assert_eq!(simulator.counts().rotations, AT_ONCE);
        recover(&simulator, &workspace, &configuration);
    }
}

/// Reads and back-offs change nothing, so they aren't waited for.
#[test]
fn a_provider_whose_core_is_killed_while_it_waits_ends() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let told = Fault::status(Call::Read, 503).retry_after(RetryAfter::Seconds(50));
    for fault in [Fault::delay(Call::Read, Duration::from_secs(600)), told] {
        simulator.fault(fault);
        simulator.clear_requests();
        let mut plan = workspace.spawn(PLAN);
        until_sent(&simulator, Call::Read, 1);
        assert!(!providers(&workspace).is_empty(), "a provider runs");
        plan.kill();
        plan.wait();
        none_remains(&workspace);
        assert_eq!(count(&simulator, Call::Read), 1, "nothing new is sent");
        simulator.clear_faults();
    }
    workspace.settled();
}

#[test]
fn what_a_killed_provider_had_sent_is_named_by_the_next_apply() {
    let configuration = rotations(MANY);
    for fault in [Fault::delay(Call::Create, LATE), Fault::delay(Call::Create, LATE).after_commit()] {
        let (simulator, workspace) = start(&configuration);
        simulator.fault(fault);
        let apply = workspace.spawn(APPLY);
        until_sent(&simulator, Call::Create, AT_ONCE);
        signal_providers("KILL", &workspace);
        apply.wait().failed();
        none_remains(&workspace);
        until("done by the server", || simulator.counts().rotations == AT_ONCE);
        recover(&simulator, &workspace, &configuration);
    }
}
