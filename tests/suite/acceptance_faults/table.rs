//! Compares the results with the tables in `docs/guides/reliability.md`, or writes the tables.

use std::{
    env, fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use simulator::{Call, Counts};

/// If this variable is set to `write`, the tables are written instead of compared.
const VARIABLE: &str = "RELIABILITY_TABLE";

/// A table of the page.
pub(super) struct Table {
    pub(super) begin: &'static str,
    pub(super) end: &'static str,
    pub(super) head: &'static str,
    /// What is in the first column, in this order.
    pub(super) groups: &'static [&'static str],
}

/// The table of the calls.
pub(super) const CALLS: Table = Table {
    begin: "<!-- The table is written by the tests: RELIABILITY_TABLE=write cargo test acceptance_faults -->",
    end: "<!-- End of the table. -->",
    head: "\
| call | fault | what happens | sent | rotations | in state | secrets | live keys | keys issued |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    groups: &["login", "create", "read", "list", "update", "delete", "rotate"],
};

/// A line of a table.
pub(super) struct Line {
    pub(super) fault: &'static str,
    pub(super) text: String,
}

/// A row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) call: Call,
    pub(super) fault: &'static str,
    pub(super) what_happens: String,
    /// How often the call was sent; `None` if the number varies.
    pub(super) sent: Option<usize>,
    /// What exists after the command has ended.
    pub(super) counts: Counts,
    pub(super) in_state: usize,
    /// The number of keys that OpenRouter issued during the command.
    pub(super) issued: usize,
}

impl Row {
    pub(super) fn line(&self) -> Line {
        let Row { call, fault, what_happens, counts, in_state, issued, .. } = self;
        let Counts { rotations, secrets, live_keys } = counts;
        let sent = times(self.sent);
        let text = format!(
            "| {call} | {fault} | {what_happens} | {sent} | {rotations} | {in_state} | {secrets} | {live_keys} | {issued} |"
        );
        Line { fault, text }
    }
}

/// How often a call was sent, in the words of the table.
pub(super) fn times(sent: Option<usize>) -> String {
    sent.map_or("often".to_owned(), |sent| sent.to_string())
}

/// Asserts that the page contains these lines, or writes them. `order` contains the faults of all lines of the group, since a
/// test may run only a part of them.
#[track_caller]
pub(super) fn compare_or_write(table: &Table, group: &str, order: &[&str], lines: &[Line]) {
    // Several tests write the same file.
    static PAGE: Mutex<()> = Mutex::new(());
    let _one_at_a_time = PAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/guides/reliability.md");
    let page = fs::read_to_string(&path).unwrap();
    let Table { begin, end, head, groups } = table;
    let (before, rest) = page.split_once(begin).expect("the line before the table");
    let (body, after) = rest.split_once(end).expect("the line after the table");
    let lines_of = |group: &str| {
        let start = format!("| {group} |");
        body.lines().filter(move |line| line.starts_with(&start)).map(str::to_owned).collect::<Vec<_>>()
    };
    let of_this = lines_of(group);
    let line_of = |fault: &str| of_this.iter().find(|line| line.starts_with(&format!("| {group} | {fault} |")));
    if env::var_os(VARIABLE).is_some_and(|value| value == "write") {
        let new = |fault: &str| lines.iter().find(|line| line.fault == fault).map(|line| line.text.clone());
        let new: Vec<_> = order.iter().filter_map(|fault| new(fault).or_else(|| line_of(fault).cloned())).collect();
        let all = groups.iter().flat_map(|one| if *one == group { new.clone() } else { lines_of(one) });
        let all = all.collect::<Vec<_>>().join("\n");
        fs::write(&path, format!("{before}{begin}\n\n{head}\n{all}\n\n{end}{after}")).unwrap();
        return;
    }
    assert!(body.contains(head), "docs/guides/reliability.md has no such table; {VARIABLE}=write writes it");
    let differs = |line: &&Line| line_of(line.fault) != Some(&line.text);
    let different: Vec<_> =
        lines.iter().filter(differs).map(|line| (line_of(line.fault), line.text.as_str())).collect();
    assert!(
        different.is_empty(),
        "docs/guides/reliability.md differs from the results; {VARIABLE}=write updates it (page, result): {different:#?}"
    );
    let in_page: Vec<_> = of_this.iter().filter_map(|line| line.split(" | ").nth(1)).collect();
    assert_eq!(in_page, order, "the rows of {group} in docs/guides/reliability.md");
}
