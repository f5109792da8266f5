//! What conversions of stored states and identities, and moves, warn of.

use tonic::Request;

use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::serve::Process;
use crate::server::Server;
use crate::testing::Harness;
use crate::{
    Applied, Context, Existing, Model, MoveSource, Moved, Offers, Prior, Provider, Resource, Setup, StoredState,
};

/// A word.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, version = 1, identity_version = 1)]
struct Word {
    #[tf(required, identity)]
    text: String,
}

#[derive(Model)]
#[tf(object)]
struct Older {
    word: Option<String>,
}

struct Words;

impl Words {
    /// A stored word; a warning if it is long, and an error if there is none.
    fn word(stored: &StoredState) -> Result<String, crate::Diagnostics> {
        let Older { word } = stored.read()?;
        if word.as_ref().is_none_or(|word| word.len() > 3) {
            stored.warn(crate::Diagnostic::warning("An unusual word", ""));
        }
        word.ok_or_else(|| crate::Diagnostic::error("No word", "").into())
    }
}

impl Resource for Words {
    type Client = ();
    type Model = Word;

    async fn create(&self, _: &Context<'_, ()>, plan: Word) -> Applied<Word> {
        Ok(plan)
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Word>) -> Result<Option<Word>, crate::Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, ()>, _: Existing<Word>, plan: Word) -> Applied<Word> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Word>) -> Result<(), crate::Diagnostics> {
        Ok(())
    }

    fn upgrade(&self, _: i64, state: StoredState) -> Result<WordConfig, crate::Diagnostics> {
        Ok(WordConfig { text: Self::word(&state)?.into() })
    }

    fn upgrade_identity(&self, _: i64, identity: StoredState) -> Result<WordIdentity, crate::Diagnostics> {
        Ok(WordIdentity { text: Self::word(&identity)? })
    }

    fn move_from(&self, source: &MoveSource) -> Result<Option<Moved<WordConfig>>, crate::Diagnostics> {
        if source.type_name == "test_word" {
            return Ok(None);
        }
        source.warn(crate::Diagnostic::warning("Moved", ""));
        Ok(Some(WordConfig { text: Self::word(&source.state)?.into() }.into()))
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

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, crate::Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().resource("test_word", Words)
    }
}

fn server() -> Server<Test> {
    Server::new(Test, Process::default())
}

fn raw(json: &str) -> Option<RawState> {
    Some(RawState { json: json.to_owned().into(), ..Default::default() })
}

/// Whether there is a result, and what is said.
type Outcome = (bool, Vec<String>);

fn outcome<T>(result: &Option<T>, diagnostics: Vec<Diagnostic>) -> Outcome {
    let said = diagnostics.into_iter().map(|one| format!("{:?} {}", one.severity(), one.summary));
    (result.is_some(), said.collect())
}

async fn upgraded(json: &str) -> Outcome {
    let request = upgrade_resource_state::Request { type_name: "test_word".into(), version: 0, raw_state: raw(json) };
    let answer = server().upgrade_resource_state(Request::new(request)).await.unwrap().into_inner();
    outcome(&answer.upgraded_state, answer.diagnostics)
}

async fn identity_upgraded(json: &str) -> Outcome {
    let request =
        upgrade_resource_identity::Request { type_name: "test_word".into(), version: 0, raw_identity: raw(json) };
    let answer = server().upgrade_resource_identity(Request::new(request)).await.unwrap().into_inner();
    outcome(&answer.upgraded_identity, answer.diagnostics)
}

async fn moved(from: &str, json: &str) -> Outcome {
    let request = move_resource_state::Request {
        source_type_name: from.into(),
        target_type_name: "test_word".into(),
        source_state: raw(json),
        ..Default::default()
    };
    let answer = server().move_resource_state(Request::new(request)).await.unwrap().into_inner();
    outcome(&answer.target_state, answer.diagnostics)
}

fn said(exists: bool, lines: &[&str]) -> Outcome {
    (exists, lines.iter().map(|line| (*line).to_owned()).collect())
}

#[tokio::test]
async fn a_conversion_can_warn_whether_it_succeeds_or_not() {
    let (short, long, none) = (r#"{"word":"one"}"#, r#"{"word":"three"}"#, "{}");
    let (warned, refused) = (["Warning An unusual word"], ["Warning An unusual word", "Error No word"]);
    assert_eq!(upgraded(short).await, said(true, &[]));
    assert_eq!(upgraded(long).await, said(true, &warned));
    assert_eq!(upgraded(none).await, said(false, &refused));
    assert_eq!(identity_upgraded(short).await, said(true, &[]));
    assert_eq!(identity_upgraded(long).await, said(true, &warned));
    assert_eq!(identity_upgraded(none).await, said(false, &refused));
}

#[tokio::test]
async fn a_move_can_warn_and_so_can_the_upgrade_of_what_is_moved() {
    let (long, none) = (r#"{"word":"three"}"#, "{}");
    assert_eq!(moved("test_text", long).await, said(true, &["Warning Moved", "Warning An unusual word"]));
    let refused = ["Warning Moved", "Warning An unusual word", "Error No word"];
    assert_eq!(moved("test_text", none).await, said(false, &refused));
    assert_eq!(moved("test_word", long).await, said(true, &["Warning An unusual word"]));
}

#[tokio::test]
async fn the_harness_has_the_warnings_of_an_upgrade() {
    let tf = Harness::with_client(Test, ());
    let words = tf.resource::<Word>("test_word").unwrap();
    let stored = words.upgrade(0, &serde_json::json!({"word": "three"})).await.unwrap();
    assert_eq!(stored.warnings().iter().map(crate::Diagnostic::summary).collect::<Vec<_>>(), ["An unusual word"]);
}
