//! A simulator and a workspace that run the cells of one kind.

use std::fs;

use serde_json::{Value, json};
use simulator::{Options, Simulator};

use super::super::cells::{Cell, Outcome};
use super::super::checks::nothing_secret_in;
use super::super::scenario::Scenario;
use super::super::table::{Line, times};
use super::{Kind, connections};
use crate::support::{cores::core, requests::count, running::Output, terraform::Workspace};

/// The id of the rotation that exists.
pub(super) const ROTATION_ID: &str = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f";

const QUERY: &str = "list \"infisical_openrouter_rotation\" \"all\" {\n  provider = infisical\n  config {\n    project_id = \
                     var.project_id\n  }\n}\n";

/// A simulator with one rotation, and a workspace in which the cells of one kind run one after the other.
pub(super) struct TestBed {
    kind: Kind,
    simulator: Simulator,
    /// The target of redirects, which must not receive any request.
    elsewhere: Simulator,
    workspace: Workspace,
    /// The number of the current cell.
    number: usize,
}

impl TestBed {
    pub(super) fn new(kind: Kind) -> TestBed {
        let start = || Simulator::start(Options::default()).unwrap();
        let (simulator, elsewhere) = (start(), start());
        simulator.restore(&rotation(&simulator)).unwrap();
        let workspace = Workspace::new(core()).on(&simulator).config(&kind.configuration(0));
        if kind == Kind::Query {
            workspace.write("all.tfquery.hcl", QUERY);
        }
        workspace.init();
        if matches!(kind, Kind::ConnectionRead | Kind::ConnectionUpdate) {
            workspace.apply();
        }
        TestBed { kind, simulator, elsewhere, workspace, number: 0 }
    }

    /// Runs one cell and checks its result. The error names the cell.
    pub(super) fn run_cell(&mut self, cell: &Cell) -> Result<Line, String> {
        let line = self.try_run_cell(cell);
        line.map_err(|error| format!("### {}: {}\n{error}", self.kind.title(), cell.scenario.title()))
    }

    fn try_run_cell(&mut self, cell: &Cell) -> Result<Line, String> {
        self.number += 1;
        self.set_up_cell();
        let keys = self.simulator.issued_keys();
        self.simulator.clear_requests();
        let fault = cell.scenario.fault(self.kind.call(), self.elsewhere.url());
        self.simulator.fault(fault.ok_or("the scenario has no fault")?);
        let output = self.workspace.run(self.kind.command());
        Scenario::unset(&self.simulator);
        let issued = self.simulator.issued_keys() - keys;
        self.ended_as_expected(cell, issued, &output)?;
        self.next_run_succeeds(cell)?;
        let (kind, fault, sent) = (self.kind.title(), cell.scenario.title(), times(cell.sent));
        let what_happens = cell.outcome.description(self.kind.call());
        Ok(Line { fault, text: format!("| {kind} | {fault} | {what_happens} | {sent} | {issued} |") })
    }

    fn set_up_cell(&self) {
        match self.kind {
            Kind::ConnectionUpdate => self.workspace.rewrite(&self.kind.configuration(self.number)),
            Kind::ConnectionDelete => drop(self.workspace.apply()),
            Kind::ConnectionCreate => {
                connections(&self.simulator).iter().for_each(|id| self.simulator.forget_connection(id).unwrap());
                for file in ["terraform.tfstate", "terraform.tfstate.backup"] {
                    // There is none before the first cell.
                    drop(fs::remove_file(self.workspace.path(file)));
                }
            }
            _ => {}
        }
    }

    fn ended_as_expected(&self, cell: &Cell, issued: usize, output: &Output) -> Result<(), String> {
        let calls: Vec<_> = self.simulator.requests().iter().map(|request| request.call.to_string()).collect();
        let all = format!("requests: {}\n{output}", calls.join(", "));
        let code = i32::from(cell.outcome.error().is_some());
        ensure!(output.code == Some(code), "the exit code should be {code}\n{all}");
        if let Some(words) = cell.outcome.error() {
            ensure!(output.says(words), "the output should contain {words:?}\n{all}");
        }
        let sent = count(&self.simulator, self.kind.call());
        match cell.sent {
            Some(times) => ensure!(sent == times, "sent {sent} times instead of {times}\n{all}"),
            None => ensure!(sent > 2, "sent only {sent} times\n{all}"),
        }
        let warns = output.says("Warning: ");
        let should_warn = matches!(cell.outcome, Outcome::Found | Outcome::RetriedNotFound);
        ensure!(warns == should_warn, "the output contains a warning: {warns}\n{all}");
        ensure!(self.elsewhere.requests().is_empty(), "a redirect was followed\n{all}");
        let (least, most) = match self.kind {
            Kind::Action => (usize::from(cell.outcome.error().is_none()), 1),
            _ => (0, 0),
        };
        ensure!((least..=most).contains(&issued), "{issued} keys were issued\n{all}");
        ensure!(self.stored() == connections(&self.simulator), "the connections in the state differ\n{all}");
        nothing_secret_in(&self.workspace, output)
    }

    /// A command that failed on a connection succeeds when it is run again. Other kinds leave nothing behind.
    fn next_run_succeeds(&self, cell: &Cell) -> Result<(), String> {
        if self.kind.is_connection() && cell.outcome.error().is_some() {
            let again = self.workspace.run(self.kind.command());
            ensure!(again.code == Some(0), "the command should succeed when it is run again\n{again}");
        }
        let (stored, existing) = (self.stored(), connections(&self.simulator));
        ensure!(existing.len() == self.kind.connections(), "{} connections in the end", existing.len());
        ensure!(stored == existing, "in the state {stored:?}, in the simulator {existing:?}");
        Ok(())
    }

    /// The ids of the connections in the state, read from the file, since running the core would take too long.
    fn stored(&self) -> Vec<String> {
        let Ok(text) = fs::read_to_string(self.workspace.path("terraform.tfstate")) else { return Vec::new() };
        let state: Value = serde_json::from_str(&text).unwrap();
        let resources = state["resources"].as_array().unwrap().iter();
        let instances = resources.flat_map(|resource| resource["instances"].as_array().unwrap());
        instances.map(|instance| instance["attributes"]["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// A rotation as the API returns it.
fn rotation(simulator: &Simulator) -> Value {
    let at = "2026-11-01T10:00:00.000Z";
    json!({
        "id": ROTATION_ID, "name": "app", "description": null, "isAutoRotationEnabled": true, "activeIndex": 0,
        "connectionId": simulator.connection_id(), "createdAt": at, "updatedAt": at, "rotationInterval": 30,
        "rotationStatus": "success", "lastRotationAttemptedAt": at, "lastRotatedAt": at, "lastRotationJobId": null,
        "nextRotationAt": null, "isLastRotationManual": false, "projectId": simulator.project_id(),
        "environment": {"id": "0d5c2f6e-8a4b-4c3d-9e2f-1a0b9c8d7e6f", "slug": "dev"},
        "folder": {"id": "7a6b5c4d-3e2f-4a1b-8c9d-0e1f2a3b4c5d", "path": "/"},
        "rotateAtUtc": {"hours": 0, "minutes": 0}, "lastRotationMessage": null,
        "parameters": {"name": "app", "limit": null, "limitReset": null, "includeByokInLimit": false},
        "secretsMapping": {"apiKey": "OPEN_ROUTER_API_KEY"},
    })
}
