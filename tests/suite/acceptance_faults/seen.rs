//! What came of a cell: held against what it says, and settled.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use simulator::{Call, Counts};

use super::cells::{Cell, End};
use super::table::Row;
use super::world::{LISTED, PLAN, World};
use crate::support::running::Output;

/// What must never be printed or stored: the beginnings of keys and tokens, and the client's secret.
const SECRET: [&str; 4] = ["sim-or-v1-", "simulator-access-", simulator::TOKEN, simulator::CLIENT_SECRET];

/// Attributes whose values are the API's as they are.
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

impl World {
    pub(super) fn row(&self, cell: &Cell, keys_before: usize) -> Row {
        Row {
            call: self.call,
            fault: cell.strike.title(),
            what_happens: cell.end.words(self.call),
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
        let code = i32::from(cell.end.error().is_some());
        ensure!(output.code == Some(code), "should have ended with code {code}\n{all}");
        if let Some(words) = cell.end.error() {
            ensure!(output.says(words), "should say {words:?}\n{all}");
            ensure!(output.says("Error: "), "should be an error\n{all}");
        }
        match cell.sent {
            Some(times) => ensure!(sent == times, "sent {sent} times, not {times}\n{all}"),
            None => ensure!(sent > 2, "sent only {sent} times\n{all}"),
        }
        let looked = self.looked();
        ensure!(looked == cell.end.looks(), "looked for its result: {looked}\n{all}");
        let warns = output.says("Warning: ");
        ensure!(warns == matches!(cell.end, End::Found | End::Sought), "warned: {warns}\n{all}");
        ensure!(self.elsewhere.requests().is_empty(), "a redirect was followed\n{all}");
        self.counts_are_right(cell, row).map_err(|error| format!("{error}\n{all}"))?;
        self.nothing_secret_in(output)
    }

    /// Whether the result was looked for: a create by its name, of which there is one look before it, and a rotation by its
    /// id, which is read by the refresh and before the request.
    fn looked(&self) -> bool {
        match self.call {
            Call::Create => self.sent(Call::ReadByName) > 1,
            Call::Rotate => self.sent(Call::Read) > 2,
            _ => false,
        }
    }

    /// Whatever came, nothing is there twice, and state and simulator know the same rotations.
    fn counts_are_right(&self, cell: &Cell, row: &Row) -> Result<(), String> {
        let Counts { rotations, secrets, live_keys } = row.counts;
        let keys_each = if self.call == Call::Rotate { 2 } else { 1 };
        ensure!(secrets == rotations, "{secrets} secrets for {rotations} rotations");
        let orphans = self.simulator.orphaned_keys().len();
        let expected = rotations * keys_each + orphans;
        ensure!(live_keys == expected, "{live_keys} live keys for {rotations} rotations and {orphans} orphans");
        ensure!(orphans == 0 || cell.strike.orphans_a_key(), "{orphans} keys are known to no rotation");
        let issues = matches!(self.call, Call::Login | Call::Create | Call::Rotate);
        ensure!(row.issued <= usize::from(issues), "{} keys were issued", row.issued);
        if cell.end.error().is_none() {
            ensure!(row.issued == usize::from(issues), "no key was issued");
            return self.agrees();
        }
        let (stored, there) = (self.ids_in_state(), self.ids());
        let agree = stored == there;
        ensure!(agree != matches!(cell.end, End::Behind(_)), "in state {stored:?}, in the simulator {there:?}");
        Ok(())
    }

    /// Afterwards the same again ends well and leaves nothing to do.
    pub(super) fn settle(&self, cell: &Cell, output: &Output) -> Result<(), String> {
        if cell.end.error().is_some() {
            let again = self.command(None);
            ensure!(again.code == Some(0), "the same again should succeed\n{output}\n{again}");
            self.nothing_secret_in(&again)?;
        } else if matches!(self.call, Call::Read | Call::List) {
            return Ok(()); // that was an empty plan already
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
        ensure!((rotations, secrets) == (expected, expected), "in the end {rotations} rotations, {secrets} secrets");
        self.agrees()
    }

    /// The state has each rotation of the simulator, with the values that it has there.
    fn agrees(&self) -> Result<(), String> {
        let (stored, there) = (self.stored(), self.simulator.rotations());
        ensure!(stored.len() == there.len(), "{} in state, {} in the simulator", stored.len(), there.len());
        for rotation in there {
            let found = stored.iter().find(|stored| stored["id"] == rotation["id"]);
            let Some(stored) = found else { return Err(format!("not in state: {}", rotation["id"])) };
            for (attribute, field) in SAME {
                let (ours, theirs) = (&stored[attribute], &rotation[field]);
                ensure!(ours == theirs, "{attribute}: state {ours}, simulator {theirs}");
            }
        }
        Ok(())
    }

    fn nothing_secret_in(&self, output: &Output) -> Result<(), String> {
        let state = fs::read_to_string(self.workspace.path("terraform.tfstate")).unwrap_or_default();
        for text in [&output.stdout, &output.stderr, &state] {
            let found = SECRET.iter().find(|secret| text.contains(**secret));
            ensure!(found.is_none(), "{found:?} is printed or stored\n{output}");
        }
        Ok(())
    }

    fn sent(&self, call: Call) -> usize {
        self.simulator.requests().iter().filter(|request| request.call == call).count()
    }

    fn ids(&self) -> BTreeSet<String> {
        self.simulator.rotations().iter().map(|rotation| rotation["id"].to_string()).collect()
    }

    fn ids_in_state(&self) -> BTreeSet<String> {
        self.stored().iter().map(|stored| stored["id"].to_string()).collect()
    }

    /// The attributes of each rotation in the state, from its file: asking the core would take as long as a cell.
    fn stored(&self) -> Vec<Value> {
        let Ok(text) = fs::read_to_string(self.workspace.path("terraform.tfstate")) else { return Vec::new() };
        let state: Value = serde_json::from_str(&text).unwrap();
        let resources = state["resources"].as_array().unwrap().iter();
        let instances = resources.flat_map(|resource| resource["instances"].as_array().unwrap());
        instances.map(|instance| instance["attributes"].clone()).collect()
    }
}
