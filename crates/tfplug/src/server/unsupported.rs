//! Features that this crate does not support: their RPCs return a diagnostic instead of an error status.

use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) fn state_store(name: &str) -> Diagnostics {
    let detail = format!("This provider has no state stores, so it has no state store {name:?}.");
    Diagnostic::error("Unknown state store", detail).into()
}
