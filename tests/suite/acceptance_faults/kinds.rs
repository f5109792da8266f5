//! Faults on the calls of the other kinds: the action, ephemeral resources, data sources, queries and connections.

mod cells;
mod test_bed;

use simulator::{Call, Simulator};
use xtask::cores::Feature;

use super::table::{self, Table};
use super::{SLOW_AT_ONCE, run_all};
use crate::support::connection::with_key;
use crate::support::cores::core;
use test_bed::TestBed;

/// The table of these kinds.
const TABLE: Table = Table {
    begin: "<!-- This table, too, is written by the tests. -->",
    end: "<!-- End of the table of kinds. -->",
    head: "| kind | fault | what happens | sent | keys issued |\n| --- | --- | --- | --- | --- |",
    groups: &[
        "action",
        "ephemeral resource",
        "data source of one rotation",
        "data source of many rotations",
        "query",
        "create of a connection",
        "read of a connection",
        "update of a connection",
        "delete of a connection",
    ],
};

/// What a configuration uses, and the call that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Action,
    Credentials,
    Rotation,
    Rotations,
    Query,
    ConnectionCreate,
    ConnectionRead,
    ConnectionUpdate,
    ConnectionDelete,
}

impl Kind {
    /// The name in the table.
    fn title(self) -> &'static str {
        TABLE.groups[self as usize]
    }

    fn call(self) -> Call {
        match self {
            Kind::Action => Call::Rotate,
            Kind::Credentials => Call::Credentials,
            Kind::Rotation => Call::ReadByName,
            Kind::Rotations | Kind::Query => Call::List,
            Kind::ConnectionCreate => Call::ConnectionCreate,
            Kind::ConnectionRead => Call::ConnectionRead,
            Kind::ConnectionUpdate => Call::ConnectionUpdate,
            Kind::ConnectionDelete => Call::ConnectionDelete,
        }
    }

    fn is_supported(self) -> bool {
        match self {
            Kind::Action => core().supports(Feature::Actions),
            Kind::Credentials => core().supports(Feature::Ephemeral),
            Kind::Query => core().supports(Feature::Query),
            _ => true,
        }
    }

    fn is_connection(self) -> bool {
        use Kind::{ConnectionCreate, ConnectionDelete, ConnectionRead, ConnectionUpdate};
        matches!(self, ConnectionCreate | ConnectionRead | ConnectionUpdate | ConnectionDelete)
    }

    /// The command that makes the call.
    fn command(self) -> &'static [&'static str] {
        match self {
            Kind::Action => &[
                "apply",
                "-auto-approve",
                "-input=false",
                "-no-color",
                "-invoke=action.infisical_openrouter_rotate.app",
            ],
            Kind::Query => &["query", "-no-color"],
            Kind::ConnectionCreate | Kind::ConnectionUpdate => &["apply", "-auto-approve", "-input=false", "-no-color"],
            Kind::ConnectionDelete => &["destroy", "-auto-approve", "-input=false", "-no-color"],
            _ => &["plan", "-input=false", "-no-color"],
        }
    }

    /// The configuration. `change` is a value that differs between the cells.
    fn configuration(self, change: usize) -> String {
        let id = test_bed::ROTATION_ID;
        let block = match self {
            Kind::Action => {
                format!(
                    "action \"infisical_openrouter_rotate\" \"app\" {{\n  config {{ rotation_id = \"{id}\" }}\n}}\n"
                )
            }
            Kind::Credentials => {
                format!(
                    "ephemeral \"infisical_openrouter_rotation_credentials\" \"app\" {{ rotation_id = \"{id}\" }}\n"
                )
            }
            Kind::Rotation => "data \"infisical_openrouter_rotation\" \"app\" {\n  name = \"app\"\n  project_id = \
                               var.project_id\n  environment = \"dev\"\n  secret_path = \"/\"\n}\n"
                .to_owned(),
            Kind::Rotations => {
                "data \"infisical_openrouter_rotations\" \"all\" { project_id = var.project_id }\n".to_owned()
            }
            Kind::Query => String::new(),
            _ => return with_key(&[("description", &format!("\"change {change}\""))]),
        };
        format!("variable \"project_id\" {{}}\nvariable \"connection_id\" {{}}\nprovider \"infisical\" {{}}\n{block}")
    }

    /// How many connections a successful command leaves behind.
    fn connections(self) -> usize {
        usize::from(self.is_connection() && self != Kind::ConnectionDelete)
    }
}

/// The connections of the simulator that the configuration created.
fn connections(simulator: &Simulator) -> Vec<String> {
    let made = crate::support::connection::made(simulator);
    made.iter().map(|connection| connection["id"].as_str().unwrap().to_owned()).collect()
}

/// Runs the fast or the slow cells of a kind, and compares the results with the table.
#[track_caller]
fn each_of(kind: Kind, slow: bool, at_once: usize) {
    if !kind.is_supported() {
        return;
    }
    let all = cells::of(kind);
    let order: Vec<_> = all.iter().map(|cell| cell.scenario.title()).collect();
    let cells: Vec<_> = all.into_iter().filter(|cell| cell.slow == slow).collect();
    let new = || TestBed::new(kind);
    let lines = run_all(&cells, at_once, new, |test_bed, cell| {
        let line = test_bed.run_cell(cell);
        if line.is_err() {
            *test_bed = new(); // the next cell must not start with what this one left behind
        }
        line
    });
    table::compare_or_write(&TABLE, kind.title(), &order, &lines);
}

#[track_caller]
pub(crate) fn each_slow_fault_of(kind: Kind) {
    each_of(kind, true, SLOW_AT_ONCE);
}

#[test]
fn each_fault_of_the_action() {
    each_of(Kind::Action, false, 2);
}

#[test]
fn each_fault_of_the_ephemeral_resource() {
    each_of(Kind::Credentials, false, 1);
}

#[test]
fn each_fault_of_the_data_source_of_one_rotation() {
    each_of(Kind::Rotation, false, 1);
}

#[test]
fn each_fault_of_the_data_source_of_many_rotations() {
    each_of(Kind::Rotations, false, 1);
}

#[test]
fn each_fault_of_a_query() {
    each_of(Kind::Query, false, 1);
}

#[test]
fn each_fault_of_the_create_of_a_connection() {
    each_of(Kind::ConnectionCreate, false, 2);
}

#[test]
fn each_fault_of_the_read_of_a_connection() {
    each_of(Kind::ConnectionRead, false, 1);
}

#[test]
fn each_fault_of_the_update_of_a_connection() {
    each_of(Kind::ConnectionUpdate, false, 1);
}

#[test]
fn each_fault_of_the_delete_of_a_connection() {
    each_of(Kind::ConnectionDelete, false, 1);
}
