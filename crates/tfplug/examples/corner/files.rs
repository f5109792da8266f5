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

    #[cfg(all(test, feature = "testing"))]
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

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Diagnostic> {
        let file = self.0.join(name);
        let written = fs::create_dir_all(&self.0).and_then(|()| fs::write(&file, text));
        written.map_err(|error| Diagnostic::error(format!("Cannot write {}", file.display()), error.to_string()))
    }

    /// Reads a file, if it exists.
    pub(crate) fn read(&self, name: &str) -> Result<Option<String>, Diagnostic> {
        let file = self.0.join(name);
        match fs::read_to_string(&file) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Diagnostic::error(format!("Cannot read {}", file.display()), error.to_string())),
        }
    }

    /// Removes a file, if it exists.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Diagnostic> {
        let file = self.0.join(name);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Diagnostic::error(format!("Cannot remove {}", file.display()), error.to_string()))
            }
            _ => Ok(()),
        }
    }
}
