//! OpenTofu, built from its Go module, which the module in `tests/opentofu/` depends on.

use std::fs;

use super::{Core, OPENTOFU};
use crate::{
    error::{Doing, Result, failed},
    places, process,
    retry::retried,
};

/// Marks the build as a release. Otherwise its version ends in `-dev`, and experiments are enabled.
const RELEASE: &str = "-s -w -X github.com/opentofu/opentofu/version.dev=no";

/// [`OPENTOFU`], built if it isn't installed yet, which takes four minutes on two processor cores.
pub(super) fn built() -> Result<Core> {
    let folder = places::cores().join(format!("tofu-{OPENTOFU}"));
    let executable = folder.join(format!("tofu{}", std::env::consts::EXE_SUFFIX));
    if !executable.is_file() {
        process::output(process::tool("go").arg("version"))
            .map_err(|_| failed("neither tofu nor go, which could build it, is on PATH, and TOFU_BIN is not set"))?;
        fs::create_dir_all(&folder).doing("create the folder for OpenTofu")?;
        let new = folder.join(format!(".building-{}", std::process::id()));
        retried(|| {
            let mut go = process::tool("go");
            go.current_dir(places::root().join("tests/opentofu")).args([
                "build",
                "-trimpath",
                "-ldflags",
                RELEASE,
                "-o",
            ]);
            process::output(go.arg(&new).arg("github.com/opentofu/opentofu/cmd/tofu")).map(drop)
        })?;
        fs::rename(&new, &executable).doing("rename OpenTofu's executable")?;
    }
    Core::at(&executable)
}
