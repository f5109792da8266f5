//! `terraform query`: what it finds, and its errors.

mod generated;

use std::{fs, path::Path};

use serde_json::{Value, json};
use simulator::{Call, Denial, Fault, Handle, Simulator};
use xtask::cores::Feature;

use crate::support::cores::core;
use crate::support::rotation::{APP, only, only_id, resource, rotation, start};
use crate::support::terraform::{Output, Workspace};

/// The configuration for queries, with an empty provider block.
const HEAD: &str = "variable \"project_id\" {}\nvariable \"connection_id\" {}\nprovider \"infisical\" {}\n";

/// A query file with one list block, which has these lines and this configuration.
fn list(block: &str, config: &str) -> String {
    format!(
        "list \"infisical_openrouter_rotation\" \"all\" {{\n  provider = infisical\n{block}\n\
         config {{\n{config}\n  }}\n}}\n"
    )
}

/// A query for all rotations of the project.
fn everything() -> String {
    list("", "project_id = var.project_id")
}

/// An initialised workspace with this query file and no resources.
fn workspace_with(simulator: &Handle, query: &str) -> Workspace {
    let workspace = Workspace::new(core()).on(simulator).config(HEAD).file("all.tfquery.hcl", query);
    workspace.init();
    workspace
}

/// Runs the query; `None` on a core without queries, whose error is checked.
#[track_caller]
fn query(workspace: &Workspace, arguments: &[&str]) -> Option<Output> {
    let output = workspace.run([&["query", "-no-color"], arguments].concat());
    if core().supports(Feature::Query) {
        return Some(output);
    }
    assert!(output.code != Some(0) && output.says("query"), "{output}");
    assert!(output.says("no command named") || output.says("Usage:"), "{output}");
    // Such a core ignores the query file.
    workspace.validate();
    None
}

/// The results of `query -json`.
fn found(output: &Output) -> Vec<Value> {
    let lines = output.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|mut line| line["list_resource_found"].take()).filter(|found| !found.is_null()).collect()
}

fn names(output: &Output) -> Vec<String> {
    found(output).iter().map(|found| found["display_name"].as_str().unwrap().to_owned()).collect()
}

/// A simulator with a rotation in each of these places, by environment, path and name.
fn filled(places: &[(&str, &str, &str)]) -> Simulator {
    let resources = places.iter().map(|(environment, path, name)| {
        let (environment, path) = (format!("{environment:?}"), format!("{path:?}"));
        let (quoted, mapping) = (format!("{name:?}"), format!("{{ api_key = \"KEY_{name}\" }}"));
        let place = [("environment", environment.as_str()), ("secret_path", &path), ("name", &quoted)];
        resource(name, &[&place[..], &[("secrets_mapping", &mapping)]].concat())
    });
    let (simulator, workspace) = start(&format!("{HEAD}{}", resources.collect::<String>()));
    workspace.apply();
    simulator
}

#[test]
fn a_query_finds_the_rotations_that_match_its_filters() {
    let simulator =
        filled(&[("dev", "/", "a"), ("dev", "/app", "b"), ("dev", "/app/nested", "c"), ("prod", "/app", "d")]);
    let project = "project_id = var.project_id";
    let workspace = workspace_with(&simulator, &everything());
    for (more, expected) in [
        ("", &["a (dev:/)", "b (dev:/app)", "c (dev:/app/nested)", "d (prod:/app)"][..]),
        ("environment = \"dev\"\nsecret_path = \"/app/\"", &["b (dev:/app)"]),
        ("secret_path = \"/app\"", &["b (dev:/app)", "d (prod:/app)"]),
        ("environment = \"dev\"\nsecret_path = \"/app\"\nrecursive = true", &["b (dev:/app)", "c (dev:/app/nested)"]),
        ("environment = \"staging\"", &[]),
    ] {
        workspace.write("all.tfquery.hcl", &list("", &format!("{project}\n{more}")));
        simulator.clear_requests();
        let Some(output) = query(&workspace, &["-json"]) else { return };
        assert_eq!(names(&output.succeeded()), expected, "{more}");
        let calls: Vec<_> = simulator.requests().iter().map(|request| request.call).collect();
        assert_eq!(calls, [Call::List], "{more}");
    }
    workspace.write("all.tfquery.hcl", &everything());
    let shown = query(&workspace, &[]).unwrap().succeeded();
    assert!(shown.says("list.infisical_openrouter_rotation.all id=") && shown.says("c (dev:/app/nested)"), "{shown}");
}

#[test]
fn attributes_are_returned_only_with_include_resource() {
    let (simulator, applied) = start(&rotation(&[]));
    applied.apply();
    let workspace = workspace_with(&simulator, &everything());
    let Some(output) = query(&workspace, &["-json"]) else { return };
    let listed = found(&output.succeeded());
    assert_eq!(listed[0]["identity"], json!({"id": only_id(&simulator)}));
    assert_eq!(listed[0]["resource_object"], Value::Null);
    workspace.write("all.tfquery.hcl", &list("include_resource = true", "project_id = var.project_id"));
    let listed = found(&query(&workspace, &["-json"]).unwrap().succeeded());
    let mut expected = applied.state_of(APP);
    expected.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let mut resource = listed[0]["resource_object"].clone();
    resource.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    assert_eq!(resource, expected);
}

#[test]
fn two_thousand_rotations_are_listed_and_limits_are_respected() {
    let (simulator, applied) = start(&rotation(&[]));
    applied.apply();
    let workspace =
        workspace_with(&simulator, &list("include_resource = true\nlimit = 5000", "project_id = var.project_id"));
    let all: Vec<_> = (0..2000).map(|n| numbered(only(&simulator), n)).collect();
    simulator.fault(Fault::body(Call::List, 200, json!({"secretRotations": all}).to_string()));
    let Some(output) = query(&workspace, &["-json"]) else { return };
    let listed = names(&output.succeeded());
    assert_eq!((listed.len(), listed[1999].as_str()), (2000, "key-1999 (dev:/)"));
    for (limit, count) in [("limit = 3", 3), ("", 100)] {
        workspace.write("all.tfquery.hcl", &list(limit, "project_id = var.project_id"));
        simulator.clear_requests();
        let listed = names(&query(&workspace, &["-json"]).unwrap().succeeded());
        assert_eq!((listed.len(), listed[1].as_str()), (count, "key-0001 (dev:/)"));
        assert_eq!(simulator.requests().len(), 1);
    }
    assert!(query(&workspace, &[]).unwrap().succeeded().says("key-0099 (dev:/)"));
}

/// The same rotation with another name and id.
fn numbered(mut rotation: Value, n: usize) -> Value {
    rotation["id"] = json!(format!("3f2b8c1e-5d47-4a0b-9c6e-{n:012}"));
    rotation["name"] = json!(format!("key-{n:04}"));
    rotation
}

#[test]
fn errors_contain_what_failed_and_the_argument() {
    let (simulator, applied) = start(&rotation(&[]));
    applied.apply();
    let workspace = workspace_with(&simulator, &everything());
    let id = "\"3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f\"";
    for (config, words) in [
        ("", &["Missing required argument", "project_id"][..]),
        ("project_id = null", &["project_id"]),
        ("project_id = var.project_id\nsecret_path = \"app\"", &["Invalid secret_path", "Given: \"app\"."]),
        (&format!("project_id = {id}"), &["Cannot list the rotations", "Check project_id", "request id req-"]),
    ] {
        workspace.write("all.tfquery.hcl", &list("", config));
        let Some(output) = query(&workspace, &[]) else { return };
        let output = output.failed();
        assert!(words.iter().all(|word| output.says(word)), "{config}: {words:?}\n{output}");
    }
    workspace.write("all.tfquery.hcl", &everything());
    simulator.deny(Call::List, Denial::Permission);
    let refused = query(&workspace, &[]).unwrap().failed();
    assert!(
        refused.says("Cannot list the rotations") && refused.says("may not read the secret rotations"),
        "{refused}"
    );
}

#[test]
fn a_list_that_fails_is_an_error_and_one_invalid_rotation_is_a_warning() {
    let simulator = filled(&[("dev", "/", "a"), ("dev", "/", "b")]);
    let workspace = workspace_with(&simulator, &everything());
    simulator.fault(Fault::refuse(Call::List, 501, "NotImplemented", "No lists today"));
    let Some(output) = query(&workspace, &[]) else { return };
    let output = output.failed();
    assert!(output.says("Cannot list the rotations") && output.says("No lists today"), "{output}");
    simulator.clear_faults();
    let mut rotations = simulator.rotations();
    rotations[0]["name"] = json!(5);
    simulator.fault(Fault::body(Call::List, 200, json!({"secretRotations": rotations}).to_string()));
    let output = query(&workspace, &[]).unwrap().succeeded();
    let valid = rotations[1]["name"].as_str().unwrap();
    assert!(output.says("Warning: A rotation is left out of the list"), "{output}");
    assert!(output.says(&format!("{valid} (dev:/)")), "{output}");
}

#[test]
fn the_example_lists_the_rotations_that_it_describes() {
    let simulator = filled(&[("dev", "/", "a"), ("dev", "/app/nested", "b"), ("prod", "/", "c")]);
    let example = "examples/list-resources/infisical_openrouter_rotation/list-resource.tfquery.hcl";
    let example = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(example)).unwrap();
    let workspace = workspace_with(&simulator, &example);
    let Some(output) = query(&workspace, &["-json"]) else { return };
    let output = output.succeeded();
    let mut listed: Vec<_> = found(&output)
        .iter()
        .map(|found| {
            let (list, name) = (found["address"].as_str().unwrap(), found["display_name"].as_str().unwrap());
            format!("{} {name}", list.rsplit('.').next().unwrap())
        })
        .collect();
    listed.sort();
    assert_eq!(listed, ["all a (dev:/)", "all b (dev:/app/nested)", "all c (prod:/)", "app b (dev:/app/nested)"]);
}
