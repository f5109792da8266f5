//! `cargo xtask ecosystem`: runs the tools that authors of providers and modules use on `docs/` and `examples/`, and those of
//! Rust on the dependencies and on what is published.
//!
//! What cannot be had here is reported as not run.

mod go;
mod publish;
mod rust;
mod terraform;
mod terragrunt;

use lexopt::{Arg, Parser};

use crate::{
    error::{Result, failed},
    options, say,
    summary::Summary,
};

/// Runs `cargo xtask ecosystem`.
///
/// # Errors
///
/// When there is an unexpected argument, or a tool finds a problem. A tool that cannot be had is an error only with
/// `--require-all`.
pub fn run(mut arguments: Parser) -> Result<()> {
    let mut require_all = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("require-all") => require_all = true,
            other => return Err(options::unexpected(other, "--require-all")),
        }
    }
    let mut summary = Summary::default();
    for (name, check) in terraform::CHECKS.into_iter().chain(rust::CHECKS).chain(publish::CHECKS) {
        say::heading(name);
        let outcome = check();
        say::line(&outcome);
        summary.add(name, outcome, None);
    }
    summary.print();
    if !summary.is_ok() {
        return Err(failed("a tool found a problem: see the summary above"));
    }
    if require_all && !summary.is_complete() {
        return Err(failed("a tool could not be run: see the summary above"));
    }
    Ok(())
}
