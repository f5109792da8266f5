//! What is repeated, when, and how a stop ends it.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

fn a_rotation() -> Reply {
    one(json!({"id": "r1"}))
}

/// Fails so many times with what `failure` makes, then gives a rotation.
fn failing(times: usize, failure: Make) -> Script {
    Script::new(move |seen| if seen.index < times { failure() } else { a_rotation() })
}

#[tokio::test(start_paused = true)]
async fn a_read_outlasts_every_transient_failure() {
    let failures: [(&str, Make); 9] = [
        ("no connection", unsent),
        ("no answer", lost),
        ("408", || refused(408, "RequestTimeout", "")),
        ("429", || refused(429, "TooManyRequests", "")),
        ("500", || refused(500, "InternalServerError", "")),
        ("503", || html(503)),
        ("a page with status 200", || html(200)),
        ("a page with status 404", || html(404)),
        ("half an answer", || reply(200, "application/json", r#"{"secretRotation":{"id":"r1""#)),
    ];
    for (name, failure) in failures {
        let script = failing(3, failure);
        let found = script.client().rotations().get("r1").await;
        assert_eq!(found.map(|r| r.id).map_err(|e| e.to_string()), Ok("r1".to_owned()), "{name}");
        assert_eq!(script.asked(), ["GET R/r1"; 4], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_api_means_is_not_asked_again() {
    for (status, error) in
        [(400, "BadRequest"), (401, "UnauthorizedError"), (403, "PermissionDenied"), (404, "NotFound")]
    {
        let script = Script::new(move |_| refused(status, error, "No."));
        let error = script.client().rotations().get("r1").await.unwrap_err();
        assert_eq!((error.status(), error.is_not_found(), script.asked().len()), (Some(status), false, 1));
        assert_eq!((error.message(), error.request_id()), (Some("No."), Some(format!("req-{status}").as_str())));
    }
}

#[tokio::test(start_paused = true)]
async fn a_404_that_is_not_the_apis_own_never_means_that_the_rotation_is_gone() {
    let answers: [(&str, Make); 4] = [
        ("a proxy's page", || html(404)),
        ("another gateway's JSON", || reply(404, "application/json", r#"{"message":"Not Found"}"#)),
        ("an error of another status", || {
            reply(404, "application/json", r#"{"reqId":"r","statusCode":502,"message":"m","error":"BadGateway"}"#)
        }),
        ("nothing", || reply(404, "application/json", "")),
    ];
    for (name, answer) in answers {
        let error = Script::new(move |_| answer()).client().rotations().get("r1").await.unwrap_err();
        assert!(matches!(error, Error::UnexpectedResponse(_)) && !error.is_not_found(), "{name}: {error}");
        assert_eq!(error.status(), Some(404), "{name}");
    }
}

/// Otherwise the key that encrypts a project could take the state of all its rotations along, whose keys stay live.
#[tokio::test(start_paused = true)]
async fn a_404_about_something_else_never_means_that_the_object_is_gone() {
    let deletion = Deletion { delete_secrets: true, revoke_generated_credentials: true };
    for message in [
        "KMS with ID '3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f' not found",
        "Key version 2 not found for KMS 'k'",
        "Cannot decrypt legacy data",
        "Organization with ID o not found",
        "Project with 7e5b2d34-6c1f-4f0e-9a55-0c6f0d1b2a10 not found",
        "Something Could not find OpenRouter API Key Rotation with ID \"r1\"",
        "",
    ] {
        let script = Script::new(move |seen| if seen.index == 1 { lost() } else { refused(404, "NotFound", message) });
        let (rotations, connections) = (script.client(), script.client());
        let read = rotations.rotations().get("r1").await.unwrap_err();
        let deleted = rotations.rotations().delete("r1", &deletion, Known::default()).await.unwrap_err();
        let connection = connections.connections().get("c1", Known::default()).await.unwrap_err();
        for error in [read, deleted, connection] {
            assert!(!error.is_not_found() && error.to_string().contains(message), "{error}");
        }
        let created = script.client().rotations().create(&new_rotation()).await;
        let sent = script.count("POST R");
        assert!(created.is_err() && sent == 0 || message.starts_with("Project"), "{message}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_delete_that_finds_nothing_on_repetition_has_succeeded() {
    let both = Deletion { delete_secrets: true, revoke_generated_credentials: true };
    let script = Script::new(move |seen| if seen.index == 0 { lost() } else { gone() });
    script.client().rotations().delete("r1", &both, Known::default()).await.unwrap();
    assert_eq!(
        script.seen()[0].query,
        [("deleteSecrets", "true".to_owned()), ("revokeGeneratedCredentials", "true".to_owned())]
    );

    for before in [None, Some(unsent as Make)] {
        let script = Script::new(move |seen| before.filter(|_| seen.index == 0).map_or_else(gone, |before| before()));
        let error = script.client().rotations().delete("r1", &both, Known::default()).await.unwrap_err();
        assert!(error.is_not_found(), "no attempt of ours can have deleted it");
    }
}

#[tokio::test(start_paused = true)]
async fn a_delete_that_is_not_confirmed_has_not_succeeded() {
    let script = Script::new(|_| ok(json!({})));
    let deletion = Deletion { delete_secrets: false, revoke_generated_credentials: false };
    let error = script.client().rotations().delete("r1", &deletion, Known::default()).await.unwrap_err();
    assert!(matches!(error, Error::UnexpectedResponse(_)), "{error}");
    assert_eq!(script.asked().len(), 2, "a second one would have told that it is gone");

    let script = Script::new(|seen| if seen.index == 0 { ok(json!({})) } else { gone() });
    script.client().rotations().delete("r1", &deletion, Known::default()).await.unwrap();
}

/// A gateway's cache or mock may answer about another one; taken for ours, it would make us forget ours.
#[tokio::test(start_paused = true)]
async fn an_answer_about_another_rotation_is_none() {
    let deletion = Deletion { delete_secrets: true, revoke_generated_credentials: true };
    let script = Script::new(|_| one(json!({"id": "another"})));
    let client = script.client();
    for outcome in [
        client.rotations().get("r1").await.map(drop),
        client.rotations().update("r1", &RotationPatch::default()).await.map(drop),
        client.rotations().delete("r1", &deletion, Known::default()).await,
    ] {
        let error = outcome.unwrap_err();
        assert_eq!(error.field(), Some("secretRotation.id"), "{error}");
    }
    let capitals = Script::new(|_| one(json!({"id": "AB-1"})));
    capitals.client().rotations().get("ab-1").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_told_to_one_request_is_kept_by_all_of_its_route_and_no_other() {
    let script = Script::new(|seen| match seen.index {
        0 => refused(429, "TooManyRequests", "").with("retry-after", "20"),
        _ => asked_for(seen),
    });
    let client = script.client();
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.rotations().get("r1").await.unwrap() }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    client.rotations().update("r3", &RotationPatch::default()).await.unwrap();
    client.rotations().get("r2").await.unwrap();
    first.await.unwrap();
    let times: Vec<u64> = script.seen().iter().map(|seen| seen.at.as_secs()).collect();
    assert_eq!(times, [0, 1, 20, 20]);
}

fn renamed() -> RotationPatch {
    RotationPatch { description: Some(Some("new ".to_owned())), rotation_interval: Some(7), ..RotationPatch::default() }
}

#[tokio::test(start_paused = true)]
async fn an_update_whose_answer_got_lost_is_sent_again_only_if_it_does_not_hold() {
    for (interval, sent) in [(7, 1), (30, 2)] {
        let script = Script::new(move |seen| match (seen.index, seen.what.as_str()) {
            (0, _) => lost(),
            _ => one(json!({"id": "r1", "description": "new", "rotationInterval": interval})),
        });
        script.client().rotations().update("r1", &renamed()).await.unwrap();
        assert_eq!(script.count("PATCH R/r1"), sent, "an interval of {interval}");
        assert_eq!(script.asked()[1], "GET R/r1");
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_never_gets_an_answer_is_given_up() {
    let script = Script::new(|seen| if seen.what.starts_with("PATCH") { lost() } else { asked_for(seen) });
    let error = script.client().rotations().update("r1", &renamed()).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert!(script.start.elapsed() <= Duration::from_secs(61), "{:?}", script.start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_update_that_failed_says_whether_it_may_have_been_made() {
    let table: [(&str, &'static [Make], bool); 6] = [
        ("no connection", &[unsent], false),
        ("a proxy's refusal", &[|| html(403)], false),
        ("a refusal", &[|| refused(400, "BadRequest", "No.")], false),
        ("a failure of the server", &[|| refused(500, "Update", "Something went wrong")], true),
        ("no answer, then a refusal", &[lost, || refused(400, "BadRequest", "No.")], true),
        ("no answer, then no connection", &[lost, unsent], true),
    ];
    for (name, replies, may_be_made) in table {
        let patches = AtomicUsize::new(0);
        let script = Script::new(move |seen| match seen.what.starts_with("PATCH") {
            true => replies[patches.fetch_add(1, Ordering::Relaxed).min(replies.len() - 1)](),
            false => asked_for(seen),
        });
        let failed = script.client().rotations().try_update("r1", &renamed()).await.unwrap_err();
        assert_eq!(failed.may_be_made, may_be_made, "{name}: {}", failed.error);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_server_fails_at_is_sent_four_times() {
    let script = Script::new(|_| refused(500, "Update", "Something went wrong"));
    let client = script.client();
    client.rotations().update("r1", &renamed()).await.unwrap_err();
    client.rotations().get("r1").await.unwrap_err();
    assert_eq!((script.count("PATCH R/r1"), script.count("GET R/r1")), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn a_read_that_was_in_flight_when_it_was_stopped_was_sent() {
    let (script, stop) = (Script::new(|_| a_rotation().after(Duration::from_secs(8))), CancellationToken::new());
    let client = script.client_until(Auth::Token("t".into()), stop.clone());
    let stopper = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        stop.cancel();
    };
    let rotations = client.rotations();
    let (outcome, ()) = tokio::join!(rotations.get("r1"), stopper);
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::Stopped { sent: true, .. }), "{error}");
    assert!(error.to_string().ends_with("was stopped before it was answered."), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_stopped_client_sends_nothing() {
    let (script, stop) = (Script::new(|_| a_rotation()), CancellationToken::new());
    let client = script.client_until(Auth::Token("t".into()), stop.clone());
    stop.cancel();
    let error = client.rotations().create(&new_rotation()).await.unwrap_err();
    assert!(matches!(error, Error::Stopped { sent: false, after: None, .. }), "{error}");
    assert!(script.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_a_wait_at_once_and_keeps_the_failure() {
    let (script, stop) =
        (Script::new(|_| refused(503, "Busy", "").with("retry-after", "50")), CancellationToken::new());
    let client = script.client_until(Auth::Token("t".into()), stop.clone());
    let stopper = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        stop.cancel();
    };
    let patch = RotationPatch::default();
    let (outcome, ()) = tokio::join!(client.rotations().update("r1", &patch), stopper);
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::Stopped { after: Some(_), .. }), "{error}");
    assert_eq!((error.status(), script.start.elapsed().as_secs()), (Some(503), 3));
}

#[tokio::test(start_paused = true)]
async fn a_stop_lets_a_write_finish_and_a_read_go() {
    let slow = || Script::new(|_| a_rotation().after(Duration::from_secs(8)));
    let stopped_after_3 = |script: &Script| {
        let stop = CancellationToken::new();
        let client = script.client_until(Auth::Token("t".into()), stop.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(3)).await;
            stop.cancel();
        });
        client
    };
    let script = slow();
    let written = stopped_after_3(&script).rotations().update("r1", &RotationPatch::default()).await;
    assert_eq!((written.unwrap().id.as_str(), script.start.elapsed().as_secs()), ("r1", 8));
    let script = slow();
    let read = stopped_after_3(&script).rotations().get("r1").await;
    assert!(matches!(read, Err(Error::Stopped { .. })));
    assert_eq!(script.start.elapsed().as_secs(), 3);
}
