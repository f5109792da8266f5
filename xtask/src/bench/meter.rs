//! Measures the provider's own process, which a core starts several times in one run.
//!
//! In the mirror of a measured run, the provider is this program. Started by the core, it starts the real provider, waits for
//! it, and writes down what the process used. Where the operating system does not tell, nothing is measured.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::Path,
    process::{Command, ExitCode},
    time::Duration,
};

use crate::error::{Doing, Result};

/// The path of the real provider.
pub(crate) const PROVIDER: &str = "INFISICAL_BENCH_PROVIDER";

/// The folder in which each process of the provider leaves a file.
pub(crate) const FOLDER: &str = "INFISICAL_BENCH_FOLDER";

/// What the processes of the provider used in one run of a core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// User and system time of all of them.
    pub(crate) cpu: Duration,
    /// The largest peak of resident memory.
    pub(crate) peak_kib: u64,
}

/// If this process was started in place of the provider: runs the provider, and returns its exit code.
pub fn as_provider() -> Option<ExitCode> {
    let (provider, folder) = (env::var_os(PROVIDER)?, env::var_os(FOLDER)?);
    Some(measured(&provider, Path::new(&folder)).unwrap_or(ExitCode::FAILURE))
}

fn measured(provider: &OsStr, folder: &Path) -> Result<ExitCode> {
    let mut child = Command::new(provider).args(env::args_os().skip(1)).spawn().doing("start the provider")?;
    let mut peak_kib = 0;
    let status = loop {
        peak_kib = peak_kib.max(peak_of(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().doing("wait for the provider")? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let line = format!("{} {peak_kib}", children_cpu().unwrap_or_default().as_nanos());
    fs::write(folder.join(std::process::id().to_string()), line).doing("write what the provider used")?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}

/// The sum of what the processes wrote into the folder; `None` if there is nothing in it.
pub(crate) fn collected(folder: &Path) -> Result<Option<Usage>> {
    let mut sum = None;
    for entry in fs::read_dir(folder).doing("read what the provider used")? {
        let text = fs::read_to_string(entry.doing("read what the provider used")?.path()).unwrap_or_default();
        let Some(usage) = parsed(&text) else { continue };
        let before: Usage = sum.unwrap_or_default();
        sum = Some(Usage { cpu: before.cpu + usage.cpu, peak_kib: before.peak_kib.max(usage.peak_kib) });
    }
    Ok(sum)
}

fn parsed(line: &str) -> Option<Usage> {
    let (cpu, peak) = line.split_once(' ')?;
    Some(Usage { cpu: Duration::from_nanos(cpu.parse().ok()?), peak_kib: peak.parse().ok()? })
}

/// The peak of the resident memory of a process that is running, in KiB.
pub(crate) fn peak_of(id: impl std::fmt::Display) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().strip_suffix(" kB")?.parse().ok()
}

/// The processor time of all child processes that have ended and have been waited for, with their own children.
#[cfg(unix)]
pub(crate) fn children_cpu() -> Option<Duration> {
    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::TimeValLike as _,
    };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Some(Duration::from_micros(u64::try_from(microseconds).ok()?))
}

/// See there; not known on this system.
#[cfg(not(unix))]
pub(crate) fn children_cpu() -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_processes_used_is_added_and_the_largest_peak_counts() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(collected(folder.path()).unwrap(), None);
        for (name, text) in [("1", "1000 20"), ("2", "500 30"), ("3", "")] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let sum = Usage { cpu: Duration::from_nanos(1500), peak_kib: 30 };
        assert_eq!(collected(folder.path()).unwrap(), Some(sum));
    }
}
