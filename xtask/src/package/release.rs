//! The archives of one version.

use std::{fs, path::Path};

use super::Archive;
use crate::{
    error::{Doing, Result, failed},
    provider::{NAME, VERSION},
};

/// At least one archive, all of them of one version and for different platforms.
#[derive(Debug)]
pub struct Release {
    version: String,
    archives: Vec<Archive>,
}

impl Release {
    /// The release that consists of these archives, sorted by platform.
    ///
    /// # Errors
    ///
    /// When there is none, two have different versions, or two are for the same platform.
    pub fn new(mut archives: Vec<Archive>) -> Result<Release> {
        archives.sort_by_key(|archive| archive.platform);
        for (one, other) in archives.iter().zip(archives.iter().skip(1)) {
            if one.version != other.version || one.platform == other.platform {
                return Err(failed(format!("{} and {} cannot be in one release", one.name, other.name)));
            }
        }
        let version = archives.first().map(|archive| archive.version.clone());
        let version = version.ok_or_else(|| failed("a release has at least one archive"))?;
        Ok(Release { version, archives })
    }

    /// The release of the workspace's version that consists of all archives in a folder.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read, has no archive, or has one that is broken or of another version.
    pub(super) fn read(folder: &Path) -> Result<Release> {
        let reading = format!("read {}", folder.display());
        let mut archives = Vec::new();
        for entry in fs::read_dir(folder).doing(&reading)? {
            let entry = entry.doing(&reading)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(NAME) && name.ends_with(".zip") {
                archives.push(Archive::read(&entry.path())?);
            }
        }
        if let Some(other) = archives.iter().find(|archive| archive.version != VERSION) {
            return Err(failed(format!("{}: the workspace has version {VERSION}", other.name)));
        }
        if archives.is_empty() {
            return Err(failed(format!(
                "{} contains no archive {NAME}_{VERSION}_OS_ARCH.zip, as `cargo xtask package` writes them",
                folder.display()
            )));
        }
        Release::new(archives)
    }

    /// The version of all archives.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The archives, sorted by platform.
    pub fn archives(&self) -> &[Archive] {
        &self.archives
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{package::Build, targets::Platform};

    /// An archive of a small file.
    fn archive(version: &str, os: &'static str) -> Archive {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("built");
        fs::write(&binary, "binary").unwrap();
        let platform = Platform { os, arch: "amd64" };
        Archive::new(&Build { version: version.to_owned(), platform, binary }).unwrap()
    }

    /// Writes the archives into a folder and reads them as a release.
    fn read(archives: &[Archive]) -> Result<Release> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.zip"), "another file").unwrap();
        for archive in archives {
            fs::write(folder.path().join(&archive.name), &archive.content).unwrap();
        }
        Release::read(folder.path())
    }

    #[test]
    fn archives_that_were_built_elsewhere_keep_their_bytes() {
        let built = [archive(VERSION, "windows"), archive(VERSION, "linux")];
        let release = read(&built).unwrap();
        assert_eq!(release.version(), VERSION);
        let sums: Vec<_> = release.archives().iter().map(|archive| (&archive.sha256, &archive.h1)).collect();
        assert_eq!(sums, [(&built[1].sha256, &built[1].h1), (&built[0].sha256, &built[0].h1)], "sorted by platform");
    }

    #[test]
    fn a_folder_without_a_suitable_archive_is_refused() {
        let error = read(&[]).unwrap_err().to_string();
        assert!(error.contains(&format!("no archive {NAME}_{VERSION}_OS_ARCH.zip")), "{error}");
        let error = read(&[archive("99.0.0", "linux")]).unwrap_err().to_string();
        assert!(error.contains(&format!("the workspace has version {VERSION}")), "{error}");
        let mut truncated = archive(VERSION, "linux");
        truncated.content.truncate(100);
        let error = read(&[truncated]).unwrap_err().to_string();
        assert!(error.contains("is not a package of the provider: it cannot be read"), "{error}");
    }

    #[test]
    fn a_release_has_one_version_and_one_archive_for_each_platform() {
        for other in [archive("1.0.0", "linux"), archive("1.0.1", "windows")] {
            let error = Release::new(vec![archive("1.0.0", "linux"), other]).unwrap_err().to_string();
            assert!(error.ends_with("cannot be in one release"), "{error}");
        }
        assert!(Release::new(Vec::new()).is_err());
    }
}
