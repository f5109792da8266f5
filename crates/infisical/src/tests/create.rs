//! Creates: one for one key, whatever goes wrong.

use super::server::{CREATE, LOOK, Server, Strike};
use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// How a create ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Made,
    Found,
    Repeated,
    MaybeIssued,
    Unknown,
    Unreachable,
}

fn end(outcome: Result<Created<Rotation>, Error>) -> End {
    match outcome {
        Ok(Created { note: None, .. }) => End::Made,
        Ok(Created { note: Some(CreateNote::Found(_)), .. }) => End::Found,
        Ok(Created { note: Some(CreateNote::Repeated(_)), .. }) => End::Repeated,
        Err(error @ Error::MaybeIssued(_)) => {
            assert_eq!(error.key_name(), Some("my-app-key"));
            End::MaybeIssued
        }
        Err(Error::OutcomeUnknown(unknown)) => {
            assert!(unknown.look_up().is_none(), "{:?}", unknown.look_up());
            End::Unknown
        }
        Err(Error::Unreachable { .. }) => End::Unreachable,
        Err(error) => panic!("{error}"),
    }
}

/// What goes wrong with the first POSTs; the POSTs, the keys issued, and the end.
const TABLE: &[(&[Strike], usize, usize, End)] = &[
    (&[], 1, 1, End::Made),
    (&[Strike::NoConnection], 2, 1, End::Made),
    (&[Strike::RateLimit], 2, 1, End::Made),
    (&[Strike::FaultBeforeKey], 1, 0, End::MaybeIssued),
    (&[Strike::FaultAfterKey], 1, 1, End::MaybeIssued),
    (&[Strike::FaultAfterStore], 1, 1, End::Found),
    (&[Strike::GenerationAfterStore], 1, 1, End::Found),
    (&[Strike::LostBefore], 2, 1, End::Repeated),
    (&[Strike::LostAfter], 1, 1, End::Found),
    (&[Strike::PageAfter], 1, 1, End::Found),
    (&[Strike::Slow], 1, 1, End::Found),
    (&[Strike::LostBefore, Strike::LostAfter], 2, 1, End::Found),
    (&[Strike::LostBefore, Strike::Slow], 2, 1, End::Found),
    (&[Strike::LostBefore, Strike::LostBefore], 2, 0, End::Unknown),
    (&[Strike::LostBefore, Strike::FaultAfterKey], 2, 1, End::MaybeIssued),
    (&[Strike::LostBefore, Strike::FaultAfterStore], 2, 1, End::Found),
];

#[tokio::test(start_paused = true)]
async fn one_create_issues_one_key_whatever_goes_wrong_and_however_reads_lag() {
    for lag in [0, 9] {
        for (strikes, posts, keys, expected) in TABLE {
            let server = Server::empty(strikes, SECOND * lag);
            let ended = end(server.script.client().rotations().create(&new_rotation()).await);
            assert_eq!(
                (server.posts(), server.issued(), &ended),
                (*posts, *keys, expected),
                "{strikes:?} with a lag of {lag} s"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_create_is_looked_for_during_a_minute_before_it_is_sent_again() {
    let server = Server::empty(&[Strike::LostBefore], Duration::ZERO);
    server.script.client().rotations().create(&new_rotation()).await.unwrap();
    let seen = server.script.seen();
    let creates: Vec<_> = seen.iter().filter(|seen| seen.what == CREATE).map(|seen| seen.at).collect();
    assert!(creates[1] - creates[0] >= SECOND * 60, "{creates:?}");
    assert_eq!(server.script.count(LOOK), 10);
}

/// Answers each kind of request by a function of its own.
fn script(create: Make, look: Make) -> Script {
    let looks = std::sync::atomic::AtomicUsize::new(0);
    Script::new(move |seen| match seen.what.as_str() {
        CREATE => create(),
        // The first look comes before the create.
        _ if looks.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 => absent(),
        _ => look(),
    })
}

fn absent() -> Reply {
    refused(404, "NotFound", "Could not find OpenRouter API Key Rotation with name \"my-openrouter-rotation\"")
}

fn ours() -> Reply {
    one(rotation("r1", "2023-11-14T22:13:20Z"))
}

fn taken() -> Reply {
    refused(400, "BadRequest", "A Secret Rotation with the name \"x\" already exists at the secret path \"/\"")
}

fn secret_taken() -> Reply {
    refused(400, "BadRequest", "The following secrets already exist at the path \"/\": APP_KEY")
}

fn conflict(error: &Error) -> (&str, &ConflictReason) {
    let Error::AlreadyExists(found) = error else { panic!("{error}") };
    (found.id(), found.reason())
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_understood_counts_as_lost() {
    let answers: [(&str, Make, &str); 4] = [
        ("a page", || html(200), "status 200"),
        ("half an answer", || reply(200, "application/json", r#"{"secretRo"#), "status 200"),
        ("an empty object", || ok(json!({})), "secretRotation"),
        ("a proxy's JSON", || reply(503, "application/json", r#"{"message":"no upstream"}"#), "status 503"),
    ];
    for (name, create, why) in answers {
        let script = script(create, ours);
        let made = script.client().rotations().create(&new_rotation()).await.unwrap();
        let Some(CreateNote::Found(failure)) = made.note else { panic!("{name}") };
        assert!(failure.to_string().contains(why), "{name}: {failure}");
        assert_eq!(script.count(CREATE), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_and_looks_for_nothing() {
    let script = script(|| refused(400, "BadRequest", "Failed to create OpenRouter API key: no credits"), absent);
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_eq!(script.asked(), [LOOK, CREATE]);
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_something_else_has_is_a_refusal() {
    let script = script(secret_taken, absent);
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert!(error.is_refused_as(RefusalKind::SecretTaken), "{error}");
    assert_eq!(script.asked(), [LOOK, CREATE, LOOK]);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_taken_is_named_with_the_others_id_and_never_adopted() {
    let script = Script::new(|seen| if seen.what == CREATE { taken() } else { ours() });
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert_eq!((conflict(&error), error.key_name()), (("r1", &ConflictReason::Existed), None));
    assert_eq!((error.request_id(), script.asked().len()), (Some("req-400"), 3));
}

/// The server checks name and secret once more after it issued the key, so the key of the slower client is left.
#[tokio::test(start_paused = true)]
async fn a_name_or_secret_that_another_client_took_meanwhile_comes_with_the_key_that_may_be_left() {
    for create in [taken as Make, secret_taken] {
        let script = script(create, ours);
        let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
        assert_eq!(conflict(&error), ("r1", &ConflictReason::AtTheSameTime));
        assert_eq!((error.key_name(), script.count(CREATE)), (Some("my-app-key"), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_there_before_is_not_ours_even_if_it_is_what_was_asked_for() {
    let script = Script::new(|seen| if seen.what == CREATE { lost() } else { ours() });
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert_eq!(conflict(&error), ("r1", &ConflictReason::Existed));
    assert_eq!(script.count(CREATE), 1);
}

/// A destroy went before, and the replica that is asked still shows what it destroyed.
#[tokio::test(start_paused = true)]
async fn what_was_there_before_does_not_hide_what_comes_after_it() {
    let script = Script::new(|seen| match seen.what.as_str() {
        CREATE => lost(),
        _ if seen.at < SECOND * 9 => one(rotation("old", "2023-11-14T22:13:20Z")),
        _ => ours(),
    });
    let made = script.client().rotations().create(&new_rotation()).await.unwrap();
    assert_eq!((made.object.id.as_str(), script.count(CREATE)), ("r1", 1));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_what_was_asked_for_is_not_adopted() {
    let cases: [(&str, Value, &str); 5] = [
        ("connectionId", json!("another"), "connectionId"),
        ("parameters", json!({"name": "my-app-key", "limit": 100.5, "limitReset": "monthly"}), "parameters"),
        ("parameters", json!({"name": "my-app-key", "limit": 100, "limitReset": null}), "parameters"),
        ("secretsMapping", json!({"apiKey": "OTHER"}), "secretsMapping"),
        ("folder", json!({"path": "/elsewhere"}), "secretPath"),
    ];
    for (field, value, differs) in cases {
        let script = Script::new(move |seen| match seen.index {
            0 => absent(),
            1 => lost(),
            _ => {
                let mut other = rotation("other", "2023-11-14T22:13:20Z");
                other[field] = value.clone();
                one(other)
            }
        });
        let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
        assert_eq!(conflict(&error), ("other", &ConflictReason::Different(vec![differs])));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_server_spells_differently_is_still_ours() {
    let script = Script::new(|seen| match seen.index {
        0 => absent(),
        1 => lost(),
        _ => {
            let mut ours = rotation("r1", "2023-11-14T22:13:20Z");
            ours["connectionId"] = json!("<OPENROUTER-connection-id>");
            ours["folder"] = json!({"path": "/app"});
            ours["parameters"] =
                serde_json::from_str(r#"{"name":"my-app-key","limit":1e2,"limitReset":"monthly"}"#).unwrap();
            one(ours)
        }
    });
    let mut new = new_rotation();
    new.name = " my-openrouter-rotation ".to_owned();
    new.secret_path = "/app/".to_owned();
    new.parameters.name = " my-app-key ".to_owned();
    let made = script.client().rotations().create(&new).await.unwrap();
    assert_eq!(made.object.id, "r1");
    assert_eq!(script.seen()[2].query[2], ("secretPath", "/app".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn two_creates_of_one_name_do_not_adopt_the_same_rotation() {
    let script = script(lost, ours);
    let client = script.client();
    let (one, two) = (new_rotation(), new_rotation());
    let (first, second) = tokio::join!(client.rotations().create(&one), client.rotations().create(&two));
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
}

#[tokio::test(start_paused = true)]
async fn a_repetition_that_meets_its_own_first_request_adopts_its_rotation() {
    for refusal in [taken as Make, secret_taken] {
        let script = Script::new(move |seen| match (seen.what.as_str(), seen.at < SECOND * 60) {
            (CREATE, true) => lost(),
            (CREATE, false) => refusal(),
            _ if seen.at < SECOND * 65 => absent(),
            _ => ours(),
        });
        let made = script.client().rotations().create(&new_rotation()).await.unwrap();
        assert!(matches!(made.note, Some(CreateNote::Found(_))));
        assert_eq!(script.count(CREATE), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_repetition_whose_secret_is_taken_by_nobody_known_says_that_a_key_may_be_left() {
    let script = Script::new(move |seen| match (seen.what.as_str(), seen.at < SECOND * 60) {
        (CREATE, true) => lost(),
        (CREATE, false) => secret_taken(),
        _ => absent(),
    });
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert!(matches!(error, Error::MaybeIssued(_)), "{error}");
    assert_eq!(error.kind(), Some(RefusalKind::SecretTaken));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_created_while_the_server_cannot_say_what_is_there() {
    for look in [lost as Make, unsent, || refused(500, "InternalServerError", ""), || ok(json!({}))] {
        let script = Script::new(move |seen| if seen.what == CREATE { ours() } else { look() });
        script.client().rotations().create(&new_rotation()).await.unwrap_err();
        assert_eq!(script.count(CREATE), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_may_not_look_may_create_but_not_adopt() {
    let forbidden = || refused(403, "PermissionDenied", "You are not allowed to read on secret-rotation");
    let script = Script::new(move |seen| if seen.what == CREATE { ours() } else { forbidden() });
    script.client().rotations().create(&new_rotation()).await.unwrap();

    let script = Script::new(move |seen| if seen.what == CREATE { lost() } else { forbidden() });
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert!(matches!(&error, Error::OutcomeUnknown(unknown) if unknown.look_up().is_some()), "{error}");

    let script = Script::new(move |seen| match seen.index {
        0 => forbidden(),
        1 => lost(),
        _ => ours(),
    });
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert_eq!(conflict(&error), ("r1", &ConflictReason::Undetermined));
}

/// A server that restarts answers some requests with a 500 or not at all.
#[tokio::test(start_paused = true)]
async fn lookups_that_fail_meanwhile_do_not_end_the_search() {
    let fails: [Make; 3] = [|| refused(500, "InternalServerError", "restarting"), unsent, || html(503)];
    for fail in fails {
        let script = Script::new(move |seen| match seen.what.as_str() {
            CREATE => lost(),
            _ if seen.at > SECOND * 40 => ours(),
            _ if seen.at > SECOND * 2 => fail(),
            _ => absent(),
        });
        let made = script.client().rotations().create(&new_rotation()).await.unwrap();
        assert!(matches!(made.note, Some(CreateNote::Found(_))));
        assert_eq!(script.count(CREATE), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_is_not_sent_again_if_the_last_lookup_failed() {
    let script = Script::new(|seen| match seen.what.as_str() {
        CREATE => lost(),
        _ if seen.at > SECOND * 40 => refused(500, "InternalServerError", "down"),
        _ => absent(),
    });
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert!(matches!(&error, Error::OutcomeUnknown(unknown) if unknown.look_up().is_some()), "{error}");
    assert_eq!(script.count(CREATE), 1);
}

/// In the state, it would be destroyed by the next apply.
#[tokio::test(start_paused = true)]
async fn a_200_about_another_rotation_is_not_an_answer_to_the_create() {
    let answers: [Make; 4] = [
        || one(json!({"id": "other", "name": "my-openrouter-rotation"})), // it existed before
        || one(json!({"id": "new", "name": "another-name"})),
        || one(json!({"id": "new", "environment": {"slug": "prod"}})),
        || one(json!({"id": "new", "projectId": "another"})),
    ];
    for answer in answers {
        let script = Script::new(move |seen| match seen.index {
            0 => one(json!({"id": "other", "name": "my-openrouter-rotation"})),
            1 => answer(),
            _ => ours(),
        });
        let made = script.client().rotations().create(&new_rotation()).await.unwrap();
        assert!(matches!(made.note, Some(CreateNote::Found(Error::UnexpectedResponse(_)))));
        assert_eq!((made.object.id.as_str(), script.count(CREATE)), ("r1", 1));
    }
}

#[tokio::test(start_paused = true)]
async fn one_answer_is_not_taken_for_two_rotations() {
    let script = script(ours, absent);
    let client = script.client();
    client.rotations().create(&new_rotation()).await.unwrap();
    let error = client.rotations().create(&new_rotation()).await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
}

/// A rotation with the name of the request.
fn made(seen: &Seen) -> Reply {
    let mut made = rotation(&format!("r{}", seen.index), "2023-11-14T22:13:20Z");
    made["name"] = seen.body.as_ref().unwrap()["name"].clone();
    one(made)
}

async fn create_many(client: &Client, names: std::ops::Range<usize>) {
    for i in names {
        let new = NewRotation { name: format!("key-{i}"), ..new_rotation() };
        client.rotations().create(&new).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn thirty_creates_in_a_project_look_twice() {
    let script = Script::new(|seen| match seen.what.as_str() {
        CREATE => made(seen),
        "GET R" => ok(json!({"secretRotations": [{"id": "old"}]})),
        _ => absent(),
    });
    create_many(&script.client(), 0..30).await;
    assert_eq!((script.asked().len(), script.count("GET R")), (32, 1));
}

#[tokio::test(start_paused = true)]
async fn creates_look_by_name_where_the_list_cannot_be_had() {
    for (list, tries) in [
        ((|| refused(403, "PermissionDenied", "")) as Make, 1),
        (|| refused(500, "InternalServerError", ""), 2),
        (lost, 2),
    ] {
        let script = Script::new(move |seen| match seen.what.as_str() {
            CREATE => made(seen),
            "GET R" => list(),
            _ => absent(),
        });
        create_many(&script.client(), 0..5).await;
        assert_eq!((script.asked().len(), script.count("GET R")), (10 + tries, tries));
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_after_a_lost_create_looks_no_further() {
    let stop = CancellationToken::new();
    let cancel = stop.clone();
    let script = Script::new(move |seen| {
        if seen.what != CREATE {
            return absent();
        }
        cancel.cancel();
        lost()
    });
    let client = script.client_until(Auth::Token("t".into()), stop);
    let error = client.rotations().create(&new_rotation()).await.unwrap_err();
    let Error::OutcomeUnknown(unknown) = &error else { panic!("{error}") };
    assert!(matches!(unknown.look_up(), Some(Error::Stopped { sent: true, .. })), "{error}");
    assert_eq!(script.asked(), [LOOK, CREATE]);
}

#[tokio::test(start_paused = true)]
async fn what_another_create_of_this_run_made_before_is_not_offered_for_import() {
    let script = Script::new(|seen| match (seen.what.as_str(), seen.index) {
        (CREATE, 1) => ours(),
        (CREATE, _) => taken(),
        ("GET R", _) => ok(json!({"secretRotations": [rotation("r1", "2023-11-14T22:13:20Z")]})),
        (_, 0) => absent(),
        _ => ours(),
    });
    let client = script.client();
    client.rotations().create(&new_rotation()).await.unwrap();
    let error = client.rotations().create(&new_rotation()).await.unwrap_err();
    assert_eq!((conflict(&error), error.key_name()), (("r1", &ConflictReason::MadeByAnother), None));
}

/// Names are unique over all types of rotations, but the list has only those of this type.
#[tokio::test(start_paused = true)]
async fn a_name_of_a_rotation_of_another_type_is_told_before_a_key_is_issued() {
    let other = || refused(400, "BadRequest", "Secret Rotation with ID \"x\" is not configured for OpenRouter API Key");
    let script = Script::new(move |seen| match seen.what.as_str() {
        "GET R" => ok(json!({"secretRotations": []})),
        CREATE => taken(),
        _ => other(),
    });
    let client = script.client();
    for posts in [0, 1] {
        let error = client.rotations().create(&new_rotation()).await.unwrap_err();
        assert!(error.is_refused_as(RefusalKind::NameOfAnotherType), "{error}");
        assert_eq!(script.count(CREATE), posts, "the second create looks at the list");
    }
}
