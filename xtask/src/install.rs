//! `cargo xtask install`: installs the provider where Terraform and OpenTofu look for local providers.

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
/// When there is an unexpected argument, the provider does not compile, or the folder cannot be written.
pub fn run(mut arguments: Parser) -> Result<()> {
    let (mut named, mut provider) = (None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("dir") => named = Some(arguments.value()?),
            Arg::Long("provider") => provider = Some(PathBuf::from(arguments.value()?)),
            other => return Err(options::unexpected(other, "--dir FOLDER, --provider FILE")),
        }
    }
    let mirror = match &named {
        Some(folder) => absolute(Path::new(folder)),
        None => implied_mirror()?,
    };
    let binary = match provider {
        Some(built) => built,
        None => compile::release(None)?,
    };
    let installed = package::unpack(&mirror, &Build::host(&binary))?;
    say::line(format_args!("Installed {}", installed.display()));
    say::line(instructions(&mirror, named.is_none()));
    Ok(())
}

/// The mirror that both cores use by default: `~/.terraform.d/plugins`.
fn implied_mirror() -> Result<PathBuf> {
    let (variable, folder) = if cfg!(windows) { ("APPDATA", "terraform.d") } else { ("HOME", ".terraform.d") };
    let home = env::var_os(variable).filter(|home| !home.is_empty());
    let home = home.ok_or_else(|| failed(format!("{variable} is not set: name a folder with --dir")))?;
    Ok(Path::new(&home).join(folder).join("plugins"))
}

fn absolute(folder: &Path) -> PathBuf {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf())
}

/// What the user has to configure; `implied` says whether the cores use the mirror by default.
fn instructions(mirror: &Path, implied: bool) -> String {
    let address = provider::ADDRESS;
    let when = if implied {
        "Terraform and OpenTofu look there by default. Only if your ~/.terraformrc or ~/.tofurc has a\n\
         provider_installation block, add these lines to it:"
    } else {
        "Add the folder to your ~/.terraformrc or ~/.tofurc:"
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
Then run `terraform init` or `tofu init`, with -upgrade if you used an older version before. If you installed a\n\
different build of the same version, first remove the provider's block from .terraform.lock.hcl: it records the\n\
checksum of the previous build, and init refuses any other.",
        path = mirror.to_string_lossy()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instructions_contain_the_folder_in_either_case() {
        for (implied, when) in [(true, "Only if your ~/.terraformrc"), (false, "Add the folder to your ~/.terraformrc")]
        {
            let text = instructions(Path::new("/mirror"), implied);
            assert!(text.contains("path    = \"/mirror\"") && text.contains("exclude = ["), "{text}");
            assert!(text.contains(when), "{text}");
        }
    }
}
