//! Each fault on each call, with a real core: what the user sees, and what there is afterwards. The rows make the table
//! of `docs/reliability.md`, which has to say what was seen here.

/// Asserts, and names what is not so in an error, so that all cells are tried.
macro_rules! ensure {
    ($holds:expr, $($words:tt)+) => {
        if !$holds {
            return Err(format!($($words)+));
        }
    };
}

mod cells;
mod seen;
mod strike;
mod table;
mod world;

use std::{sync::Mutex, thread};

use simulator::Call;

use cells::Cell;
use table::Row;
use world::World;

/// Cells under way at once for one call: most of their time is back-off.
const AT_ONCE: usize = 3;

/// The same for those that wait for a minute and more.
const SLOW_AT_ONCE: usize = 12;

/// Tries the fast cells of a call on this run's core and holds the table against what was seen.
#[track_caller]
fn each_fault_on(call: Call) {
    each_of(call, AT_ONCE, |cell| !cell.slow);
}

/// The same for the slow ones, in which the provider looks for what came of a lost request for a minute. What it does then
/// depends on no core, so one core is enough.
#[track_caller]
pub(crate) fn each_slow_fault_on(call: Call) {
    each_of(call, SLOW_AT_ONCE, |cell| cell.slow);
}

#[track_caller]
fn each_of(call: Call, at_once: usize, wanted: fn(&&Cell) -> bool) {
    let all = cells::of(call);
    let order: Vec<_> = all.iter().map(|cell| cell.strike.title()).collect();
    let cells: Vec<&Cell> = all.iter().filter(wanted).collect();
    // The last ones of a table take longest, so they begin first.
    let left: Mutex<Vec<&Cell>> = Mutex::new(cells.clone());
    let next = || left.lock().unwrap().pop();
    let seen: Mutex<Vec<(&Cell, Result<Row, String>)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..at_once.min(cells.len()) {
            scope.spawn(|| {
                let mut world = World::new(call);
                while let Some(cell) = next() {
                    if cell.strike.sees_the_past() {
                        world = World::new(call); // what the cells before did is not to be seen
                    }
                    let row = world.play(cell);
                    if row.is_err() || cell.strike.orphans_a_key() {
                        world = World::new(call); // no other cell is to begin with what this one left
                    }
                    seen.lock().unwrap().push((cell, row));
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap();
    let (rows, failures): (Vec<_>, Vec<_>) = seen.into_iter().map(|(_, row)| row).partition(Result::is_ok);
    let failures: Vec<_> = failures.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{} of {} cells\n{}", failures.len(), cells.len(), failures.join("\n\n"));
    table::holds(call, &order, &rows.into_iter().filter_map(Result::ok).collect::<Vec<_>>());
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
