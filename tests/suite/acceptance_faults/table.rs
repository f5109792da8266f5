//! The table in `docs/reliability.md`: held against what was seen, or written from it.

use std::{env, fs, path::PathBuf, sync::Mutex};

use simulator::{Call, Counts};

/// Set to `write`, this variable has the table written instead of compared.
const VARIABLE: &str = "RELIABILITY_TABLE";

const BEGIN: &str = "<!-- The table is written by the tests: RELIABILITY_TABLE=write cargo test acceptance_faults -->";
const END: &str = "<!-- End of the table. -->";

const HEAD: &str = "\
| call | fault | what happens | sent | rotations | in state | secrets | live keys | keys issued |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |";

const CALLS: [Call; 7] = [Call::Login, Call::Create, Call::Read, Call::List, Call::Update, Call::Delete, Call::Rotate];

/// One line of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) call: Call,
    pub(super) fault: &'static str,
    pub(super) what_happens: String,
    /// How often the call was sent; none when chance decides.
    pub(super) sent: Option<usize>,
    /// What there is once the command has ended.
    pub(super) counts: Counts,
    pub(super) in_state: usize,
    /// Keys that the command had OpenRouter make.
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

/// Asserts that the page has these rows of the call among its own, or writes them. `order` has the faults of all rows of the
/// call, of which a test may have played a part.
pub(super) fn holds(call: Call, order: &[&str], rows: &[Row]) {
    // The tests of several calls write one file.
    static PAGE: Mutex<()> = Mutex::new(());
    let _one_at_a_time = PAGE.lock().unwrap();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join("reliability.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the line before the table");
    let (table, after) = rest.split_once(END).expect("the line after the table");
    let lines_of = |call: Call| table.lines().filter(move |line| line.starts_with(&format!("| {call} |")));
    let line_of = |fault: &str| lines_of(call).find(|line| line.starts_with(&format!("| {call} | {fault} |")));
    if env::var_os(VARIABLE).is_some_and(|value| value == "write") {
        let seen = |fault: &str| rows.iter().find(|row| row.fault == fault).map(Row::line);
        let mine = order.iter().filter_map(|fault| seen(fault).or_else(|| line_of(fault).map(str::to_owned)));
        let mine: Vec<_> = mine.collect();
        let of =
            |wanted: Call| if wanted == call { mine.clone() } else { lines_of(wanted).map(str::to_owned).collect() };
        let all: Vec<String> = CALLS.into_iter().flat_map(of).collect();
        fs::write(&path, format!("{before}{BEGIN}\n\n{HEAD}\n{}\n\n{END}{after}", all.join("\n"))).unwrap();
        return;
    }
    assert!(table.contains(HEAD), "docs/reliability.md has no table; {VARIABLE}=write makes it");
    let unlike = |row: &&Row| line_of(row.fault) != Some(row.line().as_str());
    let unlike: Vec<_> =
        rows.iter().filter(unlike).map(|row| (line_of(row.fault).unwrap_or("nothing"), row.line())).collect();
    assert!(unlike.is_empty(), "{VARIABLE}=write updates docs/reliability.md. It says, and this was seen: {unlike:#?}");
    let there: Vec<_> = lines_of(call).filter_map(|line| line.split(" | ").nth(1)).collect();
    assert_eq!(there, order, "the rows of {call} in docs/reliability.md");
}
