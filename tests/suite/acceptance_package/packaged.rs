//! What the tests of packages share: a package, the sources that it can be installed from, and workspaces that use them.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use xtask::package::{self, Archive, Build, Layout, Release, Signer};
use xtask::process;
use xtask::provider::{ADDRESS, VERSION};

use super::server::Server;
use crate::support::cores::core;
use crate::support::newcomer::page;
use crate::support::temporary_folder;
use crate::support::terraform::{Output, Workspace};

/// A package in a temporary folder.
pub(super) struct Packaged {
    pub(super) layout: Layout,
    pub(super) archive: Archive,
    /// The last field, so that it is dropped last.
    folder: TempDir,
}

impl Packaged {
    /// A package of a small file instead of the provider: `init` does not start it, and it is packed and unpacked quickly.
    pub(super) fn stand_in(signer: Option<&Signer>) -> Packaged {
        let binary = tempfile::NamedTempFile::new().unwrap();
        fs::write(binary.path(), "not the provider").unwrap();
        Packaged::of(binary.path(), signer)
    }

    /// A package of the provider, without debug information where that can be removed, since it is packed and unpacked several
    /// times.
    pub(super) fn real(signer: Option<&Signer>) -> Packaged {
        let built = Path::new(env!("CARGO_BIN_EXE_terraform-provider-infisical"));
        let stripped = tempfile::NamedTempFile::new().unwrap();
        let done = process::output(process::tool("strip").arg("-o").arg(stripped.path()).arg(built));
        Packaged::of(if done.is_ok() { stripped.path() } else { built }, signer)
    }

    fn of(binary: &Path, signer: Option<&Signer>) -> Packaged {
        let folder = temporary_folder("package");
        let kept = folder.path().join("built");
        fs::copy(binary, &kept).unwrap();
        let layout = Layout::new(&folder.path().join("package"));
        let archive = add(&layout, &kept, VERSION, signer);
        Packaged { layout, archive, folder }
    }

    /// Adds another version of the same binary to the mirrors and the registry.
    pub(super) fn add(&self, version: &str, signer: Option<&Signer>) {
        add(&self.layout, &self.folder.path().join("built"), version, signer);
    }

    /// An archive with the same name but a different executable.
    pub(super) fn tampered(&self) -> Archive {
        let changed = self.folder.path().join("changed");
        fs::write(&changed, "a changed provider").unwrap();
        let tampered = Archive::new(&Build::host(&changed)).unwrap();
        assert_eq!(tampered.name, self.archive.name);
        tampered
    }

    /// Replaces the archive in the packed mirror.
    pub(super) fn replace_in_mirror(&self, archive: &Archive) {
        fs::write(self.layout.packed_mirror().join(ADDRESS).join(&archive.name), &archive.content).unwrap();
    }

    /// The folder of the version in the registry.
    pub(super) fn in_registry(&self) -> PathBuf {
        self.layout.registry().join("v1/providers/openrouter/infisical").join(VERSION)
    }
}

fn add(layout: &Layout, binary: &Path, version: &str, signer: Option<&Signer>) -> Archive {
    let build = Build { version: version.to_owned(), ..Build::host(binary) };
    let release = Release::new(vec![Archive::new(&build).unwrap()]).unwrap();
    package::lay_out(layout, &release, signer).unwrap();
    Archive::read(&layout.release().join(&release.archives()[0].name)).unwrap()
}

/// A key in a keyring that lasts as long as this value.
pub(super) struct Key {
    pub(super) signer: Signer,
    pub(super) keyring: TempDir,
}

impl Key {
    /// A new key. Without gpg, nothing that is signed could be tested.
    pub(super) fn new() -> Key {
        assert!(process::first_present(&["gpg"]).is_some(), "gpg is not on PATH: install GnuPG, which signs releases");
        let keyring = tempfile::tempdir().unwrap();
        let mut gpg = process::tool("gpg");
        gpg.arg("--homedir").arg(keyring.path()).args(["--batch", "--passphrase", ""]);
        process::output(gpg.args(["--quick-generate-key", "tests@example.com", "rsa2048", "sign", "never"])).unwrap();
        let signer = Signer::new("tests@example.com", Some(keyring.path())).unwrap();
        Key { signer, keyring }
    }
}

/// The CLI configuration for a mirror in a folder, as the guide has it.
pub(super) fn filesystem(mirror: &Path) -> String {
    guided("A folder", "/srv/terraform/mirror", mirror.to_str().unwrap())
}

/// The CLI configuration for a mirror on a server, as the guide has it.
pub(super) fn network(server: &Server) -> String {
    guided("A web server", "https://mirror.example.com/terraform/", &format!("https://localhost:{}/", server.port))
}

/// The code below this heading of the guide, with this place instead of the example's.
fn guided(heading: &str, example: &str, place: &str) -> String {
    let guide = page("docs/guides/mirror-or-registry.md");
    let section = guide.split_once(&format!("\n## {heading}\n")).expect("the guide has the section").1;
    let code = section.split("```").nth(1).unwrap().strip_prefix("hcl\n").unwrap();
    assert!(code.contains(example), "{code}");
    code.replace(example, place)
}

/// The CLI configuration that finds the registry of the provider's address on this server.
pub(super) fn registry(server: &Server) -> String {
    let url = format!("https://localhost:{}/v1/providers/", server.port);
    format!(
        "host \"terraform.local\" {{\n  services = {{ \"providers.v1\" = {url:?} }}\n}}\n\
         provider_installation {{\n  direct {{}}\n}}\n"
    )
}

/// A workspace that requires the provider and trusts the servers' certificates.
pub(super) fn workspace(servers: &[&Server]) -> Workspace {
    let certificates: String = servers.iter().map(|server| server.certificate_pem.as_str()).collect();
    let workspace = Workspace::new(core()).config("").file("certificates.pem", &certificates).file("settings.rc", "");
    let (certificates, settings) = (workspace.path("certificates.pem"), workspace.path("settings.rc"));
    workspace.env("SSL_CERT_FILE", certificates.to_str().unwrap()).env("TF_CLI_CONFIG_FILE", settings.to_str().unwrap())
}

/// Runs `init` again with this CLI configuration. Only the lock file is kept.
pub(super) fn init(workspace: &Workspace, settings: &str, more: &[&str]) -> Output {
    let installed = workspace.path(".terraform");
    if installed.exists() {
        fs::remove_dir_all(installed).unwrap();
    }
    workspace.write("settings.rc", settings);
    workspace.run([&["init", "-input=false", "-no-color"], more].concat())
}
