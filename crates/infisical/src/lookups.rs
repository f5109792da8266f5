//! When the result of a request is looked up after it failed.

use std::time::Duration;

use tokio::time::Instant;

use super::error::Error;
use super::refusal_kind::RefusalKind;

/// The wait before each lookup when the server has finished the request.
pub(super) const LAG_LOOKUPS: &[Duration] = &seconds([0, 1, 2, 4, 8]);

/// The same when the server may still be working on the request: a minute in all.
pub(super) const LOST_LOOKUPS: &[Duration] = &seconds([0, 1, 2, 4, 8, 10, 12, 12, 12]);

/// The same when the server has refused the request, and an object may be in the way.
pub(super) const ONE_LOOKUP: &[Duration] = &seconds([0]);

/// The longest time in which failed lookups are followed by others: each has a time limit and a repetition of its own.
const FAILING_AT_MOST: Duration = Duration::from_secs(120);

const fn seconds<const N: usize>(of: [u64; N]) -> [Duration; N] {
    let mut waits = [Duration::ZERO; N];
    let mut i = 0;
    while i < N {
        #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks it")]
        {
            waits[i] = Duration::from_secs(of[i]);
        }
        i += 1;
    }
    waits
}

/// Whether the next lookup may succeed although this one failed. While a server restarts, the requests to some of its
/// instances fail.
pub(super) fn may_pass(error: &Error, began: Instant) -> bool {
    let passes = match error {
        Error::Unreachable { .. } | Error::UnexpectedResponse(_) => true,
        Error::Refused(refusal) => matches!(refusal.kind(), RefusalKind::ServerFault | RefusalKind::RateLimited),
        _ => false,
    };
    passes && began.elapsed() < FAILING_AT_MOST
}
