//! How fast the provider starts, and how much memory it uses.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{median, meter};
use crate::{
    cores::Core,
    error::{Doing, Result, failed},
    process, provider,
    sandbox::Sandbox,
};

/// The variable by which Terraform's plugins recognize that a core started them.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// A certificate like the one that a core creates for each run. Its private key was not kept.
const CLIENT_CERTIFICATE: &str = include_str!("client.pem");

/// The median time from the start of the process to its handshake line.
pub(super) fn handshake(binary: &Path) -> Result<Duration> {
    // A killed process cannot remove its socket; it is removed with this folder.
    let folder = tempfile::tempdir().doing("make a temporary folder")?;
    median(30, || {
        let mut command = process::hermetic(binary, folder.path());
        command.env(COOKIE.0, COOKIE.1).env("TMPDIR", folder.path());
        command.env("PLUGIN_PROTOCOL_VERSIONS", "5,6").env("PLUGIN_CLIENT_CERT", CLIENT_CERTIFICATE);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        time_to_first_line(&mut command)
    })
}

/// The median time from the start to the end of a program that does nothing, which is a part of every start; `None` where there is
/// no such program.
pub(super) fn nothing() -> Option<Duration> {
    let run = || {
        let start = Instant::now();
        Command::new("true").status().doing("run true")?;
        Ok(start.elapsed())
    };
    median(30, run).ok()
}

fn time_to_first_line(command: &mut Command) -> Result<Duration> {
    let start = Instant::now();
    let mut child = command.spawn().doing("start the provider")?;
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut line).doing("read the provider's handshake")?;
    }
    let time = start.elapsed();
    child.kill().doing("stop the provider")?;
    child.wait().doing("stop the provider")?;
    if line.starts_with("1|6|") { Ok(time) } else { Err(failed(format!("the provider's handshake was {line:?}"))) }
}

/// The peak memory of the provider, in KiB, while a core requests its schema and nothing else; `None` where it cannot be
/// measured.
pub(super) fn memory_after_schema(core: &Core, binary: &Path) -> Result<Option<u64>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let folder = tempfile::tempdir().doing("make a temporary folder")?;
    let sandbox = Sandbox::new(folder.path(), binary)?;
    fs::write(sandbox.work().join("main.tf"), provider::REQUIRED).doing("write a configuration")?;
    process::output(sandbox.command(core).args(["init", "-no-color"]))?;
    let mut command = sandbox.command(core);
    command.args(["providers", "schema", "-json"]).stdin(Stdio::null()).stdout(Stdio::null());
    let mut core = command.spawn().doing("start the core")?;
    let most = watch(&mut core)?;
    most.map_or_else(|| Err(failed("the core did not start the provider")), |most| Ok(Some(most)))
}

/// Polls the core's child processes until the core has ended. The core parses the schema before it stops the provider, which
/// leaves enough time to read the final peak.
fn watch(core: &mut Child) -> Result<Option<u64>> {
    let mut most = None;
    loop {
        if let Some(status) = core.try_wait().doing("wait for the core")? {
            return if status.success() { Ok(most) } else { Err(failed(format!("the core ended with {status}"))) };
        }
        for thread in fs::read_dir(format!("/proc/{}/task", core.id())).into_iter().flatten().flatten() {
            let ids = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            most = ids.split_whitespace().filter_map(peak).chain(most).max();
        }
    }
}

/// The peak memory of the process, if it is the provider. Before `exec`, it is still a copy of the core.
fn peak(id: &str) -> Option<u64> {
    let command = fs::read(format!("/proc/{id}/cmdline")).ok()?;
    String::from_utf8_lossy(&command).contains(provider::NAME).then_some(())?;
    meter::peak_of(id)
}
