//! Configurations of one connection, and a simulator and a workspace to apply them in.

use std::collections::BTreeMap;

use serde_json::Value;
use simulator::{CONNECTION_ID, Call, Handle, Simulator};

use super::rotation;
use super::terraform::Workspace;

/// The connection's address in every configuration here.
pub const TEAM: &str = "infisical_openrouter_connection.team";

/// A provisioning key that the simulator accepts.
pub const KEY: &str = "sim-provisioning-first-4e1d";

/// A configuration of one connection, named `team` unless the attributes say otherwise.
pub fn connection(attributes: &[(&str, &str)]) -> String {
    let attributes: BTreeMap<_, _> = [("name", "\"team\"")].iter().chain(attributes).copied().collect();
    let lines: String = attributes.iter().map(|(name, expression)| format!("  {name} = {expression}\n")).collect();
    let head = "variable \"project_id\" {}\nvariable \"connection_id\" {}\nprovider \"infisical\" {}\n";
    format!("{head}resource \"infisical_openrouter_connection\" \"team\" {{\n{lines}}}\n")
}

/// The same with its key in the state.
pub fn with_key(more: &[(&str, &str)]) -> String {
    connection(&[&[("api_key", "\"sim-provisioning-first-4e1d\"")], more].concat())
}

/// A simulator of its own, and an initialised workspace with this configuration.
pub fn start(configuration: &str) -> (Simulator, Workspace) {
    rotation::start(configuration)
}

/// The connections that weren't there from the start.
pub fn made(simulator: &Handle) -> Vec<Value> {
    simulator.connections().into_iter().filter(|connection| connection["id"] != CONNECTION_ID).collect()
}

/// The id of the one connection that was made.
#[track_caller]
pub fn only_id(simulator: &Handle) -> String {
    let made = made(simulator);
    let [one] = made.as_slice() else { panic!("one connection, not {}", made.len()) };
    one["id"].as_str().unwrap().to_owned()
}

/// How often the simulator was asked this.
pub fn count(simulator: &Handle, call: Call) -> usize {
    simulator.requests().iter().filter(|request| request.call == call).count()
}
