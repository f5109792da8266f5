//! The temporary lock of an identity after wrong client secrets.

use time::{Duration, OffsetDateTime};

use crate::response::Refusal;

/// The number of consecutive wrong secrets that locks the identity.
const THRESHOLD: u32 = 3;
/// The time after which a wrong secret is no longer counted with the next one.
const RESET: Duration = Duration::seconds(30);
/// How long the identity stays locked.
const LOCKED: Duration = Duration::seconds(300);

/// Counts the wrong secrets of one identity.
#[derive(Default)]
pub(crate) struct Lockout {
    failures: u32,
    /// When the count is reset.
    until: Option<OffsetDateTime>,
}

impl Lockout {
    /// Refuses a login while the identity is locked, even with the right secret.
    pub(crate) fn check(&self, now: OffsetDateTime) -> Result<(), Refusal> {
        let holds = self.until.is_some_and(|until| now < until);
        if holds && self.failures >= THRESHOLD {
            return Err(Refusal::unauthorized(
                "This identity auth method is temporarily locked, please try again later",
            ));
        }
        Ok(())
    }

    /// Counts a wrong secret.
    pub(crate) fn wrong(&mut self, now: OffsetDateTime) {
        if self.until.is_none_or(|until| now >= until) {
            self.failures = 0;
        }
        self.failures += 1;
        self.until = Some(now + if self.failures >= THRESHOLD { LOCKED } else { RESET });
    }

    /// Resets the count after a right secret.
    pub(crate) fn right(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn three_wrong_secrets_at_most_30_seconds_apart_lock_for_300() {
        let start = datetime!(2026-01-01 0:00 UTC);
        let at = |seconds| start + Duration::seconds(seconds);
        let mut lockout = Lockout::default();
        for seconds in [0, 29, 58] {
            assert!(lockout.check(at(seconds)).is_ok(), "{seconds}");
            lockout.wrong(at(seconds));
        }
        assert!(lockout.check(at(59)).is_err() && lockout.check(at(357)).is_err());
        assert!(lockout.check(at(358)).is_ok(), "300 seconds later");
        lockout.wrong(at(358));
        assert!(lockout.check(at(358)).is_ok(), "the count starts again");
    }

    #[test]
    fn time_and_a_right_secret_reset_the_count() {
        let start = datetime!(2026-01-01 0:00 UTC);
        let at = |seconds| start + Duration::seconds(seconds);
        let mut lockout = Lockout::default();
        for seconds in [0, 30, 60, 90] {
            lockout.wrong(at(seconds));
            assert!(lockout.check(at(seconds)).is_ok(), "more than 30 seconds apart");
        }
        let mut lockout = Lockout::default();
        lockout.wrong(at(0));
        lockout.wrong(at(1));
        lockout.right();
        lockout.wrong(at(2));
        assert!(lockout.check(at(2)).is_ok());
    }
}
