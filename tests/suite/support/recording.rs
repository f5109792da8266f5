//! Searches everything that commands print, log, store and leave behind for secrets.

use std::{
    fs,
    io::{Cursor, Read as _},
    path::Path,
};

use tempfile::TempDir;

use super::terraform::{Output, Workspace};

/// A text that must not appear anywhere, and a description of it.
pub struct HiddenText {
    pub what: &'static str,
    pub text: String,
}

/// A text that is searched: an output or a file.
struct Place {
    name: String,
    content: Vec<u8>,
}

impl Place {
    fn has(&self, text: &str) -> bool {
        self.content.windows(text.len()).any(|part| part == text.as_bytes())
    }
}

/// A workspace whose commands log as much as possible, and the output of these commands.
pub struct Recording {
    pub workspace: Workspace,
    /// The folder for the temporary files of the commands.
    temporary: TempDir,
    outputs: Vec<Output>,
}

impl Recording {
    /// Turns on all logs in this workspace.
    pub fn new(workspace: Workspace) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let workspace = workspace
            .env("TF_LOG", "TRACE")
            .env("TF_LOG_PATH", "core.log")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .env("TMPDIR", temporary.path().to_str().unwrap());
        Self { workspace, temporary, outputs: Vec::new() }
    }

    /// Runs a command, which may succeed or fail.
    pub fn run(&mut self, arguments: &[&str]) -> &Output {
        let output = self.workspace.run(arguments);
        self.add(output)
    }

    /// Adds the output of a command that was not run with [`Self::run`].
    pub fn add(&mut self, output: Output) -> &Output {
        self.outputs.push(output);
        self.outputs.last().unwrap()
    }

    /// Runs a command, which must succeed.
    #[track_caller]
    pub fn succeeds(&mut self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert_eq!(output.code, Some(0), "{output}");
    }

    /// Runs a command, which must fail and print these words.
    #[track_caller]
    pub fn fails(&mut self, arguments: &[&str], words: &str) {
        let output = self.run(arguments);
        assert_eq!(output.code, Some(1), "{output}");
        assert!(output.says(words), "{words}\n{output}");
    }

    /// Everything that the commands printed, logged, stored or left behind.
    fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for output in &self.outputs {
            places.push(Place { name: output.command.clone(), content: output.to_string().into_bytes() });
        }
        files(&self.workspace.path(""), &mut places);
        files(&self.workspace.path("../home"), &mut places);
        files(self.temporary.path(), &mut places);
        let archives: Vec<_> =
            places.iter().filter(|place| place.content.starts_with(b"PK")).flat_map(unpacked).collect();
        places.extend(archives);
        places
    }

    /// Asserts that none of these texts appears anywhere.
    #[track_caller]
    pub fn assert_hidden(&self, hidden: &[HiddenText]) {
        let places = self.places();
        for HiddenText { what, text } in hidden {
            assert!(text.len() > 6, "{what} is too short to search for");
            let found: Vec<_> = places.iter().filter(|place| place.has(text)).map(|place| &place.name).collect();
            assert!(found.is_empty(), "{what} is in {found:?}");
        }
    }

    /// The names of the places that contain this text. With it, tests prove that the search covers a place.
    pub fn found(&self, text: &str) -> Vec<String> {
        self.places().into_iter().filter(|place| place.has(text)).map(|place| place.name).collect()
    }
}

/// Adds the files in a folder and its subfolders. Links are skipped, since they lead to the provider's binary in the mirror.
fn files(folder: &Path, into: &mut Vec<Place>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (kind, path) = (entry.file_type().unwrap(), entry.path());
        if kind.is_dir() {
            files(&path, into);
        } else if kind.is_file() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            into.push(Place { name, content: fs::read(&path).unwrap() });
        }
    }
}

/// The files in a zip archive, such as a saved plan.
fn unpacked(archive: &Place) -> Vec<Place> {
    let mut zip = zip::ZipArchive::new(Cursor::new(&archive.content)).unwrap();
    let entries = zip.len();
    let unpack = |index| {
        let mut entry = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        Place { name: format!("{}!{}", archive.name, entry.name().unwrap()), content }
    };
    (0..entries).map(unpack).collect()
}
