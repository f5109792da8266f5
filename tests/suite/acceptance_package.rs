//! The mirrors and the registry that `cargo xtask package` creates: cores install the provider from each of them, and a
//! lock file from one source is valid for the others.

mod packaged;
mod release_path;
mod server;

use std::fs;

use xtask::provider::{NAME, REQUIRED, VERSION};

use crate::support::newcomer::{Machine, page};
use crate::support::terraform::Workspace;
use packaged::{Key, Packaged, filesystem, init, network, registry, workspace};
use server::Server;

#[test]
fn a_lock_file_from_any_source_is_valid_for_every_source() {
    let key = Key::new();
    let packaged = Packaged::stand_in(Some(&key.signer));
    let mirror = Server::start(&packaged.layout.packed_mirror());
    let registry_server = Server::start(&packaged.layout.registry());
    let sources = [
        ("unpacked mirror", filesystem(&packaged.layout.unpacked_mirror())),
        ("packed mirror", filesystem(&packaged.layout.packed_mirror())),
        ("network mirror", network(&mirror)),
        ("registry", registry(&registry_server)),
    ];
    for (locked, settings) in &sources {
        let workspace = workspace(&[&mirror, &registry_server]);
        init(&workspace, settings, &[]).succeeded();
        let lock = workspace.read(".terraform.lock.hcl");
        assert!(lock.contains(&packaged.archive.h1), "{locked}: {lock}");
        for (other, settings) in sources.iter().filter(|(other, _)| other != locked) {
            let output = init(&workspace, settings, &["-lockfile=readonly"]);
            assert_eq!(output.code, Some(0), "locked from {locked}, installed from {other}\n{output}");
        }
    }
}

#[test]
fn a_provider_from_any_mirror_is_started_by_the_core() {
    let packaged = Packaged::real(None);
    let server = Server::start(&packaged.layout.packed_mirror());
    let workspace = workspace(&[&server]);
    for (source, settings) in [
        ("unpacked", filesystem(&packaged.layout.unpacked_mirror())),
        ("packed", filesystem(&packaged.layout.packed_mirror())),
        ("network", network(&server)),
    ] {
        init(&workspace, &settings, &[]).succeeded();
        let schemas = workspace.run(["providers", "schema", "-json"]).succeeded();
        assert!(schemas.stdout.contains("infisical_openrouter_rotation"), "{source}: {schemas}");
    }
}

#[test]
fn a_tampered_archive_in_a_mirror_is_refused_by_lock_file_and_hashes() {
    let packaged = Packaged::stand_in(None);
    let server = Server::start(&packaged.layout.packed_mirror());
    let (locked, settings) = (workspace(&[&server]), filesystem(&packaged.layout.packed_mirror()));
    init(&locked, &settings, &[]).succeeded();
    packaged.replace_in_mirror(&packaged.tampered());
    let refused = init(&locked, &settings, &[]).failed();
    assert!(refused.says("checksum"), "by the lock file\n{refused}");
    let refused = init(&workspace(&[&server]), &network(&server), &[]).failed();
    assert!(refused.says("checksum"), "by the network mirror's hashes\n{refused}");
}

/// What README.md says about the files of a release, for a user whose keyring has the project's key.
#[cfg(target_os = "linux")]
#[test]
fn the_readme_says_how_to_install_from_a_release() {
    let readme = page("README.md");
    let section = readme.split_once("\n## Install from a release\n").expect("the README has the section").1;
    let commands = section.split("```").nth(1).unwrap().strip_prefix("sh\n").unwrap();
    let key = Key::new();
    let packaged = Packaged::stand_in(Some(&key.signer));
    let mut machine = Machine::new();
    for entry in fs::read_dir(packaged.layout.release()).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            fs::copy(entry.path(), machine.path("work").join(entry.file_name())).unwrap();
        }
    }
    machine.run(&format!("export GNUPGHOME={}", key.keyring.path().display())).succeeded();
    machine.run(commands).succeeded();
    fs::write(machine.path("work/main.tf"), REQUIRED).unwrap();
    machine.run("terraform init").succeeded();
    assert!(fs::read_to_string(machine.path("work/.terraform.lock.hcl")).unwrap().contains(&packaged.archive.h1));

    fs::write(machine.path("work").join(&packaged.archive.name), packaged.tampered().content).unwrap();
    let refused = machine.run(commands).failed();
    assert!(refused.says("FAILED"), "{refused}");
}

/// The CLI configuration that installs from the registry in the provider's address.
const REGISTRY: &str = "provider_installation {\n  direct {}\n}\n";

/// A workspace whose provider is installed from the registry on this server.
fn registry_workspace(server: &Server) -> Workspace {
    let workspace = workspace(&[server]);
    let host = format!("localhost:{}", server.port);
    workspace.write("main.tf", &REQUIRED.replace("terraform.local", &host));
    workspace
}

#[test]
fn a_signed_registry_of_static_files_is_trusted_until_it_is_tampered_with() {
    let key = Key::new();
    let packaged = Packaged::stand_in(Some(&key.signer));
    let server = Server::start(&packaged.layout.registry());
    let workspace = registry_workspace(&server);
    let output = init(&workspace, REGISTRY, &[]).succeeded();
    assert!(!output.says("unauthenticated"), "{output}");
    let lock = workspace.read(".terraform.lock.hcl");
    assert!(lock.contains(&packaged.archive.h1) && lock.contains(&packaged.archive.sha256), "{lock}");

    let archive = packaged.in_registry().join(&packaged.archive.name);
    fs::write(&archive, packaged.tampered().content).unwrap();
    let refused = init(&registry_workspace(&server), REGISTRY, &[]).failed();
    assert!(refused.says("checksum"), "{refused}");

    fs::write(&archive, &packaged.archive.content).unwrap();
    let sums = packaged.in_registry().join(format!("{NAME}_{VERSION}_SHA256SUMS"));
    fs::write(&sums, format!("{}\n", fs::read_to_string(&sums).unwrap())).unwrap();
    let refused = init(&registry_workspace(&server), REGISTRY, &[]).failed();
    assert!(refused.says("signature"), "{refused}");
}
