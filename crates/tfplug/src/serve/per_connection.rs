//! What one connection has for itself.

use std::any::Any;
use std::sync::{Arc, OnceLock};

/// Where the service of one connection is kept, with what the core has configured on it. It goes with the connection;
/// clones are the same connection's.
#[derive(Clone, Default)]
pub(super) struct PerConnection(Arc<OnceLock<Box<dyn Any + Send + Sync>>>);

impl PerConnection {
    /// The connection's service, made at the first call. A connection has one type of it; for another, none is kept.
    pub(super) fn service<S: Clone + Send + Sync + 'static>(&self, make: impl Fn() -> S) -> S {
        self.0.get_or_init(|| Box::new(make())).downcast_ref::<S>().cloned().unwrap_or_else(make)
    }
}
