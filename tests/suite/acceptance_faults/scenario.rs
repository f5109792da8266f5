//! The faults of the table in `docs/guides/reliability.md`.

use std::time::Duration;

use simulator::{Call, Fault, RetryAfter, Simulator};

/// A fault, or another behaviour of the simulator, on a call. The table is in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scenario {
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
    MockAfter,
    Huge,
    HugeAfter,
    Redirect,
    Expired,
    ExpiredForGood,
    Forbidden,
    // Failures inside the server, and refusals with the server's messages.
    FailAfterKey,
    FailAfterStore,
    GenerationFailedAfterStore,
    OpenRouterRefuses,
    OpenRouterSlow,
    LaggingAfterDrop,
    ClockAhead,
    ClockBehind,
    Maintenance,
    RevocationFails,
    NoRoute,
    NoRouteWithId,
    SecretTaken,
    NameTaken,
    NoConnection,
    NotFoundElse,
    NotAMember,
    InProgress,
    Locked,
    LimitedWithoutWait,
}

/// The response of a gateway's mock, with a rotation that does not exist.
const MOCK: &str = r#"{"secretRotation": {"id": "00000000-0000-4000-8000-000000000000", "name": "mock-rotation"}}"#;

impl Scenario {
    /// The name in the table.
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
            Self::MockAfter => "200 with another rotation after it was done",
            Self::Huge => "64 MiB",
            Self::HugeAfter => "64 MiB after it was done",
            Self::Redirect => "redirect to another host",
            Self::Expired => "token expired, of a login",
            Self::ExpiredForGood => "token expired, a fixed one",
            Self::Forbidden => "403",
            Self::FailAfterKey => "500 after the key was issued, nothing stored",
            Self::FailAfterStore => "500 after all was stored",
            Self::GenerationFailedAfterStore => "400 “issue while generating credentials” after all was stored",
            Self::OpenRouterRefuses => "OpenRouter refuses to issue a key",
            Self::OpenRouterSlow => "OpenRouter is slow, the server closes the idle connection and goes on",
            Self::LaggingAfterDrop => "dropped after it was done, and reads lag 5 s behind writes",
            Self::ClockAhead => "dropped after it was done, and a proxy's clock is 90 s ahead",
            Self::ClockBehind => "dropped after it was done, and a proxy's clock is 90 s behind",
            Self::Maintenance => "maintenance mode",
            Self::RevocationFails => "OpenRouter cannot revoke the keys",
            Self::NoRoute => "404, unknown route",
            Self::NoRouteWithId => "404, unknown route, with a request id",
            Self::SecretTaken => "400, the secret already exists",
            Self::NameTaken => "400, the name already exists",
            Self::NoConnection => "404, no such connection",
            Self::NotFoundElse => "404, not about the rotation",
            Self::NotAMember => "403, no member of the project",
            Self::InProgress => "400, a rotation is in progress",
            Self::Locked => "401, the identity is locked",
            Self::LimitedWithoutWait => "429 without `Retry-After`",
        }
    }

    /// Changes the behaviour of the simulator, apart from faults.
    pub(super) fn set(self, simulator: &Simulator) {
        match self {
            Self::OpenRouterSlow => simulator.set_idle_timeout(Some(Duration::from_millis(500))),
            Self::LaggingAfterDrop => simulator.set_read_lag(Duration::from_secs(5)),
            Self::ClockAhead => simulator.set_date_skew(90),
            Self::ClockBehind => simulator.set_date_skew(-90),
            Self::Maintenance => simulator.set_maintenance(true),
            Self::RevocationFails => simulator.set_revocation_fails(true),
            _ => {}
        }
    }

    /// Restores the default behaviour of the simulator, and removes all faults.
    pub(super) fn unset(simulator: &Simulator) {
        simulator.clear_faults();
        simulator.set_idle_timeout(None);
        simulator.set_read_lag(Duration::ZERO);
        simulator.set_date_skew(0);
        simulator.set_maintenance(false);
        simulator.set_revocation_fails(false);
    }

    /// The fault; `None` if the scenario has none. Redirects lead to `elsewhere`.
    pub(super) fn fault(self, call: Call, elsewhere: &str) -> Option<Fault> {
        let shape = match call {
            Call::Login => r#"{"accessToken": 7}"#,
            Call::List => r#"{"secretRotations": 7}"#,
            Call::Credentials => r#"{"generatedCredentials": 7}"#,
            Call::ConnectionCreate | Call::ConnectionRead | Call::ConnectionUpdate => r#"{"appConnection": {"id": 7}}"#,
            _ => r#"{"secretRotation": {"id": 7}}"#,
        };
        let fault = match self {
            Self::Refused | Self::Maintenance | Self::RevocationFails => return None,
            Self::Late => Fault::delay(call, Duration::from_secs(1)),
            // The provider waits one minute for the response to a call that needs OpenRouter.
            Self::TooLate => Fault::delay(call, Duration::from_secs(62)).after_commit(),
            Self::DropBefore | Self::DropAlways => Fault::drop_before(call),
            Self::DropAfter | Self::LaggingAfterDrop | Self::ClockAhead | Self::ClockBehind => Fault::drop_after(call),
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
            Self::Mock | Self::MockAfter => Fault::body(call, 200, MOCK),
            Self::Huge | Self::HugeAfter => Fault::huge(call),
            Self::Redirect => Fault::redirect(call, format!("{elsewhere}/elsewhere")),
            Self::Expired | Self::ExpiredForGood => Fault::token_expired(call),
            Self::Forbidden => Fault::status(call, 403),
            Self::FailAfterKey => Fault::fail_after_key(call),
            Self::FailAfterStore => Fault::fail_after_store(call),
            Self::GenerationFailedAfterStore => Fault::fail_after_store_400(call),
            Self::OpenRouterRefuses => Fault::openrouter_refuses(call, "Insufficient credits"),
            Self::OpenRouterSlow => Fault::openrouter_delay(call, Duration::from_secs(3)),
            Self::NoRoute => Fault::no_route(call, false),
            Self::NoRouteWithId => Fault::no_route(call, true),
            Self::LimitedWithoutWait => Fault::status(call, 429),
            _ => self.refusal(call)?,
        };
        let fault = if self.is_after() { fault.after_commit() } else { fault };
        Some(if self.is_lasting() { fault } else { fault.times(1) })
    }

    /// A refusal with the server's message.
    fn refusal(self, call: Call) -> Option<Fault> {
        let (status, error, message) = match self {
            Self::SecretTaken => {
                (400, "BadRequest", r#"The following secrets already exist at the path "/": OPEN_ROUTER_API_KEY"#)
            }
            Self::NameTaken => {
                (400, "BadRequest", r#"A Secret Rotation with the name "n" already exists at the secret path "/""#)
            }
            Self::NoConnection => (404, "NotFound", "Could not find App Connection with ID c"),
            Self::NotFoundElse => (404, "NotFound", "KMS with ID '3f2b8c1e' not found"),
            Self::NotAMember => (403, "ProjectMembershipNotFound", "You are not a member of this project"),
            Self::InProgress => (400, "BadRequest", "A rotation is already in progress. Please try again shortly."),
            Self::Locked => (401, "UnauthorizedError", "This identity auth method is temporarily locked"),
            _ => return None,
        };
        Some(Fault::refuse(call, status, error, message))
    }

    /// Whether it may leave a live key that belongs to no rotation.
    pub(super) fn orphans_a_key(self) -> bool {
        matches!(self, Self::FailAfterKey | Self::FailAfterStore)
    }

    /// Whether reads return what was stored some seconds ago.
    pub(super) fn has_lagging_reads(self) -> bool {
        self == Self::LaggingAfterDrop
    }

    fn is_after(self) -> bool {
        use Scenario::{BusyAfter, EmptyAfter, GatewayPageAfter, HugeAfter, LoginPageAfter, MockAfter, ShapeAfter};
        matches!(self, BusyAfter | EmptyAfter | GatewayPageAfter | HugeAfter | LoginPageAfter | MockAfter | ShapeAfter)
    }

    fn is_lasting(self) -> bool {
        matches!(self, Self::DropAlways | Self::BrokenAlways | Self::GatewayPageAlways)
    }
}
