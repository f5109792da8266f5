//! When the server replaces a key next, by its own rule.

use std::time::SystemTime;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, Time, UtcOffset};

use super::rotation::RotateAtUtc;

/// What the date of the next scheduled rotation follows from.
#[derive(Debug, Clone, Copy)]
pub struct NextRotation<'a> {
    /// When the key was last replaced (RFC 3339).
    pub last_rotated_at: &'a str,
    /// Whether that was a creation or a rotation by hand.
    pub was_by_hand: bool,
    /// Days between two keys.
    pub interval_days: i64,
    /// The time of day at which the key is replaced.
    pub at: RotateAtUtc,
}

impl NextRotation<'_> {
    /// Whether the date is before the first midnight (UTC) after `now`. If a change of the schedule leads to such a date,
    /// the server replaces the key at once.
    #[must_use]
    pub fn is_due(&self, now: SystemTime) -> bool {
        let tomorrow = OffsetDateTime::from(now).to_offset(UtcOffset::UTC).date().next_day();
        self.date().zip(tomorrow).is_some_and(|(date, tomorrow)| date < tomorrow.midnight().assume_utc())
    }

    /// The last date plus the interval. When the last rotation was by hand and later in the day than the scheduled time, it
    /// is one day more, so that a full interval passes.
    fn date(&self) -> Option<OffsetDateTime> {
        let last = OffsetDateTime::parse(self.last_rotated_at, &Rfc3339).ok()?.to_offset(UtcOffset::UTC);
        let (hour, minute) = (u8::try_from(self.at.hours).ok()?, u8::try_from(self.at.minutes).ok()?);
        let is_late = self.was_by_hand && (last.hour(), last.minute()) >= (hour, minute);
        let days = self.interval_days.checked_add(i64::from(is_late)).filter(|days| *days < 1_000_000)?;
        let date = last.date().checked_add(Duration::days(days))?;
        Some(date.with_time(Time::from_hms(hour, minute, 0).ok()?).assume_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_due_on_the_last_day_of_its_interval() {
        let now = OffsetDateTime::parse("2026-01-31T10:00:00Z", &Rfc3339).unwrap();
        for (last_rotated_at, was_by_hand, interval_days, hours, due) in [
            ("2026-01-01T12:00:00.000Z", false, 30, 0, true),
            ("2026-01-01T12:00:00Z", true, 30, 0, false), // one day more
            ("2026-01-01T12:00:00Z", true, 30, 12, false),
            ("2026-01-01T12:00:00Z", true, 30, 13, true), // later today
            ("2026-01-02T12:00:00Z", false, 30, 0, false),
            ("2025-01-01T12:00:00Z", true, 30, 0, true),
            ("2025-01-01T12:00:00Z", false, 999_999, 0, false),
            ("some day", false, 1, 0, false),
        ] {
            let at = RotateAtUtc { hours, minutes: 0 };
            let next = NextRotation { last_rotated_at, was_by_hand, interval_days, at };
            assert_eq!(next.is_due(now.into()), due, "{next:?}");
        }
    }
}
