//! What Linux tells about processes.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::error::{Doing, Result, failed};

/// Much longer than a process takes to end.
const PATIENCE: Duration = Duration::from_secs(120);

/// The resident memory of a process, in KiB, and the number of its open files.
pub(super) fn size(process: u32) -> Result<(usize, usize)> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).doing("read the size of the process")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let resident = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    let resident = resident.ok_or_else(|| failed("the system does not tell the memory of a process"))?;
    let files = fs::read_dir(format!("/proc/{process}/fd")).doing("count the open files of the process")?.count();
    Ok((resident, files))
}

/// The processes whose program is in this folder, which has no symbolic links in its path.
pub(super) fn processes_of(folder: &Path) -> Result<Vec<u32>> {
    let all = fs::read_dir("/proc").doing("list the processes")?;
    let ids = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Ok(ids.filter(|id| program(*id).is_some_and(|path| path.starts_with(folder))).collect())
}

/// The program of a process; `None` for one that has ended.
fn program(id: u32) -> Option<PathBuf> {
    fs::read_link(Path::new("/proc").join(id.to_string()).join("exe")).ok()
}

/// Waits until no process of the folder is left, for two minutes at most. Returns how many are left then.
pub(super) fn remaining(folder: &Path) -> Result<usize> {
    let start = Instant::now();
    loop {
        let left = processes_of(folder)?.len();
        if left == 0 || start.elapsed() > PATIENCE {
            return Ok(left);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Lets the command lead a process group, so that it can be killed with its children.
pub(super) fn in_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let _: &Command = command;
}

/// Kills the process or, with `group`, all of its process group, by SIGKILL.
#[cfg(unix)]
pub(super) fn kill(process: u32, group: bool) -> io::Result<()> {
    use nix::{
        sys::signal::{Signal, kill, killpg},
        unistd::Pid,
    };
    let id = Pid::from_raw(process.cast_signed());
    if group {
        killpg(id, Signal::SIGKILL)?
    } else {
        kill(id, Signal::SIGKILL)?
    }
    Ok(())
}

/// See there; not possible on this system.
#[cfg(not(unix))]
pub(super) fn kill(_process: u32, _group: bool) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}
