//! `cargo xtask package`: builds a release, and lays it out as registries and mirrors require.

mod archive;
mod arguments;
mod build;
mod contents;
mod hash;
mod layout;
mod mirror;
mod names;
mod registry;
mod release;
mod signature;

use std::{fs, path::Path};

use lexopt::Parser;

pub use archive::Archive;
pub use build::Build;
pub use layout::Layout;
pub use mirror::unpack;
pub use release::Release;
pub use signature::Signer;

use arguments::Wanted;

use crate::{
    changelog,
    error::{Doing, Result},
    files, places,
    provider::VERSION,
    say,
};

/// Tells the registry which plugin protocol the release speaks, and so which cores can use it.
const MANIFEST: &str = r#"{
  "version": 1,
  "metadata": {
    "protocol_versions": ["6.0"]
  }
}
"#;

/// The file with the changelog's section about the release, for the page of the release.
const NOTES: &str = "release-notes.md";

/// Runs `cargo xtask package`.
///
/// # Errors
///
/// When there is an unexpected argument, the tag is not that of a release, a target cannot be built here, the provider does
/// not compile, the signing key cannot be used, or a file cannot be read or written.
pub fn run(arguments: Parser) -> Result<()> {
    let wanted = Wanted::read(arguments)?;
    let notes = wanted.tag.as_ref().map(|_| release_notes()).transpose()?;
    let signer = wanted.key.as_deref().map(|key| Signer::new(key, None)).transpose()?;
    let release = match &wanted.archives {
        Some(folder) => Release::read(folder)?,
        None => Release::new(build::all(&wanted)?.iter().map(Archive::new).collect::<Result<_>>()?)?,
    };
    let layout = match &wanted.into {
        Some(folder) => Layout::new(&std::path::absolute(folder).doing(format_args!("find {}", folder.display()))?),
        None => emptied(&places::target().join("package"))?,
    };
    lay_out(&layout, &release, signer.as_ref())?;
    if let Some(notes) = notes {
        files::write(&layout.release().join(NOTES), notes)?;
    }
    report(&layout, &release, signer.is_some());
    Ok(())
}

/// The layout in a folder of our own, in which nothing of an earlier run may remain.
fn emptied(folder: &Path) -> Result<Layout> {
    files::empty_folder(folder)?;
    Ok(Layout::new(folder))
}

/// What the changelog says about the workspace's version.
fn release_notes() -> Result<String> {
    let changelog = fs::read_to_string(places::root().join("CHANGELOG.md")).doing("read CHANGELOG.md")?;
    changelog::released(VERSION, &changelog).map(|section| section.notes())
}

/// Adds the files of a release, two mirrors and a registry. Other versions in the folder stay; an earlier build of the same
/// version is removed.
///
/// # Errors
///
/// When a file cannot be read or written, or gpg cannot sign.
pub fn lay_out(layout: &Layout, release: &Release, signer: Option<&Signer>) -> Result<()> {
    layout.remove(release.version())?;
    write_release(&layout.release(), release, signer)?;
    for archive in release.archives() {
        archive.unpack(&layout.unpacked_mirror())?;
    }
    mirror::packed(&layout.packed_mirror(), release)?;
    registry::write(layout, release, signer)
}

/// The archives, the manifest, their checksums and, with a key, the signature of the checksums.
fn write_release(folder: &Path, release: &Release, signer: Option<&Signer>) -> Result<()> {
    let mut checksums = String::new();
    for archive in release.archives() {
        files::write(&folder.join(&archive.name), &archive.content)?;
        checksums += &format!("{}  {}\n", archive.sha256, archive.name);
    }
    let manifest = names::asset(release.version(), "manifest.json");
    files::write(&folder.join(&manifest), MANIFEST)?;
    checksums += &format!("{}  {manifest}\n", hash::sha256(MANIFEST.as_bytes()));
    let path = folder.join(names::asset(release.version(), "SHA256SUMS"));
    files::write(&path, checksums)?;
    signer.map_or(Ok(()), |signer| signer.sign(&path))
}

fn report(layout: &Layout, release: &Release, signed: bool) {
    say::heading("Packaged");
    for archive in release.archives() {
        say::line(format_args!("{:>9} bytes  {}  {}", archive.content.len(), archive.sha256, archive.name));
        say::line(format_args!("{:15}  {}", "", archive.h1));
    }
    for (what, folder) in [
        ("Files to upload for the release", layout.release()),
        (
            "Packed mirror, for filesystem_mirror or, behind a web server with https, network_mirror",
            layout.packed_mirror(),
        ),
        ("Unpacked mirror, for filesystem_mirror", layout.unpacked_mirror()),
        ("Provider registry, for a web server with https", layout.registry()),
    ] {
        say::line(format_args!("{what}: {}", folder.display()));
    }
    if !signed {
        say::line("The checksums are not signed. Mirrors work without a signature; for a registry, use --sign KEY.");
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::Value;

    use super::*;
    use crate::provider::{ADDRESS, NAME};

    #[test]
    fn the_manifest_is_json() {
        let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
        assert_eq!(manifest["metadata"]["protocol_versions"][0], "6.0");
    }

    /// A folder with a small file in place of a binary, and a layout.
    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Folder {
            Folder(tempfile::tempdir().unwrap())
        }

        fn layout(&self) -> Layout {
            Layout::new(&self.0.path().join("package"))
        }

        fn build(&self, version: &str) -> Build {
            let binary = self.0.path().join("built");
            fs::write(&binary, format!("binary {version}")).unwrap();
            Build { version: version.to_owned(), ..Build::host(&binary) }
        }

        fn add(&self, version: &str) -> Release {
            let release = Release::new(vec![Archive::new(&self.build(version)).unwrap()]).unwrap();
            lay_out(&self.layout(), &release, None).unwrap();
            release
        }
    }

    /// The hash of an unpacked package, computed from what is on the disk.
    fn h1_of(executable: &Path) -> String {
        let files = fs::read_dir(executable.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
        let hashed = |path: PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, hash::sha256(&fs::read(&path).unwrap()))
        };
        hash::h1(files.map(hashed).collect())
    }

    /// A lock file records this hash. If it differed, a lock file from one installation method would refuse the others.
    #[test]
    fn archive_mirror_and_installation_have_one_hash() {
        let folder = Folder::new();
        let release = folder.add(VERSION);
        let archive = &release.archives()[0];
        let installed = unpack(&folder.0.path().join("installed"), &folder.build(VERSION)).unwrap();
        let mirrored = folder.layout().unpacked_mirror().join(ADDRESS).join(VERSION).join(archive.platform.to_string());
        assert_eq!(h1_of(&installed), archive.h1);
        assert_eq!(h1_of(&mirrored.join(installed.file_name().unwrap())), archive.h1);
        assert_eq!(Archive::read(&folder.layout().release().join(&archive.name)).unwrap().h1, archive.h1);
    }

    #[test]
    fn a_second_version_is_added_beside_the_first() {
        let folder = Folder::new();
        folder.add("1.0.0");
        folder.add("1.1.0");
        let layout = folder.layout();
        let json = |path: PathBuf| files::read_json(&path).unwrap().unwrap();
        let mirror = layout.packed_mirror().join(ADDRESS);
        assert_eq!(json(mirror.join("index.json"))["versions"], serde_json::json!({ "1.0.0": {}, "1.1.0": {} }));
        let list = json(layout.provider_in_registry().join("versions"));
        let versions: Vec<_> = list["versions"].as_array().unwrap().iter().map(|entry| &entry["version"]).collect();
        assert_eq!(versions, ["1.0.0", "1.1.0"]);
        for version in ["1.0.0", "1.1.0"] {
            assert!(mirror.join(format!("{version}.json")).is_file());
            assert!(layout.release().join(format!("{NAME}_{version}_SHA256SUMS")).is_file());
            assert!(layout.unpacked_mirror().join(ADDRESS).join(version).is_dir());
        }
    }

    #[test]
    fn a_new_build_of_a_version_replaces_all_of_the_earlier_one() {
        let folder = Folder::new();
        folder.add("1.0.0");
        let layout = folder.layout();
        let (mirror, registry) = (layout.packed_mirror().join(ADDRESS), layout.provider_in_registry().join("1.0.0"));
        let stale = [&layout.release(), &mirror, &registry].map(|at| at.join(format!("{NAME}_1.0.0_other_amd64.zip")));
        stale.iter().for_each(|path| fs::write(path, "stale").unwrap());
        folder.add("1.0.0");
        assert!(stale.iter().all(|path| !path.exists()));
        let list = files::read_json(&layout.provider_in_registry().join("versions")).unwrap().unwrap();
        assert_eq!(list["versions"].as_array().unwrap().len(), 1, "{list}");
    }
}
