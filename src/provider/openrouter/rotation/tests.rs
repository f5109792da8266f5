//! The resource against the API's stand-in, as a core would call it.

mod calls;
mod refused;
mod replacing;
mod triggering;

use std::collections::BTreeMap;

use simulator::{Call, Fault, Simulator};
use tfplug::testing::{Harness, Managed, Stored};
use tfplug::{Attr, Model as _};

use super::super::simulated::Simulated;
use super::super::{
    ParametersConfig, PlaceConfig, RotateAtUtcConfig, SecretsMappingConfig, SettingsConfig, model::OnDestroyConfig,
};
use super::*;
use crate::provider::Infisical;

type Tf<'a> = Managed<'a, Infisical, Rotation>;
type Change = fn(&mut RotationConfig);

/// What a rotation of the key changes, in alphabetical order.
const KEY: [&str; 9] = [
    "active_index",
    "is_last_rotation_manual",
    "last_rotated_at",
    "last_rotation_attempted_at",
    "last_rotation_job_id",
    "last_rotation_message",
    "next_rotation_at",
    "rotation_status",
    "updated_at",
];

fn start() -> (Simulator, Harness<Infisical>) {
    let Simulated { simulator, tf, .. } = Simulated::start();
    (simulator, tf)
}

fn resource(harness: &Harness<Infisical>) -> Tf<'_> {
    harness.resource(NAME).unwrap()
}

fn config(simulator: &Simulator) -> RotationConfig {
    RotationConfig {
        place: PlaceConfig {
            name: "app".into(),
            project_id: simulator.project_id().into(),
            environment: "dev".into(),
            secret_path: "/".into(),
        },
        settings: SettingsConfig {
            connection_id: simulator.connection_id().into(),
            parameters: ParametersConfig { name: "key".into(), ..ParametersConfig::default() }.into(),
            secrets_mapping: SecretsMappingConfig { api_key: "KEY".into() }.into(),
            ..SettingsConfig::default()
        },
        ..RotationConfig::default()
    }
}

fn triggers(value: &str) -> Attr<BTreeMap<String, Attr<String>>> {
    Attr::Known([("release".to_owned(), value.into())].into())
}

fn with(config: &RotationConfig, change: impl FnOnce(&mut RotationConfig)) -> RotationConfig {
    let mut config = config.clone();
    change(&mut config);
    config
}

fn text(diagnostics: &Diagnostics) -> String {
    diagnostics.iter().map(|one| format!("{} {}\n", one.summary(), one.detail())).collect()
}

#[tokio::test]
async fn an_update_shows_as_unknown_only_what_it_can_change() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let schedule: &[&str] = &["next_rotation_at", "updated_at"];
    let table: [(&str, Change, &[&str]); 10] = [
        ("nothing", |_| (), &[]),
        ("name", |now| now.place.name = "other".into(), &["updated_at"]),
        ("description", |now| now.settings.description = "x".into(), &["updated_at"]),
        ("rotation_interval", |now| now.settings.rotation_interval = tfplug::Number::from(7).into(), schedule),
        (
            "rotate_at_utc",
            |now| now.settings.rotate_at_utc = RotateAtUtcConfig { hours: 3.into(), ..Default::default() }.into(),
            schedule,
        ),
        ("auto_rotation_enabled", |now| now.settings.auto_rotation_enabled = false.into(), schedule),
        (
            "parameters",
            |now| now.settings.parameters = ParametersConfig { name: "k".into(), ..Default::default() }.into(),
            &["updated_at"],
        ),
        (
            "secrets_mapping",
            |now| now.settings.secrets_mapping = SecretsMappingConfig { api_key: "OTHER".into() }.into(),
            &["updated_at"],
        ),
        ("rotation_triggers", |now| now.rotation_triggers = triggers("1"), &KEY),
        (
            "on_destroy",
            |now| now.on_destroy = OnDestroyConfig { delete_secrets: false.into(), ..Default::default() }.into(),
            &[],
        ),
    ];
    for (changed, change, unknown) in table {
        let plan = tf.plan(Some(&created), with(&config, change)).await.unwrap();
        assert_eq!(plan.unknowns(), unknown, "{changed}");
        assert_eq!(plan.is_empty(), changed == "nothing");
        assert_eq!(plan.replaces(), &[] as &[String], "{changed}");
    }
}

#[tokio::test]
async fn a_replacement_shows_all_as_unknown_that_the_api_decides() {
    let (simulator, harness) = start();
    simulator.add_folder(simulator.project_id(), "dev", "/app").unwrap();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let moved = tf.plan(Some(&created), with(&config, |now| now.place.secret_path = "/app".into())).await.unwrap();
    assert_eq!(moved.replaces(), ["secret_path"]);
    let computed =
        Rotation::schema().all().iter().filter(|(_, one)| one.is_computed() && !one.is_configurable()).count();
    assert_eq!(moved.unknowns().len(), computed);
    let moved = tf.apply(moved).await.unwrap().model().unwrap();
    assert_eq!((moved.place.secret_path.as_str(), simulator.counts().rotations), ("/app", 1));
}

#[tokio::test]
async fn an_import_finds_what_a_create_stored() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config(&simulator)).await.unwrap().model().unwrap();
    let id = created.id.get().unwrap().clone();
    let place = format!("{},dev,/,app", simulator.project_id());
    for given in [id.clone(), id.to_uppercase(), place] {
        let imported = tf.import(&given).await.unwrap().model().unwrap();
        assert_eq!(imported, created, "{given}");
    }
    let imported = tf.import_identity(RotationIdentity { id }).await.unwrap();
    assert!(tf.plan(Some(&imported), config(&simulator)).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_first_triggers_after_an_import_change_nothing_else_and_the_second_ones_rotate() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap().model().unwrap();
    let imported = tf.import(created.id.get().unwrap()).await.unwrap();
    let next = |state: Stored<Rotation>, value: &'static str| {
        let (tf, config) = (&tf, with(&config, |now| now.rotation_triggers = triggers(value)));
        async move {
            let plan = tf.plan(Some(&state), config).await.unwrap();
            (plan.changes(), tf.apply(plan).await.unwrap())
        }
    };
    let (changes, first) = next(imported, "1").await;
    assert_eq!((changes, simulator.issued_keys()), (vec!["rotation_triggers".to_owned()], 1));
    let (changes, second) = next(first, "2").await;
    assert_eq!((changes.len(), simulator.issued_keys()), (KEY.len() + 1, 2));
    assert_eq!(second.model().unwrap().facts.active_index, 1.into());
}

/// What else changes in the same plan does not replace the key either.
#[tokio::test]
async fn first_triggers_after_an_import_leave_the_key_known_when_more_changes() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap().model().unwrap();
    let imported = tf.import(created.id.get().unwrap()).await.unwrap();
    let table: [(Change, &[&str]); 2] = [
        (|now| now.settings.description = "x".into(), &["updated_at"]),
        (|now| now.settings.rotation_interval = tfplug::Number::from(7).into(), &["next_rotation_at", "updated_at"]),
    ];
    for (change, unknown) in table {
        let more = with(&config, |now| now.rotation_triggers = triggers("1"));
        let plan = tf.plan(Some(&imported), with(&more, change)).await.unwrap();
        assert_eq!(plan.unknowns(), unknown);
    }
    let more = with(&config, |now| (now.rotation_triggers, now.place.name) = (triggers("1"), "other".into()));
    let applied = tf.apply(tf.plan(Some(&imported), more).await.unwrap()).await.unwrap().model().unwrap();
    assert_eq!((applied.facts.active_index, simulator.issued_keys()), (created.facts.active_index, 1));
}

/// What another resource will decide is not the API's decision, and stays open.
#[tokio::test]
async fn first_triggers_after_an_import_leave_open_what_the_configuration_leaves_open() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap().model().unwrap();
    let imported = tf.import(created.id.get().unwrap()).await.unwrap();
    let open = with(&config, |now| {
        now.rotation_triggers = triggers("1");
        now.settings.description = Attr::Unknown;
    });
    let plan = tf.plan(Some(&imported), open).await.unwrap();
    assert!(plan.unknowns().contains(&"description".to_owned()), "{:?}", plan.unknowns());
}

#[tokio::test]
async fn err_a_replacement_that_cannot_be_created_is_refused_before_anything_is_destroyed() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let unknown = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f";
    let table: [(Change, &str); 2] = [
        (|now| now.place.secret_path = "/nowhere".into(), "The folder /nowhere does not exist"),
        (|now| now.settings.connection_id = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f".into(), unknown),
    ];
    for (change, words) in table {
        let refused = text(&tf.plan(Some(&created), with(&config, change)).await.unwrap_err());
        assert!(refused.starts_with("Cannot replace the rotation") && refused.contains(words), "{refused}");
    }
    assert_eq!(simulator.counts().rotations, 1);
}

/// Nothing is invented for what an answer lacks: a state keeps what it has, and an import says what is missing.
#[tokio::test]
async fn a_read_that_lacks_attributes_keeps_what_the_state_has_and_an_import_names_what_is_missing() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config(&simulator)).await.unwrap();
    let id = created.model().unwrap().id.get().unwrap().clone();
    let short = format!(r#"{{"secretRotation": {{"id": "{id}", "name": "renamed"}}}}"#);
    simulator.fault(Fault::body(Call::Read, 200, short));
    let read = tf.read(&created).await.unwrap().unwrap().model().unwrap();
    let mut expected = created.model().unwrap();
    expected.place.name = "renamed".to_owned();
    assert_eq!(read, expected);
    let refused = text(&tf.import(&id).await.unwrap_err());
    assert!(refused.starts_with("The answer is incomplete") && refused.contains("environment: null"), "{refused}");
}

#[tokio::test]
async fn a_destroy_takes_rotation_and_keys_along() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config(&simulator)).await.unwrap();
    tf.destroy(created).await.unwrap();
    assert_eq!((simulator.counts().rotations, simulator.live_keys().len()), (0, 0));
}

/// Where the configuration leaves the keys live itself, nobody is surprised by that.
#[tokio::test]
async fn the_keys_of_a_rotation_that_is_gone_are_warned_of_unless_the_configuration_leaves_them() {
    let (simulator, harness) = start();
    let created = resource(&harness).create(config(&simulator)).await.unwrap().model().unwrap();
    let warned = notes::gone("an-id", &created).unwrap();
    assert!(warned.detail().contains("rotation \"app\" (an-id)") && warned.detail().contains("keys named \"key\""));
    let leave = super::super::model::OnDestroy { delete_secrets: true, revoke_generated_credentials: false };
    assert!(notes::gone("an-id", &Rotation { on_destroy: Some(leave), ..created }).is_none());
}

/// A state with another rotation would be tainted, and the next apply would destroy that rotation with its keys.
#[tokio::test]
async fn a_create_that_is_answered_about_another_rotation_stores_its_own() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let other = |now: &mut RotationConfig| {
        now.place.name = "other".into();
        now.settings.secrets_mapping = SecretsMappingConfig { api_key: "OTHER".into() }.into();
    };
    let existing = tf.create(with(&config(&simulator), other)).await.unwrap().model().unwrap();
    let body = serde_json::json!({"secretRotation": simulator.rotation(existing.id.get().unwrap()).unwrap()});
    simulator.fault(Fault::body(Call::Create, 200, body.to_string()).after_commit().times(1));
    let created = tf.create(config(&simulator)).await.unwrap();
    assert_ne!(created.model().unwrap().id, existing.id);
    tf.destroy(created).await.unwrap();
    assert_eq!(simulator.rotations().len(), 1);
    assert_eq!(simulator.rotations()[0]["id"].as_str(), existing.id.get().map(String::as_str));
}

#[tokio::test]
async fn an_empty_map_of_triggers_is_none() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let mut state = tf.create(config.clone()).await.unwrap();
    for (triggers, keys) in [(Attr::Known(BTreeMap::new()), 1), (triggers("1"), 2), (Attr::Null, 3)] {
        let plan = tf.plan(Some(&state), with(&config, |now| now.rotation_triggers = triggers)).await.unwrap();
        state = tf.apply(plan).await.unwrap();
        assert_eq!(simulator.issued_keys(), keys);
    }
}

#[test]
fn ok_a_composite_import_id_keeps_the_commas_of_its_path() {
    let (place, name) = composite("p-1, dev,/a,b/c,my-key").unwrap();
    let expected = Place { project_id: "p-1".into(), environment: "dev".into(), secret_path: "/a,b/c".into() };
    assert_eq!((place, name.as_str()), (expected, "my-key"));
}

#[test]
fn err_an_import_id_that_is_neither_says_what_is_allowed() {
    for id in ["", "x", "a,b,c", "a,b,,d", ",,,"] {
        let error = composite(id).unwrap_err();
        assert!(
            error.detail().starts_with(&format!("Given: {id:?}. Allowed: the rotation's id")),
            "{}",
            error.detail()
        );
    }
}
