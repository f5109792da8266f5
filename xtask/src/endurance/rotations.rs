//! Many rotations are created, refreshed and destroyed while calls fail at random.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use simulator::{Call, Fault, Options as Settings};

use super::{
    site::{Site, in_resources},
    table::Table,
};
use crate::{
    bench::meter::{self, Usage},
    cores::Core,
    error::{Doing, Result, failed},
    files, say,
};

/// A create or a rotation for which the API itself reports a failure is left to the next run. As many runs are allowed, in each of
/// which only the ones that failed in the run before can fail again.
const RUNS: usize = 10;

/// A core writes its whole state after each change, so its time grows with the square of their number.
const ROUND: usize = 1_000;

/// Enough for the waits of creates whose answer was lost, each of which looks for its rotation during a minute.
const PARALLELISM: &str = "-parallelism=100";

/// One call in ten fails, and each kind of failure is equally likely; some keys are issued and then not stored.
fn faults(seed: u64) -> Vec<Fault> {
    let each = [
        Fault::drop_before(Call::Any),
        Fault::drop_after(Call::Any),
        Fault::status(Call::Any, 500),
        Fault::html(Call::Any, 502),
        Fault::truncate(Call::Any),
    ];
    let each = each.into_iter().zip(seed..).map(|(fault, seed)| fault.chance(0.02, seed));
    each.chain([Fault::fail_after_key(Call::Create).chance(0.002, seed + 99)]).collect()
}

/// What one stage took.
#[derive(Default)]
struct Stage {
    runs: usize,
    wall: Duration,
    usage: Usage,
    requests: usize,
    failed: usize,
}

/// The runs of a core with the metered provider.
struct Runs<'a> {
    site: Site<'a>,
    usage: PathBuf,
    /// The creates for which the API itself reported a failure, so that a key may have been issued for nothing.
    own_failures: usize,
}

/// Creates, refreshes and destroys so many rotations, in rounds of at most [`ROUND`], with failures that follow from the seed.
///
/// # Errors
///
/// When the core or the simulator cannot be run, or a command does not succeed in [`RUNS`] runs.
pub fn rotations_with_faults(core: &Core, provider: &Path, count: usize, seed: u64) -> Result<Table> {
    let this = std::env::current_exe().doing("find this program")?;
    let site = Site::new(core, &this, Settings { faults: faults(seed), ..Settings::default() })?;
    let usage = site.path("../usage");
    let site = site.with(meter::PROVIDER, &provider.to_string_lossy()).with(meter::FOLDER, &usage.to_string_lossy());
    let mut runs = Runs { site, usage, own_failures: 0 };
    let mut all = Totals::default();
    for first in (0..count).step_by(ROUND) {
        let round = first..count.min(first + ROUND);
        say::line(format_args!("Rotations {} to {} of {count}", round.start + 1, round.end));
        runs.round(round, &mut all)?;
    }
    let mut table = Table::default();
    all.created.describe("apply", &mut table);
    runs.compare(count, &all, &mut table);
    all.refreshed.describe("plan without changes", &mut table);
    all.destroyed.describe("destroy", &mut table);
    runs.nothing_is_left(&all, &mut table);
    Ok(table)
}

/// What was seen in all rounds.
#[derive(Default)]
struct Totals {
    created: Stage,
    refreshed: Stage,
    destroyed: Stage,
    /// After each apply.
    full: Found,
    /// After each destroy.
    empty: Found,
}

/// What the API and the state have, summed over the rounds.
#[derive(Default)]
struct Found {
    rotations: usize,
    secrets: usize,
    in_state: usize,
    in_both: usize,
}

impl Runs<'_> {
    fn round(&mut self, round: Range<usize>, all: &mut Totals) -> Result<()> {
        self.site.configure(&in_resources(round))?;
        files::empty_folder(&self.usage)?;
        self.site.init()?;
        all.created.merge(&self.until_success(&[
            "apply",
            "-auto-approve",
            "-input=false",
            "-no-color",
            PARALLELISM,
        ])?);
        self.look(&mut all.full)?;
        let plan = ["plan", "-detailed-exitcode", "-input=false", "-no-color", PARALLELISM];
        all.refreshed.merge(&self.until_success(&plan)?);
        all.destroyed.merge(&self.until_success(&[
            "destroy",
            "-auto-approve",
            "-input=false",
            "-no-color",
            PARALLELISM,
        ])?);
        self.look(&mut all.empty)
    }

    fn look(&self, found: &mut Found) -> Result<()> {
        let (counts, in_state) = (self.site.simulator.counts(), self.site.in_state()?);
        found.rotations += counts.rotations;
        found.secrets += counts.secrets;
        found.in_state += in_state.len();
        found.in_both += in_state.iter().filter(|id| self.site.simulator.rotation(id).is_some()).count();
        Ok(())
    }

    /// Runs the command until it ends with code 0.
    fn until_success(&mut self, arguments: &[&str]) -> Result<Stage> {
        let mut stage = Stage::default();
        loop {
            files::empty_folder(&self.usage)?;
            let start = Instant::now();
            let ran = self.site.run(arguments)?;
            stage.add(start.elapsed(), meter::collected(&self.usage)?.unwrap_or_default());
            self.count_requests(&mut stage);
            say::line(format_args!("{}: {:?} after {}", stage.runs, ran.code, say::duration(stage.wall)));
            match ran.code {
                Some(0) => return Ok(stage),
                _ if stage.runs < RUNS => {}
                code => {
                    return Err(failed(format!("{arguments:?}: {code:?} after {RUNS} runs\n{}", ran.output)));
                }
            }
        }
    }

    fn count_requests(&mut self, stage: &mut Stage) {
        let requests = self.site.simulator.requests();
        self.site.simulator.clear_requests();
        let is_own = |fault: &&str| matches!(*fault, "status" | "fail-after-key");
        let own = requests.iter().filter(|one| one.call == Call::Create && one.faults.iter().any(is_own));
        self.own_failures += own.count();
        stage.requests += requests.len();
        stage.failed += requests.iter().filter(|request| !request.faults.is_empty()).count();
    }

    /// Compares the states with the API, and counts the keys.
    fn compare(&self, count: usize, all: &Totals, table: &mut Table) {
        let (found, issued) = (&all.full, self.site.simulator.issued_keys());
        table.exactly("rotations at the API after the apply", found.rotations, count);
        table.exactly("secrets at the API after the apply", found.secrets, count);
        table.exactly("rotations in the state that are at the API", found.in_both, count);
        table.exactly("rotations in the state", found.in_state, count);
        table.add("creates for which the API itself reported a failure", self.own_failures);
        table.at_most("keys issued (rotations, and the API's own failures)", issued, count + self.own_failures);
    }

    fn nothing_is_left(&self, all: &Totals, table: &mut Table) {
        table.exactly("rotations at the API after the destroy", all.empty.rotations, 0);
        table.exactly("secrets at the API after the destroy", all.empty.secrets, 0);
        table.exactly("rotations in the state after the destroy", all.empty.in_state, 0);
        let what = "live keys after the destroy (those that the API issued and did not store)";
        table.at_most(what, self.site.simulator.counts().live_keys, self.own_failures);
        let leftovers = fs::read_dir(self.site.temporary()).map_or(0, Iterator::count);
        table.exactly("files left in the temporary folder", leftovers, 0);
    }
}

impl Stage {
    fn add(&mut self, wall: Duration, usage: Usage) {
        self.runs += 1;
        self.wall += wall;
        self.usage.cpu += usage.cpu;
        self.usage.peak_kib = self.usage.peak_kib.max(usage.peak_kib);
    }

    /// Adds what the same stage of another round took. The rounds are held to the same number of runs.
    fn merge(&mut self, round: &Stage) {
        self.runs = self.runs.max(round.runs);
        self.wall += round.wall;
        self.usage.cpu += round.usage.cpu;
        self.usage.peak_kib = self.usage.peak_kib.max(round.usage.peak_kib);
        self.requests += round.requests;
        self.failed += round.failed;
    }

    fn describe(&self, what: &str, table: &mut Table) {
        table.bound(
            &format!("{what}: runs until one succeeds, in any round"),
            self.runs,
            format_args!("at most {RUNS}"),
            self.runs <= RUNS,
        );
        table.add(format!("{what}: wall time"), say::duration(self.wall));
        table.add(
            format!("{what}: processor time of the provider"),
            format_args!("{:.1} s", self.usage.cpu.as_secs_f64()),
        );
        let peak = self.usage.peak_kib as f64 / 1024.0;
        table.add(format!("{what}: peak memory of the provider"), format_args!("{peak:.1} MiB"));
        table.add(
            format!("{what}: requests, and how many of them failed"),
            format_args!("{}, {}", self.requests, self.failed),
        );
    }
}
