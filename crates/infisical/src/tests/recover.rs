//! Create and rotate, when the answer never came.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

const CREATE: &str = "POST R";
const LOOK: &str = "GET R/rotation-name/my-openrouter-rotation";

fn absent() -> Reply {
    refused(404, "NotFound", "no such rotation")
}

fn taken() -> Reply {
    refused(400, "BadRequest", "A secret rotation with the name already exists at that path")
}

/// Answers each create with the next of `creates`; a rotation exists from the create numbered `made_by`
/// on, `slowness` after that request came.
fn server(creates: Vec<Make>, made_by: usize, slowness: Duration) -> Script {
    let (count, made_at) = (AtomicUsize::new(0), Mutex::new(None::<Duration>));
    Script::new(move |seen| {
        let mut made_at = made_at.lock().unwrap();
        match seen.what.as_str() {
            CREATE => {
                let number = count.fetch_add(1, Ordering::SeqCst);
                if made_at.is_none_or(|at| at > seen.at) && number == made_by {
                    *made_at = Some(seen.at + slowness);
                }
                match creates.get(number) {
                    Some(answer) => answer(),
                    None => one(rotation("r1", &rfc3339(seen.at))),
                }
            }
            _ => match *made_at {
                Some(at) if at <= seen.at => one(rotation("r1", &rfc3339(at))),
                _ => absent(),
            },
        }
    })
}

/// A rotation that stands there from the start, and a create that doesn't get through.
fn occupied(create: Make, rotation: Value) -> Script {
    Script::new(move |seen| if seen.what == CREATE { create() } else { one(rotation.clone()) })
}

#[tokio::test(start_paused = true)]
async fn a_created_rotation_is_found_when_its_answer_is_not() {
    let failures: [(&str, Make, &str); 6] = [
        ("dropped", lost, "got no answer: the connection was lost: reset."),
        ("500", || refused(500, "InternalServerError", "oops"), "status 500"),
        ("502 page", || html(502), "status 502"),
        ("200 page", || html(200), "status 200"),
        ("half an answer", || reply(200, "application/json", r#"{"secretRo"#), "status 200"),
        ("empty object", || ok(json!({})), "secretRotation"),
    ];
    for (name, failure, why) in failures {
        let script = server(vec![failure], 0, Duration::ZERO);
        let made = script.client().create_rotation(&new_rotation()).await.unwrap();
        assert_eq!(made.rotation.id, "r1", "{name}");
        let said = made.found_after_failure.unwrap();
        assert!(said.contains(why), "{name}: {said}");
        assert_eq!(script.count(CREATE), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_that_did_nothing_is_repeated_after_looking() {
    for failure in [lost as Make, || html(504), || refused(503, "Busy", "")] {
        let script = server(vec![failure], 1, Duration::ZERO);
        let made = script.client().create_rotation(&new_rotation()).await.unwrap();
        assert_eq!((made.rotation.id.as_str(), made.found_after_failure), ("r1", None));
        assert_eq!(script.count(CREATE), 2);
        assert_eq!(script.asked()[1], LOOK);
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_that_provably_did_not_arrive_is_repeated_without_looking() {
    for failure in [unsent as Make, || refused(429, "TooManyRequests", "").with("retry-after", "3")] {
        let script = server(vec![failure], 1, Duration::ZERO);
        script.client().create_rotation(&new_rotation()).await.unwrap();
        assert_eq!(script.asked(), [CREATE, CREATE]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_still_at_work_is_waited_for() {
    let script = server(vec![lost], 0, Duration::from_millis(4_500));
    let made = script.client().create_rotation(&new_rotation()).await.unwrap();
    assert!(made.found_after_failure.is_some());
    assert_eq!((script.count(CREATE), script.count(LOOK)), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn a_create_that_lands_while_it_is_repeated_is_found_then() {
    let script = server(vec![lost, taken], 1, Duration::ZERO);
    let made = script.client().create_rotation(&new_rotation()).await.unwrap();
    assert_eq!(made.rotation.id, "r1");
    assert!(made.found_after_failure.unwrap().contains("connection was lost"), "the first failure is the reason");
    assert_eq!(script.count(CREATE), 2);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_is_ours_if_any_of_our_creates_may_have_made_it() {
    let script = Script::new(|seen| match seen.what.as_str() {
        CREATE => lost(),
        // Made by the first create, but not to be seen before the third.
        _ if seen.at > Duration::from_millis(10_500) => one(rotation("r1", &rfc3339(Duration::from_secs(3)))),
        _ => absent(),
    });
    let made = script.client().create_rotation(&new_rotation()).await.unwrap();
    assert_eq!((made.rotation.id.as_str(), script.count(CREATE)), ("r1", 3));
}

#[tokio::test(start_paused = true)]
async fn a_create_that_never_gets_through_is_given_up_and_never_stands() {
    let script = server(vec![lost; 9], 99, Duration::ZERO);
    let error = script.client().create_rotation(&new_rotation()).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert_eq!((script.count(CREATE), script.count(LOOK)), (5, 15));
}

/// A create is sent again no sooner than the server asked, and not at all when that's too long.
#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_time_is_given_it_before_the_next_round() {
    for (asked, sent) in [("7", 2), ("61", 1)] {
        let posts = AtomicUsize::new(0);
        let script = Script::new(move |seen| match (seen.what.starts_with("POST"), posts.load(Ordering::SeqCst)) {
            (true, 0) => {
                posts.fetch_add(1, Ordering::SeqCst);
                refused(503, "Busy", "").with("retry-after", asked)
            }
            (false, _) if seen.what == LOOK => absent(),
            _ => one(rotation("r1", &rfc3339(Duration::ZERO))),
        });
        let client = script.client();
        assert_eq!(client.create_rotation(&new_rotation()).await.is_ok(), sent == 2, "{asked}");
        let creates: Vec<_> =
            script.seen().into_iter().filter(|seen| seen.what == CREATE).map(|seen| seen.at).collect();
        assert_eq!(creates.len(), sent, "{asked}");
        assert!(creates.iter().skip(1).all(|at| *at >= Duration::from_secs(7)), "{creates:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_that_always_times_out_is_not_sent_for_ever() {
    let script = server(vec![|| lost().after(Duration::from_secs(60)); 9], 99, Duration::ZERO);
    script.client().create_rotation(&new_rotation()).await.unwrap_err();
    assert_eq!(script.count(CREATE), 2);
}

#[tokio::test(start_paused = true)]
async fn a_name_taken_from_the_start_is_named_and_never_adopted() {
    let script = occupied(taken, rotation("other", &rfc3339(Duration::ZERO)));
    let error = script.client().create_rotation(&new_rotation()).await.unwrap_err();
    let Error::Taken(taken) = &error else { panic!("{error}") };
    assert_eq!((taken.id(), taken.because()), ("other", &Because::Existed));
    assert_eq!(error.request_id(), Some("req-400"));
}

#[tokio::test(start_paused = true)]
async fn a_secrets_name_taken_is_the_apis_refusal() {
    let script = Script::new(|seen| if seen.what == CREATE { taken() } else { absent() });
    let error = script.client().create_rotation(&new_rotation()).await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_eq!(script.count(CREATE), 1);
}

#[tokio::test(start_paused = true)]
async fn an_older_rotation_is_not_adopted_even_by_a_fifth_of_a_second() {
    for before in [200, 700, 2_000, 86_400_000] {
        let script =
            occupied(lost, rotation("other", &rfc3339(Duration::from_secs(100_000) - Duration::from_millis(before))));
        let client = script.client();
        tokio::time::sleep(Duration::from_secs(100_000)).await;
        let error = client.create_rotation(&new_rotation()).await.unwrap_err();
        let Error::Taken(taken) = &error else { panic!("{before} ms: {error}") };
        assert!(matches!(taken.because(), Because::Older { .. }), "{before} ms: {error}");
        assert!(error.to_string().contains("before this request"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_is_not_what_was_asked_for_is_not_adopted() {
    let cases: [(&str, Value, &str); 4] = [
        ("connectionId", json!("another"), "connectionId"),
        ("parameters", json!({"name": "my-app-key", "limit": 100.5, "limitReset": "monthly"}), "parameters"),
        ("parameters", json!({"name": "my-app-key", "limit": 100, "limitReset": null}), "parameters"),
        ("secretsMapping", json!({"apiKey": "OTHER"}), "secretsMapping"),
    ];
    for (field, value, differs) in cases {
        let mut other = rotation("other", &rfc3339(Duration::from_secs(5)));
        other[field] = value;
        let error = occupied(lost, other).client().create_rotation(&new_rotation()).await.unwrap_err();
        let Error::Taken(taken) = &error else { panic!("{error}") };
        assert_eq!(taken.because(), &Because::Different(vec![differs]));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_server_writes_differently_is_still_ours() {
    let mut ours = rotation("r1", &rfc3339(Duration::from_secs(5)));
    ours["connectionId"] = json!("<OPENROUTER-connection-id>");
    ours["parameters"] = serde_json::from_str(r#"{"name":"my-app-key","limit":1e2,"limitReset":"monthly"}"#).unwrap();
    let mut new = new_rotation();
    new.name = " My-OpenRouter-Rotation ".to_owned();
    new.parameters.name = " my-app-key ".to_owned();
    let made = occupied(lost, ours).client().create_rotation(&new).await.unwrap();
    assert_eq!(made.rotation.id, "r1");
}

#[tokio::test(start_paused = true)]
async fn without_a_date_nothing_is_adopted() {
    let mut undated = rotation("r1", "");
    undated.as_object_mut().unwrap().remove("createdAt");
    let error = occupied(lost, undated).client().create_rotation(&new_rotation()).await.unwrap_err();
    assert!(matches!(&error, Error::Taken(taken) if taken.because() == &Because::Undated), "{error}");
    let later = rotation("r1", &rfc3339(Duration::from_secs(5)));
    let script = Script::new(move |seen| match seen.what.as_str() {
        CREATE => lost(),
        _ => one(later.clone()).with("date", "some day"),
    });
    let error = script.client().create_rotation(&new_rotation()).await.unwrap_err();
    assert!(matches!(&error, Error::Taken(taken) if taken.because() == &Because::Undated), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_outcome_cannot_be_looked_up_says_so() {
    let script =
        Script::new(|seen| if seen.what == CREATE { lost() } else { refused(403, "PermissionDenied", "no reading") });
    let error = script.client().create_rotation(&new_rotation()).await.unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }), "{error}");
    assert!(error.to_string().contains("not known") && error.to_string().contains("no reading"), "{error}");
    assert_eq!(script.count(CREATE), 1);
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_repetition_finds_no_server_leaves_the_outcome_open() {
    let script = Script::new(|seen| match (seen.index, seen.what.as_str()) {
        (0, _) => lost(),
        (_, LOOK) if seen.at < Duration::from_secs(6) => absent(),
        _ => unsent(),
    });
    let error = script.client().create_rotation(&new_rotation()).await.unwrap_err();
    assert!(matches!(&error, Error::Unknown { cause, .. } if cause.to_string().contains("reset")), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_after_a_lost_create_looks_no_further() {
    let stop = CancellationToken::new();
    let cancel = stop.clone();
    let script = Script::new(move |_| {
        cancel.cancel();
        lost()
    });
    let client = script.client_until(Auth::Token("t".into()), stop);
    let error = client.create_rotation(&new_rotation()).await.unwrap_err();
    assert!(matches!(&error, Error::Unknown { look_up, .. } if matches!(**look_up, Error::Stopped { .. })), "{error}");
    assert_eq!(script.asked(), [CREATE]);
}

/// A rotation that each of the rotate calls in `works` rotates; the first answer is lost.
fn rotating(works: &'static [usize], second: Make) -> Script {
    let (count, rotated_at) = (AtomicUsize::new(0), Mutex::new(rfc3339(Duration::ZERO)));
    Script::new(move |seen| {
        let mut rotated_at = rotated_at.lock().unwrap();
        if seen.what != "POST R/r1/rotate-secrets" {
            return one(rotation("r1", &rotated_at));
        }
        let number = count.fetch_add(1, Ordering::SeqCst);
        if works.contains(&number) {
            *rotated_at = rfc3339(seen.at);
        }
        if number == 0 { lost() } else { second() }
    })
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_happened_is_not_repeated() {
    let known = rfc3339(Duration::ZERO);
    for known in [Some(known.as_str()), None] {
        let script = rotating(&[0], lost);
        let client = script.client();
        tokio::time::sleep(Duration::from_secs(60)).await;
        let rotated = client.rotate("r1", known).await.unwrap();
        assert_ne!(rotated.last_rotated_at, Some(rfc3339(Duration::ZERO)));
        assert_eq!(script.count("POST R/r1/rotate-secrets"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_did_not_happen_is_repeated() {
    let known = rfc3339(Duration::ZERO);
    for (name, known, pause) in [
        ("nothing has changed", known.as_str(), 60_000),
        ("the last one is hardly older than the request", known.as_str(), 200),
        ("it was rotated on schedule, after the caller looked and before the request", "2023-11-01T00:00:00Z", 60_000),
    ] {
        let script = rotating(&[1], || one(json!({"id": "r1"})));
        let client = script.client();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        client.rotate("r1", Some(known)).await.unwrap();
        assert_eq!(script.count("POST R/r1/rotate-secrets"), 2, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rotation_still_in_progress_is_waited_for() {
    let (posted, rotated) = (AtomicUsize::new(0), AtomicBool::new(false));
    let script = Script::new(move |seen| match seen.what.as_str() {
        "POST R/r1/rotate-secrets" if posted.fetch_add(1, Ordering::SeqCst) == 0 => lost(),
        "POST R/r1/rotate-secrets" => refused(400, "BadRequest", "in progress"),
        _ => {
            rotated.fetch_or(seen.at > Duration::from_secs(70), Ordering::SeqCst);
            let at = if rotated.load(Ordering::SeqCst) { Duration::from_secs(69) } else { Duration::ZERO };
            one(rotation("r1", &rfc3339(at)))
        }
    });
    let client = script.client();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let rotated = client.rotate("r1", Some(&rfc3339(Duration::ZERO))).await.unwrap();
    assert_eq!(rotated.last_rotated_at, Some(rfc3339(Duration::from_secs(69))));
    assert_eq!(script.count("POST R/r1/rotate-secrets"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_refused_at_first_is_the_apis_word() {
    let script = Script::new(|_| refused(400, "BadRequest", "in progress"));
    let error = script.client().rotate("r1", None).await.unwrap_err();
    assert_eq!((error.message(), script.asked().len()), (Some("in progress"), 1));
}
