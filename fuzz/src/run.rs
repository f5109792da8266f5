//! Executes a target on many inputs.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, Instant};
use std::{fs, io};

use fastrand::Rng;

use crate::coverage::Coverage;
use crate::memory;
use crate::mutate::{mutate, random};
use crate::target::Target;

/// No more findings than these are kept of one target.
const MOST_FINDINGS: usize = 50;

/// When a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// After so many executions.
    Executions(u64),
    /// After so long.
    Time(Duration),
}

/// What a run is made of.
pub struct Plan {
    /// What all random choices follow from.
    pub seed: u64,
    /// When it ends.
    pub limit: Limit,
    /// Where each input is written before it is executed, to find the one that ends the process.
    pub journal: Option<PathBuf>,
}

/// An input that broke a property.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The input.
    pub input: Vec<u8>,
    /// The panic's message, or the memory that was held.
    pub problem: String,
}

/// What a run found.
#[derive(Default)]
pub struct Outcome {
    /// How many inputs were executed.
    pub executions: u64,
    /// One finding for each place in the code.
    pub findings: Vec<Finding>,
    /// The inputs that reached something new, oldest first.
    pub kept: Vec<Vec<u8>>,
    /// How many counters were reached, and how many there are.
    pub reached: (usize, usize),
    /// The most memory that an execution held, and the longest that one took.
    pub most: (usize, Duration),
    /// How long the run took.
    pub time: Duration,
}

thread_local! {
    /// Whether this thread executes a target, and the last panic in it: where, and what it said.
    static EXECUTING: Cell<bool> = const { Cell::new(false) };
    static PANIC: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Keeps the panics of targets from being printed, and their messages for the findings.
fn collect_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !EXECUTING.get() {
                return usual(info);
            }
            let place = info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
            let payload = info.payload();
            let text = payload.downcast_ref::<&str>().copied();
            let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            PANIC.set(Some((place, text.unwrap_or("a panic without a message").to_owned())));
        }));
    });
}

/// Executes the target once. Returns the place and the problem, if there is one, and the memory that was held.
fn execute(target: &Target, input: &[u8]) -> (Option<(String, String)>, usize) {
    EXECUTING.set(true);
    let (panicked, peak) =
        memory::peak_of(|| panic::catch_unwind(AssertUnwindSafe(|| (target.execute)(input))).is_err());
    EXECUTING.set(false);
    if panicked {
        let (place, message) = PANIC.take().unwrap_or_default();
        return (Some((place.clone(), format!("{message} ({place})"))), peak);
    }
    let bound = target.memory.bound(input.len());
    let problem = (peak > bound).then(|| {
        let problem = format!("held {peak} bytes for an input of {}; {bound} are allowed", input.len());
        ("memory".to_owned(), problem)
    });
    (problem, peak)
}

/// The inputs in a folder, in the order of their names; none if there is no such folder.
///
/// # Errors
///
/// When a file cannot be read.
pub fn corpus(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    paths.iter().map(fs::read).collect()
}

/// Executes the target on each input, for tests. Returns the findings.
#[must_use]
pub fn replay(target: &Target, inputs: &[Vec<u8>]) -> Vec<Finding> {
    collect_panics();
    warm_up(target);
    let problems = inputs.iter().filter_map(|input| {
        let problem = execute(target, input).0?.1;
        Some(Finding { input: input.clone(), problem })
    });
    problems.collect()
}

/// Lets the target make what it makes once.
fn warm_up(target: &Target) {
    for input in [b"".as_slice(), b"{}"] {
        drop(execute(target, input));
    }
}

/// Executes the target on the corpus, on mutations of it, and on random bytes.
///
/// # Errors
///
/// When the journal cannot be written.
pub fn run(target: &Target, corpus: &[Vec<u8>], plan: &Plan, coverage: &mut Coverage) -> io::Result<Outcome> {
    collect_panics();
    warm_up(target);
    coverage.reset();
    let began = Instant::now();
    let (mut rng, mut pool, mut given) = (Rng::with_seed(plan.seed), corpus.to_vec(), corpus.iter());
    let (mut outcome, mut findings) = (Outcome::default(), BTreeMap::new());
    while goes_on(plan.limit, outcome.executions, began) {
        let input = given.next().cloned().unwrap_or_else(|| next(&mut rng, &pool, target.words));
        if let Some(journal) = &plan.journal {
            fs::write(journal, &input)?;
        }
        let start = Instant::now();
        let (problem, peak) = execute(target, &input);
        outcome.most = (outcome.most.0.max(peak), outcome.most.1.max(start.elapsed()));
        outcome.executions += 1;
        let is_new = coverage.is_new();
        if let Some((place, problem)) = problem {
            let known = findings.len() >= MOST_FINDINGS && !findings.contains_key(&place);
            let shorter = findings.get(&place).is_none_or(|known: &Finding| input.len() < known.input.len());
            if shorter && !known {
                findings.insert(place, Finding { input, problem });
            }
        } else if is_new && outcome.executions > corpus.len() as u64 {
            pool.push(input.clone());
            outcome.kept.push(input);
        }
    }
    outcome.findings = findings.into_values().collect();
    outcome.reached = (coverage.reached(), coverage.counters());
    outcome.time = began.elapsed();
    Ok(outcome)
}

/// The longest input that is worth keeping.
const LONGEST_KEPT: usize = 1024;

/// The shortest of these inputs that together reach what the corpus does not.
#[must_use]
pub fn smallest(target: &Target, corpus: &[Vec<u8>], kept: &[Vec<u8>], coverage: &mut Coverage) -> Vec<Vec<u8>> {
    coverage.forget();
    let mut kept: Vec<_> = kept.iter().filter(|input| input.len() <= LONGEST_KEPT).collect();
    kept.sort_by_key(|input| input.len());
    let mut reaches_more = |input: &Vec<u8>| {
        let before = coverage.reached();
        drop(execute(target, input));
        coverage.is_new() && coverage.reached() > before
    };
    for input in corpus {
        reaches_more(input);
    }
    kept.into_iter().filter(|input| reaches_more(input)).cloned().collect()
}

/// A name for an input: FNV-1a, which is the same on each machine.
#[must_use]
pub fn hash(input: &[u8]) -> u64 {
    input.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn goes_on(limit: Limit, executions: u64, began: Instant) -> bool {
    match limit {
        Limit::Executions(most) => executions < most,
        // The clock is asked now and then only.
        Limit::Time(most) => !executions.is_multiple_of(64) || began.elapsed() < most,
    }
}

/// The next input: mostly a mutation of a known one, of the newer ones more often.
fn next(rng: &mut Rng, pool: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    if pool.is_empty() || rng.u32(..16) == 0 {
        let bytes = random(rng);
        return if rng.bool() { bytes } else { mutate(rng, &bytes, &[], words) };
    }
    let mut pick = || {
        let newest = pool.len().min(32);
        let from = if rng.u32(..4) == 0 { pool.len() - newest } else { 0 };
        pool.get(rng.usize(from..pool.len())).map(Vec::as_slice).unwrap_or_default()
    };
    let (one, other) = (pick(), pick());
    mutate(rng, one, other, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Memory;

    fn run_on(execute: fn(&[u8])) -> Outcome {
        let memory = Memory { base: 1024, factor: 16 };
        let target = Target { name: "t", about: "", execute, cost: 1, memory, words: &["word"] };
        let plan = Plan { seed: 1, limit: Limit::Executions(5000), journal: None };
        run(&target, &[b"a word".to_vec()], &plan, &mut Coverage::take()).unwrap()
    }

    #[test]
    fn a_panic_and_too_much_memory_are_found_once_for_each_place() {
        let outcome = run_on(|input| {
            assert!(!input.starts_with(b"word"), "it starts with the word");
            if input.len() > 40 {
                drop(std::hint::black_box(vec![0_u8; 1 << 20]));
            }
        });
        let problems: Vec<_> = outcome.findings.iter().map(|finding| finding.problem.as_str()).collect();
        assert_eq!((problems.len(), outcome.executions), (2, 5000), "{problems:?}");
        assert!(problems[0].starts_with("it starts with the word ("), "{problems:?}");
        assert!(problems[1].starts_with("held 1048576 bytes for an input of"), "{problems:?}");
    }

    #[test]
    fn a_target_without_problems_has_no_findings() {
        assert!(run_on(|input| drop(input.to_vec())).findings.is_empty());
    }
}
