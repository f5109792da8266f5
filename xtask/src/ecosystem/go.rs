//! Programs that are built from Go modules.

use std::{env::consts::EXE_SUFFIX, path::PathBuf};

use serde_json::Value;

use crate::{
    error::{Result, failed},
    files, places, process,
};

/// A Go program.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// The module that contains it.
    pub(super) module: &'static str,
    pub(super) version: &'static str,
    /// The folder of the program's package in the module.
    pub(super) package: &'static str,
}

impl Program {
    /// The program's path. It is built into the target folder, unless that was done before.
    ///
    /// `go install` would look for newer versions of the module, which not every proxy answers, and would choose the versions of
    /// the dependencies anew. In the module's own folder, its authors' `go.mod` and `go.sum` hold.
    ///
    /// # Errors
    ///
    /// When Go is not on PATH, or the module or one of its dependencies cannot be fetched.
    pub(super) fn built(&self) -> Result<PathBuf> {
        let folder = places::target().join("tools").join(format!("{}-{}", self.name, self.version));
        let program = folder.join(format!("{}{EXE_SUFFIX}", self.name));
        if program.is_file() {
            return Ok(program);
        }
        if process::output(process::tool("go").arg("version")).is_err() {
            return Err(failed("go is not on PATH"));
        }
        files::create_folder(&folder)?;
        let mut go = process::tool("go");
        go.current_dir(self.source(&folder)?).args(["build", "-trimpath", "-o"]).arg(&program).arg(self.package);
        process::output(&mut go).map_err(|error| failed(without_progress(&error.to_string())))?;
        Ok(program)
    }

    /// The folder of the module's source, in Go's cache.
    fn source(&self, outside: &std::path::Path) -> Result<PathBuf> {
        let mut go = process::tool("go");
        // Outside of any module, so that no other `go.mod` decides what is fetched.
        go.current_dir(outside).args(["mod", "download", "-json", &format!("{}@{}", self.module, self.version)]);
        let answer = process::output(&mut go).map_err(|error| failed(without_progress(&error.to_string())))?;
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let folder = answer.get("Dir").and_then(Value::as_str);
        folder.map(PathBuf::from).ok_or_else(|| failed(format!("go names no folder of {}", self.module)))
    }
}

/// Go's message without the lines about what it has downloaded, in one line.
fn without_progress(message: &str) -> String {
    let lines = message.lines().map(str::trim).filter(|line| !line.starts_with("go: downloading"));
    lines.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_what_remains_of_gos_message() {
        let message = "go ended with 1\ngo: downloading a v1\ngo: a@v1: 403 Forbidden\n\tnot available";
        assert_eq!(without_progress(message), "go ended with 1 go: a@v1: 403 Forbidden not available");
    }
}
