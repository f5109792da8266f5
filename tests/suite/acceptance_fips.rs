//! Cores in FIPS 140 mode.

use crate::support::rotation::{rotation, start};

/// With `only` instead of `on`, Terraform 1.15 cannot start a handshake with any plugin: it refuses its own key share for
/// X25519MLKEM768, unless `tlsmlkem=0` disables it.
#[test]
fn a_core_in_fips_mode_plans_and_applies() {
    let (_simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace.env("GODEBUG", "fips140=on");
    workspace.apply();
    workspace.assert_empty_plan();
}
