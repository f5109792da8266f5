//! Points in time.

use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::text_type;

text_type! {
    /// A point in time as RFC 3339 writes it: `1985-04-12T23:20:50.52Z`. The same instant means the same in each time zone.
    Timestamp: OffsetDateTime = parsed;
    "Invalid RFC3339 String Value", "a timestamp in the format of RFC 3339, such as `2000-01-02T03:04:05Z`"
}

impl Timestamp {
    /// The instant.
    #[must_use]
    pub fn system_time(&self) -> SystemTime {
        self.parsed().map_or(SystemTime::UNIX_EPOCH, SystemTime::from)
    }
}

fn parsed(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}
