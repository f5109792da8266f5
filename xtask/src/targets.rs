//! The platforms that a release can be built for, and what each of them requires on this machine.

use std::{env, fmt, path::Path};

use crate::{
    error::{Result, failed},
    process,
};

/// An operating system and a processor architecture, named as registries name them: `linux_amd64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform {
    /// `linux`, `darwin`, `windows`.
    pub os: &'static str,
    /// `amd64`, `arm64`, `386`.
    pub arch: &'static str,
}

impl Platform {
    /// This machine's.
    pub fn host() -> Platform {
        Platform { os: registry_os(env::consts::OS), arch: registry_arch(env::consts::ARCH) }
    }

    /// The platform of this name, e.g. `linux_amd64`: one that we package, or this machine's.
    pub fn named(name: &str) -> Option<Platform> {
        let known = TARGETS.iter().map(|target| target.platform).chain([Platform::host()]);
        known.into_iter().find(|platform| platform.to_string() == name)
    }

    /// The suffix of executables' names.
    pub fn executable_suffix(self) -> &'static str {
        if self.os == "windows" { ".exe" } else { "" }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.os, self.arch)
    }
}

fn registry_os(os: &'static str) -> &'static str {
    if os == "macos" { "darwin" } else { os }
}

fn registry_arch(arch: &'static str) -> &'static str {
    match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}

/// A target of the Rust compiler that we package.
#[derive(Debug)]
pub struct Target {
    /// As rustc names it.
    pub triple: &'static str,
    /// As registries name it.
    pub platform: Platform,
    /// C compilers that can compile and link for it; the first one on PATH is used.
    compilers: &'static [&'static str],
    /// How to get such a compiler.
    advice: &'static str,
}

/// Nothing unwinds through the C code, which is the TLS library's: it calls no Rust. Without the tables, the binary is 78 kB smaller.
const WITHOUT_UNWIND_TABLES: &str = "-fno-asynchronous-unwind-tables";

/// A wrapper around the system's gcc that compiles for musl but cannot link what rustc asks for, a static executable that is
/// position-independent: the result crashes at its start. rustc brings what the system's own linker needs.
const MUSL_WRAPPER: &str = "musl-gcc";

/// The wrapper compiles for this machine's architecture only.
#[cfg(target_arch = "x86_64")]
const MUSL_AMD64_COMPILERS: &[&str] = &[MUSL_WRAPPER, "x86_64-linux-musl-gcc"];
#[cfg(not(target_arch = "x86_64"))]
const MUSL_AMD64_COMPILERS: &[&str] = &["x86_64-linux-musl-gcc"];
#[cfg(target_arch = "aarch64")]
const MUSL_ARM64_COMPILERS: &[&str] = &[MUSL_WRAPPER, "aarch64-linux-musl-gcc"];
#[cfg(not(target_arch = "aarch64"))]
const MUSL_ARM64_COMPILERS: &[&str] = &["aarch64-linux-musl-gcc"];

const APPLE: &str = "Apple's SDK is needed, which macOS alone has";
#[cfg(target_os = "macos")]
const APPLE_COMPILERS: &[&str] = &["cc"];
#[cfg(not(target_os = "macos"))]
const APPLE_COMPILERS: &[&str] = &[];

/// All targets, in the order in which they are built; of several for one platform, the first one is preferred. Those with musl
/// are linked statically, so that the same binary runs on distributions with any glibc and on Alpine Linux.
pub const TARGETS: [Target; 6] = [
    Target {
        triple: "x86_64-unknown-linux-musl",
        platform: Platform { os: "linux", arch: "amd64" },
        compilers: MUSL_AMD64_COMPILERS,
        advice: "on an amd64 machine, install musl-gcc (Debian's package musl-tools); elsewhere, x86_64-linux-musl-gcc",
    },
    Target {
        triple: "aarch64-unknown-linux-musl",
        platform: Platform { os: "linux", arch: "arm64" },
        compilers: MUSL_ARM64_COMPILERS,
        advice: "on an arm64 machine, install musl-gcc (Debian's package musl-tools); elsewhere, aarch64-linux-musl-gcc",
    },
    Target {
        triple: "aarch64-unknown-linux-gnu",
        platform: Platform { os: "linux", arch: "arm64" },
        compilers: &["aarch64-linux-gnu-gcc"],
        advice: "install aarch64-linux-gnu-gcc (Debian's package gcc-aarch64-linux-gnu)",
    },
    Target {
        triple: "x86_64-apple-darwin",
        platform: Platform { os: "darwin", arch: "amd64" },
        compilers: APPLE_COMPILERS,
        advice: APPLE,
    },
    Target {
        triple: "aarch64-apple-darwin",
        platform: Platform { os: "darwin", arch: "arm64" },
        compilers: APPLE_COMPILERS,
        advice: APPLE,
    },
    Target {
        triple: "x86_64-pc-windows-gnu",
        platform: Platform { os: "windows", arch: "amd64" },
        compilers: &["x86_64-w64-mingw32-gcc"],
        advice: "install x86_64-w64-mingw32-gcc (Debian's package gcc-mingw-w64-x86-64)",
    },
];

impl Target {
    /// The target of this name.
    ///
    /// # Errors
    ///
    /// When it is not one of [`TARGETS`].
    pub fn named(triple: &str) -> Result<&'static Target> {
        TARGETS.iter().find(|target| target.triple == triple).ok_or_else(|| {
            let known = TARGETS.each_ref().map(|target| target.triple).join(", ");
            failed(format!("unknown target {triple:?}; known are {known}"))
        })
    }

    /// The result contains its C library.
    pub(crate) fn is_static(&self) -> bool {
        self.triple.ends_with("-musl")
    }

    /// The target that releases for this machine's platform are built for, if this machine can build for it.
    pub fn of_release() -> Option<&'static Target> {
        TARGETS.iter().find(|target| target.platform == Platform::host()).filter(|target| target.check().is_ok())
    }

    /// Checks that the standard library and a C compiler for this target are installed.
    ///
    /// # Errors
    ///
    /// When one of them is missing, or both; the message says how to install them.
    pub fn check(&self) -> Result<()> {
        let missing = [self.compiler().map(drop), self.standard_library()].into_iter().filter_map(Result::err);
        let missing = missing.map(|error| error.to_string()).collect::<Vec<_>>().join("; and ");
        if missing.is_empty() { Ok(()) } else { Err(failed(missing)) }
    }

    fn standard_library(&self) -> Result<()> {
        let mut rustc = process::tool(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        let folder = process::output(rustc.args(["--print", "target-libdir", "--target", self.triple]))?;
        if Path::new(folder.trim()).is_dir() {
            return Ok(());
        }
        let triple = self.triple;
        Err(failed(format!("no standard library of Rust for this target: run `rustup target add {triple}`")))
    }

    /// The variables that tell cargo and the build scripts of C code which compiler to use and how; none where the user's own
    /// variables already do.
    ///
    /// # Errors
    ///
    /// When no compiler is installed.
    pub(crate) fn tools(&self) -> Result<Vec<(String, String)>> {
        let (compiler, suffix) = (self.compiler()?, self.triple.replace('-', "_"));
        let mut tools = vec![(format!("CC_{suffix}"), compiler.clone())];
        if compiler != MUSL_WRAPPER {
            tools.push((self.linker_variable(), compiler));
        }
        if self.is_static() {
            tools.push((format!("CFLAGS_{suffix}"), WITHOUT_UNWIND_TABLES.to_owned()));
        }
        tools.retain(|(name, _)| env::var_os(name).is_none());
        Ok(tools)
    }

    fn compiler(&self) -> Result<String> {
        if let Ok(chosen) = env::var(self.linker_variable()) {
            return Ok(chosen);
        }
        let found = process::first_present(self.compilers);
        found.map(str::to_owned).ok_or_else(|| failed(format!("no C compiler for this target: {}", self.advice)))
    }

    fn linker_variable(&self) -> String {
        format!("CARGO_TARGET_{}_LINKER", self.triple.replace('-', "_").to_uppercase())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.platform, self.triple)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_named_as_registries_name_them() {
        assert_eq!(["macos", "linux", "windows"].map(registry_os), ["darwin", "linux", "windows"]);
        assert_eq!(["x86_64", "aarch64", "arm"].map(registry_arch), ["amd64", "arm64", "arm"]);
        assert_eq!(TARGETS[0].platform.to_string(), "linux_amd64");
    }

    #[test]
    fn an_unknown_target_is_answered_with_the_known_ones() {
        let error = Target::named("sparc").unwrap_err().to_string();
        assert!(error.starts_with("unknown target \"sparc\"; known are x86_64-unknown-linux-musl, "), "{error}");
    }

    #[test]
    fn the_linkers_variable_is_the_one_that_cargo_reads() {
        let target = Target::named("x86_64-unknown-linux-musl").unwrap();
        assert_eq!(target.linker_variable(), "CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER");
    }
}
