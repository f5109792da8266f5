//! `cargo xtask ecosystem`: runs the tools that authors of providers and modules use on `docs/` and `examples/`, and those of
//! Rust on the dependencies.
//!
//! What cannot be had here is reported as not run.

mod go;
mod rust;
mod terraform;
mod terragrunt;

use lexopt::Parser;

use crate::{
    error::{Result, failed},
    options, say,
    summary::Summary,
};

/// Runs `cargo xtask ecosystem`.
///
/// # Errors
///
/// When there is an argument, or a tool finds a problem. A tool that cannot be had is no error.
pub fn run(arguments: Parser) -> Result<()> {
    options::none(arguments)?;
    let mut summary = Summary::default();
    for (name, check) in terraform::CHECKS.into_iter().chain(rust::CHECKS) {
        say::heading(name);
        let outcome = check();
        say::line(&outcome);
        summary.add(name, outcome, None);
    }
    summary.print();
    if summary.is_ok() { Ok(()) } else { Err(failed("a tool found a problem: see the summary above")) }
}
