//! What was there before this client created anything: the ids of it, so that what a lost create made can be told
//! from what others made before. No clocks are compared.
//!
//! The first create in a scope (a project) looks for its own name alone, since one read is all that a single
//! create needs. From the second create on, one list of the scope serves all of them for the rest of the run.
//! When the list can't be had, each create looks for its own name.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::Error;

/// What is known to have been there before a create.
#[derive(Clone)]
pub(super) enum Before {
    /// The ids of what was there; of all, or of what had the name.
    Known(Arc<HashSet<String>>),
    /// The identity may not look.
    Unknown,
}

impl Before {
    pub(super) fn known(ids: impl IntoIterator<Item = String>) -> Self {
        Self::Known(Arc::new(ids.into_iter().collect()))
    }
}

#[derive(Default)]
pub(super) struct Inventory {
    scopes: Mutex<HashMap<String, Arc<Scope>>>,
}

#[derive(Default)]
struct Scope {
    /// Whether a create came before.
    used: AtomicBool,
    list: tokio::sync::Mutex<List>,
}

#[derive(Default)]
enum List {
    #[default]
    NotRead,
    Read(Before),
    Unavailable,
}

impl Inventory {
    /// What was there before a create in that scope. `look` looks for its name, `list` lists the scope's ids.
    ///
    /// # Errors
    ///
    /// Those of `look`.
    pub(super) async fn before<L, A>(
        &self,
        scope: &str,
        look: impl FnOnce() -> L,
        list: impl FnOnce() -> A,
    ) -> Result<Before, Error>
    where
        L: Future<Output = Result<Before, Error>>,
        A: Future<Output = Result<Vec<String>, Error>>,
    {
        let scope = self.scope(scope);
        if !scope.used.swap(true, Ordering::SeqCst) {
            return look().await;
        }
        let mut known = scope.list.lock().await;
        if matches!(*known, List::NotRead) {
            *known = list().await.map_or(List::Unavailable, |ids| List::Read(Before::known(ids)));
        }
        match &*known {
            List::Read(before) => return Ok(before.clone()),
            List::NotRead | List::Unavailable => drop(known),
        }
        look().await
    }

    fn scope(&self, scope: &str) -> Arc<Scope> {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        scopes.entry(scope.to_owned()).or_default().clone()
    }
}
