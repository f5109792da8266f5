//! `cargo xtask ecosystem`: runs the tools that authors of providers and modules use on `docs/` and `examples/`, and those of
//! Rust on the dependencies.
//!
//! The former are Go programs, built from their modules by the `go` command. What cannot be had here is reported as not run.

mod rust;

use std::{
    fs,
    path::{Path, PathBuf},
};

use lexopt::Parser;
use serde_json::json;

use crate::{
    compile, docs,
    error::{Doing, Result, failed},
    files, options, places, process, say,
    summary::{Outcome, Summary},
};

/// A Go program.
struct Tool {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    check: fn(&Path) -> Result<()>,
}

const TOOLS: [Tool; 3] = [
    Tool {
        name: "tfplugindocs",
        package: "github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs",
        version: "v0.25.0",
        check: tfplugindocs,
    },
    Tool { name: "tflint", package: "github.com/terraform-linters/tflint", version: "v0.64.0", check: tflint },
    Tool {
        name: "terraform-docs",
        package: "github.com/terraform-docs/terraform-docs",
        version: "v0.20.0",
        check: terraform_docs,
    },
];

/// Rules of tflint about the `terraform` block, which the examples of single resources leave to the reader's module.
const MODULE_RULES: [&str; 2] = ["terraform_required_version", "terraform_required_providers"];

/// The folders in `examples/` that are complete modules.
const MODULES: [&str; 2] = ["provider", "quickstart"];

/// Runs `cargo xtask ecosystem`.
///
/// # Errors
///
/// When there is an argument, or a tool finds a problem. A tool that cannot be built is no error.
pub fn run(arguments: Parser) -> Result<()> {
    options::none(arguments)?;
    let mut summary = Summary::default();
    for tool in &TOOLS {
        say::heading(format_args!("{} {}", tool.name, tool.version));
        let outcome = match build(tool) {
            Err(error) => Outcome::NotRun(error.to_string()),
            Ok(program) => (tool.check)(&program)
                .map_or_else(|error| Outcome::Failed(error.to_string()), |()| Outcome::Passed(None)),
        };
        say::line(&outcome);
        summary.add(tool.name, outcome, None);
    }
    for (name, check) in rust::CHECKS {
        say::heading(name);
        let outcome = check();
        say::line(&outcome);
        summary.add(name, outcome, None);
    }
    summary.print();
    if summary.is_ok() { Ok(()) } else { Err(failed("a tool found a problem: see the summary above")) }
}

/// Builds the tool into the target folder, unless it has been built before.
fn build(tool: &Tool) -> Result<PathBuf> {
    let folder = places::target().join("tools").join(format!("{}-{}", tool.name, tool.version));
    let program = folder.join(format!("{}{}", tool.name, std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    if process::output(process::tool("go").arg("version")).is_err() {
        return Err(failed("go is not on PATH"));
    }
    let mut go = process::tool("go");
    go.env("GOBIN", &folder).args(["install", &format!("{}@{}", tool.package, tool.version)]);
    process::output(&mut go).map_err(|error| failed(without_progress(&error.to_string())))?;
    Ok(program)
}

/// Go's message without the lines about what it has downloaded, in one line.
fn without_progress(message: &str) -> String {
    let lines = message.lines().map(str::trim).filter(|line| !line.starts_with("go: downloading"));
    lines.collect::<Vec<_>>().join(" ")
}

/// Validates `docs/` against the provider's schema.
fn tfplugindocs(program: &Path) -> Result<()> {
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

/// Lints each folder of `examples/`, complete modules with all rules.
fn tflint(program: &Path) -> Result<()> {
    for entry in fs::read_dir(places::root().join("examples")).doing("read examples/")? {
        let folder = entry.doing("read examples/")?.path();
        let mut command = process::tool(program);
        command.current_dir(&folder).arg("--recursive");
        if !MODULES.iter().any(|module| folder.ends_with(module)) {
            command.args(MODULE_RULES.map(|rule| format!("--disable-rule={rule}")));
        }
        process::output(&mut command).map_err(|error| failed(format!("{}: {error}", folder.display())))?;
    }
    Ok(())
}

/// Documents the quickstart, a module whose inputs and outputs have descriptions.
fn terraform_docs(program: &Path) -> Result<()> {
    let text = process::output(process::tool(program).args(["markdown", "table"]).arg(quickstart()))?;
    if text.contains("connection_id") {
        return Ok(());
    }
    Err(failed(format!("terraform-docs does not list the quickstart's variables:\n{text}")))
}

fn quickstart() -> PathBuf {
    places::root().join("examples/quickstart")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_what_remains_of_gos_message() {
        let message = "go ended with 1\ngo: downloading a v1\ngo: a@v1: 403 Forbidden\n\tnot available";
        assert_eq!(without_progress(message), "go ended with 1 go: a@v1: 403 Forbidden not available");
    }

    #[test]
    fn the_modules_of_the_examples_exist() {
        for module in MODULES {
            assert!(places::root().join("examples").join(module).is_dir(), "{module}");
        }
    }
}
