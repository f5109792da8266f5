//! The state that all calls on one kind of object share: the lists, the objects that existed before, and those that
//! were created.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::inventory::Inventory;
use super::latest::Latest;
use super::lists::Lists;
use super::writes::{Write, Writes};

/// The server's replicas may lag. An object younger than this may exist even if one of them does not know it.
pub(super) const YOUNG: Duration = Duration::from_secs(60);

/// The state that all calls on one kind of object share.
pub(super) struct Shared<O> {
    pub(super) lists: Lists<O>,
    pub(super) inventory: Inventory,
    pub(super) latest: Latest,
    /// The objects that this client created, and when.
    made: Mutex<HashMap<String, Instant>>,
    /// When this client last created or changed an object.
    written: Mutex<Option<Instant>>,
    /// When this client last deleted an object.
    deleted: Mutex<Option<Instant>>,
    writes: Arc<Writes>,
}

impl<O: Clone> Shared<O> {
    pub(super) fn new(writes: Arc<Writes>) -> Self {
        let lists = Lists::new(writes.clone());
        let (inventory, latest) = (Inventory::default(), Latest::default());
        let (made, written, deleted) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { lists, inventory, latest, made, written, deleted, writes }
    }

    /// Makes all lists stale, now and again when the value is dropped.
    pub(super) fn write(&self) -> Write<'_> {
        self.writes.begin()
    }

    /// Assigns an object to the create that made it; `false` if it is already assigned to another.
    pub(super) fn claim(&self, id: &str) -> bool {
        self.wrote();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(id.to_owned(), Instant::now()).is_none()
    }

    /// Whether the object is assigned to a create.
    pub(super) fn is_claimed(&self, id: &str) -> bool {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    /// Whether this client created the object recently.
    pub(super) fn was_made_lately(&self, id: &str) -> bool {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(id).is_some_and(|at| at.elapsed() < YOUNG)
    }

    /// Remembers that this client has just created or changed an object.
    pub(super) fn wrote(&self) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether this client created or changed any object recently.
    pub(super) fn has_written_any_lately(&self) -> bool {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at.elapsed() < YOUNG)
    }

    /// Whether this client deleted any object recently.
    pub(super) fn has_deleted_any_lately(&self) -> bool {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at.elapsed() < YOUNG)
    }

    /// Forgets an object that this client deleted.
    pub(super) fn forget(&self, id: &str) {
        *self.deleted.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.made.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}
