//! Whether and when a failed request is repeated. Requests whose result is looked up first are repeated elsewhere:
//! `create.rs`, and the update and the delete in `objects.rs`.
//!
//! The limits of the waits grow from a quarter of a second to ten seconds; each wait is drawn evenly between zero and
//! its limit (full jitter). It is never shorter than the server asks for with `Retry-After` or a rate limit's reset
//! header; after a rate limit without either, it is at least one second. A request is given up when the next attempt
//! would begin more than [`BUDGET`] after the first one, or after [`FAULTS`] failures that the server itself reports.
//! The time that a 429 asks for does not count, up to [`RATE_LIMIT_ALLOWANCE`] in all, since the server is only busy. A
//! host that has never sent a response of the API is given up [`FIRST_CONTACT_BUDGET`] after the client's first
//! attempt, since a mistyped address is more likely than an outage; after that, each request is tried once.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use tokio::time::Instant;

use super::error::Error;
use super::request::Repeat;

/// How long after the first attempt another attempt may begin.
pub(super) const BUDGET: Duration = Duration::from_secs(60);

/// The same, from the client's first attempt on, while the host has never sent a response of the API.
pub(super) const FIRST_CONTACT_BUDGET: Duration = Duration::from_secs(10);

/// How long one request waits in all because of 429s.
pub(super) const RATE_LIMIT_ALLOWANCE: Duration = Duration::from_secs(120);

/// The most attempts of a request when the server itself reports each failure.
pub(super) const FAULTS: u32 = 4;

/// The most attempts of a request when there is another way to get its result.
const BRIEF_ATTEMPTS: u32 = 2;

const SHORTEST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(10);

/// The shortest wait after a rate limit that does not say how long it lasts.
const SHORTEST_RATE_LIMIT: Duration = Duration::from_secs(1);

/// Smaller numbers in a reset header are the remaining seconds, larger ones seconds since 1970.
const EARLIEST_EPOCH_SECONDS: f64 = 1e9;

/// What a failed attempt says about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// The request did not reach it.
    Unsent,
    /// It rejected the request without processing it (429).
    RateLimited,
    /// It rejected the access token.
    Token,
    /// It reports a failure of its own; whatever it did, it is finished.
    Broke,
    /// Nothing is known: the response is missing, incomplete, or a proxy's.
    Lost,
    /// Another attempt would be no use.
    Final,
}

/// A failed attempt.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) kind: FailureKind,
    /// When the attempt began.
    pub(super) began: Instant,
    /// The wait that the server asked for.
    pub(super) asked: Option<Duration>,
    /// The `Date` of the response.
    pub(super) date: Option<SystemTime>,
    /// Whether this attempt or one before it may have had an effect.
    pub(super) in_doubt: bool,
}

impl Failure {
    pub(super) fn new(error: Error, kind: FailureKind, began: Instant) -> Self {
        let in_doubt = matches!(kind, FailureKind::Broke | FailureKind::Lost);
        Self { error, kind, began, asked: None, date: None, in_doubt }
    }

    /// A failure without an attempt, such as a stop.
    pub(super) fn lasting(error: Error) -> Self {
        Self::new(error, FailureKind::Final, Instant::now())
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// The waits of one request.
pub(super) struct Schedule {
    /// The longest that the next wait may be.
    ceiling: Duration,
    /// The number of attempts that failed for another reason than a rate limit.
    failed: u32,
    /// The number of attempts whose failure the server itself reported.
    faults: u32,
    /// When the first attempt began, plus the waits after 429s.
    began: Option<Instant>,
    told_to_wait: Duration,
}

impl Schedule {
    pub(super) fn new() -> Self {
        Self { ceiling: SHORTEST, failed: 0, faults: 0, began: None, told_to_wait: Duration::ZERO }
    }

    fn pause(&mut self, failure: &Failure) -> Duration {
        let ceiling = self.ceiling;
        self.ceiling = ceiling.saturating_mul(2).min(LONGEST);
        let least = if failure.kind == FailureKind::RateLimited { SHORTEST_RATE_LIMIT } else { Duration::ZERO };
        ceiling.mul_f64(fastrand::f64()).max(failure.asked.unwrap_or(least))
    }

    /// How long to wait before the next attempt; `None` if there is none. `unknown_since` is when the client first
    /// tried a host that has not sent a response of the API yet.
    pub(super) fn next(
        &mut self,
        failure: &Failure,
        repeat: Repeat,
        unknown_since: Option<Instant>,
    ) -> Option<Duration> {
        let began = *self.began.get_or_insert(failure.began);
        self.failed += u32::from(failure.kind != FailureKind::RateLimited);
        self.faults += u32::from(failure.kind == FailureKind::Broke);
        let spent = self.faults >= FAULTS || (repeat == Repeat::Briefly && self.failed >= BRIEF_ATTEMPTS);
        if !may_repeat(failure.kind, repeat) || (spent && failure.kind != FailureKind::RateLimited) {
            return None;
        }
        let wait = self.pause(failure);
        if failure.kind == FailureKind::RateLimited {
            self.told_to_wait = self.told_to_wait.saturating_add(wait);
            self.began = began.checked_add(wait);
            return (self.told_to_wait <= RATE_LIMIT_ALLOWANCE).then_some(wait);
        }
        let is_busy = failure.error.status().is_some_and(|status| status >= 500); // so there is a server at the address
        let (since, budget) = match unknown_since.filter(|_| !is_busy) {
            Some(since) => (since, FIRST_CONTACT_BUDGET),
            None => (began, BUDGET),
        };
        (since.elapsed().saturating_add(wait) <= budget).then_some(wait)
    }
}

/// The second column of the table in `request.rs`.
fn may_repeat(kind: FailureKind, repeat: Repeat) -> bool {
    match kind {
        FailureKind::Unsent | FailureKind::RateLimited => true,
        FailureKind::Broke => repeat != Repeat::OnlyUnsent,
        FailureKind::Lost => !matches!(repeat, Repeat::OnlyUnsent | Repeat::UnlessLost),
        FailureKind::Token | FailureKind::Final => false,
    }
}

/// Whether a status means that the same request may succeed later.
pub(super) fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// The wait that the server asks for: `Retry-After`, in seconds or as a date, or else a rate limit's reset. A date is
/// compared with the response's own `Date`, so that an error of this machine's clock has no effect.
pub(super) fn asked_wait(headers: &HeaderMap, status: u16) -> Option<Duration> {
    let now = date(headers).unwrap_or_else(SystemTime::now);
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(after) = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::trim) {
        let at = httpdate::parse_http_date(after).ok();
        let until = at.map(|at| at.duration_since(now).unwrap_or_default());
        if let Some(wait) = seconds(after).or(until) {
            return Some(wait);
        }
    }
    if status != 429 {
        return None;
    }
    let reset = text("ratelimit-reset").or_else(|| text("x-ratelimit-reset"))?;
    let wait = seconds(reset)?;
    if wait.as_secs_f64() < EARLIEST_EPOCH_SECONDS {
        return Some(wait);
    }
    SystemTime::UNIX_EPOCH.checked_add(wait).map(|at| at.duration_since(now).unwrap_or_default())
}

/// The `Date` of the response, in whole seconds.
pub(super) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let text = headers.get(reqwest::header::DATE)?.to_str().ok()?;
    httpdate::parse_http_date(text).ok()
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: FailureKind, asked: Option<u64>) -> Failure {
        let error = Error::Unreachable { request: "GET /".to_owned(), cause: "no".to_owned() };
        Failure { asked: asked.map(Duration::from_secs), ..Failure::new(error, kind, Instant::now()) }
    }

    /// The name of the case, the headers and status of the response, and the wait in seconds.
    type Case = (&'static str, &'static [(&'static str, &'static str)], u16, Option<u64>);

    const DATE: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    /// Makes a call fail in the same way forever; returns how long it takes until it is given up, and after how many
    /// attempts.
    async fn give_up(
        kind: FailureKind,
        asked: Option<u64>,
        repeat: Repeat,
        unknown_since: Option<Instant>,
    ) -> (Duration, u32) {
        let (start, mut schedule, mut attempts) = (Instant::now(), Schedule::new(), 1);
        while let Some(wait) = schedule.next(&failure(kind, asked), repeat, unknown_since) {
            tokio::time::sleep(wait).await;
            attempts += 1;
        }
        (start.elapsed(), attempts)
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_that_keeps_failing_is_given_up_within_its_budget() {
        let (took, attempts) = give_up(FailureKind::Lost, None, Repeat::Freely, None).await;
        assert!(took <= BUDGET && attempts >= 8, "{took:?}, {attempts} attempts");
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_never_responded_is_given_up_sooner_and_then_tried_once_per_call() {
        let since = Instant::now();
        let (took, attempts) = give_up(FailureKind::Unsent, None, Repeat::Freely, Some(since)).await;
        assert!(took <= FIRST_CONTACT_BUDGET && attempts >= 4, "{took:?}, {attempts} attempts");
        tokio::time::sleep(FIRST_CONTACT_BUDGET).await;
        assert_eq!(give_up(FailureKind::Unsent, None, Repeat::Freely, Some(since)).await.1, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_limit_is_waited_out_beyond_the_budget_but_not_forever() {
        let (took, attempts) = give_up(FailureKind::RateLimited, Some(50), Repeat::OnlyUnsent, None).await;
        assert_eq!((took.as_secs(), attempts), (100, 3));
    }

    #[tokio::test(start_paused = true)]
    async fn time_spent_waiting_for_a_rate_limit_is_not_taken_from_the_budget() {
        let mut schedule = Schedule::new();
        for _ in 0..2 {
            let wait = schedule.next(&failure(FailureKind::RateLimited, Some(50)), Repeat::Freely, None).unwrap();
            tokio::time::sleep(wait).await;
        }
        assert!(schedule.next(&failure(FailureKind::Lost, None), Repeat::Freely, None).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_longer_than_the_budget_is_not_begun() {
        let (took, attempts) = give_up(FailureKind::Broke, Some(61), Repeat::Freely, None).await;
        assert_eq!((took.as_secs(), attempts), (0, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_asks_for_no_wait_is_not_flooded_with_requests() {
        let (_, attempts) = give_up(FailureKind::RateLimited, Some(0), Repeat::Freely, None).await;
        assert!(attempts < 100, "{attempts} attempts");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_whose_rate_limit_has_no_end_is_not_flooded_with_requests() {
        let (_, attempts) = give_up(FailureKind::RateLimited, None, Repeat::Freely, None).await;
        assert!(attempts < 60, "{attempts} attempts");
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_whose_failure_the_server_reports_is_sent_four_times() {
        assert_eq!(give_up(FailureKind::Broke, None, Repeat::Freely, None).await.1, FAULTS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_brief_request_is_sent_twice_but_a_rate_limit_is_waited_out() {
        for kind in [FailureKind::Broke, FailureKind::Lost, FailureKind::Unsent] {
            assert_eq!(give_up(kind, None, Repeat::Briefly, None).await.1, 2, "{kind:?}");
        }
        assert_eq!(give_up(FailureKind::RateLimited, Some(50), Repeat::Briefly, None).await.1, 3);
    }

    #[tokio::test]
    async fn a_create_is_repeated_only_if_the_server_did_not_act() {
        for (kind, repeated) in [
            (FailureKind::Unsent, true),
            (FailureKind::RateLimited, true),
            (FailureKind::Broke, false),
            (FailureKind::Lost, false),
            (FailureKind::Token, false),
            (FailureKind::Final, false),
        ] {
            let wait = Schedule::new().next(&failure(kind, None), Repeat::OnlyUnsent, None);
            assert_eq!(wait.is_some(), repeated, "{kind:?}");
        }
    }

    #[test]
    fn ok_the_wait_that_the_server_asks_for_is_read_in_all_forms() {
        let cases: [Case; 8] = [
            ("seconds", &[("retry-after", "7")], 503, Some(7)),
            ("a date, by the server's clock", &[DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:52 GMT")], 503, Some(15)),
            ("a date in the past", &[DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")], 503, Some(0)),
            ("a reset in seconds", &[("x-ratelimit-reset", "42")], 429, Some(42)),
            ("a reset since 1970", &[DATE, ("x-ratelimit-reset", "784111797")], 429, Some(784_111_797)),
            (
                "a late reset since 1970",
                &[("date", "Sun, 09 Sep 2001 01:46:40 GMT"), ("ratelimit-reset", "1000000009")],
                429,
                Some(9),
            ),
            ("a reset without a 429", &[("x-ratelimit-reset", "42")], 503, None),
            ("nonsense", &[("retry-after", "soon")], 429, None),
        ];
        for (name, pairs, status, wait) in cases {
            assert_eq!(asked_wait(&headers(pairs), status), wait.map(Duration::from_secs), "{name}");
        }
        assert_eq!(asked_wait(&headers(&[]), 429), None);
    }
}
