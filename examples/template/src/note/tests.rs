//! The resource's life, without a core: `Harness` plays one, and checks what a core would.

use std::fs;

use tempfile::TempDir;
use tfplug::testing::Harness;

use super::*;
use crate::Example;

fn harness(folder: &TempDir) -> Harness<Example> {
    Harness::with_client(Example, Client { folder: folder.path().to_owned() })
}

fn note(name: &str, text: &str) -> NoteConfig {
    NoteConfig { name: name.into(), text: text.into(), ..NoteConfig::default() }
}

#[tokio::test]
async fn a_note_is_created_updated_and_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let tf = harness(&folder);
    let notes = tf.resource::<Note>("example_note").unwrap();

    let stored = notes.create(note("a", "one")).await.unwrap();
    assert_eq!(stored.model().unwrap().length.get(), Some(&3));
    assert!(notes.plan(Some(&stored), note("a", "one")).await.unwrap().is_empty());

    let update = notes.plan(Some(&stored), note("a", "two!")).await.unwrap();
    assert_eq!(update.replaces(), [""; 0]);
    let stored = notes.apply(update).await.unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), "two!");

    let rename = notes.plan(Some(&stored), note("b", "two!")).await.unwrap();
    assert_eq!(rename.replaces(), ["name"]);

    notes.destroy(stored).await.unwrap();
    assert!(!folder.path().join("a").exists());
}

#[tokio::test]
async fn a_file_that_was_deleted_elsewhere_is_no_longer_in_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let tf = harness(&folder);
    let notes = tf.resource::<Note>("example_note").unwrap();
    let stored = notes.create(note("a", "one")).await.unwrap();
    fs::write(folder.path().join("a"), "changed").unwrap();
    let read = notes.read(&stored).await.unwrap().unwrap();
    assert_eq!(read.model().unwrap().text, "changed");
    fs::remove_file(folder.path().join("a")).unwrap();
    assert!(notes.read(&read).await.unwrap().is_none());
}

#[tokio::test]
async fn a_file_that_exists_is_imported_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "mine").unwrap();
    let tf = harness(&folder);
    let notes = tf.resource::<Note>("example_note").unwrap();
    let refused = notes.create(note("a", "yours")).await.unwrap_err();
    assert!(refused.diagnostics.iter().any(|error| error.detail().contains("exists already")));
    let imported = notes.import("a").await.unwrap();
    assert_eq!(imported.model().unwrap().text, "mine");
}
