//! Short versions of `cargo xtask endurance`. That of many rotations with failures is in `acceptance_scale.rs`.

use std::path::Path;

use xtask::endurance::{Table, killed_applies, plans_of_one_process};

use crate::support::cores::core;
use crate::support::plugin::BINARY;

#[track_caller]
fn assert_within_bounds(table: &Table) {
    table.print();
    assert_eq!(table.missed(), [""; 0]);
}

#[test]
fn a_process_in_debug_mode_does_not_grow_with_the_plans_that_it_serves() {
    assert_within_bounds(&plans_of_one_process(core(), Path::new(BINARY), 20).unwrap());
}

#[test]
fn after_a_kill_at_a_random_moment_everything_is_recovered_or_named() {
    assert_within_bounds(&killed_applies(core(), Path::new(BINARY), 4, 11).unwrap());
}
