//! Faults of the calls on connections: nothing is done twice, and unknown outcomes are reported.

use simulator::{Call, Fault, RetryAfter};

use crate::support::connection::{count, made, start, with_key};

/// The name of a fault of a create, the fault, what the apply says (nothing if it succeeds without a warning), and the number of requests.
type Case = (&'static str, Fault, &'static [&'static str], usize);

#[test]
fn a_create_creates_at_most_one_connection_whatever_fails() {
    let call = Call::ConnectionCreate;
    let cases: [Case; 5] = [
        ("429", Fault::status(call, 429).retry_after(RetryAfter::Seconds(1)), &[], 2),
        (
            "lost before",
            Fault::status(call, 503).retry_after(RetryAfter::Seconds(1)).after_commit(),
            &["request failed"],
            1,
        ),
        ("lost", Fault::drop_after(call), &["The connection was created, although its request failed"], 1),
        (
            "500 after it was done",
            Fault::status(call, 500).after_commit(),
            &["found afterwards and is in the state"],
            1,
        ),
        ("401", Fault::status(call, 401), &["Cannot create the connection", "It must be a provisioning key"], 1),
    ];
    for (name, fault, words, requests) in cases {
        let (simulator, workspace) = start(&with_key(&[]));
        simulator.fault(fault.times(1));
        let apply = workspace.run(["apply", "-auto-approve", "-input=false", "-no-color"]);
        let fails = name == "401";
        assert_eq!(apply.code, Some(i32::from(fails)), "{name}\n{apply}");
        assert!(words.iter().all(|words| apply.says(words)), "{name}\n{apply}");
        assert!(!apply.says("A key"), "no key was issued: {name}\n{apply}");
        assert_eq!((count(&simulator, call), made(&simulator).len()), (requests, usize::from(!fails)), "{name}");
        if fails {
            workspace.apply();
        }
        workspace.assert_empty_plan();
        workspace.destroy();
        assert_eq!(made(&simulator).len(), 0, "{name}");
    }
}

#[test]
fn a_create_that_failed_with_500_is_looked_up_and_not_repeated() {
    let (simulator, workspace) = start(&with_key(&[]));
    simulator.fault(Fault::status(Call::ConnectionCreate, 500));
    let failed = workspace.apply_expecting_failure();
    assert!(failed.says("This is a fault on Infisical's side"), "{failed}");
    assert!(!failed.says("OpenRouter"), "no key was issued: {failed}");
    assert_eq!(count(&simulator, Call::ConnectionCreate), 1);
    simulator.clear_faults();
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn updates_and_deletes_are_repeated_until_they_succeed() {
    let (simulator, workspace) = start(&with_key(&[]));
    workspace.apply();
    for (number, fault) in [
        Fault::status(Call::ConnectionUpdate, 500),
        Fault::status(Call::ConnectionUpdate, 429).retry_after(RetryAfter::Seconds(1)),
        Fault::drop_after(Call::ConnectionUpdate),
        Fault::html(Call::ConnectionUpdate, 502),
    ]
    .into_iter()
    .enumerate()
    {
        simulator.fault(fault.clone().times(1));
        workspace.rewrite(&with_key(&[("description", &format!("\"change {number}\""))]));
        workspace.apply();
        assert_eq!(made(&simulator)[0]["description"], format!("change {number}"), "{fault:?}");
        workspace.assert_empty_plan();
    }
    // A response does not contain the key, so a change of it without a response is sent again.
    simulator.clear_requests();
    simulator.fault(Fault::drop_after(Call::ConnectionUpdate).times(1));
    let rekeyed = with_key(&[("description", "\"change 3\"")]).replace("first", "second");
    workspace.rewrite(&rekeyed);
    workspace.apply();
    assert_eq!(count(&simulator, Call::ConnectionUpdate), 2);
    workspace.assert_empty_plan();
    simulator.fault(Fault::status(Call::ConnectionDelete, 403).times(1));
    let refused = workspace.destroy_expecting_failure();
    assert!(refused.says("permission on app connections"), "{refused}");
    for fault in [Fault::status(Call::ConnectionDelete, 500), Fault::drop_after(Call::ConnectionDelete)] {
        simulator.fault(fault.times(1));
    }
    workspace.destroy();
    assert_eq!(made(&simulator).len(), 0);
}
