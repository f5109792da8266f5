//! Many rotations need few calls, and none is lost.

use futures_util::StreamExt;
use infisical::{Auth, Client};
use simulator::{Call, Fault, Options, RetryAfter, Simulator};

use crate::client_setup::{client, count, rotation, start};

async fn create(sim: &Simulator, client: &Client, rotations: usize, at_once: usize) -> Vec<String> {
    let creates = (0..rotations).map(|i| {
        let (client, new) = (client.clone(), rotation(sim, &format!("key-{i}")));
        async move { client.rotations().create(&new).await.unwrap_or_else(|error| panic!("key-{i}: {error}")).object.id }
    });
    futures_util::stream::iter(creates).buffer_unordered(at_once).collect().await
}

async fn refresh(sim: &Simulator, client: &Client, ids: &[String]) {
    let reads = ids.iter().map(|id| async move {
        client.rotations().get_in(sim.project_id(), id, infisical::Known::default()).await.unwrap().id == *id
    });
    let right: Vec<bool> = futures_util::stream::iter(reads).buffer_unordered(10).collect().await;
    assert!(right.iter().all(|right| *right) && right.len() == ids.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_rotations_are_refreshed_with_at_most_eight_calls_even_at_sixty_a_minute() {
    let (sim, maker) = start();
    let ids = create(&sim, &maker, 300, 20).await;
    sim.clear_requests();
    sim.set_rate_limit(Some(60));
    let client = client(&sim, Auth::Token(sim.token().into()));
    refresh(&sim, &client, &ids).await;
    assert!(sim.requests().len() <= 8, "{} calls", sim.requests().len());
    assert_eq!(count(&sim, Call::List), 1);
}

#[tokio::test]
async fn rotations_that_the_list_omits_are_read_by_id() {
    let (sim, client) = start();
    let ids = create(&sim, &client, 4, 1).await;
    sim.edit(&ids[2], |rotation| rotation.listed = false).unwrap();
    sim.clear_requests();
    refresh(&sim, &client, &ids).await;
    assert_eq!((count(&sim, Call::List), count(&sim, Call::Read)), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_creates_with_every_tenth_call_failing_end_with_three_hundred_rotations() {
    let faults = vec![
        Fault::drop_after(Call::Create).chance(0.04, 1),
        Fault::html(Call::Create, 502).after_commit().chance(0.03, 2),
        Fault::status(Call::Create, 429).retry_after(RetryAfter::Seconds(0)).chance(0.03, 3),
    ];
    let sim = Simulator::start(Options { faults, ..Options::default() }).unwrap();
    let client = client(&sim, Auth::Token(sim.token().into()));
    let mut ids = create(&sim, &client, 300, 20).await;
    ids.sort();
    ids.dedup();
    let counts = sim.counts();
    assert_eq!((ids.len(), counts.rotations, counts.secrets, counts.live_keys), (300, 300, 300, 300));
    assert_eq!(sim.issued_keys(), 300, "no key was issued twice");
}
