//! Properties of planning: for random schemas, configurations, prior states and changes by the API, what the server plans and
//! returns passes a core's rules, and after an apply the next plan is empty.
//!
//! Everything follows from a seed, which a failure prints: `PLANNING_SEED=… cargo test -p tfplug properties` runs that case
//! alone, and `PLANNING_CASES=…` sets how many are run.

mod api;
mod life;
mod random;
mod schemas;
mod shown;
mod values;

use std::env;

use life::Life;
use random::Random;
use values::Unknowns;

use crate::value::Value;

/// The number of cases of each size in a normal run.
const CASES: u64 = 60;

/// The sizes of schemas; the smallest failure is found first.
const SIZES: usize = 5;

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|error| panic!("{variable}: {error}")))
}

/// Runs the cases, each with a seed and a size.
fn each_case(property: impl AsyncFn(u64, usize) -> Result<(), String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let run = |seed: u64| {
        let size = usize::try_from(seed % SIZES as u64).unwrap() + 1;
        let outcome = runtime.block_on(property(seed, size));
        outcome.unwrap_or_else(|error| panic!("PLANNING_SEED={seed}\n{error}"));
    };
    if let Some(seed) = number("PLANNING_SEED") {
        return run(seed);
    }
    let cases = number("PLANNING_CASES").unwrap_or(CASES);
    for size in 0..SIZES as u64 {
        (0..cases).for_each(|number| run(number * SIZES as u64 + size));
    }
}

/// An object is created, changed several times, changed by the API, and destroyed.
async fn a_whole_life(seed: u64, size: usize) -> Result<(), String> {
    let mut random = Random::new(seed);
    let schema = schemas::schema(&mut random, size);
    let problems = schema.problems();
    if !problems.is_empty() {
        return Err(format!("the schema has problems: {problems:?}"));
    }
    let mut life = Life::begin(schema.clone(), seed).await;
    let lived = live(&mut life, &mut random).await;
    lived.map_err(|error| format!("{error}\n{}\n{}", shown::schema(schema.all()), life.history.join("\n")))
}

async fn live(life: &mut Life, random: &mut Random) -> Result<(), String> {
    let attributes = life.attributes();
    let mut config = accepted(life, || values::config(random, &attributes, Unknowns::Some)).await?;
    for _ in 0..4 {
        config = life.change(random, &config).await?;
        life.settled(&config).await?;
        if random.chance(50) {
            life.drift();
            config = life.change(random, &config).await?;
            life.settled(&config).await?;
        }
        config = accepted(life, || values::changed(random, &attributes, &config, Unknowns::Some)).await?;
    }
    life.destroy().await
}

/// The first configuration without duplicates in a set, which no plan could keep apart.
async fn accepted(life: &Life, mut config: impl FnMut() -> Value) -> Result<Value, String> {
    loop {
        let config = config();
        match life.validate(&config).await {
            Err(error) if error.starts_with("Duplicate elements") => {}
            validated => return validated.map(|()| config),
        }
    }
}

#[test]
fn plans_and_results_pass_the_rules_of_a_core_and_the_next_plan_is_empty() {
    each_case(a_whole_life);
}
