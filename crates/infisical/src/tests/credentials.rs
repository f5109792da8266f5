//! The keys: whose they are, what is waited for, and that nothing shows them.

use secrecy::ExposeSecret as _;

use super::server::ROTATE;
use super::*;

const READ: &str = "GET R/r1";
const KEYS: &str = "GET R/r1/generated-credentials";
const KEY: &str = "key-that-nobody-may-see";
const SECOND: Duration = Duration::from_secs(1);

fn keys(rotation_id: &str) -> Reply {
    keys_at(rotation_id, 0)
}

fn keys_at(rotation_id: &str, active_index: i64) -> Reply {
    ok(json!({
        "rotationId": rotation_id, "activeIndex": active_index, "type": "open-router-api-key",
        "generatedCredentials": [{"apiKey": KEY, "keyHash": "hash"}, {"apiKey": KEY, "keyHash": "another"}],
    }))
}

/// The rotation as it was created, or once its key was replaced.
fn rotated(active_index: i64) -> Reply {
    let mut found = rotation("r1", &rfc3339(SECOND * u32::try_from(active_index).unwrap()));
    found["activeIndex"] = json!(active_index);
    one(found)
}

#[tokio::test(start_paused = true)]
async fn the_keys_are_read_by_two_requests() {
    let script = Script::new(|seen| match seen.what.as_str() {
        KEYS => keys("R1"),
        _ => rotated(0),
    });
    let current = script.client().rotations().current_credentials("r1").await.unwrap();
    assert_eq!(current.credentials[0].api_key.expose_secret(), KEY);
    assert_eq!(script.asked(), vec![READ.to_owned(), KEYS.to_owned()]);
}

/// Replicas that lag behind a rotation of the key: that of the rotation until the first time, that of the keys until the second.
fn lagging(rotation: u32, keys: u32) -> Script {
    Script::new(move |seen| match seen.what.as_str() {
        ROTATE => rotated(1),
        KEYS => keys_at("r1", i64::from(seen.at >= SECOND * keys)),
        // The first read is that before the request.
        _ => rotated(i64::from(seen.index > 1 && seen.at >= SECOND * rotation)),
    })
}

/// The key that such a replica calls active is revoked at the next rotation.
#[tokio::test(start_paused = true)]
async fn the_keys_are_not_older_than_a_rotation_of_this_client_whatever_lags_behind() {
    for (lag_of_the_rotation, lag_of_the_keys) in [(0, 9), (9, 0), (9, 9), (5, 12)] {
        let script = lagging(lag_of_the_rotation, lag_of_the_keys);
        let client = script.client();
        client.rotations().rotate("r1", &Baseline::default()).await.unwrap();
        let current = client.rotations().current_credentials("r1").await.unwrap();
        assert_eq!(current.active_index, 1, "lags: {lag_of_the_rotation} s, {lag_of_the_keys} s");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_may_not_read_the_rotation_gets_no_older_keys_either() {
    let script = Script::new(move |seen| match seen.what.as_str() {
        ROTATE => rotated(1),
        KEYS => keys_at("r1", i64::from(seen.at >= SECOND * 9)),
        _ => refused(403, "PermissionDenied", "You are not allowed to read"),
    });
    let client = script.client();
    client.rotations().rotate("r1", &Baseline::default()).await.unwrap();
    assert_eq!(client.rotations().current_credentials("r1").await.unwrap().active_index, 1);
}

#[tokio::test(start_paused = true)]
async fn err_keys_that_stay_older_are_not_returned() {
    for (lag_of_the_rotation, lag_of_the_keys) in [(0, 99), (99, 0), (99, 99)] {
        let script = lagging(lag_of_the_rotation, lag_of_the_keys);
        let client = script.client();
        client.rotations().rotate("r1", &Baseline::default()).await.unwrap();
        let error = client.rotations().current_credentials("r1").await.unwrap_err();
        assert_eq!(
            error.to_string().replace("/api/v2/secret-rotations/open-router-api-key", "R"),
            format!("{KEYS}: after 15 s, the answers are still from before the last rotation of the key.")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_newer_keys_ends_at_once_when_the_client_is_stopped() {
    let script = lagging(0, 99);
    let stop = CancellationToken::new();
    let client = script.client_until(Auth::Token("a-token".into()), stop.clone());
    client.rotations().rotate("r1", &Baseline::default()).await.unwrap();
    let (current, ()) = tokio::join!(client.rotations().current_credentials("r1"), async {
        tokio::time::sleep(SECOND * 5).await;
        stop.cancel();
    });
    assert!(matches!(current, Err(Error::Stopped { .. })), "{current:?}");
    assert_eq!(script.start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn whoever_may_not_read_the_rotation_may_still_read_its_keys() {
    let script = Script::new(|seen| match seen.what.as_str() {
        KEYS => keys("r1"),
        _ => refused(403, "PermissionDenied", "You are not allowed to read"),
    });
    assert!(script.client().rotations().current_credentials("r1").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_keys_of_a_rotation_that_was_just_made_are_not_missing_because_a_replica_lags() {
    let script = Script::new(|seen| match seen.what.as_str() {
        KEYS if seen.at < SECOND * 6 => gone(),
        KEYS => keys("r1"),
        _ => one(rotation("r1", &rfc3339(seen.at))),
    });
    let client = script.client();
    let error = client.rotations().generated_credentials("r1").await.unwrap_err();
    assert!(error.is_not_found() && script.count(KEYS) == 1, "an old one is gone");
    drop(client.rotations().create(&new_rotation()).await);
    client.rotations().generated_credentials("r1").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn keys_of_another_rotation_are_refused() {
    let script = Script::new(|_| keys("r2"));
    let error = script.client().rotations().generated_credentials("r1").await.unwrap_err();
    assert_eq!(error.field(), Some("rotationId"), "{error}");
    assert!(error.to_string().contains("about another object") && !error.to_string().contains(KEY), "{error}");
}

/// A gateway may mix up the responses of two calls, and spoil them.
#[tokio::test(start_paused = true)]
async fn no_error_of_another_call_shows_a_key_that_was_answered_to_it() {
    let body = || format!(r#"{{"generatedCredentials":[{{"apiKey":"{KEY}"}}"#);
    let script = Script::new(move |_| reply(200, "application/json", body()));
    let error = script.client().rotations().get("r1").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
    let script = Script::new(move |_| reply(200, r#"application/{"apiKey":"key-that-nobody-may-see"}"#, ""));
    let error = script.client().rotations().get("r1").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
}

/// Whatever is answered in place of the keys, or after them.
#[tokio::test(start_paused = true)]
async fn no_error_shows_a_key_that_was_answered() {
    let told = |status: u16| refused(status, "BadRequest", &format!("I know {KEY}"));
    let odd: [fn() -> Reply; 5] = [
        || ok(json!({"rotationId": "r1", "activeIndex": KEY, "generatedCredentials": [{"apiKey": KEY}]})),
        || ok(json!({"rotationId": "r1", "activeIndex": -1, "generatedCredentials": [{"apiKey": [KEY]}]})),
        || ok(json!({"generatedCredentials": KEY})),
        || reply(200, "text/html", format!("<p>{KEY}</p>")),
        || reply(200, KEY, "a response whose beginning became a header"),
    ];
    for odd in odd {
        let script = Script::new(move |_| odd());
        let error = script.client().rotations().generated_credentials("r1").await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
    }
    let script = Script::new(move |seen| match seen.index {
        0 => keys("r1"),
        1 => told(400),
        2 => reply(403, "text/html", format!("<p>{KEY}</p>")),
        _ => one(json!({"id": KEY})),
    });
    let client = script.client();
    let credentials = client.rotations().generated_credentials("r1").await.unwrap();
    assert!(!format!("{credentials:?} {client:?}").contains(KEY));
    for call in 1..4 {
        let error = client.rotations().get("r1").await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(KEY), "call {call}: {error:?}");
    }
}
