//! The rate limit: the number of reads and of writes per minute, on each route.

use std::collections::HashMap;

use time::{Duration, OffsetDateTime};

use crate::call::{Call, Route};

const WINDOW: Duration = Duration::MINUTE;

/// Counts the calls per minute, separately for each route and method. A window begins
/// with the first call after the previous one ended. Paths outside the API are not limited.
#[derive(Default)]
pub(crate) struct RateLimit {
    reads: Option<u32>,
    writes: Option<u32>,
    windows: HashMap<(Call, String), Window>,
}

#[derive(Default)]
struct Window {
    began: Option<OffsetDateTime>,
    used: u32,
}

/// The result for one call, as the rate-limit headers report it.
#[derive(Debug, PartialEq)]
pub(crate) struct Allowance {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds until the window ends, rounded up.
    pub(crate) reset: i64,
    pub(crate) refused: bool,
}

impl RateLimit {
    /// Sets or removes the limits, and resets the counts.
    pub(crate) fn set(&mut self, reads: Option<u32>, writes: Option<u32>) {
        *self = Self { reads, writes, windows: HashMap::new() };
    }

    /// Counts one call. Returns `None` when it is not limited.
    pub(crate) fn take(&mut self, route: &Route, now: OffsetDateTime) -> Option<Allowance> {
        let limit = match route.call {
            Call::Other => None,
            call if call.is_read() => self.reads,
            _ => self.writes,
        }?;
        // Each login method has its own route; in other routes the subject is a parameter.
        let method = if route.call == Call::Login { route.subject.as_str() } else { "" };
        let window = self.windows.entry((route.call, method.to_owned())).or_default();
        let began = window.began.filter(|began| now - *began < WINDOW);
        if began.is_none() {
            *window = Window { began: Some(now), used: 0 };
        }
        let left = WINDOW - (now - began.unwrap_or(now));
        let refused = window.used >= limit;
        window.used += u32::from(!refused);
        let reset = left.whole_seconds() + i64::from(left.subsec_nanoseconds() > 0);
        Some(Allowance { limit, remaining: limit - window.used, reset, refused })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn route(call: Call, subject: &str) -> Route {
        Route { call, subject: subject.to_owned() }
    }

    #[test]
    fn calls_over_the_limit_are_refused_until_the_window_ends() {
        let mut rate = RateLimit::default();
        let start = datetime!(2026-01-01 0:00 UTC);
        assert_eq!(rate.take(&route(Call::Read, "a"), start), None, "no limit unless set");
        rate.set(Some(2), None);
        let at = |seconds: f64| start + Duration::seconds_f64(seconds);
        let allowance = |remaining, reset, refused| Some(Allowance { limit: 2, remaining, reset, refused });
        assert_eq!(rate.take(&route(Call::Read, "a"), at(0.0)), allowance(1, 60, false));
        assert_eq!(rate.take(&route(Call::Read, "b"), at(10.0)), allowance(0, 50, false), "the same route");
        assert_eq!(rate.take(&route(Call::Read, "a"), at(59.5)), allowance(0, 1, true));
        assert_eq!(rate.take(&route(Call::Read, "a"), at(60.0)), allowance(1, 60, false), "a new window");
        assert_eq!(rate.take(&route(Call::Delete, "a"), at(60.0)), None, "writes have their own limit");
    }

    #[test]
    fn each_route_and_method_is_counted_separately_logins_included() {
        let mut rate = RateLimit::default();
        rate.set(Some(1), Some(1));
        let now = datetime!(2026-01-01 0:00 UTC);
        let mut refused =
            |call, subject| rate.take(&route(call, subject), now).is_some_and(|allowance| allowance.refused);
        let calls = [
            (Call::Read, "a"),
            (Call::List, ""),
            (Call::Create, ""),
            (Call::Delete, "a"),
            (Call::Login, "universal-auth"),
            (Call::Login, "oidc-auth"),
        ];
        assert!(calls.iter().all(|(call, subject)| !refused(*call, subject)));
        assert!(calls.iter().all(|(call, subject)| refused(*call, subject)));
        assert!(!refused(Call::Other, "") && !refused(Call::Other, ""));
    }
}
