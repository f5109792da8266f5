//! The table at the end of `cargo xtask test`.

use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

use crate::say;

/// How a step ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It succeeded; with the number of tests, if it ran any.
    Passed(Option<usize>),
    /// It failed, and why.
    Failed(String),
    /// It could not be run, and why.
    NotRun(String),
}

/// A check, and its name in the summary.
pub(crate) type Check = (&'static str, fn() -> Outcome);

/// The steps and their outcomes.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    rows: Vec<(String, Outcome, Option<Duration>)>,
}

impl Summary {
    pub(crate) fn add(&mut self, step: &str, outcome: Outcome, time: Option<Duration>) {
        self.rows.push((step.to_owned(), outcome, time));
    }

    /// Whether no step failed. One that could not be run does not count as a failure.
    pub(crate) fn is_ok(&self) -> bool {
        !self.rows.iter().any(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)))
    }

    /// Whether every step was run.
    pub(crate) fn is_complete(&self) -> bool {
        !self.rows.iter().any(|(_, outcome, _)| matches!(outcome, Outcome::NotRun(_)))
    }

    pub(crate) fn print(&self) {
        say::heading("Summary");
        let width = self.rows.iter().map(|(step, ..)| step.len()).max().unwrap_or(0);
        for (step, outcome, time) in &self.rows {
            let time = time.map(say::duration).unwrap_or_default();
            let result = outcome.to_string();
            let result = match outcome {
                Outcome::Passed(_) => say::green(result),
                Outcome::Failed(_) => say::red(result),
                Outcome::NotRun(_) => result,
            };
            say::line(format_args!("{step:width$}  {time:>12}  {result}"));
        }
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Passed(None) => write!(f, "ok"),
            Outcome::Passed(Some(count)) => write!(f, "ok, {count} passed"),
            Outcome::Failed(why) => write!(f, "FAILED: {why}"),
            // One line, however much the tool printed that is missing something.
            Outcome::NotRun(why) => write!(f, "not run: {}", why.split_whitespace().collect::<Vec<_>>().join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_could_not_be_run_is_no_failure() {
        let mut summary = Summary::default();
        summary.add("tests", Outcome::Passed(Some(3)), None);
        assert!(summary.is_ok() && summary.is_complete());
        summary.add("opentofu", Outcome::NotRun("go is not on PATH".into()), None);
        assert!(summary.is_ok() && !summary.is_complete());
        let reason = Outcome::NotRun("it cannot be built:\n  error: no network\n".into());
        assert_eq!(reason.to_string(), "not run: it cannot be built: error: no network");
        summary.add("lints", Outcome::Failed("ended with exit status: 1".into()), None);
        assert!(!summary.is_ok());
    }
}
