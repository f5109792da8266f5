//! The table at the end of `cargo xtask test`.

use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

use crate::say;

/// How a step ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Well; with the number of tests, if it ran any.
    Passed(Option<usize>),
    /// Not well, and why.
    Failed(String),
    /// It could not be run, and why.
    NotRun(String),
}

/// What was run, and how it went.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    rows: Vec<(String, Outcome, Option<Duration>)>,
}

impl Summary {
    pub(crate) fn add(&mut self, step: &str, outcome: Outcome, time: Option<Duration>) {
        self.rows.push((step.to_owned(), outcome, time));
    }

    /// Whether nothing failed; what was not run is no failure.
    pub(crate) fn is_ok(&self) -> bool {
        !self.rows.iter().any(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)))
    }

    pub(crate) fn print(&self) {
        say::heading("Summary");
        let width = self.rows.iter().map(|(step, ..)| step.len()).max().unwrap_or(0);
        for (step, outcome, time) in &self.rows {
            let time = time.map(say::duration).unwrap_or_default();
            let words = outcome.to_string();
            let words = match outcome {
                Outcome::Passed(_) => say::green(words),
                Outcome::Failed(_) => say::red(words),
                Outcome::NotRun(_) => words,
            };
            say::line(format_args!("{step:width$}  {time:>12}  {words}"));
        }
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Passed(None) => write!(f, "ok"),
            Outcome::Passed(Some(count)) => write!(f, "ok, {count} passed"),
            Outcome::Failed(why) => write!(f, "FAILED: {why}"),
            Outcome::NotRun(why) => write!(f, "not run: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failure_is_a_failure() {
        let mut summary = Summary::default();
        summary.add("tests", Outcome::Passed(Some(3)), None);
        summary.add("opentofu", Outcome::NotRun("go is not on PATH".into()), None);
        assert!(summary.is_ok());
        summary.add("lints", Outcome::Failed("ended with exit status: 1".into()), None);
        assert!(!summary.is_ok());
    }
}
