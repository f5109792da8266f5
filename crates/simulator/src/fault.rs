//! Faults: what goes wrong, on which calls, and how often.

use std::time::Duration;

use crate::{
    call::Call,
    effect::{Effect, Moment, RetryAfter},
};

/// Which of the matching calls a fault strikes, once those to skip are past.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pick {
    Each,
    Every(u64),
    Chance { probability: f64, seed: u64 },
}

/// One fault. It strikes every matching call unless told otherwise.
///
/// Several may match one call: their delays add up, and of the others the
/// first that strikes acts. Each counts all calls that match it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(crate) call: Call,
    pub(crate) effect: Effect,
    pub(crate) moment: Moment,
    pub(crate) skip: u64,
    pub(crate) times: Option<u64>,
    pub(crate) pick: Pick,
}

/// The length of a huge body unless another is asked for: more than any answer has.
pub(crate) const HUGE: u64 = 64 * 1024 * 1024;

impl Fault {
    /// A fault that strikes before anything is done, except [`Effect::Truncate`],
    /// for which there must be an answer.
    #[must_use]
    pub fn new(call: Call, effect: Effect) -> Self {
        let moment = if effect == Effect::Truncate { Moment::After } else { Moment::Before };
        Self { call, effect, moment, skip: 0, times: None, pick: Pick::Each }
    }

    /// The answer comes late; the call is done at the end of the delay.
    #[must_use]
    pub fn delay(call: Call, by: Duration) -> Self {
        Self::new(call, Effect::Delay(by))
    }

    /// Nothing is done, and the connection is closed without an answer.
    #[must_use]
    pub fn drop_before(call: Call) -> Self {
        Self::new(call, Effect::Drop)
    }

    /// The call is done, and the connection is closed without an answer.
    #[must_use]
    pub fn drop_after(call: Call) -> Self {
        Self::new(call, Effect::Drop).after_commit()
    }

    /// The call is done, and half of the answer is cut off.
    #[must_use]
    pub fn truncate(call: Call) -> Self {
        Self::new(call, Effect::Truncate)
    }

    /// Nothing is done, and an error in the API's own form is the answer.
    #[must_use]
    pub fn status(call: Call, status: u16) -> Self {
        Self::new(call, Effect::Status { status, retry_after: None })
    }

    /// Nothing is done, and a proxy's page is the answer.
    #[must_use]
    pub fn html(call: Call, status: u16) -> Self {
        Self::new(call, Effect::Html { status })
    }

    /// Nothing is done, and this text is the answer, sent as JSON.
    #[must_use]
    pub fn body(call: Call, status: u16, text: impl Into<String>) -> Self {
        Self::new(call, Effect::Body { status, text: text.into() })
    }

    /// Nothing is done, and the answer is 64 MiB long.
    #[must_use]
    pub fn huge(call: Call) -> Self {
        Self::new(call, Effect::Huge { bytes: HUGE })
    }

    /// Nothing is done, and the answer sends the client to this URL, with status 302.
    #[must_use]
    pub fn redirect(call: Call, to: impl Into<String>) -> Self {
        Self::new(call, Effect::Redirect { status: 302, to: to.into() })
    }

    /// The access token that was sent counts as expired.
    #[must_use]
    pub fn token_expired(call: Call) -> Self {
        Self::new(call, Effect::TokenExpired)
    }

    /// Nothing is done, and the answer is this refusal in the API's own form.
    #[must_use]
    pub fn refuse(call: Call, status: u16, error: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(call, Effect::Refuse { status, error: error.into(), message: message.into() })
    }

    /// Nothing is done, and the answer is the framework's 404 for an unknown
    /// route, with a `reqId` or, as the real one, without.
    #[must_use]
    pub fn no_route(call: Call, request_id: bool) -> Self {
        Self::new(call, Effect::NoRoute { request_id })
    }

    /// OpenRouter takes its time, between the call's checks and its writes.
    #[must_use]
    pub fn openrouter_delay(call: Call, by: Duration) -> Self {
        Self::new(call, Effect::OpenRouterDelay(by))
    }

    /// OpenRouter refuses with this text.
    #[must_use]
    pub fn openrouter_refuses(call: Call, text: impl Into<String>) -> Self {
        Self::new(call, Effect::OpenRouterRefuses(text.into()))
    }

    /// The key is issued, but nothing is stored: 500, and the key stays live.
    #[must_use]
    pub fn fail_after_key(call: Call) -> Self {
        Self::new(call, Effect::FailAfterKey)
    }

    /// All is stored, and then the answer is the API's own 500.
    #[must_use]
    pub fn fail_after_store(call: Call) -> Self {
        Self::new(call, Effect::FailAfterStore { status: 500 })
    }

    /// All is stored, and then a create answers 400 as if the key couldn't be issued.
    #[must_use]
    pub fn fail_after_store_400(call: Call) -> Self {
        Self::new(call, Effect::FailAfterStore { status: 400 })
    }

    /// The call is done first, and only then the fault strikes. Without meaning
    /// for effects that happen while the call is done.
    #[must_use]
    pub fn after_commit(mut self) -> Self {
        self.moment = Moment::After;
        self
    }

    /// With a `Retry-After` header; of use with [`Fault::status`] only.
    #[must_use]
    pub fn retry_after(mut self, when: RetryAfter) -> Self {
        if let Effect::Status { retry_after, .. } = &mut self.effect {
            *retry_after = Some(when);
        }
        self
    }

    /// The first `calls` matching calls are left alone.
    #[must_use]
    pub fn skip(mut self, calls: u64) -> Self {
        self.skip = calls;
        self
    }

    /// It strikes this often and then no more.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// It strikes the `n`th matching call, the `2n`th, and so on; 0 counts as 1.
    #[must_use]
    pub fn every(mut self, n: u64) -> Self {
        self.pick = Pick::Every(n.max(1));
        self
    }

    /// It strikes at random with this probability (0 to 1); the same seed
    /// strikes the same calls, counted from the first that matches.
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
