//! Destroy: what is deleted, and what is kept because the configuration asks for it.

use crate::support::rotation::{counts, only_id, rotation, start};

#[test]
fn a_destroy_leaves_nothing_behind() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.rotate(&only_id(&simulator)).unwrap();
    assert_eq!(simulator.counts(), counts(1, 1, 2), "a rotation has two live keys");
    workspace.destroy();
    assert_eq!(simulator.counts(), counts(0, 0, 0));
}

#[test]
fn a_destroy_keeps_exactly_what_on_destroy_asks_for() {
    for (on_destroy, left) in [
        ("{ delete_secrets = false }", counts(0, 1, 0)),
        ("{ revoke_generated_credentials = false }", counts(0, 0, 1)),
        ("{ delete_secrets = false, revoke_generated_credentials = false }", counts(0, 1, 1)),
        ("{}", counts(0, 0, 0)),
    ] {
        let (simulator, workspace) = start(&rotation(&[("on_destroy", on_destroy)]));
        workspace.apply();
        workspace.destroy();
        assert_eq!(simulator.counts(), left, "{on_destroy}");
    }
}

#[test]
fn destroying_a_rotation_that_was_already_deleted_succeeds() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.forget(&only_id(&simulator)).unwrap();
    let destroyed =
        workspace.run(["destroy", "-auto-approve", "-refresh=false", "-input=false", "-no-color"]).succeeded();
    assert!(destroyed.says("Look there for keys named"), "{destroyed}");
    assert!(workspace.resources().is_empty());
}
