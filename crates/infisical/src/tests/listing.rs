//! Many rotations of a project with few calls.

use super::*;

const LIST: &str = "GET R";

fn listed(ids: std::ops::Range<usize>) -> Reply {
    let rotations: Vec<Value> = ids.map(|i| json!({"id": format!("r{i}"), "name": "listed"})).collect();
    ok(json!({"secretRotations": rotations})).after(Duration::from_millis(300))
}

/// Lists so many rotations; by id it finds any.
fn server(count: usize) -> Script {
    Script::new(move |seen| match seen.what.as_str() {
        LIST => listed(0..count),
        "PATCH R/r0" => one(json!({"id": "r0"})).after(Duration::from_secs(1)),
        _ => one(json!({"id": seen.what.trim_start_matches("GET R/"), "name": "read"})),
    })
}

async fn refresh(client: &Client, rotations: usize, readers: usize) {
    use futures_util::StreamExt;
    let reads = (0..rotations).map(|i| {
        let client = client.clone();
        async move { (i, client.rotation_in("p", &format!("r{i}")).await) }
    });
    let mut reads = futures_util::stream::iter(reads).buffer_unordered(readers);
    while let Some((i, read)) = reads.next().await {
        assert_eq!(read.unwrap().id, format!("r{i}"));
    }
}

#[tokio::test(start_paused = true)]
async fn three_hundred_rotations_are_refreshed_with_a_handful_of_calls() {
    for readers in [1, 10] {
        let script = server(300);
        refresh(&script.client(), 300, readers).await;
        assert!(script.asked().len() <= 3, "{} calls for {readers} readers", script.asked().len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_lone_rotation_is_read_by_id_however_often() {
    let script = server(300);
    let client = script.client();
    for _ in 0..3 {
        client.rotation_in("p", "r1").await.unwrap();
    }
    client.rotation_in("another", "r2").await.unwrap();
    assert_eq!(script.count(LIST), 0);
    tokio::time::sleep(super::super::listing::FRESH + Duration::from_secs(1)).await;
    client.rotation_in("p", "r3").await.unwrap();
    assert_eq!(script.count(LIST), 0, "the reads are too far apart");
}

#[tokio::test(start_paused = true)]
async fn what_the_list_does_not_show_is_read_by_id() {
    let script = Script::new(|seen| match seen.what.as_str() {
        LIST => ok(json!({"secretRotations": [{"id": "r1"}, {"id": "r2", "name": 5}, "nonsense"]})),
        "GET R/r3" => refused(404, "NotFound", "gone"),
        _ => one(json!({"id": seen.what.trim_start_matches("GET R/"), "name": "read"})),
    });
    let client = script.client();
    client.rotation_in("p", "r0").await.unwrap();
    assert_eq!(client.rotation_in("p", "r1").await.unwrap().name, None, "listed");
    assert_eq!(client.rotation_in("p", "r2").await.unwrap().name.as_deref(), Some("read"));
    assert!(client.rotation_in("p", "r3").await.unwrap_err().is_not_found());
    assert_eq!(script.asked(), ["GET R/r0", LIST, "GET R/r2", "GET R/r3"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_ages() {
    let script = server(9);
    let client = script.client();
    refresh(&client, 9, 1).await;
    tokio::time::sleep(Duration::from_secs(9)).await;
    refresh(&client, 9, 1).await;
    assert_eq!(script.count(LIST), 1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    refresh(&client, 9, 1).await;
    assert_eq!(script.count(LIST), 2);
}

#[tokio::test(start_paused = true)]
async fn a_write_makes_the_list_stale_when_it_begins_and_when_it_ends() {
    let script = server(9);
    let client = script.client();
    refresh(&client, 9, 1).await;
    let writer = client.clone();
    let write = tokio::spawn(async move { writer.update_rotation("r0", &RotationPatch::default()).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(10)).await;
    client.rotation_in("p", "r1").await.unwrap();
    assert_eq!(script.count(LIST), 2, "a write has begun");
    write.await.unwrap();
    client.rotation_in("p", "r2").await.unwrap();
    assert_eq!(script.count(LIST), 3, "it has ended after the second list");
}

#[tokio::test(start_paused = true)]
async fn rotations_that_may_not_be_listed_are_read_by_id() {
    let script = Script::new(|seen| match seen.what.as_str() {
        LIST => refused(403, "PermissionDenied", "no listing"),
        _ => one(json!({"id": seen.what.trim_start_matches("GET R/")})),
    });
    refresh(&script.client(), 20, 4).await;
    assert_eq!((script.count(LIST), script.asked().len()), (1, 21));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_fails_for_all_who_waited_and_is_asked_for_again_later() {
    let script = Script::new(|seen| match seen.what.as_str() {
        LIST => refused(400, "BadRequest", "plan restriction").after(Duration::from_secs(1)),
        _ => one(json!({"id": "r0"})),
    });
    let client = script.client();
    client.rotation_in("p", "r0").await.unwrap();
    let reads = futures_util::future::join_all(["r1", "r2", "r3"].map(|id| client.rotation_in("p", id))).await;
    assert!(reads.iter().all(|read| read.as_ref().is_err_and(|error| error.status() == Some(400))));
    client.rotation_in("p", "r4").await.unwrap_err();
    assert_eq!(script.count(LIST), 1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    client.rotation_in("p", "r5").await.unwrap_err();
    assert_eq!(script.count(LIST), 2);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_goes_away_does_not_take_the_list_with_it() {
    let script = server(9);
    let client = script.client();
    client.rotation_in("p", "r0").await.unwrap();
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.rotation_in("p", "r1").await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let second = tokio::spawn({
        let client = client.clone();
        async move { client.rotation_in("p", "r2").await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    first.abort();
    assert_eq!(second.await.unwrap().unwrap().id, "r2");
}
