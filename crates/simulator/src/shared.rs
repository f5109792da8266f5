//! The data that the server's thread and the handles share.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::watch;

use crate::{
    active_faults::CallFaults, api::Incoming, call::Route, rate_limit::Allowance, recorded_request::RecordedRequest,
    state::State,
};

/// The state, protected by a lock, and what does not need the lock.
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) log: Option<fn(&RecordedRequest)>,
    pub(crate) idle_timeout: watch::Sender<Option<Duration>>,
    executing: AtomicUsize,
}

/// Counts one request for as long as it is executed.
pub(crate) struct Executing<'a>(&'a AtomicUsize);

impl Drop for Executing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}

impl Shared {
    pub(crate) fn new(
        state: State,
        url: String,
        log: Option<fn(&RecordedRequest)>,
        idle_timeout: Option<Duration>,
    ) -> Self {
        let token = state.logins.fixed_token.clone();
        let (idle_timeout, executing) = (watch::Sender::new(idle_timeout), AtomicUsize::new(0));
        Self { state: Mutex::new(state), url, token, log, idle_timeout, executing }
    }

    /// Counts a request until the result is dropped.
    pub(crate) fn execute(&self) -> Executing<'_> {
        self.executing.fetch_add(1, Ordering::Acquire);
        Executing(&self.executing)
    }

    /// Whether a request is being executed.
    pub(crate) fn is_busy(&self) -> bool {
        self.executing.load(Ordering::Acquire) > 0
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A closure passed to `edit` may have panicked, but it works on a copy, so the state is consistent.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request on arrival. Faults do not apply to what the rate limit refuses.
    pub(crate) fn arrive(&self, incoming: &Incoming) -> (usize, Option<Allowance>, CallFaults) {
        let mut state = self.state();
        let now = state.clock.now();
        let route = Route::of(&incoming.method, &incoming.path);
        let mut record = incoming.record(&state.logins, now);
        // The server counts a call once its token and the format of its body are valid.
        let counts = state.admit(incoming, route.call).is_ok();
        let allowance = if counts { state.rate.take(&route, now) } else { None };
        let refused = allowance.as_ref().is_some_and(|allowance| allowance.refused);
        let call_faults = if refused { CallFaults::default() } else { state.faults.apply_to(route.call) };
        record.faults.clone_from(&call_faults.names);
        (state.records.add(record), allowance, call_faults)
    }

    /// Records the status of the response.
    pub(crate) fn leave(&self, number: usize, status: Option<u16>) {
        let record = self.state().records.set_status(number, status);
        if let (Some(log), Some(record)) = (self.log, record) {
            log(&record);
        }
    }
}
