//! The table of figures, for the terminal and for `docs/benchmarks.md`.

use std::fmt::Display;

use crate::{cores::Core, machine, say};

/// The unit of a figure.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Seconds,
    Milliseconds,
    Megabytes,
    Mebibytes,
}

impl Unit {
    fn written(self, figure: f64) -> String {
        match self {
            Unit::Seconds => format!("{figure:.2} s"),
            Unit::Milliseconds => format!("{:.1} ms", figure * 1e3),
            Unit::Megabytes => format!("{:.2} MB", figure / 1e6),
            Unit::Mebibytes => format!("{:.1} MiB", figure / 1024.0),
        }
    }
}

/// One measured figure, and what it is compared with.
#[derive(Clone, Debug)]
pub(super) struct Row {
    what: String,
    unit: Unit,
    ours: f64,
    peer: Option<f64>,
    built_in: Option<f64>,
    calls: Option<usize>,
    goal: Option<(&'static str, f64)>,
}

impl Row {
    fn new(what: impl Into<String>, unit: Unit, ours: f64) -> Row {
        Row { what: what.into(), unit, ours, peer: None, built_in: None, calls: None, goal: None }
    }

    /// A time in seconds.
    pub(super) fn seconds(what: impl Into<String>, seconds: f64) -> Row {
        Row::new(what, Unit::Seconds, seconds)
    }

    /// A time in seconds, shown in milliseconds.
    pub(super) fn milliseconds(what: impl Into<String>, seconds: f64) -> Row {
        Row::new(what, Unit::Milliseconds, seconds)
    }

    /// A size in bytes.
    pub(super) fn megabytes(what: impl Into<String>, bytes: f64) -> Row {
        Row::new(what, Unit::Megabytes, bytes)
    }

    /// A size in KiB.
    pub(super) fn mebibytes(what: impl Into<String>, kib: u64) -> Row {
        Row::new(what, Unit::Mebibytes, kib as f64)
    }

    /// The Go provider's figure, in the unit of ours.
    pub(super) fn beside<T: IntoFigure>(mut self, peer: Option<T>) -> Row {
        self.peer = peer.map(IntoFigure::figure);
        self
    }

    /// The figure of built-in resources, in the unit of ours.
    pub(super) fn built_in(mut self, figure: f64) -> Row {
        self.built_in = Some(figure);
        self
    }

    /// The number of requests to the API.
    pub(super) fn calls(mut self, requests: usize) -> Row {
        self.calls = Some(requests);
        self
    }

    /// What is wanted at most: as text, and in the unit of the figure.
    pub(super) fn goal(mut self, text: &'static str, most: f64) -> Row {
        self.goal = Some((text, most));
        self
    }

    fn cells(&self) -> [String; 6] {
        let beside = |figure: Option<f64>| {
            figure.map_or_else(
                || "–".to_owned(),
                |figure| format!("{} ({:.2})", self.unit.written(figure), self.ours / figure),
            )
        };
        let calls = self.calls.map_or_else(|| "–".to_owned(), |calls| calls.to_string());
        let goal = match self.goal {
            None => "–".to_owned(),
            Some((text, most)) if self.ours <= most => format!("at most {text}"),
            Some((text, _)) => format!("at most {text}: missed"),
        };
        [self.what.clone(), self.unit.written(self.ours), beside(self.peer), beside(self.built_in), calls, goal]
    }
}

/// A figure as a float.
pub(super) trait IntoFigure {
    /// The figure.
    fn figure(self) -> f64;
}

impl IntoFigure for f64 {
    fn figure(self) -> f64 {
        self
    }
}

impl IntoFigure for u64 {
    fn figure(self) -> f64 {
        self as f64
    }
}

const HEAD: [&str; 6] = ["", "this provider", "Go provider (ratio)", "terraform_data (ratio)", "API calls", "goal"];

fn print(cells: [String; 6]) {
    let [what, ours, peer, built_in, calls, goal] = cells;
    say::line(format_args!("{what:48} {ours:>14} {peer:>20} {built_in:>23} {calls:>9}  {goal}"));
}

/// All figures, by section.
pub(super) struct Report {
    sections: Vec<(String, Vec<Row>)>,
}

impl Report {
    pub(super) fn new() -> Report {
        Report { sections: Vec::new() }
    }

    /// Begins a section, and prints its head.
    pub(super) fn section(&mut self, title: impl Display) {
        say::heading(title.to_string());
        print(HEAD.map(str::to_owned));
        self.sections.push((title.to_string(), Vec::new()));
    }

    /// Adds a row to the last section, and prints it.
    pub(super) fn add(&mut self, row: Row) {
        print(row.cells());
        if let Some((_, rows)) = self.sections.last_mut() {
            rows.push(row);
        }
    }

    /// The page for `docs/`.
    pub(super) fn page(&self, cores: &[Core], build: &str) -> String {
        let cores = cores.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
        let mut page = format!(
            "# Benchmarks\n\n`cargo xtask bench` measured these figures on {cores} and wrote this page. The \
             provider is {build}. {machine}\n\nThe Go \
             provider, in `xtask/src/bench/peer`, has the same resource, written with HashiCorp's terraform-plugin-framework. It \
             calls no API and keeps what is planned, so its figures are the framework's alone. `terraform_data` is built into the \
             cores; it holds as many bytes of state, so its figures are the core's own share. A ratio below 1 means that \
             this provider needs less. Times are wall time unless the row says otherwise, and those of plans are the median of three.\n",
            machine = machine::described()
        );
        for (title, rows) in &self.sections {
            page.push_str(&format!("\n## {title}\n\n| {} |\n|{}\n", HEAD.join(" | "), " --- |".repeat(HEAD.len())));
            for row in rows {
                page.push_str(&format!("| {} |\n", row.cells().join(" | ")));
            }
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_ratios_to_what_is_not_ours() {
        let row = Row::seconds("plan", 1.0).beside(Some(4.0)).built_in(0.5).calls(2).goal("3 s", 3.0);
        assert_eq!(row.cells(), ["plan", "1.00 s", "4.00 s (0.25)", "0.50 s (2.00)", "2", "at most 3 s"]);
        let missed = Row::seconds("plan", 3.1).goal("3 s", 3.0);
        assert_eq!(missed.cells()[5], "at most 3 s: missed");
        let alone = Row::mebibytes("memory", 6 * 1024).beside(None::<u64>);
        assert_eq!(alone.cells(), ["memory", "6.0 MiB", "–", "–", "–", "–"]);
    }

    #[test]
    fn the_page_has_a_table_for_each_section() {
        let mut report = Report::new();
        report.section("one");
        report.add(Row::milliseconds("start", 0.0012));
        let page = report.page(&[], "a release build");
        assert!(page.contains("\n## one\n\n|  | this provider | "), "{page}");
        assert!(page.contains("\n| start | 1.2 ms | – | – | – | – |\n"), "{page}");
    }
}
