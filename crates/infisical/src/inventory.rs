//! The ids of the objects that existed before this client created anything, so that the result of a create whose
//! response was lost can be told from objects that others created. No dates are compared.
//!
//! The first create in a scope (a project) looks up its own name only, since a single create needs no more than one
//! read. From the second create on, one list of the scope serves all creates for the rest of the run. If the list
//! cannot be read, each create looks up its own name.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::Error;

/// What is known about the objects that existed before a create.
#[derive(Clone)]
pub(super) enum Before {
    /// The ids of all objects, or of the one with the name.
    Known(Arc<HashSet<String>>),
    /// The identity may not read them.
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
    /// Whether there was a create before.
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
    /// The objects that existed before a create in that scope. `look_up` looks up its name, and `list` lists the ids of
    /// the scope.
    ///
    /// # Errors
    ///
    /// Those of `look_up`.
    pub(super) async fn before<L, A>(
        &self,
        scope: &str,
        look_up: impl FnOnce() -> L,
        list: impl FnOnce() -> A,
    ) -> Result<Before, Error>
    where
        L: Future<Output = Result<Before, Error>>,
        A: Future<Output = Result<Vec<String>, Error>>,
    {
        let scope = self.scope(scope);
        if !scope.used.swap(true, Ordering::SeqCst) {
            return look_up().await;
        }
        let mut known = scope.list.lock().await;
        if matches!(*known, List::NotRead) {
            *known = list().await.map_or(List::Unavailable, |ids| List::Read(Before::known(ids)));
        }
        match &*known {
            List::Read(before) => return Ok(before.clone()),
            List::NotRead | List::Unavailable => drop(known),
        }
        look_up().await
    }

    fn scope(&self, scope: &str) -> Arc<Scope> {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        scopes.entry(scope.to_owned()).or_default().clone()
    }
}
