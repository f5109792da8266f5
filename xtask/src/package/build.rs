//! Builds the binaries of a release.

use std::path::{Path, PathBuf};

use super::arguments::Wanted;
use crate::{
    compile,
    error::{Result, failed},
    process,
    provider::{NAME, VERSION},
    say,
    targets::{Platform, TARGETS, Target},
};

/// A binary of the provider, its version, and the platform that it runs on.
#[derive(Clone, Debug)]
pub struct Build {
    /// The version, without a `v`.
    pub version: String,
    /// Where it runs.
    pub platform: Platform,
    /// The executable, under any name.
    pub binary: PathBuf,
}

impl Build {
    /// The build of the workspace's version for this machine.
    pub fn host(binary: &Path) -> Build {
        Build { version: VERSION.to_owned(), platform: Platform::host(), binary: binary.to_path_buf() }
    }
}

/// Builds for this machine and for all wanted targets.
///
/// # Errors
///
/// When a named target cannot be built here, or the provider does not compile.
pub(super) fn all(wanted: &Wanted) -> Result<Vec<Build>> {
    targets(wanted)?.into_iter().map(one).collect()
}

/// The targets to build, where `None` is this machine's own. A named target must be available. With `--all-targets`, those
/// that are not available are reported and left out.
fn targets(wanted: &Wanted) -> Result<Vec<Option<&'static Target>>> {
    let mut targets: Vec<&'static Target> = Vec::new();
    for triple in &wanted.targets {
        let target = Target::named(triple)?;
        target.check().map_err(|error| failed(format!("cannot build for {target}: {error}")))?;
        if targets.iter().any(|other| other.platform == target.platform) {
            return Err(failed(format!(
                "{target}: another target for the same platform is named, and both would be one archive"
            )));
        }
        targets.push(target);
    }
    for target in TARGETS.iter().filter(|_| wanted.all_targets) {
        if targets.iter().any(|other| other.platform == target.platform) {
            continue;
        }
        match target.check() {
            Ok(()) => targets.push(target),
            Err(error) => say::line(format_args!("Not packaged: {target}: {error}")),
        }
    }
    Ok(with_host(targets))
}

/// Adds this machine's own target, unless another one is for the same platform, since a platform has one archive.
fn with_host(targets: Vec<&'static Target>) -> Vec<Option<&'static Target>> {
    let host = targets.iter().all(|target| target.platform != Platform::host());
    host.then_some(None).into_iter().chain(targets.into_iter().map(Some)).collect()
}

fn one(target: Option<&Target>) -> Result<Build> {
    let platform = target.map_or_else(Platform::host, |target| target.platform);
    match target {
        Some(target) => say::heading(format_args!("Build for {target}")),
        None => say::heading(format_args!("Build for this machine, {platform}")),
    }
    let binary = compile::release(target)?;
    if platform == Platform::host() {
        starts(&binary)?;
    }
    Ok(Build { platform, ..Build::host(&binary) })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_an_unknown_target_is_refused_before_anything_is_built() {
        let wanted = Wanted { targets: vec!["sparc".to_owned()], ..Wanted::default() };
        let error = targets(&wanted).unwrap_err().to_string();
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

    #[test]
    fn each_target_is_packaged_or_reported_and_no_platform_twice() {
        let wanted = Wanted { all_targets: true, ..Wanted::default() };
        let found = targets(&wanted).unwrap();
        let platforms = found.iter().map(|target| target.map_or_else(Platform::host, |target| target.platform));
        let mut platforms: Vec<_> = platforms.collect();
        assert!(platforms.contains(&Platform::host()), "{platforms:?}");
        platforms.sort_unstable();
        assert!(platforms.windows(2).all(|pair| pair[0] != pair[1]), "{platforms:?}");
    }

    /// The targets in the matrix of the release workflow.
    #[test]
    fn the_release_workflow_builds_each_platform_once() {
        let workflow = std::fs::read_to_string(crate::places::root().join(".github/workflows/release.yml")).unwrap();
        let lines = workflow.lines().filter_map(|line| line.trim().strip_prefix("targets: "));
        let mut platforms: Vec<_> = lines
            .flat_map(str::split_whitespace)
            .map(|triple| Target::named(triple).unwrap().platform.to_string())
            .collect();
        platforms.sort_unstable();
        assert_eq!(platforms, ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64", "windows_amd64"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_binary_that_does_not_print_its_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let program = |name: &str, script: &str| {
            let path = folder.path().join(name);
            crate::files::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            crate::files::make_executable(&path).unwrap();
            starts(&path)
        };
        program("good", &format!("echo {NAME} {VERSION}")).unwrap();
        assert!(program("crashing", "kill -SEGV $$").unwrap_err().to_string().contains("cannot be run"));
        assert!(program("other", "echo other 1").unwrap_err().to_string().contains("instead of its version"));
    }
}
