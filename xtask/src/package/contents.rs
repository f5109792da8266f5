//! The files of a package, packed or unpacked.

use std::{
    fs,
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
};

use zip::{DateTime, ZipArchive, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::{Build, hash, names};
use crate::{
    error::{Doing, Result, failed},
    files, places,
    provider::{ADDRESS, documents},
    targets::Platform,
};

/// The executable and the documents. The hash in a lock file covers all of them, so every way of installation has all of them.
#[derive(Debug)]
pub(super) struct Contents {
    files: Vec<PackedFile>,
}

#[derive(Debug)]
struct PackedFile {
    name: String,
    mode: u32,
    content: Vec<u8>,
}

/// The permissions of executables and of documents.
const EXECUTABLE: u32 = 0o755;
const DOCUMENT: u32 = 0o644;

impl Contents {
    /// The build, and the documents of this checkout.
    pub(super) fn of(build: &Build) -> Result<Contents> {
        let read = |path: &Path| fs::read(path).doing(format_args!("read {}", path.display()));
        let name = names::executable(&build.version, build.platform);
        let mut files = vec![PackedFile { name, mode: EXECUTABLE, content: read(&build.binary)? }];
        for name in documents() {
            let content = read(&places::root().join(name))?;
            files.push(PackedFile { name: name.to_owned(), mode: DOCUMENT, content });
        }
        Ok(Contents { files })
    }

    /// The files in an archive, which has to be one that [`Contents::packed`] made.
    pub(super) fn unpacked(archive: &[u8], version: &str, platform: Platform) -> Result<Contents> {
        let contents = read(archive).map_err(|error| failed(format!("it cannot be read: {error}")))?;
        let mut expected = vec![(names::executable(version, platform), EXECUTABLE)];
        expected.extend(documents().map(|name| (name.to_owned(), DOCUMENT)));
        let found: Vec<_> = contents.files.iter().map(|file| (file.name.clone(), file.mode)).collect();
        if found == expected {
            return Ok(contents);
        }
        let list = |files: &[(String, u32)]| {
            files.iter().map(|(name, mode)| format!("{name} ({mode:o})")).collect::<Vec<_>>().join(", ")
        };
        Err(failed(format!("it contains {}, and should contain {}", list(&found), list(&expected))))
    }

    /// The hash of the files, as lock files record it.
    pub(super) fn h1(&self) -> String {
        hash::h1(self.files.iter().map(|file| (file.name.clone(), hash::sha256(&file.content))).collect())
    }

    /// The archive. The same files give the same bytes.
    pub(super) fn packed(&self) -> Result<Vec<u8>> {
        zipped(&self.files).map_err(|error| failed(format!("cannot make the archive: {error}")))
    }

    /// Writes the files into a filesystem mirror and returns the path of the executable.
    pub(super) fn unpack(&self, mirror: &Path, version: &str, platform: Platform) -> Result<PathBuf> {
        let package = mirror.join(ADDRESS).join(version).join(platform.to_string());
        for file in &self.files {
            let path = package.join(&file.name);
            files::replace(&path, &file.content)?;
            if file.mode == EXECUTABLE {
                files::make_executable(&path)?;
            }
        }
        Ok(package.join(names::executable(version, platform)))
    }
}

fn zipped(files: &[PackedFile]) -> ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        // With the files' own times, each build would give a different archive.
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(file.mode);
        archive.start_file(&file.name, options)?;
        archive.write_all(&file.content)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn read(archive: &[u8]) -> ZipResult<Contents> {
    let mut archive = ZipArchive::new(Cursor::new(archive))?;
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let mode = file.unix_mode().unwrap_or_default() & 0o777;
        files.push(PackedFile { name: file.name()?.into_owned(), mode, content });
    }
    Ok(Contents { files })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(binary: &str) -> Contents {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("built");
        fs::write(&path, binary).unwrap();
        Contents::of(&Build { version: "1.2.3".to_owned(), ..Build::host(&path) }).unwrap()
    }

    #[test]
    fn an_archive_has_the_same_bytes_each_time_and_no_date() {
        let archive = contents("binary").packed().unwrap();
        assert_eq!(archive, contents("binary").packed().unwrap());
        let mut read = ZipArchive::new(Cursor::new(archive)).unwrap();
        let file = read.by_index(0).unwrap();
        assert_eq!(file.last_modified().unwrap().year(), 1980, "the format's first year");
    }

    #[test]
    fn an_archive_contains_the_executable_and_the_documents() {
        let (packed, platform) = (contents("binary").packed().unwrap(), Platform::host());
        let unpacked = Contents::unpacked(&packed, "1.2.3", platform).unwrap();
        assert_eq!(unpacked.h1(), contents("binary").h1());
        let error = Contents::unpacked(&packed, "1.2.4", platform).unwrap_err().to_string();
        assert!(error.contains("infisical_v1.2.3") && error.contains("should contain"), "{error}");
        let error = Contents::unpacked(b"no archive", "1.2.3", platform).unwrap_err().to_string();
        assert!(error.starts_with("it cannot be read"), "{error}");
    }

    #[test]
    fn an_archive_whose_executable_could_not_be_executed_is_refused() {
        let mut contents = contents("binary");
        contents.files[0].mode = DOCUMENT;
        let error = Contents::unpacked(&contents.packed().unwrap(), "1.2.3", Platform::host()).unwrap_err().to_string();
        assert!(error.contains("_v1.2.3 (644)") || cfg!(windows), "{error}");
    }
}
