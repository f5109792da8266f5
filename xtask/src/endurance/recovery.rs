//! What a user does after a core was killed: applies again, and imports what the errors name.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use super::site::{Ran, Site};
use crate::error::{Doing, Result, failed};

/// More applies than a recovery needs: one that names rotations, one that imports them, and one after a broken state or a lock.
const APPLIES: usize = 5;

const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];

/// How the recoveries of all rounds went.
#[derive(Default)]
pub(super) struct Recovered {
    pub(super) at_once: usize,
    pub(super) by_import: usize,
    pub(super) imported: usize,
    /// Rotations that are neither in the state nor named by an error.
    pub(super) unnamed: usize,
    /// Keys that are live and belong to no rotation.
    pub(super) orphaned: usize,
    pub(super) locks: usize,
    pub(super) broken_states: usize,
}

/// Applies until the goal is reached, and compares the state with the API.
pub(super) fn recover(site: &Site<'_>, count: usize, goal: &str, found: &mut Recovered) -> Result<()> {
    repair_state(site, found)?;
    let mut imports = BTreeMap::new();
    for number in 1..=APPLIES {
        let ran = site.run(&APPLY)?;
        if ran.code == Some(0) {
            found.at_once += usize::from(number == 1);
            return compare(site, count, found);
        }
        if unlock(site, &ran)? {
            found.locks += 1;
            continue;
        }
        let named = missing(site, &ran, found)?;
        if named.is_empty() {
            return Err(failed(format!("an apply after a kill failed, and names nothing to import:\n{}", ran.output)));
        }
        found.by_import += usize::from(imports.is_empty());
        found.imported += named.len();
        imports.extend(named);
        let blocks = imports.iter().map(|(index, id)| {
            format!("import {{\n  to = infisical_openrouter_rotation.app[{index}]\n  id = {id:?}\n}}\n")
        });
        site.configure(&format!("{goal}{}", blocks.collect::<String>()))?;
    }
    Err(failed(format!("{APPLIES} applies after a kill did not reach the goal")))
}

/// The rotations at the API that are not in the state and that the errors name, by their place in the resource.
fn missing(site: &Site<'_>, ran: &Ran, found: &mut Recovered) -> Result<BTreeMap<u64, String>> {
    let in_state: BTreeSet<_> = site.in_state()?.into_iter().collect();
    // Errors are wrapped at the width of a terminal.
    let words = ran.output.split(|letter: char| letter.is_whitespace() || letter == '│').collect::<Vec<_>>();
    let said = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut named = BTreeMap::new();
    for rotation in site.simulator.rotations() {
        let text = |name: &str| rotation.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let (id, name) = (text("id"), text("name"));
        if in_state.contains(&id) {
            continue;
        }
        let index = name.strip_prefix("key-").and_then(|index| index.parse().ok());
        match index.filter(|_| said.contains(&format!("terraform import ADDRESS {id}"))) {
            Some(index) => drop(named.insert(index, id)),
            None => found.unnamed += 1,
        }
    }
    Ok(named)
}

/// Opens the lock of a core that was killed, if that is what the error says.
fn unlock(site: &Site<'_>, ran: &Ran) -> Result<bool> {
    if !ran.output.contains("Error acquiring the state lock") {
        return Ok(false);
    }
    let id = ran.output.lines().find_map(|line| line.trim_start_matches(['│', ' ']).strip_prefix("ID:"));
    let id = id.map(str::trim).ok_or_else(|| failed(format!("the error names no lock:\n{}", ran.output)))?;
    site.must(&["force-unlock", "-force", id], 0)?;
    Ok(true)
}

/// A core does not replace the state file at once, so that one that is killed may leave half of it. Then a user takes the backup.
fn repair_state(site: &Site<'_>, found: &mut Recovered) -> Result<()> {
    let (state, backup) = (site.path("terraform.tfstate"), site.path("terraform.tfstate.backup"));
    let is_whole = |text: &String| serde_json::from_str::<serde_json::Value>(text).is_ok();
    if !state.exists() || fs::read_to_string(&state).is_ok_and(|text| is_whole(&text)) {
        return Ok(());
    }
    found.broken_states += 1;
    match fs::read_to_string(&backup).ok().filter(is_whole) {
        Some(text) => fs::write(&state, text).doing("restore the state"),
        None => fs::remove_file(&state).doing("remove the state"),
    }
}

/// The plan is empty, the state and the API have the same rotations, and each live key belongs to one of them.
fn compare(site: &Site<'_>, count: usize, found: &mut Recovered) -> Result<()> {
    site.must(&["plan", "-detailed-exitcode", "-input=false", "-no-color"], 0)?;
    let in_state: BTreeSet<_> = site.in_state()?.into_iter().collect();
    let id = |one: &serde_json::Value| one.get("id").and_then(serde_json::Value::as_str).map(str::to_owned);
    let at_api: BTreeSet<_> = site.simulator.rotations().iter().filter_map(id).collect();
    if in_state != at_api || at_api.len() != count {
        return Err(failed(format!("{count} rotations are wanted; the state has {in_state:?}, the API {at_api:?}")));
    }
    found.orphaned = found.orphaned.max(site.simulator.orphaned_keys().len());
    site.simulator.clear_requests();
    Ok(())
}
