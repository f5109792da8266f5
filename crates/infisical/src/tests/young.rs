//! Objects that replicas may not know yet.

use super::*;

/// What a state knows of a rotation that was created then.
fn created(at: Option<&str>) -> Known<'_> {
    Known { created_at: at, ..Known::default() }
}

/// Knows the rotation from that second on.
fn lagging(from: u64) -> Script {
    Script::new(move |seen| match seen.what.as_str() {
        "POST R" => one(rotation("r1", &rfc3339(seen.at))),
        "GET R/r1" if seen.at >= Duration::from_secs(from) => one(rotation("r1", &rfc3339(Duration::ZERO))),
        _ => gone(),
    })
}

#[tokio::test(start_paused = true)]
async fn a_young_rotation_is_not_gone_because_one_read_does_not_find_it() {
    let script = lagging(9);
    let created_at = rfc3339(Duration::ZERO);
    script.client().rotations().get_in("p", "r1", created(Some(&created_at))).await.unwrap();
    assert!(script.asked().len() > 1);
}

#[tokio::test(start_paused = true)]
async fn what_this_client_made_is_young_without_a_date() {
    let script = lagging(9);
    let client = script.client();
    client.rotations().create(&new_rotation()).await.unwrap();
    client.rotations().get("r1").await.unwrap();
    tokio::time::sleep(Duration::from_secs(61)).await;
    let later = Script::new(|_| gone());
    assert!(later.client().rotations().get("r1").await.unwrap_err().is_not_found());
    assert_eq!(later.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_young_rotation_that_stays_missing_is_gone_after_15_seconds() {
    let script = lagging(99);
    let error =
        script.client().rotations().get_in("p", "r1", created(Some(&rfc3339(Duration::ZERO)))).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!((script.asked().len(), script.start.elapsed().as_secs()), (5, 15));
}

#[tokio::test(start_paused = true)]
async fn an_old_rotation_is_gone_at_once() {
    for created_at in [Some("2020-01-01T00:00:00Z"), Some("some day"), None] {
        let script = lagging(99);
        assert!(script.client().rotations().get_in("p", "r1", created(created_at)).await.unwrap_err().is_not_found());
        assert_eq!(script.asked().len(), 1, "{created_at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn other_refusals_are_not_waited_for() {
    let script = Script::new(|_| refused(404, "Not Found", "Route GET:/x not found"));
    let error =
        script.client().rotations().get_in("p", "r1", created(Some(&rfc3339(Duration::ZERO)))).await.unwrap_err();
    assert_eq!((error.kind(), error.is_not_found()), (Some(RefusalKind::RouteNotFound), false));
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_young_rotation_is_not_taken_for_deleted_because_a_replica_does_not_know_it() {
    let script = Script::new(|seen| match seen.at < Duration::from_secs(9) {
        true => gone(),
        false => one(json!({"id": "r1"})),
    });
    let deletion = Deletion { delete_secrets: true, revoke_generated_credentials: true };
    script.client().rotations().delete("r1", &deletion, created(Some(&rfc3339(Duration::ZERO)))).await.unwrap();
    assert!(script.asked().len() > 1);
    let old = Script::new(|_| gone());
    let deleted = old.client().rotations().delete("r1", &deletion, created(Some("2020-01-01T00:00:00Z"))).await;
    assert!(deleted.unwrap_err().is_not_found() && old.asked().len() == 1);
}

/// A replica that shows a rotation as it was before the last change would have the change planned again.
#[tokio::test(start_paused = true)]
async fn an_answer_from_before_the_last_change_is_read_again() {
    let changed = |at: u64| {
        let mut body = rotation("r1", &rfc3339(Duration::ZERO));
        body["updatedAt"] = rfc3339(Duration::from_secs(at)).into();
        body
    };
    let script = Script::new(move |seen| one(changed(if seen.at < Duration::from_secs(6) { 1 } else { 5 })));
    let date = rfc3339(Duration::from_secs(5));
    let known = Known { updated_at: Some(&date), ..Known::default() };
    let read = script.client().rotations().get_in("p", "r1", known).await.unwrap();
    assert_eq!(read.updated_at.as_deref(), Some(date.as_str()));
    assert!(script.start.elapsed().as_secs() >= 6);

    // A database that was set back stays behind: after 15 s it is believed.
    let script = Script::new(move |_| one(changed(1)));
    let read = script.client().rotations().get_in("p", "r1", known).await.unwrap();
    assert_eq!(read.updated_at, Some(rfc3339(Duration::from_secs(1))));
    assert_eq!(script.start.elapsed().as_secs(), 15);
}
