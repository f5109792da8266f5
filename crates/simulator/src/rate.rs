//! The rate limit: so many reads and so many writes a minute.

use time::{Duration, OffsetDateTime};

use crate::call::Call;

const WINDOW: Duration = Duration::MINUTE;

/// Counts calls per minute; a window begins with the first call after the last
/// one ended. Logins and paths outside of the API aren't limited.
#[derive(Default)]
pub(crate) struct Rate {
    per_minute: Option<u32>,
    reads: Window,
    writes: Window,
}

#[derive(Default)]
struct Window {
    began: Option<OffsetDateTime>,
    used: u32,
}

/// What the rate-limit headers say of one call.
#[derive(Debug, PartialEq)]
pub(crate) struct Allowance {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds until the window ends, rounded up.
    pub(crate) reset: i64,
    pub(crate) refused: bool,
}

impl Rate {
    /// Sets the limit, or removes it, and begins to count anew.
    pub(crate) fn set(&mut self, per_minute: Option<u32>) {
        *self = Self { per_minute, ..Self::default() };
    }

    /// Counts one call; None when it isn't limited.
    pub(crate) fn take(&mut self, call: Call, now: OffsetDateTime) -> Option<Allowance> {
        let limit = self.per_minute?;
        if matches!(call, Call::Login | Call::Other) {
            return None;
        }
        let window = if call.is_read() { &mut self.reads } else { &mut self.writes };
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

    #[test]
    fn calls_over_the_limit_are_refused_until_the_window_ends() {
        let mut rate = Rate::default();
        let start = datetime!(2026-01-01 0:00 UTC);
        assert_eq!(rate.take(Call::Read, start), None, "no limit unless set");
        rate.set(Some(2));
        let at = |seconds: f64| start + Duration::seconds_f64(seconds);
        let allowance = |remaining, reset, refused| Some(Allowance { limit: 2, remaining, reset, refused });
        assert_eq!(rate.take(Call::Read, at(0.0)), allowance(1, 60, false));
        assert_eq!(rate.take(Call::List, at(10.0)), allowance(0, 50, false));
        assert_eq!(rate.take(Call::Read, at(59.5)), allowance(0, 1, true));
        assert_eq!(rate.take(Call::Read, at(60.0)), allowance(1, 60, false), "a new window");
    }

    #[test]
    fn reads_and_writes_are_counted_apart_and_logins_not_at_all() {
        let mut rate = Rate::default();
        rate.set(Some(1));
        let now = datetime!(2026-01-01 0:00 UTC);
        let mut refused = |call| rate.take(call, now).is_some_and(|allowance| allowance.refused);
        assert!(!refused(Call::Read) && !refused(Call::Create));
        assert!(refused(Call::Read) && refused(Call::Delete));
        assert!(!refused(Call::Login) && !refused(Call::Login));
    }
}
