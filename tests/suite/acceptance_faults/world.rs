//! A simulator and a workspace for the cells of one call: arranges, strikes, looks, and settles.

use std::fs;

use simulator::{Call, Options, Simulator};

use super::cells::Cell;
use super::strike::Strike;
use super::table::Row;
use crate::support::{
    cores::core,
    rotation::{rotation, rotations},
    running::{Output, Running},
    terraform::Workspace,
};

/// Rotations to list: with two, a list would serve the second alone.
pub(super) const LISTED: usize = 3;

pub(super) const PLAN: [&str; 4] = ["plan", "-detailed-exitcode", "-input=false", "-no-color"];
const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];
const DESTROY: [&str; 4] = ["destroy", "-auto-approve", "-input=false", "-no-color"];

/// Where the cells of one call are played, one after the other.
pub(super) struct World {
    pub(super) call: Call,
    pub(super) simulator: Simulator,
    /// Where redirects lead; nobody may come.
    pub(super) elsewhere: Simulator,
    pub(super) workspace: Workspace,
    /// How many cells were played: what a cell changes is named after it.
    number: usize,
}

impl World {
    pub(super) fn new(call: Call) -> World {
        let start = || Simulator::start(Options::default()).unwrap();
        let (simulator, elsewhere) = (start(), start());
        let workspace = Workspace::new(core()).on(&simulator).config(&rotation(&[]));
        workspace.init();
        let mut world = World { call, simulator, elsewhere, workspace, number: 0 };
        world.arrange_once();
        world
    }

    /// Plays one cell from its arrangement to the settled end. The error names the cell.
    pub(super) fn play(&mut self, cell: &Cell) -> Result<Row, String> {
        let played = self.try_play(cell);
        played.map_err(|error| format!("### {}: {}\n{error}", self.call, cell.strike.title()))
    }

    fn try_play(&mut self, cell: &Cell) -> Result<Row, String> {
        self.number += 1;
        self.arrange()?;
        let keys = self.simulator.issued_keys();
        self.simulator.clear_requests();
        if let Some(fault) = cell.strike.fault(self.call, self.elsewhere.url()) {
            self.simulator.fault(fault);
        }
        cell.strike.set(&self.simulator);
        let output = self.command(Some(cell.strike));
        Strike::unset(&self.simulator);
        let row = self.row(cell, keys);
        self.ended_as_expected(cell, &row, &output)?;
        self.settle(cell, &output)?;
        Ok(row)
    }

    /// What the cells of this call share.
    fn arrange_once(&mut self) {
        match self.call {
            Call::Read | Call::Update => drop(self.workspace.apply()),
            Call::List => {
                self.workspace.rewrite(&rotations(LISTED));
                self.workspace.apply();
            }
            Call::Rotate => {
                self.workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ number = "0" }"#)]));
                self.workspace.apply();
                // From its second key on a rotation has two, so no cell's count depends on the one before.
                self.workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ number = "00" }"#)]));
                self.workspace.apply();
            }
            _ => {}
        }
    }

    /// What each cell begins with.
    fn arrange(&self) -> Result<(), String> {
        match self.call {
            Call::Login | Call::Create => self.empty(),
            Call::Update => {
                self.workspace.rewrite(&rotation(&[("description", &format!("\"cell {}\"", self.number))]));
            }
            Call::Rotate => {
                let triggers = format!("{{ number = \"{}\" }}", self.number);
                self.workspace.rewrite(&rotation(&[("rotation_triggers", &triggers)]));
            }
            Call::Delete => {
                let applied = self.run(&APPLY, None);
                ensure!(applied.code == Some(0), "arranging\n{applied}");
            }
            _ => {}
        }
        Ok(())
    }

    /// Nothing there, nothing in state.
    fn empty(&self) {
        for rotation in self.simulator.rotations() {
            self.simulator.forget(rotation["id"].as_str().unwrap()).unwrap();
        }
        for file in ["terraform.tfstate", "terraform.tfstate.backup"] {
            if self.workspace.path(file).exists() {
                fs::remove_file(self.workspace.path(file)).unwrap();
            }
        }
    }

    /// The command that makes the call.
    pub(super) fn command(&self, strike: Option<Strike>) -> Output {
        match self.call {
            Call::Read | Call::List => self.run(&PLAN, strike),
            Call::Delete => self.run(&DESTROY, strike),
            _ => self.run(&APPLY, strike),
        }
    }

    pub(super) fn run(&self, arguments: &[&str], strike: Option<Strike>) -> Output {
        let mut command = self.workspace.command(arguments);
        if self.call == Call::Login || strike == Some(Strike::Expired) {
            command
                .env("INFISICAL_TOKEN", "")
                .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", self.simulator.client_id())
                .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", self.simulator.client_secret());
        }
        if strike == Some(Strike::Refused) {
            // Nothing listens on the discard port of the loopback interface.
            command.env("INFISICAL_HOST", "http://127.0.0.1:9");
        }
        let is_first = matches!(strike, Some(Strike::Refused | Strike::DropAlways));
        if is_first && !matches!(self.call, Call::Read | Call::List) {
            // Without a refresh the call is the first, and a host that never answered is given up sooner.
            command.arg("-refresh=false");
        }
        Running::start(command).wait()
    }
}
