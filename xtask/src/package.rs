//! `cargo xtask package`: builds a release, and lays it out as registries and mirrors require.

mod archive;
mod hash;
mod mirror;
mod registry;
mod signature;

use std::path::{Path, PathBuf};

use lexopt::{Arg, Parser, ValueExt};

pub use archive::Archive;
pub use hash::{of_archive, of_folder};
pub use mirror::unpack;
pub use signature::Signer;

use crate::{
    compile,
    error::{Result, failed},
    files, options, places, process,
    provider::{NAME, VERSION},
    say,
    targets::{Platform, TARGETS, Target},
};

/// Tells the registry which plugin protocol the release speaks, and so which cores can use it.
const MANIFEST: &str = r#"{
  "version": 1,
  "metadata": {
    "protocol_versions": ["6.0"]
  }
}
"#;

/// A binary of the provider, and the platform that it runs on.
#[derive(Debug)]
pub struct Build {
    /// Where it runs.
    pub platform: Platform,
    /// The executable, under any name.
    pub binary: PathBuf,
}

impl Build {
    /// The build for this machine.
    pub fn host(binary: &Path) -> Build {
        Build { platform: Platform::host(), binary: binary.to_path_buf() }
    }

    /// The executable's name inside a package, e.g. `terraform-provider-infisical_v0.1.0`.
    pub fn executable(&self) -> String {
        format!("{NAME}_v{VERSION}{}", self.platform.executable_suffix())
    }
}

/// Where [`lay_out`] puts things.
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
}

/// Runs `cargo xtask package`.
///
/// # Errors
///
/// When there is an unexpected argument, a target cannot be built here, the provider does not compile, the signing key
/// cannot be used, or a file cannot be read or written.
pub fn run(arguments: Parser) -> Result<()> {
    let wanted = Wanted::read(arguments)?;
    let signer = wanted.key.as_deref().map(|key| Signer::new(key, None)).transpose()?;
    let targets = targets(&wanted)?;
    let builds = targets.iter().map(|target| build(*target)).collect::<Result<Vec<_>>>()?;
    let layout = Layout::new(&places::target().join("package"));
    let archives = lay_out(&layout, &builds, signer.as_ref())?;
    report(&layout, &archives, signer.is_some());
    Ok(())
}

/// Writes the files of a release, two mirrors and a registry. Removes what the folder contained before.
///
/// # Errors
///
/// When a file cannot be read or written, or gpg cannot sign.
pub fn lay_out(layout: &Layout, builds: &[Build], signer: Option<&Signer>) -> Result<Vec<Archive>> {
    files::empty_folder(&layout.folder)?;
    let archives = builds.iter().map(Archive::new).collect::<Result<Vec<_>>>()?;
    release(&layout.release(), &archives, signer)?;
    for build in builds {
        mirror::unpack(&layout.unpacked_mirror(), build)?;
    }
    mirror::packed(&layout.packed_mirror(), &archives)?;
    registry::write(layout, &archives, signer)?;
    Ok(archives)
}

/// The archives, the manifest, their checksums and, with a key, the signature of the checksums.
fn release(folder: &Path, archives: &[Archive], signer: Option<&Signer>) -> Result<()> {
    let mut checksums = String::new();
    for archive in archives {
        files::write(&folder.join(&archive.name), &archive.content)?;
        checksums += &format!("{}  {}\n", archive.sha256, archive.name);
    }
    let manifest = asset("manifest.json");
    files::write(&folder.join(&manifest), MANIFEST)?;
    checksums += &format!("{}  {manifest}\n", hash::sha256(MANIFEST.as_bytes()));
    let path = folder.join(asset("SHA256SUMS"));
    files::write(&path, checksums)?;
    signer.map_or(Ok(()), |signer| signer.sign(&path))
}

/// The name of a file of the release that is not for one platform.
fn asset(suffix: &str) -> String {
    format!("{NAME}_{VERSION}_{suffix}")
}

/// The arguments of the command.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    targets: Vec<String>,
    all_targets: bool,
    key: Option<String>,
}

impl Wanted {
    fn read(mut arguments: Parser) -> Result<Wanted> {
        let mut wanted = Wanted::default();
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("target") => wanted.targets.push(arguments.value()?.string()?),
                Arg::Long("all-targets") => wanted.all_targets = true,
                Arg::Long("sign") => wanted.key = Some(arguments.value()?.string()?),
                other => return Err(options::unexpected(other, "--target TRIPLE, --all-targets, --sign KEY")),
            }
        }
        Ok(wanted)
    }
}

/// The targets to build, where `None` is this machine's own. A named target must be available. With `--all-targets`, those
/// that are not available are reported and left out.
fn targets(wanted: &Wanted) -> Result<Vec<Option<&'static Target>>> {
    let mut targets = Vec::new();
    for triple in &wanted.targets {
        let target = Target::named(triple)?;
        target.check().map_err(|error| failed(format!("cannot build for {target}: {error}")))?;
        targets.push(target);
    }
    if wanted.all_targets {
        for target in TARGETS.iter().filter(|target| !wanted.targets.iter().any(|named| named == target.triple)) {
            match target.check() {
                Ok(()) => targets.push(target),
                Err(error) => say::line(format_args!("Not packaged: {target}: {error}")),
            }
        }
    }
    Ok(with_host(targets))
}

/// Adds this machine's own target, unless another one is for the same platform, since a platform has one archive.
fn with_host(targets: Vec<&'static Target>) -> Vec<Option<&'static Target>> {
    let host = targets.iter().all(|target| target.platform != Platform::host());
    host.then_some(None).into_iter().chain(targets.into_iter().map(Some)).collect()
}

fn build(target: Option<&Target>) -> Result<Build> {
    let platform = target.map_or_else(Platform::host, |target| target.platform);
    match target {
        Some(target) => say::heading(format_args!("Build for {target}")),
        None => say::heading(format_args!("Build for this machine, {platform}")),
    }
    let binary = compile::release(target)?;
    if platform == Platform::host() {
        starts(&binary)?;
    }
    Ok(Build { platform, binary })
}

/// Checks that the binary runs: an unsuitable linker can produce one that crashes at once.
fn starts(binary: &Path) -> Result<()> {
    let printed = process::output(process::tool(binary).arg("--version"))
        .map_err(|error| failed(format!("the new binary cannot be run: {error}")))?;
    if printed.trim() == format!("{NAME} {VERSION}") {
        return Ok(());
    }
    Err(failed(format!("the new binary printed {printed:?} instead of its version")))
}

fn report(layout: &Layout, archives: &[Archive], signed: bool) {
    say::heading("Packaged");
    for archive in archives {
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
    use super::*;

    fn read(arguments: &str) -> Result<Wanted> {
        Wanted::read(Parser::from_args(arguments.split_whitespace()))
    }

    #[test]
    fn ok_targets_may_be_repeated() {
        let wanted = read("--target a --target=b --sign 0xAB").unwrap();
        let expected =
            Wanted { targets: vec!["a".into(), "b".into()], all_targets: false, key: Some("0xAB".to_owned()) };
        assert_eq!(wanted, expected);
    }

    #[test]
    fn err_an_unknown_target_is_refused_before_anything_is_built() {
        let error = targets(&read("--target sparc").unwrap()).unwrap_err().to_string();
        assert!(error.starts_with("unknown target \"sparc\""), "{error}");
    }

    #[test]
    fn a_platform_is_built_once() {
        let elsewhere = TARGETS.iter().find(|target| target.platform != Platform::host()).unwrap();
        assert_eq!(with_host(vec![elsewhere]).len(), 2, "this machine's is added");
        if let Some(same) = TARGETS.iter().find(|target| target.platform == Platform::host()) {
            assert!(with_host(vec![same]).iter().all(Option::is_some), "it takes this machine's place");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_binary_that_does_not_print_its_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let program = |name: &str, script: &str| {
            let path = folder.path().join(name);
            files::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            files::make_executable(&path).unwrap();
            starts(&path)
        };
        program("good", &format!("echo {NAME} {VERSION}")).unwrap();
        assert!(program("crashing", "kill -SEGV $$").unwrap_err().to_string().contains("cannot be run"));
        assert!(program("other", "echo other 1").unwrap_err().to_string().contains("instead of its version"));
    }

    #[test]
    fn the_manifest_is_json() {
        let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
        assert_eq!(manifest["metadata"]["protocol_versions"][0], "6.0");
    }

    /// A lock file records this hash. If it differed, a lock file from one installation method would refuse the others.
    #[test]
    fn archive_mirror_and_installation_have_one_hash() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("built");
        std::fs::write(&binary, "binary").unwrap();
        let build = Build::host(&binary);
        let layout = Layout::new(&folder.path().join("package"));
        let archives = lay_out(&layout, &[Build::host(&binary)], None).unwrap();
        let installed = unpack(&folder.path().join("installed"), &build).unwrap();
        let mirrored = unpack(&layout.unpacked_mirror(), &build).unwrap();
        let expected = &archives[0].h1;
        assert_eq!(of_folder(installed.parent().unwrap()).unwrap(), *expected);
        assert_eq!(of_folder(mirrored.parent().unwrap()).unwrap(), *expected);
        assert_eq!(of_archive(&layout.release().join(&archives[0].name)).unwrap(), *expected);
    }
}
