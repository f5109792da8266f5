//! The table of targets, for the terminal and for `docs/fuzzing.md`.

use std::{fmt, process::Command};

use serde_json::Value;

use crate::{error::Result, machine, process};

/// The run of one target.
pub(super) struct Run {
    name: String,
    about: String,
    executions: u64,
    seconds: f64,
    corpus: u64,
    reached: u64,
    most_memory: u64,
    longest_seconds: f64,
    /// What each finding says.
    pub(super) findings: Vec<String>,
}

impl Run {
    /// What the target printed.
    pub(super) fn read(name: String, about: String, printed: &Value) -> Run {
        let number = |field: &str| printed.get(field).and_then(Value::as_f64).unwrap_or_default();
        let count = |field: &str| printed.get(field).and_then(Value::as_u64).unwrap_or_default();
        let findings = printed.get("findings").and_then(Value::as_array).into_iter().flatten();
        Run {
            name,
            about,
            executions: count("executions"),
            seconds: number("seconds"),
            corpus: count("corpus"),
            reached: count("reached"),
            most_memory: count("most_memory"),
            longest_seconds: number("longest_seconds"),
            findings: findings.filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    }

    /// A target whose process did not come to its end.
    pub(super) fn ended(name: String, about: String, problem: String) -> Run {
        Run { findings: vec![problem], ..Run::read(name, about, &Value::Null) }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Run { name, executions, seconds, .. } = self;
        write!(f, "{name}: {executions} executions in {seconds:.1} s, findings: {}", self.findings.len())?;
        self.findings.iter().try_for_each(|finding| write!(f, "\n  {finding}"))
    }
}

const HEAD: &str = "| target | what it checks | executions | per second | corpus | branches reached | most memory | longest | findings |";

/// The table in Markdown.
pub(super) fn table(runs: &[Run]) -> String {
    let columns = HEAD.matches('|').count() - 1;
    let mut lines = vec![HEAD.to_owned(), format!("|{}", " --- |".repeat(columns))];
    for run in runs {
        let Run { name, about, executions, corpus, reached, .. } = run;
        let rate = if run.seconds > 0.0 { *executions as f64 / run.seconds } else { 0.0 };
        let (memory, longest, findings) = (run.most_memory / 1024, run.longest_seconds * 1e3, run.findings.len());
        lines.push(format!(
            "| `{name}` | {about} | {executions} | {rate:.0} | {corpus} | {reached} | {memory} KiB | {longest:.1} ms | {findings} |"
        ));
    }
    let all: u64 = runs.iter().map(|run| run.executions).sum();
    let findings: usize = runs.iter().map(|run| run.findings.len()).sum();
    lines.push(format!("| all | | {all} | | | | | | {findings} |"));
    lines.join("\n")
}

/// The page for `docs/`.
pub(super) fn page(command: &str, runs: &[Run]) -> Result<String> {
    let compiler = process::output(process::tool("rustc").arg("--version"))?;
    let date = process::output(Command::new("date").arg("+%Y-%m-%d"))?;
    Ok(format!(
        "# Fuzzing\n\n\
         The crate `fuzz` executes what decodes and parses texts and bytes from outside on inputs that try to break it. A finding is a \
         panic, which is also how a target reports that a property does not hold, or an execution that holds more memory at once than \
         is allowed for an input of its length; a stack that overflows ends the process, which is a finding, too. The inputs are \
         the corpus in `fuzz/corpus`, mutations of it, and random bytes; all of them follow from the seed. LLVM's SanitizerCoverage, \
         which the stable compiler has, counts the branches of the workspace's own code, and an input that reaches a new one, or \
         one in another order of magnitude of times, is mutated further. There is no address sanitizer, which only the nightly \
         compiler has; the workspace's own code under test has no `unsafe`.\n\n\
         `cargo test` replays the corpus and mutates it for some seconds, without the counters. Each finding is corrected where it \
         was and left a test there.\n\n\
         ## The recorded run\n\n\
         `{command} --write` wrote this page on {date}, built by {compiler}. {machine} The times are those of a machine that was busy \
         with other work.\n\n{table}\n",
        date = date.trim(),
        compiler = compiler.trim(),
        machine = machine::described(),
        table = table(runs),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_each_target_and_the_sum() {
        let printed = serde_json::json!({
            "executions": 1000, "seconds": 0.5, "corpus": 3, "reached": 12, "most_memory": 4096, "longest_seconds": 0.002,
            "findings": ["broken (a.rs:1)"],
        });
        let runs = [
            Run::read("a".to_owned(), "checks a".to_owned(), &printed),
            Run::ended("b".to_owned(), "checks b".to_owned(), "the process ended".to_owned()),
        ];
        let table = table(&runs);
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows[0], "| `a` | checks a | 1000 | 2000 | 3 | 12 | 4 KiB | 2.0 ms | 1 |");
        assert_eq!(rows[2], "| all | | 1000 | | | | | | 2 |");
        assert_eq!(runs[0].to_string(), "a: 1000 executions in 0.5 s, findings: 1\n  broken (a.rs:1)");
    }
}
