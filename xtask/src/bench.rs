//! `cargo xtask bench`: measures what users notice, each figure beside one of something that is not ours, from the same run. It
//! prints a table, writes it to `docs/benchmarks.md`, and never fails because of a figure.

pub(crate) mod meter;
mod peer;
mod report;
mod start;
mod workload;

use std::{fs, path::Path, time::Duration};

use lexopt::{Arg, Parser, ValueExt};

pub use meter::as_provider;
use report::{Report, Row};
use workload::{Bench, Measured, Shape};

use crate::{
    compile,
    cores::{self, Core},
    error::{Doing, Result},
    options, places, say,
    targets::Target,
};

/// The number of resources in most of the runs.
const MANY: usize = 1_000;

/// The number of resources in the run that shows how memory grows.
const VERY_MANY: usize = 10_000;

/// The latency of the API that stands for a distant server.
const DISTANT: Duration = Duration::from_millis(30);

/// Runs `cargo xtask bench`.
///
/// # Errors
///
/// When there is an unexpected argument, the provider does not compile, or a measured command fails, for example because this
/// machine cannot run binaries of the target.
pub fn run(mut arguments: Parser) -> Result<()> {
    let mut core_names = Vec::new();
    let mut write = true;
    let mut target = None;
    let mut many = MANY;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("core") => core_names.push(arguments.value()?.string()?),
            Arg::Long("target") => target = Some(Target::named(&arguments.value()?.string()?)?),
            Arg::Long("count") => many = arguments.value()?.parse()?,
            Arg::Long("no-write") => write = false,
            other => return Err(options::unexpected(other, "--core NAME, --count N, --target TRIPLE, --no-write")),
        }
    }
    let cores = if core_names.is_empty() { default_cores()? } else { named(&core_names)? };
    // Releases are linked statically where the target can be built.
    let target = target.or_else(Target::of_release);
    let build = target.map_or_else(|| "a release build".to_owned(), |target| format!("the release for {target}"));
    let ours = compile::release(target)?;
    let peer = peer::built();

    let page = places::root().join("docs/benchmarks.md");
    let write_page = |report: &Report| match write {
        true => fs::write(&page, report.page(&cores, &build)).doing("write docs/benchmarks.md"),
        false => Ok(()),
    };
    let mut report = Report::new();
    if let Err(reason) = &peer {
        say::line(format_args!("The Go provider is not measured: {reason}"));
    }
    let peer = peer.ok();
    process_rows(&mut report, &ours, peer.as_deref())?;
    for core in &cores {
        core_rows(&mut report, core, &ours, peer.as_deref(), many)?;
        // The next run takes many minutes. Whoever stops it has the page without it.
        write_page(&report)?;
    }
    if let (Some(core), MANY) = (cores.first(), many) {
        very_many(&mut report, core, &ours)?;
    }
    write_page(&report)?;
    if write {
        say::line("\nThe tables are in docs/benchmarks.md, too.");
    }
    Ok(())
}

/// How the memory of the process grows with the list of all objects.
fn very_many(report: &mut Report, core: &Core, ours: &Path) -> Result<()> {
    let plan = Bench::new(core, ours)?.plan_only(VERY_MANY)?;
    let Some(usage) = plan.provider else { return Ok(()) };
    report.section(format!("{core}, {VERY_MANY} rotations"));
    report.add(Row::mebibytes("peak memory, plan", usage.peak_kib));
    report.add(Row::seconds("processor time of the provider, plan", usage.cpu.as_secs_f64()).calls(plan.requests));
    Ok(())
}

/// The newest Terraform, and OpenTofu where it is available.
fn default_cores() -> Result<Vec<Core>> {
    let mut cores = vec![cores::terraform(cores::NEWEST)?];
    match cores::opentofu() {
        Ok(core) => cores.push(core),
        Err(error) => say::line(format_args!("OpenTofu is not measured: {error}")),
    }
    Ok(cores)
}

fn named(names: &[String]) -> Result<Vec<Core>> {
    names.iter().map(|name| cores::named(name)).collect()
}

/// What does not depend on the core: size and start of the process.
fn process_rows(report: &mut Report, ours: &Path, peer: Option<&Path>) -> Result<()> {
    report.section("The process");
    let size = |binary: &Path| fs::metadata(binary).doing("read the size of a binary").map(|found| found.len() as f64);
    report.add(Row::megabytes("size of the binary", size(ours)?).beside(peer.map(size).transpose()?).goal("7 MB", 7e6));
    let start = |binary: &Path| start::handshake(binary).map(|time| time.as_secs_f64());
    report.add(
        Row::milliseconds("start to handshake line", start(ours)?)
            .beside(peer.map(start).transpose()?)
            .goal("1.3 ms", 0.0013),
    );
    if let Some(time) = start::nothing() {
        report.add(Row::milliseconds(
            "of which: start and end of a program that does nothing (`true`)",
            time.as_secs_f64(),
        ));
    }
    let core = cores::terraform(cores::NEWEST)?;
    let memory = |binary: &Path| start::memory_after_schema(&core, binary);
    if let Some(kib) = memory(ours)? {
        let peers = peer.map(memory).transpose()?.flatten();
        report.add(Row::mebibytes("memory after the schema call", kib).beside(peers).goal("5.5 MiB", 5.5 * 1024.0));
    }
    Ok(())
}

/// Plans, applies and destroys on one core.
fn core_rows(report: &mut Report, core: &Core, ours: &Path, peer: Option<&Path>, many: usize) -> Result<()> {
    let bench = Bench::new(core, ours)?;
    let rotations = bench.life(Shape::Count, many, Duration::ZERO)?;
    let blocks = bench.life(Shape::Blocks, many, Duration::ZERO)?;
    let distant = bench.life(Shape::Count, many, DISTANT)?;
    let built_in = bench.built_in(Shape::Count, many, rotations.state_bytes)?;
    let built_in_blocks = bench.built_in(Shape::Blocks, many, blocks.state_bytes)?;
    let peers = peer.map(|binary| Bench::new(core, binary)?.life(Shape::Count, many, Duration::ZERO)).transpose()?;

    report.section(format!("{core}, {many} rotations"));
    let cpu = |run: &Measured| run.provider.as_ref().map(|usage| usage.cpu.as_secs_f64());
    let life = |of: fn(&workload::Life) -> &Measured| peers.as_ref().map(of);
    let peer_plan = life(|l| &l.plan);
    let mut busy = |what: &str, ours: &Measured, peer: Option<&Measured>, goal: Option<(&'static str, f64)>| {
        let Some(seconds) = cpu(ours) else { return };
        let row = Row::seconds(format!("processor time of the provider, {what}"), seconds).beside(peer.and_then(cpu));
        report.add(goal.map_or(row.clone(), |(text, most)| row.goal(text, most)));
    };
    busy("plan", &rotations.plan, peer_plan, Some(("0.3 s", 0.3)));
    busy("apply", &rotations.apply, life(|l| &l.apply), None);
    busy("destroy", &rotations.destroy, life(|l| &l.destroy), None);
    let of_core = |run: &Measured| run.core_cpu.map(|time| time.as_secs_f64());
    if let Some(ours) = of_core(&rotations.plan) {
        let row = Row::seconds("processor time of the core, plan", ours).beside(peer_plan.and_then(of_core));
        report.add(of_core(&built_in.plan).map_or(row.clone(), |core| row.built_in(core)));
    }
    let wall = |run: &Measured| run.wall.as_secs_f64();
    let mut timed = |what: &str, ours: &Measured, built_in: &Measured, peer: Option<&Measured>| {
        report.add(Row::seconds(what, wall(ours)).beside(peer.map(wall)).built_in(wall(built_in)).calls(ours.requests));
    };
    timed("plan without changes, one resource with count", &rotations.plan, &built_in.plan, peer_plan);
    timed("plan without changes, a block for each", &blocks.plan, &built_in_blocks.plan, None);
    timed("apply", &rotations.apply, &built_in.apply, life(|l| &l.apply));
    timed("destroy", &rotations.destroy, &built_in.destroy, life(|l| &l.destroy));
    timed("plan, 30 ms to the API", &distant.plan, &built_in.plan, None);
    timed("apply, 30 ms to the API", &distant.apply, &built_in.apply, None);
    timed("destroy, 30 ms to the API", &distant.destroy, &built_in.destroy, None);
    let peak = |run: &Measured| run.provider.as_ref().map(|usage| usage.peak_kib);
    if let Some(ours) = peak(&rotations.plan) {
        report.add(
            Row::mebibytes("peak memory, plan", ours).beside(peer_plan.and_then(peak)).goal("12 MiB", 12.0 * 1024.0),
        );
    }
    Ok(())
}

/// The median of the times; of an even number, the upper one of the two in the middle.
fn median(runs: usize, mut run: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut times = (0..runs).map(|_| run()).collect::<Result<Vec<_>>>()?;
    times.sort_unstable();
    Ok(times.get(runs / 2).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let mut times = [9, 1, 5].map(Duration::from_millis).into_iter();
        let median = median(3, || Ok(times.next().unwrap())).unwrap();
        assert_eq!(median, Duration::from_millis(5));
    }
}
