//! `cargo xtask install`: puts the provider where Terraform and OpenTofu look without being told.

use std::{
    env,
    path::{Path, PathBuf},
};

use lexopt::{Arg, Parser};

use crate::{
    compile,
    error::{Result, failed},
    options,
    package::{self, Build},
    provider, say,
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
    let binary = compile::release(None)?;
    let installed = package::unpack(&mirror, &Build::host(&binary))?;
    say::line(format_args!("Installed {}", installed.display()));
    say::line(instructions(&mirror, named.is_none()));
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
