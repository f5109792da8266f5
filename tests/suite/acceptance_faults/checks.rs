//! Checks the result of a cell, and that the next run succeeds and leads to an empty plan.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use simulator::{Call, Counts};

use super::cells::{Cell, Outcome};
use super::table::Row;
use super::test_bed::{LISTED, PLAN, TestBed};
use crate::support::requests::count;
use crate::support::{running::Output, terraform::Workspace};

/// What must never be printed or stored: the prefixes of keys and tokens, the fixed token and the client secret.
const SECRET: [&str; 4] = ["sim-or-v1-", "simulator-access-", simulator::TOKEN, simulator::CLIENT_SECRET];

/// The attributes whose values are the same in the state and in the API, with their fields.
const SAME: [(&str, &str); 8] = [
    ("name", "name"),
    ("description", "description"),
    ("rotation_interval", "rotationInterval"),
    ("active_index", "activeIndex"),
    ("created_at", "createdAt"),
    ("updated_at", "updatedAt"),
    ("last_rotated_at", "lastRotatedAt"),
    ("rotation_status", "rotationStatus"),
];

/// Neither the output nor the state contains a secret.
pub(super) fn nothing_secret_in(workspace: &Workspace, output: &Output) -> Result<(), String> {
    let state = fs::read_to_string(workspace.path("terraform.tfstate")).unwrap_or_default();
    for text in [&output.stdout, &output.stderr, &state] {
        let found = SECRET.iter().find(|secret| text.contains(**secret));
        ensure!(found.is_none(), "{found:?} is printed or stored\n{output}");
    }
    Ok(())
}

impl TestBed {
    pub(super) fn row(&self, cell: &Cell, keys_before: usize) -> Row {
        Row {
            call: self.call,
            fault: cell.scenario.title(),
            what_happens: cell.outcome.description(self.call),
            sent: cell.sent,
            counts: self.simulator.counts(),
            in_state: self.stored().len(),
            issued: self.simulator.issued_keys() - keys_before,
        }
    }

    pub(super) fn ended_as_expected(&self, cell: &Cell, row: &Row, output: &Output) -> Result<(), String> {
        let sent = self.sent(self.call);
        let calls: Vec<_> = self.simulator.requests().iter().map(|request| request.call.to_string()).collect();
        let all = format!("requests: {}\n{output}", calls.join(", "));
        let code = i32::from(cell.outcome.error().is_some());
        ensure!(output.code == Some(code), "the exit code should be {code}\n{all}");
        if let Some(words) = cell.outcome.error() {
            ensure!(output.says(words), "the output should contain {words:?}\n{all}");
            ensure!(output.says("Error: "), "the output should contain an error\n{all}");
        }
        match cell.sent {
            Some(times) => ensure!(sent == times, "sent {sent} times instead of {times}\n{all}"),
            None => ensure!(sent > 2, "sent only {sent} times\n{all}"),
        }
        let looked_up = self.looked_up();
        ensure!(looked_up == cell.outcome.looks_up(), "the result was looked up: {looked_up}\n{all}");
        let warns = output.says("Warning: ");
        let should_warn = matches!(cell.outcome, Outcome::Found | Outcome::RetriedNotFound);
        ensure!(warns == should_warn, "the output contains a warning: {warns}\n{all}");
        ensure!(self.elsewhere.requests().is_empty(), "a redirect was followed\n{all}");
        self.counts_are_right(cell, row).map_err(|error| format!("{error}\n{all}"))?;
        nothing_secret_in(&self.workspace, output)
    }

    /// Whether the result was looked up. A create is looked up by its name, which is also read once before the create. A
    /// rotation is looked up by its id, which is also read by the refresh and before the request.
    fn looked_up(&self) -> bool {
        match self.call {
            Call::Create => self.sent(Call::ReadByName) > 1,
            Call::Rotate => self.sent(Call::Read) > 2,
            _ => false,
        }
    }

    /// Nothing exists twice, and the state and the simulator have the same rotations.
    fn counts_are_right(&self, cell: &Cell, row: &Row) -> Result<(), String> {
        let Counts { rotations, secrets, live_keys } = row.counts;
        let keys_each = if self.call == Call::Rotate { 2 } else { 1 };
        ensure!(secrets == rotations, "{secrets} secrets for {rotations} rotations");
        let orphans = self.simulator.orphaned_keys().len();
        let expected = rotations * keys_each + orphans;
        ensure!(live_keys == expected, "{live_keys} live keys for {rotations} rotations and {orphans} orphaned keys");
        ensure!(orphans == 0 || cell.scenario.orphans_a_key(), "{orphans} keys belong to no rotation");
        let issues = matches!(self.call, Call::Login | Call::Create | Call::Rotate);
        ensure!(row.issued <= usize::from(issues), "{} keys were issued", row.issued);
        if cell.outcome.error().is_none() {
            ensure!(row.issued == usize::from(issues), "no key was issued");
            return self.state_matches();
        }
        let (stored, existing) = (self.ids_in_state(), self.ids());
        ensure!(stored == existing, "in the state {stored:?}, in the simulator {existing:?}");
        Ok(())
    }

    /// If the command failed, it succeeds when it is run again. The next plan is empty.
    pub(super) fn next_run_succeeds(&self, cell: &Cell, output: &Output) -> Result<(), String> {
        if cell.outcome.error().is_some() {
            let again = self.command(None);
            ensure!(again.code == Some(0), "the command should succeed when it is run again\n{output}\n{again}");
            nothing_secret_in(&self.workspace, &again)?;
        } else if matches!(self.call, Call::Read | Call::List) {
            return Ok(()); // the command was a plan, which was empty
        }
        if self.call != Call::Delete {
            let plan = self.run(&PLAN, None);
            ensure!(plan.is_empty_plan(), "the next plan should be empty\n{output}\n{plan}");
        }
        let expected = match self.call {
            Call::Delete => 0,
            Call::List => LISTED,
            _ => 1,
        };
        let Counts { rotations, secrets, .. } = self.simulator.counts();
        ensure!((rotations, secrets) == (expected, expected), "{rotations} rotations and {secrets} secrets in the end");
        self.state_matches()
    }

    /// The state has all rotations of the simulator, with the same values.
    fn state_matches(&self) -> Result<(), String> {
        let (stored, existing) = (self.stored(), self.simulator.rotations());
        ensure!(stored.len() == existing.len(), "{} in the state, {} in the simulator", stored.len(), existing.len());
        for rotation in existing {
            let found = stored.iter().find(|stored| stored["id"] == rotation["id"]);
            let Some(stored) = found else { return Err(format!("not in the state: {}", rotation["id"])) };
            for (attribute, field) in SAME {
                let (ours, theirs) = (&stored[attribute], &rotation[field]);
                ensure!(ours == theirs, "{attribute}: state {ours}, simulator {theirs}");
            }
        }
        Ok(())
    }

    fn sent(&self, call: Call) -> usize {
        count(&self.simulator, call)
    }

    fn ids(&self) -> BTreeSet<String> {
        self.simulator.rotations().iter().map(|rotation| rotation["id"].to_string()).collect()
    }

    fn ids_in_state(&self) -> BTreeSet<String> {
        self.stored().iter().map(|stored| stored["id"].to_string()).collect()
    }

    /// The attributes of each rotation in the state, read from the file, since running the core would take too long.
    fn stored(&self) -> Vec<Value> {
        let Ok(text) = fs::read_to_string(self.workspace.path("terraform.tfstate")) else { return Vec::new() };
        let state: Value = serde_json::from_str(&text).unwrap();
        let resources = state["resources"].as_array().unwrap().iter();
        let instances = resources.flat_map(|resource| resource["instances"].as_array().unwrap());
        instances.map(|instance| instance["attributes"].clone()).collect()
    }
}
