//! Checks of writes that a lagging replica answers.

use super::server::{CREATE, ROTATE};
use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn taken() -> Reply {
    refused(400, "BadRequest", "A Secret Rotation with the name \"x\" already exists at the secret path \"/\"")
}

fn secret_taken() -> Reply {
    refused(400, "BadRequest", "The following secrets already exist at the path \"/\": KEY")
}

fn no_connection() -> Reply {
    refused(404, "NotFound", "Could not find App Connection with ID <openrouter-connection-id>")
}

fn created() -> Reply {
    one(rotation("r1", "2023-11-14T22:13:20Z"))
}

fn deletion() -> Deletion {
    Deletion { delete_secrets: true, revoke_generated_credentials: true }
}

/// As in a replacement. The replica still shows the rotation that was destroyed.
#[tokio::test(start_paused = true)]
async fn a_create_after_a_delete_is_sent_again_while_the_name_or_the_secret_seems_to_exist() {
    for refusal in [taken as Make, secret_taken] {
        let script = Script::new(move |seen| match (seen.what.as_str(), seen.at < SECOND * 6) {
            (CREATE, true) => refusal(),
            (CREATE, false) => created(),
            ("DELETE R/old", _) | (_, true) => one(rotation("old", "2023-11-14T22:13:20Z")),
            _ => gone(),
        });
        let client = script.client();
        client.rotations().delete("old", &deletion(), Known::default()).await.unwrap();
        let made = client.rotations().create(&new_rotation()).await.unwrap();
        assert!(made.object.id == "r1" && made.note.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_stays_taken_is_an_error_after_15_seconds() {
    let script = Script::new(|seen| match seen.what.as_str() {
        CREATE => secret_taken(),
        "DELETE R/old" => one(rotation("old", "2023-11-14T22:13:20Z")),
        _ => gone(),
    });
    let client = script.client();
    client.rotations().delete("old", &deletion(), Known::default()).await.unwrap();
    let error = client.rotations().create(&new_rotation()).await.unwrap_err();
    assert!(error.is_refused_as(RefusalKind::SecretTaken), "{error}");
    assert_eq!((script.count(CREATE), script.start.elapsed().as_secs()), (5, 15));
}

/// Each further request might issue one more key.
#[tokio::test(start_paused = true)]
async fn a_create_is_not_sent_again_if_another_client_has_created_the_rotation() {
    let script = Script::new(|seen| match (seen.what.as_str(), seen.index) {
        (CREATE, _) => taken(),
        ("DELETE R/old", _) => one(rotation("old", "2023-11-14T22:13:20Z")),
        (_, 1) => gone(),
        _ => created(),
    });
    let client = script.client();
    client.rotations().delete("old", &deletion(), Known::default()).await.unwrap();
    let error = client.rotations().create(&new_rotation()).await.unwrap_err();
    assert!(
        matches!(&error, Error::AlreadyExists(found) if *found.reason() == ConflictReason::AtTheSameTime),
        "{error}"
    );
    assert_eq!(script.count(CREATE), 1);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_just_created_may_not_be_known_yet() {
    let id = "<openrouter-connection-id>";
    let script = Script::new(move |seen| match (seen.what.as_str(), seen.at < SECOND * 6) {
        (CREATE, true) => no_connection(),
        (CREATE, false) => created(),
        ("POST C", _) => ok(json!({"appConnection": {"id": id, "name": "mine"}})),
        ("GET C/connection-name/mine", _) => {
            refused(404, "NotFound", "Could not find App Connection with name mine in organization scope.")
        }
        _ => gone(),
    });
    let client = script.client();
    let new = NewConnection { name: "mine".to_owned(), description: None, project_id: None, api_key: "hush".into() };
    client.connections().create(&new).await.unwrap();
    assert_eq!(client.rotations().create(&new_rotation()).await.unwrap().object.id, "r1");

    let script = Script::new(|seen| if seen.what == CREATE { no_connection() } else { gone() });
    let error = script.client().rotations().create(&new_rotation()).await.unwrap_err();
    assert!(error.is_refused_as(RefusalKind::ConnectionNotFound), "{error}");
    assert_eq!(script.count(CREATE), 1, "nothing says that it is young");
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_was_just_created_is_changed_and_rotated_although_a_replica_does_not_know_it() {
    let script = Script::new(|seen| match (seen.what.as_str(), seen.at < SECOND * 6) {
        (CREATE, _) => created(),
        ("PATCH R/r1" | ROTATE, true) | ("GET R/rotation-name/my-openrouter-rotation", _) => gone(),
        _ => created(),
    });
    let client = script.client();
    client.rotations().create(&new_rotation()).await.unwrap();
    let patch = RotationPatch { rotation_interval: Some(7), ..RotationPatch::default() };
    let nothing = Baseline::default();
    let (changed, rotated) =
        tokio::join!(client.rotations().update("r1", &patch), client.rotations().rotate("r1", &nothing));
    assert!(changed.is_ok() && rotated.unwrap().note.is_none());
    let old = Script::new(|_| gone());
    assert!(old.client().rotations().update("r1", &patch).await.unwrap_err().is_not_found());
    assert_eq!(old.asked().len(), 1);
}
