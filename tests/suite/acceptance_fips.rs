//! Cores that run with what FIPS 140 allows.

use crate::support::rotation::{rotation, start};

/// With `only` instead of `on`, Terraform 1.15 can't begin a handshake with any plugin: it refuses its own key share for
/// X25519MLKEM768, unless `tlsmlkem=0` takes that away.
#[test]
fn a_core_in_fips_mode_plans_and_applies() {
    let (_simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace.env("GODEBUG", "fips140=on");
    workspace.apply();
    workspace.settled();
}
