//! Configurations of one connection, and a simulator and a workspace in which to apply them.

use std::collections::BTreeMap;

use serde_json::Value;
use simulator::{CONNECTION_ID, Handle, Simulator};

pub use super::requests::count;
use super::rotation;
use super::terraform::Workspace;

/// The address of the connection in these configurations.
pub const TEAM: &str = "infisical_openrouter_connection.team";

/// A provisioning key that the simulator accepts.
pub const KEY: &str = "sim-provisioning-first-4e1d";

/// A configuration of a connection with these attributes; its name is `team` by default.
pub fn connection(attributes: &[(&str, &str)]) -> String {
    let attributes: BTreeMap<_, _> = [("name", "\"team\"")].iter().chain(attributes).copied().collect();
    let lines: String = attributes.iter().map(|(name, expression)| format!("  {name} = {expression}\n")).collect();
    let head = "variable \"project_id\" {}\nvariable \"connection_id\" {}\nprovider \"infisical\" {}\n";
    format!("{head}resource \"infisical_openrouter_connection\" \"team\" {{\n{lines}}}\n")
}

/// The same with a key that is stored in the state.
pub fn with_key(more: &[(&str, &str)]) -> String {
    connection(&[&[("api_key", "\"sim-provisioning-first-4e1d\"")], more].concat())
}

/// A new simulator, and an initialised workspace with this configuration.
pub fn start(configuration: &str) -> (Simulator, Workspace) {
    rotation::start(configuration)
}

/// The connections that did not exist from the start.
pub fn made(simulator: &Handle) -> Vec<Value> {
    simulator.connections().into_iter().filter(|connection| connection["id"] != CONNECTION_ID).collect()
}

/// The id of the connection that was created, of which there must be exactly one.
#[track_caller]
pub fn only_id(simulator: &Handle) -> String {
    let made = made(simulator);
    let [one] = made.as_slice() else { panic!("{} connections were created instead of one", made.len()) };
    one["id"].as_str().unwrap().to_owned()
}
