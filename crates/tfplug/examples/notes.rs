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
//! override there is nothing to install, and it would ask a registry.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use tfplug::text::{Text, TextType};
use tfplug::{
    About, Applied, Computed, Context, Diagnostic, Diagnostics, Existing, ImportId, Model, Offers, Path, Prior,
    Provider, Resource, Setup,
};

/// Keeps notes as files.
#[derive(Model)]
#[tf(provider)]
struct Block {
    /// The folder that the notes are kept in.
    #[tf(required, non_empty)]
    folder: String,
}

/// Titles of notes, from which the names of the files follow: spellings that lead to the same file mean the same.
enum TitleType {}

impl TextType for TitleType {
    /// The file's name, without its ending.
    type Parsed = String;
    const SUMMARY: &'static str = "Invalid Title";
    const ALLOWED: &'static str = "1 to 40 letters, digits and spaces";
    // Another spelling does not rename the note.
    const ANY_SPELLING: bool = true;

    fn parse(text: &str) -> Option<String> {
        let is_title = (1..=40).contains(&text.chars().count());
        let is_plain = text.chars().all(|letter| letter.is_alphanumeric() || letter == ' ');
        (is_title && is_plain).then(|| text.to_lowercase().replace(' ', "-"))
    }
}

type Title = Text<TitleType>;

/// A note.
#[derive(Model)]
#[tf(resource)]
struct Note {
    /// What it is about. Upper and lower case mean the same.
    #[tf(required, identity, requires_replace)]
    title: Title,
    /// What it says.
    #[tf(required)]
    text: String,
    /// Where it is kept.
    #[tf(computed, use_state_for_unknown)]
    file: Computed<String>,
    /// Its length in bytes.
    #[tf(computed, unknown_when_changed("text"))]
    length: Computed<i64>,
}

/// What the resource works with: here a folder, elsewhere an API's client.
struct Folder(PathBuf);

struct Notes;

impl Provider for Notes {
    type Client = Folder;
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, block: Block) -> Result<Option<Folder>, Diagnostics> {
        Ok(Some(Folder(block.folder.into())))
    }

    fn offers(&self) -> Offers<Folder> {
        Offers::new().resource("notes_note", NoteFile)
    }
}

struct NoteFile;

impl Resource for NoteFile {
    type Client = Folder;
    type Model = Note;

    async fn create(&self, cx: &Context<'_, Folder>, plan: Note) -> Applied<Note> {
        let file = cx.client.file(&plan.title);
        if file.exists() {
            let detail = format!("{} already exists. Choose another title, or remove the file.", file.display());
            return Err(Diagnostic::error("Cannot create the note", detail).at(Path::of("title")).into());
        }
        Ok(cx.client.write(plan)?)
    }

    async fn read(&self, cx: &Context<'_, Folder>, prior: Prior<Note>) -> Result<Option<Note>, Diagnostics> {
        let title = prior.identity.title;
        match std::fs::read_to_string(cx.client.file(&title)) {
            Ok(text) => Ok(Some(cx.client.note(title, text))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Diagnostic::error("Cannot read the note", error.to_string()).into()),
        }
    }

    async fn update(&self, cx: &Context<'_, Folder>, _: Existing<Note>, plan: Note) -> Applied<Note> {
        Ok(cx.client.write(plan)?)
    }

    async fn delete(&self, cx: &Context<'_, Folder>, note: Existing<Note>) -> Result<(), Diagnostics> {
        match std::fs::remove_file(cx.client.file(&note.identity.title)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Diagnostic::error("Cannot remove the note", error.to_string()).into())
            }
            _ => Ok(()),
        }
    }

    async fn import(&self, _: &Context<'_, Folder>, id: ImportId<NoteIdentity>) -> Result<NoteIdentity, Diagnostics> {
        match id {
            ImportId::Id(title) => Ok(NoteIdentity { title: Title::new(title)? }),
            ImportId::Identity(identity) => Ok(identity),
        }
    }
}

impl Folder {
    fn file(&self, title: &Title) -> PathBuf {
        self.0.join(format!("{}.txt", title.parsed()))
    }

    /// The note with what follows from its title and text.
    fn note(&self, title: Title, text: String) -> Note {
        let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
        Note { file: self.file(&title).display().to_string().into(), length: length.into(), title, text }
    }

    fn write(&self, plan: Note) -> Result<Note, Diagnostic> {
        std::fs::write(self.file(&plan.title), &plan.text)
            .map_err(|error| Diagnostic::error("Cannot write the note", error.to_string()))?;
        Ok(self.note(plan.title, plan.text))
    }
}

const ABOUT: About = About::new("terraform-provider-notes", env!("CARGO_PKG_VERSION"), "terraform.local/example/notes")
    .install("The head of its source file says how to try it.");

fn main() -> ExitCode {
    tfplug::main(&ABOUT, Notes)
}
