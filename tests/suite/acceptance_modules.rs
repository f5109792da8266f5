//! The module in `examples/modules`, by its own tests and in the example that uses it.

use std::collections::BTreeMap;
use std::fs;

use simulator::{Options, Simulator};
use xtask::cores::Feature;

use crate::support::cores::core;
use crate::support::rotation::counts;
use crate::support::terraform::Workspace;

/// The tests of the module that need mocks.
const MOCKED: &str = "tests/inputs.tftest.hcl";

#[test]
fn the_module_passes_its_own_tests_with_and_without_mocks() {
    let simulator = Simulator::start(Options::default()).unwrap();
    let workspace = Workspace::new(core()).on(&simulator).copy_example("modules/openrouter-key", "");
    let has_mocks = core().supports(Feature::MockProvider);
    if !has_mocks {
        fs::remove_file(workspace.path(MOCKED)).unwrap();
    }
    workspace.init();
    let tested = workspace.run(["test", "-no-color"]).succeeded();
    let passed = if has_mocks { "5 passed, 0 failed" } else { "2 passed, 0 failed" };
    assert!(tested.says(passed), "{tested}");
    assert_eq!((simulator.issued_keys(), simulator.counts()), (2, counts(0, 0, 0)), "one create and one rotation");
}

#[test]
fn each_team_gets_a_key_in_each_of_its_environments() {
    let simulator = Simulator::start(Options::default()).unwrap();
    let workspace = Workspace::new(core())
        .on(&simulator)
        .copy_example("modules", "../modules")
        .copy_example("teams-and-environments", "");
    workspace.init();
    workspace.validate();
    workspace.apply();
    let limit = |rotation: &serde_json::Value| {
        let name = rotation["parameters"]["name"].as_str().unwrap().to_owned();
        (name, rotation["parameters"]["limit"].to_string())
    };
    let limits: BTreeMap<_, _> = simulator.rotations().iter().map(limit).collect();
    let expected = [
        ("data-platform/prod", "250"),
        ("search/dev", "10"),
        ("search/prod", "100"),
        ("search/staging", "20"),
        ("support/dev", "1.25"),
        ("support/prod", "12.5"),
    ];
    assert_eq!(limits, expected.map(|(name, limit)| (name.to_owned(), limit.to_owned())).into());
    workspace.assert_empty_plan();
    let only_prod = r#"environments={"prod"={"share_of_limit"=1,"rotation_interval"=30}}"#;
    let refused = workspace.run(["plan", "-no-color", "-var", only_prod]).failed();
    assert!(refused.says("does not have these environments of teams: dev, staging."), "{refused}");
    workspace.destroy();
    assert_eq!(simulator.counts(), counts(0, 0, 0));
}
