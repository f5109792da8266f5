//! The way of a release through a user's hands: installed from a registry, used, upgraded, downgraded and removed.

use std::fs;
use std::path::Path;

use simulator::{Options, Simulator};
use xtask::provider::VERSION;

use super::packaged::{Key, Packaged, workspace};
use super::server::Server;
use crate::support::rotation::counts;
use crate::support::terraform::Workspace;

/// A version that the quickstart's constraint allows and that is newer than any of ours.
const NEXT: &str = "0.99.0";

/// The quickstart, whose provider comes from the registry on this server.
fn quickstart(server: &Server, constraint: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/quickstart/main.tf");
    let text = fs::read_to_string(path).unwrap();
    let text = text.replace("terraform.local", &format!("localhost:{}", server.port));
    let changed = text.replace("\"~> 0.1\"", &format!("{constraint:?}"));
    assert!(changed.contains("localhost") && changed.contains(constraint), "{changed}");
    changed
}

/// The version in the lock file.
fn locked(workspace: &Workspace) -> String {
    let lock = workspace.read(".terraform.lock.hcl");
    let line = lock.lines().find_map(|line| line.trim().strip_prefix("version")).expect("the lock file has a version");
    line.trim_matches([' ', '=', '"']).to_owned()
}

#[test]
fn a_release_is_installed_used_upgraded_downgraded_and_removed() {
    let key = Key::new();
    let packaged = Packaged::real(Some(&key.signer));
    let server = Server::start(&packaged.layout.registry());
    let simulator = Simulator::start(Options::default()).unwrap();
    let tf = workspace(&[&server]).on(&simulator);
    for file in ["variables.tf", "outputs.tf"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/quickstart").join(file);
        tf.write(file, &fs::read_to_string(path).unwrap());
    }

    // Installed through the registry's service discovery alone: the home is empty, and so is the CLI configuration.
    tf.write("main.tf", &quickstart(&server, "~> 0.1"));
    assert!(tf.init().says(&format!("Installed localhost:{}/openrouter/infisical v{VERSION}", server.port)));
    tf.apply();
    tf.assert_empty_plan();

    // A newer version is used when the user asks for it, and changes nothing by itself.
    packaged.add(NEXT, Some(&key.signer));
    tf.init();
    assert_eq!(locked(&tf), VERSION, "the lock file holds the version");
    tf.run(["init", "-upgrade", "-input=false", "-no-color"]).succeeded();
    assert_eq!(locked(&tf), NEXT);
    tf.assert_empty_plan();

    // A constraint alone does not downgrade; the core says how to.
    tf.write("main.tf", &quickstart(&server, VERSION));
    let refused = tf.run(["init", "-input=false", "-no-color"]).failed();
    assert!(refused.says("locked provider") && refused.says("-upgrade"), "{refused}");
    tf.run(["init", "-upgrade", "-input=false", "-no-color"]).succeeded();
    assert_eq!(locked(&tf), VERSION);
    tf.assert_empty_plan();

    tf.destroy();
    assert_eq!(simulator.counts(), counts(0, 0, 0));
}
