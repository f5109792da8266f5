//! The archive of one platform.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Build, contents::Contents, hash, names};
use crate::{
    error::{Doing, Result, failed},
    targets::Platform,
};

/// A zip archive with the binary and the documents, and its hashes.
#[derive(Debug)]
pub struct Archive {
    /// The version, without a `v`.
    pub version: String,
    /// Where its binary runs.
    pub platform: Platform,
    /// The file's name, e.g. `terraform-provider-infisical_0.1.0_linux_amd64.zip`.
    pub name: String,
    /// The bytes.
    pub content: Vec<u8>,
    /// The SHA-256 of the bytes, in hexadecimal digits.
    pub sha256: String,
    /// The hash of the files in it, as lock files record it.
    pub h1: String,
    contents: Contents,
}

impl Archive {
    /// Packs the build. The same files give the same bytes.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub fn new(build: &Build) -> Result<Archive> {
        let contents = Contents::of(build)?;
        let content = contents.packed()?;
        Ok(Archive::with(build.version.clone(), build.platform, content, contents))
    }

    /// Reads an archive that was packed before. Its name says what it is for.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is not a package of the provider.
    pub fn read(path: &Path) -> Result<Archive> {
        let unsuitable = |why: &str| failed(format!("{} is not a package of the provider: {why}", path.display()));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (version, platform) = names::parsed(&name)
            .ok_or_else(|| unsuitable("its name does not end with a version and a known platform"))?;
        let content = fs::read(path).doing(format_args!("read {}", path.display()))?;
        let contents =
            Contents::unpacked(&content, &version, platform).map_err(|error| unsuitable(&error.to_string()))?;
        Ok(Archive::with(version, platform, content, contents))
    }

    fn with(version: String, platform: Platform, content: Vec<u8>, contents: Contents) -> Archive {
        let (name, sha256, h1) = (names::archive(&version, platform), hash::sha256(&content), contents.h1());
        Archive { version, platform, name, content, sha256, h1, contents }
    }

    /// Writes the files of the archive into a filesystem mirror of unpacked packages.
    pub(super) fn unpack(&self, mirror: &Path) -> Result<PathBuf> {
        self.contents.unpack(mirror, &self.version, self.platform)
    }
}
