//! The same resource in a provider by HashiCorp's Go framework, for comparison.

use std::{env, fs, path::PathBuf};

use crate::{
    error::{Doing, Result, failed},
    places, process,
};

/// The provider, built where Go is installed.
///
/// # Errors
///
/// When Go is not on PATH, or a module cannot be downloaded.
pub(super) fn built() -> Result<PathBuf> {
    process::output(process::tool("go").arg("version")).map_err(|_| failed("Go is not on PATH"))?;
    let folder = places::target().join("bench");
    fs::create_dir_all(&folder).doing("create a folder for the Go provider")?;
    let binary = folder.join(format!("peer{}", env::consts::EXE_SUFFIX));
    let mut go = process::tool("go");
    go.current_dir(places::root().join("xtask/src/bench/peer")).env("CGO_ENABLED", "0");
    process::output(go.args(["build", "-trimpath", "-ldflags", "-s -w", "-o"]).arg(&binary).arg("."))?;
    Ok(binary)
}
