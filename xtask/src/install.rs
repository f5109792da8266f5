//! `cargo xtask install`: puts the provider where Terraform and OpenTofu look without being told.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    error::{Result, failed},
    files,
    options::Options,
    provider::{self, Profile},
    sandbox::place_in_mirror,
    say,
};

/// Runs `cargo xtask install`.
///
/// # Errors
///
/// When an option isn't known, the provider doesn't build, or the folder can't be written.
pub fn run(mut options: Options) -> Result<()> {
    let folders = options.values("--dir")?;
    options.finish("--dir FOLDER")?;
    let mirror = match folders.last() {
        Some(folder) => absolute(Path::new(folder)),
        None => implied_mirror()?,
    };
    let binary = provider::build(Profile::Release)?;
    let place = place_in_mirror(&mirror)?;
    files::copy(&binary, &place)?;
    say::line(format_args!("Installed {}", place.display()));
    say::line(instructions(folders.last().map(|_| mirror.as_path())));
    Ok(())
}

/// The mirror that both cores read where their settings name none: `~/.terraform.d/plugins`.
fn implied_mirror() -> Result<PathBuf> {
    let (variable, folder) = if cfg!(windows) { ("APPDATA", "terraform.d") } else { ("HOME", ".terraform.d") };
    let home = env::var_os(variable).filter(|home| !home.is_empty());
    let home = home.ok_or_else(|| failed(format!("{variable} isn't set: say where with --dir")))?;
    Ok(Path::new(&home).join(folder).join("plugins"))
}

fn absolute(folder: &Path) -> PathBuf {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf())
}

/// What to write into one's own files; `mirror` is the folder that was named, if one was.
fn instructions(mirror: Option<&Path>) -> String {
    let (address, version) = (provider::ADDRESS, provider::VERSION);
    let settings = match mirror {
        None => "Terraform and OpenTofu find it there, unless your ~/.terraformrc or ~/.tofurc has a block\n\
                 provider_installation: then add this folder to it, as `cargo xtask install --dir` shows."
            .to_owned(),
        Some(mirror) => format!(
            "Name the folder in your ~/.terraformrc or ~/.tofurc:\n
provider_installation {{
  filesystem_mirror {{
    path    = {path:?}
    include = [{address:?}]
  }}
  direct {{
    exclude = [{address:?}]
  }}
}}",
            path = mirror.to_string_lossy()
        ),
    };
    format!(
        "{settings}\n
In your configuration:\n
terraform {{
  required_providers {{
    infisical = {{
      source  = {address:?}
      version = {version:?}
    }}
  }}
}}\n
Then run `terraform init` or `tofu init`. After another install of the same version, first remove the provider's\n\
block from .terraform.lock.hcl: it records the checksum of the build before, and any other is refused."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instructions_name_the_folder_that_was_given() {
        let words = instructions(Some(Path::new("/mirror")));
        assert!(words.contains("path    = \"/mirror\"") && words.contains("exclude = ["), "{words}");
        assert!(!instructions(None).contains("filesystem_mirror"));
    }
}
