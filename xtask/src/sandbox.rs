//! A place where a core runs and touches nothing of the user's: own home, own mirror, own settings.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cores::Core,
    error::{Doing, Result},
    files, process, provider,
};

/// A folder with a mirror that holds the provider, an empty home, the core's settings, and a place for configurations.
#[derive(Debug)]
pub struct Sandbox {
    folder: PathBuf,
}

impl Sandbox {
    /// Lays it out in `folder`, which is made if need be; what is there already stays.
    ///
    /// # Errors
    ///
    /// When the folder can't be written, or the provider's binary isn't there.
    pub fn new(folder: &Path, provider_binary: &Path) -> Result<Sandbox> {
        let sandbox = Sandbox { folder: folder.to_path_buf() };
        fs::create_dir_all(sandbox.home()).doing(format_args!("make {}", folder.display()))?;
        fs::create_dir_all(sandbox.work()).doing(format_args!("make {}", folder.display()))?;
        files::link_or_copy(provider_binary, &place_in_mirror(&sandbox.mirror())?)?;
        fs::write(sandbox.settings(), settings(&sandbox.mirror())).doing("write the core's settings")?;
        Ok(sandbox)
    }

    /// Where configurations and the state go, and where the core is started.
    pub fn work(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// The mirror that `init` installs from.
    pub fn mirror(&self) -> PathBuf {
        self.folder.join("mirror")
    }

    /// What `TF_CLI_CONFIG_FILE` names.
    pub fn settings(&self) -> PathBuf {
        self.folder.join("terraform.rc")
    }

    fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// The core, to be started in [`Sandbox::work`]; add arguments and the provider's variables.
    pub fn command(&self, core: &Core) -> Command {
        let mut command = process::hermetic(&core.path, &self.home());
        command.current_dir(self.work());
        command.env("TF_CLI_CONFIG_FILE", self.settings());
        // No question to the makers whether there is a newer version.
        command.env("CHECKPOINT_DISABLE", "1");
        command
    }
}

/// Where a core looks for the provider's executable in a mirror of unpacked packages; the folder is made.
///
/// # Errors
///
/// When the mirror can't be written.
fn place_in_mirror(mirror: &Path) -> Result<PathBuf> {
    let package = mirror.join(provider::ADDRESS).join(provider::VERSION).join(provider::platform());
    fs::create_dir_all(&package).doing(format_args!("make {}", package.display()))?;
    Ok(package.join(provider::executable()))
}

/// Settings under which the mirror is the only place that providers come from.
fn settings(mirror: &Path) -> String {
    // JSON's quotes and escapes are those of the settings' language.
    let path = serde_json::Value::from(mirror.to_string_lossy()).to_string();
    format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_allow_the_mirror_alone() {
        let text = settings(Path::new("/a \"b\"/c"));
        assert_eq!(text.matches('{').count(), 2);
        assert!(text.contains(r#"path = "/a \"b\"/c""#), "{text}");
    }

    #[test]
    fn a_sandbox_has_the_provider_where_a_core_looks_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("built");
        fs::write(&binary, "binary").unwrap();
        let sandbox = Sandbox::new(folder.path(), &binary).unwrap();
        let (address, version, platform) = (provider::ADDRESS, provider::VERSION, provider::platform());
        let expected = format!("{address}/{version}/{platform}/{}", provider::executable());
        assert_eq!(fs::read_to_string(sandbox.mirror().join(expected)).unwrap(), "binary");
    }
}
