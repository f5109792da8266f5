//! The configuration that a query or a plan generates, which a user would write in the same way, and with which an import
//! leads to no change.

use simulator::Handle;
use xtask::cores::Feature;

use super::{HEAD, everything, query, workspace_with};
use crate::support::cores::core;
use crate::support::rotation::{only_id, resource, rotation, start};
use crate::support::terraform::Workspace;

/// The names of rotations, and their attributes in different formats.
const SHAPES: [(&str, &[(&str, &str)]); 6] = [
    (
        "every-setting",
        &[
            ("auto_rotation_enabled", "false"),
            ("rotation_interval", "7"),
            ("rotate_at_utc", "{ hours = 3, minutes = 30 }"),
            ("parameters", r#"{ name = "k", limit = 100, limit_reset = "weekly", include_byok_in_limit = true }"#),
        ],
    ),
    ("no-setting", NOTHING),
    ("decimal", &[("parameters", r#"{ name = "k", limit = 12.34 }"#), ("rotate_at_utc", "{ hours = 3 }")]),
    ("power", &[("parameters", r#"{ name = "k", limit = pow(1.1, 2) }"#), ("rotate_at_utc", "{ minutes = 5 }")]),
    (
        "text",
        &[("description", r#""say \"hi\"\n$${not} %%{this}\\ back\té €""#), ("parameters", r#"{ name = "$${k}" }"#)],
    ),
    ("json", &[("description", r#""{\"owner\": \"<us>\", \"rank\": 1}""#)]),
];

/// The changes that leave only the required attributes.
const NOTHING: &[(&str, &str)] = &[
    ("description", ""),
    ("auto_rotation_enabled", ""),
    ("rotation_interval", ""),
    ("rotate_at_utc", ""),
    ("on_destroy", ""),
    ("parameters", r#"{ name = "k" }"#),
];

fn shapes() -> String {
    let each = SHAPES.iter().zip(0..).map(|((name, settings), i)| {
        let (quoted, mapping) = (format!("{name:?}"), format!("{{ api_key = \"KEY_{i}\" }}"));
        resource(name, &[settings, &[("name", quoted.as_str()), ("secrets_mapping", &mapping)][..]].concat())
    });
    format!("{HEAD}{}", each.collect::<String>())
}

/// The generated block of the rotation with only the required attributes.
const LEAST: &str = r#"resource "infisical_openrouter_rotation" "ADDRESS" {
  connection_id = "CONNECTION"
  environment   = "dev"
  name          = "no-setting"
  parameters = {
    name = "k"
  }
  project_id  = "PROJECT"
  secret_path = "/"
  secrets_mapping = {
    api_key = "KEY_1"
  }
}"#;

fn least(simulator: &Handle, address: &str) -> String {
    let least = LEAST.replace("ADDRESS", address);
    least.replace("CONNECTION", simulator.connection_id()).replace("PROJECT", simulator.project_id())
}

#[test]
fn the_configuration_generated_by_a_query_has_no_superfluous_attributes_and_imports_without_changes() {
    let (simulator, applied) = start(&shapes());
    applied.apply();
    // The console may store an empty description.
    let rotations = simulator.rotations();
    let power = rotations.iter().find(|rotation| rotation["name"] == "power").unwrap();
    simulator.edit(power["id"].as_str().unwrap(), |rotation| rotation.description = Some(String::new())).unwrap();
    let workspace = workspace_with(&simulator, &everything());
    let Some(output) = query(&workspace, &["-generate-config-out=generated.tf"]) else { return };
    output.succeeded();
    let generated = workspace.read("generated.tf");
    assert!(!generated.contains("null"), "{generated}");
    for computed in ["created_at", "active_index", "\n  id ", "rotation_triggers", "on_destroy"] {
        assert!(!generated.contains(computed), "{computed}\n{generated}");
    }
    // The core itself adds the provider, and aligns the line with the next attributes.
    let written = generated.replace("  provider      = infisical\n", "");
    assert!(written.contains(&least(&simulator, "all_3")), "{generated}");
    assert!(generated.contains("limit = 12.34\n") && generated.contains("rotate_at_utc = {\n    hours = 3\n  }"));
    assert_eq!(generated.matches("rotation_interval").count(), 1, "30 days are the default\n{generated}");
    let imported = workspace.apply();
    assert!(imported.says(&format!("{} imported, 0 added, 0 changed, 0 destroyed", SHAPES.len())), "{imported}");
    workspace.assert_empty_plan();
}

/// Newer cores ask the provider for the configuration. The others generate their own, which has more attributes.
#[test]
fn the_configuration_generated_for_import_blocks_imports_without_changes() {
    let (simulator, applied) = start(&shapes());
    applied.apply();
    let ids: Vec<_> = simulator.rotations().iter().map(|rotation| rotation["id"].clone()).collect();
    let imports: String = (0..)
        .zip(&ids)
        .map(|(n, id)| format!("import {{\n  to = infisical_openrouter_rotation.r{n}\n  id = {id}\n}}\n"))
        .collect();
    let workspace = Workspace::new(core()).on(&simulator).config(&format!("{HEAD}{imports}"));
    workspace.init();
    workspace.run(["plan", "-input=false", "-no-color", "-generate-config-out=generated.tf"]).succeeded();
    let generated = workspace.read("generated.tf");
    let position = simulator.rotations().iter().position(|rotation| rotation["name"] == "no-setting").unwrap();
    let is_least = generated.contains(&least(&simulator, &format!("r{position}")));
    assert_eq!(
        is_least,
        core().supports(Feature::Query),
        "cores with queries ask the provider for the configuration\n{generated}"
    );
    let imported = workspace.apply();
    assert!(imported.says(&format!("{} imported, 0 added, 0 changed, 0 destroyed", SHAPES.len())), "{imported}");
    workspace.assert_empty_plan();
}

/// Only the console can set such an interval. Any other one in the generated configuration would be an unwanted change.
#[test]
fn an_interval_with_a_fraction_is_generated_and_the_error_of_the_plan_names_it() {
    let (simulator, applied) = start(&rotation(&[]));
    applied.apply();
    let id = only_id(&simulator);
    simulator.edit(&id, |rotation| rotation.rotation_interval = 1.5).unwrap();
    let workspace = workspace_with(&simulator, &everything());
    let Some(output) = query(&workspace, &["-generate-config-out=generated.tf"]) else { return };
    output.succeeded();
    let refused = workspace.plan_expecting_failure();
    assert!(refused.says("rotation_interval = 1.5") && refused.says("Allowed: a whole number"), "{refused}");
    let generated = workspace.read("generated.tf");
    workspace.write("generated.tf", &generated.replace("= 1.5", "= 2"));
    let applied = workspace.apply();
    assert!(applied.says("1 imported, 0 added, 1 changed, 0 destroyed"), "{applied}");
    workspace.assert_empty_plan();
}
