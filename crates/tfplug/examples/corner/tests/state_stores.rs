//! The state store, as a core uses it.

use tfplug::testing::{ConfiguredStore, Harness};

use crate::files::Files;
use crate::provider::{Client, Framework};
use crate::state_stores::{Block, BlockConfig, Region};

fn harness(folder: &tempfile::TempDir) -> Harness<Framework> {
    Harness::with_client(Framework, Client { files: Files::in_folder(folder.path()) })
}

async fn store(tf: &Harness<Framework>) -> ConfiguredStore<'_, Framework> {
    tf.state_store::<Block>("framework_inmem", BlockConfig { region: Region::East.into() }).await.unwrap()
}

#[tokio::test]
async fn states_of_any_size_are_read_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let tf = harness(&folder);
    let store = store(&tf).await;
    assert_eq!((store.list().await, store.read("default").await), (Ok(vec![]), Ok(None)));
    let large: Vec<u8> = (0..store.chunk_size() * 2 + 3).map(|at| u8::try_from(at % 251).unwrap()).collect();
    for state in [b"{}".as_slice(), &large] {
        store.write("default", state).await.unwrap();
        assert!(store.read("default").await.unwrap().as_deref() == Some(state));
    }
    store.write("other", b"{}").await.unwrap();
    assert_eq!(store.list().await.unwrap(), ["default", "other"]);
    store.delete("other").await.unwrap();
    assert_eq!((store.list().await, store.read("other").await), (Ok(vec!["default".into()]), Ok(None)));
}

#[tokio::test]
async fn whoever_wants_a_locked_state_learns_who_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (harness(&folder), harness(&folder));
    let (one, other) = (store(&one).await, store(&other).await);
    let lock = one.lock("default", "apply").await.unwrap().unwrap();
    let refused = other.lock("default", "plan").await.unwrap_err();
    let refused = refused.iter().next().unwrap();
    assert_eq!(refused.summary(), "The state is locked");
    for part in [lock.as_str(), "\"apply\"", "\"default\""] {
        assert!(refused.detail().contains(part), "{}", refused.detail());
    }
    assert!(other.unlock("default", "not the id").await.is_err());
    one.unlock("default", &lock).await.unwrap();
    let again = other.lock("default", "plan").await.unwrap().unwrap();
    assert_ne!(again, lock);
}
