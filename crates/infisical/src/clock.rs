//! What time it is at the server, as far as its answers tell.
//!
//! An answer's `Date` gives the server's time cut to whole seconds, at some moment between sending the
//! request and receiving the answer. So each answer bounds the offset between the server's clock and our
//! steady one from below and from above, at least a second apart; several answers, taken at different
//! phases of the second, narrow it down to about the time that a request takes. Our own wall clock is
//! never consulted, and it doesn't matter whether the answers came before or after the moment in question.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use tokio::time::Instant;

/// How far the clocks of one installation's servers (and of its database, which dates the rotations) may
/// disagree, in milliseconds.
const SKEW_MS: i64 = 100;

/// Once the server's time is known to this many milliseconds, closer bounds aren't sought.
const FINE_MS: i64 = 60;

/// Where a date given by the server lies, seen from a moment of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Certainly before it, even if the server's clocks disagree a little.
    Before,
    /// After it, as closely as can be known.
    After,
    /// Too close to say. An answer to a request sent after this long would tell more.
    Close(Duration),
    /// No answer has told the server's time yet.
    Unknown,
}

/// Bounds older than this are dropped, before the two clocks can have drifted apart by more than the skew.
const BOUNDS_HOLD: Duration = Duration::from_secs(300);

/// The server's clock.
pub(super) struct ServerClock {
    origin: Instant,
    at_origin: Mutex<Option<Bounds>>,
}

/// The server's time at `origin`, in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    earliest: i64,
    latest: i64,
    /// When the oldest answer that they rest on came.
    since: Instant,
}

impl ServerClock {
    pub(super) fn new() -> Self {
        Self { origin: Instant::now(), at_origin: Mutex::new(None) }
    }

    /// Takes note of an answer's `Date`, with the moments between which it was written.
    pub(super) fn note(&self, date: SystemTime, sent: Instant, received: Instant) {
        let Some(second) = date.duration_since(SystemTime::UNIX_EPOCH).ok().and_then(ms) else { return };
        let (earliest, latest) = (second - self.since_origin(received), second + 1_000 - self.since_origin(sent));
        let new = Bounds { earliest, latest, since: received };
        let mut known = self.at_origin.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = known.filter(|old| received.saturating_duration_since(old.since) <= BOUNDS_HOLD);
        let both = recent.map(|old| Bounds {
            earliest: old.earliest.max(earliest),
            latest: old.latest.min(latest),
            since: old.since,
        });
        // Bounds that exclude each other mean that the clock was set, or that another server answered.
        *known = Some(both.filter(|both| both.earliest <= both.latest).unwrap_or(new));
    }

    /// Whether the server's date lies before or after a moment of ours.
    pub(super) fn order(&self, date: OffsetDateTime, moment: Instant) -> Order {
        let Some(bounds) = *self.at_origin.lock().unwrap_or_else(PoisonError::into_inner) else {
            return Order::Unknown;
        };
        let at_origin =
            i64::try_from(date.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX) - self.since_origin(moment);
        if at_origin < bounds.earliest - SKEW_MS {
            Order::Before
        } else if at_origin >= bounds.latest || bounds.latest - bounds.earliest <= FINE_MS {
            Order::After
        } else {
            Order::Close(self.until_telling(bounds))
        }
    }

    /// The time until the middle of the bounds reaches a whole second: which second the answer then
    /// names tells in which half the truth lies.
    fn until_telling(&self, bounds: Bounds) -> Duration {
        let middle_now = i64::midpoint(bounds.earliest, bounds.latest) + self.since_origin(Instant::now());
        Duration::from_millis(u64::try_from(1_000 - middle_now.rem_euclid(1_000)).unwrap_or(1_000))
    }

    /// Milliseconds from the origin, negative before it.
    fn since_origin(&self, moment: Instant) -> i64 {
        match moment.checked_duration_since(self.origin) {
            Some(after) => ms(after).unwrap_or(i64::MAX / 4),
            None => -ms(self.origin.duration_since(moment)).unwrap_or(i64::MAX / 4),
        }
    }
}

fn ms(duration: Duration) -> Option<i64> {
    i64::try_from(duration.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{advance, sleep};

    /// A server whose clock is ahead of ours by some milliseconds.
    struct Server {
        start: Instant,
        ahead_ms: i64,
    }

    impl Server {
        fn now(&self) -> OffsetDateTime {
            let ms = 1_700_000_000_000 + self.ahead_ms + i64::try_from(self.start.elapsed().as_millis()).unwrap();
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).unwrap()
        }

        /// One request with 10 ms each way.
        async fn ask(&self, clock: &ServerClock) {
            let sent = Instant::now();
            advance(Duration::from_millis(10)).await;
            let date =
                SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(self.now().unix_timestamp()).unwrap());
            advance(Duration::from_millis(10)).await;
            clock.note(date, sent, Instant::now());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_seconds_apart_is_told_by_one_answer_of_either_time() {
        for ahead_ms in [0, 999, 123_456, -98_765] {
            let (server, clock) = (Server { start: Instant::now(), ahead_ms }, ServerClock::new());
            let older = server.now();
            advance(Duration::from_millis(1_500)).await;
            let moment = Instant::now();
            advance(Duration::from_millis(1_500)).await;
            let newer = server.now();
            assert_eq!(clock.order(older, moment), Order::Unknown);
            server.ask(&clock).await;
            assert_eq!(clock.order(older, moment), Order::Before, "{ahead_ms}");
            assert_eq!(clock.order(newer, moment), Order::After, "{ahead_ms}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_well_timed_answers_tell_tenths_of_a_second_apart() {
        for ahead_ms in [1, 250, 501, 750, 998] {
            let (server, clock) = (Server { start: Instant::now(), ahead_ms }, ServerClock::new());
            let older = server.now();
            advance(Duration::from_millis(200)).await;
            let moment = Instant::now();
            advance(Duration::from_millis(20)).await;
            let newer = server.now();
            server.ask(&clock).await;
            let mut asked = 1;
            while let Order::Close(wait) = clock.order(newer, moment) {
                sleep(wait).await;
                server.ask(&clock).await;
                asked += 1;
            }
            assert!(asked <= 8, "{asked} answers for {ahead_ms}");
            assert_eq!(clock.order(newer, moment), Order::After, "{ahead_ms}");
            while let Order::Close(wait) = clock.order(older, moment) {
                sleep(wait).await;
                server.ask(&clock).await;
            }
            assert_eq!(clock.order(older, moment), Order::Before, "{ahead_ms}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_was_set_is_learned_anew() {
        for set_to in [3_600_000, -3_600_000] {
            let (mut server, clock) = (Server { start: Instant::now(), ahead_ms: 0 }, ServerClock::new());
            server.ask(&clock).await;
            server.ahead_ms = set_to;
            server.ask(&clock).await;
            let moment = Instant::now();
            advance(Duration::from_secs(2)).await;
            assert_eq!(clock.order(server.now(), moment), Order::After, "{set_to}");
            assert_eq!(clock.order(server.now() - time::Duration::seconds(5), moment), Order::Before, "{set_to}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_learned_long_ago_counts_no_more() {
        let (mut server, clock) = (Server { start: Instant::now(), ahead_ms: 0 }, ServerClock::new());
        for _ in 0..20 {
            server.ask(&clock).await;
            advance(Duration::from_millis(111)).await;
        }
        let moment = Instant::now();
        assert_ne!(clock.order(server.now(), moment), Order::Before);
        advance(BOUNDS_HOLD).await;
        server.ahead_ms = -300; // drifted by so much since
        server.ask(&clock).await;
        let moment = Instant::now();
        assert_ne!(clock.order(server.now(), moment), Order::Before);
    }
}
