//! `example_note`: a file.

use std::io::{Error, ErrorKind};
use std::path::PathBuf;
use std::{fs, io};

use tfplug::{Applied, Computed, Context, Diagnostic, Diagnostics, Existing, ImportId, Model, Path, Prior, Resource};

use crate::Client;

/// A note.
#[derive(Model)]
#[tf(resource)]
pub(crate) struct Note {
    /// The name of its file.
    #[tf(required, identity, requires_replace, length(1..=40))]
    name: String,
    /// What it says.
    #[tf(required)]
    text: String,
    /// Its length in bytes.
    #[tf(computed, unknown_when_changed("text"))]
    length: Computed<i64>,
}

impl Note {
    /// A note with what follows from its text.
    fn new(name: String, text: String) -> Self {
        let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
        Self { name, text, length: length.into() }
    }
}

pub(crate) struct NoteFile;

impl Resource for NoteFile {
    type Client = Client;
    type Model = Note;

    async fn create(&self, cx: &Context<'_, Client>, plan: Note) -> Applied<Note> {
        let file = file(cx, &plan.name);
        if file.exists() {
            let detail = format!("{} exists already. Import it, or choose another name.", file.display());
            return Err(Diagnostic::error("Cannot create the note", detail).at(Path::of("name")).into());
        }
        Ok(write(cx, plan)?)
    }

    async fn read(&self, cx: &Context<'_, Client>, prior: Prior<Note>) -> Result<Option<Note>, Diagnostics> {
        let name = prior.identity.name;
        match fs::read_to_string(file(cx, &name)) {
            Ok(text) => Ok(Some(Note::new(name, text))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &error).into()),
        }
    }

    async fn update(&self, cx: &Context<'_, Client>, _: Existing<Note>, plan: Note) -> Applied<Note> {
        Ok(write(cx, plan)?)
    }

    async fn delete(&self, cx: &Context<'_, Client>, note: Existing<Note>) -> Result<(), Diagnostics> {
        match fs::remove_file(file(cx, &note.identity.name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("delete", &error).into()),
            _ => Ok(()),
        }
    }

    async fn import(&self, _: &Context<'_, Client>, id: ImportId<NoteIdentity>) -> Result<NoteIdentity, Diagnostics> {
        match id {
            ImportId::Id(name) => Ok(NoteIdentity { name }),
            ImportId::Identity(identity) => Ok(identity),
        }
    }
}

fn file(cx: &Context<'_, Client>, name: &str) -> PathBuf {
    cx.client.folder.join(name)
}

fn write(cx: &Context<'_, Client>, plan: Note) -> Result<Note, Diagnostic> {
    let written: io::Result<()> = fs::write(file(cx, &plan.name), &plan.text);
    written.map_err(|error| failed("write", &error))?;
    Ok(Note::new(plan.name, plan.text))
}

fn failed(verb: &str, error: &Error) -> Diagnostic {
    Diagnostic::error(format!("Cannot {verb} the note"), error.to_string())
}

#[cfg(test)]
mod tests;
