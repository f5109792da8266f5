//! File operations that the standard library does not have.

use std::{fs, path::Path};

use serde_json::Value;

use crate::error::{Doing, Result, failed};

/// Sets the permission to execute the file; does nothing on Windows, which has no such permission.
///
/// # Errors
///
/// When the file does not exist or belongs to another user.
pub fn make_executable(file: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let doing = format!("make {} executable", file.display());
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).doing(doing)?;
    }
    let _: &Path = file;
    Ok(())
}

/// Hard-links the file, or copies it where the file system cannot link. Replaces an existing file.
///
/// # Errors
///
/// When the source does not exist or the target cannot be written.
pub fn link_or_copy(from: &Path, to: &Path) -> Result<()> {
    remove(to)?;
    if fs::hard_link(from, to).is_ok() { Ok(()) } else { copy(from, to) }
}

/// Copies the file. An existing file is removed first and not overwritten, since a program may be running from it.
///
/// # Errors
///
/// When the source does not exist or the target cannot be written.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    remove(to)?;
    fs::copy(from, to).map(drop).doing(format_args!("copy {} to {}", from.display(), to.display()))
}

fn remove(file: &Path) -> Result<()> {
    if file.exists() { fs::remove_file(file).doing(format_args!("replace {}", file.display())) } else { Ok(()) }
}

/// Writes the file, and creates the folders above it.
///
/// # Errors
///
/// When the file or a folder cannot be written.
pub fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    file.parent().map_or(Ok(()), create_folder)?;
    fs::write(file, content).doing(format_args!("write {}", file.display()))
}

/// Writes a file that may exist already. It is removed first and not overwritten, since a program may be running from it.
///
/// # Errors
///
/// When the file or a folder above it cannot be written.
pub fn replace(file: &Path, content: &[u8]) -> Result<()> {
    remove(file)?;
    write(file, content)
}

/// The JSON in a file; `None` if there is no such file.
///
/// # Errors
///
/// When the file cannot be read or is not JSON.
pub fn read_json(file: &Path) -> Result<Option<Value>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(file).doing(format_args!("read {}", file.display()))?;
    let value = serde_json::from_str(&text);
    value.map(Some).map_err(|error| failed(format!("{} is not JSON: {error}", file.display())))
}

/// Creates the folder and those above it.
///
/// # Errors
///
/// When a folder cannot be created.
pub fn create_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).doing(format_args!("create {}", folder.display()))
}

/// Copies the folder with all that is in it. Files that `to` has already are replaced.
///
/// # Errors
///
/// When `from` does not exist, or `to` cannot be written.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    create_folder(to)?;
    for entry in fs::read_dir(from).doing(format_args!("read {}", from.display()))? {
        let entry = entry.doing(format_args!("read {}", from.display()))?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// JSON for a file: indented, with a final line end.
pub fn json(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Removes the folder, if it exists, and creates it again.
///
/// # Errors
///
/// When it cannot be removed or created.
pub fn empty_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).doing(format_args!("empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).doing(format_args!("create {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_replaces_a_file_and_leaves_its_other_names_alone() {
        let folder = tempfile::tempdir().unwrap();
        let [new, old, other] = ["new", "old", "other"].map(|name| folder.path().join(name));
        fs::write(&new, "new").unwrap();
        fs::write(&old, "old").unwrap();
        fs::hard_link(&old, &other).unwrap();
        copy(&new, &old).unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "new");
        assert_eq!(fs::read_to_string(&other).unwrap(), "old");
    }
}
