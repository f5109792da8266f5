//! `cargo xtask COMMAND`: reads the command's name and starts it.

use std::{
    env,
    io::{Write, stderr},
    process::ExitCode,
};

use xtask::{
    error::{Result, failed},
    options::Options,
    say,
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
    let mut words = env::args().skip(1);
    let command = words.next().unwrap_or_else(|| "help".to_owned());
    let options = Options::new(words.collect());
    match command.as_str() {
        "test" => xtask::test::run(options),
        "bench" => xtask::bench::run(options),
        "demo" => xtask::demo::run(options),
        "docs" => xtask::docs::run(options),
        "package" => xtask::package::run(options),
        "install" => xtask::install::run(options),
        "help" | "--help" | "-h" => {
            say::line(HELP);
            Ok(())
        }
        other => Err(failed(format!("no command is called {other:?}\n\n{HELP}"))),
    }
}
