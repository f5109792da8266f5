//! How long an operation may take, as a configuration says it.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::private::Private;
use crate::resource::Failed;
use crate::schema::Schema;
use crate::text::GoDuration;
use crate::value::Value;

/// How long a handler has to return after it was told to stop. Then it is dropped, wherever it is.
const GRACE: Duration = Duration::from_secs(30);

/// A limit that a configuration sets.
#[derive(Clone)]
pub(super) struct Limit {
    operation: &'static str,
    length: Duration,
    spelled: String,
    path: Path,
}

impl Limit {
    /// The limit of an operation, if the values have one.
    pub(super) fn of(schema: &Schema, values: &Value, operation: &'static str) -> Option<Self> {
        let name = attribute(schema)?;
        Self::new(name, operation, values.get(name).get(operation).as_str()?)
    }

    /// The limit of an operation that [`remember`] has put into private data.
    pub(super) fn remembered(schema: &Schema, private: &Private, operation: &'static str) -> Option<Self> {
        Self::new(attribute(schema)?, operation, &private.get(&key(operation))?)
    }

    fn new(attribute: &str, operation: &'static str, spelled: &str) -> Option<Self> {
        let length = GoDuration::new(spelled).ok()?.duration()?;
        Some(Self { operation, length, spelled: spelled.to_owned(), path: Path::of(attribute).attribute(operation) })
    }

    /// The error for an operation that has ended, and for one that was dropped.
    pub(super) fn exceeded(&self, ended: bool) -> Diagnostic {
        let Self { operation, spelled, path, .. } = self;
        let name = name(operation);
        let outcome = match *operation {
            _ if ended => String::new(),
            "read" | "list" => format!(" The {name} did not end when it was told to stop."),
            "statestore" => format!(
                " The {name} did not end when it was told to stop. If it changes something, it is not known what has taken effect."
            ),
            _ => format!(" The {name} did not end when it was told to stop, so it is not known what has taken effect."),
        };
        let detail =
            format!("{path} allows {spelled}, after which the {name} was cancelled.{outcome} Allow more time there.");
        Diagnostic::error(format!("The {name} took too long"), detail).at(path.clone())
    }
}

/// Puts the limits of these operations into private data: the calls that they are for have no configuration.
pub(super) fn remember(schema: &Schema, config: &Value, private: &Private, operations: [&'static str; 2]) {
    for limit in operations.into_iter().filter_map(|operation| Limit::of(schema, config, operation)) {
        private.set(&key(limit.operation), limit.spelled);
    }
}

fn key(operation: &str) -> String {
    format!(".timeouts.{operation}")
}

/// The attribute or block that has the limits.
fn attribute(schema: &Schema) -> Option<&str> {
    schema.all().iter().find(|(_, attribute)| attribute.has_timeouts()).map(|(name, _)| name.as_ref())
}

/// The operation as messages call it.
fn name(operation: &str) -> &str {
    match operation {
        "open" => "opening",
        "renew" => "renewal",
        "close" => "closing",
        "invoke" => "action",
        "statestore" => "operation of the state store",
        other => other,
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
