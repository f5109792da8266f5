//! The service that belongs to one connection.

use std::any::Any;
use std::sync::{Arc, OnceLock};

/// The service of one connection, with the configuration that the core sent on it. It is dropped with the connection; clones
/// refer to the same connection.
#[derive(Clone, Default)]
pub(super) struct PerConnection(Arc<OnceLock<Box<dyn Any + Send + Sync>>>);

impl PerConnection {
    /// The connection's service, made by the first call. A connection has a service of one type only.
    pub(super) fn service<S: Clone + Send + Sync + 'static>(&self, make: impl Fn() -> S) -> S {
        self.0.get_or_init(|| Box::new(make())).downcast_ref::<S>().cloned().unwrap_or_else(make)
    }
}
