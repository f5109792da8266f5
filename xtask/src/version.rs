//! `cargo xtask version`: sets the version in every place that names it.

use std::fs;

use lexopt::{Arg, Parser, ValueExt};

use crate::{
    changelog,
    error::{Doing, Result, failed},
    files, options, places, process, say,
};

/// The manifests that name the workspace's version: the workspace's own, and one that inherits nothing.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "examples/template/Cargo.toml"];

/// The changelogs, which have a section for each version.
const CHANGELOGS: [&str; 2] = ["CHANGELOG.md", "crates/tfplug/CHANGELOG.md"];

const KEY: &str = "version = \"";

/// Runs `cargo xtask version X.Y.Z`.
///
/// # Errors
///
/// When the argument is not a version, or a file cannot be read or written.
pub fn run(mut arguments: Parser) -> Result<()> {
    let version = match arguments.next()? {
        Some(Arg::Value(version)) => version.string()?,
        Some(other) => return Err(options::unexpected(other, "X.Y.Z")),
        None => return Err(failed("name the version: cargo xtask version X.Y.Z")),
    };
    options::none(arguments)?;
    if !is_version(&version) {
        return Err(failed(format!("{version:?} is not a version such as 0.2.0 or 0.2.0-rc.1")));
    }
    for file in MANIFESTS {
        rewrite(file, |text| with_version(text, &version))?;
    }
    for file in CHANGELOGS {
        rewrite(file, |text| changelog::opened(&version, text))?;
    }
    process::output(process::cargo().args(["update", "--workspace", "--offline", "--quiet"]))?;
    let files = [&MANIFESTS[..], &["Cargo.lock"], &CHANGELOGS[..]].concat();
    say::line(format_args!("The version is {version} in {}.", files.join(", ")));
    Ok(())
}

fn rewrite(file: &str, change: impl FnOnce(&str) -> String) -> Result<()> {
    let path = places::root().join(file);
    let text = fs::read_to_string(&path).doing(format_args!("read {file}"))?;
    files::write(&path, change(&text))
}

/// Whether this is three numbers, and perhaps a suffix for a version before a release.
fn is_version(text: &str) -> bool {
    let (numbers, suffix) = text.split_once('-').map_or((text, None), |(numbers, suffix)| (numbers, Some(suffix)));
    let is_number = |part: &str| part.parse::<u32>().is_ok_and(|number| number.to_string() == part);
    let is_suffix = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    numbers.split('.').count() == 3 && numbers.split('.').all(is_number) && suffix.is_none_or(is_suffix)
}

/// The manifest with this version for the workspace, and for each dependency on one of its crates.
fn with_version(manifest: &str, version: &str) -> String {
    let mut section = "";
    let mut changed = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let is_internal = section == "[workspace.package]" || line.contains("path = \"");
        let parts = line.split_once(KEY).and_then(|(before, after)| Some((before, after.split_once('"')?.1)));
        match parts.filter(|_| is_internal) {
            // Not `rust-version`.
            Some((before, after)) if !before.ends_with('-') => {
                // A crate and its macros belong together: `=` stays.
                let exactly = if line.contains(&format!("{KEY}=")) { "=" } else { "" };
                changed += &format!("{before}{KEY}{exactly}{version}\"{after}\n");
            }
            _ => changed += &format!("{line}\n"),
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::VERSION;

    /// Cargo refuses a dependency whose crate has another version.
    #[test]
    fn each_manifest_names_the_version_of_the_workspace() {
        for file in MANIFESTS {
            let manifest = fs::read_to_string(places::root().join(file)).unwrap();
            assert_eq!(with_version(&manifest, VERSION), manifest, "`cargo xtask version {VERSION}` corrects {file}");
        }
    }

    #[test]
    fn only_the_versions_of_the_workspace_are_changed() {
        let manifest = "[workspace.package]\nversion = \"0.1.0\"\nrust-version = \"1.88\"\n\n[workspace.dependencies]\n\
                        tfplug = { version = \"0.1.0\", path = \"crates/tfplug\" }\n\
                        tfplug-macros = { path = \"crates/tfplug-macros\", version = \"=0.1.0\" }\nhttp = { version = \"1\" }\n\n\
                        [package]\nversion = \"3.0.0\"\n";
        let expected = manifest.replace("0.1.0", "0.2.0");
        assert_eq!(with_version(manifest, "0.2.0"), expected);
    }

    #[test]
    fn a_version_has_three_numbers() {
        assert!(["0.2.0", "10.0.1", "1.0.0-rc.1"].into_iter().all(is_version));
        assert!(!["0.2", "v0.2.0", "0.02.0", "1.0.0-", "1.0.0.0", ""].into_iter().any(is_version));
    }
}
