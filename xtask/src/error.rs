//! Why a command failed, in words for the person who typed it.

use std::{fmt::Display, io};

/// What every command of this crate ends with when it can't do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or process could not be used.
    #[error("{doing}: {source}")]
    Io {
        /// What was attempted, e.g. "write docs/index.md".
        doing: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The arguments could not be read, for example because an option's value is missing.
    #[error(transparent)]
    Arguments(#[from] lexopt::Error),
    /// Any other failure, as a complete message.
    #[error("{0}")]
    Failed(String),
}

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// An [`Error::Failed`] with these words.
pub fn failed(words: impl Into<String>) -> Error {
    Error::Failed(words.into())
}

/// Says what was attempted when an I/O call fails.
pub trait Doing<T> {
    /// Turns the I/O error into [`Error::Io`]; `what` is only formatted then.
    ///
    /// # Errors
    ///
    /// The I/O error, with `what` before it.
    fn doing(self, what: impl Display) -> Result<T>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: impl Display) -> Result<T> {
        self.map_err(|source| Error::Io { doing: format!("cannot {what}"), source })
    }
}
