//! How a group of attributes is used: as its struct declares them, or as results.

/// Whether attributes are used as they are declared, or as results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As they are written.
    AsWritten,
    /// The provider sets them all.
    Computed,
    /// The configuration may set each, else the provider does.
    OptionalComputed,
}
