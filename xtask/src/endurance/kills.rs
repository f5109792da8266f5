//! A core is killed at a random moment of an apply, again and again. Nothing that the API created may be lost: the next applies
//! recover it, or their errors name it.

use std::{
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use fastrand::Rng;
use simulator::{Call, Fault, Options as Settings};

use super::{
    linux,
    recovery::{self, Recovered},
    site::{Site, rotations},
    table::Table,
};
use crate::{
    cores::Core,
    error::{Doing, Result, failed},
    process, say,
};

/// The number of rotations.
const ROTATIONS: usize = 8;

/// How long the API takes for each call, so that many kills come while calls are pending.
const LATENCY: Duration = Duration::from_millis(80);

/// About as long as the calls of one apply that change something.
const CHANGING: Duration = Duration::from_millis(500);

const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];

/// What a killed apply was about to do. They follow each other, so that each begins with what the one before left.
const CHANGES: [&str; 3] = ["create", "change and rotate", "destroy"];

/// The configuration that an apply has to reach.
struct Goal {
    count: usize,
    text: String,
}

impl Goal {
    /// The one of this round. Changes are to other values than those of the rounds before.
    fn of(round: usize) -> Goal {
        let days = 2 + round % 300;
        let more = format!("  rotation_interval = {days}\n  rotation_triggers = {{ round = \"{round}\" }}\n");
        let count = if round % CHANGES.len() == 2 { 0 } else { ROTATIONS };
        Goal { count, text: rotations(count, &more) }
    }
}

/// What was seen in all rounds.
#[derive(Default)]
struct Seen {
    kills: usize,
    /// Those by which the provider was killed, too.
    of_groups: usize,
    /// Those after the first call that changes something.
    amid_changes: usize,
    ended_before: usize,
    recovered: Recovered,
}

/// When an apply is killed, and what with it.
struct Kill {
    after: Duration,
    /// Counted from the first call that changes something instead of the start of the core.
    amid_changes: bool,
    /// The provider, too.
    group: bool,
}

/// How an apply ended that was to be killed.
enum Ended {
    Killed,
    /// By itself, after this time.
    Before(Duration),
}

/// Kills a core so many times, at moments that follow from the seed.
///
/// # Errors
///
/// When the core or the simulator cannot be run, a process of the provider is left behind, or an apply does not recover.
pub fn killed_applies(core: &Core, provider: &Path, kills: usize, seed: u64) -> Result<Table> {
    let latency = Fault::delay(Call::Any, LATENCY / 2);
    let faults = vec![latency.clone(), latency.after_commit()];
    let site = Site::new(core, provider, Settings { faults, ..Settings::default() })?;
    site.configure("")?;
    site.init()?;
    let (mut random, mut seen) = (Rng::with_seed(seed), Seen::default());
    let mut durations = durations(&site)?;
    let mut rounds = CHANGES.len()..;
    while seen.kills < kills {
        let Some(round) = rounds.next() else { break };
        let goal = Goal::of(round);
        site.configure(&goal.text)?;
        let Some(duration) = durations.get_mut(round % CHANGES.len()) else { break };
        // A little longer than the apply, so that a kill may also come at the very end.
        let amid_changes = random.bool();
        let longest = if amid_changes { CHANGING } else { duration.mul_f64(1.1) };
        let kill = Kill { after: longest.mul_f64(random.f64()), amid_changes, group: random.bool() };
        match one(&site, &kill, &mut seen)? {
            Ended::Killed if seen.kills % 20 == 0 => say::line(format_args!("{} of {kills} kills", seen.kills)),
            Ended::Killed => {}
            Ended::Before(took) => *duration = took,
        }
        recovery::recover(&site, goal.count, &goal.text, &mut seen.recovered)?;
    }
    Ok(table(&seen, kills))
}

/// How long each of the changes takes when nothing is killed.
fn durations(site: &Site<'_>) -> Result<Vec<Duration>> {
    let mut all = Vec::new();
    for round in 0..CHANGES.len() {
        site.configure(&Goal::of(round).text)?;
        let start = Instant::now();
        site.must(&APPLY, 0)?;
        all.push(start.elapsed());
    }
    Ok(all)
}

/// One apply that is killed, unless it ends before.
fn one(site: &Site<'_>, kill: &Kill, seen: &mut Seen) -> Result<Ended> {
    site.simulator.clear_requests();
    let changes = || site.simulator.requests().iter().any(|request| request.method != "GET");
    let mut command = site.command(&APPLY)?;
    linux::in_group(&mut command);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut core = command.spawn().doing(format_args!("run {}", process::typed(&command)))?;
    let mut counted_from = (!kill.amid_changes).then_some(start);
    while counted_from.is_none_or(|from| from.elapsed() < kill.after) {
        if core.try_wait().doing("wait for the core")?.is_some() {
            seen.ended_before += 1;
            return Ok(Ended::Before(start.elapsed()));
        }
        counted_from = counted_from.or_else(|| changes().then(Instant::now));
        thread::sleep(Duration::from_millis(1));
    }
    linux::kill(core.id(), kill.group).doing("kill the core")?;
    core.wait().doing("wait for the core")?;
    seen.kills += 1;
    seen.of_groups += usize::from(kill.group);
    if linux::remaining(&site.folder()?)? > 0 {
        return Err(failed("a process of the provider still runs, two minutes after its core was killed"));
    }
    // A server goes on with requests whose connection was closed.
    until_quiet(site)?;
    seen.amid_changes += usize::from(changes());
    Ok(Ended::Killed)
}

fn until_quiet(site: &Site<'_>) -> Result<()> {
    let start = Instant::now();
    while site.simulator.is_busy() {
        if start.elapsed() > Duration::from_secs(60) {
            return Err(failed("the simulator still executes a request"));
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn table(seen: &Seen, kills: usize) -> Table {
    let (mut table, found) = (Table::default(), &seen.recovered);
    table.exactly("cores killed during an apply", seen.kills, kills);
    table.add("of these, with the provider in the same moment", seen.of_groups);
    table.add("of these, after the first call that changes something", seen.amid_changes);
    table.add("applies that ended before their kill", seen.ended_before);
    // Otherwise there would be an error instead of a table.
    table.exactly("processes of the provider that were left behind", 0, 0);
    table.add("applies that succeeded in the first attempt afterwards", found.at_once);
    table.add("applies whose errors named rotations to import", found.by_import);
    table.add("rotations imported as the errors say", found.imported);
    table.exactly("rotations that no error named", found.unnamed, 0);
    table.exactly("live keys that belong to no rotation", found.orphaned, 0);
    table.add("state locks to force open", found.locks);
    table.add("state files that the killed core left unreadable", found.broken_states);
    table
}
