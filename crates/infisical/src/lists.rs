//! Reading many objects of a scope, such as the rotations of a project, with one request.
//!
//! A single object is read by id. When a second object of the same scope is requested within [`FRESH`] of the first,
//! the scope's list is read once and serves every reader for that long; readers who arrive while it is being read wait
//! for it instead of sending a request. If the scope is not known, because only an id was given, the scope of the
//! object that was last read in this way is used, since objects that are looked up together are mostly in one project.
//! So a result may be up to [`FRESH`] old, but never older than a write of this client: any write makes all lists
//! stale, both when it begins and when it ends. An object that the list does not contain, or contains in an unexpected
//! form, is read by id before anything is concluded.
//!
//! The list only saves requests. If it fails, for whatever reason, objects are read by id for the next
//! [`FAILURE_HOLDS`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::Error;
use super::writes::Writes;

/// The largest age of a list that serves a reader.
pub(super) const FRESH: Duration = Duration::from_secs(10);

/// How long a failed list is not requested again: each attempt would keep every reader waiting.
pub(super) const FAILURE_HOLDS: Duration = Duration::from_secs(60);

/// The lists of one kind of object.
pub(super) struct Lists<O> {
    scopes: Mutex<HashMap<String, Arc<Scope<O>>>>,
    /// The scope of the last object that was read without knowing its scope, and when that was.
    last_found: Mutex<Option<(String, Instant)>>,
    writes: Arc<Writes>,
}

/// What is known about the objects of one scope.
struct Scope<O> {
    last_read: Mutex<Option<(String, Instant)>>,
    /// Locked while the list is being read, so that one reader sends the request and the others wait.
    list: tokio::sync::Mutex<Option<List<O>>>,
}

/// A list, or the failure to read it.
struct List<O> {
    /// When the successful attempt began, or when the last failed one ended.
    began: Instant,
    /// The number of writes before it.
    writes: u64,
    /// `None` if it could not be read.
    objects: Option<HashMap<String, O>>,
}

impl<O: Clone> Lists<O> {
    pub(super) fn new(writes: Arc<Writes>) -> Self {
        Self { scopes: Mutex::default(), last_found: Mutex::default(), writes }
    }

    /// The object from a list; `None` if it has to be read by id. `fetch` reads the list and returns when the
    /// successful attempt began.
    pub(super) async fn find<F>(
        &self,
        scope: &str,
        asked: &str,
        pick: impl FnOnce(&HashMap<String, O>) -> Option<O>,
        fetch: impl FnOnce() -> F,
    ) -> Option<O>
    where
        F: Future<Output = Result<(Instant, HashMap<String, O>), Error>>,
    {
        let scope = self.scope(scope);
        let (came, writes) = (Instant::now(), self.writes.count());
        let is_single = scope.is_single(asked, came);
        let mut list = scope.list.lock().await;
        if !list.as_ref().is_some_and(|list| list.serves(came, writes)) {
            if is_single {
                return None;
            }
            let writes = self.writes.count();
            let (began, objects) = match fetch().await {
                Ok((began, objects)) => (began, Some(objects)),
                Err(error) => {
                    tracing::debug!(%error, "the list cannot be read; each object is read by its id");
                    (Instant::now(), None)
                }
            };
            *list = Some(List { began, writes, objects });
        }
        list.as_ref()?.objects.as_ref().and_then(pick)
    }

    /// Remembers the scope of an object that was read without knowing it.
    pub(super) fn note(&self, scope: &str, id: &str) {
        let now = Instant::now();
        self.scope(scope).is_single(id, now);
        *self.last_found.lock().unwrap_or_else(PoisonError::into_inner) = Some((scope.to_owned(), now));
    }

    /// The scope in which the last such object was found, if that was recently.
    pub(super) fn likely_scope(&self) -> Option<String> {
        let last = self.last_found.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(_, at)| at.elapsed() <= FRESH).map(|(scope, _)| scope.clone())
    }

    fn scope(&self, scope: &str) -> Arc<Scope<O>> {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        scopes.entry(scope.to_owned()).or_insert_with(|| Arc::new(Scope::new())).clone()
    }
}

impl<O> Scope<O> {
    fn new() -> Self {
        Self { last_read: Mutex::default(), list: tokio::sync::Mutex::default() }
    }

    /// Whether no other object of the scope was read recently.
    fn is_single(&self, asked: &str, now: Instant) -> bool {
        let mut last = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        let other = last.as_ref().is_some_and(|(other, at)| other != asked && now.duration_since(*at) <= FRESH);
        *last = Some((asked.to_owned(), now));
        !other
    }
}

impl<O> List<O> {
    /// Whether it serves a reader who came at that moment, after that number of writes.
    fn serves(&self, came: Instant, writes: u64) -> bool {
        match self.objects {
            Some(_) => self.writes >= writes && came.saturating_duration_since(self.began) <= FRESH,
            None => came.saturating_duration_since(self.began) <= FAILURE_HOLDS,
        }
    }
}
