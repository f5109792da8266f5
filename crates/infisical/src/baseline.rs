//! The state of a rotation before its key is replaced, to tell afterwards whether that has happened.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Which key was in use, and since when. It can be kept for a later run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Which of the two keys is in use.
    pub active_index: Option<i64>,
    /// When the key was last replaced (RFC 3339).
    pub last_rotated_at: Option<String>,
}

impl Baseline {
    /// Whether the key was replaced between this state and `now`.
    pub(super) fn is_before(&self, now: &Self) -> bool {
        let index_differs = match (self.active_index, now.active_index) {
            (Some(before), Some(now)) => before != now,
            _ => false,
        };
        match (self.date(), now.date()) {
            (Some(before), Some(now)) => now > before || (now == before && index_differs),
            _ => index_differs,
        }
    }

    /// The later of the two.
    pub(super) fn later(self, other: Self) -> Self {
        match (self.date(), other.date()) {
            (Some(one), Some(two)) if one > two => self,
            (Some(_), None) => self,
            (None, None) if other.active_index.is_none() => self,
            _ => other,
        }
    }

    fn date(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(self.last_rotated_at.as_deref()?, &Rfc3339).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(active_index: Option<i64>, date: Option<&str>) -> Baseline {
        Baseline { active_index, last_rotated_at: date.map(str::to_owned) }
    }

    #[test]
    fn a_key_was_replaced_if_the_date_or_else_the_index_moved_on() {
        let (early, late) = (Some("2026-01-01T00:00:00.000Z"), Some("2026-01-01T00:00:00.001Z"));
        for (name, before, now, passed) in [
            ("no change", (Some(0), early), (Some(0), early), false),
            ("both changed", (Some(0), early), (Some(1), late), true),
            ("twice", (Some(0), early), (Some(0), late), true),
            ("an older state", (Some(1), late), (Some(0), early), false),
            ("the index alone", (Some(0), early), (Some(1), early), true),
            ("no dates", (Some(0), None), (Some(1), None), true),
            ("a first date", (Some(0), None), (Some(0), late), false),
            ("nothing known", (None, None), (None, None), false),
        ] {
            let now = baseline(now.0, now.1);
            assert_eq!(baseline(before.0, before.1).is_before(&now), passed, "{name}");
        }
    }

    #[test]
    fn the_later_of_two_is_what_counts() {
        let early = baseline(Some(0), Some("2026-01-01T00:00:00Z"));
        let late = baseline(Some(1), Some("2026-01-02T00:00:00Z"));
        assert_eq!(early.clone().later(late.clone()), late);
        assert_eq!(late.clone().later(early), late);
        assert_eq!(late.clone().later(Baseline::default()), late);
        assert_eq!(Baseline::default().later(late.clone()), late);
    }
}
