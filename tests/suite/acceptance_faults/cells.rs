//! The cells: what each fault on each call leads to.

use simulator::Call;

use super::scenario::Scenario;
use Outcome::{AlreadyDone, Fails, FailsNotFound, Found, ReadById, Retried, RetriedNotFound, Unaffected};

/// A scenario on a call.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) scenario: Scenario,
    pub(super) outcome: Outcome,
    /// How often the call is sent; `None` if it is sent until its time budget is spent, so that the number varies.
    pub(super) sent: Option<usize>,
    /// Whether the provider waits for more than a minute.
    pub(super) slow: bool,
}

/// How the command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It succeeds as without a fault.
    Unaffected,
    /// The call is sent again and succeeds.
    Retried,
    /// The result of the call is looked up and found.
    Found,
    /// A read shows that the call was executed.
    AlreadyDone,
    /// The result of the call is looked up and not found, and the call is sent again.
    RetriedNotFound,
    /// The rotations that the list does not return are read by id.
    ReadById,
    /// It fails with an error that contains these words, and the state has exactly the existing rotations.
    Fails(&'static str),
    /// The same, after the result of the call was looked up and not found.
    FailsNotFound(&'static str),
}

impl Outcome {
    /// The words in the error, if there is one.
    pub(super) fn error(self) -> Option<&'static str> {
        match self {
            Fails(words) | FailsNotFound(words) => Some(words),
            Unaffected | Retried | AlreadyDone | Found | RetriedNotFound | ReadById => None,
        }
    }

    /// Whether the result of the call is looked up.
    pub(super) fn looks_up(self) -> bool {
        matches!(self, Found | RetriedNotFound | FailsNotFound(_))
    }

    /// The description in the table.
    pub(super) fn description(self, call: Call) -> String {
        match self {
            Unaffected => "succeeds".to_owned(),
            Retried => "sent again; succeeds".to_owned(),
            Found if matches!(call, Call::Create | Call::ConnectionCreate) => {
                "looked up and found; in state, with a warning".to_owned()
            }
            Found => "read and found done; succeeds, with a warning".to_owned(),
            AlreadyDone => "read and found done; succeeds".to_owned(),
            RetriedNotFound => "looked for and not found; sent again; succeeds, with a warning".to_owned(),
            ReadById => "each rotation is read by id; succeeds".to_owned(),
            Fails(words) => format!("error: “{words}”"),
            FailsNotFound(words) => format!("looked for and not found; error: “{words}”"),
        }
    }
}

/// The cells of a call, in the order of the scenarios.
pub(super) fn of(call: Call) -> Vec<&'static Cell> {
    let groups: &[&[Cell]] = match call {
        Call::Login => &[EVERY_CALL, FAILING, REPEATABLE, LOST_AND_SENT_AGAIN, NEVER_ANSWERED, LOGIN],
        Call::Create => &[EVERY_CALL, WITH_TOKEN, FAILING, FAILING_WITH_TOKEN, ISSUING, CREATE],
        Call::Read => &[
            EVERY_CALL,
            WITH_TOKEN,
            FAILING,
            FAILING_WITH_TOKEN,
            REPEATABLE,
            LOST_AND_SENT_AGAIN,
            NEVER_ANSWERED,
            READ,
        ],
        Call::List => &[EVERY_CALL, WITH_TOKEN, REPEATABLE, LOST_AND_SENT_AGAIN, LIST],
        Call::Update => {
            &[EVERY_CALL, WITH_TOKEN, FAILING, FAILING_WITH_TOKEN, REPEATABLE, REPEATABLE_WRITE, NEVER_ANSWERED, UPDATE]
        }
        Call::Delete => &[
            EVERY_CALL,
            WITH_TOKEN,
            FAILING,
            FAILING_WITH_TOKEN,
            REPEATABLE,
            REPEATABLE_WRITE,
            LOST_AND_SENT_AGAIN,
            NEVER_ANSWERED,
            DELETE,
        ],
        Call::Rotate => &[EVERY_CALL, WITH_TOKEN, FAILING, FAILING_WITH_TOKEN, ISSUING, ROTATE],
        _ => &[],
    };
    let mut cells: Vec<&Cell> = groups.iter().copied().flatten().collect();
    cells.sort_by_key(|cell| cell.scenario);
    cells
}

pub(super) const fn cell(scenario: Scenario, outcome: Outcome, sent: usize) -> Cell {
    Cell { scenario, outcome, sent: Some(sent), slow: false }
}

/// A cell in which the provider waits for more than a minute.
pub(super) const fn slow(scenario: Scenario, outcome: Outcome, sent: usize) -> Cell {
    Cell { scenario, outcome, sent: Some(sent), slow: true }
}

/// A cell in which the call is sent until its time budget is spent.
pub(super) const fn lasting(scenario: Scenario, outcome: Outcome) -> Cell {
    Cell { scenario, outcome, sent: None, slow: true }
}

pub(super) const DROPPED: &str = "the connection was lost";
const REFUSED: &str = "no connection";
pub(super) const LIMIT: &str = "Infisical limits calls per minute";
pub(super) const STRANGE: &str = "is not what the API documents";
pub(super) const FOREIGN: &str = "in a form that is not the API's";
pub(super) const HUGE: &str = "more than 16 MiB";
pub(super) const REDIRECT: &str = "which is not followed";
const EXPIRED: &str = "The access token is wrong or has expired";
const FORBIDDEN: &str = "This identity lacks the permission";
const NO_LOGIN: &str = "The login failed";
pub(super) const LEFT: &str = "may be left at OpenRouter";
pub(super) const CREDITS: &str = "Insufficient credits";
const UNKNOWN: &str = "The outcome of";
pub(super) const ROUTE: &str = "This server does not have the route";
const SECRET: &str = "The secret already exists";
const NAME: &str = "already exists";
const CONNECTION: &str = "Check connection_id";
const MEMBER: &str = "a member of the project";
pub(super) const IN_PROGRESS: &str = "is in progress";
pub(super) const FAULT: &str = "This is a fault on Infisical's side";
const KMS: &str = "KMS with ID";
const REVOKE: &str = "on_destroy.revoke_generated_credentials = false";

/// What is the same for every call.
const EVERY_CALL: &[Cell] = &[
    cell(Scenario::Late, Unaffected, 1),
    cell(Scenario::Limited, Retried, 2),
    cell(Scenario::LimitedWithoutWait, Retried, 2),
];

/// What is the same for every call with an access token.
const WITH_TOKEN: &[Cell] = &[cell(Scenario::Expired, Retried, 2)];

/// What is the same for every call without which the command fails, which are all but the list.
const FAILING: &[Cell] = &[
    cell(Scenario::Refused, Fails(REFUSED), 0),
    cell(Scenario::Redirect, Fails(REDIRECT), 1),
    cell(Scenario::NoRoute, Fails(ROUTE), 1),
];

/// What is the same for those of them with an access token.
const FAILING_WITH_TOKEN: &[Cell] = &[
    cell(Scenario::LimitedForLong, Fails(LIMIT), 1),
    cell(Scenario::NotFoundOther, Fails(FOREIGN), 1),
    cell(Scenario::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Scenario::Forbidden, Fails(FORBIDDEN), 1),
    cell(Scenario::NoRouteWithId, Fails(ROUTE), 1),
];

/// What is the same for every call that may be sent again.
const REPEATABLE: &[Cell] = &[
    cell(Scenario::DropBefore, Retried, 2),
    cell(Scenario::Broken, Retried, 2),
    cell(Scenario::Busy, Retried, 2),
    cell(Scenario::GatewayPage, Retried, 2),
    cell(Scenario::LoginPage, Retried, 2),
    cell(Scenario::NotFoundPage, Retried, 2),
];

/// What is the same for the writes among them.
const REPEATABLE_WRITE: &[Cell] = &[
    cell(Scenario::BrokenAlways, Fails(FAULT), 4),
    cell(Scenario::BusyAfter, Retried, 2),
    cell(Scenario::Empty, Retried, 2),
    cell(Scenario::Shape, Retried, 2),
    cell(Scenario::Huge, Retried, 2),
    cell(Scenario::Maintenance, Fails(FAULT), 4),
];

/// What is the same for every call that is sent again without a look at whether it was executed.
const LOST_AND_SENT_AGAIN: &[Cell] = &[cell(Scenario::DropAfter, Retried, 2), cell(Scenario::Truncated, Retried, 2)];

/// What is the same for every call that is sent again until its time budget is spent.
const NEVER_ANSWERED: &[Cell] = &[lasting(Scenario::DropAlways, Fails(DROPPED))];

/// What is the same for the calls that issue a key, which are not sent again when they may have been executed.
const ISSUING: &[Cell] = &[
    cell(Scenario::DropAfter, Found, 1),
    cell(Scenario::Truncated, Found, 1),
    cell(Scenario::Broken, FailsNotFound(LEFT), 1),
    cell(Scenario::BrokenAlways, FailsNotFound(LEFT), 1),
    cell(Scenario::Busy, FailsNotFound(LEFT), 1),
    cell(Scenario::BusyAfter, Found, 1),
    cell(Scenario::GatewayPageAfter, Found, 1),
    cell(Scenario::LoginPageAfter, Found, 1),
    cell(Scenario::EmptyAfter, Found, 1),
    cell(Scenario::ShapeAfter, Found, 1),
    cell(Scenario::HugeAfter, Found, 1),
    cell(Scenario::FailAfterKey, FailsNotFound(LEFT), 1),
    cell(Scenario::FailAfterStore, Found, 1),
    cell(Scenario::OpenRouterRefuses, Fails(CREDITS), 1),
    cell(Scenario::OpenRouterSlow, Found, 1),
    cell(Scenario::LaggingAfterDrop, Found, 1),
    cell(Scenario::ClockAhead, Found, 1),
    cell(Scenario::ClockBehind, Found, 1),
    cell(Scenario::Maintenance, FailsNotFound(LEFT), 1),
];

const LOGIN: &[Cell] = &[
    cell(Scenario::LimitedForLong, Fails("Infisical limits logins per minute"), 1),
    cell(Scenario::BusyAfter, Retried, 2),
    cell(Scenario::NotFoundOther, Fails(NO_LOGIN), 1),
    cell(Scenario::Empty, Fails(NO_LOGIN), 1),
    cell(Scenario::Shape, Fails(NO_LOGIN), 1),
    cell(Scenario::Huge, Fails(HUGE), 1),
    cell(Scenario::Forbidden, Fails("Infisical refuses the login"), 1),
    cell(Scenario::Locked, Fails("Infisical locks an identity"), 1),
];

const CREATE: &[Cell] = &[
    slow(Scenario::DropBefore, RetriedNotFound, 2),
    cell(Scenario::GenerationFailedAfterStore, Found, 1),
    slow(Scenario::GatewayPage, RetriedNotFound, 2),
    slow(Scenario::LoginPage, RetriedNotFound, 2),
    slow(Scenario::Empty, RetriedNotFound, 2),
    slow(Scenario::Shape, RetriedNotFound, 2),
    slow(Scenario::Mock, RetriedNotFound, 2),
    cell(Scenario::MockAfter, Found, 1),
    slow(Scenario::Huge, RetriedNotFound, 2),
    cell(Scenario::SecretTaken, FailsNotFound(SECRET), 1),
    cell(Scenario::NameTaken, FailsNotFound(NAME), 1),
    cell(Scenario::NoConnection, Fails(CONNECTION), 1),
    cell(Scenario::NotAMember, Fails(MEMBER), 1),
    slow(Scenario::DropAlways, FailsNotFound(UNKNOWN), 2),
    slow(Scenario::GatewayPageAlways, FailsNotFound(UNKNOWN), 2),
    slow(Scenario::TooLate, Found, 1),
];

const READ: &[Cell] = &[
    cell(Scenario::NotFoundElse, Fails(KMS), 1),
    cell(Scenario::Empty, Fails(STRANGE), 1),
    cell(Scenario::Shape, Fails(STRANGE), 1),
    cell(Scenario::Huge, Fails(HUGE), 1),
    cell(Scenario::NotAMember, Fails(MEMBER), 1),
    cell(Scenario::ClockAhead, Retried, 2),
    cell(Scenario::Maintenance, Unaffected, 1),
    cell(Scenario::BrokenAlways, Fails(FAULT), 4),
];

const LIST: &[Cell] = &[
    cell(Scenario::DropAlways, ReadById, 2),
    cell(Scenario::LimitedForLong, ReadById, 1),
    cell(Scenario::BrokenAlways, ReadById, 2),
    cell(Scenario::GatewayPageAlways, ReadById, 2),
    cell(Scenario::NotFoundOther, ReadById, 1),
    cell(Scenario::NoRoute, ReadById, 1),
    cell(Scenario::Empty, ReadById, 1),
    cell(Scenario::Shape, ReadById, 1),
    cell(Scenario::Huge, ReadById, 1),
    cell(Scenario::Redirect, ReadById, 1),
    cell(Scenario::ExpiredForGood, ReadById, 1),
    cell(Scenario::Forbidden, ReadById, 1),
    cell(Scenario::NotAMember, ReadById, 1),
];

const UPDATE: &[Cell] = &[
    cell(Scenario::DropAfter, AlreadyDone, 1),
    cell(Scenario::LaggingAfterDrop, Retried, 2),
    cell(Scenario::ClockAhead, AlreadyDone, 1),
    cell(Scenario::Truncated, AlreadyDone, 1),
    cell(Scenario::GatewayPageAfter, AlreadyDone, 1),
    cell(Scenario::LoginPageAfter, AlreadyDone, 1),
    cell(Scenario::EmptyAfter, AlreadyDone, 1),
    cell(Scenario::ShapeAfter, AlreadyDone, 1),
    cell(Scenario::HugeAfter, AlreadyDone, 1),
    cell(Scenario::NameTaken, Fails("Choose another name"), 1),
];

const DELETE: &[Cell] = &[
    cell(Scenario::NotFoundElse, Fails(KMS), 1),
    cell(Scenario::OpenRouterSlow, Retried, 2),
    cell(Scenario::GatewayPageAfter, Retried, 2),
    cell(Scenario::LoginPageAfter, Retried, 2),
    cell(Scenario::EmptyAfter, Retried, 2),
    cell(Scenario::ShapeAfter, Retried, 2),
    cell(Scenario::HugeAfter, Retried, 2),
    cell(Scenario::RevocationFails, Fails(REVOKE), 1),
];

const ROTATE: &[Cell] = &[
    slow(Scenario::DropBefore, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::InProgress, FailsNotFound(IN_PROGRESS), 1),
    slow(Scenario::GatewayPage, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::LoginPage, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::Empty, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::Shape, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::Huge, FailsNotFound(UNKNOWN), 1),
    slow(Scenario::DropAlways, FailsNotFound(UNKNOWN), 1),
];
