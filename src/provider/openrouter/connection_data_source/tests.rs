//! The data source against the API's stand-in, as a core would call it.

use super::super::connection::NAME;
use super::super::connection::tests::{start, text};
use super::super::connection_attributes::ConnectionPlaceConfig;
use super::*;

type Config = Open<ConnectionLookup>;

fn by(id: Attr<String>, name: Attr<String>, project_id: Attr<String>) -> Config {
    Config { id, place: ConnectionPlaceConfig { name, project_id }, ..Config::default() }
}

#[tokio::test]
async fn a_connection_is_found_by_its_id_and_by_its_name() {
    let (simulator, harness) = start();
    let id = simulator.connection_id();
    for config in [by(id.into(), Attr::Null, Attr::Null), by(Attr::Null, "openrouter".into(), Attr::Null)] {
        let found = harness.read::<ConnectionLookup>(NAME, config).await.unwrap();
        assert_eq!((found.id, found.place.name), (id.into(), "openrouter".into()));
        assert!(found.place.project_id.is_null() && found.facts.credentials_hash.get().is_some());
    }
    let capitals = id.to_uppercase();
    let found = harness.read::<ConnectionLookup>(NAME, by(capitals.clone().into(), Attr::Null, Attr::Null)).await;
    assert_eq!(found.unwrap().id, capitals.into(), "in the configuration's spelling");
}

#[tokio::test]
async fn err_a_name_is_looked_for_in_its_project_alone() {
    let (simulator, harness) = start();
    let elsewhere = by(Attr::Null, "openrouter".into(), simulator.project_id().into());
    let refused = text(&harness.read::<ConnectionLookup>(NAME, elsewhere).await.unwrap_err());
    assert!(
        refused.starts_with("Cannot find the connection Infisical says: Could not find App Connection"),
        "{refused}"
    );
}

#[tokio::test]
async fn err_not_exactly_one_of_id_and_name() {
    let (simulator, harness) = start();
    let id = || Attr::from(simulator.connection_id());
    for (config, problem) in [
        (by(Attr::Null, Attr::Null, Attr::Null), "Neither id nor name"),
        (by(id(), "openrouter".into(), Attr::Null), "name: Both id and name"),
        (by(id(), Attr::Null, "p".into()), "project_id: Both id and project_id"),
        (by("no-uuid".into(), Attr::Null, Attr::Null), "id: Invalid id Given: \"no-uuid\"."),
    ] {
        let refused = text(&harness.read::<ConnectionLookup>(NAME, config).await.unwrap_err());
        assert!(refused.starts_with(problem), "{refused}");
    }
    assert!(problem(&Attr::Unknown, &by(Attr::Null, "a".into(), Attr::Null).place).is_none(), "it may be null");
}
