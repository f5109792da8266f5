//! What faults do.

use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The answer comes this much later; the call itself is well.
    Delay(Duration),
    /// The connection is closed without an answer.
    Drop,
    /// The call is done, but half of the answer is cut off and the connection closed.
    Truncate,
    /// An error in the API's own form, with a `reqId`.
    Status {
        /// 400 to 599.
        status: u16,
        /// The `Retry-After` header.
        retry_after: Option<RetryAfter>,
    },
    /// A page of HTML, as a proxy in front of the server sends it.
    Html {
        /// Any status, 200 too.
        status: u16,
    },
    /// This text, sent as JSON.
    Body {
        /// The answer's status.
        status: u16,
        /// It need not be JSON.
        text: String,
    },
    /// An endless-looking JSON answer with status 200.
    Huge {
        /// Its length.
        bytes: u64,
    },
    /// A redirect.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// The `Location` header.
        to: String,
    },
    /// The access token that was sent counts as expired, for good if a login handed it out.
    TokenExpired,
    /// Any refusal in the API's own form, with a `reqId`.
    Refuse {
        /// 400 to 599.
        status: u16,
        /// The refusal's name, such as `PermissionDenied`.
        error: String,
        /// What the server says.
        message: String,
    },
    /// The framework's 404 for a route that the server doesn't have.
    NoRoute {
        /// Whether it carries a `reqId`, which the framework leaves out.
        request_id: bool,
    },
    /// OpenRouter takes this much longer, after the call's checks and before its
    /// writes. For calls that reach OpenRouter; others don't notice.
    OpenRouterDelay(Duration),
    /// OpenRouter refuses with this text, and no key is issued or revoked. For
    /// calls that reach OpenRouter; others don't notice.
    OpenRouterRefuses(String),
    /// OpenRouter did its part, but the database fails: nothing is stored, and
    /// the new key stays live. For calls that reach OpenRouter; others don't notice.
    FailAfterKey,
    /// All is stored, and then the server fails. For calls that reach OpenRouter; others don't notice.
    FailAfterStore {
        /// What a create answers with: 500, or 400 for the kind that blames the issuing of the key.
        status: u16,
    },
}

impl Effect {
    /// Whether it happens inside of the server, while the call is done.
    pub(crate) fn is_inside(&self) -> bool {
        matches!(
            self,
            Self::OpenRouterDelay(_) | Self::OpenRouterRefuses(_) | Self::FailAfterKey | Self::FailAfterStore { .. }
        )
    }
}

/// The form of a `Retry-After` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u32),
    /// As an HTTP date, so many seconds from the simulator's now.
    Date(u32),
}

/// Whether the call is done when the fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nothing was done.
    Before,
    /// The call was done; only its answer is spoilt.
    After,
}
