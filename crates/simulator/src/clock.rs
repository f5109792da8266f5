//! The simulator's clock, which tests can move forward, and the formats of its times.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;

/// The simulator's clock: the machine's, plus the time by which tests moved it forward, less the time by which they moved it back.
#[derive(Default)]
pub(crate) struct Clock {
    ahead: Duration,
    behind: Duration,
}

impl Clock {
    pub(crate) fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from(SystemTime::now() + self.ahead - self.behind)
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.ahead += by;
    }

    pub(crate) fn set_back(&mut self, by: Duration) {
        self.behind += by;
    }
}

/// Formats a time as the API does: UTC with milliseconds, `2026-01-31T08:00:00.000Z`.
pub(crate) fn stamp(at: OffsetDateTime) -> String {
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second, millisecond) = at.to_hms_milli();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z")
}

/// Formats a time for an HTTP header.
pub(crate) fn http_date(at: OffsetDateTime) -> String {
    httpdate::fmt_http_date(at.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn stamps_are_utc_with_milliseconds() {
        assert_eq!(stamp(datetime!(2026-01-05 7:08:09.0123 UTC)), "2026-01-05T07:08:09.012Z");
        assert_eq!(http_date(datetime!(2026-01-05 7:08:09 UTC)), "Mon, 05 Jan 2026 07:08:09 GMT");
    }

    #[test]
    fn the_clock_moves_forward_and_back() {
        let mut clock = Clock::default();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now() > OffsetDateTime::now_utc() + time::Duration::minutes(59));
        clock.set_back(Duration::from_secs(2 * 3600));
        assert!(clock.now() < OffsetDateTime::now_utc() - time::Duration::minutes(59));
    }
}
