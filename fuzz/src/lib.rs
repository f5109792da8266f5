//! Inputs that try to break what decodes and parses texts and bytes from outside.
//!
//! A [`Target`] is a function of bytes that panics if a property does not hold. [`run`](run::run) executes it on the corpus
//! in `corpus/TARGET`, on mutations of it, and on random bytes, all of which follow from one seed. An execution is a finding if it
//! panics, or if it holds more memory at once than the target allows for an input of that length.
//!
//! `cargo xtask fuzz` builds this crate with counters at each branch of the workspace's own code; then an input that reaches
//! something new is mutated further. Without the counters, as in this crate's tests, only the corpus is mutated.

pub mod coverage;
pub mod memory;
pub mod mutate;
pub mod run;
pub mod target;
pub mod targets;

pub use target::Target;

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;
