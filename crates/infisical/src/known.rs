//! What the caller of a read already knows about the object, so that a stale response from a lagging replica is
//! noticed.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The dates of an object when the caller last saw it (RFC 3339), both set by the server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// When it was created. A young object still exists even if one read does not find it.
    pub created_at: Option<&'a str>,
    /// When it was last changed. A response with an earlier date is stale.
    pub updated_at: Option<&'a str>,
}

impl Known<'_> {
    /// Whether an object that was last changed at that time is older than the one that the caller saw. Both dates are
    /// the server's, so this machine's clock has no influence.
    pub(super) fn is_newer_than(&self, updated_at: Option<&str>) -> bool {
        is_earlier(updated_at, self.updated_at)
    }

    /// Whether the object is younger than `age` at one of these times.
    pub(super) fn is_younger_than(&self, age: Duration, now: impl IntoIterator<Item = OffsetDateTime>) -> bool {
        let created_at = self.created_at.and_then(parse);
        created_at.is_some_and(|created_at| now.into_iter().any(|now| now - created_at < age))
    }
}

/// Whether the first of two dates is the earlier one. A missing date proves nothing.
pub(super) fn is_earlier(one: Option<&str>, other: Option<&str>) -> bool {
    one.and_then(parse).zip(other.and_then(parse)).is_some_and(|(one, other)| one < other)
}

fn parse(date: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(date, &Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_earlier_date_is_stale() {
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
    fn an_object_is_young_if_it_is_at_one_of_the_times() {
        let known = Known { created_at: Some("2026-01-01T00:00:00Z"), ..Known::default() };
        let at = |text| parse(text).unwrap();
        let age = Duration::from_secs(60);
        assert!(known.is_younger_than(age, [at("2026-01-01T00:10:00Z"), at("2026-01-01T00:00:30Z")]));
        assert!(!known.is_younger_than(age, [at("2026-01-01T00:01:00Z")]));
        assert!(!Known::default().is_younger_than(age, [at("2026-01-01T00:00:00Z")]));
    }
}
