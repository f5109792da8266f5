//! Replacements that cannot succeed are refused by the plan, or else by the destroy.

use simulator::Denial;

use super::*;

/// A change that replaces the rotation.
fn moved(config: &RotationConfig) -> RotationConfig {
    with(config, |now| now.place.secret_path = "/app".into())
}

/// A plan that is refused, and what it says.
async fn refused(tf: &Tf<'_>, stored: &Stored<Rotation>, config: RotationConfig) -> String {
    text(&tf.plan(Some(stored), config).await.unwrap_err())
}

#[tokio::test]
async fn a_look_that_fails_or_is_forbidden_stops_the_replacement() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let forbidden =
        Fault::refuse(Call::ReadByName, 403, "PermissionDenied", "You are not allowed to read on secret-rotation");
    for (fault, words) in [
        (forbidden, "This identity lacks the permission"),
        (Fault::refuse(Call::ReadByName, 400, "BadRequest", "Failed due to plan restriction."), "paid feature"),
        (Fault::no_route(Call::ReadByName, false), "This server does not have the route"),
    ] {
        simulator.fault(fault);
        let said = refused(&tf, &created, moved(&config)).await;
        assert!(said.starts_with("Cannot check whether the rotation can be replaced"), "{said}");
        assert!(said.contains(words) && said.contains("Nothing was destroyed"), "{said}");
        simulator.clear_faults();
    }
    assert!(tf.plan(Some(&created), moved(&config)).await.is_ok());
}

#[tokio::test]
async fn another_project_is_looked_at_too() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let project = simulator.add_project();
    let there = with(&config, |now| now.place.project_id = project.as_str().into());
    assert!(tf.plan(Some(&created), there.clone()).await.is_ok());
    simulator.deny(Call::List, Denial::Membership);
    let said = refused(&tf, &created, there).await;
    assert!(said.contains("You are not a member of this project"), "{said}");
    simulator.allow_all();
    let nowhere = with(&config, |now| now.place.project_id = "no-such-project".into());
    let said = refused(&tf, &created, nowhere).await;
    assert!(said.contains("Check project_id") && said.contains("Nothing was destroyed"), "{said}");
    // As long as the project stays, an identity that may not list its rotations can still replace one.
    simulator.deny(Call::List, Denial::Membership);
    assert!(tf.plan(Some(&created), moved(&config)).await.is_ok());
}

#[tokio::test]
async fn a_connection_that_may_not_be_read_may_still_serve() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let second = simulator.add_connection("second");
    let served = with(&config, |now| now.settings.connection_id = second.as_str().into());
    simulator.deny(Call::ConnectionRead, Denial::Permission);
    assert!(tf.plan(Some(&created), served.clone()).await.is_ok());
    simulator.allow_all();
    simulator.fault(Fault::no_route(Call::ConnectionRead, false));
    let said = refused(&tf, &created, served).await;
    assert!(said.starts_with("Cannot check whether the rotation can be replaced"), "{said}");
}

/// The secret that the destroy leaves would be in the way.
#[tokio::test]
async fn a_secret_that_stays_stops_a_replacement_in_the_same_folder() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let keeping = with(&config(&simulator), |now| {
        now.on_destroy = OnDestroyConfig { delete_secrets: false.into(), ..OnDestroyConfig::default() }.into();
    });
    let created = tf.create(keeping.clone()).await.unwrap();
    let second = simulator.add_connection("second");
    let same_secret = with(&keeping, |now| now.settings.connection_id = second.as_str().into());
    let said = refused(&tf, &created, same_secret.clone()).await;
    assert!(said.contains("the secret \"KEY\" stays in /") && said.contains("secrets_mapping.api_key"), "{said}");
    let other_secret = with(&same_secret, |now| {
        now.settings.secrets_mapping = SecretsMappingConfig { api_key: "OTHER".into() }.into();
    });
    let replaced = tf.apply(tf.plan(Some(&created), other_secret).await.unwrap()).await.unwrap();
    let elsewhere = tf.plan(Some(&replaced), moved(&same_secret)).await.unwrap();
    assert!(tf.apply(elsewhere).await.is_ok());
}

/// What the plan saw may have changed until the apply: the destroy looks once more.
#[tokio::test]
async fn a_folder_that_is_renamed_between_plan_and_apply_costs_no_key() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let plan = tf.plan(Some(&created), moved(&config)).await.unwrap();
    simulator.rename_folder(simulator.project_id(), "dev", "/app", "/application").unwrap();
    let failed = tf.apply(plan).await.unwrap_err();
    let said = text(&failed.diagnostics);
    assert!(said.starts_with("Cannot replace the rotation The folder /app does not exist"), "{said}");
    assert!(said.contains("Nothing was destroyed"), "{said}");
    assert_eq!((simulator.counts().rotations, simulator.live_keys().len()), (1, 1));
}

/// The note for the destroy of what is replaced is not kept: a destroy alone looks for nothing.
#[tokio::test]
async fn a_destroy_alone_looks_for_nothing() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config).await.unwrap();
    simulator.clear_requests();
    tf.destroy(created).await.unwrap();
    let calls: Vec<_> = simulator.requests().iter().map(|request| request.call).collect();
    assert_eq!(calls, [Call::Delete]);
}

/// Without a known place nothing can be looked at, and the plan says so.
#[tokio::test]
async fn a_place_that_is_not_known_yet_is_not_looked_at_and_is_warned_of() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    simulator.clear_requests();
    let open = with(&config, |now| now.place.secret_path = Attr::Unknown);
    let plan = tf.plan(Some(&created), open).await.unwrap();
    assert_eq!(plan.replaces(), ["secret_path"]);
    assert!(simulator.requests().is_empty());
    let warned = text(plan.warnings());
    assert!(warned.starts_with("The replacement cannot be checked completely secret_path is not known"), "{warned}");
    assert_eq!(plan.warnings().iter().count(), 1);
}

/// The connection is replaced in the same apply, say, while the folder is known.
#[tokio::test]
async fn what_is_known_of_a_replacement_is_checked_in_the_plan_and_before_the_destroy() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let to = |path: &'static str| {
        with(&config, |now| {
            now.place.secret_path = path.into();
            (now.place.name, now.settings.connection_id) = (Attr::Unknown, Attr::Unknown);
        })
    };
    let said = refused(&tf, &created, to("/nowhere")).await;
    assert!(said.contains("The folder /nowhere does not exist"), "{said}");
    let plan = tf.plan(Some(&created), to("/app")).await.unwrap();
    let warned = text(plan.warnings());
    assert!(warned.contains("name and connection_id are not known") && warned.lines().count() == 1, "{warned}");
    simulator.rename_folder(simulator.project_id(), "dev", "/app", "/application").unwrap();
    let said = text(&tf.apply(plan).await.unwrap_err().diagnostics);
    assert!(said.contains("The folder /app does not exist"), "{said}");
    assert_eq!((simulator.counts().rotations, simulator.live_keys().len()), (1, 1));
}

#[tokio::test]
async fn what_is_not_known_in_a_create_or_an_update_is_nothing_to_warn_of() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let open = with(&config, |now| {
        (now.place.secret_path, now.place.name, now.settings.connection_id) =
            (Attr::Unknown, Attr::Unknown, Attr::Unknown);
    });
    assert_eq!(text(tf.plan(None, open).await.unwrap().warnings()), "");
    let created = tf.create(config.clone()).await.unwrap();
    let renamed = with(&config, |now| now.place.name = Attr::Unknown);
    assert_eq!(text(tf.plan(Some(&created), renamed).await.unwrap().warnings()), "");
}

#[tokio::test]
async fn a_secret_that_another_rotation_of_the_new_folder_has_stops_the_replacement() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let there = with(&moved(&config), |now| now.place.name = "other".into());
    let owner = tf.create(there).await.unwrap().model().unwrap();
    let said = refused(&tf, &created, moved(&config)).await;
    assert!(said.contains("\"KEY\" in /app of environment dev belongs to the rotation \"other\""), "{said}");
    assert!(said.contains(owner.id.get().unwrap()) && said.contains("Nothing was destroyed"), "{said}");
    let other_secret = with(&moved(&config), |now| {
        now.settings.secrets_mapping = SecretsMappingConfig { api_key: "OTHER".into() }.into();
    });
    assert!(tf.plan(Some(&created), other_secret).await.is_ok());
}
