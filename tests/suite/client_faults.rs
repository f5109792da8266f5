//! Each fault on each call of the client: the result is right afterwards, and nothing is created twice.

use std::time::Duration;

use infisical::{Baseline, Client, CreateNote, Deletion, Error, RotateNote, RotationPatch};
use simulator::{Call, Counts, Fault, Moment, RetryAfter, Simulator};

use crate::client_setup::{client, count, place, rotation, start, universal};

const ALL: Deletion = Deletion { delete_secrets: true, revoke_generated_credentials: true };

/// What the client knows after a fault on a call that must not be sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// The call succeeded, or certainly did nothing.
    All,
    /// The server reported a failure.
    Failure,
    /// Nothing, since the response was lost.
    Nothing,
}

/// The faults: their names, whether the call is executed first, and what the client knows afterwards.
fn faults(call: Call) -> Vec<(&'static str, Moment, Known, Fault)> {
    let retry_at_once = |fault: Fault| fault.retry_after(RetryAfter::Seconds(0));
    vec![
        ("delay", Moment::After, Known::All, Fault::delay(call, Duration::from_millis(300))),
        ("drop before", Moment::Before, Known::Nothing, Fault::drop_before(call)),
        ("drop after", Moment::After, Known::Nothing, Fault::drop_after(call)),
        ("truncate", Moment::After, Known::Nothing, Fault::truncate(call)),
        ("429", Moment::Before, Known::All, retry_at_once(Fault::status(call, 429))),
        ("500 before", Moment::Before, Known::Failure, Fault::status(call, 500)),
        ("500 after", Moment::After, Known::Failure, Fault::status(call, 500).after_commit()),
        ("503 before", Moment::Before, Known::Failure, retry_at_once(Fault::status(call, 503))),
        ("page with 502 before", Moment::Before, Known::Nothing, Fault::html(call, 502)),
        ("page with 502 after", Moment::After, Known::Nothing, Fault::html(call, 502).after_commit()),
        ("page with 200 before", Moment::Before, Known::Nothing, Fault::html(call, 200)),
        ("page with 200 after", Moment::After, Known::Nothing, Fault::html(call, 200).after_commit()),
        ("token expired", Moment::Before, Known::All, Fault::token_expired(call)),
    ]
}

fn assert_counts(sim: &Simulator, rotations: usize, live_keys: usize, name: &str) {
    let Counts { rotations: found, secrets, live_keys: keys, .. } = sim.counts();
    assert_eq!((found, secrets, keys), (rotations, rotations, live_keys), "{name}");
}

/// A simulator and a client that has already logged in.
async fn logged_in() -> (Simulator, Client) {
    let (sim, client) = start();
    client.rotations().list(sim.project_id()).await.unwrap();
    (sim, client)
}

/// This takes a minute, since a create without a response may still succeed for so long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_create_issues_at_most_one_key_whatever_fault_happens_once() {
    let runs = faults(Call::Create).into_iter().map(|(name, moment, known, fault)| async move {
        let (sim, client) = logged_in().await;
        sim.fault(fault.times(1));
        let made = client.rotations().create(&rotation(&sim, "search-key")).await;
        match (moment, known, &made) {
            (_, Known::All, Ok(made)) => assert!(made.note.is_none(), "{name}"),
            (Moment::After, _, Ok(made)) => assert!(matches!(made.note, Some(CreateNote::Found(_))), "{name}"),
            (Moment::Before, Known::Nothing, Ok(made)) => {
                assert!(matches!(made.note, Some(CreateNote::Repeated(_))), "{name}");
            }
            (Moment::Before, Known::Failure, Err(Error::MaybeIssued(_))) => return assert_counts(&sim, 0, 0, name),
            _ => panic!("{name}: {made:?}"),
        }
        assert_counts(&sim, 1, 1, name);
        assert!(sim.rotation(&made.unwrap().object.id).is_some(), "{name}");
        assert_eq!(sim.issued_keys(), 1, "{name}: no second key");
    });
    futures_util::future::join_all(runs).await;
}

/// This takes a minute for the same reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_replaced_at_most_once_whatever_fault_happens_once() {
    let runs = faults(Call::Rotate).into_iter().map(|(name, moment, known, fault)| async move {
        let (sim, client) = logged_in().await;
        let made = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap().object;
        sim.advance(Duration::from_secs(3_600));
        sim.fault(fault.times(1));
        let rotated = client.rotations().rotate(&made.id, &Baseline::of(&made)).await;
        match (moment, known, &rotated) {
            (_, Known::All, Ok(rotated)) => assert!(rotated.note.is_none(), "{name}"),
            (Moment::After, Known::Failure, Ok(rotated)) => {
                assert!(matches!(rotated.note, Some(RotateNote::FailedAfterwards(_))), "{name}");
            }
            (Moment::After, Known::Nothing, Ok(rotated)) => {
                assert!(matches!(rotated.note, Some(RotateNote::ResponseLost(_))), "{name}");
            }
            (Moment::Before, Known::Failure, Err(Error::MaybeIssued(_)))
            | (Moment::Before, Known::Nothing, Err(Error::OutcomeUnknown(_))) => {
                return assert_counts(&sim, 1, 1, name);
            }
            _ => panic!("{name}: {rotated:?}"),
        }
        assert_eq!(rotated.unwrap().rotation.active_index, Some(1), "{name}");
        assert_eq!(sim.issued_keys(), 2, "{name}: no third key");
        assert_counts(&sim, 1, 2, name);
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_may_be_repeated_succeeds_whatever_fault_happens_once() {
    for call in [Call::Login, Call::Read, Call::List, Call::ReadByName, Call::Update, Call::Delete, Call::Credentials] {
        let runs = faults(call).into_iter().filter(|(name, ..)| call != Call::Login || *name != "token expired");
        let runs = runs.map(|(name, _, _, fault)| async move {
            let name = format!("{call:?}: {name}");
            let (sim, maker) = logged_in().await;
            let made = maker.rotations().create(&rotation(&sim, "search-key")).await.unwrap().object;
            let client = if call == Call::Login { client(&sim, universal(&sim)) } else { maker };
            sim.fault(fault.times(1));
            let patch = RotationPatch { rotation_interval: Some(7), ..RotationPatch::default() };
            let outcome = match call {
                Call::List => {
                    client.rotations().list(sim.project_id()).await.map(|all| assert_eq!(all.len(), 1, "{name}"))
                }
                Call::ReadByName => client.rotations().by_name(&place(&sim), "search-key").await.map(drop),
                Call::Update => client.rotations().update(&made.id, &patch).await.map(drop),
                Call::Delete => client.rotations().delete(&made.id, &ALL, infisical::Known::default()).await,
                Call::Credentials => client.rotations().generated_credentials(&made.id).await.map(drop),
                _ => client.rotations().get(&made.id).await.map(drop),
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

/// Somebody else created a rotation with the same name just before our request.
#[tokio::test]
async fn a_rotation_that_somebody_else_created_just_before_is_not_adopted() {
    let (sim, client) = logged_in().await;
    let other = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap().object;
    tokio::time::sleep(Duration::from_millis(400)).await;
    sim.fault(Fault::drop_after(Call::Create).times(1));
    let error = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap_err();
    assert!(matches!(&error, Error::AlreadyExists(taken) if taken.id() == other.id), "{error}");
    assert_counts(&sim, 1, 1, "only the rotation of somebody else");
}

#[tokio::test]
async fn the_outcome_of_a_create_that_cannot_be_looked_up_is_unknown() {
    let (sim, client) = logged_in().await;
    sim.fault(Fault::drop_after(Call::Create).times(1));
    sim.fault(Fault::status(Call::ReadByName, 403));
    let error = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
    assert_eq!(count(&sim, Call::Create), 1, "the create is not repeated");
    sim.clear_faults();
    let again = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap_err();
    assert!(matches!(again, Error::AlreadyExists(_)), "the next create finds it: {again}");
}

#[tokio::test]
async fn an_expired_token_is_renewed_before_a_create() {
    let (sim, client) = logged_in().await;
    sim.expire_tokens();
    client.rotations().create(&rotation(&sim, "search-key")).await.unwrap();
    assert_eq!((count(&sim, Call::Login), sim.counts().rotations), (2, 1));
}
