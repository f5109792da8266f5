//! The faults after which the provider waits for more than a minute, on one core. The others are in `acceptance_faults`.

use simulator::Call;

use crate::acceptance_faults::each_slow_fault_on;
use crate::acceptance_faults::kinds::{Kind, each_slow_fault_of};

#[test]
fn each_slow_fault_on_login() {
    each_slow_fault_on(Call::Login);
}

#[test]
fn each_slow_fault_on_create() {
    each_slow_fault_on(Call::Create);
}

#[test]
fn each_slow_fault_on_read() {
    each_slow_fault_on(Call::Read);
}

#[test]
fn each_slow_fault_on_update() {
    each_slow_fault_on(Call::Update);
}

#[test]
fn each_slow_fault_on_delete() {
    each_slow_fault_on(Call::Delete);
}

#[test]
fn each_slow_fault_on_rotate() {
    each_slow_fault_on(Call::Rotate);
}

#[test]
fn each_slow_fault_of_the_action() {
    each_slow_fault_of(Kind::Action);
}

#[test]
fn each_slow_fault_of_the_ephemeral_resource() {
    each_slow_fault_of(Kind::Credentials);
}

#[test]
fn each_slow_fault_of_the_create_of_a_connection() {
    each_slow_fault_of(Kind::ConnectionCreate);
}
