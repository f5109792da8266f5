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
Usage: cargo xtask COMMAND [OPTIONS]

Commands:
  demo                  Run the provider against a simulator of Infisical, from init to destroy. Needs no account
    --archive FILE      Install it from this archive of a release instead of building it
  test [[--] FILTER]    Check the format, run the lints and all tests, and compare docs/. The acceptance tests run on the
                        oldest and the newest supported Terraform and on OpenTofu. With a FILTER, run only the tests
                        whose names contain it
    --all-cores         Run the acceptance tests on every supported core
    --core NAME         Run them on this core: a version, newest, oldest, opentofu, or a path. May be repeated
  docs                  Write docs/ from the provider's schema and examples/
    --check             Report pages that are out of date instead of writing them
    --address ADDRESS   Name the provider by this address, e.g. NAMESPACE/infisical, from now on
  package               Build a release into target/package/: archives, checksums, mirrors and the files of a registry
    --target TRIPLE     Also build for this Rust target, e.g. aarch64-unknown-linux-gnu. May be repeated. A target for
                        this machine's platform, e.g. x86_64-unknown-linux-musl, replaces the default build
    --all-targets       Also build for every target for which this machine has a compiler
    --archives FOLDER   Build nothing, and package the archives in this folder, which were built elsewhere
    --into FOLDER       Add the release to this folder, and keep other versions that it contains
    --tag vX.Y.Z        Refuse to package if this is not the workspace's version, or if CHANGELOG.md calls it unreleased
    --sign KEY          Sign the checksums with this GnuPG key
  version X.Y.Z         Set the version in the manifests and Cargo.lock, and open its section in the changelogs
  install               Build the provider and install it where Terraform and OpenTofu look for local providers
    --dir FOLDER        Install it into this filesystem mirror instead
    --provider FILE     Install this build of the provider instead of a new release build
  bench                 Measure size, start, memory, and plans, applies and destroys of a thousand rotations, beside a
                        provider in Go and built-in resources, and write docs/benchmarks.md
    --core NAME         Measure on this core instead of the newest Terraform and OpenTofu. May be repeated
    --target TRIPLE     Measure the build for this Rust target instead of the one that releases are built for
    --no-write          Print the table only
  endurance [PART]      Run a core for a long time, and write docs/endurance.md. Fails when a figure is out of its bound. The
                        parts are rotations (created, refreshed and destroyed while calls fail at random), debug (one
                        process serves many plans) and kills (cores killed at random moments); by default, all of them
    --count N           How many rotations, plans or kills
    --seed N            Repeat the random numbers of an earlier run
    --core NAME         Run this core instead of the one on PATH
    --provider FILE     Run this build of the provider instead of a new release build
    --no-write          Print the tables only
  fuzz [TARGET]         Execute what decodes and parses input from outside on inputs that try to break it
    --executions N      Execute each target so often, costly ones less often; 100000 by default
    --seconds N         Execute each target for so long instead
    --seed S            Let all random choices follow from this number; 1 by default
    --jobs N            Run so many targets at once; as many as there are processors by default
    --keep              Add inputs that reach new branches to fuzz/corpus/
    --write             Record the run in docs/fuzzing.md
  ecosystem             Run terraform fmt, tfplugindocs, tflint, terraform-docs and Terragrunt on docs/ and examples/, which
                        needs Go; check licences, duplicates and advisories of the dependencies, and build and test with
                        the oldest supported Rust
    --require-all       Fail if one of them could not be run
  help                  Print this text";

fn main() -> ExitCode {
    if let Some(code) = xtask::bench::as_provider().or_else(xtask::fuzz::as_compiler) {
        return code;
    }
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
        "endurance" => xtask::endurance::run(arguments),
        "fuzz" => xtask::fuzz::run(arguments),
        "demo" => xtask::demo::run(arguments),
        "ecosystem" => xtask::ecosystem::run(arguments),
        "docs" => xtask::docs::run(arguments),
        "package" => xtask::package::run(arguments),
        "version" => xtask::version::run(arguments),
        "install" => xtask::install::run(arguments),
        "help" => {
            say::line(HELP);
            Ok(())
        }
        other => Err(failed(format!("unknown command {other:?}\n\n{HELP}"))),
    }
}
