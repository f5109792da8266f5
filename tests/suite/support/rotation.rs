//! Configurations of rotations, and a simulator and a workspace in which to apply them.

use std::collections::BTreeMap;

use serde_json::Value;
use simulator::{Counts, Handle, Options, Simulator};

use super::cores::core;
use super::terraform::Workspace;

/// The address of the rotation in these configurations.
pub const APP: &str = "infisical_openrouter_rotation.app";

/// The values of the sample request in the API reference, as expressions of a configuration.
const SAMPLE: [(&str, &str); 12] = [
    ("name", r#""my-openrouter-rotation""#),
    ("project_id", "var.project_id"),
    ("connection_id", "var.connection_id"),
    ("description", r#""OpenRouter API key rotation""#),
    ("environment", r#""dev""#),
    ("secret_path", r#""/""#),
    ("auto_rotation_enabled", "true"),
    ("rotation_interval", "30"),
    ("rotate_at_utc", "{ hours = 0, minutes = 0 }"),
    ("parameters", r#"{ name = "my-app-key", limit = 100, limit_reset = "monthly", include_byok_in_limit = false }"#),
    ("secrets_mapping", r#"{ api_key = "OPEN_ROUTER_API_KEY" }"#),
    ("on_destroy", "null"),
];

/// The beginning of each configuration.
const HEAD: &str = r#"
variable "project_id" {}
variable "connection_id" {}
provider "infisical" {}
"#;

/// A configuration of the sample rotation with these attributes changed. An empty expression omits an attribute.
pub fn rotation(changes: &[(&str, &str)]) -> String {
    format!("{HEAD}\n{}", resource("app", changes))
}

/// One resource block with this name and these attributes changed.
pub fn resource(name: &str, changes: &[(&str, &str)]) -> String {
    let mut attributes: BTreeMap<_, _> = SAMPLE.into_iter().collect();
    attributes.extend(changes.iter().copied());
    let lines: String = attributes
        .iter()
        .filter(|(_, expression)| !expression.is_empty())
        .map(|(name, expression)| format!("  {name} = {expression}\n"))
        .collect();
    format!("resource \"infisical_openrouter_rotation\" \"{name}\" {{\n{lines}}}\n")
}

/// A configuration of several rotations, each with its own name and secret.
pub fn rotations(count: usize) -> String {
    format!(
        "{HEAD}\n{}",
        resource(
            "app",
            &[
                ("count", &count.to_string()),
                ("name", r#""key-${count.index}""#),
                ("secrets_mapping", r#"{ api_key = "KEY_${count.index}" }"#),
            ]
        )
    )
}

/// A configuration with one rotation for each of these limits, `r0`, `r1` and so on.
pub fn with_limits(limits: &[&str]) -> String {
    let resources = limits.iter().enumerate().map(|(i, limit)| {
        let parameters = format!("{{ name = \"k\", limit = {limit} }}");
        let (name, mapping) = (format!("\"key-{i}\""), format!("{{ api_key = \"KEY_{i}\" }}"));
        let changes = [("name", name.as_str()), ("secrets_mapping", &mapping), ("parameters", &parameters)];
        resource(&format!("r{i}"), &changes)
    });
    format!("{}{}", rotation(&[("count", "0")]), resources.collect::<String>())
}

/// A new simulator, and an initialised workspace with this configuration.
pub fn start(configuration: &str) -> (Simulator, Workspace) {
    let simulator = Simulator::start(Options::default()).unwrap();
    let workspace = Workspace::new(core()).on(&simulator).config(configuration);
    workspace.init();
    (simulator, workspace)
}

/// The simulator's rotation, of which there must be exactly one.
#[track_caller]
pub fn only(simulator: &Handle) -> Value {
    let rotations = simulator.rotations();
    let [one] = rotations.as_slice() else { panic!("there are {} rotations instead of one", rotations.len()) };
    one.clone()
}

/// The id of the simulator's only rotation.
#[track_caller]
pub fn only_id(simulator: &Handle) -> String {
    only(simulator)["id"].as_str().unwrap().to_owned()
}

/// These numbers of rotations, secrets and live keys.
pub fn counts(rotations: usize, secrets: usize, live_keys: usize) -> Counts {
    Counts { rotations, secrets, live_keys }
}
