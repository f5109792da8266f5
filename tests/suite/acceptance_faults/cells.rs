//! The cells: for each call, what each fault leads to.

use simulator::Call;

use super::strike::Strike;
use End::{Again, Behind, Fails, FailsSought, Found, OneByOne, Sought, Usual};

/// One fault on one call.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) strike: Strike,
    pub(super) end: End,
    /// How often the call is sent; none when it's sent until its budget is spent, so that chance decides.
    pub(super) sent: Option<usize>,
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
    /// Its result is looked for, isn't there, and the call is sent again.
    Sought,
    /// What the list doesn't give is read one by one.
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
            Usual | Again | Found | Sought | OneByOne => None,
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
            Found => "looked at and found done; succeeds".to_owned(),
            Sought => "looked for and not found; sent again; succeeds".to_owned(),
            OneByOne => "each rotation is read by id; succeeds".to_owned(),
            Fails(words) => format!("error: “{words}”"),
            FailsSought(words) => format!("looked for and not found; error: “{words}”"),
            Behind(words) => format!("error: “{words}”; the next run puts the state right"),
        }
    }
}

const fn cell(strike: Strike, end: End, sent: usize) -> Cell {
    Cell { strike, end, sent: Some(sent) }
}

/// A cell in which the call is sent until its budget is spent.
const fn lasting(strike: Strike, end: End) -> Cell {
    Cell { strike, end, sent: None }
}

const DROPPED: &str = "the connection was lost";
const REFUSED: &str = "no connection";
const LIMIT: &str = "Infisical limits calls per minute";
const BROKEN: &str = "This is a fault on Infisical's side";
const STRANGE: &str = "isn't what the API documents";
const FOREIGN: &str = "in a form that isn't the API's";
const HUGE: &str = "more than 16 MiB";
const REDIRECT: &str = "which isn't followed";
const EXPIRED: &str = "The access token is wrong or has expired";
const FORBIDDEN: &str = "This identity lacks the permission";
const NO_LOGIN: &str = "The login failed";

pub(super) const LOGIN: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedForLong, Fails("Infisical refuses the login"), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::Busy, Again, 2),
    cell(Strike::BusyAfter, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(NO_LOGIN), 1),
    cell(Strike::Empty, Fails(NO_LOGIN), 1),
    cell(Strike::Shape, Fails(NO_LOGIN), 1),
    cell(Strike::Huge, Fails(HUGE), 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Forbidden, Fails("Infisical refuses the login"), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    lasting(Strike::DropAlways, Fails(DROPPED)),
];

pub(super) const CREATE: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Sought, 2),
    cell(Strike::DropAfter, Found, 1),
    cell(Strike::Truncated, Found, 1),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Sought, 2),
    cell(Strike::Busy, Sought, 2),
    cell(Strike::BusyAfter, Found, 1),
    cell(Strike::GatewayPage, Sought, 2),
    cell(Strike::GatewayPageAfter, Found, 1),
    cell(Strike::LoginPage, Sought, 2),
    cell(Strike::LoginPageAfter, Found, 1),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::Empty, Sought, 2),
    cell(Strike::EmptyAfter, Found, 1),
    cell(Strike::Shape, Sought, 2),
    cell(Strike::ShapeAfter, Found, 1),
    cell(Strike::Mock, Behind("The API answered with another name"), 1),
    cell(Strike::Huge, Sought, 2),
    cell(Strike::HugeAfter, Found, 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::BrokenAlways, FailsSought(BROKEN), 5),
    cell(Strike::Refused, Fails(REFUSED), 0),
    cell(Strike::DropAlways, FailsSought(DROPPED), 5),
    cell(Strike::GatewayPageAlways, FailsSought(FOREIGN), 5),
    cell(Strike::TooLate, Found, 1),
];

pub(super) const READ: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::Busy, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::Empty, Fails(STRANGE), 1),
    cell(Strike::Shape, Fails(STRANGE), 1),
    cell(Strike::Huge, Fails(HUGE), 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    lasting(Strike::DropAlways, Fails(DROPPED)),
];

pub(super) const LIST: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::Busy, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::Empty, Fails(STRANGE), 1),
    cell(Strike::Shape, Fails(STRANGE), 1),
    cell(Strike::Huge, Fails(HUGE), 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, OneByOne, 1),
    cell(Strike::Forbidden, OneByOne, 1),
];

pub(super) const UPDATE: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::Busy, Again, 2),
    cell(Strike::BusyAfter, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::GatewayPageAfter, Again, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::LoginPageAfter, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::Empty, Fails(STRANGE), 1),
    cell(Strike::EmptyAfter, Fails(STRANGE), 1),
    cell(Strike::Shape, Fails(STRANGE), 1),
    cell(Strike::ShapeAfter, Fails(STRANGE), 1),
    cell(Strike::Huge, Again, 2),
    cell(Strike::HugeAfter, Again, 2),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    lasting(Strike::DropAlways, Fails(DROPPED)),
];

pub(super) const DELETE: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Again, 2),
    cell(Strike::DropAfter, Again, 2),
    cell(Strike::Truncated, Again, 2),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Again, 2),
    cell(Strike::Busy, Again, 2),
    cell(Strike::BusyAfter, Again, 2),
    cell(Strike::GatewayPage, Again, 2),
    cell(Strike::GatewayPageAfter, Again, 2),
    cell(Strike::LoginPage, Again, 2),
    cell(Strike::LoginPageAfter, Again, 2),
    cell(Strike::NotFoundPage, Again, 2),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::Empty, Fails(STRANGE), 1),
    cell(Strike::EmptyAfter, Behind(STRANGE), 1),
    cell(Strike::Shape, Fails(STRANGE), 1),
    cell(Strike::ShapeAfter, Behind(STRANGE), 1),
    cell(Strike::Huge, Again, 2),
    cell(Strike::HugeAfter, Again, 2),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    lasting(Strike::DropAlways, Fails(DROPPED)),
];

pub(super) const ROTATE: &[Cell] = &[
    cell(Strike::Late, Usual, 1),
    cell(Strike::DropBefore, Sought, 2),
    cell(Strike::DropAfter, Found, 1),
    cell(Strike::Truncated, Found, 1),
    cell(Strike::Limited, Again, 2),
    cell(Strike::LimitedForLong, Fails(LIMIT), 1),
    cell(Strike::Broken, Sought, 2),
    cell(Strike::Busy, Sought, 2),
    cell(Strike::BusyAfter, Found, 1),
    cell(Strike::GatewayPage, Sought, 2),
    cell(Strike::GatewayPageAfter, Found, 1),
    cell(Strike::LoginPage, Sought, 2),
    cell(Strike::LoginPageAfter, Found, 1),
    cell(Strike::NotFoundOther, Fails(FOREIGN), 1),
    cell(Strike::Empty, Sought, 2),
    cell(Strike::EmptyAfter, Found, 1),
    cell(Strike::Shape, Sought, 2),
    cell(Strike::ShapeAfter, Found, 1),
    cell(Strike::Huge, Sought, 2),
    cell(Strike::HugeAfter, Found, 1),
    cell(Strike::Redirect, Fails(REDIRECT), 1),
    cell(Strike::Expired, Again, 2),
    cell(Strike::ExpiredForGood, Fails(EXPIRED), 1),
    cell(Strike::Forbidden, Fails(FORBIDDEN), 1),
    cell(Strike::Refused, Fails(REFUSED), 0),
    cell(Strike::BrokenAlways, FailsSought(BROKEN), 5),
    cell(Strike::DropAlways, FailsSought(DROPPED), 5),
];
