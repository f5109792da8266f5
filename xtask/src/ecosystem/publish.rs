//! What authors of other providers get: tfplug with the features that they choose, as it is published, and the template outside of
//! this workspace.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    error::{Doing, Result, failed},
    files, places, process, provider,
    summary::{Check, Outcome},
    test,
};

/// All checks.
pub(super) const CHECKS: [Check; 2] = [
    ("tfplug with each set of its features", each_set_of_features),
    ("tfplug as it is published, and a copy of examples/template", published),
];

/// The crates that are published, each after those that it needs.
const PUBLISHED: [&str; 2] = ["tfplug-macros", "tfplug"];

/// The workspace builds tfplug with all of its features, so only these show what is missing with fewer.
const FEATURES: [&[&str]; 4] = [&[], &["--features=client"], &["--features=testing"], &["--all-features"]];

/// The program of the template, and the platform that it is packed for. The script only uses the name of the platform.
const PROGRAM: &str = "terraform-provider-example";
const PLATFORM: &str = "linux_amd64";

/// How the template's manifest finds tfplug in this repository. Its README says to remove it.
const PATH: &str = r#", path = "../../crates/tfplug""#;

fn each_set_of_features() -> Outcome {
    let lints = FEATURES.iter().map(|features| {
        let mut clippy = process::cargo();
        clippy.args(["clippy", "--quiet", "--package=tfplug", "--all-targets"]).args(*features);
        clippy.args(["--", "-D", "warnings"]);
        clippy
    });
    let pages = FEATURES.iter().map(|features| {
        let mut doc = process::cargo();
        doc.env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--quiet", "--no-deps"]).args(*features);
        doc.args(PUBLISHED.map(|name| format!("--package={name}")));
        doc
    });
    match lints.chain(pages).try_for_each(|mut command| process::output(&mut command).map(drop)) {
        Ok(()) => Outcome::Passed(None),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// Packs the published crates and builds each from its package. Then it does with the template what its README says, with those
/// packages in place of a registry's.
fn published() -> Outcome {
    match packages().and_then(|packages| template_on(&packages)) {
        Ok(passed) => Outcome::Passed(Some(passed)),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// The unpacked packages, in the order of [`PUBLISHED`].
fn packages() -> Result<[PathBuf; 2]> {
    let mut package = process::cargo();
    // What is not committed yet is checked, too.
    package.args(["package", "--quiet", "--allow-dirty"]).args(PUBLISHED.map(|name| format!("--package={name}")));
    process::output(&mut package)?;
    Ok(PUBLISHED.map(|name| places::target().join("package").join(format!("{name}-{}", provider::VERSION))))
}

/// The number of tests of the template that passed.
fn template_on(packages: &[PathBuf; 2]) -> Result<usize> {
    // Below the repository, cargo would take it for a member of the workspace.
    let folder = tempfile::tempdir().doing("create a temporary folder")?;
    copy_folder(&places::root().join("examples/template"), folder.path())?;
    let manifest = folder.path().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).doing("read the manifest of the template")?;
    files::write(&manifest, text.replace(PATH, ""))?;
    // The same versions as here, and not whatever is the newest one today.
    files::copy(&places::root().join("Cargo.lock"), &folder.path().join("Cargo.lock"))?;
    let cargo = |verb: &str| {
        let mut cargo = process::cargo();
        cargo.current_dir(folder.path()).env("CARGO_TARGET_DIR", places::target()).args([verb, "--quiet"]);
        for (name, package) in PUBLISHED.iter().zip(packages) {
            cargo.arg("--config").arg(format!("patch.crates-io.{name}.path={:?}", package.to_string_lossy()));
        }
        cargo
    };
    let printed = process::output(&mut cargo("test"))?;
    process::output(&mut cargo("build"))?;
    packed(folder.path(), &places::target().join("debug").join(PROGRAM))?;
    match printed.lines().filter_map(test::passed_in).sum() {
        0 => Err(failed("the template ran no tests")),
        passed => Ok(passed),
    }
}

/// Packs the binary with the template's script, which is for a shell.
fn packed(template: &Path, binary: &Path) -> Result<()> {
    if cfg!(not(target_os = "linux")) {
        return Ok(());
    }
    let printed = process::output(Command::new("./package.sh").current_dir(template).arg(binary).arg(PLATFORM))?;
    let archive = template.join(printed.trim());
    let size = fs::metadata(&archive).doing(format_args!("find {}", archive.display()))?.len();
    if size > 0 { Ok(()) } else { Err(failed(format!("{} is empty", archive.display()))) }
}

/// Copies a folder without what is built in it.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).doing(format_args!("create {}", to.display()))?;
    for entry in fs::read_dir(from).doing(format_args!("read {}", from.display()))? {
        let entry = entry.doing(format_args!("read {}", from.display()))?;
        let target = to.join(entry.file_name());
        if !entry.path().is_dir() {
            files::copy(&entry.path(), &target)?;
        } else if entry.file_name() != "target" && entry.file_name() != "dist" {
            copy_folder(&entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_tfplug_is_checked_by_itself() {
        let manifest = fs::read_to_string(places::root().join("crates/tfplug/Cargo.toml")).unwrap();
        let (_, features) = manifest.split_once("[features]\n").unwrap();
        let features = features.split("\n\n").next().unwrap();
        let names = features.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(' ').next().unwrap());
        let expected: Vec<_> = names.map(|name| format!("--features={name}")).collect();
        let checked: Vec<_> =
            FEATURES.concat().into_iter().filter(|one| one.starts_with("--features")).map(str::to_owned).collect();
        assert_eq!(checked, expected);
    }

    #[test]
    fn a_copy_of_the_template_has_its_sources_and_nothing_that_was_built() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for file in ["Cargo.toml", "src/note/tests.rs", ".cargo/config.toml", "target/debug/built", "dist/packed"] {
            files::write(&from.path().join(file), file).unwrap();
        }
        copy_folder(from.path(), to.path()).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("src/note/tests.rs")).unwrap(), "src/note/tests.rs");
        assert!(to.path().join(".cargo/config.toml").is_file() && to.path().join("Cargo.toml").is_file());
        assert!(!to.path().join("target").exists() && !to.path().join("dist").exists());
    }

    #[test]
    fn the_templates_manifest_has_the_paths_that_an_author_removes() {
        let manifest = fs::read_to_string(places::root().join("examples/template/Cargo.toml")).unwrap();
        assert_eq!((manifest.matches(PATH).count(), manifest.matches("path = ").count()), (2, 2));
    }
}
