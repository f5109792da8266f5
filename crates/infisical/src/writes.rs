//! Counts writes, which make lists stale.

use std::sync::atomic::{AtomicU64, Ordering};

/// The number of writes by a client to objects of all kinds: a connection's new name shows in its rotations as well.
#[derive(Default)]
pub(super) struct Writes(AtomicU64);

impl Writes {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Counts a write when it begins, and once more when the value is dropped.
    pub(super) fn begin(&self) -> Write<'_> {
        self.add();
        Write(self)
    }

    fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A write in progress.
pub(super) struct Write<'a>(&'a Writes);

impl Drop for Write<'_> {
    fn drop(&mut self) {
        self.0.add();
    }
}
