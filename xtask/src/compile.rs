//! Compiles the provider: quickly for tests, reproducibly for releases.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    error::{Doing, Result, failed},
    places, process,
    provider::NAME,
    targets::Target,
};

/// Separates the flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\u{1f}";

/// Keeps the CPU jitter measurement out of the TLS library; see `.cargo/config.toml`, which cargo reads only when it is
/// started inside the checkout. The provider's `build.rs` refuses a release build without these variables.
const NO_JITTER: (&str, &str) = ("AWS_LC_SYS_NO_JITTER_ENTROPY", "1");

/// Takes chance out of a constant that a library draws while it is compiled; see there as well.
const SEED: (&str, &str) = ("CONST_RANDOM_SEED", NAME);

/// Builds the provider without optimization and returns the path of its binary.
///
/// # Errors
///
/// When it does not compile; cargo has then printed the reason on stderr.
pub fn debug() -> Result<PathBuf> {
    built(&mut cargo())
}

/// Builds one of the workspace's examples without optimization and returns the path of its binary.
///
/// With the whole workspace selected, the libraries have the features of `cargo test --workspace`, and are not built again
/// after it.
///
/// # Errors
///
/// When it does not compile; cargo has then printed the reason on stderr.
pub fn example(name: &str) -> Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--workspace", "--example", name, "--message-format=json-render-diagnostics"]);
    built(&mut cargo)
}

/// Builds the provider as users get it, for this machine or for another target, and returns the path of its binary.
///
/// The same sources, `Cargo.lock` and toolchain give the same bytes, whatever folder they are built in.
///
/// # Errors
///
/// When it does not compile; cargo has then printed the reason on stderr.
pub fn release(target: Option<&Target>) -> Result<PathBuf> {
    let mut cargo = cargo();
    let mut flags = flags();
    if let Some(target) = target {
        cargo.args(["--target", target.triple]).envs(target.tools()?);
        if target.is_static() && has_relative_relocations(&rustc_version()?) {
            flags.push(RELATIVE_RELOCATIONS.into());
        }
    }
    cargo.args(["--release", "--locked"]).env("CARGO_ENCODED_RUSTFLAGS", flags.join(SEPARATOR.as_ref()));
    built(&mut cargo)
}

/// Lets the linker write the addresses that a start has to adjust as a bit map, which takes almost no room. The code that
/// reads the map is musl's, so it is a part of a static binary. A linker that does not know the option warns and goes on.
const RELATIVE_RELOCATIONS: &str = "-Clink-arg=-Wl,-z,pack-relative-relocs";

/// Rust comes with a musl that reads the map since 1.93. With an earlier one, the binary would crash at its start.
fn has_relative_relocations(version: &str) -> bool {
    let mut numbers = version.split_whitespace().nth(1).unwrap_or_default().split('.').map(str::parse::<u32>);
    matches!((numbers.next(), numbers.next()), (Some(Ok(1)), Some(Ok(93..))) | (Some(Ok(2..)), _))
}

/// What `rustc --version` prints: `rustc 1.95.0 (…)`.
fn rustc_version() -> Result<String> {
    let mut rustc = process::tool(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    process::output(rustc.arg("--version"))
}

fn cargo() -> Command {
    let mut cargo = process::cargo();
    cargo.args(["build", "--package", NAME, "--bin", NAME, "--message-format=json-render-diagnostics"]);
    cargo.env(NO_JITTER.0, NO_JITTER.1).env(SEED.0, SEED.1);
    cargo
}

/// Runs a build of cargo that prints its messages as JSON, and returns the path of its binary.
///
/// # Errors
///
/// When it does not compile; cargo has then printed the reason on stderr.
pub fn built(cargo: &mut Command) -> Result<PathBuf> {
    let built = cargo.stdin(Stdio::null()).stderr(Stdio::inherit()).output().doing("run cargo")?;
    let messages = String::from_utf8_lossy(&built.stdout);
    let executable = built_executable(&messages).filter(|_| built.status.success());
    executable.ok_or_else(|| failed("the build failed"))
}

/// The last executable that cargo's messages name.
fn built_executable(messages: &str) -> Option<PathBuf> {
    let mut executables = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    });
    executables.next_back()
}

/// The user's own compiler flags, followed by the ones that replace this machine's folders in panic messages. Cargo ignores
/// `RUSTFLAGS` when the encoded variable is set.
fn flags() -> Vec<OsString> {
    let own = |name: &str, separator: &str| {
        let flags = env::var(name).unwrap_or_default();
        flags.split(separator).filter(|flag| !flag.is_empty()).map(OsString::from).collect::<Vec<_>>()
    };
    let mut flags = own("CARGO_ENCODED_RUSTFLAGS", SEPARATOR);
    if flags.is_empty() {
        flags = own("RUSTFLAGS", " ");
    }
    // The last match counts, and the target folder may be inside the checkout.
    for (folder, name) in [(cargo_home(), "/cargo"), (places::root(), "/source"), (places::target(), "/target")] {
        flags.push(remapped(&folder, name));
    }
    flags
}

fn remapped(folder: &Path, name: &str) -> OsString {
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(folder);
    flag.push("=");
    flag.push(name);
    flag
}

/// Where cargo keeps the sources of dependencies.
fn cargo_home() -> PathBuf {
    let home = || env::home_dir().unwrap_or_default().join(".cargo");
    env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_taken_from_cargos_messages() {
        let messages = "{\"executable\":null}\nnot json\n{\"executable\":\"/t/terraform-provider-infisical\"}\n";
        assert_eq!(built_executable(messages), Some(PathBuf::from("/t/terraform-provider-infisical")));
        assert_eq!(built_executable("{}"), None);
    }

    #[test]
    fn relocations_are_packed_only_where_the_c_library_reads_them() {
        let packs = [
            "rustc 1.88.0 (6b00bc388 2025-06-23)",
            "rustc 1.92.0",
            "rustc 1.93.0",
            "rustc 1.95.0-nightly",
            "rustc 2.0.0",
        ];
        assert_eq!(packs.map(has_relative_relocations), [false, false, true, true, true]);
        assert!(!has_relative_relocations(""));
    }

    #[test]
    fn the_target_folder_is_remapped_after_the_checkout_that_may_contain_it() {
        let flags = flags();
        let position = |name: &str| flags.iter().position(|flag| flag.to_string_lossy().ends_with(name)).unwrap();
        assert!(position("=/source") < position("=/target"), "{flags:?}");
    }

    #[test]
    fn every_build_disables_the_jitter_measurement_and_leaves_nothing_to_chance() {
        let command = cargo();
        for (name, expected) in [NO_JITTER, SEED] {
            let value = command.get_envs().find(|(own, _)| *own == name).and_then(|(_, value)| value);
            assert_eq!(value, Some(expected.as_ref()), "{name}");
        }
    }

    /// Compiles `build.rs` and runs it for this profile, with these of the required variables.
    fn build_script(profile: &str, variables: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("build");
        let mut rustc = process::tool(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        process::output(rustc.args(["--edition=2024", "-o"]).arg(&program).arg(places::root().join("build.rs")))
            .unwrap();
        let mut run = process::tool(program);
        run.env_remove(NO_JITTER.0).env_remove(SEED.0).env("PROFILE", profile).envs(variables.iter().copied());
        process::output(&mut run).unwrap()
    }

    #[test]
    fn a_release_build_without_the_required_variables_is_refused_with_what_to_set() {
        let errors = |profile, variables: &[_]| {
            let printed = build_script(profile, variables);
            printed.lines().filter_map(|line| line.strip_prefix("cargo::error=").map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(errors("release", &[NO_JITTER, SEED]), [""; 0], "the build script wants what we set");
        assert_eq!(errors("debug", &[]), [""; 0], "only releases are held to it");
        let [jitter, seed] = &errors("release", &[])[..] else { panic!("both variables are reported") };
        assert!(jitter.contains("is not set") && jitter.contains("set AWS_LC_SYS_NO_JITTER_ENTROPY=1,"), "{jitter}");
        assert!(seed.contains("set CONST_RANDOM_SEED=terraform-provider-infisical,"), "{seed}");
        let [other] = &errors("release", &[NO_JITTER, (SEED.0, "other")])[..] else {
            panic!("one variable is reported")
        };
        assert!(other.starts_with("CONST_RANDOM_SEED is \"other\", so two builds"), "{other}");
    }
}
