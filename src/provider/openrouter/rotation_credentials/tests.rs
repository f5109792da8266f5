//! The ephemeral resource against the API's stand-in, as a core would call it.

use std::time::Duration;

use infisical::Baseline;
use serde_json::{Value, json};
use simulator::{Call, Denial, Fault};
use tfplug::testing::{Harness, Lease};
use tfplug::{Attr, Path};

use super::super::one_rotation::{NOBODYS, World, text};
use super::*;
use crate::provider::Infisical;
use crate::provider::block::BlockConfig;

async fn open(world: &World, id: &str) -> Result<Lease<Credentials>, Diagnostics> {
    let config = CredentialsConfig { rotation_id: id.into(), ..CredentialsConfig::default() };
    world.tf.open::<Credentials>(NAME, config).await
}

/// What a user reads of an open that must fail.
async fn refused(world: &World, id: &str) -> Diagnostics {
    match open(world, id).await {
        Ok(_) => panic!("it was opened"),
        Err(diagnostics) => diagnostics,
    }
}

#[tokio::test]
async fn the_key_in_use_is_first_and_both_keys_are_listed() {
    let world = World::start().await;
    for (active_index, count) in [(0, 1), (1, 2), (0, 2)] {
        let Lease { result, renew_at, warnings, .. } = open(&world, &world.id).await.unwrap();
        assert_eq!(result.api_key.get(), Some(&world.key()));
        assert_eq!((result.active_index.get(), renew_at), (Some(&active_index), None));
        let all = result.credentials.get().unwrap();
        assert_eq!(all.len(), count);
        let active = &all[usize::try_from(active_index).unwrap()];
        assert_eq!((Some(&active.api_key), &active.key_hash), (result.api_key.get(), &result.key_hash.get().cloned()));
        assert!(world.simulator.live_keys().iter().any(|live| Some(&live.hash) == result.key_hash.get()));
        assert!(!warnings.has_errors() && text(&warnings).is_empty());
        world.simulator.rotate(&world.id).unwrap();
    }
}

#[tokio::test]
async fn an_id_may_be_spelled_in_capitals() {
    let world = World::start().await;
    let opened = open(&world, &world.id.to_uppercase()).await.unwrap().result;
    assert_eq!((opened.rotation_id, opened.api_key.get()), (world.id.to_uppercase(), Some(&world.key())));
}

#[tokio::test]
async fn err_an_id_that_is_none_or_nobodys_points_at_the_attribute() {
    let world = World::start().await;
    for (id, words) in [("app", "a UUID"), (NOBODYS, "Check rotation_id")] {
        let diagnostics = refused(&world, id).await;
        assert_eq!(diagnostics.iter().next().unwrap().path(), Some(&Path::of("rotation_id")), "{id}");
        assert!(text(&diagnostics).contains(words), "{}", text(&diagnostics));
    }
}

#[tokio::test]
async fn err_an_identity_that_may_not_read_keys_is_told_which_permission_it_needs() {
    let world = World::start().await;
    world.simulator.deny(Call::Credentials, Denial::Permission);
    let said = text(&refused(&world, &world.id).await);
    assert!(said.contains("read the generated credentials"), "{said}");
}

/// The keys must not be those from before the rotation of the same run, whose key in use the next rotation revokes.
#[tokio::test]
async fn the_keys_are_the_new_ones_although_replicas_lag_behind_a_rotation_of_the_same_run() {
    let world = World::start().await;
    world.simulator.advance(Duration::from_secs(60));
    world.simulator.set_read_lag(Duration::from_secs(2));
    world.client.rotations().rotate(&world.id, &Baseline::default()).await.unwrap();
    let Lease { result, warnings, .. } = open(&world, &world.id).await.unwrap();
    assert_eq!((result.active_index.get(), result.api_key.get()), (Some(&1), Some(&world.key())));
    assert!(text(&warnings).is_empty(), "{}", text(&warnings));
}

#[test]
fn err_keys_that_stay_older_than_the_last_rotation_are_an_error_that_says_what_to_do() {
    let error = infisical::Error::StaleKeys { request: "GET /x".to_owned(), waited: Duration::from_secs(15) };
    let said = text(&Err::<(), _>(error).during("read the keys of the rotation", &BY_ID).unwrap_err());
    assert!(said.contains("after 15 s, the answers are still from before the last rotation of the key"), "{said}");
    assert!(said.contains("run the same again"), "{said}");
}

fn answer(active_index: usize, keys: &[&str]) -> Value {
    let keys: Vec<_> = keys.iter().map(|key| json!({"apiKey": key, "keyHash": "h"})).collect();
    json!({"generatedCredentials": keys, "activeIndex": active_index, "type": "open-router-api-key"})
}

#[tokio::test]
async fn err_an_answer_without_a_key_in_use_is_no_key() {
    let world = World::start().await;
    let foreign =
        json!({"rotationId": NOBODYS, "activeIndex": 0, "generatedCredentials": [{"apiKey": "only-this-one"}]});
    for (answer, words) in [
        (answer(0, &[]), "has no keys"),
        (answer(1, &["only-this-one"]), "answered 1 key, and that the key in use is the one at index 1"),
        (answer(2, &["only-this-one", "x"]), "answered 2 keys, and that the key in use is the one at index 2"),
        (answer(0, &[" ", "only-this-one"]), "an empty text for the key in use, at index 0"),
        (foreign, "about another object than the requested one"),
    ] {
        world.simulator.fault(Fault::body(Call::Credentials, 200, answer.to_string()));
        let said = text(&refused(&world, &world.id).await);
        assert!(said.starts_with("Cannot read the keys of the rotation: ") && said.contains(words), "{said}");
        assert!(!said.contains("only-this-one"), "{said}");
        world.simulator.clear_faults();
    }
}

#[tokio::test]
async fn a_provider_or_an_id_that_is_not_known_yet_leaves_the_results_unknown() {
    let world = World::start().await;
    let unconfigured = Harness::new(Infisical);
    unconfigured.configure(BlockConfig { host: Attr::Unknown, ..BlockConfig::default() }).await.unwrap();
    let config = CredentialsConfig { rotation_id: world.id.as_str().into(), ..CredentialsConfig::default() };
    let opened = unconfigured.open::<Credentials>(NAME, config).await.unwrap().result;
    assert!(opened.api_key.is_unknown() && opened.credentials.is_unknown() && opened.rotation_id == world.id);
    assert!(world.simulator.requests().is_empty());
}

#[test]
fn all_that_is_read_is_sensitive() {
    let schema = Credentials::schema();
    let read: Vec<_> = schema.all().iter().filter(|(name, _)| *name != "rotation_id").collect();
    assert!(read.len() == 4 && read.iter().all(|(_, attribute)| attribute.is_sensitive()));
}
