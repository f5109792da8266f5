//! The keys: whose they are, what is waited for, and that nothing shows them.

use secrecy::ExposeSecret as _;

use super::*;

const READ: &str = "GET R/r1";
const KEYS: &str = "GET R/r1/generated-credentials";
const KEY: &str = "key-that-nobody-may-see";
const SECOND: Duration = Duration::from_secs(1);

fn keys(rotation_id: &str) -> Reply {
    ok(json!({
        "rotationId": rotation_id, "activeIndex": 0, "type": "open-router-api-key",
        "generatedCredentials": [{"apiKey": KEY, "keyHash": "hash"}],
    }))
}

fn with_status(status: &str) -> Reply {
    let mut found = rotation("r1", &rfc3339(Duration::ZERO));
    found["rotationStatus"] = json!(status);
    one(found)
}

#[tokio::test(start_paused = true)]
async fn the_keys_are_read_by_two_requests_when_no_rotation_is_in_progress() {
    let script = Script::new(|seen| match seen.what.as_str() {
        KEYS => keys("R1"),
        _ => with_status("failed"),
    });
    let settled = script.client().rotations().settled_credentials("r1").await.unwrap();
    assert_eq!(settled.credentials.credentials[0].api_key.expose_secret(), KEY);
    assert_eq!((settled.waited, script.asked()), (None, vec![READ.to_owned(), KEYS.to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_rotation_in_progress_is_waited_for_whether_its_status_says_so_or_a_refusal() {
    for by_status in [true, false] {
        for ends_at in [20, 58] {
            let script = Script::new(move |seen| match (seen.what.as_str(), seen.at < SECOND * ends_at) {
                (READ, true) if by_status => with_status("in-progress"),
                (KEYS, true) => {
                    refused(400, "BadRequest", "A rotation is already in progress. Please try again shortly.")
                }
                (KEYS, false) => keys("r1"),
                _ => with_status("success"),
            });
            let settled = script.client().rotations().settled_credentials("r1").await.unwrap();
            assert!(settled.waited.is_some_and(|waited| waited >= SECOND * ends_at), "{:?}", settled.waited);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_does_not_end_is_waited_for_during_a_minute() {
    let script = Script::new(|_| with_status("in_progress"));
    let error = script.client().rotations().settled_credentials("r1").await.unwrap_err();
    let Error::StillRotating { waited, .. } = error else { panic!("{error}") };
    assert_eq!((waited.as_secs(), script.count(KEYS)), (61, 0));
    assert_eq!(
        error.to_string().replace("/api/v2/secret-rotations/open-router-api-key", "R"),
        format!("{KEYS}: a rotation of the key is in progress, and did not end within 61 s.")
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_rotation_ends_at_once_when_the_client_is_stopped() {
    let script = Script::new(|_| with_status("in-progress"));
    let stop = CancellationToken::new();
    let client = script.client_until(Auth::Token("a-token".into()), stop.clone());
    let (settled, ()) = tokio::join!(client.rotations().settled_credentials("r1"), async {
        tokio::time::sleep(SECOND * 5).await;
        stop.cancel();
    });
    assert!(matches!(settled, Err(Error::Stopped { .. })), "{settled:?}");
    assert_eq!(script.start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn whoever_may_not_read_the_rotation_may_still_read_its_keys() {
    let script = Script::new(|seen| match seen.what.as_str() {
        KEYS => keys("r1"),
        _ => refused(403, "PermissionDenied", "You are not allowed to read"),
    });
    assert!(script.client().rotations().settled_credentials("r1").await.is_ok());
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
