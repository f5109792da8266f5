//! The lock that wrong secrets put on an identity.

use time::{Duration, OffsetDateTime};

use crate::answer::Refusal;

/// So many wrong secrets in a row lock the identity.
const THRESHOLD: u32 = 3;
/// A wrong secret counts together with those before it for so long.
const RESET: Duration = Duration::seconds(30);
/// So long the identity stays locked.
const LOCKED: Duration = Duration::seconds(300);

/// The wrong secrets of one identity.
#[derive(Default)]
pub(crate) struct Lockout {
    failures: u32,
    /// When all is forgotten.
    until: Option<OffsetDateTime>,
}

impl Lockout {
    /// Whether it is locked; right credentials don't help then.
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

    /// A right secret makes up for the wrong ones.
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
        assert!(lockout.check(at(358)).is_ok(), "it counts from the beginning");
    }

    #[test]
    fn time_and_a_right_secret_make_up_for_wrong_ones() {
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
