//! `cargo xtask COMMAND`: dispatches to the command.

use std::{
    io::{Write, stderr},
    process::ExitCode,
};

use lexopt::{Arg, Parser, ValueExt};
use xtask::{
    error::{Result, failed},
    options, say,
};

const HELP: &str = "\
cargo xtask COMMAND

  demo                       Try the provider on a simulator of Infisical: no account, nothing to install before
  test [OPTIONS] [-- FILTER] Check the format, lint, run all tests; the acceptance tests on the newest and the oldest
                             Terraform and on OpenTofu. With a FILTER, only the tests whose names contain it
    --all-cores              ... on every supported core
    --core NAME              ... on this core; may be repeated: a version, newest, oldest, opentofu, or a path
  docs [--check]             Write docs/ from the provider's schema; with --check, only compare
  package                    Build the files of a release into target/package/
  install [--dir FOLDER]     Install the provider where your Terraform and OpenTofu find it; or into a FOLDER as a mirror
  bench                      Print start-up time, memory, size, and the time of large plans
  help                       This text";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(stderr(), "{} {error}", say::red("Error:")));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = Parser::from_env();
    let command = match arguments.next()? {
        None | Some(Arg::Short('h') | Arg::Long("help")) => "help".to_owned(),
        Some(Arg::Value(command)) => command.string()?,
        Some(other) => return Err(options::unexpected(other, "COMMAND, --help")),
    };
    match command.as_str() {
        "test" => xtask::test::run(arguments),
        "bench" => xtask::bench::run(arguments),
        "demo" => xtask::demo::run(arguments),
        "docs" => xtask::docs::run(arguments),
        "package" => xtask::package::run(arguments),
        "install" => xtask::install::run(arguments),
        "help" => {
            say::line(HELP);
            Ok(())
        }
        other => Err(failed(format!("unknown command {other:?}\n\n{HELP}"))),
    }
}
