//! The data source against the API's stand-in, and what its arguments may be.

use infisical::{NewRotation, RotateAtUtc};
use simulator::{Call, Fault, Simulator};
use tfplug::Field as _;
use tfplug::testing::Harness;

use super::super::simulated::{Simulated, new_rotation};
use super::*;
use crate::provider::Infisical;
use crate::provider::openrouter::model::Rotation as Managed;

/// A simulator, a client of it, and the provider with that client.
pub(in crate::provider::openrouter) struct World {
    pub(in crate::provider::openrouter) simulator: Simulator,
    pub(in crate::provider::openrouter) tf: Harness<Infisical>,
    client: Client,
}

impl World {
    pub(in crate::provider::openrouter) fn start() -> Self {
        let Simulated { simulator, client, tf } = Simulated::start();
        Self { simulator, client, tf }
    }

    /// Creates a rotation; its id.
    pub(in crate::provider::openrouter) async fn create(&self, environment: &str, path: &str, name: &str) -> String {
        let parameters = infisical::Parameters {
            name: "key".to_owned(),
            limit: Some(Some(serde_json::from_str("12.34").unwrap())),
            ..infisical::Parameters::default()
        };
        let new = NewRotation {
            is_auto_rotation_enabled: true,
            rotate_at_utc: RotateAtUtc { hours: 4, minutes: 30 },
            parameters,
            secrets_mapping: infisical::SecretsMapping { api_key: name.to_uppercase() },
            ..new_rotation(&self.simulator, environment, path, name)
        };
        self.client.rotations().create(&new).await.unwrap().object.id
    }

    fn by_name(&self, path: &str, name: &str) -> LookupConfig {
        let place = PlaceConfig {
            name: name.into(),
            project_id: self.simulator.project_id().into(),
            environment: "dev".into(),
            secret_path: path.into(),
        };
        LookupConfig { place, ..LookupConfig::default() }
    }

    pub(in crate::provider::openrouter) async fn read(&self, config: LookupConfig) -> Result<Lookup, Diagnostics> {
        self.tf.read(NAME, config).await
    }
}

pub(in crate::provider::openrouter) fn by_id(id: &str) -> LookupConfig {
    LookupConfig { id: id.into(), ..LookupConfig::default() }
}

/// Where each diagnostic is shown, and what it says.
fn said(diagnostics: &Diagnostics) -> Vec<(String, String)> {
    let said = |one: &Diagnostic| {
        (one.path().map(ToString::to_string).unwrap_or_default(), format!("{}\n{}", one.summary(), one.detail()))
    };
    diagnostics.iter().map(said).collect()
}

#[tokio::test]
async fn a_rotation_is_found_by_id_and_by_name_with_what_the_resource_has() {
    let world = World::start();
    let id = world.create("dev", "/app", "key").await;
    let imported = world.tf.resource::<Managed>(NAME).unwrap().import(&id).await.unwrap().model().unwrap();
    let imported = imported.into_value();
    for config in [by_id(&id), world.by_name("/app", "key")] {
        let found = world.read(config).await.unwrap().into_value();
        let differing = Lookup::ATTRIBUTES.iter().filter(|name| found.get(name) != imported.get(name));
        assert_eq!(differing.collect::<Vec<_>>(), [&""; 0]);
    }
    let beyond_the_api = ["rotation_triggers", "on_destroy"];
    let names = Managed::ATTRIBUTES.iter().filter(|name| !beyond_the_api.contains(name));
    assert!(names.eq(Lookup::ATTRIBUTES), "the resource's attributes, in its order");
}

#[tokio::test]
async fn other_spellings_are_found_and_stay_as_configured() {
    let world = World::start();
    let id = world.create("dev", "/app", "key").await;
    let capitals = format!(" {} ", id.to_uppercase());
    let found = world.read(by_id(&capitals)).await.unwrap();
    assert_eq!((found.id, found.place.secret_path), (capitals.into(), "/app".into()));
    let mut config = world.by_name(" /app/ ", "key");
    let project = format!(" {} ", world.simulator.project_id());
    config.place.project_id = project.as_str().into();
    let found = world.read(config).await.unwrap();
    assert_eq!((found.id, found.place.secret_path), (id.into(), " /app/ ".into()));
    assert_eq!(found.place.project_id, project.into());
}

#[test]
fn err_arguments_that_find_nothing_or_two_things_are_named() {
    let id: Attr<String> = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f".into();
    let [name, project, path] = ["app", "p", "/"].map(|text| Attr::Known(text.to_owned()));
    let null = || Attr::Null;
    let place = |name: &Attr<String>, project_id: &Attr<String>, secret_path: &Attr<String>| PlaceConfig {
        name: name.clone(),
        project_id: project_id.clone(),
        environment: Attr::Null,
        secret_path: secret_path.clone(),
    };
    for (id, place, at, given) in [
        (null(), place(&null(), &null(), &null()), "id", "neither id nor a name and place"),
        (null(), place(&name, &project, &path), "environment", "a name or place without environment"),
        (null(), place(&name, &null(), &null()), "project_id", "without project_id, environment, secret_path"),
        (null(), place(&Attr::Unknown, &project, &path), "environment", "a name or place without environment"),
        (id.clone(), place(&name, &null(), &null()), "id", "both id and name"),
        (id.clone(), place(&null(), &null(), &path), "id", "both id and secret_path"),
    ] {
        let config = LookupConfig { id, place, ..LookupConfig::default() };
        let found = said(&OneRotation.validate(&config));
        let [(path, text)] = found.as_slice() else { panic!("one error: {found:?}") };
        assert_eq!(path, at);
        assert!(text.contains(&format!("{given}. Allowed: id alone, or all of name")), "{text}");
    }
}

#[test]
fn arguments_that_are_not_known_yet_are_no_error() {
    let known = |text: &str| Attr::Known(text.to_owned());
    let open = || PlaceConfig {
        name: Attr::Unknown,
        project_id: known("p"),
        environment: known("dev"),
        secret_path: known("/"),
    };
    for (id, place) in [
        (Attr::Unknown, PlaceConfig::default()),
        (Attr::Unknown, open()),
        (Attr::Null, open()),
        (known("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f"), PlaceConfig { name: Attr::Unknown, ..PlaceConfig::default() }),
    ] {
        let config = LookupConfig { id, place, ..LookupConfig::default() };
        assert_eq!(OneRotation.validate(&config), Diagnostics::new());
    }
}

#[tokio::test]
async fn err_a_rotation_that_is_not_there_is_named_with_what_to_check() {
    let world = World::start();
    let id = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f";
    let elsewhere = |project: &str| {
        let mut config = world.by_name("/app", "key");
        config.place.project_id = project.into();
        config
    };
    for (config, at, words) in [
        (by_id(id), "id", "with id \"3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f\". Check id"),
        (world.by_name("/app", "other"), "name", "named \"other\" in /app of environment \"dev\""),
        (world.by_name("/", "key"), "name", "Check name, secret_path, environment and project_id"),
        (world.by_name("/nowhere", "key"), "secret_path", "Check secret_path, environment and project_id"),
        (elsewhere("other"), "secret_path", "Check secret_path, environment and project_id"),
    ] {
        let found = said(&world.read(config).await.unwrap_err());
        let [(path, text)] = found.as_slice() else { panic!("one error: {found:?}") };
        assert_eq!(path, at);
        assert!(text.starts_with("Cannot find the rotation\n") && text.contains(words), "{text}");
        assert!(text.contains("request id "), "{text}");
    }
    let wrong = said(&world.read(by_id("x")).await.unwrap_err());
    assert!(wrong[0].1.starts_with("Invalid id\nGiven: \"x\". Allowed: a UUID such as"), "{wrong:?}");
}

/// Such as those of the documentation's sample: most fields are missing.
#[tokio::test]
async fn an_answer_that_leaves_fields_out_is_read_once_more_and_nothing_is_invented() {
    let world = World::start();
    let id = world.create("dev", "/app", "key").await;
    let short = format!(r#"{{"secretRotation": {{"id": "{id}"}}}}"#);
    world.simulator.fault(Fault::body(Call::ReadByName, 200, short.clone()));
    let found = world.read(world.by_name("/app", "key")).await.unwrap();
    assert_eq!(found.settings.connection_id, world.simulator.connection_id().into());
    world.simulator.fault(Fault::body(Call::Read, 200, short));
    let found = world.read(world.by_name("/app", "key")).await.unwrap();
    assert_eq!((found.id, found.place), (id.into(), world.by_name("/app", "key").place));
    assert_eq!((found.settings.connection_id, found.facts.created_at), (Attr::Null, Attr::Null));
}

#[tokio::test]
async fn many_look_ups_in_a_project_cost_a_handful_of_requests() {
    let world = World::start();
    let mut ids = Vec::new();
    for i in 0..9 {
        ids.push(world.create("dev", "/", &format!("key{i}")).await);
    }
    let asked = || world.simulator.requests().len();
    world.simulator.clear_requests();
    for i in 0..9 {
        world.read(world.by_name("/", &format!("key{i}"))).await.unwrap();
    }
    assert_eq!(asked(), 2);
    for id in &ids {
        world.read(by_id(id)).await.unwrap();
    }
    assert_eq!(asked(), 3, "the first id is read, and the list serves the others");
}
