//! Rotates: never twice, and the truth about what happened.

use super::server::{ROTATE, Server, Strike};
use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq, Eq)]
enum End {
    Rotated,
    Failed,
    Lost,
    MaybeIssued,
    Unknown,
}

fn end(outcome: Result<Rotated, Error>) -> End {
    match outcome {
        Ok(Rotated { note: None, .. }) => End::Rotated,
        Ok(Rotated { note: Some(RotateNote::FailedAfterwards(_)), .. }) => End::Failed,
        Ok(Rotated { note: Some(RotateNote::ResponseLost(_)), .. }) => End::Lost,
        Err(Error::MaybeIssued(_)) => End::MaybeIssued,
        Err(Error::OutcomeUnknown(unknown)) => {
            assert_eq!(unknown.baseline().and_then(|baseline| baseline.active_index), Some(0));
            End::Unknown
        }
        other => panic!("{other:?}"),
    }
}

const TABLE: &[(&[Strike], usize, usize, End)] = &[
    (&[], 1, 1, End::Rotated),
    (&[Strike::NoConnection], 2, 1, End::Rotated),
    (&[Strike::RateLimit], 2, 1, End::Rotated),
    (&[Strike::FaultBeforeKey], 1, 0, End::MaybeIssued),
    (&[Strike::FaultAfterKey], 1, 1, End::MaybeIssued),
    (&[Strike::FaultAfterStore], 1, 1, End::Failed),
    (&[Strike::GenerationAfterStore], 1, 1, End::Failed),
    (&[Strike::LostBefore], 1, 0, End::Unknown),
    (&[Strike::LostAfter], 1, 1, End::Lost),
    (&[Strike::PageAfter], 1, 1, End::Lost),
    (&[Strike::Slow], 1, 1, End::Lost),
];

#[tokio::test(start_paused = true)]
async fn a_key_is_replaced_once_whatever_goes_wrong_and_however_reads_lag() {
    for lag in [0, 9] {
        for (strikes, posts, keys, expected) in TABLE {
            let server = Server::with_rotation(strikes, SECOND * lag);
            let client = server.script.client();
            tokio::time::sleep(SECOND * 60).await;
            let ended = end(client.rotations().rotate("r1", &Baseline::default()).await);
            assert_eq!(
                (server.posts(), server.issued(), &ended),
                (*posts, *keys, expected),
                "{strikes:?} with a lag of {lag} s"
            );
        }
    }
}

/// A proxy's clock that is ahead must not make a rotation look as if it had happened before.
#[tokio::test(start_paused = true)]
async fn no_clock_decides_whether_a_rotation_happened() {
    let server = Server::with_rotation(&[Strike::LostAfter], Duration::ZERO);
    let inner = server.script.clone();
    let ahead = Script::new(move |seen| (inner.answers)(seen).with("date", "Sun, 06 Nov 2044 08:49:37 GMT"));
    let ended = end(ahead.client().rotations().rotate("r1", &Baseline::default()).await);
    assert_eq!((ended, server.issued()), (End::Lost, 1));
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_the_schedule_made_before_the_request_does_not_count() {
    let server = Server::with_rotation(&[Strike::LostBefore], Duration::ZERO);
    let known = Baseline { active_index: Some(1), last_rotated_at: Some("2023-01-01T00:00:00Z".to_owned()) };
    assert_eq!(end(server.script.client().rotations().rotate("r1", &known).await), End::Unknown);
}

#[tokio::test(start_paused = true)]
async fn a_read_that_lags_behind_what_the_caller_knows_does_not_count() {
    let server = Server::with_rotation(&[Strike::LostBefore], Duration::ZERO);
    let known = Baseline { active_index: Some(1), last_rotated_at: Some(rfc3339(SECOND)) };
    let error = server.script.client().rotations().rotate("r1", &known).await.unwrap_err();
    let Error::OutcomeUnknown(unknown) = error else { panic!("{error}") };
    assert_eq!(unknown.baseline(), Some(&known));
}

#[tokio::test(start_paused = true)]
async fn reads_that_fail_meanwhile_do_not_end_the_search() {
    let script = Script::new(move |seen| match seen.what.as_str() {
        ROTATE => lost(),
        _ if seen.at > SECOND * 40 => one(rotation("r1", &rfc3339(SECOND))),
        _ if seen.at > SECOND => refused(500, "InternalServerError", "restarting"),
        _ => one(rotation("r1", &rfc3339(Duration::ZERO))),
    });
    assert_eq!(end(script.client().rotations().rotate("r1", &Baseline::default()).await), End::Lost);
    assert_eq!(script.count(ROTATE), 1);
}

#[tokio::test(start_paused = true)]
async fn openrouters_refusal_is_told_once() {
    let cause = "Failed to create OpenRouter API key: Insufficient credits";
    let script = Script::new(move |seen| match seen.what.as_str() {
        ROTATE => {
            let preface = "Infisical encountered an issue while generating credentials with the configured inputs:";
            refused(500, "InternalServerError", &format!("{preface} {cause}"))
        }
        _ => one(rotation("r1", &rfc3339(Duration::ZERO))),
    });
    let error = script.client().rotations().rotate("r1", &Baseline::default()).await.unwrap_err();
    assert_eq!(error.kind(), Some(RefusalKind::KeyRefused));
    assert_eq!(error.refusal().map(Refusal::cause), Some(cause));
    assert_eq!(script.count(ROTATE), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_left_the_key_alone_comes_with_the_rotations_own_words() {
    let script = Script::new(move |seen| match seen.what.as_str() {
        ROTATE => refused(500, "Update", "Something went wrong"),
        _ => {
            let mut failed = rotation("r1", &rfc3339(Duration::ZERO));
            failed["lastRotationMessage"] = json!("no key");
            one(failed)
        }
    });
    let error = script.client().rotations().rotate("r1", &Baseline::default()).await.unwrap_err();
    let Error::MaybeIssued(issued) = &error else { panic!("{error}") };
    assert_eq!((issued.last_rotation_message(), error.key_name()), (Some("no key"), Some("my-app-key")));
    assert_eq!(script.start.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_in_progress_is_waited_for_and_counts_if_it_replaces_the_key() {
    for (ends_at, done) in [(40, true), (4_000, false)] {
        let script = Script::new(move |seen| match seen.what.as_str() {
            ROTATE => refused(400, "BadRequest", "A rotation is already in progress. Please try again shortly."),
            _ if seen.at < SECOND * ends_at => one(rotation("r1", &rfc3339(Duration::ZERO))),
            _ => one(rotation("r1", &rfc3339(SECOND * ends_at))),
        });
        let outcome = script.client().rotations().rotate("r1", &Baseline::default()).await;
        match outcome {
            Ok(rotated) => assert!(done && matches!(rotated.note, Some(RotateNote::ReplacedByAnother(_)))),
            Err(error) => {
                assert!(!done && error.kind() == Some(RefusalKind::InProgress), "{error}");
                let before = rotation("r1", &rfc3339(Duration::ZERO));
                let since = error.baseline().and_then(|baseline| baseline.last_rotated_at.as_deref());
                assert_eq!(since, before["lastRotatedAt"].as_str(), "the next run can tell whether it ended");
            }
        }
        assert_eq!(script.count(ROTATE), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_later_run_rotates_only_if_the_key_was_not_replaced_since() {
    for (strike, resumed) in [(Strike::LostAfter, 0), (Strike::LostBefore, 1)] {
        let server = Server::with_rotation(&[strike], Duration::ZERO);
        let client = server.script.client();
        let before = client.rotations().get("r1").await.unwrap();
        drop(client.rotations().rotate("r1", &Baseline::default()).await);
        let posts = server.posts();
        let rotated = client.rotations().resume_rotate("r1", &Baseline::of(&before)).await.unwrap();
        assert_eq!(server.posts() - posts, resumed, "{strike:?}");
        assert_eq!(matches!(rotated.note, Some(RotateNote::AlreadyDone)), resumed == 0);
        assert_eq!(server.issued(), 1, "{strike:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_rotated_while_the_rotation_cannot_be_read() {
    for read in [lost as Make, || refused(500, "InternalServerError", ""), gone] {
        let script = Script::new(move |_| read());
        script.client().rotations().rotate("r1", &Baseline::default()).await.unwrap_err();
        assert_eq!(script.count(ROTATE), 0);
    }
}

/// Each step once, in its order: a person who waits is told what for.
#[tokio::test(start_paused = true)]
async fn each_step_of_a_rotate_is_told() {
    for (strikes, looked) in [(&[] as &[Strike], 0), (&[Strike::LostAfter], 1), (&[Strike::FaultBeforeKey], 1)] {
        let server = Server::with_rotation(strikes, Duration::ZERO);
        let steps = Mutex::new(Vec::new());
        let tell = |step: RotateStep<'_>| {
            steps.lock().unwrap().push(match step {
                RotateStep::Asking(baseline) => format!("asking at {:?}", baseline.active_index),
                RotateStep::Looking(_) => "looking".to_owned(),
            });
        };
        drop(server.script.client().rotations().rotate_telling("r1", &Baseline::default(), &tell).await);
        let mut expected = vec!["asking at Some(0)".to_owned()];
        expected.extend(vec!["looking".to_owned(); looked]);
        assert_eq!(steps.into_inner().unwrap(), expected, "{strikes:?}");
    }
}
