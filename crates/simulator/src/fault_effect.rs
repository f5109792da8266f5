//! The effects of faults.

use std::time::Duration;

/// What a fault does to a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The response is delayed by this time; the call itself succeeds.
    Delay(Duration),
    /// The connection is closed without a response.
    Drop,
    /// The call is executed, but the connection is closed after half of the response.
    Truncate,
    /// An error in the API's own format, with a `reqId`.
    Status {
        /// 400 to 599.
        status: u16,
        /// The `Retry-After` header.
        retry_after: Option<RetryAfter>,
    },
    /// An HTML page, as a proxy in front of the server sends it.
    Html {
        /// Any status, including 200.
        status: u16,
    },
    /// This text, sent as JSON.
    Body {
        /// The status of the response.
        status: u16,
        /// The body, which does not have to be valid JSON.
        text: String,
    },
    /// A very long JSON response with status 200.
    Huge {
        /// The length of its body.
        bytes: u64,
    },
    /// A redirect.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// The `Location` header.
        to: String,
    },
    /// The access token is reported as expired, permanently if a login issued it.
    TokenExpired,
    /// Any refusal in the API's own format, with a `reqId`.
    Refuse {
        /// 400 to 599.
        status: u16,
        /// The name of the error, such as `PermissionDenied`.
        error: String,
        /// The server's message.
        message: String,
    },
    /// The framework's 404 for a route that the server does not have.
    NoRoute {
        /// Whether the response has a `reqId`, which the framework's own has not.
        request_id: bool,
    },
    /// OpenRouter takes this much longer, after the call's checks and before its
    /// writes. It has no effect on calls that do not need OpenRouter.
    OpenRouterDelay(Duration),
    /// OpenRouter refuses with this text, and no key is issued or revoked. It has no
    /// effect on calls that do not need OpenRouter.
    OpenRouterRefuses(String),
    /// The key is issued, or the keys are revoked, but then the database fails: nothing is
    /// stored, and a new key stays live. It has no effect on calls that do not need OpenRouter.
    FailAfterKey,
    /// Everything is stored, and then the server fails. It has no effect on calls that do not need OpenRouter.
    FailAfterStore {
        /// The status that a create returns: 500, or 400 with a message that blames the issuing of the key.
        status: u16,
    },
}

impl Effect {
    /// Whether it happens inside the server, while the call is executed.
    pub(crate) fn is_inside(&self) -> bool {
        matches!(
            self,
            Self::OpenRouterDelay(_) | Self::OpenRouterRefuses(_) | Self::FailAfterKey | Self::FailAfterStore { .. }
        )
    }
}

/// The format of a `Retry-After` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u32),
    /// An HTTP date, this many seconds after the simulator's current time.
    Date(u32),
}

/// Whether the call is executed before the fault takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The fault takes effect first, and the call is not executed.
    Before,
    /// The call is executed, and only its response is affected.
    After,
}
