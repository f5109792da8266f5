//! Points in time.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::text_type::{Text, TextType};

/// Points in time as RFC 3339 writes them.
#[derive(Debug)]
pub enum TimestampType {}

/// A point in time as RFC 3339 writes it: `1985-04-12T23:20:50.52Z`. The same instant means the same in each time zone.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use tfplug::text::Timestamp;
///
/// let at = Timestamp::new("1970-01-01T01:00:00+01:00").unwrap();
/// assert_eq!(at.system_time(), SystemTime::UNIX_EPOCH);
/// assert!(at.means_the_same(&Timestamp::new("1970-01-01T00:00:00Z").unwrap()));
/// let later = Timestamp::new("1970-01-01T00:00:01.5Z").unwrap();
/// assert_eq!(later.system_time(), SystemTime::UNIX_EPOCH + Duration::from_millis(1500));
/// ```
pub type Timestamp = Text<TimestampType>;

impl TextType for TimestampType {
    /// Nanoseconds since 1970.
    type Parsed = i128;
    const SUMMARY: &'static str = "Invalid RFC3339 String Value";
    const ALLOWED: &'static str = "a timestamp in the format of RFC 3339, such as `2000-01-02T03:04:05Z`";

    fn parse(text: &str) -> Option<i128> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp_nanos)
    }

    fn reason(text: &str) -> Option<String> {
        OffsetDateTime::parse(text, &Rfc3339).err().map(|error| error.to_string())
    }
}

impl Timestamp {
    /// The instant, or 1970 if the system's clock cannot hold it: that of Windows begins in 1601.
    #[must_use]
    pub fn system_time(&self) -> SystemTime {
        let nanoseconds = self.parsed().unsigned_abs();
        let seconds = u64::try_from(nanoseconds / 1_000_000_000).unwrap_or(u64::MAX);
        let length = Duration::new(seconds, u32::try_from(nanoseconds % 1_000_000_000).unwrap_or_default());
        let epoch = SystemTime::UNIX_EPOCH;
        let time = if *self.parsed() < 0 { epoch.checked_sub(length) } else { epoch.checked_add(length) };
        time.unwrap_or(epoch)
    }
}
