//! What the handlers of all RPCs have in common: their span in the log, their errors and panics, and the look-up of a type.

use std::collections::BTreeMap;
use std::future::Future;

use tracing::Instrument as _;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::log;
use crate::schema::Schema;
use crate::type_erasure::Described;

/// Runs a handler in a tracing span; its errors are logged, and a panic becomes an error.
pub(super) async fn guarded<T>(
    rpc: &'static str,
    handler: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    let span = tracing::info_span!(
        "rpc",
        tf_rpc = rpc,
        tf_req_id = %uuid::Uuid::new_v4(),
        tf_resource_type = tracing::field::Empty,
    );
    let handled = log::catch(handler).instrument(span.clone()).await;
    let _entered = span.enter();
    match handled {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(errors)) => {
            let errors = with_an_error(errors);
            log_errors(&errors);
            Err(errors)
        }
        Err(panic) => Err(panicked(rpc, &panic)),
    }
}

/// The diagnostics of a failed call, with at least one error: the core takes a response without errors for a success, and would
/// drop the object that is missing from it.
pub(super) fn with_an_error(mut errors: Diagnostics) -> Diagnostics {
    if !errors.has_errors() {
        errors.push(Diagnostic::bug("The call failed, but returned no error."));
    }
    errors
}

pub(super) fn panicked(rpc: &str, panic: &log::Panic) -> Diagnostics {
    Diagnostic::bug(format!(
        "{rpc} panicked at {}. The provider's log has the message. Requests that were already sent have taken effect.",
        panic.location
    ))
    .into()
}

fn log_errors(errors: &Diagnostics) {
    for error in errors {
        tracing::debug!(diagnostic_summary = error.summary(), "the call returned an error");
    }
}

/// The schema of a type, if the provider has it.
pub(super) fn schema_of<'a, T: Described + ?Sized>(
    all: &'a BTreeMap<String, Box<T>>,
    name: &str,
) -> Option<&'a Schema> {
    all.get(name).map(|one| one.schema())
}

/// Looks up a type by its name, which is added to the log's span; an error if the provider does not have it.
pub(super) fn find<'a, T: ?Sized>(
    all: &'a BTreeMap<String, Box<T>>,
    kind: &str,
    name: &str,
) -> Result<&'a T, Diagnostics> {
    tracing::Span::current().record("tf_resource_type", name);
    all.get(name).map(AsRef::as_ref).ok_or_else(|| {
        let known: Vec<_> = all.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let detail = format!("This provider has no {kind} {name:?}. It has: {known}.");
        Diagnostic::error(format!("Unknown {kind}"), detail).into()
    })
}
