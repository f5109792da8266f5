//! The commands of `cargo xtask`, and what they share with the acceptance tests: cores, and sandboxes to run them in.

pub mod bench;
pub mod changelog;
pub mod compile;
pub mod cores;
pub mod demo;
pub mod docs;
pub mod ecosystem;
pub mod endurance;
pub mod error;
pub mod files;
pub mod fuzz;
pub mod install;
mod machine;
pub mod options;
pub mod package;
pub mod places;
pub mod process;
pub mod provider;
pub mod retry;
pub mod sandbox;
pub mod say;
mod summary;
pub mod targets;
pub mod test;
pub mod version;
