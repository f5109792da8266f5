//! Mirrors, from which `init` installs without a registry.

use std::path::{Path, PathBuf};

use serde_json::{Map, json};

use super::{Build, Release, contents::Contents};
use crate::{error::Result, files, provider::ADDRESS};

/// Writes a build into a filesystem mirror of unpacked packages and returns the path of its executable. It has the same files as
/// the archive, since the hash in a lock file covers all files of a package.
///
/// # Errors
///
/// When a file cannot be read or written.
pub fn unpack(mirror: &Path, build: &Build) -> Result<PathBuf> {
    Contents::of(build)?.unpack(mirror, &build.version, build.platform)
}

/// Adds the release to a filesystem mirror of archives that is at the same time a network mirror.
pub(super) fn packed(mirror: &Path, release: &Release) -> Result<()> {
    let folder = mirror.join(ADDRESS);
    let mut packages = Map::new();
    for archive in release.archives() {
        files::write(&folder.join(&archive.name), &archive.content)?;
        let hashes = [archive.h1.clone(), format!("zh:{}", archive.sha256)];
        packages.insert(archive.platform.to_string(), json!({ "url": archive.name, "hashes": hashes }));
    }
    let version = release.version();
    files::write(&folder.join(format!("{version}.json")), files::json(&json!({ "archives": packages })))?;
    let index = folder.join("index.json");
    let earlier = files::read_json(&index)?.and_then(|index| index.get("versions")?.as_object().cloned());
    let mut versions = earlier.unwrap_or_default();
    versions.insert(version.to_owned(), json!({}));
    files::write(&index, files::json(&json!({ "versions": versions })))
}
