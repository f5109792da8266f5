//! What a caller already knows of an object that it reads, so that an answer out of a lagging replica is noticed.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The dates of an object as the caller saw them last (RFC 3339), both set by the server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// When it was created. A young object isn't gone because one read says so.
    pub created_at: Option<&'a str>,
    /// When it was last changed. An answer with an earlier date shows the past.
    pub updated_at: Option<&'a str>,
}

impl Known<'_> {
    /// Whether an object that was last changed at that time is older than what the caller has seen. Both dates are the
    /// server's own, so no clock of ours matters.
    pub(super) fn is_newer_than(&self, updated_at: Option<&str>) -> bool {
        let date = |text: Option<&str>| text.and_then(parse);
        date(self.updated_at).zip(date(updated_at)).is_some_and(|(known, found)| found < known)
    }

    /// Whether the object is younger than this by one of these clocks.
    pub(super) fn is_younger_than(&self, age: Duration, now: impl IntoIterator<Item = OffsetDateTime>) -> bool {
        let created_at = self.created_at.and_then(parse);
        created_at.is_some_and(|created_at| now.into_iter().any(|now| now - created_at < age))
    }
}

fn parse(date: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(date, &Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_earlier_date_shows_the_past() {
        let known = Known { updated_at: Some("2026-01-01T00:00:01.000Z"), ..Known::default() };
        for (found, past) in [
            (Some("2026-01-01T00:00:00.999Z"), true),
            (Some("2026-01-01T00:00:01Z"), false),
            (Some("2026-01-01T00:00:02.000Z"), false),
            (Some("yesterday"), false),
            (None, false),
        ] {
            assert_eq!(known.is_newer_than(found), past, "{found:?}");
        }
        assert!(!Known::default().is_newer_than(Some("2026-01-01T00:00:00Z")));
    }

    #[test]
    fn an_object_is_young_if_one_of_the_clocks_says_so() {
        let known = Known { created_at: Some("2026-01-01T00:00:00Z"), ..Known::default() };
        let at = |text| parse(text).unwrap();
        let age = Duration::from_secs(60);
        assert!(known.is_younger_than(age, [at("2026-01-01T00:10:00Z"), at("2026-01-01T00:00:30Z")]));
        assert!(!known.is_younger_than(age, [at("2026-01-01T00:01:00Z")]));
        assert!(!Known::default().is_younger_than(age, [at("2026-01-01T00:00:00Z")]));
    }
}
