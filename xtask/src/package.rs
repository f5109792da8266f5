//! `cargo xtask package`: the files of a release, as registries want them, for this platform.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
};

use lexopt::Parser;
use sha2::{Digest, Sha256};
use zip::{ZipWriter, result::ZipResult, write::SimpleFileOptions};

use crate::{
    error::{Doing, Result, failed},
    files, options, places,
    provider::{self, Profile},
    say,
};

/// What the registry reads to know which cores can use the release.
const MANIFEST: &str = r#"{
  "version": 1,
  "metadata": {
    "protocol_versions": ["6.0"]
  }
}
"#;

/// Runs `cargo xtask package`.
///
/// # Errors
///
/// When there is an argument, the provider doesn't build, or a file can't be read or written.
pub fn run(arguments: Parser) -> Result<()> {
    options::none(arguments)?;
    let binary = provider::build(Profile::Release)?;
    let folder = places::target().join("package");
    files::empty_folder(&folder)?;
    let release = format!("{}_{}", provider::NAME, provider::VERSION);
    let archive = archive(&binary)?;
    let assets = [
        (format!("{release}_{}.zip", provider::platform()), archive.as_slice()),
        (format!("{release}_manifest.json"), MANIFEST.as_bytes()),
    ];
    for (name, content) in &assets {
        write(&folder, name, content)?;
    }
    write(&folder, &format!("{release}_SHA256SUMS"), checksums(&assets).as_bytes())?;
    say::line(
        "\nNot done here: the other platforms (run this on each, and join the SHA256SUMS), and the signature\n\
         that registries ask for: gpg --detach-sign, with a key that is registered there, makes SHA256SUMS.sig.",
    );
    Ok(())
}

fn write(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let path = folder.join(name);
    fs::write(&path, content).doing(format_args!("write {}", path.display()))?;
    say::line(format_args!("{:>9} bytes  {}", content.len(), path.display()));
    Ok(())
}

/// One line for each file, as `sha256sum` prints it.
fn checksums(assets: &[(String, &[u8])]) -> String {
    let line = |(name, content): &(String, &[u8])| {
        let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{digest}  {name}\n")
    };
    assets.iter().map(line).collect()
}

/// The archive of one platform: the binary, and the documents that there are. Equal content gives equal bytes.
fn archive(binary: &Path) -> Result<Vec<u8>> {
    zipped(&contents(binary)?).map_err(|error| failed(format!("cannot make the archive: {error}")))
}

/// Name, mode and content of each file in the archive.
fn contents(binary: &Path) -> Result<Vec<(String, u32, Vec<u8>)>> {
    let mut files = vec![(provider::executable(), 0o755, read(binary)?)];
    for name in provider::documents() {
        files.push((name.to_owned(), 0o644, read(&places::root().join(name))?));
    }
    Ok(files)
}

/// The names of the files in the archive.
#[cfg(test)]
pub(crate) fn archive_names(binary: &Path) -> Result<Vec<String>> {
    Ok(contents(binary)?.into_iter().map(|(name, ..)| name).collect())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).doing(format_args!("read {}", path.display()))
}

fn zipped(files: &[(String, u32, Vec<u8>)]) -> ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, mode, content) in files {
        archive.start_file(name, SimpleFileOptions::default().unix_permissions(*mode))?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_lines_of_sha256sum() {
        let lines = checksums(&[("empty".to_owned(), b"")]);
        assert_eq!(lines, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty\n");
    }

    #[test]
    fn an_archive_is_the_same_each_time_and_its_binary_can_be_run() {
        let files = [("provider".to_owned(), 0o755, b"binary".to_vec())];
        let archive = zipped(&files).unwrap();
        assert_eq!(archive, zipped(&files).unwrap());
        let mut read = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
        assert_eq!(read.by_index(0).unwrap().unix_mode().map(|mode| mode & 0o777), Some(0o755));
    }

    #[test]
    fn the_manifest_is_json() {
        let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
        assert_eq!(manifest["metadata"]["protocol_versions"][0], "6.0");
    }
}
