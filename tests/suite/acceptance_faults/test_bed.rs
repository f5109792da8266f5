//! A simulator and a workspace that run the cells of one call.

use std::fs;

use simulator::{Call, Options, Simulator};

use super::cells::Cell;
use super::scenario::Scenario;
use super::table::Row;
use crate::support::{
    cores::core,
    rotation::{rotation, rotations},
    running::{Output, Running},
    terraform::Workspace,
};

/// The number of rotations in the cells of the list. With two, the list would only be used for the second.
pub(super) const LISTED: usize = 3;

pub(super) const PLAN: [&str; 4] = ["plan", "-detailed-exitcode", "-input=false", "-no-color"];
const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];
const DESTROY: [&str; 4] = ["destroy", "-auto-approve", "-input=false", "-no-color"];

/// A simulator and a workspace in which the cells of one call run one after the other.
pub(super) struct TestBed {
    pub(super) call: Call,
    pub(super) simulator: Simulator,
    /// The target of redirects, which must not receive any request.
    pub(super) elsewhere: Simulator,
    pub(super) workspace: Workspace,
    /// The number of the current cell, which makes the values that it changes unique.
    number: usize,
}

impl TestBed {
    pub(super) fn new(call: Call) -> TestBed {
        let start = || Simulator::start(Options::default()).unwrap();
        let (simulator, elsewhere) = (start(), start());
        let workspace = Workspace::new(core()).on(&simulator).config(&rotation(&[]));
        workspace.init();
        let mut test_bed = TestBed { call, simulator, elsewhere, workspace, number: 0 };
        test_bed.set_up();
        test_bed
    }

    /// Runs one cell and checks its result. The error names the cell.
    pub(super) fn run_cell(&mut self, cell: &Cell) -> Result<Row, String> {
        let row = self.try_run_cell(cell);
        row.map_err(|error| format!("### {}: {}\n{error}", self.call, cell.scenario.title()))
    }

    fn try_run_cell(&mut self, cell: &Cell) -> Result<Row, String> {
        self.number += 1;
        self.set_up_cell()?;
        let keys = self.simulator.issued_keys();
        self.simulator.clear_requests();
        if let Some(fault) = cell.scenario.fault(self.call, self.elsewhere.url()) {
            self.simulator.fault(fault);
        }
        cell.scenario.set(&self.simulator);
        let output = self.command(Some(cell.scenario));
        Scenario::unset(&self.simulator);
        let row = self.row(cell, keys);
        self.ended_as_expected(cell, &row, &output)?;
        self.next_run_succeeds(cell, &output)?;
        Ok(row)
    }

    /// Prepares what the cells of this call share.
    fn set_up(&mut self) {
        match self.call {
            Call::Read | Call::Update => drop(self.workspace.apply()),
            Call::List => {
                self.workspace.rewrite(&rotations(LISTED));
                self.workspace.apply();
            }
            Call::Rotate => {
                self.workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ number = "0" }"#)]));
                self.workspace.apply();
                // After its first rotation, it always has two keys, so the number of keys does not depend on previous cells.
                self.workspace.rewrite(&rotation(&[("rotation_triggers", r#"{ number = "00" }"#)]));
                self.workspace.apply();
            }
            _ => {}
        }
    }

    /// Prepares one cell.
    fn set_up_cell(&self) -> Result<(), String> {
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
                ensure!(applied.code == Some(0), "the apply before the cell should succeed\n{applied}");
            }
            _ => {}
        }
        Ok(())
    }

    /// Deletes all rotations and the state.
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
    pub(super) fn command(&self, scenario: Option<Scenario>) -> Output {
        match self.call {
            Call::Read | Call::List => self.run(&PLAN, scenario),
            Call::Delete => self.run(&DESTROY, scenario),
            _ => self.run(&APPLY, scenario),
        }
    }

    pub(super) fn run(&self, arguments: &[&str], scenario: Option<Scenario>) -> Output {
        let mut command = self.workspace.command(arguments);
        if self.call == Call::Login || scenario == Some(Scenario::Expired) {
            command
                .env("INFISICAL_TOKEN", "")
                .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", self.simulator.client_id())
                .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", self.simulator.client_secret());
        }
        if scenario == Some(Scenario::Refused) {
            // Nothing listens on the discard port of the loopback interface.
            command.env("INFISICAL_HOST", "http://127.0.0.1:9");
        }
        let is_first = matches!(scenario, Some(Scenario::Refused | Scenario::DropAlways));
        if is_first && !matches!(self.call, Call::Read | Call::List) {
            // Without a refresh the call is the first one, and a host that has never responded is not retried for long.
            command.arg("-refresh=false");
        }
        Running::start(command).wait()
    }
}
