//! `cargo xtask test`: checks the format, the lints and `docs/`, and runs the tests, the acceptance tests once for each core.

use std::{
    env,
    io::{BufRead, BufReader},
    num::NonZero,
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use lexopt::{Arg, Parser, ValueExt};

use crate::{
    cores::{self, Core},
    docs,
    error::{Doing, Result, failed},
    options, process, provider, say,
    summary::{Outcome, Summary},
};

/// The variable with the path of the core that the test binary uses.
pub const CORE_VARIABLE: &str = "INFISICAL_TEST_CORE";

/// Part of the names of all tests that need a core.
const ACCEPTANCE: &str = "acceptance_";

/// Runs `cargo xtask test`.
///
/// # Errors
///
/// When there is an unexpected argument, a step fails, or a named core is not available.
pub fn run(arguments: Parser) -> Result<()> {
    let Selection { all_cores, cores, filter } = Selection::read(arguments)?;

    let mut summary = Summary::default();
    if filter.is_empty() {
        step(&mut summary, "format", process::cargo().args(["fmt", "--all", "--check"]));
        let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        step(&mut summary, "lints", process::cargo().args(clippy));
    }
    let tests = ["test", "--workspace", "--", "--skip", ACCEPTANCE];
    step(&mut summary, "tests", at_once(process::cargo().args(tests).args(&filter)));
    match acceptance_tests(&filter) {
        Ok(tests) if tests.is_empty() => {
            summary.add("acceptance tests", Outcome::NotRun("no name matches the filter".into()), None)
        }
        Ok(tests) => on_each_core(&mut summary, &wanted(all_cores, &cores), !cores.is_empty(), &tests),
        Err(error) => summary.add("acceptance tests", Outcome::Failed(error.to_string()), None),
    }
    if filter.is_empty() {
        timed(&mut summary, "docs/ match the schema", || docs::write(true).map(|()| None));
    }
    summary.print();
    if summary.is_ok() { Ok(()) } else { Err(failed("a step failed: see the summary above")) }
}

/// Which tests to run on which cores.
#[derive(Debug, Default, PartialEq, Eq)]
struct Selection {
    /// Whether to use every supported core.
    all_cores: bool,
    /// The cores that were named; empty for the default ones.
    cores: Vec<String>,
    /// Parts of test names; empty for all tests.
    filter: Vec<String>,
}

impl Selection {
    fn read(mut arguments: Parser) -> Result<Selection> {
        let mut selection = Selection::default();
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("all-cores") => selection.all_cores = true,
                Arg::Long("core") => selection.cores.push(arguments.value()?.string()?),
                Arg::Value(part) => selection.filter.push(part.string()?),
                other => return Err(options::unexpected(other, "--all-cores, --core NAME, [--] FILTER")),
            }
        }
        Ok(selection)
    }
}

/// The names of the cores to run on.
fn wanted(all: bool, named: &[String]) -> Vec<String> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let mut versions = if all { cores::TERRAFORMS.to_vec() } else { vec![cores::NEWEST, cores::OLDEST] };
    versions.extend(all.then_some(cores::OLDEST_OPENTOFU));
    versions.iter().map(ToString::to_string).chain(["opentofu".to_owned()]).collect()
}

/// The names of the tests that need a core and match the filter. They are selected here since the test binary's own filters
/// cannot require two parts of a name at once.
fn acceptance_tests(filter: &[String]) -> Result<Vec<String>> {
    let list = process::output(suite().args(["--list", "--format=terse"]))?;
    let names = list.lines().filter_map(|line| line.strip_suffix(": test"));
    let matches =
        |name: &&str| name.contains(ACCEPTANCE) && (filter.is_empty() || filter.iter().any(|part| name.contains(part)));
    Ok(names.filter(matches).map(str::to_owned).collect())
}

fn suite() -> Command {
    let mut cargo = process::cargo();
    cargo.args(["test", "--quiet", "--package", provider::NAME, "--test", "suite", "--"]);
    cargo
}

/// Runs the tests on each core. A core that is not available is reported as not run or, if it is `required`, as a failure.
/// It is also a failure if no core is available.
fn on_each_core(summary: &mut Summary, names: &[String], required: bool, tests: &[String]) {
    let mut any = false;
    for name in names {
        say::heading(format_args!("core {name}"));
        let start = Instant::now();
        match cores::named(name) {
            Ok(core) => {
                any = true;
                say::line(format_args!("{} after {}", core.path.display(), say::duration(start.elapsed())));
                step(summary, &format!("acceptance tests, {core}"), &mut on_core(&core, tests));
            }
            Err(error) if required => summary.add(name, Outcome::Failed(error.to_string()), None),
            Err(error) => summary.add(name, Outcome::NotRun(error.to_string()), None),
        }
    }
    if !any {
        summary.add("acceptance tests", Outcome::Failed("no core is available".into()), None);
    }
}

fn on_core(core: &Core, tests: &[String]) -> Command {
    let mut command = suite();
    at_once(command.env(CORE_VARIABLE, &core.path).arg("--exact").args(tests));
    command
}

/// Runs more tests at once than there are processors, unless the user has set their number: many wait for a provider that
/// waits for its API.
fn at_once(command: &mut Command) -> &mut Command {
    const VARIABLE: &str = "RUST_TEST_THREADS";
    if env::var_os(VARIABLE).is_some() {
        return command;
    }
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    command.env(VARIABLE, (3 * processors).to_string())
}

/// Runs one step, shows its output, and adds its outcome to the summary.
fn step(summary: &mut Summary, name: &str, command: &mut Command) {
    timed(summary, name, || shown(command));
}

fn timed(summary: &mut Summary, name: &str, work: impl FnOnce() -> Result<Option<usize>>) {
    say::heading(name);
    let start = Instant::now();
    let outcome = work().map_or_else(|error| Outcome::Failed(error.to_string()), Outcome::Passed);
    say::line(format_args!("{name}: {outcome}, {}", say::duration(start.elapsed())));
    summary.add(name, outcome, Some(start.elapsed()));
}

/// Shows the command's output while it runs, and counts the passed tests, if it runs any.
fn shown(command: &mut Command) -> Result<Option<usize>> {
    let typed = process::typed(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().doing(format_args!("run {typed}"))?;
    let mut passed = None;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.doing(format_args!("read from {typed}"))?;
            let line = String::from_utf8_lossy(&line);
            passed = passed_in(&line).map(|count| count + passed.unwrap_or(0)).or(passed);
            say::line(line);
        }
    }
    let status = child.wait().doing(format_args!("run {typed}"))?;
    if status.success() { Ok(passed) } else { Err(failed(format!("ended with {status}"))) }
}

/// The number of passed tests in the last line of a test binary's output.
pub(crate) fn passed_in(line: &str) -> Option<usize> {
    let counts = line.strip_prefix("test result: ok. ")?;
    counts.split_once(" passed")?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_tests_is_read_from_the_last_line() {
        let line = "test result: ok. 16 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(passed_in(line), Some(16));
        assert_eq!(passed_in("test result: FAILED. 3 passed; 1 failed"), None);
    }

    fn read(arguments: &str) -> Result<Selection> {
        Selection::read(Parser::from_args(arguments.split_whitespace()))
    }

    #[test]
    fn ok_options_come_in_both_forms_and_the_filter_after_two_hyphens() {
        let expected = Selection {
            all_cores: true,
            cores: vec!["oldest".into(), "1.9.8".into()],
            filter: vec!["filter".into(), "--core".into()],
        };
        assert_eq!(read("--core oldest --all-cores --core=1.9.8 -- filter --core").unwrap(), expected);
    }

    #[test]
    fn err_unknown_options_and_missing_values_are_named() {
        let error = |arguments| read(arguments).unwrap_err().to_string();
        assert_eq!(
            error("--cores"),
            r#"unexpected argument "--cores"; allowed: --all-cores, --core NAME, [--] FILTER"#
        );
        assert_eq!(error("--core"), "missing argument for option '--core'");
    }

    #[test]
    fn by_default_the_newest_and_the_oldest_terraform_and_opentofu_are_used() {
        assert_eq!(wanted(false, &[]), ["1.15.5", "1.6.6", "opentofu"]);
        let all = wanted(true, &[]);
        assert_eq!(all.len(), cores::TERRAFORMS.len() + cores::OPENTOFUS.len());
        assert_eq!(all.last_chunk(), Some(&["1.10.10".to_owned(), "opentofu".to_owned()]));
        assert_eq!(wanted(true, &["1.9.8".to_owned()]), ["1.9.8"]);
    }
}
