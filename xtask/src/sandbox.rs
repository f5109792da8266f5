//! An isolated environment for a core, so that it neither reads nor changes anything of the user's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cores::Core,
    error::{Doing, Result},
    files,
    package::Archive,
    process, provider,
};

/// A folder with a mirror that contains the provider, an empty home folder, the CLI configuration, and a working
/// directory.
#[derive(Debug)]
pub struct Sandbox {
    folder: PathBuf,
}

impl Sandbox {
    /// Lays it out in `folder`, which is created if it does not exist. Existing files are kept.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written, or the provider's binary does not exist.
    pub fn new(folder: &Path, provider_binary: &Path) -> Result<Sandbox> {
        let sandbox = Sandbox::empty(folder)?;
        sandbox.add(provider::ADDRESS, provider_binary)?;
        Ok(sandbox)
    }

    /// The same with a release's archive, which the core unpacks.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written, or the file is not an archive of the provider.
    pub fn of_archive(folder: &Path, archive: &Path) -> Result<Sandbox> {
        let archive = Archive::read(archive)?;
        let sandbox = Sandbox::empty(folder)?;
        files::write(&sandbox.mirror().join(provider::ADDRESS).join(&archive.name), &archive.content)?;
        Ok(sandbox)
    }

    /// A sandbox whose mirror has no provider.
    fn empty(folder: &Path) -> Result<Sandbox> {
        let sandbox = Sandbox { folder: folder.to_path_buf() };
        fs::create_dir_all(sandbox.home()).doing(format_args!("create {}", folder.display()))?;
        fs::create_dir_all(sandbox.work()).doing(format_args!("create {}", folder.display()))?;
        fs::write(sandbox.settings(), settings(&sandbox.mirror())).doing("write the CLI configuration")?;
        Ok(sandbox)
    }

    /// Adds a provider to the mirror, under its address and the version of the workspace.
    ///
    /// # Errors
    ///
    /// When the mirror cannot be written, or the provider's binary does not exist.
    pub fn add(&self, address: &str, binary: &Path) -> Result<()> {
        files::link_or_copy(binary, &place_in_mirror(&self.mirror(), address)?)
    }

    /// The working directory, with the configuration and the state.
    pub fn work(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// The filesystem mirror that `init` installs from.
    pub fn mirror(&self) -> PathBuf {
        self.folder.join("mirror")
    }

    /// The CLI configuration file, for `TF_CLI_CONFIG_FILE`.
    pub fn settings(&self) -> PathBuf {
        self.folder.join("terraform.rc")
    }

    fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// A command that starts the core in [`Sandbox::work`], without arguments and without the provider's variables.
    pub fn command(&self, core: &Core) -> Command {
        self.program(&core.path)
    }

    /// A command that starts this program in the same way, so that the cores that it starts see the same.
    pub fn program(&self, program: &Path) -> Command {
        let mut command = process::hermetic(program, &self.home());
        command.current_dir(self.work());
        command.env("TF_CLI_CONFIG_FILE", self.settings());
        // Otherwise Terraform asks its vendor for newer versions.
        command.env("CHECKPOINT_DISABLE", "1");
        command
    }
}

/// The path of a provider's executable in a filesystem mirror of unpacked packages. Creates its folder.
///
/// # Errors
///
/// When the mirror cannot be written.
fn place_in_mirror(mirror: &Path, address: &str) -> Result<PathBuf> {
    let package = mirror.join(address).join(provider::VERSION).join(provider::platform());
    fs::create_dir_all(&package).doing(format_args!("create {}", package.display()))?;
    Ok(package.join(provider::executable_of(address)))
}

/// A CLI configuration with the mirror as the only installation method.
fn settings(mirror: &Path) -> String {
    // JSON strings are valid strings of the configuration language.
    let path = serde_json::Value::from(mirror.to_string_lossy()).to_string();
    format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_allow_only_the_mirror() {
        let text = settings(Path::new("/a \"b\"/c"));
        assert_eq!(text.matches('{').count(), 2);
        assert!(text.contains(r#"path = "/a \"b\"/c""#), "{text}");
    }

    #[test]
    fn the_provider_is_where_a_core_looks_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("built");
        fs::write(&binary, "binary").unwrap();
        let sandbox = Sandbox::new(folder.path(), &binary).unwrap();
        let (address, version, platform) = (provider::ADDRESS, provider::VERSION, provider::platform());
        let expected = format!("{address}/{version}/{platform}/{}", provider::executable());
        assert_eq!(fs::read_to_string(sandbox.mirror().join(expected)).unwrap(), "binary");
    }
}
