//! Finds the processes of a workspace's provider in `/proc`.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::{running::signal, terraform::Workspace};

/// Much longer than any condition takes to become true. After this time, the test fails.
const TIMEOUT: Duration = Duration::from_secs(120);

/// The time between two checks of a condition.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Waits until the condition is true. `what` completes the panic's message "timed out waiting for …".
#[track_caller]
pub fn until(what: &str, condition: impl FnMut() -> bool) {
    assert!(becomes(condition), "timed out waiting for {what}");
}

/// Waits until the condition is true. Returns false after the time that a test waits.
pub fn becomes(mut condition: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while !condition() {
        if start.elapsed() > TIMEOUT {
            return false;
        }
        thread::sleep(POLL_INTERVAL);
    }
    true
}

/// The ids of the processes that run the provider of this workspace. Zombies do not count, since they have no program.
pub fn providers(workspace: &Workspace) -> Vec<u32> {
    let folder = fs::canonicalize(workspace.path("..")).unwrap();
    let all = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    all.filter(|id| program(*id).is_some_and(|path| path.starts_with(&folder))).collect()
}

/// Waits until no process of the workspace's provider is left.
#[track_caller]
pub fn none_remains(workspace: &Workspace) {
    until("the provider's processes to end", || providers(workspace).is_empty());
}

/// Sends this signal to every process of the workspace's provider, of which there must be at least one.
#[track_caller]
pub fn signal_providers(name: &str, workspace: &Workspace) {
    let found = providers(workspace);
    assert!(!found.is_empty(), "no process of the provider is running");
    for id in found {
        signal(name, &id.to_string());
    }
}

/// The program of a process; `None` for one that has ended or belongs to another user.
fn program(id: u32) -> Option<PathBuf> {
    fs::read_link(Path::new("/proc").join(id.to_string()).join("exe")).ok()
}
