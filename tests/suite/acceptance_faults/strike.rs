//! What strikes, by the names that the table uses.

use std::time::Duration;

use simulator::{Call, Fault, RetryAfter};

/// A fault of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strike {
    Late,
    TooLate,
    DropBefore,
    DropAfter,
    DropAlways,
    Refused,
    Truncated,
    Limited,
    LimitedForLong,
    Broken,
    BrokenAlways,
    Busy,
    BusyAfter,
    GatewayPage,
    GatewayPageAfter,
    GatewayPageAlways,
    LoginPage,
    LoginPageAfter,
    NotFoundPage,
    NotFoundOther,
    Empty,
    EmptyAfter,
    Shape,
    ShapeAfter,
    Mock,
    Huge,
    HugeAfter,
    Redirect,
    Expired,
    ExpiredForGood,
    Forbidden,
}

/// A rotation that nobody asked for, as a gateway's mock would answer.
const MOCK: &str = r#"{"secretRotation": {"id": "00000000-0000-4000-8000-000000000000", "name": "mock-rotation"}}"#;

impl Strike {
    /// Its name in the table.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Late => "answered a second late",
            Self::TooLate => "done, but answered after the time-out",
            Self::DropBefore => "dropped before it was done",
            Self::DropAfter => "dropped after it was done",
            Self::DropAlways => "dropped, every time",
            Self::Refused => "connection refused, every time",
            Self::Truncated => "done, half of the answer cut off",
            Self::Limited => "429, `Retry-After` one second",
            Self::LimitedForLong => "429, `Retry-After` ten minutes",
            Self::Broken => "500",
            Self::BrokenAlways => "500, every time",
            Self::Busy => "503, `Retry-After` a date",
            Self::BusyAfter => "503 after it was done",
            Self::GatewayPage => "502 with a page",
            Self::GatewayPageAfter => "502 with a page after it was done",
            Self::GatewayPageAlways => "502 with a page, every time",
            Self::LoginPage => "200 with a page",
            Self::LoginPageAfter => "200 with a page after it was done",
            Self::NotFoundPage => "404 with a page",
            Self::NotFoundOther => "404 in another JSON form",
            Self::Empty => "200 with `{}`",
            Self::EmptyAfter => "200 with `{}` after it was done",
            Self::Shape => "200 in a wrong shape",
            Self::ShapeAfter => "200 in a wrong shape after it was done",
            Self::Mock => "200 with another rotation",
            Self::Huge => "64 MiB",
            Self::HugeAfter => "64 MiB after it was done",
            Self::Redirect => "redirect to another host",
            Self::Expired => "token expired, of a login",
            Self::ExpiredForGood => "token expired, a fixed one",
            Self::Forbidden => "403",
        }
    }

    /// What the simulator is told; none when it is the host that is away.
    pub(super) fn fault(self, call: Call, elsewhere: &str) -> Option<Fault> {
        let shape = match call {
            Call::Login => r#"{"accessToken": 7}"#,
            Call::List => r#"{"secretRotations": 7}"#,
            _ => r#"{"secretRotation": {"id": 7}}"#,
        };
        let fault = match self {
            Self::Refused => return None,
            Self::Late => Fault::delay(call, Duration::from_secs(1)),
            // What makes the server talk to OpenRouter is given up after a minute.
            Self::TooLate => Fault::delay(call, Duration::from_secs(62)).after_commit(),
            Self::DropBefore | Self::DropAlways => Fault::drop_before(call),
            Self::DropAfter => Fault::drop_after(call),
            Self::Truncated => Fault::truncate(call),
            Self::Limited => Fault::status(call, 429).retry_after(RetryAfter::Seconds(1)),
            Self::LimitedForLong => Fault::status(call, 429).retry_after(RetryAfter::Seconds(600)),
            Self::Broken | Self::BrokenAlways => Fault::status(call, 500),
            Self::Busy | Self::BusyAfter => Fault::status(call, 503).retry_after(RetryAfter::Date(2)),
            Self::GatewayPage | Self::GatewayPageAfter | Self::GatewayPageAlways => Fault::html(call, 502),
            Self::LoginPage | Self::LoginPageAfter => Fault::html(call, 200),
            Self::NotFoundPage => Fault::html(call, 404),
            Self::NotFoundOther => Fault::body(call, 404, r#"{"message": "no such route"}"#),
            Self::Empty | Self::EmptyAfter => Fault::body(call, 200, "{}"),
            Self::Shape | Self::ShapeAfter => Fault::body(call, 200, shape),
            Self::Mock => Fault::body(call, 200, MOCK),
            Self::Huge | Self::HugeAfter => Fault::huge(call),
            Self::Redirect => Fault::redirect(call, format!("{elsewhere}/elsewhere")),
            Self::Expired | Self::ExpiredForGood => Fault::token_expired(call),
            Self::Forbidden => Fault::status(call, 403),
        };
        let fault = if self.is_after() { fault.after_commit() } else { fault };
        Some(if self.is_lasting() { fault } else { fault.times(1) })
    }

    fn is_after(self) -> bool {
        use Strike::{BusyAfter, EmptyAfter, GatewayPageAfter, HugeAfter, LoginPageAfter, ShapeAfter};
        matches!(self, BusyAfter | EmptyAfter | GatewayPageAfter | HugeAfter | LoginPageAfter | ShapeAfter)
    }

    fn is_lasting(self) -> bool {
        matches!(self, Self::DropAlways | Self::BrokenAlways | Self::GatewayPageAlways)
    }
}
