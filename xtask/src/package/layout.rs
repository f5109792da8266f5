//! Where the files of a release are, in a folder that may hold several versions.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::names;
use crate::{
    error::{Doing, Result},
    provider::ADDRESS,
};

/// The folder of a release, its mirrors and its registry.
#[derive(Debug)]
pub struct Layout {
    folder: PathBuf,
}

impl Layout {
    /// The layout inside this folder.
    pub fn new(folder: &Path) -> Layout {
        Layout { folder: folder.to_path_buf() }
    }

    /// The files to upload for a release.
    pub fn release(&self) -> PathBuf {
        self.folder.clone()
    }

    /// A filesystem mirror of unpacked packages.
    pub fn unpacked_mirror(&self) -> PathBuf {
        self.folder.join("mirror-unpacked")
    }

    /// A filesystem mirror of archives that is also a network mirror, like those of `terraform providers mirror`.
    pub fn packed_mirror(&self) -> PathBuf {
        self.folder.join("mirror")
    }

    /// The static files of a provider registry.
    pub fn registry(&self) -> PathBuf {
        self.folder.join("registry")
    }

    /// The folder of the provider in the registry.
    pub(super) fn provider_in_registry(&self) -> PathBuf {
        // Namespace and name, without the host.
        let provider = ADDRESS.split_once('/').map_or(ADDRESS, |(_, provider)| provider);
        self.registry().join("v1/providers").join(provider)
    }

    /// Removes the files of one version, so that no archive of an earlier build of it remains.
    pub(super) fn remove(&self, version: &str) -> Result<()> {
        let mirrored = self.packed_mirror().join(ADDRESS);
        for folder in [&self.folder, &mirrored] {
            if folder.is_dir() {
                remove_files(folder, &names::of_version(version))?;
            }
        }
        for folder in [self.unpacked_mirror().join(ADDRESS).join(version), self.provider_in_registry().join(version)] {
            if folder.is_dir() {
                fs::remove_dir_all(&folder).doing(format_args!("remove {}", folder.display()))?;
            }
        }
        Ok(())
    }
}

/// Removes the files whose names begin like this.
fn remove_files(folder: &Path, start: &str) -> Result<()> {
    let reading = format!("read {}", folder.display());
    for entry in fs::read_dir(folder).doing(&reading)? {
        let entry = entry.doing(&reading)?;
        if entry.file_name().to_string_lossy().starts_with(start) {
            fs::remove_file(entry.path()).doing(format_args!("remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}
