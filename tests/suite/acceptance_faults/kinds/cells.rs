//! What each fault on the call of a kind leads to.

use super::super::cells::Outcome::{AlreadyDone, Fails, FailsNotFound, Found, Retried, RetriedNotFound};
use super::super::cells::{
    CREDITS, Cell, DROPPED, FAULT, FOREIGN, HUGE, IN_PROGRESS, LEFT, LIMIT, REDIRECT, ROUTE, STRANGE, cell, lasting,
    slow,
};
use super::super::scenario::Scenario;
use super::Kind;

/// The cells of a kind, in the order of the scenarios.
pub(super) fn of(kind: Kind) -> Vec<&'static Cell> {
    let groups: &[&[Cell]] = match kind {
        Kind::Action => &[ACTION],
        Kind::Credentials => &[READS, READS_MORE, KEYS_FORBIDDEN],
        Kind::Rotation => &[READS, ROTATION_FORBIDDEN],
        Kind::Rotations | Kind::Query => &[READS, LIST_FORBIDDEN],
        Kind::ConnectionRead => &[READS, CONNECTION_FORBIDDEN],
        Kind::ConnectionCreate => &[CONNECTION_CREATE],
        Kind::ConnectionUpdate => &[CONNECTION_UPDATE],
        Kind::ConnectionDelete => &[CONNECTION_DELETE],
    };
    let mut cells: Vec<&Cell> = groups.iter().copied().flatten().collect();
    cells.sort_by_key(|cell| cell.scenario);
    cells
}

const CONNECTIONS: &str = "permission on app connections";
const UNKNOWN: &str = "It is not known whether the key was replaced";

/// The request is never sent again when it may have been executed.
const ACTION: &[Cell] = &[
    cell(Scenario::DropAfter, Found, 1),
    cell(Scenario::Truncated, Found, 1),
    cell(Scenario::Limited, Retried, 2),
    cell(Scenario::LimitedForLong, Fails(LIMIT), 1),
    cell(Scenario::Broken, FailsNotFound(LEFT), 1),
    cell(Scenario::GatewayPageAfter, Found, 1),
    cell(Scenario::LoginPageAfter, Found, 1),
    cell(Scenario::NotFoundOther, Fails(FOREIGN), 1),
    cell(Scenario::ShapeAfter, Found, 1),
    cell(Scenario::Forbidden, Fails("This identity may not replace the key"), 1),
    cell(Scenario::FailAfterStore, Found, 1),
    cell(Scenario::OpenRouterRefuses, Fails(CREDITS), 1),
    slow(Scenario::TooLate, Found, 1),
    slow(Scenario::DropBefore, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::DropAlways, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::GatewayPage, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::LoginPage, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::Empty, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::Shape, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::Huge, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::InProgress, FailsNotFound(IN_PROGRESS), 1),
];

/// What is the same for every read that the command cannot do without.
const READS: &[Cell] = &[
    cell(Scenario::DropBefore, Retried, 2),
    cell(Scenario::Truncated, Retried, 2),
    cell(Scenario::Broken, Retried, 2),
    cell(Scenario::NotFoundPage, Retried, 2),
    cell(Scenario::NotFoundOther, Fails(FOREIGN), 1),
    cell(Scenario::Shape, Fails(STRANGE), 1),
];

const KEYS_FORBIDDEN: &[Cell] = &[cell(Scenario::Forbidden, Fails("This identity may not read the keys"), 1)];
const ROTATION_FORBIDDEN: &[Cell] = &[cell(Scenario::Forbidden, Fails("This identity may not read the rotation"), 1)];
const LIST_FORBIDDEN: &[Cell] =
    &[cell(Scenario::Forbidden, Fails("This identity may not read the secret rotations of the project"), 1)];
const CONNECTION_FORBIDDEN: &[Cell] = &[cell(Scenario::Forbidden, Fails(CONNECTIONS), 1)];

/// The rest, which does not depend on what is read.
const READS_MORE: &[Cell] = &[
    lasting(Scenario::DropAlways, Fails(DROPPED)),
    cell(Scenario::Limited, Retried, 2),
    cell(Scenario::LimitedForLong, Fails(LIMIT), 1),
    cell(Scenario::BrokenAlways, Fails(FAULT), 4),
    cell(Scenario::GatewayPage, Retried, 2),
    cell(Scenario::LoginPage, Retried, 2),
    cell(Scenario::Huge, Fails(HUGE), 1),
    cell(Scenario::Redirect, Fails(REDIRECT), 1),
    cell(Scenario::NoRoute, Fails(ROUTE), 1),
];

const CONNECTION_CREATE: &[Cell] = &[
    slow(Scenario::DropBefore, RetriedNotFound, 2),
    cell(Scenario::DropAfter, Found, 1),
    cell(Scenario::Limited, Retried, 2),
    cell(Scenario::Broken, FailsNotFound(FAULT), 1),
    cell(Scenario::BusyAfter, Found, 1),
    slow(Scenario::GatewayPage, RetriedNotFound, 2),
    cell(Scenario::GatewayPageAfter, Found, 1),
    cell(Scenario::ShapeAfter, Found, 1),
    cell(Scenario::Forbidden, Fails(CONNECTIONS), 1),
];

const CONNECTION_UPDATE: &[Cell] = &[
    cell(Scenario::DropAfter, AlreadyDone, 1),
    cell(Scenario::Limited, Retried, 2),
    cell(Scenario::Broken, Retried, 2),
    cell(Scenario::GatewayPage, Retried, 2),
    cell(Scenario::Forbidden, Fails(CONNECTIONS), 1),
];

const CONNECTION_DELETE: &[Cell] = &[
    cell(Scenario::DropAfter, Retried, 2),
    cell(Scenario::Broken, Retried, 2),
    cell(Scenario::GatewayPage, Retried, 2),
    cell(Scenario::Forbidden, Fails(CONNECTIONS), 1),
];
