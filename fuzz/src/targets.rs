//! The targets, one file for each subject.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a target reports that a property does not hold")]

mod answers;
mod decimal;
mod fault_texts;
mod formats;
mod generate;
mod handshake;
mod import_ids;
mod msgpack;
mod numbers;
mod proxy;
mod retry_after;
mod script;
mod spelling;
mod state_json;
mod types;
mod wire_form;

use crate::target::Target;

/// All targets, in alphabetical order.
pub const ALL: &[Target] = &[
    answers::TARGET,
    fault_texts::TARGET,
    formats::TARGET,
    handshake::TARGET,
    import_ids::TARGET,
    msgpack::BYTES,
    msgpack::VALUES,
    numbers::TARGET,
    proxy::TARGET,
    retry_after::TARGET,
    spelling::TARGET,
    state_json::BYTES,
    state_json::VALUES,
    types::TARGET,
];

/// The target of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Target> {
    ALL.iter().find(|target| target.name == name)
}
