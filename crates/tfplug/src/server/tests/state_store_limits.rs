//! How long the operations of state stores may take.

use std::time::Duration;

use crate::testing::Harness;
use crate::{
    Context, Diagnostic, Diagnostics, Model, Offers, Provider, Setup, StateContent, StateStore, StateStoreTimeouts,
    StateStoreTimeoutsConfig, StateUpload,
};

/// Keeps nothing.
#[derive(Model)]
#[tf(state_store)]
struct Nowhere {
    /// The operation that takes an hour.
    #[tf(required)]
    slow: String,
    #[tf(timeouts)]
    timeouts: Option<StateStoreTimeouts>,
}

struct Stores;

/// The operation that takes an hour, or until it is told to stop.
struct Slow(String);

impl Slow {
    async fn work<C>(&self, cx: &Context<'_, C>, operation: &str) -> Result<(), Diagnostics> {
        if self.0 != operation {
            return Ok(());
        }
        match tokio::time::timeout(Duration::from_secs(3600), cx.stop.cancelled()).await {
            Ok(()) => Err(Diagnostic::error("Stopped", "").into()),
            Err(_) => Ok(()),
        }
    }
}

impl StateStore for Stores {
    type Client = ();
    type Model = Nowhere;
    type Store = Slow;

    async fn configure(&self, cx: &Context<'_, ()>, block: Nowhere) -> Result<Slow, Diagnostics> {
        let slow = Slow(block.slow);
        slow.work(cx, "configure").await.map(|()| slow)
    }

    async fn list(&self, cx: &Context<'_, Slow>) -> Result<Vec<String>, Diagnostics> {
        cx.client.work(cx, "list").await.map(|()| Vec::new())
    }

    async fn read(&self, cx: &Context<'_, Slow>, _: &str) -> Result<Option<StateContent>, Diagnostics> {
        cx.client.work(cx, "read").await.map(|()| None)
    }

    async fn write(&self, cx: &Context<'_, Slow>, _: &str, state: &mut StateUpload<'_>) -> Result<(), Diagnostics> {
        state.bytes().await?;
        cx.client.work(cx, "write").await
    }

    async fn delete(&self, cx: &Context<'_, Slow>, _: &str) -> Result<(), Diagnostics> {
        cx.client.work(cx, "delete").await
    }

    async fn lock(&self, cx: &Context<'_, Slow>, _: &str, _: &str) -> Result<Option<String>, Diagnostics> {
        cx.client.work(cx, "lock").await.map(|()| Some("1".to_owned()))
    }

    async fn unlock(&self, cx: &Context<'_, Slow>, _: &str, _: &str) -> Result<(), Diagnostics> {
        cx.client.work(cx, "unlock").await
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Test;

impl Provider for Test {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().state_store("test_nowhere", Stores)
    }
}

/// Every operation of a store in which one takes an hour.
async fn all(slow: &str, limit: &str) -> Result<(), Diagnostics> {
    let tf = Harness::with_client(Test, ());
    let limit: crate::text::GoDuration = limit.parse().unwrap();
    let timeouts = StateStoreTimeoutsConfig { statestore: limit.into() }.into();
    let store = tf.state_store::<Nowhere>("test_nowhere", NowhereConfig { slow: slow.into(), timeouts }).await?;
    store.list().await?;
    store.read("default").await?;
    store.write("default", b"{}").await?;
    store.delete("default").await?;
    let lock = store.lock("default", "apply").await?.expect("the store has locks");
    store.unlock("default", &lock).await
}

const OPERATIONS: [&str; 7] = ["configure", "list", "read", "write", "delete", "lock", "unlock"];

#[tokio::test(start_paused = true)]
async fn each_operation_of_a_state_store_is_told_to_stop_when_its_time_is_over() {
    assert_eq!(crate::problems(&Test), Vec::<String>::new());
    for operation in OPERATIONS {
        assert_eq!(all(operation, "2h").await, Ok(()), "{operation}");
        let errors = all(operation, "90s").await.unwrap_err();
        let summaries: Vec<_> = errors.iter().map(Diagnostic::summary).collect();
        assert_eq!(summaries, ["Stopped", "The operation of the state store took too long"], "{operation}");
        let detail = errors.iter().next_back().unwrap().detail();
        assert!(detail.starts_with("timeouts.statestore allows 90s, after which"), "{detail}");
    }
}
