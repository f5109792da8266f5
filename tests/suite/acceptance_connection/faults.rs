//! Faults of the calls on connections that depend on the key. The others are in `acceptance_faults`.

use simulator::{Call, Fault};

use crate::support::connection::{count, made, start, with_key};

#[test]
fn a_key_that_is_refused_or_whose_update_is_lost_is_sent_once_more_at_most() {
    let (simulator, workspace) = start(&with_key(&[]));
    simulator.fault(Fault::status(Call::ConnectionCreate, 401).times(1));
    let refused = workspace.apply_expecting_failure();
    assert!(refused.says("Cannot create the connection") && refused.says("It must be a provisioning key"), "{refused}");
    assert_eq!((count(&simulator, Call::ConnectionCreate), made(&simulator).len()), (1, 0), "no new login\n{refused}");
    workspace.apply();
    // A response does not contain the key, so a change of it without a response is sent again.
    simulator.fault(Fault::drop_after(Call::ConnectionUpdate).times(1));
    workspace.rewrite(&with_key(&[]).replace("first", "second"));
    workspace.apply();
    assert_eq!(count(&simulator, Call::ConnectionUpdate), 2);
    workspace.assert_empty_plan();
    workspace.destroy();
}
