//! The archive of one platform.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
};

use zip::{DateTime, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::{Build, hash};
use crate::{
    error::{Doing, Result, failed},
    places,
    provider::{NAME, VERSION, documents},
    targets::Platform,
};

/// A zip archive with the binary and the documents, and its hashes.
#[derive(Debug)]
pub struct Archive {
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
}

/// A file in an archive.
struct Entry {
    name: String,
    mode: u32,
    content: Vec<u8>,
}

impl Archive {
    /// Packs the build. The same files give the same bytes.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub fn new(build: &Build) -> Result<Archive> {
        let entries = entries(build)?;
        let content = zipped(&entries).map_err(|error| failed(format!("cannot make the archive: {error}")))?;
        let platform = build.platform;
        Ok(Archive {
            platform,
            name: format!("{NAME}_{VERSION}_{platform}.zip"),
            sha256: hash::sha256(&content),
            h1: hash::h1(entries.into_iter().map(|entry| (entry.name, hash::sha256(&entry.content))).collect()),
            content,
        })
    }
}

fn entries(build: &Build) -> Result<Vec<Entry>> {
    let mut entries = vec![Entry { name: build.executable(), mode: 0o755, content: read(&build.binary)? }];
    for name in documents() {
        entries.push(Entry { name: name.to_owned(), mode: 0o644, content: read(&places::root().join(name))? });
    }
    Ok(entries)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).doing(format_args!("read {}", path.display()))
}

fn zipped(entries: &[Entry]) -> ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        // With the files' own times, each build would give a different archive.
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(entry.mode);
        archive.start_file(&entry.name, options)?;
        archive.write_all(&entry.content)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_the_same_each_time_and_its_binary_is_executable() {
        let entries = [Entry { name: "provider".to_owned(), mode: 0o755, content: b"binary".to_vec() }];
        let archive = zipped(&entries).unwrap();
        assert_eq!(archive, zipped(&entries).unwrap());
        let mut read = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
        let file = read.by_index(0).unwrap();
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(file.last_modified().unwrap().year(), 1980, "the format's first year");
    }
}
