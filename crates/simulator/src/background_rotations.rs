//! Rotations that the server starts itself: on schedule, or because a change made one due.

use uuid::Uuid;

use crate::{
    rotation::{IN_PROGRESS, Rotation, Trigger},
    schedule::next_midnight,
    state::State,
};

impl State {
    /// Queues a rotation if a change has moved its next date to before midnight (UTC).
    pub(crate) fn queue_if_due(&mut self, changed: &Rotation) {
        let midnight = next_midnight(self.clock.now());
        let due = changed.next_rotation_at.zip(midnight).is_some_and(|(next, midnight)| next < midnight);
        if due && changed.rotation_status != IN_PROGRESS && self.begin_rotation(&changed.id) {
            self.queued.push(changed.id.clone());
        }
    }

    /// Marks a rotation as in progress. Returns false when it does not exist.
    pub(crate) fn begin_rotation(&mut self, id: &str) -> bool {
        let found = self.rotations.iter().find(|known| known.id == id).cloned();
        let Some(mut rotation) = found else { return false };
        IN_PROGRESS.clone_into(&mut rotation.rotation_status);
        self.put(rotation);
        true
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
