//! The newest state of each object that this client has seen, so that an older one from a lagging replica is noticed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::known::is_earlier;
use super::object::Object;

/// The newest states by id.
#[derive(Default)]
pub(super) struct Latest(Mutex<HashMap<String, State>>);

/// What tells an older state of an object from a newer one. Both dates are the server's.
#[derive(Default)]
struct State {
    updated_at: Option<String>,
    last_rotated_at: Option<String>,
    active_index: Option<i64>,
}

impl Latest {
    /// Remembers the state of an object, unless a newer one is known.
    pub(super) fn note<O: Object>(&self, object: &O) {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states.entry(object.id().to_ascii_lowercase()).or_default();
        if state.is_newer_than(object) {
            return;
        }
        let text = |text: Option<&str>| text.map(str::to_owned);
        state.updated_at = text(object.updated_at()).or(state.updated_at.take());
        state.last_rotated_at = text(object.last_rotated_at()).or(state.last_rotated_at.take());
        state.active_index = object.active_index().or(state.active_index);
    }

    /// Whether a newer state of the object is known.
    pub(super) fn is_newer_than<O: Object>(&self, object: &O) -> bool {
        let states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        states.get(&object.id().to_ascii_lowercase()).is_some_and(|state| state.is_newer_than(object))
    }

    /// Which of a rotation's keys was in use in its newest state.
    pub(super) fn active_index(&self, id: &str) -> Option<i64> {
        let states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        states.get(&id.to_ascii_lowercase())?.active_index
    }
}

impl State {
    fn is_newer_than<O: Object>(&self, object: &O) -> bool {
        is_earlier(object.updated_at(), self.updated_at.as_deref())
            || is_earlier(object.last_rotated_at(), self.last_rotated_at.as_deref())
    }
}
