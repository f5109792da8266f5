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
        async move { (i, client.rotations().get_in("p", &format!("r{i}"), Known::default()).await) }
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
        client.rotations().get_in("p", "r1", Known::default()).await.unwrap();
    }
    client.rotations().get_in("another", "r2", Known::default()).await.unwrap();
    assert_eq!(script.count(LIST), 0);
    tokio::time::sleep(super::super::lists::FRESH + Duration::from_secs(1)).await;
    client.rotations().get_in("p", "r3", Known::default()).await.unwrap();
    assert_eq!(script.count(LIST), 0, "the reads are too far apart");
}

#[tokio::test(start_paused = true)]
async fn what_the_list_does_not_show_is_read_by_id() {
    let script = Script::new(|seen| match seen.what.as_str() {
        LIST => ok(json!({"secretRotations": [{"id": "r1"}, {"id": "r2", "name": 5}, "nonsense"]})),
        "GET R/r3" => gone(),
        _ => one(json!({"id": seen.what.trim_start_matches("GET R/"), "name": "read"})),
    });
    let client = script.client();
    client.rotations().get_in("p", "r0", Known::default()).await.unwrap();
    assert_eq!(client.rotations().get_in("p", "r1", Known::default()).await.unwrap().name, None, "listed");
    assert_eq!(client.rotations().get_in("p", "r2", Known::default()).await.unwrap().name.as_deref(), Some("read"));
    assert!(client.rotations().get_in("p", "r3", Known::default()).await.unwrap_err().is_not_found());
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
    let write = tokio::spawn(async move { writer.rotations().update("r0", &RotationPatch::default()).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(10)).await;
    client.rotations().get_in("p", "r1", Known::default()).await.unwrap();
    assert_eq!(script.count(LIST), 2, "a write has begun");
    write.await.unwrap();
    client.rotations().get_in("p", "r2", Known::default()).await.unwrap();
    assert_eq!(script.count(LIST), 3, "it has ended after the second list");
}

/// The list only saves requests: no failure of it may cost a refresh more than a moment.
#[tokio::test(start_paused = true)]
async fn rotations_whose_list_fails_are_read_by_id_after_two_tries_at_most() {
    let failures: [(&str, Make, usize); 6] = [
        ("forbidden", || refused(403, "PermissionDenied", "no listing"), 1),
        ("a plan restriction", || refused(400, "BadRequest", "due to plan restriction"), 1),
        ("the server's fault", || refused(500, "InternalServerError", ""), 2),
        ("lost", lost, 2),
        ("a page", || html(200), 2),
        ("nonsense", || ok(json!({"secretRotations": 5})), 1),
    ];
    for (name, failure, tries) in failures {
        let script = Script::new(move |seen| match seen.what.as_str() {
            LIST => failure(),
            _ => one(json!({"id": seen.what.trim_start_matches("GET R/")})),
        });
        refresh(&script.client(), 300, 10).await;
        assert_eq!((script.count(LIST), script.asked().len()), (tries, 300 + tries), "{name}");
        assert!(script.start.elapsed() < Duration::from_secs(5), "{name}: {:?}", script.start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_on_the_list_is_waited_out() {
    let limits = std::sync::atomic::AtomicUsize::new(0);
    let script = Script::new(move |seen| match seen.what.as_str() {
        LIST if limits.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 3 => {
            refused(429, "RateLimitExceeded", "").with("retry-after", "20")
        }
        LIST => listed(0..300),
        _ => one(json!({"id": seen.what.trim_start_matches("GET R/"), "name": "read"})),
    });
    refresh(&script.client(), 300, 10).await;
    assert_eq!((script.count(LIST), script.asked().len()), (4, 5));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_failed_is_asked_for_again_a_minute_later() {
    let script = Script::new(|seen| match seen.what.as_str() {
        LIST => refused(403, "PermissionDenied", ""),
        _ => one(json!({"id": seen.what.trim_start_matches("GET R/")})),
    });
    let client = script.client();
    refresh(&client, 9, 1).await;
    tokio::time::sleep(Duration::from_secs(61)).await;
    refresh(&client, 9, 1).await;
    assert_eq!(script.count(LIST), 2);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_goes_away_does_not_take_the_list_with_it() {
    let script = server(9);
    let client = script.client();
    client.rotations().get_in("p", "r0", Known::default()).await.unwrap();
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.rotations().get_in("p", "r1", Known::default()).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let second = tokio::spawn({
        let client = client.clone();
        async move { client.rotations().get_in("p", "r2", Known::default()).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    first.abort();
    assert_eq!(second.await.unwrap().unwrap().id, "r2");
}

#[tokio::test]
async fn a_rotation_that_cannot_be_understood_is_an_error_of_its_own() {
    let script = Script::new(|_| {
        ok(json!({"secretRotations": [{"id": "r0"}, {"id": "r1", "name": 5}, "nonsense", {"id": "r3"}]}))
    });
    let all = script.client().rotations().list_each("p").await.unwrap();
    let ids: Vec<_> = all.iter().map(|one| one.as_ref().ok().map(|one| one.id.as_str())).collect();
    assert_eq!(ids, [Some("r0"), None, None, Some("r3")]);
    for (at, field) in [(1, "`secretRotations[1].name`"), (2, "`secretRotations[2]`")] {
        let error = all[at].as_ref().unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }
    let script = Script::new(|_| ok(json!({"secretRotations": {}})));
    let error = script.client().rotations().list_each("p").await.unwrap_err().to_string();
    assert!(error.contains("`secretRotations`"), "{error}");
}
