//! The dates at which keys are replaced.

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, Time};

/// The time of day (UTC) at which keys are replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RotateAtUtc {
    /// 0 to 23.
    pub hours: f64,
    /// 0 to 59.
    pub minutes: f64,
}

/// When a key issued at `last` is due to be replaced: `interval_days` later, at
/// the given time of day (UTC). After a manual rotation at that time of day or
/// later it is one day more, so that the whole interval passes.
///
/// Returns `None` when that is beyond the calendar.
pub(crate) fn next_rotation(
    last: OffsetDateTime,
    interval_days: f64,
    at: RotateAtUtc,
    by_hand: bool,
) -> Option<OffsetDateTime> {
    let time_of_day = time_of_day(at)?;
    #[expect(clippy::cast_possible_truncation, reason = "out of range saturates and is refused below")]
    let days = time::Duration::DAY.checked_mul(interval_days as i32)?;
    let later = by_hand && (last.hour(), last.minute()) >= (time_of_day.hour(), time_of_day.minute());
    let more = if later { time::Duration::DAY } else { time::Duration::ZERO };
    Some(last.checked_add(days)?.checked_add(more)?.replace_time(time_of_day))
}

/// Tomorrow at this time of day, when a failed rotation is retried.
pub(crate) fn tomorrow_at(now: OffsetDateTime, at: RotateAtUtc) -> Option<OffsetDateTime> {
    Some(now.checked_add(time::Duration::DAY)?.replace_time(time_of_day(at)?))
}

/// The next midnight.
pub(crate) fn next_midnight(now: OffsetDateTime) -> Option<OffsetDateTime> {
    tomorrow_at(now, RotateAtUtc::default())
}

/// Fractions are truncated, as in JavaScript's dates.
fn time_of_day(at: RotateAtUtc) -> Option<Time> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 59 by the schema")]
    Time::from_hms(at.hours as u8, at.minutes as u8, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_next_rotation_is_at_the_configured_time_of_day() {
        let last = datetime!(2026-01-05 7:08:09.5 UTC);
        let at = |hours, minutes| RotateAtUtc { hours, minutes };
        assert_eq!(next_rotation(last, 30.0, at(4.0, 15.0), false), Some(datetime!(2026-02-04 4:15 UTC)));
        assert_eq!(next_rotation(last, 1e9, at(0.0, 0.0), false), None, "beyond the calendar");
        assert_eq!(tomorrow_at(last, at(4.0, 15.0)), Some(datetime!(2026-01-06 4:15 UTC)));
    }

    #[test]
    fn after_a_manual_rotation_late_in_the_day_the_next_is_one_day_later() {
        let last = datetime!(2026-01-05 7:08:09.5 UTC);
        for (hours, minutes, due) in [
            (7.0, 7.0, datetime!(2026-01-07 7:07 UTC)),
            (7.0, 8.0, datetime!(2026-01-07 7:08 UTC)),
            (7.0, 9.0, datetime!(2026-01-06 7:09 UTC)),
            (0.0, 0.0, datetime!(2026-01-07 0:00 UTC)),
        ] {
            assert_eq!(next_rotation(last, 1.0, RotateAtUtc { hours, minutes }, true), Some(due));
        }
    }
}
