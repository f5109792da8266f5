//! What the server's thread and the controls share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{api::Incoming, faults::Strike, rate::Allowance, record::Recorded, state::State};

/// The state under its lock, and what never changes.
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) log: Option<fn(&Recorded)>,
}

impl Shared {
    pub(crate) fn new(state: State, url: String, log: Option<fn(&Recorded)>) -> Self {
        let token = state.logins.fixed_token.clone();
        Self { state: Mutex::new(state), url, token, log }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A closure given to `edit` may have panicked; what it left is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request's arrival. Faults don't see what the rate limit refuses.
    pub(crate) fn arrive(&self, incoming: &Incoming) -> (usize, Option<Allowance>, Strike) {
        let mut state = self.state();
        let now = state.clock.now();
        let call = incoming.call();
        let mut record = incoming.record(&state.logins, now);
        let allowance = state.rate.take(call, now);
        let refused = allowance.as_ref().is_some_and(|allowance| allowance.refused);
        let strike = if refused { Strike::default() } else { state.faults.strike(call) };
        record.faults.clone_from(&strike.names);
        (state.records.add(record), allowance, strike)
    }

    /// Notes a request's answer.
    pub(crate) fn leave(&self, number: usize, status: Option<u16>) {
        let record = self.state().records.answered(number, status);
        if let (Some(log), Some(record)) = (self.log, record) {
            log(&record);
        }
    }
}
