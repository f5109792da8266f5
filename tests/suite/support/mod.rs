//! Code that the tests share.
#![allow(dead_code, unreachable_pub, reason = "not every part is used on every platform")]

pub mod connection;
pub mod cores;
pub mod corner;
#[cfg(target_os = "linux")]
pub mod memory;
pub mod network;
#[cfg(unix)]
pub mod newcomer;
pub mod plugin;
#[cfg(target_os = "linux")]
pub mod process;
pub mod recording;
pub mod requests;
pub mod rotation;
pub mod running;
pub mod terraform;

use tempfile::TempDir;

/// An empty folder in the target folder, on the same file system as the binaries, so that hard links to them can be created. It
/// is deleted on drop.
///
/// It is hidden, so that linters that search the checkout for configurations skip what a test leaves when it is interrupted.
pub fn temporary_folder(what: &str) -> TempDir {
    tempfile::Builder::new().prefix(&format!(".{what}-")).tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}
