//! Properties of planning: rotations and connections with random configurations, which change, and which the API changes, pass a
//! core's rules in each plan and apply, and after an apply the next plan is empty.
//!
//! Each plan and each apply is a process of its own, with a new client, as where a core runs the provider. The harness holds each
//! plan and state against a core's rules. Everything follows from a seed, which a failure prints:
//! `PLANNING_SEED=… cargo test --lib properties` runs that life alone, `PLANNING_CASES=…` sets how many are run, and
//! `PLANNING_FIRST=…` the first seed.

mod connections;
mod rotations;

use std::env;
use std::marker::PhantomData;
use std::time::Duration;

use simulator::{Options, Simulator};
use tfplug::testing::{Harness, Managed, Plan, Stored};
use tfplug::{Attr, CancellationToken, Diagnostics, ResourceModel};

use super::simulated;
use crate::provider::Infisical;

/// The number of lives of each kind in a normal run.
const CASES: u64 = 15;

/// The number of changes in a life.
const CHANGES: usize = 4;

/// By how much the API's clock is behind this machine's.
const BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

/// The time between two processes. By both clocks, every object is then older than a minute when somebody deletes it, so the
/// client does not wait for a lagging replica.
const BETWEEN: Duration = Duration::from_secs(120);

/// What became of one step; the error is the counterexample.
type Outcome<T> = Result<T, String>;

/// Lives so many lives, each with a seed and an API of its own.
fn each_life(life: impl AsyncFn(&mut Random, &Simulator) -> Outcome<()>) {
    let number = |variable: &str| env::var(variable).ok().map(|text| text.parse::<u64>().unwrap());
    let first = number("PLANNING_FIRST").unwrap_or_default();
    let seeds = match number("PLANNING_SEED") {
        Some(seed) => seed..seed + 1,
        None => first..first + number("PLANNING_CASES").unwrap_or(CASES),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for seed in seeds {
        let simulator = Simulator::start(Options::default()).unwrap();
        simulator.set_clock_back(BEHIND);
        let mut random = Random(fastrand::Rng::with_seed(seed));
        let lived = runtime.block_on(life(&mut random, &simulator));
        lived.unwrap_or_else(|error| panic!("PLANNING_SEED={seed}\n{error}"));
    }
}

/// A deterministic source of random choices.
struct Random(fastrand::Rng);

impl Random {
    /// Whether something happens that has this chance, in percent.
    fn chance(&mut self, percent: u8) -> bool {
        self.0.u8(0..100) < percent
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        self.0.choice(all).cloned().unwrap()
    }

    /// One of these, or not set.
    fn maybe<T, V: Clone + Into<Attr<T>>>(&mut self, all: &[V]) -> Attr<T> {
        if self.chance(30) { Attr::Null } else { self.pick(all).into() }
    }
}

fn words(diagnostics: &Diagnostics) -> String {
    diagnostics.iter().map(|one| format!("{}: {}\n", one.summary(), one.detail())).collect()
}

/// Says which step failed.
fn during<T>(step: &str, outcome: Result<T, Diagnostics>) -> Outcome<T> {
    outcome.map_err(|error| format!("{step}: {}", words(&error)))
}

/// A process of the provider, which serves one plan or one apply.
struct Process(Harness<Infisical>);

impl Process {
    fn serve<M: ResourceModel>(&self, name: &str) -> Outcome<Managed<'_, Infisical, M>> {
        during("the start", self.0.resource(name))
    }
}

/// A core that manages one object.
struct Core<'a, M> {
    simulator: &'a Simulator,
    name: &'static str,
    model: PhantomData<M>,
}

impl<'a, M: ResourceModel> Core<'a, M>
where
    M::Config: Clone,
{
    fn new(simulator: &'a Simulator, name: &'static str) -> Self {
        Self { simulator, name, model: PhantomData }
    }

    fn start(&self) -> Process {
        self.simulator.advance(BETWEEN);
        Process(Harness::with_client(Infisical, simulated::client(self.simulator, CancellationToken::new())))
    }

    /// What `terraform plan` does: reads the object, and plans. `None` if the plan is refused because the replacement could
    /// not be created, which is as it should be.
    async fn plan(&self, state: Option<&Stored<M>>, config: &M::Config) -> Outcome<Option<Plan<M>>> {
        let process = self.start();
        let tf = process.serve::<M>(self.name)?;
        let read = match state {
            Some(state) => during("the read", tf.read(state).await)?,
            None => None,
        };
        match tf.plan(read.as_ref(), config.clone()).await {
            Err(error) if error.iter().all(|one| one.summary() == "Cannot replace the rotation") => Ok(None),
            plan => during("the plan", plan).map(Some),
        }
    }

    /// What `terraform apply` does after a plan of `open`, in which some values are unknown: plans and applies `config`. Then
    /// a read finds what the apply returned, and the next plan is empty, with a read and without. `None` if a plan is refused.
    async fn apply(
        &self,
        state: Option<&Stored<M>>,
        open: &M::Config,
        config: &M::Config,
    ) -> Outcome<Option<Stored<M>>> {
        let Some(plan) = self.plan(state, open).await? else { return Ok(None) };
        let first = format!("{plan:?}");
        let applied = self.applied(plan, config).await.map_err(|error| format!("{error}\nthe first plan: {first}"))?;
        let process = self.start();
        let again = process.serve::<M>(self.name)?.plan(Some(&applied), config.clone()).await;
        let unread = during("the second plan", again)?;
        let found = during("the second read", self.start().serve::<M>(self.name)?.read(&applied).await)?;
        let found = found.ok_or("the object is gone after the apply")?;
        // A change of the schedule may have started a rotation in the background.
        let rotated = found.value().get("active_index") != applied.value().get("active_index");
        if !rotated && found.value() != applied.value() {
            let differs = |name: &&str| found.value().get(name) != applied.value().get(name);
            let changed: Vec<_> = M::ATTRIBUTES.iter().copied().filter(differs).collect();
            return Err(format!("a read after the apply changes {changed:?}: {found:?}\nfirst: {first}"));
        }
        let read = self.plan(Some(&applied), config).await?.ok_or("the plan after the apply is refused")?;
        for (again, when) in [(unread, "without a read"), (read, "after a read")] {
            if !again.is_empty() {
                let changes = again.changes();
                return Err(format!("the second plan {when} changes {changes:?}\nfirst: {first}\nsecond: {again:?}"));
            }
        }
        Ok(Some(applied))
    }

    async fn applied(&self, plan: Plan<M>, config: &M::Config) -> Outcome<Stored<M>> {
        let process = self.start();
        let tf = process.serve::<M>(self.name)?;
        let plan = during("the plan of the apply", tf.plan_with_known_values(plan, config.clone()).await)?;
        let shown = format!("{plan:?}");
        let applied = tf.apply(plan).await;
        let applied = applied.map_err(|refused| format!("the apply of {shown}: {}", words(&refused.diagnostics)))?;
        self.settle().await;
        Ok(applied)
    }

    /// Waits for the rotation that a change of the schedule starts in the background.
    async fn settle(&self) {
        while self.simulator.rotations().iter().any(|one| one["rotationStatus"] == "in-progress") {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// What `terraform import` does.
    async fn import(&self, id: &str) -> Outcome<Stored<M>> {
        during("the import", self.start().serve::<M>(self.name)?.import(id).await)
    }

    async fn destroy(&self, state: Stored<M>) -> Outcome<()> {
        let destroyed = self.start().serve::<M>(self.name)?.destroy(state).await;
        destroyed.map_err(|refused| format!("the destroy: {}", words(&refused.diagnostics)))
    }
}
