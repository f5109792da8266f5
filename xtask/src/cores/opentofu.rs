//! OpenTofu, built from its Go module, on which a module of ours in `tests/opentofu/` depends for each version.

use std::{fs, path::PathBuf};

use super::{Core, Version};
use crate::{
    error::{Doing, Result, failed},
    places, process,
    retry::retried,
};

/// Marks the build as a release. Otherwise its version ends in `-dev`, and experiments are enabled.
const RELEASE: &str = "-s -w -X github.com/opentofu/opentofu/version.dev=no";

/// The folder of the Go module that pins this version.
pub(super) fn module(version: Version) -> PathBuf {
    places::root().join("tests/opentofu").join(version.to_string())
}

/// OpenTofu of this version, built if it is not installed yet, which takes four minutes on two processor cores.
pub(super) fn built(version: Version) -> Result<Core> {
    let folder = places::cores().join(format!("tofu-{version}"));
    let executable = folder.join(format!("tofu{}", std::env::consts::EXE_SUFFIX));
    if !executable.is_file() {
        process::output(process::tool("go").arg("version"))
            .map_err(|_| failed("neither tofu nor go, which could build it, is on PATH, and TOFU_BIN is not set"))?;
        fs::create_dir_all(&folder).doing("create the folder for OpenTofu")?;
        let new = folder.join(format!(".building-{}", std::process::id()));
        retried(|| {
            let mut go = process::tool("go");
            go.current_dir(module(version)).args(["build", "-trimpath", "-ldflags", RELEASE, "-o"]);
            process::output(go.arg(&new).arg("github.com/opentofu/opentofu/cmd/tofu")).map(drop)
        })?;
        fs::rename(&new, &executable).doing("rename OpenTofu's executable")?;
    }
    Core::at(&executable)
}
