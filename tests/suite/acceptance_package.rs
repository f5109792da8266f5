//! The mirrors and the registry that `cargo xtask package` creates: cores install the provider from each of them, and a
//! lock file from one mirror is valid for the others.

mod server;

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use xtask::package::{self, Archive, Build, Layout, Release, Signer};
use xtask::process;
use xtask::provider::{ADDRESS, NAME, REQUIRED, VERSION};

use crate::support::cores::core;
use crate::support::terraform::Workspace;
use server::Server;

/// A package in a temporary folder.
struct Packaged {
    layout: Layout,
    archive: Archive,
    /// The last field, so that it is dropped last.
    folder: TempDir,
}

impl Packaged {
    /// A package of a small file instead of the provider: `init` does not start it, and it is packed and unpacked quickly.
    fn stand_in(signer: Option<&Signer>) -> Packaged {
        let binary = tempfile::NamedTempFile::new().unwrap();
        fs::write(binary.path(), "not the provider").unwrap();
        Packaged::of(binary.path(), signer)
    }

    fn of(binary: &Path, signer: Option<&Signer>) -> Packaged {
        let folder = tempfile::Builder::new().prefix("package-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let layout = Layout::new(&folder.path().join("package"));
        let archive = || Archive::new(&Build::host(binary)).unwrap();
        package::lay_out(&layout, &Release::new(vec![archive()]).unwrap(), signer).unwrap();
        Packaged { layout, archive: archive(), folder }
    }

    /// The CLI configuration for each mirror, with the mirror's name.
    fn sources(&self, server: &Server) -> [(&'static str, String); 3] {
        [
            ("unpacked", filesystem(&self.layout.unpacked_mirror())),
            ("packed", filesystem(&self.layout.packed_mirror())),
            ("network", network(server)),
        ]
    }

    /// An archive with the same name but a different executable.
    fn tampered(&self) -> Archive {
        let changed = self.folder.path().join("changed");
        fs::write(&changed, "a changed provider").unwrap();
        let tampered = Archive::new(&Build::host(&changed)).unwrap();
        assert_eq!(tampered.name, self.archive.name);
        tampered
    }

    fn replace_in_mirror(&self, archive: &Archive) {
        fs::write(self.layout.packed_mirror().join(ADDRESS).join(&archive.name), &archive.content).unwrap();
    }
}

/// The CLI configuration for a mirror in a folder.
fn filesystem(mirror: &Path) -> String {
    format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n")
}

/// The CLI configuration for a mirror on a server.
fn network(server: &Server) -> String {
    let url = format!("https://localhost:{}/", server.port);
    format!("provider_installation {{\n  network_mirror {{\n    url = {url:?}\n  }}\n}}\n")
}

/// A workspace that requires the provider and trusts the server's certificate.
fn workspace(server: &Server) -> Workspace {
    let workspace = Workspace::new(core()).config("").file("certificate.pem", &server.certificate_pem);
    let (certificate, settings) = (workspace.path("certificate.pem"), workspace.path("settings.rc"));
    workspace.env("SSL_CERT_FILE", certificate.to_str().unwrap()).env("TF_CLI_CONFIG_FILE", settings.to_str().unwrap())
}

/// Runs `init` again with this CLI configuration. Only the lock file is kept.
fn init(workspace: &Workspace, settings: &str, more: &[&str]) -> crate::support::terraform::Output {
    let installed = workspace.path(".terraform");
    if installed.exists() {
        fs::remove_dir_all(installed).unwrap();
    }
    workspace.write("settings.rc", settings);
    workspace.run([&["init", "-input=false", "-no-color"], more].concat())
}

#[test]
fn a_lock_file_from_any_mirror_is_valid_for_every_mirror() {
    let packaged = Packaged::stand_in(None);
    let server = Server::start(&packaged.layout.packed_mirror());
    let sources = packaged.sources(&server);
    for (locked, settings) in &sources {
        let workspace = workspace(&server);
        init(&workspace, settings, &[]).succeeded();
        let lock = workspace.read(".terraform.lock.hcl");
        assert!(lock.contains(&packaged.archive.h1), "{locked}: {lock}");
        for (other, settings) in &sources {
            let output = init(&workspace, settings, &["-lockfile=readonly"]);
            assert_eq!(output.code, Some(0), "locked from {locked}, installed from {other}\n{output}");
        }
    }
}

#[test]
fn a_provider_from_any_mirror_is_started_by_the_core() {
    let packaged = Packaged::of(Path::new(env!("CARGO_BIN_EXE_terraform-provider-infisical")), None);
    let server = Server::start(&packaged.layout.packed_mirror());
    let workspace = workspace(&server);
    for (source, settings) in packaged.sources(&server) {
        init(&workspace, &settings, &[]).succeeded();
        let schemas = workspace.run(["providers", "schema", "-json"]).succeeded();
        assert!(schemas.stdout.contains("infisical_openrouter_rotation"), "{source}: {schemas}");
    }
}

#[test]
fn a_tampered_archive_does_not_match_the_lock_file() {
    let packaged = Packaged::stand_in(None);
    let server = Server::start(&packaged.layout.packed_mirror());
    let (workspace, settings) = (workspace(&server), filesystem(&packaged.layout.packed_mirror()));
    init(&workspace, &settings, &[]).succeeded();
    packaged.replace_in_mirror(&packaged.tampered());
    let refused = init(&workspace, &settings, &[]).failed();
    assert!(refused.says("checksum"), "{refused}");
}

#[test]
fn a_tampered_archive_does_not_match_the_network_mirrors_hashes() {
    let packaged = Packaged::stand_in(None);
    let server = Server::start(&packaged.layout.packed_mirror());
    packaged.replace_in_mirror(&packaged.tampered());
    let refused = init(&workspace(&server), &network(&server), &[]).failed();
    assert!(refused.says("checksum"), "{refused}");
}

/// The CLI configuration that installs from the registry in the provider's address.
const REGISTRY: &str = "provider_installation {\n  direct {}\n}\n";

/// A workspace whose provider is installed from the registry on this server.
fn registry_workspace(server: &Server) -> Workspace {
    let workspace = workspace(server);
    let host = format!("localhost:{}", server.port);
    workspace.write("main.tf", &REQUIRED.replace("terraform.local", &host));
    workspace
}

/// A signer with a key in a new keyring; `None` if gpg is not installed.
fn signer(keyring: &Path) -> Option<Signer> {
    process::first_present(&["gpg"])?;
    let mut gpg = process::tool("gpg");
    gpg.arg("--homedir").arg(keyring).args(["--batch", "--passphrase", ""]);
    process::output(gpg.args(["--quick-generate-key", "tests@example.com", "rsa2048", "sign", "never"])).unwrap();
    Some(Signer::new("tests@example.com", Some(keyring)).unwrap())
}

#[test]
fn the_provider_is_installed_from_a_signed_registry_of_static_files() {
    let keyring = tempfile::tempdir().unwrap();
    let Some(signer) = signer(keyring.path()) else { return };
    let packaged = Packaged::stand_in(Some(&signer));
    let server = Server::start(&packaged.layout.registry());
    let workspace = registry_workspace(&server);
    let output = init(&workspace, REGISTRY, &[]).succeeded();
    assert!(!output.says("unauthenticated"), "{output}");
    let lock = workspace.read(".terraform.lock.hcl");
    assert!(lock.contains(&packaged.archive.h1) && lock.contains(&packaged.archive.sha256), "{lock}");
}

#[test]
fn checksums_that_were_changed_after_the_signature_are_refused() {
    let keyring = tempfile::tempdir().unwrap();
    let Some(signer) = signer(keyring.path()) else { return };
    let packaged = Packaged::stand_in(Some(&signer));
    let folder = packaged.layout.registry().join("v1/providers/openrouter/infisical").join(VERSION);
    let sums = folder.join(format!("{NAME}_{VERSION}_SHA256SUMS"));
    fs::write(&sums, format!("{}\n", fs::read_to_string(&sums).unwrap())).unwrap();
    let server = Server::start(&packaged.layout.registry());
    let refused = init(&registry_workspace(&server), REGISTRY, &[]).failed();
    assert!(refused.says("signature"), "{refused}");
}
