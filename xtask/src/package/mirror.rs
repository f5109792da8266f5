//! Mirrors, from which `init` installs without a registry.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{Archive, Build};
use crate::{
    error::Result,
    files, places,
    provider::{ADDRESS, VERSION, documents},
};

/// Writes an unpacked package into a filesystem mirror and returns the path of its executable. It has the same files as the
/// archive, since the hash in a lock file covers all files of a package.
///
/// # Errors
///
/// When a file cannot be read or written.
pub fn unpack(mirror: &Path, build: &Build) -> Result<PathBuf> {
    let package = mirror.join(ADDRESS).join(VERSION).join(build.platform.to_string());
    let executable = package.join(build.executable());
    files::create_folder(&package)?;
    files::copy(&build.binary, &executable)?;
    files::make_executable(&executable)?;
    for name in documents() {
        files::copy(&places::root().join(name), &package.join(name))?;
    }
    Ok(executable)
}

/// Writes a filesystem mirror of archives that is at the same time a network mirror.
pub(super) fn packed(mirror: &Path, archives: &[Archive]) -> Result<()> {
    let folder = mirror.join(ADDRESS);
    let mut packages = Map::new();
    for archive in archives {
        files::write(&folder.join(&archive.name), &archive.content)?;
        let hashes = [archive.h1.clone(), format!("zh:{}", archive.sha256)];
        packages.insert(archive.platform.to_string(), json!({ "url": archive.name, "hashes": hashes }));
    }
    let versions = Value::from(Map::from_iter([(VERSION.to_owned(), json!({}))]));
    files::write(&folder.join("index.json"), files::json(&json!({ "versions": versions })))?;
    files::write(&folder.join(format!("{VERSION}.json")), files::json(&json!({ "archives": packages })))
}
