//! Paths in the checkout.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Cargo's target folder, which also holds everything that the commands create: `CARGO_TARGET_DIR`, or else `target`.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The folder of downloaded and built cores, with a subfolder for each.
pub fn cores() -> PathBuf {
    target().join("cores")
}
