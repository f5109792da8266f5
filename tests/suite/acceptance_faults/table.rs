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

/// Asserts that the page has just these rows of the call, or writes them.
pub(super) fn holds(call: Call, rows: &[Row]) {
    // The tests of several calls write one file.
    static PAGE: Mutex<()> = Mutex::new(());
    let _one_at_a_time = PAGE.lock().unwrap();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join("reliability.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the line before the table");
    let (table, after) = rest.split_once(END).expect("the line after the table");
    let is_of = |line: &str, call: Call| line.starts_with(&format!("| {call} |"));
    let seen: Vec<_> = rows.iter().map(Row::line).collect();
    if env::var_os(VARIABLE).is_some_and(|value| value == "write") {
        let old = |wanted: Call| table.lines().filter(move |line| is_of(line, wanted)).map(str::to_owned);
        let of = |wanted: Call| if wanted == call { seen.clone() } else { old(wanted).collect() };
        let all: Vec<String> = CALLS.into_iter().flat_map(of).collect();
        fs::write(&path, format!("{before}{BEGIN}\n\n{HEAD}\n{}\n\n{END}{after}", all.join("\n"))).unwrap();
        return;
    }
    assert!(table.contains(HEAD), "docs/reliability.md has no table; {VARIABLE}=write makes it");
    let there: Vec<_> = table.lines().filter(|line| is_of(line, call)).map(str::to_owned).collect();
    let only_in = |one: &[String], other: &[String]| {
        let lines: Vec<_> = one.iter().filter(|line| !other.contains(line)).cloned().collect();
        lines.join("\n")
    };
    let (stale, new) = (only_in(&there, &seen), only_in(&seen, &there));
    assert!(there == seen, "{VARIABLE}=write mends docs/reliability.md. Only there:\n{stale}\nOnly seen:\n{new}");
}
