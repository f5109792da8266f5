//! `cargo xtask fuzz`: executes the targets of the crate `fuzz` on many inputs, and prints a table. With `--write`, the run is
//! recorded in `docs/fuzzing.md`.

mod instrument;
mod report;

use std::{
    collections::BTreeMap,
    fs,
    num::NonZero,
    path::Path,
    process::Stdio,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use lexopt::{Arg, Parser, ValueExt};
use serde_json::Value;

pub use instrument::as_compiler;
use report::Run;

use crate::{
    compile,
    error::{Doing, Result, failed},
    options, places, process, say,
};

const ALLOWED: &str = "TARGET, --executions N, --seconds N, --seed S, --jobs N, --keep, --write";

/// When the run of a target ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// After so many executions; of a costly target, after a part of them.
    Executions(u64),
    /// After so many seconds.
    Seconds(u64),
}

impl Limit {
    /// The arguments for a target of this cost.
    fn arguments(self, cost: u64) -> [String; 2] {
        match self {
            Limit::Executions(count) => ["--executions".to_owned(), (count / cost.max(1)).to_string()],
            Limit::Seconds(count) => ["--seconds".to_owned(), count.to_string()],
        }
    }
}

/// What to run.
#[derive(Debug, PartialEq, Eq)]
struct Selection {
    /// The names of the targets; empty for all.
    targets: Vec<String>,
    limit: Limit,
    seed: u64,
    /// How many targets run at once.
    jobs: usize,
    /// Whether inputs that reach something new are added to the corpus.
    keep: bool,
    write: bool,
}

impl Selection {
    fn read(mut arguments: Parser) -> Result<Selection> {
        let (limit, jobs) = (Limit::Executions(100_000), thread::available_parallelism().map_or(1, NonZero::get));
        let mut selection = Selection { targets: Vec::new(), limit, seed: 1, jobs, keep: false, write: false };
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("executions") => selection.limit = Limit::Executions(arguments.value()?.parse()?),
                Arg::Long("seconds") => selection.limit = Limit::Seconds(arguments.value()?.parse()?),
                Arg::Long("jobs") => selection.jobs = arguments.value()?.parse()?,
                Arg::Long("seed") => selection.seed = arguments.value()?.parse()?,
                Arg::Long("keep") => selection.keep = true,
                Arg::Long("write") => selection.write = true,
                Arg::Value(name) => selection.targets.push(name.string()?),
                other => return Err(options::unexpected(other, ALLOWED)),
            }
        }
        Ok(selection)
    }

    /// Runs the targets, some at once.
    fn runs(&self, program: &Path, findings: &Path, targets: Vec<Value>) -> Result<Vec<Run>> {
        let (next, done) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
        let work = || {
            while let Some((number, target)) = targets.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
                let run = self.run_one(program, findings, target);
                run.iter().for_each(say::line);
                done.lock().unwrap_or_else(PoisonError::into_inner).insert(number, run);
            }
        };
        thread::scope(|scope| (0..self.jobs.max(1)).for_each(|_| drop(scope.spawn(work))));
        done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }

    fn run_one(&self, program: &Path, findings: &Path, target: &Value) -> Result<Run> {
        let text = |field: &str| target.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (name, about) = (text("name"), text("about"));
        let cost = target.get("cost").and_then(Value::as_u64).unwrap_or(1);
        let mut command = process::tool(program);
        command.args([name.as_str(), "--seed", &self.seed.to_string()]).args(self.limit.arguments(cost));
        command.arg("--corpus").arg(places::root().join("fuzz/corpus")).arg("--findings").arg(findings);
        command.args(self.keep.then_some("--keep"));
        let answer = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().doing("run a target")?;
        if answer.status.success() {
            return Ok(Run::read(name, about, &json(&String::from_utf8_lossy(&answer.stdout))?));
        }
        // A stack that overflows, or memory that runs out, ends the process.
        let problem = format!("the process ended with {}; with --journal, its program names the input", answer.status);
        Ok(Run::ended(name, about, problem))
    }

    /// The command as it was typed.
    fn command(&self) -> String {
        let mut words = vec!["cargo xtask fuzz".to_owned()];
        words.extend(self.targets.iter().cloned());
        words.extend(self.limit.arguments(1));
        words.push(format!("--seed {}", self.seed));
        words.join(" ")
    }
}

/// Runs `cargo xtask fuzz`.
///
/// # Errors
///
/// When there is an unexpected argument, the targets do not compile, or there is a finding.
pub fn run(arguments: Parser) -> Result<()> {
    let selection = Selection::read(arguments)?;
    let program = compile::built(&mut instrument::cargo()?)?;
    let known = json(&process::output(process::tool(&program).arg("list"))?)?;
    let all: Vec<_> = known.as_array().into_iter().flatten().collect();
    let name_of = |target: &Value| target.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(unknown) = selection.targets.iter().find(|name| !all.iter().any(|target| name_of(target) == **name)) {
        let names: Vec<_> = all.iter().map(|target| name_of(target)).collect();
        return Err(failed(format!("unknown target {unknown:?}; allowed: {}", names.join(", "))));
    }
    let findings = places::target().join("fuzz-findings");
    if findings.exists() {
        fs::remove_dir_all(&findings).doing(format_args!("remove {}", findings.display()))?;
    }
    let chosen =
        all.into_iter().filter(|target| selection.targets.is_empty() || selection.targets.contains(&name_of(target)));
    let runs = selection.runs(&program, &findings, chosen.cloned().collect())?;
    let table = report::table(&runs);
    say::line(format_args!("\n{table}"));
    if selection.write {
        let page = report::page(&selection.command(), &runs)?;
        fs::write(places::root().join("docs/fuzzing.md"), page).doing("write docs/fuzzing.md")?;
    }
    match runs.iter().any(|run| !run.findings.is_empty()) {
        true => Err(failed(format!("there are findings; their inputs are in {}", findings.display()))),
        false => Ok(()),
    }
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| failed(format!("unexpected output of the targets: {error}\n{text}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_selected_by_targets_a_limit_and_a_seed() {
        let read = |arguments: &str| Selection::read(Parser::from_args(arguments.split_whitespace()));
        let selection = read("numbers --seconds 5 types --seed 7").unwrap();
        assert_eq!(selection.command(), "cargo xtask fuzz numbers types --seconds 5 --seed 7");
        assert_eq!(read("").unwrap().command(), "cargo xtask fuzz --executions 100000 --seed 1");
        assert_eq!(Limit::Executions(1000).arguments(50), ["--executions", "20"]);
        assert!(read("--executions many").is_err());
        assert_eq!(
            read("--core").unwrap_err().to_string(),
            format!("unexpected argument \"--core\"; allowed: {ALLOWED}")
        );
    }
}
