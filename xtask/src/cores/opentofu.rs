//! OpenTofu, built from its Go module through the small module in `tests/opentofu/`.

use std::fs;

use super::{Core, OPENTOFU};
use crate::{
    error::{Doing, Result, failed},
    places, process,
    retry::retried,
};

/// Where OpenTofu keeps whether it is a release; without this it calls itself `-dev`, with experiments on.
const RELEASE: &str = "-s -w -X github.com/opentofu/opentofu/version.dev=no";

/// [`OPENTOFU`], built now if it isn't there yet: four minutes on two cores.
pub(super) fn built() -> Result<Core> {
    let folder = places::cores().join(format!("tofu-{OPENTOFU}"));
    let executable = folder.join(format!("tofu{}", std::env::consts::EXE_SUFFIX));
    if !executable.is_file() {
        process::output(process::tool("go").arg("version"))
            .map_err(|_| failed("no tofu on PATH or in TOFU_BIN, and go, which could build one, is not on PATH"))?;
        fs::create_dir_all(&folder).doing("make the folder for OpenTofu")?;
        let made = folder.join(format!(".making-{}", std::process::id()));
        retried(|| {
            let mut go = process::tool("go");
            go.current_dir(places::root().join("tests/opentofu")).args([
                "build",
                "-trimpath",
                "-ldflags",
                RELEASE,
                "-o",
            ]);
            process::output(go.arg(&made).arg("github.com/opentofu/opentofu/cmd/tofu")).map(drop)
        })?;
        fs::rename(&made, &executable).doing("put OpenTofu into place")?;
    }
    Core::at(&executable)
}
