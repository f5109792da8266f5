//! A process in debug mode that serves many plans does not grow.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use simulator::Options as Settings;

use super::{
    linux,
    site::{Site, rotations},
    table::Table,
};
use crate::{
    cores::{Core, Feature},
    error::{Doing, Result, failed},
    files, process, say,
};

/// The rotations that each plan refreshes.
const ROTATIONS: usize = 10;

/// How much larger the process may be at the end than after the first plans, in KiB. What it holds for a run, it holds for a
/// connection, and the allocator keeps some of the memory that was freed.
const GROWTH_KIB: usize = 1024;

/// How many more files may be open at the end: connections of the last plan that are being closed.
const CLOSING: usize = 16;

/// The process, which is killed when it is dropped.
struct Debugged(Child);

impl Drop for Debugged {
    fn drop(&mut self) {
        // Both fail if the process has already ended, which is fine.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the provider in debug mode, and lets a core make so many plans with it. A tenth of them are made before the process is
/// measured for the first time.
///
/// # Errors
///
/// When the core or the provider cannot be run, a plan has changes, or the system does not tell the memory of a process.
pub fn plans_of_one_process(core: &Core, provider: &Path, plans: usize) -> Result<Table> {
    let site = Site::new(core, provider, Settings::default())?;
    let (debugged, reattach) = start(&site, provider)?;
    let id = debugged.0.id();
    let site = site.with("TF_REATTACH_PROVIDERS", &reattach);
    site.configure(&configuration(core, &site))?;
    site.must(&["apply", "-auto-approve", "-input=false", "-no-color"], 0)?;
    let mut sizes = Vec::new();
    for number in 1..=plans {
        site.must(&["plan", "-detailed-exitcode", "-input=false", "-no-color"], 0)?;
        site.simulator.clear_requests();
        if number % (plans / 10).max(1) == 0 {
            let (resident, files) = linux::size(id)?;
            say::line(format_args!("after {number} plans: {resident} KiB, {files} open files"));
            sizes.push((number, resident, files));
        }
    }
    let (Some(first), Some(last)) = (sizes.first(), sizes.last()) else { return Err(failed("no plan was made")) };
    let mut table = Table::default();
    table.add("rotations that each plan refreshes", ROTATIONS);
    table.add(format!("memory after {} plans", first.0), format_args!("{} KiB", first.1));
    table.at_most(&format!("memory after {} plans, in KiB", last.0), last.1, first.1 + GROWTH_KIB);
    table.at_most(&format!("open files after {} plans", last.0), last.2, first.2 + CLOSING);
    Ok(table)
}

/// Rotations, a data source, and an ephemeral resource where the core has them: each keeps something in the provider for a run.
fn configuration(core: &Core, site: &Site<'_>) -> String {
    let (url, token) = (site.simulator.url(), site.simulator.token());
    let id = "infisical_openrouter_rotation.app[0].id";
    let ephemeral =
        format!("ephemeral \"infisical_openrouter_rotation_credentials\" \"app\" {{\n  rotation_id = {id}\n}}\n");
    format!(
        "provider \"infisical\" {{\n  alias = \"same\"\n  host = {url:?}\n  auth = {{ token = {token:?} }}\n}}\n\
         data \"infisical_openrouter_rotation\" \"app\" {{\n  provider = infisical.same\n  id = {id}\n}}\n{}{}",
        rotations(ROTATIONS, ""),
        if core.supports(Feature::Ephemeral) { ephemeral } else { String::new() }
    )
}

/// The process, and the value of `TF_REATTACH_PROVIDERS` that it prints.
fn start(site: &Site<'_>, provider: &Path) -> Result<(Debugged, String)> {
    files::create_folder(&site.temporary())?;
    let mut command = process::hermetic(provider, &site.temporary());
    command.arg("--debug").env("TMPDIR", site.temporary());
    command.env("INFISICAL_HOST", site.simulator.url()).env("INFISICAL_TOKEN", site.simulator.token());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = Debugged(command.spawn().doing("start the provider")?);
    let mut line = String::new();
    if let Some(stdout) = child.0.stdout.take() {
        BufReader::new(stdout).read_line(&mut line).doing("read what the provider prints")?;
    }
    let value = line.trim_end().strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\''));
    let value = value.ok_or_else(|| failed(format!("the provider printed {line:?} in debug mode")))?.to_owned();
    Ok((child, value))
}
