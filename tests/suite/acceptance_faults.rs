//! Each fault on each call, with a real core: what the user sees, and what there is afterwards. The rows make the table
//! of `docs/reliability.md`, which has to say what was seen here.

/// Asserts, and names what isn't so in an error, so that all cells are tried.
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

/// Tries all cells of a call and holds the table against what was seen.
#[track_caller]
fn each_fault_on(call: Call, cells: &'static [Cell]) {
    // The last ones of a table take longest, so they begin first.
    let left: Mutex<Vec<&Cell>> = Mutex::new(cells.iter().collect());
    let next = || left.lock().unwrap().pop();
    let seen: Mutex<Vec<(&Cell, Result<Row, String>)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(cells.len()) {
            scope.spawn(|| {
                let mut world = World::new(call);
                while let Some(cell) = next() {
                    let row = world.play(cell);
                    if row.is_err() {
                        world = World::new(call); // what a failed cell leaves is nobody's to build on
                    }
                    seen.lock().unwrap().push((cell, row));
                }
            });
        }
    });
    let mut seen = seen.into_inner().unwrap();
    seen.sort_by_key(|(cell, _)| cells.iter().position(|other| other.strike == cell.strike));
    let (rows, failures): (Vec<_>, Vec<_>) = seen.into_iter().map(|(_, row)| row).partition(Result::is_ok);
    let failures: Vec<_> = failures.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{} of {} cells\n{}", failures.len(), cells.len(), failures.join("\n\n"));
    table::holds(call, &rows.into_iter().filter_map(Result::ok).collect::<Vec<_>>());
}

#[test]
fn each_fault_on_login() {
    each_fault_on(Call::Login, cells::LOGIN);
}

#[test]
fn each_fault_on_create() {
    each_fault_on(Call::Create, cells::CREATE);
}

#[test]
fn each_fault_on_read() {
    each_fault_on(Call::Read, cells::READ);
}

#[test]
fn each_fault_on_list() {
    each_fault_on(Call::List, cells::LIST);
}

#[test]
fn each_fault_on_update() {
    each_fault_on(Call::Update, cells::UPDATE);
}

#[test]
fn each_fault_on_delete() {
    each_fault_on(Call::Delete, cells::DELETE);
}

#[test]
fn each_fault_on_rotate() {
    each_fault_on(Call::Rotate, cells::ROTATE);
}
