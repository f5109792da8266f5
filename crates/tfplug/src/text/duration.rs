//! Lengths of time.

use std::time::Duration;

use super::text_type::{Text, TextType};
use crate::duration::nanoseconds;

/// Lengths of time as Go writes them.
#[derive(Debug)]
pub enum GoDurationType {}

/// A length of time as Go writes it: `1h30m`, `1.5h`, `300ms`, also negative. `60s` and `1m` mean the same.
///
/// ```
/// use std::time::Duration;
/// use tfplug::text::GoDuration;
///
/// let lifetime = GoDuration::new("1.5h").unwrap();
/// assert_eq!(lifetime.duration(), Some(Duration::from_secs(5400)));
/// assert!(lifetime.means_the_same(&GoDuration::new("90m").unwrap()));
/// let back = GoDuration::new("-1s").unwrap();
/// assert_eq!((back.duration(), back.nanoseconds()), (None, -1_000_000_000));
/// ```
pub type GoDuration = Text<GoDurationType>;

impl TextType for GoDurationType {
    /// The length in nanoseconds.
    type Parsed = i64;
    const SUMMARY: &'static str = "Invalid Time Duration String Value";
    const ALLOWED: &'static str = "a duration of numbers with the units h, m, s, ms, us and ns, such as `1h30m`";

    fn parse(text: &str) -> Option<i64> {
        nanoseconds(text)
    }
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
        *self.parsed()
    }
}
