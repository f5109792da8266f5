//! Rotations that the server starts itself: on schedule, or because a change made one due.

use uuid::Uuid;

use time::Duration;

use crate::{
    rotation::{Rotation, Trigger},
    schedule::next_midnight,
    state::State,
};

/// How long the server holds the lock of a rotation at most.
const LOCK: Duration = Duration::MINUTE;

impl State {
    /// Queues a rotation if a change has moved its next date to before midnight (UTC).
    pub(crate) fn queue_if_due(&mut self, changed: &Rotation) {
        let midnight = next_midnight(self.clock.now());
        let due = changed.next_rotation_at.zip(midnight).is_some_and(|(next, midnight)| next < midnight);
        if due && self.lock(&changed.id) {
            self.queued.push(changed.id.clone());
        }
    }

    /// Takes the lock under which a key is replaced. Returns false when it is held already. No response shows it.
    pub(crate) fn lock(&mut self, id: &str) -> bool {
        let now = self.clock.now();
        let is_held = self.locks.get(id).is_some_and(|since| now - *since < LOCK);
        if !is_held {
            self.locks.insert(id.to_owned(), now);
        }
        !is_held
    }

    /// Begins a rotation. Returns false when it does not exist.
    pub(crate) fn begin_rotation(&mut self, id: &str) -> bool {
        let exists = self.rotations.iter().any(|known| known.id == id);
        if exists {
            self.lock(id);
        }
        exists
    }

    /// Executes a queued rotation. It counts as manual, since a change caused it.
    pub(crate) fn end_queued(&mut self, id: &str) {
        let job = Some(format!("secret-rotation-v2-rotate-{id}"));
        // Nothing is left to do if the rotation was deleted in the meantime.
        drop(self.run_rotation(id, Trigger { by_hand: true, job }, None));
    }

    /// Rotates on schedule. Returns false when the rotation does not exist.
    pub(crate) fn rotate_by_schedule(&mut self, id: &str) -> bool {
        let job = Some(format!("secret-rotation-v2-{}", Uuid::new_v4()));
        self.run_rotation(id, Trigger { by_hand: false, job }, None).is_some()
    }
}
