//! `examples/template`, which authors of other providers copy. Its own tests run with those of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

fn template() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/template")
}

/// Outside of the workspace, nothing can be inherited, and a path has to be replaced by a version.
#[test]
fn the_template_does_not_depend_on_the_workspace_around_it() {
    let manifest = fs::read_to_string(template().join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("workspace"), "{manifest}");
    let with_path: Vec<_> = manifest.lines().filter(|line| line.contains("path = ")).collect();
    assert_eq!(with_path.len(), 2, "the README says how many");
    assert!(with_path.iter().all(|line| line.contains("version = ")), "{with_path:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_templates_script_packs_a_binary_under_the_names_that_registries_expect() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["Cargo.toml", "package.sh"] {
        fs::copy(template().join(file), folder.path().join(file)).unwrap();
    }
    fs::write(folder.path().join("built"), "binary").unwrap();
    let packed = std::process::Command::new("./package.sh")
        .args(["built", "linux_amd64"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(packed.status.success(), "{}", String::from_utf8_lossy(&packed.stderr));
    let archive = "terraform-provider-example_0.1.0_linux_amd64.zip";
    let file = fs::File::open(folder.path().join("dist").join(archive)).unwrap();
    let zipped = zip::ZipArchive::new(file).unwrap();
    let archived: Vec<_> = zipped.file_names().map(Result::unwrap).collect();
    assert_eq!(archived, ["terraform-provider-example_v0.1.0"]);
    let sums = folder.path().join("dist/terraform-provider-example_0.1.0_SHA256SUMS");
    assert!(fs::read_to_string(sums).unwrap().ends_with(&format!("  {archive}\n")));
}
