//! Data sources: what they find, when they are read, and their errors.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use simulator::{Call, Handle, Options, Simulator};

use crate::support::cores::core;
use crate::support::rotation::{APP, only_id, rotation, rotations, start};
use crate::support::terraform::Workspace;

const LOOKUP: &str = "data.infisical_openrouter_rotation.app";

fn example(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path)).unwrap()
}

/// Another workspace on the same simulator, whose configuration reads what the first one manages.
fn reader(simulator: &Handle, configuration: &str) -> Workspace {
    let workspace = Workspace::new(core()).on(simulator).config(configuration);
    workspace.init();
    workspace
}

/// A configuration that reads one rotation with these arguments.
fn lookup(arguments: &str) -> String {
    format!(
        "variable \"project_id\" {{}}\nprovider \"infisical\" {{}}\n\
         data \"infisical_openrouter_rotation\" \"app\" {{\n{arguments}\n}}\n"
    )
}

fn output(workspace: &Workspace, name: &str) -> Value {
    workspace.state()["values"]["outputs"][name]["value"].clone()
}

#[test]
fn the_documented_data_sources_find_what_the_documented_resource_creates() {
    let simulator = Simulator::start(Options::default()).unwrap();
    let resources = example("resources/infisical_openrouter_rotation/resource.tf");
    let owner = Workspace::new(core()).on(&simulator).config(&resources);
    owner.init();
    owner.apply();
    let one = reader(&simulator, &example("data-sources/infisical_openrouter_rotation/data-source.tf"));
    one.apply();
    let managed = owner.state_of("infisical_openrouter_rotation.full");
    assert_eq!(output(&one, "next_rotation_at"), managed["next_rotation_at"]);
    one.assert_empty_plan();
    let many = reader(&simulator, &example("data-sources/infisical_openrouter_rotations/data-source.tf"));
    many.apply();
    assert_eq!(output(&many, "names"), json!(["minimal", "search"]), "ordered by environment");
    assert_eq!(output(&many, "without_limit"), json!([]));
    many.assert_empty_plan();
    one.destroy();
    many.destroy();
    assert_eq!(simulator.counts().rotations, 2, "destroying a data source deletes nothing");
}

/// The arguments are unknown in the first plan, so the data sources are read during the apply.
#[test]
fn a_rotation_that_the_same_apply_creates_is_read_with_the_same_values() {
    let configuration = format!(
        "{}\n{}",
        rotation(&[("secret_path", r#""/app/""#)]),
        r#"
data "infisical_openrouter_rotation" "app" { id = infisical_openrouter_rotation.app.id }
data "infisical_openrouter_rotation" "named" {
  name        = infisical_openrouter_rotation.app.name
  project_id  = infisical_openrouter_rotation.app.project_id
  environment = "dev"
  secret_path = "/app"
  depends_on  = [infisical_openrouter_rotation.app]
}
data "infisical_openrouter_rotations" "below" {
  project_id  = var.project_id
  secret_path = "/"
  recursive   = true
  depends_on  = [infisical_openrouter_rotation.app]
}
data "infisical_openrouter_rotations" "none" {
  project_id  = var.project_id
  environment = "staging"
}
output "equal" { value = data.infisical_openrouter_rotation.named.id == data.infisical_openrouter_rotations.below.rotations[0].id }
"#
    );
    let (_simulator, workspace) = start(&configuration);
    workspace.validate();
    workspace.apply();
    let (managed, found) = (workspace.state_of(APP), workspace.state_of(LOOKUP));
    let differing: Vec<_> =
        found.as_object().unwrap().iter().filter(|(name, value)| managed[*name] != **value).collect();
    assert_eq!(differing, [(&"secret_path".to_owned(), &json!("/app"))], "the resource keeps the configured spelling");
    assert_eq!(output(&workspace, "equal"), true);
    assert_eq!(workspace.state_of("data.infisical_openrouter_rotations.none")["rotations"], json!([]));
    workspace.assert_empty_plan();
}

#[test]
fn other_spellings_of_the_arguments_are_stored_as_configured() {
    let (simulator, owner) = start(&rotation(&[("secret_path", r#""/app""#)]));
    owner.apply();
    let id = only_id(&simulator).to_uppercase();
    let by_place = "name = \"my-openrouter-rotation\"\nenvironment = \"dev\"\nproject_id = \" ${var.project_id} \"\n\
                    secret_path = \"/app//\"";
    for (arguments, attribute, stored) in
        [(format!("id = {id:?}"), "id", id.as_str()), (by_place.to_owned(), "secret_path", "/app//")]
    {
        let workspace = reader(&simulator, &lookup(&arguments));
        workspace.apply();
        assert_eq!(workspace.state_of(LOOKUP)[attribute], stored);
        workspace.assert_empty_plan();
    }
}

#[test]
fn invalid_combinations_of_arguments_are_reported_at_the_attribute_without_calling_the_api() {
    let id = r#"id = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f""#;
    let both = format!("{id}\nname = \"app\"");
    let (simulator, workspace) = start(&lookup(id));
    for (arguments, line, words) in [
        (both.as_str(), id, "Given: both id and name. Allowed: id alone, or all of"),
        ("", "data ", "Given: neither id nor a name and place."),
        ("name = \"app\"\nproject_id = \"p\"", "data ", "without environment, secret_path."),
        ("id = \"x\"", "id = \"x\"", "Given: \"x\". Allowed: a UUID"),
        ("created_at = \"x\"", "created_at", "created_at"),
    ] {
        workspace.rewrite(&lookup(arguments));
        let found = workspace.validate_expecting_failure();
        let [one] = found.as_slice() else { panic!("{arguments} should have one diagnostic: {found:?}") };
        let at = usize::try_from(one["range"]["start"]["line"].as_u64().unwrap()).unwrap();
        let written = workspace.read("main.tf");
        assert!(written.lines().nth(at - 1).unwrap().starts_with(line), "{arguments}: {one}");
        let said = format!("{} {}", one["summary"], one["detail"]).replace("\\\"", "\"");
        assert!(said.contains(words), "{arguments}: {said}");
    }
    assert_eq!(simulator.requests().len(), 0);
}

#[test]
fn the_error_for_a_rotation_that_does_not_exist_names_what_to_check() {
    let (simulator, owner) = start(&rotation(&[("secret_path", r#""/app""#)]));
    owner.apply();
    let place = |name: &str, project: &str, path: &str| {
        format!("name = {name:?}\nproject_id = {project:?}\nenvironment = \"dev\"\nsecret_path = {path:?}")
    };
    let (name, project) = ("my-openrouter-rotation", simulator.project_id());
    let workspace = reader(&simulator, &lookup("id = \"3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f\""));
    let check = |words: &str| {
        let failure = workspace.plan_expecting_failure();
        assert!(failure.says("Cannot find the rotation") && failure.says(words), "{words}: {failure}");
        assert!(failure.says("request id "), "{failure}");
    };
    check("Check id, whether the rotation was deleted or renamed");
    for (arguments, words) in [
        (place("other", project, "/app"), "has no rotation of an OpenRouter key named \"other\" in /app"),
        (place(name, project, "/nowhere"), "Check secret_path, environment and project_id"),
        (place(name, "other", "/app"), "Check secret_path, environment and project_id"),
    ] {
        workspace.rewrite(&lookup(&arguments));
        check(words);
    }
    workspace.rewrite(
        "provider \"infisical\" {}\ndata \"infisical_openrouter_rotations\" \"all\" { project_id = \"other\" }\n",
    );
    let failure = workspace.plan_expecting_failure();
    assert!(failure.says("Cannot list the rotations") && failure.says("Check project_id"), "{failure}");
}

#[test]
fn a_lookup_warns_of_a_failed_last_rotation() {
    let (simulator, owner) = start(&rotation(&[]));
    owner.apply();
    let id = only_id(&simulator);
    simulator
        .edit(&id, |rotation| {
            rotation.rotation_status = "failed".into();
            rotation.last_rotation_message = Some("Failed to create OpenRouter API key: Insufficient credits".into());
        })
        .unwrap();
    let plan = reader(&simulator, &lookup(&format!("id = {id:?}"))).plan();
    assert!(plan.is_empty_plan(), "{plan}");
    assert!(plan.says("Warning: ") && plan.says("Insufficient credits"), "{plan}");
}

#[test]
fn many_lookups_in_a_project_share_one_list() {
    let (simulator, owner) = start(&rotations(20));
    owner.apply();
    let arguments = "for_each = toset([for i in range(20) : \"key-${i}\"])\nname = each.key\n\
                     project_id = var.project_id\nenvironment = \"dev\"\nsecret_path = \"/\"";
    let workspace = reader(&simulator, &lookup(arguments));
    simulator.clear_requests();
    workspace.assert_empty_plan();
    let calls: Vec<_> = simulator.requests().iter().map(|request| request.call).collect();
    assert!(calls.len() <= 3 && calls.contains(&Call::List), "{calls:?}");
}

/// A provider block that depends on a resource, and a data source with the arguments in `more`.
fn token_of_a_resource(more: &str) -> String {
    format!(
        r#"
variable "project_id" {{}}
variable "token" {{}}
resource "terraform_data" "token" {{ input = var.token }}
provider "infisical" {{ auth = {{ token = terraform_data.token.output }} }}
data "infisical_openrouter_rotations" "all" {{
  project_id = var.project_id
  {more}
}}
"#
    )
}

/// A core postpones a data source only if its arguments are unknown, or if what it depends on changes.
#[test]
fn while_the_provider_block_is_unknown_a_data_source_needs_depends_on_to_be_read_during_the_apply() {
    let simulator = Simulator::start(Options::default()).unwrap();
    let workspace =
        Workspace::new(core()).on(&simulator).env("TF_VAR_token", simulator.token()).config(&token_of_a_resource(""));
    workspace.init();
    workspace.validate();
    let failure = workspace.plan_expecting_failure();
    assert!(failure.says("The provider's configuration is not known yet"), "{failure}");
    assert!(failure.says("Name those resources in the data source's depends_on"), "{failure}");
    assert_eq!(simulator.requests().len(), 0, "no call is made without the token");
    workspace.rewrite(&token_of_a_resource("depends_on = [terraform_data.token]"));
    workspace.apply();
    workspace.assert_empty_plan();
    let calls: Vec<_> = simulator.requests().iter().map(|request| request.call).collect();
    assert!(!calls.is_empty() && calls.iter().all(|call| *call == Call::List), "{calls:?}");
}

#[test]
fn while_the_provider_block_is_unknown_a_data_source_with_unknown_arguments_is_read_during_the_apply() {
    let simulator = Simulator::start(Options::default()).unwrap();
    let configuration = token_of_a_resource("secret_path = terraform_data.token.id == \"\" ? \"/app\" : \"/\"");
    let workspace = Workspace::new(core()).on(&simulator).env("TF_VAR_token", simulator.token()).config(&configuration);
    workspace.init();
    workspace.apply();
    assert_eq!(workspace.state_of("data.infisical_openrouter_rotations.all")["rotations"], json!([]));
    workspace.assert_empty_plan();
}
