//! A whole provider with one resource: notes, each kept as a file in a folder.
//!
//! Build it with `cargo build --package tfplug --example notes`, then let Terraform or OpenTofu run it from the build folder:
//!
//! ```hcl
//! # ~/.terraformrc, or the file that TF_CLI_CONFIG_FILE names
//! provider_installation {
//!   dev_overrides { "terraform.local/example/notes" = "/path/to/target/debug/examples" }
//!   direct {}
//! }
//! ```
//!
//! The core looks for `terraform-provider-notes` there, so link or copy the built file to that name. Skip `init`: with an
//! override there's nothing to install, and it would ask a registry.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use tfplug::schema::{Schema, int, string};
use tfplug::{About, Applied, Cx, Diagnostic, Diagnostics, Offers, Path, Provider, Resource, Setup, model};

model! {
    /// The provider block: `provider "notes" { folder = "…" }`.
    pub struct Config { folder: String }
}
model! {
    /// One field per attribute of the resource, of the same name.
    pub struct Note { title: String, text: String, file: String, length: i64 }
}

/// What the resource works with: here a folder, elsewhere an API's client.
struct Folder(PathBuf);

struct Notes;

impl Provider for Notes {
    type Client = Folder;
    type Config = Config;

    fn schema(&self) -> Schema {
        Schema::new("Keeps notes as files.")
            .attribute("folder", string().required().non_empty().description("The folder that the notes are kept in."))
    }

    async fn configure(&self, _: Setup<'_>, config: Config) -> Result<Option<Folder>, Diagnostics> {
        // A folder that another resource will name isn't known in the plan: then there's no client yet.
        Ok(config.folder.take().map(|folder| Folder(folder.into())))
    }

    fn offers(&self) -> Offers<Folder> {
        Offers::new().resource("notes_note", NoteFile)
    }
}

struct NoteFile;

impl Resource for NoteFile {
    type Client = Folder;
    type Model = Note;

    fn schema(&self) -> Schema {
        Schema::new("A note.")
            .attribute(
                "title",
                string()
                    .required()
                    .requires_replace()
                    .length(1, 40)
                    .description("The file's name, without its ending."),
            )
            .attribute("text", string().required().description("What it says."))
            .attribute("file", string().computed().use_state_for_unknown().description("Where it's kept."))
            .attribute("length", int().computed().description("Its length in bytes."))
    }

    async fn create(&self, cx: &Cx<'_, Folder>, plan: Note) -> Applied<Note> {
        let file = cx.client.0.join(format!("{}.txt", plan.title.known("title")?));
        if file.exists() {
            let detail = format!("{} is there already. Choose another title, or remove the file.", file.display());
            return Err(Diagnostic::error("The title is taken", detail).at(Path::of("title")).into());
        }
        Ok(write(Note { file: file.display().to_string().into(), ..plan })?)
    }

    async fn read(&self, _: &Cx<'_, Folder>, state: Note) -> Result<Option<Note>, Diagnostics> {
        match std::fs::read_to_string(state.file.known("file")?) {
            Ok(text) => Ok(Some(Note { length: length(&text).into(), text: text.into(), ..state })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Diagnostic::error("Cannot read the note", error.to_string()).into()),
        }
    }

    async fn update(&self, _: &Cx<'_, Folder>, _: Note, plan: Note) -> Applied<Note> {
        Ok(write(plan)?)
    }

    async fn delete(&self, _: &Cx<'_, Folder>, state: Note) -> Result<(), Diagnostics> {
        match std::fs::remove_file(state.file.known("file")?) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Diagnostic::error("Cannot remove the note", error.to_string()).into())
            }
            _ => Ok(()),
        }
    }
}

/// Writes the note and fills in what follows from it.
fn write(note: Note) -> Result<Note, Diagnostic> {
    let text = note.text.known("text")?;
    std::fs::write(note.file.known("file")?, text)
        .map_err(|error| Diagnostic::error("Cannot write the note", error.to_string()))?;
    Ok(Note { length: length(text).into(), ..note })
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

const ABOUT: About = About {
    name: "terraform-provider-notes",
    version: env!("CARGO_PKG_VERSION"),
    address: "terraform.local/example/notes",
    install: "The head of its source file says how to try it.",
};

fn main() -> ExitCode {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(tfplug::serve(&ABOUT, Notes)),
        Err(_) => ExitCode::FAILURE,
    }
}
