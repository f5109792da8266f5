//! Compares the results with the table in `docs/guides/reliability.md`, or writes the table.

use std::{env, fs, path::PathBuf, sync::Mutex};

use simulator::{Call, Counts};

/// If this variable is set to `write`, the table is written instead of compared.
const VARIABLE: &str = "RELIABILITY_TABLE";

const BEGIN: &str = "<!-- The table is written by the tests: RELIABILITY_TABLE=write cargo test acceptance_faults -->";
const END: &str = "<!-- End of the table. -->";

const HEAD: &str = "\
| call | fault | what happens | sent | rotations | in state | secrets | live keys | keys issued |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |";

const CALLS: [Call; 7] = [Call::Login, Call::Create, Call::Read, Call::List, Call::Update, Call::Delete, Call::Rotate];

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
    fn line(&self) -> String {
        let Row { call, fault, what_happens, counts, in_state, issued, .. } = self;
        let Counts { rotations, secrets, live_keys } = counts;
        let sent = self.sent.map_or("often".to_owned(), |sent| sent.to_string());
        format!(
            "| {call} | {fault} | {what_happens} | {sent} | {rotations} | {in_state} | {secrets} | {live_keys} | {issued} |"
        )
    }
}

/// Asserts that the page contains these rows, or writes them. `order` contains the faults of all rows of the call, since a
/// test may run only a part of them.
pub(super) fn compare_or_write(call: Call, order: &[&str], rows: &[Row]) {
    // Several tests write the same file.
    static PAGE: Mutex<()> = Mutex::new(());
    let _one_at_a_time = PAGE.lock().unwrap();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/guides/reliability.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the line before the table");
    let (table, after) = rest.split_once(END).expect("the line after the table");
    let lines_of = |call: Call| table.lines().filter(move |line| line.starts_with(&format!("| {call} |")));
    let line_of = |fault: &str| lines_of(call).find(|line| line.starts_with(&format!("| {call} | {fault} |")));
    if env::var_os(VARIABLE).is_some_and(|value| value == "write") {
        let new = |fault: &str| rows.iter().find(|row| row.fault == fault).map(Row::line);
        let lines = order.iter().filter_map(|fault| new(fault).or_else(|| line_of(fault).map(str::to_owned)));
        let lines: Vec<_> = lines.collect();
        let of =
            |wanted: Call| if wanted == call { lines.clone() } else { lines_of(wanted).map(str::to_owned).collect() };
        let all: Vec<String> = CALLS.into_iter().flat_map(of).collect();
        fs::write(&path, format!("{before}{BEGIN}\n\n{HEAD}\n{}\n\n{END}{after}", all.join("\n"))).unwrap();
        return;
    }
    assert!(table.contains(HEAD), "docs/guides/reliability.md has no table; {VARIABLE}=write writes it");
    let differs = |row: &&Row| line_of(row.fault) != Some(row.line().as_str());
    let different: Vec<_> =
        rows.iter().filter(differs).map(|row| (line_of(row.fault).unwrap_or("no row"), row.line())).collect();
    assert!(
        different.is_empty(),
        "docs/guides/reliability.md differs from the results; {VARIABLE}=write updates it (page, result): {different:#?}"
    );
    let in_page: Vec<_> = lines_of(call).filter_map(|line| line.split(" | ").nth(1)).collect();
    assert_eq!(in_page, order, "the rows of {call} in docs/guides/reliability.md");
}
