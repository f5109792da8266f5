//! Each fault on each call, with a real core: what the user sees, and what exists afterwards. The results are the rows of
//! the tables in `docs/guides/reliability.md`, which must match them.

/// Like `assert!`, but returns an error instead of panicking, so that the other cells are run, too.
macro_rules! ensure {
    ($holds:expr, $($words:tt)+) => {
        if !$holds {
            return Err(format!($($words)+));
        }
    };
}

mod cells;
mod checks;
pub(crate) mod kinds;
mod scenario;
mod table;
mod test_bed;

use std::{sync::Mutex, thread};

use simulator::Call;

use cells::Cell;
use table::Line;
use test_bed::TestBed;

/// The number of concurrent cells of a call. They spend most of their time waiting for a retry.
const AT_ONCE: usize = 3;

/// The same for cells in which the provider waits for more than a minute.
const SLOW_AT_ONCE: usize = 12;

/// Runs the fast cells of a call with the core of this test run, and compares the results with the table.
#[track_caller]
fn each_fault_on(call: Call) {
    each_of(call, AT_ONCE, |cell| !cell.slow);
}

/// The same for the slow cells, in which the provider looks for the result of a lost request for a minute. This does not
/// depend on the core, so one core is sufficient.
#[track_caller]
pub(crate) fn each_slow_fault_on(call: Call) {
    each_of(call, SLOW_AT_ONCE, |cell| cell.slow);
}

#[track_caller]
fn each_of(call: Call, at_once: usize, wanted: fn(&&Cell) -> bool) {
    let all = cells::of(call);
    let order: Vec<_> = all.iter().map(|cell| cell.scenario.title()).collect();
    let cells: Vec<&Cell> = all.into_iter().filter(wanted).collect();
    let new = || TestBed::new(call);
    let lines = run_all(&cells, at_once, new, |test_bed, cell| {
        if cell.scenario.has_lagging_reads() {
            *test_bed = new(); // reads must not return what previous cells did
        }
        let row = test_bed.run_cell(cell);
        if row.is_err() || cell.scenario.orphans_a_key() {
            *test_bed = new(); // the next cell must not start with what this one left behind
        }
        row.map(|row| row.line())
    });
    table::compare_or_write(&table::CALLS, &call.to_string(), &order, &lines);
}

/// Runs the cells, several at once, each in one of as many test beds.
#[track_caller]
fn run_all<'a, T>(
    cells: &[&'a Cell],
    at_once: usize,
    new: impl Fn() -> T + Sync,
    run: impl Fn(&mut T, &'a Cell) -> Result<Line, String> + Sync,
) -> Vec<Line> {
    let left: Mutex<Vec<&Cell>> = Mutex::new(cells.to_vec());
    let next = || left.lock().unwrap().pop();
    let results: Mutex<Vec<Result<Line, String>>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..at_once.min(cells.len()) {
            scope.spawn(|| {
                let mut test_bed = new();
                while let Some(cell) = next() {
                    let line = run(&mut test_bed, cell);
                    results.lock().unwrap().push(line);
                }
            });
        }
    });
    let (lines, failures): (Vec<_>, Vec<_>) = results.into_inner().unwrap().into_iter().partition(Result::is_ok);
    let failures: Vec<_> = failures.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{} of {} cells failed\n{}", failures.len(), cells.len(), failures.join("\n\n"));
    lines.into_iter().filter_map(Result::ok).collect()
}

#[test]
fn each_fault_on_login() {
    each_fault_on(Call::Login);
}

#[test]
fn each_fault_on_create() {
    each_fault_on(Call::Create);
}

#[test]
fn each_fault_on_read() {
    each_fault_on(Call::Read);
}

#[test]
fn each_fault_on_list() {
    each_fault_on(Call::List);
}

#[test]
fn each_fault_on_update() {
    each_fault_on(Call::Update);
}

#[test]
fn each_fault_on_delete() {
    each_fault_on(Call::Delete);
}

#[test]
fn each_fault_on_rotate() {
    each_fault_on(Call::Rotate);
}
