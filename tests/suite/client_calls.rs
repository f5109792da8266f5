//! Each call of the client against the simulator, when nothing goes wrong but what the caller does.

use infisical::{Auth, AwsCredentials, Because, Deletion, Error, Parameters, RotationPatch};
use secrecy::ExposeSecret;
use simulator::{IDENTITY_ID, JWT, Options, Simulator};

use crate::client_world::{client, place, rotation, start, universal};

const ALL: Deletion = Deletion { delete_secrets: true, revoke_generated_credentials: true };

#[tokio::test]
async fn a_rotation_is_created_read_changed_rotated_and_deleted() {
    let (sim, client) = start();
    let made = client.create_rotation(&rotation(&sim, "search-key")).await.unwrap();
    assert_eq!(made.found_after_failure, None);
    let id = made.rotation.id.clone();
    assert_eq!(client.rotation(&id).await.unwrap(), made.rotation);
    assert_eq!(client.rotation_in(sim.project_id(), &id).await.unwrap(), made.rotation);
    assert_eq!(client.rotation_by_name(&place(&sim), "Search-Key ").await.unwrap(), made.rotation);
    assert_eq!(client.rotations(sim.project_id()).await.unwrap(), std::slice::from_ref(&made.rotation));

    let parameters = Parameters { name: "renamed".to_owned(), ..made.rotation.parameters.clone().unwrap() };
    let patch = RotationPatch {
        description: Some(None),
        is_auto_rotation_enabled: Some(false),
        parameters: Some(parameters.clone()),
        ..RotationPatch::default()
    };
    let changed = client.update_rotation(&id, &patch).await.unwrap();
    assert_eq!((changed.description, changed.is_auto_rotation_enabled), (None, Some(false)));
    assert_eq!(changed.parameters, Some(parameters));

    let rotated = client.rotate(&id, made.rotation.last_rotated_at.as_deref()).await.unwrap();
    assert_eq!((made.rotation.active_index, rotated.active_index), (Some(0), Some(1)));
    let credentials = client.generated_credentials(&id).await.unwrap();
    assert_eq!((credentials.active_index, credentials.credentials.len()), (1, 2));
    assert!(credentials.credentials[1].api_key.expose_secret().starts_with("sim-or-v1-"));

    client.delete_rotation(&id, &ALL).await.unwrap();
    let left = sim.counts();
    assert_eq!((left.rotations, left.secrets, left.live_keys), (0, 0, 0));
    assert!(client.rotation(&id).await.unwrap_err().is_not_found());
    assert!(client.delete_rotation(&id, &ALL).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_rotation_deleted_without_its_secret_and_keys_leaves_them() {
    let (sim, client) = start();
    let made = client.create_rotation(&rotation(&sim, "search-key")).await.unwrap();
    let nothing = Deletion { delete_secrets: false, revoke_generated_credentials: false };
    client.delete_rotation(&made.rotation.id, &nothing).await.unwrap();
    let left = sim.counts();
    assert_eq!((left.rotations, left.secrets, left.live_keys), (0, 1, 1));
}

#[tokio::test]
async fn a_name_that_is_taken_is_named_with_the_others_id() {
    let (sim, client) = start();
    let mut new = rotation(&sim, "search-key");
    let made = client.create_rotation(&new).await.unwrap();
    new.secrets_mapping.api_key = "OTHER_KEY".to_owned();
    let error = client.create_rotation(&new).await.unwrap_err();
    let Error::Taken(taken) = &error else { panic!("{error}") };
    assert_eq!((taken.id(), taken.name()), (made.rotation.id.as_str(), "search-key"));
    assert_eq!(taken.because(), &Because::Existed);
    assert!(error.request_id().is_some_and(|id| id.starts_with("req-")));
    assert_eq!(sim.counts().live_keys, 1);
}

#[tokio::test]
async fn what_the_api_refuses_comes_with_its_reasons() {
    let (sim, client) = start();
    let mut wrong = rotation(&sim, "search-key");
    wrong.rotation_interval = 0;
    let error = client.create_rotation(&wrong).await.unwrap_err();
    assert_eq!((error.status(), error.error_name()), (Some(422), Some("ValidationFailure")));
    assert_eq!(error.issues()[0].path, ["rotationInterval"]);

    let mut nowhere = rotation(&sim, "search-key");
    nowhere.secret_path = "/nowhere".to_owned();
    assert_eq!(client.create_rotation(&nowhere).await.unwrap_err().status(), Some(400));
    assert_eq!(client.rotation("no-uuid").await.unwrap_err().status(), Some(422));
    sim.refuse_plan(true);
    let error = client.create_rotation(&rotation(&sim, "search-key")).await.unwrap_err();
    assert!(error.message().is_some_and(|message| message.contains("plan restriction")), "{error}");
    assert_eq!(sim.counts().rotations, 0);
}

#[tokio::test]
async fn every_way_to_log_in_leads_to_the_api() {
    let sim = Simulator::start(Options::default()).unwrap();
    let identity_id = IDENTITY_ID.to_owned();
    let credentials = AwsCredentials {
        access_key_id: "AN-ID".to_owned(),
        secret_access_key: "not-a-real-key".into(),
        session_token: None,
    };
    let ways = [
        Auth::Token(sim.token().into()),
        universal(&sim),
        Auth::Oidc { identity_id: identity_id.clone(), jwt: JWT.into() },
        Auth::Kubernetes { identity_id: identity_id.clone(), jwt: JWT.into() },
        Auth::AwsIam { identity_id, credentials, region: Some("eu-central-1".to_owned()) },
    ];
    for auth in ways {
        let name = format!("{auth:?}");
        let listed = client(&sim, auth).rotations(sim.project_id()).await;
        assert!(listed.is_ok_and(|rotations| rotations.is_empty()), "{name}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_failed_login_without_the_secret() {
    let sim = Simulator::start(Options::default()).unwrap();
    let auth = Auth::Universal { client_id: sim.client_id().to_owned(), client_secret: "hush-hush".into() };
    let error = client(&sim, auth).rotations(sim.project_id()).await.unwrap_err();
    assert!(matches!(error, Error::Login(_)), "{error}");
    assert!(
        error.status().is_some_and(|status| (400..500).contains(&status)) && !format!("{error:?}").contains("hush")
    );
}
