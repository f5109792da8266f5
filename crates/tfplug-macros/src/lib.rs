//! The derives of `tfplug`, which re-exports them.
