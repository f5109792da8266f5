//! `fuzz TARGET`: executes one target, and prints what it found as one line of JSON. `cargo xtask fuzz` calls it.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use std::{error, fs};

use fuzz::coverage::Coverage;
use fuzz::run::{self, Limit, Outcome, Plan};
use fuzz::targets;
use lexopt::{Arg, Parser, ValueExt as _};
use serde_json::{Value as Json, json};

type Failure = Box<dyn error::Error>;

struct Options {
    target: String,
    corpus: PathBuf,
    findings: PathBuf,
    keep: bool,
    plan: Plan,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(io::stderr(), "Error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let options = options(Parser::from_env())?;
    if options.target == "list" {
        let all: Vec<_> = targets::ALL
            .iter()
            .map(|target| json!({"name": target.name, "about": target.about, "cost": target.cost}))
            .collect();
        return Ok(writeln!(io::stdout(), "{}", Json::Array(all))?);
    }
    let target = targets::named(&options.target).ok_or_else(|| format!("there is no target {:?}", options.target))?;
    let corpus = run::corpus(&options.corpus)?;
    let mut coverage = Coverage::take();
    let outcome = run::run(target, &corpus, &options.plan, &mut coverage)?;
    for (number, finding) in outcome.findings.iter().enumerate() {
        fs::create_dir_all(&options.findings)?;
        fs::write(options.findings.join(format!("{}-{number}", target.name)), &finding.input)?;
    }
    if options.keep {
        fs::create_dir_all(&options.corpus)?;
        for input in run::smallest(target, &corpus, &outcome.kept, &mut coverage) {
            fs::write(options.corpus.join(format!("kept-{:016x}", run::hash(&input))), &input)?;
        }
    }
    Ok(writeln!(io::stdout(), "{}", shown(&outcome, corpus.len()))?)
}

fn shown(outcome: &Outcome, corpus: usize) -> Json {
    json!({
        "executions": outcome.executions,
        "seconds": outcome.time.as_secs_f64(),
        "corpus": corpus,
        "kept": outcome.kept.len(),
        "reached": outcome.reached.0,
        "counters": outcome.reached.1,
        "most_memory": outcome.most.0,
        "longest_seconds": outcome.most.1.as_secs_f64(),
        "findings": outcome.findings.iter().map(|finding| finding.problem.as_str()).collect::<Vec<_>>(),
    })
}

fn options(mut arguments: Parser) -> Result<Options, Failure> {
    let plan = Plan { seed: 1, limit: Limit::Executions(100_000), journal: None };
    let mut options = Options {
        target: String::new(),
        corpus: PathBuf::from("fuzz/corpus"),
        findings: PathBuf::from("target/fuzz-findings"),
        keep: false,
        plan,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(name) if options.target.is_empty() => options.target = name.string()?,
            Arg::Long("corpus") => options.corpus = arguments.value()?.into(),
            Arg::Long("findings") => options.findings = arguments.value()?.into(),
            Arg::Long("keep") => options.keep = true,
            Arg::Long("journal") => options.plan.journal = Some(arguments.value()?.into()),
            Arg::Long("seed") => options.plan.seed = arguments.value()?.parse()?,
            Arg::Long("executions") => options.plan.limit = Limit::Executions(arguments.value()?.parse()?),
            Arg::Long("seconds") => options.plan.limit = Limit::Time(Duration::from_secs(arguments.value()?.parse()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    options.corpus.push(&options.target);
    Ok(options)
}
