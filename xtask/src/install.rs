//! `cargo xtask install`: puts the provider where Terraform and OpenTofu look without being told.

use std::{
    env,
    path::{Path, PathBuf},
};

use lexopt::{Arg, Parser};

use crate::{
    error::{Result, failed},
    files, options, places,
    provider::{self, Profile},
    sandbox::place_in_mirror,
    say,
};

/// Runs `cargo xtask install`.
///
/// # Errors
///
/// When there is an unexpected argument, the provider doesn't build, or the folder can't be written.
pub fn run(mut arguments: Parser) -> Result<()> {
    let mut named = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("dir") => named = Some(arguments.value()?),
            other => return Err(options::unexpected(other, "--dir FOLDER")),
        }
    }
    let mirror = match &named {
        Some(folder) => absolute(Path::new(folder)),
        None => implied_mirror()?,
    };
    let binary = provider::build(Profile::Release)?;
    let place = place_in_mirror(&mirror)?;
    files::copy(&binary, &place)?;
    beside(&place)?;
    say::line(format_args!("Installed {}", place.display()));
    say::line(instructions(&mirror, named.is_none()));
    Ok(())
}

/// Puts the documents beside the installed binary. A lock file's checksum covers the whole folder, so without them the
/// release archive of the same build would be refused after an install, and the other way round.
fn beside(binary: &Path) -> Result<()> {
    for name in provider::documents() {
        files::copy(&places::root().join(name), &binary.with_file_name(name))?;
    }
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

/// What to write into one's own files; `implied` says that the cores look into the mirror without being told.
fn instructions(mirror: &Path, implied: bool) -> String {
    let address = provider::ADDRESS;
    let when = if implied {
        "Terraform and OpenTofu find it there. Only if your ~/.terraformrc or ~/.tofurc has a block\n\
         provider_installation, add these lines to it:"
    } else {
        "Name the folder in your ~/.terraformrc or ~/.tofurc:"
    };
    format!(
        "{when}\n
provider_installation {{
  filesystem_mirror {{
    path    = {path:?}
    include = [{address:?}]
  }}
  direct {{
    exclude = [{address:?}]
  }}
}}

In your configuration:\n
terraform {{
  required_providers {{
    infisical = {{
      source = {address:?}
    }}
  }}
}}\n
Then run `terraform init` or `tofu init`; where an older version was used before, with -upgrade. After another build of\n\
the same version, first remove the provider's block from .terraform.lock.hcl: it records the checksum of the build\n\
before, and any other is refused.",
        path = mirror.to_string_lossy()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installed_package_has_the_files_of_the_archive() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join(provider::executable());
        std::fs::write(&binary, "binary").unwrap();
        beside(&binary).unwrap();
        let installed = std::fs::read_dir(folder.path()).unwrap();
        let mut installed: Vec<_> = installed.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        installed.sort();
        let mut archive = crate::package::archive_names(&binary).unwrap();
        archive.sort();
        assert_eq!(installed, archive);
        assert!(installed.len() > 1, "the archive has documents");
    }

    #[test]
    fn the_instructions_name_the_folder_in_either_case() {
        for (implied, when) in
            [(true, "Only if your ~/.terraformrc"), (false, "Name the folder in your ~/.terraformrc")]
        {
            let words = instructions(Path::new("/mirror"), implied);
            assert!(words.contains("path    = \"/mirror\"") && words.contains("exclude = ["), "{words}");
            assert!(words.contains(when), "{words}");
        }
    }
}
