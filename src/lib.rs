//! The provider, in three layers.

pub mod infisical;
