//! The cells: for each call, what each fault leads to.

use simulator::Call;

use super::strike::Strike;
use End::{Again, Behind, Done, Fails, FailsSought, Found, OneByOne, Sought, Usual};

/// One fault on one call.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) strike: Strike,
    pub(super) end: End,
    /// How often the call is sent; none when it is sent until its budget is spent, so that chance decides.
    pub(super) sent: Option<usize>,
    /// Whether it waits for a minute and more.
    pub(super) slow: bool,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As if nothing had happened.
    Usual,
    /// The call is sent again.
    Again,
    /// Its result is looked for and found.
    Found,
    /// It is read, and what was asked for has been done.
    Done,
    /// Its result is looked for, is not there, and the call is sent again.
    Sought,
    /// What the list does not give is read one by one.
    OneByOne,
    /// With an error that says this; the state knows just the rotations that there are.
    Fails(&'static str),
    /// The same, after looking for its result.
    FailsSought(&'static str),
    /// With an error that says this, and a state that the next run puts right.
    Behind(&'static str),
}

impl End {
    /// What the error says, if it ends with one.
    pub(super) fn error(self) -> Option<&'static str> {
        match self {
            Fails(words) | FailsSought(words) | Behind(words) => Some(words),
            Usual | Again | Done | Found | Sought | OneByOne => None,
        }
    }

    /// Whether the call's result is looked for.
    pub(super) fn looks(self) -> bool {
        matches!(self, Found | Sought | FailsSought(_))
    }

    /// For the table.
    pub(super) fn words(self, call: Call) -> String {
        match self {
            Usual => "succeeds".to_owned(),
            Again => "sent again; succeeds".to_owned(),
            Found if call == Call::Create => "looked up and found; in state, with a warning".to_owned(),
            Found => "read and found done; succeeds, with a warning".to_owned(),
            Done => "read and found done; succeeds".to_owned(),
            Sought => "looked for and not found; sent again; succeeds, with a warning".to_owned(),
            OneByOne => "each rotation is read by id; succeeds".to_owned(),
            Fails(words) => format!("error: “{words}”"),
            FailsSought(words) => format!("looked for and not found; error: “{words}”"),
            Behind(words) => format!("error: “{words}”; the next run puts the state right"),
        }
    }
}

/// The cells of a call, in the table's order.
pub(super) fn of(call: Call) -> &'static [Cell] {
    match call {
        Call::Login => LOGIN,
        Call::Create => CREATE,
        Call::Read => READ,
        Call::List => LIST,
        Call::Update => UPDATE,
        Call::Delete => DELETE,
        Call::Rotate => ROTATE,
        _ => &[],
    }
}

const fn cell(strike: Strike, end: End, sent: usize) -> Cell {
    Cell { strike, end, sent: Some(sent), slow: false }
}

/// A cell that waits for a minute and more.
const fn slow(strike: Strike, end: End, sent: usize) -> Cell {
    Cell { strike, end, sent: Some(sent), slow: true }
}

/// A cell in which the call is sent until its budget is spent.
const fn lasting(strike: Strike, end: End) -> Cell {
    Cell { strike, end, sent: None, slow: true }
}

const DROPPED: &str = "the connection was lost";
const REFUSED: &str = "no connection";
const LIMIT: &str = "Infisical limits calls per minute";
const STRANGE: &str = "isn't what the API documents";
const FOREIGN: &str = "in a form that isn't the API's";
const HUGE: &str = "more than 16 MiB";
const REDIRECT: &str = "which isn't followed";
const EXPIRED: &str = "The access token is wrong or has expired";
const FORBIDDEN: &str = "This identity lacks the permission";
const NO_LOGIN: &str = "The login failed";
const LEFT: &str = "may be left at OpenRouter";
const CREDITS: &str = "Insufficient credits";
const UNKNOWN: &str = "It is not known whether";
const ROUTE: &str = "This server does not have the route";
const SECRET: &str = "The secret already exists";
const NAME: &str = "already exists";
const CONNECTION: &str = "Check connection_id";
const MEMBER: &str = "a member of the project";
const IN_PROGRESS: &str = "is in progress";
const FAULT: &str = "This is a fault on Infisical's side";
const REVOKE: &str = "on_destroy.revoke_generated_credentials = false";

const LOGIN: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedWithoutWait, Again, 2),
    cell(Strike::LimitedForLong, Fails("Infisical limits logins per minute"), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::Busy, Again, 2),
    cell(Strike::BusyAfter, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(NO_LOGIN), 1),
    cell(Strike::NoRoute, Fails(ROUTE), 1),
    cell(Strike::Empty, Fails(NO_LOGIN), 1),
    cell(Strike::Shape, Fails(NO_LOGIN), 1),
    cell(Strike::Huge, Fails(HUGE), 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Forbidden, Fails("Infisical refuses the login"), 1),
    cell(Strike::Locked, Fails("Infisical locks an identity"), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    lasting(Strike::DropAlways, Fails(DROPPED)),
];

const CREATE: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    slow(Strike::DropBefore, Sought, 2),
    cell(Strike::DropAfter, Found, 1),
    cell(Strike::LaggingAfterDrop, Found, 1),
    cell(Strike::ClockAhead, Found, 1),
    cell(Strike::ClockBehind, Found, 1),
    cell(Strike::OpenRouterSlow, Found, 1),
    cell(Strike::Truncated, Found, 1),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedWithoutWait, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, FailsSought(LEFT), 1),
    cell(Strike::FailAfterKey, FailsSought(LEFT), 1),
    cell(Strike::FailAfterStore, Found, 1),
    cell(Strike::GenerationFailedAfterStore, Found, 1),
    cell(Strike::Maintenance, FailsSought(LEFT), 1),
    cell(Strike::Busy, FailsSought(LEFT), 1),
    cell(Strike::BusyAfter, Found, 1),
    slow(Strike::GatewayPage, Sought, 2),
    cell(Strike::GatewayPageAfter, Found, 1),
    slow(Strike::LoginPage, Sought, 2),
    cell(Strike::LoginPageAfter, Found, 1),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::NoRoute, Fails(ROUTE), 1),
    cell(Strike::NoRouteWithId, Fails(ROUTE), 1),
    slow(Strike::Empty, Sought, 2),
    cell(Strike::EmptyAfter, Found, 1),
    slow(Strike::Shape, Sought, 2),
    cell(Strike::ShapeAfter, Found, 1),
    cell(Strike::Mock, Behind("Unexpected value of name"), 1),
    slow(Strike::Huge, Sought, 2),
    cell(Strike::HugeAfter, Found, 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::OpenRouterRefuses, Fails(CREDITS), 1),
    cell(Strike::SecretTaken, Fails(SECRET), 1),
    cell(Strike::NameTaken, FailsSought(NAME), 1),
    cell(Strike::NoConnection, Fails(CONNECTION), 1),
    cell(Strike::NotAMember, Fails(MEMBER), 1),
    cell(Strike::BrokenAlways, FailsSought(LEFT), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    slow(Strike::DropAlways, FailsSought(UNKNOWN), 2),
    slow(Strike::GatewayPageAlways, FailsSought(UNKNOWN), 2),
    slow(Strike::TooLate, Found, 1),
];

const READ: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedWithoutWait, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::Busy, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::NoRoute, Fails(ROUTE), 1),
    cell(Strike::NoRouteWithId, Fails(ROUTE), 1),
    cell(Strike::Empty, Fails(STRANGE), 1),
    cell(Strike::Shape, Fails(STRANGE), 1),
    cell(Strike::Huge, Fails(HUGE), 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::NotAMember, Fails(MEMBER), 1),
    cell(Strike::ClockAhead, Again, 2),
    cell(Strike::Maintenance, Usual, 1),
    cell(Strike::BrokenAlways, Fails(FAULT), 4),
    cell(Strike::Refused, Fails(REFUSED), 0),
    lasting(Strike::DropAlways, Fails(DROPPED)),
];

const LIST: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::DropAlways, OneByOne, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedWithoutWait, Again, 2),
    cell(Strike::LimitedForLong, OneByOne, 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::BrokenAlways, OneByOne, 2),
    cell(Strike::Busy, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::GatewayPageAlways, OneByOne, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, OneByOne, 1),
    cell(Strike::NoRoute, OneByOne, 1),
    cell(Strike::Empty, OneByOne, 1),
    cell(Strike::Shape, OneByOne, 1),
    cell(Strike::Huge, OneByOne, 1),
    cell(Strike::Redirect, OneByOne, 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, OneByOne, 1),
    cell(Strike::Forbidden, OneByOne, 1),
    cell(Strike::NotAMember, OneByOne, 1),
];

const UPDATE: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Done, 1),
    cell(Strike::LaggingAfterDrop, Again, 2),
    cell(Strike::ClockAhead, Done, 1),
    cell(Strike::Truncated, Done, 1),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedWithoutWait, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::BrokenAlways, Fails(FAULT), 4),
    cell(Strike::Maintenance, Fails(FAULT), 4),
    cell(Strike::Busy, Again, 2),
    cell(Strike::BusyAfter, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::GatewayPageAfter, Done, 1),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::LoginPageAfter, Done, 1),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::NoRoute, Fails(ROUTE), 1),
    cell(Strike::NoRouteWithId, Fails(ROUTE), 1),
    cell(Strike::Empty, Again, 2),
    cell(Strike::EmptyAfter, Done, 1),
    cell(Strike::Shape, Again, 2),
    cell(Strike::ShapeAfter, Done, 1),
    cell(Strike::Huge, Again, 2),
    cell(Strike::HugeAfter, Done, 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::NameTaken, Fails("Choose another name"), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    lasting(Strike::DropAlways, Fails(DROPPED)),
];

const DELETE: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::OpenRouterSlow, Again, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedWithoutWait, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::BrokenAlways, Fails(FAULT), 4),
    cell(Strike::Maintenance, Fails(FAULT), 4),
    cell(Strike::Busy, Again, 2),
    cell(Strike::BusyAfter, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::GatewayPageAfter, Again, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::LoginPageAfter, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::NoRoute, Fails(ROUTE), 1),
    cell(Strike::NoRouteWithId, Fails(ROUTE), 1),
    cell(Strike::Empty, Again, 2),
    cell(Strike::EmptyAfter, Again, 2),
    cell(Strike::Shape, Again, 2),
    cell(Strike::ShapeAfter, Again, 2),
    cell(Strike::Huge, Again, 2),
    cell(Strike::HugeAfter, Again, 2),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::RevocationFails, Fails(REVOKE), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    lasting(Strike::DropAlways, Fails(DROPPED)),
];

const ROTATE: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    slow(Strike::DropBefore, FailsSought(UNKNOWN), 1),
    cell(Strike::DropAfter, Found, 1),
    cell(Strike::LaggingAfterDrop, Found, 1),
    cell(Strike::ClockAhead, Found, 1),
    cell(Strike::ClockBehind, Found, 1),
    cell(Strike::OpenRouterSlow, Found, 1),
    cell(Strike::Truncated, Found, 1),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedWithoutWait, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, FailsSought(LEFT), 1),
    cell(Strike::FailAfterKey, FailsSought(LEFT), 1),
    cell(Strike::FailAfterStore, Found, 1),
    cell(Strike::Maintenance, FailsSought(LEFT), 1),
    cell(Strike::OpenRouterRefuses, Fails(CREDITS), 1),
    cell(Strike::InProgress, FailsSought(IN_PROGRESS), 1),
    cell(Strike::Busy, FailsSought(LEFT), 1),
    cell(Strike::BusyAfter, Found, 1),
    slow(Strike::GatewayPage, FailsSought(UNKNOWN), 1),
    cell(Strike::GatewayPageAfter, Found, 1),
    slow(Strike::LoginPage, FailsSought(UNKNOWN), 1),
    cell(Strike::LoginPageAfter, Found, 1),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::NoRoute, Fails(ROUTE), 1),
    cell(Strike::NoRouteWithId, Fails(ROUTE), 1),
    slow(Strike::Empty, FailsSought(UNKNOWN), 1),
    cell(Strike::EmptyAfter, Found, 1),
    slow(Strike::Shape, FailsSought(UNKNOWN), 1),
    cell(Strike::ShapeAfter, Found, 1),
    slow(Strike::Huge, FailsSought(UNKNOWN), 1),
    cell(Strike::HugeAfter, Found, 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    cell(Strike::BrokenAlways, FailsSought(LEFT), 1),
    slow(Strike::DropAlways, FailsSought(UNKNOWN), 1),
];
