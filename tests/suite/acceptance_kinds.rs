//! What each core supports, compared with the table in the README.

use std::{env, fs, path::PathBuf};

use simulator::{Call, Simulator};
use xtask::cores::{Core, Feature, OPENTOFUS, Product, TERRAFORMS, Version};

use crate::support::cores::core;
use crate::support::rotation::{APP, only_id, rotation, start};
use crate::support::terraform::{Output, Workspace};

/// If this variable is set to `write`, the column of this core is written instead of compared.
const VARIABLE: &str = "KINDS_TABLE";

const BEGIN: &str =
    "<!-- The table is written by the tests: KINDS_TABLE=write cargo xtask test --all-cores acceptance_kinds -->";
const END: &str = "<!-- End of the table. -->";

const YES: &str = "yes";
const NO: &str = "–";

/// A row of the table, the feature of the core that it needs, and a function that uses it.
struct Kind {
    row: &'static str,
    feature: Option<Feature>,
    attempt: fn() -> Attempt,
}

/// The result of using a feature.
struct Attempt {
    simulator: Simulator,
    /// The output of the command that uses the feature.
    output: Output,
    /// Whether it had the intended effect.
    worked: bool,
}

const KINDS: [Kind; 9] = [
    Kind { row: "resources: plan, apply, update, destroy", feature: None, attempt: resource },
    Kind { row: "data sources", feature: None, attempt: data_source },
    Kind { row: "`import` command, `import` block with `id`", feature: Some(Feature::ImportBlock), attempt: import },
    Kind {
        row: "configuration generated for an `import` block",
        feature: Some(Feature::ImportBlock),
        attempt: generated_configuration,
    },
    Kind { row: "`import` block with `identity`", feature: Some(Feature::Identity), attempt: import_by_identity },
    Kind { row: "ephemeral credentials", feature: Some(Feature::Ephemeral), attempt: ephemeral },
    Kind { row: "write-only key of a connection", feature: Some(Feature::WriteOnly), attempt: write_only },
    Kind { row: "rotate action", feature: Some(Feature::Actions), attempt: action },
    Kind { row: "`terraform query`", feature: Some(Feature::Query), attempt: query },
];

#[test]
fn the_readmes_table_matches_what_this_core_supports() {
    let core = core();
    let found: Vec<_> = KINDS.iter().map(|kind| (kind.row, if works(kind, core) { YES } else { NO })).collect();
    if env::var_os(VARIABLE).is_some_and(|value| value == "write") {
        fs::write(readme(), with_column(&fs::read_to_string(readme()).unwrap(), &heading(core), &found)).unwrap();
    }
    let written = column(&fs::read_to_string(readme()).unwrap(), &heading(core));
    let found: Vec<_> = found.into_iter().map(|(row, cell)| (row.to_owned(), cell.to_owned())).collect();
    assert_eq!(written, found, "{VARIABLE}=write updates the README's column of {core}");
}

/// Whether the row works with this core, which must match the features of the core. If it does not work, the core must have
/// refused it before anything was changed.
fn works(kind: &Kind, core: &Core) -> bool {
    let Attempt { simulator, output, worked } = (kind.attempt)();
    let expected = kind.feature.is_none_or(|feature| core.supports(feature));
    assert_eq!(worked, expected, "{} on {core}\n{output}", kind.row);
    if !worked {
        assert_ne!(output.code, Some(0), "{} on {core} is refused\n{output}", kind.row);
        assert!(simulator.requests().iter().all(|request| request.call == Call::Read), "nothing was changed\n{output}");
    }
    worked
}

fn resource() -> Attempt {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    workspace.rewrite(&rotation(&[("description", r#""changed""#)]));
    workspace.apply();
    workspace.assert_empty_plan();
    let output = workspace.destroy();
    let worked = simulator.counts().rotations == 0;
    Attempt { simulator, output, worked }
}

fn data_source() -> Attempt {
    let block = "data \"infisical_openrouter_rotation\" \"app\" { id = infisical_openrouter_rotation.app.id }\n\
                 output \"name\" { value = data.infisical_openrouter_rotation.app.name }\n";
    let (simulator, workspace) = start(&format!("{}{block}", rotation(&[])));
    let output = workspace.apply();
    let worked = output.says(r#"name = "my-openrouter-rotation""#);
    Attempt { simulator, output, worked }
}

/// A rotation that is in no state, and a workspace without a configuration for it.
fn existing() -> (Simulator, Workspace, String) {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    fs::remove_file(workspace.path("terraform.tfstate")).unwrap();
    simulator.clear_requests();
    (simulator, workspace, id)
}

fn import() -> Attempt {
    let (simulator, workspace, id) = existing();
    workspace.import(APP, &id);
    fs::remove_file(workspace.path("terraform.tfstate")).unwrap();
    let block = format!("import {{\n  to = {APP}\n  id = \"{id}\"\n}}\n");
    workspace.rewrite(&format!("{}{block}", rotation(&[])));
    let output = workspace.run(["apply", "-auto-approve", "-input=false", "-no-color"]);
    let worked = output.says("1 imported, 0 added, 0 changed, 0 destroyed");
    Attempt { simulator, output, worked }
}

fn generated_configuration() -> Attempt {
    let (simulator, workspace, id) = existing();
    workspace.rewrite(&format!("provider \"infisical\" {{}}\nimport {{\n  to = {APP}\n  id = \"{id}\"\n}}\n"));
    let output = workspace.run(["plan", "-input=false", "-no-color", "-generate-config-out=generated.tf"]);
    let worked = output.says("1 to import, 0 to add, 0 to change, 0 to destroy");
    Attempt { simulator, output, worked }
}

fn import_by_identity() -> Attempt {
    let (simulator, workspace, id) = existing();
    let block = format!("import {{\n  to = {APP}\n  identity = {{ id = \"{id}\" }}\n}}\n");
    workspace.rewrite(&format!("{}{block}", rotation(&[])));
    let output = workspace.run(["apply", "-auto-approve", "-input=false", "-no-color"]);
    let worked = output.says("1 imported, 0 added, 0 changed, 0 destroyed");
    Attempt { simulator, output, worked }
}

fn ephemeral() -> Attempt {
    let (simulator, workspace, id) = existing();
    let blocks = format!(
        "provider \"infisical\" {{}}\n\
         ephemeral \"infisical_openrouter_rotation_credentials\" \"app\" {{ rotation_id = \"{id}\" }}\n\
         resource \"terraform_data\" \"app\" {{\n  provisioner \"local-exec\" {{\n    command = \"test -n \\\"$KEY\\\"\"\n    \
         environment = {{ KEY = ephemeral.infisical_openrouter_rotation_credentials.app.api_key }}\n  }}\n}}\n"
    );
    workspace.rewrite(&blocks);
    let output = workspace.run(["apply", "-auto-approve", "-input=false", "-no-color"]);
    let worked = output.code == Some(0);
    Attempt { simulator, output, worked }
}

fn write_only() -> Attempt {
    let block = "variable \"key\" { default = \"sim-provisioning-kinds\" }\n\
                 provider \"infisical\" {}\n\
                 resource \"infisical_openrouter_connection\" \"app\" {\n  name = \"app\"\n  api_key_wo = var.key\n  \
                 api_key_wo_version = 1\n}\n";
    let (simulator, workspace) = start(block);
    let output = workspace.run(["apply", "-auto-approve", "-input=false", "-no-color"]);
    let worked = output.says("1 added, 0 changed, 0 destroyed");
    Attempt { simulator, output, worked }
}

fn action() -> Attempt {
    let (simulator, workspace, id) = existing();
    let before = simulator.issued_keys();
    workspace.rewrite(&format!(
        "provider \"infisical\" {{}}\n\
         action \"infisical_openrouter_rotate\" \"app\" {{\n  config {{ rotation_id = \"{id}\" }}\n}}\n"
    ));
    let command =
        ["apply", "-auto-approve", "-input=false", "-no-color", "-invoke=action.infisical_openrouter_rotate.app"];
    let output = workspace.run(command);
    let worked = simulator.issued_keys() == before + 1;
    Attempt { simulator, output, worked }
}

fn query() -> Attempt {
    let (simulator, workspace, _) = existing();
    workspace.rewrite("variable \"project_id\" {}\n");
    let list = "provider \"infisical\" {}\n\
                list \"infisical_openrouter_rotation\" \"all\" {\n  provider = infisical\n  \
                config { project_id = var.project_id }\n}\n";
    workspace.write("all.tfquery.hcl", list);
    let output = workspace.run(["query", "-no-color"]);
    let worked = output.says("my-openrouter-rotation");
    Attempt { simulator, output, worked }
}

fn readme() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// The heading of a core's column.
fn heading(core: &Core) -> String {
    heading_of(core.product, core.version)
}

fn heading_of(product: Product, Version(major, minor, _): Version) -> String {
    format!("{product:?} {major}.{minor}")
}

/// The headings of all columns.
fn headings() -> Vec<String> {
    let terraforms = TERRAFORMS.iter().map(|version| heading_of(Product::Terraform, *version));
    terraforms.chain(OPENTOFUS.iter().map(|version| heading_of(Product::OpenTofu, *version))).collect()
}

fn table(page: &str) -> (&str, &str, &str) {
    let (before, rest) = page.split_once(BEGIN).expect("the line before the table");
    let (table, after) = rest.split_once(END).expect("the line after the table");
    (before, table, after)
}

fn cells(line: &str) -> Vec<String> {
    line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The cells of one column, with the names of their rows.
fn column(page: &str, heading: &str) -> Vec<(String, String)> {
    let mut lines = table(page).1.lines().filter(|line| line.starts_with('|'));
    let head = cells(lines.next().unwrap_or_default());
    let at = head.iter().position(|cell| cell == heading);
    let at = at.unwrap_or_else(|| panic!("no column {heading} in {head:?}"));
    lines.skip(1).map(cells).map(|cells| (cells[0].clone(), cells[at].clone())).collect()
}

/// The page with this column, and with the existing columns of the other cores.
fn with_column(page: &str, heading: &str, found: &[(&str, &str)]) -> String {
    let (before, old, after) = table(page);
    let headings = headings();
    let old_head = cells(old.lines().find(|line| line.starts_with('|')).unwrap_or_default());
    let old_cell = |row: &str, column: &str| {
        let at = old_head.iter().position(|cell| cell == column)?;
        let line = old.lines().find(|line| cells(line).first().is_some_and(|cell| cell == row))?;
        cells(line).get(at).cloned()
    };
    let rows = found.iter().map(|(row, cell)| {
        let cell_of = |column: &String| match column == heading {
            true => (*cell).to_owned(),
            false => old_cell(row, column).unwrap_or_else(|| "?".to_owned()),
        };
        format!("| {row} | {} |", headings.iter().map(cell_of).collect::<Vec<_>>().join(" | "))
    });
    let head = format!("| | {} |\n|{}", headings.join(" | "), " --- |".repeat(headings.len() + 1));
    format!("{before}{BEGIN}\n\n{head}\n{}\n\n{END}{after}", rows.collect::<Vec<_>>().join("\n"))
}

#[test]
fn writing_a_column_keeps_the_others() {
    let page = format!("before\n{BEGIN}\n{END}\nafter");
    let one = with_column(&page, "Terraform 1.6", &[("queries", NO), ("imports", YES)]);
    let two = with_column(&one, "OpenTofu 1.12", &[("queries", NO), ("imports", NO)]);
    let of = |queries: &str, imports: &str| {
        [("queries", queries), ("imports", imports)].map(|(row, cell)| (row.to_owned(), cell.to_owned())).to_vec()
    };
    assert_eq!(column(&two, "Terraform 1.6"), of(NO, YES));
    assert_eq!(column(&two, "OpenTofu 1.12"), of(NO, NO));
    assert_eq!(column(&two, "Terraform 1.15"), of("?", "?"), "not tried yet");
    assert!(two.starts_with("before\n") && two.ends_with("\nafter"));
}
