//! The provider's processes, as the system shows them: who runs the program that a workspace installed.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::{running::signal, terraform::Workspace};

/// Far more than anything that is waited for takes: past it something hangs, and the test says so.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often we look.
const GLANCE: Duration = Duration::from_millis(10);

/// Waits until it is so; `what` completes "never …".
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "never {what}");
        thread::sleep(GLANCE);
    }
}

/// The ids of the processes that run the provider of this workspace. One that has ended and that nobody has asked
/// about yet doesn't count: it runs nothing any more.
pub fn providers(workspace: &Workspace) -> Vec<u32> {
    let folder = fs::canonicalize(workspace.path("..")).unwrap();
    let all = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    all.filter(|id| program(*id).is_some_and(|path| path.starts_with(&folder))).collect()
}

/// Waits until the workspace has no process of the provider.
#[track_caller]
pub fn none_remains(workspace: &Workspace) {
    until("ended: a process of the provider", || providers(workspace).is_empty());
}

/// Sends this signal to every process of the provider that the workspace has, of which there must be one.
#[track_caller]
pub fn signal_providers(name: &str, workspace: &Workspace) {
    let found = providers(workspace);
    assert!(!found.is_empty(), "no provider runs");
    for id in found {
        signal(name, &id.to_string());
    }
}

/// What a process runs; none for one that has ended or is somebody else's.
fn program(id: u32) -> Option<PathBuf> {
    fs::read_link(Path::new("/proc").join(id.to_string()).join("exe")).ok()
}
