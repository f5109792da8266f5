//! The arguments of the command.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use crate::{
    error::{Result, failed},
    options,
    provider::VERSION,
};

const ALLOWED: &str = "--target TRIPLE, --all-targets, --archives FOLDER, --into FOLDER, --tag vX.Y.Z, --sign KEY";

/// What to package, and where.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The Rust targets to build for, besides this machine's own.
    pub(super) targets: Vec<String>,
    /// Whether to build for every target for which there is a compiler.
    pub(super) all_targets: bool,
    /// The folder of archives that were built elsewhere; nothing is built then.
    pub(super) archives: Option<PathBuf>,
    /// The folder to add the release to, instead of the one in the target folder.
    pub(super) into: Option<PathBuf>,
    /// The tag that the release is made from.
    pub(super) tag: Option<String>,
    /// The GnuPG key that signs the checksums.
    pub(super) key: Option<String>,
}

impl Wanted {
    /// Reads the arguments.
    ///
    /// # Errors
    ///
    /// When there is an unexpected argument, when options exclude each other, or when the tag is not the workspace's version.
    pub(super) fn read(mut arguments: Parser) -> Result<Wanted> {
        let mut wanted = Wanted::default();
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("target") => wanted.targets.push(arguments.value()?.string()?),
                Arg::Long("all-targets") => wanted.all_targets = true,
                Arg::Long("archives") => wanted.archives = Some(arguments.value()?.into()),
                Arg::Long("into") => wanted.into = Some(arguments.value()?.into()),
                Arg::Long("tag") => wanted.tag = Some(arguments.value()?.string()?),
                Arg::Long("sign") => wanted.key = Some(arguments.value()?.string()?),
                other => return Err(options::unexpected(other, ALLOWED)),
            }
        }
        wanted.check()?;
        Ok(wanted)
    }

    fn check(&self) -> Result<()> {
        if self.archives.is_some() && (self.all_targets || !self.targets.is_empty()) {
            return Err(failed("--archives packages what was built elsewhere: leave out --target and --all-targets"));
        }
        match &self.tag {
            Some(tag) if *tag != format!("v{VERSION}") => Err(failed(format!(
                "the tag is {tag:?}, but the workspace has version {VERSION}: set the version in Cargo.toml, or tag the \
                 commit v{VERSION}"
            ))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &str) -> Result<Wanted> {
        Wanted::read(Parser::from_args(arguments.split_whitespace()))
    }

    #[test]
    fn ok_targets_may_be_repeated() {
        let wanted = read("--target a --target=b --sign 0xAB --into out").unwrap();
        let expected = Wanted {
            targets: vec!["a".into(), "b".into()],
            into: Some("out".into()),
            key: Some("0xAB".to_owned()),
            ..Wanted::default()
        };
        assert_eq!(wanted, expected);
    }

    #[test]
    fn ok_the_tag_is_the_version_with_a_v() {
        let tag = format!("v{VERSION}");
        assert_eq!(read(&format!("--archives built --tag {tag}")).unwrap().tag, Some(tag));
    }

    #[test]
    fn err_a_tag_of_another_version_says_what_to_change() {
        for tag in ["v99.0.0", VERSION, "v"] {
            let error = read(&format!("--tag {tag}")).unwrap_err().to_string();
            let expected = format!("the tag is {tag:?}, but the workspace has version {VERSION}: set the version in");
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn err_archives_from_elsewhere_exclude_targets() {
        for arguments in ["--archives built --all-targets", "--target a --archives built"] {
            let error = read(arguments).unwrap_err().to_string();
            assert!(error.contains("leave out --target and --all-targets"), "{error}");
        }
    }
}
