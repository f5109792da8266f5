//! Tools around Terraform.

use std::{fs, path::Path};

use serde_json::json;

use super::{go::Program, terragrunt};
use crate::{
    compile, cores, docs,
    error::{Doing, Result, failed},
    files, places, process,
    summary::{Check, Outcome},
};

/// The checks, with their names in the summary.
pub(super) const CHECKS: [Check; 5] = [
    ("terraform fmt -check", formatted),
    ("tfplugindocs validate", || outcome(&TFPLUGINDOCS, validate_docs)),
    ("tflint --recursive", || outcome(&TFLINT, lint)),
    ("terraform-docs", || outcome(&TERRAFORM_DOCS, document_modules)),
    ("terragrunt", || outcome(&terragrunt::PROGRAM, terragrunt::apply_and_destroy)),
];

const TFPLUGINDOCS: Program = Program {
    name: "tfplugindocs",
    module: "github.com/hashicorp/terraform-plugin-docs",
    version: "v0.25.0",
    package: "./cmd/tfplugindocs",
};

const TFLINT: Program =
    Program { name: "tflint", module: "github.com/terraform-linters/tflint", version: "v0.64.0", package: "." };

const TERRAFORM_DOCS: Program = Program {
    name: "terraform-docs",
    module: "github.com/terraform-docs/terraform-docs",
    version: "v0.20.0",
    package: ".",
};

/// The folders with configurations that are formatted.
const CONFIGURATIONS: [&str; 2] = ["examples", "tests/states"];

/// Where the modules are that the examples share.
const MODULES: &str = "examples/modules";

/// Runs the check if the program can be built.
fn outcome(program: &Program, check: fn(&Path) -> Result<()>) -> Outcome {
    match program.built() {
        Err(error) => Outcome::NotRun(error.to_string()),
        Ok(path) => passed(check(&path)),
    }
}

fn passed(checked: Result<()>) -> Outcome {
    checked.map_or_else(|error| Outcome::Failed(error.to_string()), |()| Outcome::Passed(None))
}

/// Checks the format of every configuration.
fn formatted() -> Outcome {
    let core = match cores::any() {
        Err(error) => return Outcome::NotRun(error.to_string()),
        Ok(core) => core,
    };
    passed(CONFIGURATIONS.into_iter().try_for_each(|folder| {
        let mut command = process::hermetic(&core.path, &places::cores().join("no-home"));
        command.args(["fmt", "-check", "-diff", "-recursive"]).arg(places::root().join(folder));
        process::output(&mut command).map(drop)
    }))
}

/// Validates `docs/` against the provider's schema.
fn validate_docs(program: &Path) -> Result<()> {
    let folder = tempfile::tempdir().doing("create a temporary folder")?;
    let schema = folder.path().join("schema.json");
    let ours = docs::schema(&compile::debug()?)?;
    // The tool knows only addresses of the public registry.
    let schemas = json!({ "registry.terraform.io/hashicorp/infisical": ours });
    files::write(&schema, files::json(&json!({ "format_version": "1.0", "provider_schemas": schemas })))?;
    let mut command = process::tool(program);
    command.current_dir(places::root()).args(["validate", "--provider-name", "infisical", "--providers-schema"]);
    process::output(command.arg(&schema)).map(drop)
}

/// Lints every configuration in the checkout with the recommended rules, which are the default. What the demo leaves in the target
/// folder is linted, too; what tests leave there is not, since their folders are hidden.
fn lint(program: &Path) -> Result<()> {
    let silent = process::output(process::tool(program).current_dir(places::root()).arg("--recursive"))?;
    if silent.trim().is_empty() { Ok(()) } else { Err(failed(silent)) }
}

/// Compares what the tool would write about each module with what is in its README.
fn document_modules(program: &Path) -> Result<()> {
    for entry in fs::read_dir(places::root().join(MODULES)).doing(format_args!("read {MODULES}"))? {
        let module = entry.doing(format_args!("read {MODULES}"))?.path();
        let mut command = process::tool(program);
        command.args(["markdown", "table", "--output-mode", "inject", "--output-file", "README.md", "--output-check"]);
        process::output(command.arg(&module))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_of_the_configurations_exist() {
        for folder in CONFIGURATIONS.into_iter().chain([MODULES]) {
            assert!(places::root().join(folder).is_dir(), "{folder}");
        }
    }
}
