//! Why a command failed, as a message for the person who ran it.

use std::{fmt::Display, io};

/// The error of every command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or process could not be used.
    #[error("{doing}: {source}")]
    Io {
        /// What was attempted, e.g. "write docs/index.md".
        doing: String,
        /// The operating system's error.
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

/// An [`Error::Failed`] with this message.
pub fn failed(message: impl Into<String>) -> Error {
    Error::Failed(message.into())
}

/// Adds to an I/O error what was attempted.
pub trait Doing<T> {
    /// Turns an I/O error into [`Error::Io`]. On success, `what` is not formatted.
    ///
    /// # Errors
    ///
    /// The I/O error, preceded by "cannot" and `what`.
    fn doing(self, what: impl Display) -> Result<T>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: impl Display) -> Result<T> {
        self.map_err(|source| Error::Io { doing: format!("cannot {what}"), source })
    }
}
