//! Builds the crate `fuzz` with a counter at each branch of the workspace's own code.
//!
//! The counters are LLVM's SanitizerCoverage, which the stable compiler has. Cargo has no flags for single packages, so it calls
//! this program in place of the compiler for each package of the workspace.

use std::{
    env,
    process::{Command, ExitCode},
};

use crate::{
    error::{Doing, Result},
    process,
};

/// Set when this program is to be the compiler.
const VARIABLE: &str = "XTASK_FUZZ_COMPILER";

/// The crates with counters: what decodes and parses. Counters in the crate `fuzz` would count its own work.
const INSTRUMENTED: [&str; 4] = ["infisical", "simulator", "terraform_provider_infisical", "tfplug"];

/// The packages that are optimized, with the checks of a debug build: the instrumented ones, the targets, and the arithmetic of
/// numbers. All others are those of `cargo test --workspace`, and need not be built again.
const OPTIMIZED: [&str; 7] =
    ["bigdecimal", "fuzz", "infisical", "infisical-simulator", "num-bigint", "terraform-provider-infisical", "tfplug"];

const FLAGS: [&str; 3] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=3",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
];

/// The command that builds the targets.
pub(super) fn cargo() -> Result<Command> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--workspace", "--bin", "fuzz", "--message-format=json-render-diagnostics"]);
    for package in OPTIMIZED {
        cargo.arg(format!("--config=profile.dev.package.{package}.opt-level=3"));
    }
    cargo.env(VARIABLE, "1");
    cargo.env("RUSTC_WORKSPACE_WRAPPER", env::current_exe().doing("find this program")?);
    Ok(cargo)
}

/// If this process was started in place of the compiler: runs the compiler, and returns its exit code.
pub fn as_compiler() -> Option<ExitCode> {
    env::var_os(VARIABLE)?;
    let mut arguments = env::args_os().skip(1);
    let mut compiler = Command::new(arguments.next()?);
    let arguments: Vec<_> = arguments.collect();
    let words: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    if is_instrumented(&words) {
        compiler.args(FLAGS);
    }
    let status = compiler.args(&arguments).status().ok();
    let code = status.and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn is_instrumented(arguments: &[impl AsRef<str>]) -> bool {
    let mut names =
        arguments.iter().zip(arguments.iter().skip(1)).filter(|(option, _)| option.as_ref() == "--crate-name");
    names.any(|(_, name)| INSTRUMENTED.contains(&name.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_crates_that_decode_and_parse_have_counters() {
        assert!(is_instrumented(&["--edition=2024", "--crate-name", "tfplug", "lib.rs"]));
        for other in ["tfplug_macros", "build_script_build", "fuzz"] {
            assert!(!is_instrumented(&["--crate-name", other]), "{other}");
        }
        assert!(!is_instrumented(&["-vV"]));
    }
}
