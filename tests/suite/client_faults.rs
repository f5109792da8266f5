//! Each fault on each call: afterwards the caller knows what there is, and nothing is there twice.

use std::time::Duration;

use infisical::{Client, Deletion, Error, RotationPatch};
use simulator::{Call, Counts, Fault, Moment, RetryAfter, Simulator};

use crate::client_world::{client, count, place, rotation, start, universal};

const ALL: Deletion = Deletion { delete_secrets: true, revoke_generated_credentials: true };

/// Whether the call is done before the fault strikes.
fn faults(call: Call) -> Vec<(&'static str, Moment, Fault)> {
    let soon = |fault: Fault| fault.retry_after(RetryAfter::Seconds(0));
    vec![
        ("delay", Moment::After, Fault::delay(call, Duration::from_millis(300))),
        ("drop before", Moment::Before, Fault::drop_before(call)),
        ("drop after", Moment::After, Fault::drop_after(call)),
        ("truncate", Moment::After, Fault::truncate(call)),
        ("429", Moment::Before, soon(Fault::status(call, 429))),
        ("500 before", Moment::Before, Fault::status(call, 500)),
        ("500 after", Moment::After, Fault::status(call, 500).after_commit()),
        ("503 before", Moment::Before, soon(Fault::status(call, 503))),
        ("page with 502 before", Moment::Before, Fault::html(call, 502)),
        ("page with 502 after", Moment::After, Fault::html(call, 502).after_commit()),
        ("page with 200 before", Moment::Before, Fault::html(call, 200)),
        ("page with 200 after", Moment::After, Fault::html(call, 200).after_commit()),
        ("token expired", Moment::Before, Fault::token_expired(call)),
    ]
}

fn assert_counts(sim: &Simulator, rotations: usize, live_keys: usize, name: &str) {
    let Counts { rotations: found, secrets, live_keys: keys, .. } = sim.counts();
    assert_eq!((found, secrets, keys), (rotations, rotations, live_keys), "{name}");
}

/// A simulator and a client that has already talked to it.
async fn acquainted() -> (Simulator, Client) {
    let (sim, client) = start();
    client.rotations(sim.project_id()).await.unwrap();
    (sim, client)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_create_makes_one_rotation_whatever_strikes_once() {
    let runs = faults(Call::Create).into_iter().map(|(name, moment, fault)| async move {
        let (sim, client) = acquainted().await;
        sim.fault(fault.times(1));
        let made = client.create_rotation(&rotation(&sim, "search-key")).await;
        let made = made.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_counts(&sim, 1, 1, name);
        assert!(sim.rotation(&made.rotation.id).is_some(), "{name}");
        assert_eq!(sim.issued_keys(), 1, "{name}: no second key");
        let is_found = moment == Moment::After && name != "delay";
        assert_eq!(made.found_after_failure.is_some(), is_found, "{name}");
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_rotated_once_whatever_strikes_once() {
    let runs = faults(Call::Rotate).into_iter().map(|(name, _, fault)| async move {
        let (sim, client) = acquainted().await;
        let made = client.create_rotation(&rotation(&sim, "search-key")).await.unwrap().rotation;
        sim.advance(Duration::from_secs(3_600));
        sim.fault(fault.times(1));
        let rotated = client.rotate(&made.id, made.last_rotated_at.as_deref()).await;
        let rotated = rotated.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(rotated.active_index, Some(1), "{name}");
        assert_eq!(sim.issued_keys(), 2, "{name}: no third key");
        assert_counts(&sim, 1, 2, name);
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_repeated_succeeds_whatever_strikes_once() {
    for call in [Call::Login, Call::Read, Call::List, Call::ReadByName, Call::Update, Call::Delete, Call::Credentials] {
        let runs = faults(call).into_iter().filter(|(name, ..)| call != Call::Login || *name != "token expired");
        let runs = runs.map(|(name, _, fault)| async move {
            let name = format!("{call:?}: {name}");
            let (sim, maker) = acquainted().await;
            let made = maker.create_rotation(&rotation(&sim, "search-key")).await.unwrap().rotation;
            let client = if call == Call::Login { client(&sim, universal(&sim)) } else { maker };
            sim.fault(fault.times(1));
            let patch = RotationPatch { rotation_interval: Some(7), ..RotationPatch::default() };
            let outcome = match call {
                Call::List => client.rotations(sim.project_id()).await.map(|all| assert_eq!(all.len(), 1, "{name}")),
                Call::ReadByName => client.rotation_by_name(&place(&sim), "search-key").await.map(drop),
                Call::Update => client.update_rotation(&made.id, &patch).await.map(drop),
                Call::Delete => client.delete_rotation(&made.id, &ALL).await,
                Call::Credentials => client.generated_credentials(&made.id).await.map(drop),
                _ => client.rotation(&made.id).await.map(drop),
            };
            assert!(outcome.is_ok(), "{name}: {}", outcome.unwrap_err());
            let left = usize::from(call != Call::Delete);
            assert_counts(&sim, left, left, &name);
            if call == Call::Update {
                assert_eq!(sim.rotation(&made.id).unwrap()["rotationInterval"].to_string(), "7", "{name}");
            }
        });
        futures_util::future::join_all(runs).await;
    }
}

/// Somebody else's rotation of the same name, made a moment before ours is asked for.
#[tokio::test]
async fn a_rotation_made_just_before_is_not_adopted() {
    let (sim, client) = acquainted().await;
    let other = client.create_rotation(&rotation(&sim, "search-key")).await.unwrap().rotation;
    tokio::time::sleep(Duration::from_millis(400)).await;
    sim.fault(Fault::drop_after(Call::Create).times(1));
    let error = client.create_rotation(&rotation(&sim, "search-key")).await.unwrap_err();
    assert!(matches!(&error, Error::Taken(taken) if taken.id() == other.id), "{error}");
    assert_counts(&sim, 1, 1, "only the other's");
}

#[tokio::test]
async fn a_create_that_cannot_be_looked_up_leaves_the_outcome_open() {
    let (sim, client) = acquainted().await;
    sim.fault(Fault::drop_after(Call::Create).times(1));
    sim.fault(Fault::status(Call::ReadByName, 403));
    let error = client.create_rotation(&rotation(&sim, "search-key")).await.unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }), "{error}");
    assert_eq!(count(&sim, Call::Create), 1, "nothing is sent blindly");
    sim.clear_faults();
    let again = client.create_rotation(&rotation(&sim, "search-key")).await.unwrap_err();
    assert!(matches!(again, Error::Taken(_)), "the next run names it: {again}");
}

#[tokio::test]
async fn an_expired_token_is_renewed_in_between() {
    let (sim, client) = acquainted().await;
    sim.expire_tokens();
    client.create_rotation(&rotation(&sim, "search-key")).await.unwrap();
    assert_eq!((count(&sim, Call::Login), sim.counts().rotations), (2, 1));
}
