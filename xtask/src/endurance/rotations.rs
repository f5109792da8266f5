//! Many rotations are created, refreshed and destroyed while calls fail at random.

use std::{
    fs,
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

/// Creates, refreshes and destroys so many rotations, with failures that follow from the seed.
///
/// # Errors
///
/// When the core or the simulator cannot be run, or a command does not succeed in [`RUNS`] runs.
pub fn rotations_with_faults(core: &Core, provider: &Path, count: usize, seed: u64) -> Result<Table> {
    let this = std::env::current_exe().doing("find this program")?;
    let site = Site::new(core, &this, Settings { faults: faults(seed), ..Settings::default() })?;
    let usage = site.path("../usage");
    let site = site.with(meter::PROVIDER, &provider.to_string_lossy()).with(meter::FOLDER, &usage.to_string_lossy());
    site.configure(&in_resources(count))?;
    let mut runs = Runs { site, usage, own_failures: 0 };
    runs.init()?;
    let mut table = Table::default();

    let created = runs.until_success(&["apply", "-auto-approve", "-input=false", "-no-color", PARALLELISM])?;
    created.describe("apply", &mut table);
    runs.compare(count, &mut table)?;
    let refreshed = runs.until_success(&["plan", "-detailed-exitcode", "-input=false", "-no-color", PARALLELISM])?;
    refreshed.describe("plan without changes", &mut table);
    let destroyed = runs.until_success(&["destroy", "-auto-approve", "-input=false", "-no-color", PARALLELISM])?;
    destroyed.describe("destroy", &mut table);
    runs.nothing_is_left(&mut table)?;
    Ok(table)
}

impl Runs<'_> {
    fn init(&self) -> Result<()> {
        files::empty_folder(&self.usage)?;
        self.site.init()
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

    /// Compares the state with the API, and counts the keys.
    fn compare(&self, count: usize, table: &mut Table) -> Result<()> {
        let simulator = &self.site.simulator;
        let (counts, issued) = (simulator.counts(), simulator.issued_keys());
        table.exactly("rotations at the API", counts.rotations, count);
        table.exactly("secrets at the API", counts.secrets, count);
        let in_state = self.site.in_state()?;
        let both = in_state.iter().filter(|id| simulator.rotation(id).is_some()).count();
        table.exactly("rotations in the state that are at the API", both, count);
        table.exactly("rotations in the state", in_state.len(), count);
        table.add("creates for which the API itself reported a failure", self.own_failures);
        table.at_most("keys issued (rotations, and the API's own failures)", issued, count + self.own_failures);
        Ok(())
    }

    fn nothing_is_left(&self, table: &mut Table) -> Result<()> {
        let simulator = &self.site.simulator;
        let counts = simulator.counts();
        table.exactly("rotations at the API after the destroy", counts.rotations, 0);
        table.exactly("secrets at the API after the destroy", counts.secrets, 0);
        table.exactly("rotations in the state after the destroy", self.site.in_state()?.len(), 0);
        let what = "live keys after the destroy (those that the API issued and did not store)";
        table.at_most(what, counts.live_keys, self.own_failures);
        let leftovers = fs::read_dir(self.site.temporary()).map_or(0, Iterator::count);
        table.exactly("files left in the temporary folder", leftovers, 0);
        Ok(())
    }
}

impl Stage {
    fn add(&mut self, wall: Duration, usage: Usage) {
        self.runs += 1;
        self.wall += wall;
        self.usage.cpu += usage.cpu;
        self.usage.peak_kib = self.usage.peak_kib.max(usage.peak_kib);
    }

    fn describe(&self, what: &str, table: &mut Table) {
        table.bound(
            &format!("{what}: runs until one succeeds"),
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
