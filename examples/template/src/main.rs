//! A provider to start from: one resource, notes that are kept as files in a folder.

mod note;

use std::path::PathBuf;
use std::process::ExitCode;

use tfplug::{About, Diagnostic, Diagnostics, Model, Offers, Path, Provider, Setup};

/// Keeps notes in a folder.
#[derive(Model)]
#[tf(provider)]
struct Block {
    /// The folder that the notes are kept in, which exists.
    #[tf(required, non_empty)]
    folder: String,
}

/// What the resources work with. Yours may be the client of an API.
pub(crate) struct Client {
    pub(crate) folder: PathBuf,
}

struct Example;

impl Provider for Example {
    type Client = Client;
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, block: Block) -> Result<Option<Client>, Diagnostics> {
        let folder = PathBuf::from(block.folder);
        if !folder.is_dir() {
            let detail = format!("{} is not a folder. Create it, or name another one.", folder.display());
            return Err(Diagnostic::error("Cannot keep notes", detail).at(Path::of("folder")).into());
        }
        Ok(Some(Client { folder }))
    }

    fn offers(&self) -> Offers<Client> {
        Offers::new().resource("example_note", note::NoteFile)
    }
}

const ABOUT: About =
    About::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), "registry.terraform.io/your-namespace/example")
        .install("See the README for how to install it.");

fn main() -> ExitCode {
    tfplug::main(&ABOUT, Example)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_core_rejects_the_schemas() {
        assert_eq!(tfplug::problems(&Example), Vec::<String>::new());
    }
}
