//! Reading many rotations of a project with one call.
//!
//! A lone rotation is read by id. When a second one of the same project is asked for within
//! [`FRESH`] of the first, the project's list is read once, and serves every reader of the project for as
//! long: readers who come while it's under way wait for it instead of asking themselves. So what a reader
//! gets may be up to [`FRESH`] old, but never older than a write of ours: any write makes all lists stale,
//! both when it begins and when it ends. What the list doesn't show, or shows in a shape that can't be
//! understood, is read by id before anything is concluded. When the identity may not list (403, 404),
//! rotations are read by id for the next [`FRESH`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::Error;
use super::rotation::Rotation;

/// How old a list may be for the reader it serves.
pub(super) const FRESH: Duration = Duration::from_secs(10);

/// A list that failed isn't asked for again by whoever comes within so long: they'd wait as long for the same.
const FAILURE_HOLDS: Duration = Duration::from_secs(1);

/// The lists of one client.
#[derive(Default)]
pub(super) struct Listings {
    projects: Mutex<HashMap<String, Arc<Project>>>,
    /// Grows whenever a write begins or ends.
    writes: AtomicU64,
}

/// What is known of one project's rotations.
#[derive(Default)]
struct Project {
    last_read: Mutex<Option<(String, Instant)>>,
    /// Held while the list is being read, so that one reader asks and the others wait.
    list: tokio::sync::Mutex<Option<List>>,
}

/// One list, or the failure to get it.
#[derive(Clone)]
struct List {
    began: Instant,
    ended: Instant,
    /// The count of writes when it began.
    writes: u64,
    outcome: Outcome,
}

#[derive(Clone)]
enum Outcome {
    Listed(Arc<HashMap<String, Rotation>>),
    /// The identity may not list.
    Barred,
    Failed(Error),
}

/// A write under way.
pub(super) struct Write<'a>(&'a Listings);

impl Drop for Write<'_> {
    fn drop(&mut self) {
        self.0.writes.fetch_add(1, Ordering::SeqCst);
    }
}

impl Listings {
    /// Makes every list stale, now and when the value is dropped.
    pub(super) fn write(&self) -> Write<'_> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        Write(self)
    }

    /// The rotation as a list shows it; none when it has to be read by id. `fetch` reads the list.
    ///
    /// # Errors
    ///
    /// Those of `fetch`, the same for all who waited for it.
    pub(super) async fn find<F>(
        &self,
        project_id: &str,
        id: &str,
        fetch: impl FnOnce() -> F,
    ) -> Result<Option<Rotation>, Error>
    where
        F: Future<Output = Result<HashMap<String, Rotation>, Error>>,
    {
        let project = self.project(project_id);
        let (came, writes) = (Instant::now(), self.writes.load(Ordering::SeqCst));
        if project.is_lone(id, came) {
            return Ok(None);
        }
        let mut list = project.list.lock().await;
        let usable = list.as_ref().filter(|list| list.serves(came, writes));
        let outcome = match usable {
            Some(list) => list.outcome.clone(),
            None => {
                let (began, writes) = (Instant::now(), self.writes.load(Ordering::SeqCst));
                let outcome = Outcome::of(fetch().await);
                *list = Some(List { began, ended: Instant::now(), writes, outcome: outcome.clone() });
                outcome
            }
        };
        match outcome {
            Outcome::Listed(rotations) => Ok(rotations.get(id).cloned()),
            Outcome::Barred => Ok(None),
            Outcome::Failed(error) => Err(error),
        }
    }

    fn project(&self, project_id: &str) -> Arc<Project> {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        projects.entry(project_id.to_owned()).or_default().clone()
    }
}

impl Project {
    /// Whether no other rotation of the project was asked for lately.
    fn is_lone(&self, id: &str, now: Instant) -> bool {
        let mut last = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        let other = last.as_ref().is_some_and(|(other, at)| other != id && now.duration_since(*at) <= FRESH);
        *last = Some((id.to_owned(), now));
        !other
    }
}

impl List {
    /// Whether it's good for a reader who came at that moment, after that many writes.
    fn serves(&self, came: Instant, writes: u64) -> bool {
        match self.outcome {
            Outcome::Failed(_) => came.saturating_duration_since(self.ended) <= FAILURE_HOLDS,
            Outcome::Barred => came.saturating_duration_since(self.began) <= FRESH,
            Outcome::Listed(_) => self.writes >= writes && came.saturating_duration_since(self.began) <= FRESH,
        }
    }
}

impl Outcome {
    fn of(list: Result<HashMap<String, Rotation>, Error>) -> Self {
        match list {
            Ok(rotations) => Self::Listed(Arc::new(rotations)),
            Err(Error::Refused(refusal)) if matches!(refusal.status, 403 | 404) => Self::Barred,
            Err(error) => Self::Failed(error),
        }
    }
}
