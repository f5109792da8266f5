//! What outlives the process: a core starts a provider anew for each command, and several at once.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

use tfplug::Diagnostic;

/// A folder: the one that `FRAMEWORK_FOLDER` names, or else `.framework` in the working directory. It is created with the first
/// file.
pub(crate) struct Files(PathBuf);

impl Files {
    pub(crate) fn from_environment() -> Self {
        Self(std::env::var_os("FRAMEWORK_FOLDER").map_or_else(|| ".framework".into(), PathBuf::from))
    }

    #[cfg(test)]
    pub(crate) fn in_folder(folder: &std::path::Path) -> Self {
        Self(folder.to_owned())
    }

    /// The path of a file or folder in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Appends a line to a file.
    pub(crate) fn append(&self, name: &str, line: &str) -> Result<(), Diagnostic> {
        let write = || {
            fs::create_dir_all(&self.0)?;
            // One write for the whole line, so that lines of several processes do not mix.
            OpenOptions::new()
                .create(true)
                .append(true)
                .open(self.0.join(name))?
                .write_all(format!("{line}\n").as_bytes())
        };
        write().map_err(|error: io::Error| {
            Diagnostic::error(format!("Cannot write {}", self.0.join(name).display()), error.to_string())
        })
    }
}
