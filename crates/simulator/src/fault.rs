//! Faults: their effects, the calls to which they apply, and how often.

use std::time::Duration;

use crate::{
    call::Call,
    fault_effect::{Effect, Moment, RetryAfter},
};

/// To which of the matching calls a fault applies, after the skipped ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pick {
    Each,
    Every(u64),
    Chance { probability: f64, seed: u64 },
}

/// A fault, which applies to every matching call unless it is limited.
///
/// Several faults may apply to one call: their delays add up, and of the others
/// only the first takes effect. Each counts all calls that match it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(crate) call: Call,
    pub(crate) effect: Effect,
    pub(crate) moment: Moment,
    pub(crate) skip: u64,
    pub(crate) times: Option<u64>,
    pub(crate) pick: Pick,
}

/// The default length of a huge body, which is longer than any real response.
pub(crate) const HUGE: u64 = 64 * 1024 * 1024;

impl Fault {
    /// A fault that takes effect before the call is executed, except for
    /// [`Effect::Truncate`], which needs a response.
    #[must_use]
    pub fn new(call: Call, effect: Effect) -> Self {
        let moment = if effect == Effect::Truncate { Moment::After } else { Moment::Before };
        Self { call, effect, moment, skip: 0, times: None, pick: Pick::Each }
    }

    /// The response is delayed, and the call is executed after the delay.
    #[must_use]
    pub fn delay(call: Call, by: Duration) -> Self {
        Self::new(call, Effect::Delay(by))
    }

    /// The call is not executed, and the connection is closed without a response.
    #[must_use]
    pub fn drop_before(call: Call) -> Self {
        Self::new(call, Effect::Drop)
    }

    /// The call is executed, and the connection is closed without a response.
    #[must_use]
    pub fn drop_after(call: Call) -> Self {
        Self::new(call, Effect::Drop).after_commit()
    }

    /// The call is executed, and the second half of the response is missing.
    #[must_use]
    pub fn truncate(call: Call) -> Self {
        Self::new(call, Effect::Truncate)
    }

    /// The call is not executed, and the response is an error in the API's own format.
    #[must_use]
    pub fn status(call: Call, status: u16) -> Self {
        Self::new(call, Effect::Status { status, retry_after: None })
    }

    /// The call is not executed, and the response is a proxy's page.
    #[must_use]
    pub fn html(call: Call, status: u16) -> Self {
        Self::new(call, Effect::Html { status })
    }

    /// The call is not executed, and the response is this text, sent as JSON.
    #[must_use]
    pub fn body(call: Call, status: u16, text: impl Into<String>) -> Self {
        Self::new(call, Effect::Body { status, text: text.into() })
    }

    /// The call is not executed, and the response is 64 MiB long.
    #[must_use]
    pub fn huge(call: Call) -> Self {
        Self::new(call, Effect::Huge { bytes: HUGE })
    }

    /// The call is not executed, and the response is a redirect to this URL, with status 302.
    #[must_use]
    pub fn redirect(call: Call, to: impl Into<String>) -> Self {
        Self::new(call, Effect::Redirect { status: 302, to: to.into() })
    }

    /// The call is not executed, and the access token is reported as expired.
    #[must_use]
    pub fn token_expired(call: Call) -> Self {
        Self::new(call, Effect::TokenExpired)
    }

    /// The call is not executed, and the response is this refusal in the API's own format.
    #[must_use]
    pub fn refuse(call: Call, status: u16, error: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(call, Effect::Refuse { status, error: error.into(), message: message.into() })
    }

    /// The call is not executed, and the response is the framework's 404 for an unknown
    /// route, with a `reqId` or, like the real one, without.
    #[must_use]
    pub fn no_route(call: Call, request_id: bool) -> Self {
        Self::new(call, Effect::NoRoute { request_id })
    }

    /// OpenRouter takes this much longer, between the call's checks and its writes.
    #[must_use]
    pub fn openrouter_delay(call: Call, by: Duration) -> Self {
        Self::new(call, Effect::OpenRouterDelay(by))
    }

    /// OpenRouter refuses with this text.
    #[must_use]
    pub fn openrouter_refuses(call: Call, text: impl Into<String>) -> Self {
        Self::new(call, Effect::OpenRouterRefuses(text.into()))
    }

    /// The key is issued, but nothing is stored: the response is a 500, and the key stays live.
    #[must_use]
    pub fn fail_after_key(call: Call) -> Self {
        Self::new(call, Effect::FailAfterKey)
    }

    /// Everything is stored, but the response is the API's own 500.
    #[must_use]
    pub fn fail_after_store(call: Call) -> Self {
        Self::new(call, Effect::FailAfterStore { status: 500 })
    }

    /// Everything is stored, but a create returns 400 as if the key could not be issued.
    #[must_use]
    pub fn fail_after_store_400(call: Call) -> Self {
        Self::new(call, Effect::FailAfterStore { status: 400 })
    }

    /// Executes the call before the fault takes effect. This does not change effects
    /// that happen while the call is executed.
    #[must_use]
    pub fn after_commit(mut self) -> Self {
        self.moment = Moment::After;
        self
    }

    /// Adds a `Retry-After` header. This changes only a [`Fault::status`].
    #[must_use]
    pub fn retry_after(mut self, when: RetryAfter) -> Self {
        if let Effect::Status { retry_after, .. } = &mut self.effect {
            *retry_after = Some(when);
        }
        self
    }

    /// Does not apply to the first `calls` matching calls.
    #[must_use]
    pub fn skip(mut self, calls: u64) -> Self {
        self.skip = calls;
        self
    }

    /// Applies this many times at most.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Applies to the `n`th matching call, the `2n`th, and so on; 0 counts as 1.
    #[must_use]
    pub fn every(mut self, n: u64) -> Self {
        self.pick = Pick::Every(n.max(1));
        self
    }

    /// Applies at random with this probability (0 to 1). The same seed selects
    /// the same calls, counted from the first that matches.
    #[must_use]
    pub fn chance(mut self, probability: f64, seed: u64) -> Self {
        self.pick = Pick::Chance { probability, seed };
        self
    }

    /// The name of the effect on the command line.
    pub(crate) fn name(&self) -> &'static str {
        match (&self.effect, self.moment) {
            (Effect::Delay(_), _) => "delay",
            (Effect::Drop, Moment::Before) => "drop-before",
            (Effect::Drop, Moment::After) => "drop-after",
            (Effect::Truncate, _) => "truncate",
            (Effect::Status { .. }, _) => "status",
            (Effect::Html { .. }, _) => "html",
            (Effect::Body { .. }, _) => "body",
            (Effect::Huge { .. }, _) => "huge",
            (Effect::Redirect { .. }, _) => "redirect",
            (Effect::TokenExpired, _) => "token-expired",
            (Effect::Refuse { .. }, _) => "refuse",
            (Effect::NoRoute { .. }, _) => "no-route",
            (Effect::OpenRouterDelay(_), _) => "openrouter-delay",
            (Effect::OpenRouterRefuses(_), _) => "openrouter-refuses",
            (Effect::FailAfterKey, _) => "fail-after-key",
            (Effect::FailAfterStore { .. }, _) => "fail-after-store",
        }
    }
}
