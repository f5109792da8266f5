//! The simulator's own clock: the machine's, plus what a test moved it forward.

use std::time::{Duration, SystemTime};

use time::{OffsetDateTime, Time};

/// The time as the simulator sees it; it only ever runs ahead of the machine's.
#[derive(Default)]
pub(crate) struct Clock {
    ahead: Duration,
}

impl Clock {
    pub(crate) fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from(SystemTime::now() + self.ahead)
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.ahead += by;
    }
}

/// A time as the API writes it: UTC with milliseconds, `2026-01-31T08:00:00.000Z`.
pub(crate) fn stamp(at: OffsetDateTime) -> String {
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second, millisecond) = at.to_hms_milli();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z")
}

/// A time as HTTP headers write it, to the second.
pub(crate) fn http_date(at: OffsetDateTime) -> String {
    httpdate::fmt_http_date(at.into())
}

/// When a key issued at `last` is due to be replaced: so many days later, at
/// the given time of day (UTC). Fractions are cut off, as JavaScript's dates do.
///
/// None when that lies beyond the calendar.
pub(crate) fn next_rotation(
    last: OffsetDateTime,
    interval_days: f64,
    hours: f64,
    minutes: f64,
) -> Option<OffsetDateTime> {
    #[expect(clippy::cast_possible_truncation, reason = "out of range saturates and is refused below")]
    let days = time::Duration::DAY.checked_mul(interval_days as i32)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 59 by the schema")]
    let time_of_day = Time::from_hms(hours as u8, minutes as u8, 0).ok()?;
    Some(last.checked_add(days)?.replace_time(time_of_day))
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
    fn the_next_rotation_keeps_the_time_of_day_that_was_asked_for() {
        let last = datetime!(2026-01-05 7:08:09.5 UTC);
        assert_eq!(next_rotation(last, 30.0, 4.0, 15.0), Some(datetime!(2026-02-04 4:15 UTC)));
        assert_eq!(next_rotation(last, 1e9, 0.0, 0.0), None, "beyond the calendar");
    }

    #[test]
    fn advancing_moves_the_clock_forward() {
        let mut clock = Clock::default();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now() > OffsetDateTime::now_utc() + time::Duration::minutes(59));
    }
}
