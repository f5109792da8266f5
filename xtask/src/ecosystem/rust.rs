//! Tools around Rust: cargo-deny for the dependencies, and the tests with the oldest supported compiler.

use std::env::consts::EXE_SUFFIX;

use crate::{
    error::{Result, failed},
    places, process,
    summary::{Check, Outcome},
    test,
};

/// All checks.
pub(super) const CHECKS: [Check; 3] = [
    ("cargo-deny: licences, duplicates, sources", licences_duplicates_and_sources),
    ("cargo-deny: advisories", advisories),
    ("oldest supported Rust", oldest_rust),
];

/// The version of cargo-deny that is built where none is on PATH.
const DENY: &str = "0.20.2";

/// The oldest Rust that the workspace promises to compile with.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// A part of the name of the test that compares errors of the compiler, whose words differ between its versions.
const COMPILER_WORDS: &str = "does_not_compile_and_says";

fn licences_duplicates_and_sources() -> Outcome {
    deny(&["licenses", "bans", "sources"])
}

/// Known vulnerabilities, unmaintained crates and yanked versions. The list of them is a git repository that is downloaded.
fn advisories() -> Outcome {
    deny(&["advisories"])
}

/// Runs these checks of cargo-deny, as `deny.toml` configures them.
fn deny(checks: &[&str]) -> Outcome {
    match deny_program() {
        Err(error) => Outcome::NotRun(error.to_string()),
        Ok(program) => {
            let mut deny = process::tool(program);
            deny.current_dir(places::root()).args(["--color", "never", "check", "--hide-inclusion-graph"]).args(checks);
            outcome(process::output(&mut deny))
        }
    }
}

/// cargo-deny on PATH, or else one that is built into the target folder, which takes some minutes.
fn deny_program() -> Result<String> {
    let name = "cargo-deny";
    if process::first_present(&[name]).is_some() {
        return Ok(name.to_owned());
    }
    let folder = places::target().join("tools").join(format!("{name}-{DENY}"));
    let program = folder.join("bin").join(format!("{name}{EXE_SUFFIX}"));
    if !program.is_file() {
        let mut install = process::cargo();
        install.args(["install", name, "--version", DENY, "--locked", "--quiet", "--root"]).arg(&folder);
        process::output(&mut install).map_err(|error| failed(format!("{name} cannot be built: {error}")))?;
    }
    Ok(program.to_string_lossy().into_owned())
}

/// Without the list of advisories, nothing has been checked.
fn outcome(result: Result<String>) -> Outcome {
    match result {
        Ok(_) => Outcome::Passed(None),
        Err(error) if error.to_string().contains("failed to fetch advisory database") => {
            Outcome::NotRun("the advisory database cannot be downloaded".to_owned())
        }
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// Builds everything with [`OLDEST`], where rustup has installed it, and runs the tests that need no core.
fn oldest_rust() -> Outcome {
    if process::output(oldest("rustc").arg("--version")).is_err() {
        return Outcome::NotRun(format!(
            "Rust {OLDEST} is not installed: run `rustup toolchain install {OLDEST} --profile minimal`"
        ));
    }
    let mut cargo = oldest("cargo");
    // In a folder of its own, so that neither compiler invalidates what the other one has built.
    cargo.env("CARGO_TARGET_DIR", places::target().join("oldest-rust")).current_dir(places::root());
    cargo.args(["test", "--workspace", "--locked", "--quiet", "--", "--skip", "acceptance_", "--skip", COMPILER_WORDS]);
    match process::output(&mut cargo) {
        Ok(printed) => Outcome::Passed(Some(printed.lines().filter_map(test::passed_in).sum())),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// A program of the oldest toolchain. The variables that name the current one must not reach it.
fn oldest(program: &str) -> std::process::Command {
    let mut rustup = process::tool("rustup");
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        rustup.env_remove(name);
    }
    rustup.args(["run", OLDEST, program]);
    rustup
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::TARGETS;

    #[test]
    fn a_list_of_advisories_that_cannot_be_downloaded_is_no_failure_and_no_success() {
        let offline = failed("cargo-deny ended with 1\n[ERROR] failed to fetch advisory database https://…");
        assert!(matches!(outcome(Err(offline)), Outcome::NotRun(_)));
        assert!(matches!(outcome(Err(failed("error[vulnerability]"))), Outcome::Failed(_)));
        assert!(matches!(outcome(Ok(String::new())), Outcome::Passed(None)));
    }

    #[test]
    fn the_test_that_compares_errors_of_the_compiler_has_the_expected_name() {
        let tests = std::fs::read_to_string(places::root().join("crates/tfplug/tests/compile_fail.rs")).unwrap();
        assert!(tests.contains(COMPILER_WORDS), "{tests}");
    }

    #[test]
    fn the_dependencies_of_every_packaged_target_are_checked() {
        let configuration = std::fs::read_to_string(places::root().join("deny.toml")).unwrap();
        for target in &TARGETS {
            assert!(configuration.contains(&format!("\"{}\"", target.triple)), "{target} is not in deny.toml");
        }
    }

    #[test]
    fn the_oldest_rust_is_the_one_that_contributors_are_told() {
        let contributing = std::fs::read_to_string(places::root().join("CONTRIBUTING.md")).unwrap();
        assert!(contributing.contains(&format!("Rust {OLDEST} or later")));
    }
}
