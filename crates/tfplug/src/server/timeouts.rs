//! How long an operation may take, as a configuration says it.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::resource::Failed;
use crate::schema::Schema;
use crate::text::GoDuration;
use crate::value::Value;

/// How long a handler has to return after it was told to stop. Then it is dropped, wherever it is.
const GRACE: Duration = Duration::from_secs(30);

/// A limit that a configuration sets.
pub(super) struct Limit {
    verb: &'static str,
    length: Duration,
    spelled: String,
    path: Path,
}

impl Limit {
    /// The limit of an operation, if the values have one.
    pub(super) fn of(schema: &Schema, values: &Value, verb: &'static str) -> Option<Self> {
        let (name, _) = schema.all().iter().find(|(_, attribute)| attribute.has_timeouts())?;
        let spelled = values.get(name).get(verb).as_str()?.to_owned();
        let length = GoDuration::new(spelled.as_str()).ok()?.duration()?;
        Some(Self { verb, length, spelled, path: Path::of(name).attribute(verb) })
    }

    /// The error for an operation that has ended, and for one that was dropped.
    fn exceeded(&self, ended: bool) -> Diagnostic {
        let Self { verb, spelled, path, .. } = self;
        let outcome = if ended {
            String::new()
        } else {
            format!(" The {verb} did not end when it was told to stop, so it is not known what has taken effect.")
        };
        let detail =
            format!("{path} allows {spelled}, after which the {verb} was cancelled.{outcome} Allow more time there.");
        Diagnostic::error(format!("The {verb} took too long"), detail).at(path.clone())
    }
}

/// Errors to which the error about the limit is added.
pub(super) trait Errors: From<Diagnostic> {
    fn add(&mut self, error: Diagnostic);
}

impl Errors for Diagnostics {
    fn add(&mut self, error: Diagnostic) {
        self.push(error);
    }
}

impl Errors for Failed<Value> {
    fn add(&mut self, error: Diagnostic) {
        self.diagnostics.push(error);
    }
}

/// Runs a handler, tells it to stop when the limit is reached, and drops it if it does not. A handler that succeeds
/// nevertheless has succeeded.
pub(super) async fn within<T, E: Errors>(
    limit: Option<Limit>,
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let Some(limit) = limit else { return work.await };
    let mut work = pin!(work);
    tokio::select! {
        biased;
        done = &mut work => return done,
        () = sleep(limit.length) => stop.cancel(),
    }
    match timeout(GRACE, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(mut errors)) => {
            errors.add(limit.exceeded(true));
            Err(errors)
        }
        Err(_) => Err(limit.exceeded(false).into()),
    }
}
