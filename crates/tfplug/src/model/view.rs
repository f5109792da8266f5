//! How a group of attributes is used: as its struct declares them, or as results.

/// Whether attributes are taken as they're written, or for results alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As they're written.
    AsWritten,
    /// The provider sets them all.
    Computed,
    /// The configuration may set each, else the provider does.
    OptionalComputed,
}
