//! Lengths of time.

use std::time::Duration;

use super::text_type;
use crate::duration::nanoseconds;

text_type! {
    /// A length of time as Go writes it: `1h30m`, `1.5h`, `300ms`, also negative. `60s` and `1m` mean the same.
    GoDuration: i64 = nanoseconds;
    "Invalid Time Duration String Value", "a duration of numbers with the units h, m, s, ms, us and ns, such as `1h30m`"
}

impl GoDuration {
    /// The length; `None` for one below zero.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        u64::try_from(self.nanoseconds()).ok().map(Duration::from_nanos)
    }

    /// The length in nanoseconds, which is all that Go's own durations hold: up to 292 years.
    #[must_use]
    pub fn nanoseconds(&self) -> i64 {
        self.parsed().unwrap_or_default()
    }
}
