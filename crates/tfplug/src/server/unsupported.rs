//! What no provider on this crate has: the answer is a diagnostic, never a dead connection.

use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) fn function(name: &str) -> Diagnostics {
    Diagnostic::error("Unknown function", format!("This provider has no functions, and so none called {name:?}."))
        .into()
}

pub(super) fn state_store(name: &str) -> Diagnostics {
    let detail = format!("This provider has no state stores, and so none called {name:?}.");
    Diagnostic::error("Unknown state store", detail).into()
}
