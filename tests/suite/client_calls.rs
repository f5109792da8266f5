//! Each call of the client against the simulator, without faults.

use infisical::{
    Auth, AwsEnvironment, Baseline, ConflictReason, ConnectionPatch, Deletion, Error, NewConnection, Parameters,
    RefusalKind, RotationPatch,
};
use secrecy::ExposeSecret;
use simulator::{IDENTITY_ID, JWT, Options, Simulator};

use crate::client_setup::{client, place, rotation, start, universal};
use crate::support::rotation::counts;

const ALL: Deletion = Deletion { delete_secrets: true, revoke_generated_credentials: true };

#[tokio::test]
async fn a_rotation_is_created_read_changed_rotated_and_deleted() {
    let (sim, client) = start();
    let made = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap();
    assert!(made.note.is_none());
    let id = made.object.id.clone();
    assert_eq!(client.rotations().get(&id).await.unwrap(), made.object);
    assert_eq!(
        client.rotations().get_in(sim.project_id(), &id, infisical::Known::default()).await.unwrap(),
        made.object
    );
    assert_eq!(client.rotations().by_name(&place(&sim), "search-key ").await.unwrap(), made.object);
    assert_eq!(client.rotations().list(sim.project_id()).await.unwrap(), std::slice::from_ref(&made.object));

    let parameters = Parameters { name: "renamed".to_owned(), ..made.object.parameters.clone().unwrap() };
    let patch = RotationPatch {
        description: Some(None),
        is_auto_rotation_enabled: Some(false),
        parameters: Some(parameters.clone()),
        ..RotationPatch::default()
    };
    let changed = client.rotations().update(&id, &patch).await.unwrap();
    assert_eq!((changed.description, changed.is_auto_rotation_enabled), (None, Some(false)));
    assert_eq!(changed.parameters, Some(parameters));

    let rotated = client.rotations().rotate(&id, &Baseline::of(&made.object)).await.unwrap().rotation;
    assert_eq!((made.object.active_index, rotated.active_index), (Some(0), Some(1)));
    let credentials = client.rotations().generated_credentials(&id).await.unwrap();
    assert_eq!((credentials.active_index, credentials.credentials.len()), (1, 2));
    assert!(credentials.credentials[1].api_key.expose_secret().starts_with("sim-or-v1-"));

    client.rotations().delete(&id, &ALL, infisical::Known::default()).await.unwrap();
    assert_eq!(sim.counts(), counts(0, 0, 0));
    assert!(client.rotations().get(&id).await.unwrap_err().is_not_found());
    assert!(client.rotations().delete(&id, &ALL, infisical::Known::default()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_rotation_deleted_without_its_secret_and_keys_leaves_them() {
    let (sim, client) = start();
    let made = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap();
    let nothing = Deletion { delete_secrets: false, revoke_generated_credentials: false };
    client.rotations().delete(&made.object.id, &nothing, infisical::Known::default()).await.unwrap();
    assert_eq!(sim.counts(), counts(0, 1, 1));
}

#[tokio::test]
async fn a_name_that_already_exists_is_reported_with_the_id_of_the_existing_rotation() {
    let (sim, client) = start();
    let mut new = rotation(&sim, "search-key");
    let made = client.rotations().create(&new).await.unwrap();
    new.secrets_mapping.api_key = "OTHER_KEY".to_owned();
    // Within a run, it would be another resource with the same name, and not something to import.
    let later = self::client(&sim, Auth::Token(sim.token().into()));
    for (client, reason) in [(&client, ConflictReason::MadeByAnother), (&later, ConflictReason::Existed)] {
        let error = client.rotations().create(&new).await.unwrap_err();
        let Error::AlreadyExists(taken) = &error else { panic!("{error}") };
        assert_eq!((taken.id(), taken.name()), (made.object.id.as_str(), "search-key"));
        assert_eq!((taken.reason(), error.key_name()), (&reason, None));
        assert!(error.request_id().is_some_and(|id| id.starts_with("req-")));
    }
    assert_eq!(sim.counts().live_keys, 1);
}

#[tokio::test]
async fn refusals_of_the_api_contain_its_reasons() {
    let (sim, client) = start();
    let mut wrong = rotation(&sim, "search-key");
    wrong.rotation_interval = 0;
    let error = client.rotations().create(&wrong).await.unwrap_err();
    assert_eq!((error.status(), error.error_name()), (Some(422), Some("ValidationFailure")));
    assert_eq!(error.issues()[0].path, ["rotationInterval"]);

    let mut nowhere = rotation(&sim, "search-key");
    nowhere.secret_path = "/nowhere".to_owned();
    assert_eq!(client.rotations().create(&nowhere).await.unwrap_err().status(), Some(400));
    assert_eq!(client.rotations().get("no-uuid").await.unwrap_err().status(), Some(422));
    sim.refuse_plan(true);
    let error = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap_err();
    assert_eq!(error.kind(), Some(RefusalKind::PlanRestriction), "{error}");
    assert_eq!(sim.counts().rotations, 0);
}

#[tokio::test]
async fn a_connection_is_created_read_changed_and_deleted() {
    let (_sim, client) = start();
    let new = NewConnection {
        name: "another".to_owned(),
        description: None,
        project_id: None,
        api_key: "sim-provisioning-key".into(),
    };
    let made = client.connections().create(&new).await.unwrap().object;
    assert_eq!(client.connections().get(&made.id, infisical::Known::default()).await.unwrap(), made);
    assert_eq!(client.connections().by_name(None, "another ").await.unwrap(), made);
    assert_eq!(client.connections().list(None).await.unwrap().len(), 2, "the new one and the seeded one");
    let patch = ConnectionPatch { description: Some(Some("for a test".to_owned())), ..ConnectionPatch::default() };
    let changed = client.connections().update(&made.id, &patch).await.unwrap();
    assert_eq!(changed.description.as_deref(), Some("for a test"));
    let error = client.connections().create(&new).await.unwrap_err();
    assert!(matches!(&error, Error::AlreadyExists(found) if found.id() == made.id), "{error}");
    client.connections().delete(&made.id, infisical::Known::default()).await.unwrap();
    assert!(client.connections().get(&made.id, infisical::Known::default()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn every_authentication_method_gives_access_to_the_api() {
    let sim = Simulator::start(Options::default()).unwrap();
    let identity_id = IDENTITY_ID.to_owned();
    let variable = |name: &str| match name {
        "AWS_ACCESS_KEY_ID" => Some("AN-ID"),
        "AWS_SECRET_ACCESS_KEY" => Some("not-a-real-key"),
        "AWS_REGION" => Some("eu-central-1"),
        _ => None,
    };
    let environment = AwsEnvironment::read(|name| variable(name).map(str::to_owned));
    let methods = [
        Auth::Token(sim.token().into()),
        universal(&sim),
        Auth::Oidc { identity_id: identity_id.clone(), jwt: JWT.into() },
        Auth::Kubernetes { identity_id: identity_id.clone(), jwt: JWT.into() },
        Auth::AwsIam { identity_id, environment },
    ];
    for auth in methods {
        let name = format!("{auth:?}");
        let listed = client(&sim, auth).rotations().list(sim.project_id()).await;
        assert!(listed.is_ok_and(|rotations| rotations.is_empty()), "{name}");
    }
}

#[tokio::test]
async fn the_error_for_a_wrong_client_secret_does_not_contain_it() {
    let sim = Simulator::start(Options::default()).unwrap();
    let auth = Auth::Universal { client_id: sim.client_id().to_owned(), client_secret: "hush-hush".into() };
    let error = client(&sim, auth).rotations().list(sim.project_id()).await.unwrap_err();
    assert!(matches!(error, Error::Login(_)), "{error}");
    assert!(
        error.status().is_some_and(|status| (400..500).contains(&status)) && !format!("{error:?}").contains("hush")
    );
}
