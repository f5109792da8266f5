//! Rotations that the server does by itself: by its schedule, or because a change made one due.

use uuid::Uuid;

use crate::{
    clock::next_midnight,
    rotation::{IN_PROGRESS, Rotation, Trigger},
    state::State,
};

impl State {
    /// Queues a rotation whose next date a change moved before the coming midnight.
    pub(crate) fn queue_if_due(&mut self, changed: &Rotation) {
        let midnight = next_midnight(self.clock.now());
        let due = changed.next_rotation_at.zip(midnight).is_some_and(|(next, midnight)| next < midnight);
        if due && changed.rotation_status != IN_PROGRESS && self.begin_rotation(&changed.id) {
            self.queued.push(changed.id.clone());
        }
    }

    /// Puts a rotation in progress; false when there is no such rotation.
    pub(crate) fn begin_rotation(&mut self, id: &str) -> bool {
        let found = self.rotations.iter().find(|known| known.id == id).cloned();
        let Some(mut rotation) = found else { return false };
        IN_PROGRESS.clone_into(&mut rotation.rotation_status);
        self.put(rotation);
        true
    }

    /// Does what was queued; it counts as done by hand, since a change asked for it.
    pub(crate) fn end_queued(&mut self, id: &str) {
        let job = Some(format!("secret-rotation-v2-rotate-{id}"));
        // One that was deleted meanwhile needs no rotation any more.
        drop(self.run_rotation(id, Trigger { by_hand: true, job }, None));
    }

    /// Rotates by schedule; false when there is no such rotation.
    pub(crate) fn rotate_by_schedule(&mut self, id: &str) -> bool {
        let job = Some(format!("secret-rotation-v2-{}", Uuid::new_v4()));
        self.run_rotation(id, Trigger { by_hand: false, job }, None).is_some()
    }
}
