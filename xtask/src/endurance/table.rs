//! The figures of one part, and whether they are within their bounds.

use std::fmt::Display;

use crate::say;

/// One figure.
struct Row {
    what: String,
    figure: String,
    bound: Option<Bound>,
}

struct Bound {
    text: String,
    is_kept: bool,
}

/// The figures of one part.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Adds a figure without a bound.
    pub(super) fn add(&mut self, what: impl Into<String>, figure: impl Display) {
        self.rows.push(Row { what: what.into(), figure: figure.to_string(), bound: None });
    }

    /// Adds a figure, what it has to be, and whether it is.
    pub(super) fn bound(&mut self, what: &str, figure: impl Display, bound: impl Display, is_kept: bool) {
        let bound = Some(Bound { text: bound.to_string(), is_kept });
        self.rows.push(Row { what: what.to_owned(), figure: figure.to_string(), bound });
    }

    /// Adds a number that has to be this one.
    pub(super) fn exactly(&mut self, what: &str, figure: usize, expected: usize) {
        self.bound(what, figure, format_args!("exactly {expected}"), figure == expected);
    }

    /// Adds a number that must not be larger than this one.
    pub(super) fn at_most(&mut self, what: &str, figure: usize, most: usize) {
        self.bound(what, figure, format_args!("at most {most}"), figure <= most);
    }

    /// The figures that are out of their bounds.
    pub fn missed(&self) -> Vec<String> {
        let missed = self.rows.iter().filter_map(|row| {
            let bound = row.bound.as_ref().filter(|bound| !bound.is_kept)?;
            Some(format!("{}: {} instead of {}", row.what, row.figure, bound.text))
        });
        missed.collect()
    }

    /// Prints the table.
    pub fn print(&self) {
        for row in &self.rows {
            let bound = row.bound.as_ref().map_or_else(String::new, |bound| match bound.is_kept {
                true => bound.text.clone(),
                false => say::red(format_args!("MISSED: {}", bound.text)),
            });
            say::line(format_args!("{:64} {:>16}  {bound}", row.what, row.figure));
        }
    }

    /// The section of the page: this heading and the table.
    pub(super) fn section(&self, heading: &str) -> String {
        let bound = |row: &Row| row.bound.as_ref().map_or("–", |bound| bound.text.as_str()).to_owned();
        let rows = self.rows.iter().map(|row| format!("| {} | {} | {} |\n", row.what, row.figure, bound(row)));
        format!("{heading}\n| figure | measured | bound |\n| --- | --- | --- |\n{}", rows.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_out_of_its_bound_is_named_with_what_it_should_be() {
        let mut table = Table::default();
        table.add("requests", 12);
        table.exactly("rotations in the end", 0, 0);
        table.at_most("keys issued", 5, 4);
        assert_eq!(table.missed(), ["keys issued: 5 instead of at most 4"]);
        let expected = "## a\n\n| figure | measured | bound |\n| --- | --- | --- |\n| requests | 12 | – |\n\
                        | rotations in the end | 0 | exactly 0 |\n| keys issued | 5 | at most 4 |\n";
        assert_eq!(table.section("## a\n"), expected);
    }
}
