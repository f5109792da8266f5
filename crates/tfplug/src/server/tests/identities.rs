//! Identities with versions and optional parts, imports that know more than an identity, and deferred reads and imports.

use tonic::Request;

use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::value::{Type, Value};
use crate::{
    Applied, Attr, Computed, Context, Deferral, Diagnostics, Existing, Field as _, ImportId, Model, MoveSource, Moved,
    Offers, Prior, Provider, Resource, Setup, StoredState, model,
};

/// A shelf.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, identity_version = 2)]
struct Shelf {
    #[tf(computed, identity)]
    id: Computed<String>,
    /// The house that it stands in; left out where there is one.
    #[tf(identity, optional_for_import)]
    house: Option<String>,
    note: Option<String>,
    #[tf(write_only)]
    key: Option<String>,
}

model! {
    /// An identity of version 1.
    struct Numbered { number: i64 }
}

struct Shelves;

impl Resource for Shelves {
    type Client = ();
    type Model = Shelf;

    async fn create(&self, _: &Context<'_, ()>, plan: Shelf) -> Applied<Shelf> {
        match plan.note.as_deref() {
            Some("too early") => Err(crate::Failed::with(plan, crate::Diagnostic::error("No answer", ""))),
            Some("nameless") => Ok(Shelf { id: Attr::Null, ..plan }),
            _ => Ok(Shelf { id: "1".into(), ..plan }),
        }
    }

    fn move_from(&self, _: &MoveSource) -> Result<Option<Moved<ShelfConfig>>, Diagnostics> {
        Ok(Some(ShelfConfig::default().into()))
    }

    async fn read(&self, cx: &Context<'_, ()>, prior: Prior<Shelf>) -> Result<Option<Shelf>, Diagnostics> {
        if prior.identity.id == "early" && cx.defer(Deferral::AbsentPrerequisite) {
            return prior.into_whole().map(Some);
        }
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, ()>, _: Existing<Shelf>, plan: Shelf) -> Applied<Shelf> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Shelf>) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import_state(
        &self,
        cx: &Context<'_, ()>,
        id: ImportId<ShelfIdentity>,
    ) -> Result<ShelfConfig, Diagnostics> {
        let (id, house) = match id {
            ImportId::Id(id) => (id, None),
            ImportId::Identity(ShelfIdentity { id, house }) => (id, house),
        };
        if id == "early" {
            cx.defer(Deferral::ResourceConfigUnknown);
        }
        Ok(ShelfConfig { id: id.into(), house: house.into(), note: "imported".into(), key: "k".into() })
    }

    fn upgrade_identity(&self, version: i64, identity: StoredState) -> Result<ShelfIdentity, Diagnostics> {
        let old: Numbered = identity.read()?;
        let number = old.number.known("number")?;
        Ok(ShelfIdentity { id: format!("v{version}-{number}"), house: None })
    }
}

/// Something without an identity.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, no_identity)]
struct Thing {
    name: Option<String>,
}

struct Things;

impl Resource for Things {
    type Client = ();
    type Model = Thing;

    async fn create(&self, _: &Context<'_, ()>, plan: Thing) -> Applied<Thing> {
        Ok(plan)
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Thing>) -> Result<Option<Thing>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, ()>, _: Existing<Thing>, plan: Thing) -> Applied<Thing> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Thing>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Test;

impl Provider for Test {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().resource("test_shelf", Shelves).resource("test_thing", Things)
    }
}

async fn server() -> Server<Test> {
    let server = Server::new(Test, Process::default());
    server.configure_provider(Request::new(configure_provider::Request::default())).await.unwrap();
    server
}

fn identity_type() -> Type {
    ShelfIdentity::value_type()
}

fn data(id: Value, house: Value) -> Option<ResourceIdentityData> {
    let identity_data = convert::encode(&Value::object([("id", id), ("house", house)]), &identity_type()).unwrap();
    Some(ResourceIdentityData { identity_data })
}

fn identity(data: Option<ResourceIdentityData>) -> Value {
    convert::decode(data.unwrap().identity_data.as_ref(), &identity_type()).unwrap()
}

async fn import(id: &str, identity: Option<ResourceIdentityData>, deferrable: bool) -> import_resource_state::Response {
    let client = ClientCapabilities { deferral_allowed: deferrable, ..Default::default() };
    let request = import_resource_state::Request {
        type_name: "test_shelf".into(),
        id: id.into(),
        identity,
        client_capabilities: Some(client),
    };
    server().await.import_resource_state(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn an_identity_is_announced_with_its_version_and_optional_parts() {
    let request = Request::new(get_resource_identity_schemas::Request {});
    let all = server().await.get_resource_identity_schemas(request).await.unwrap().into_inner();
    let shelf = &all.identity_schemas["test_shelf"];
    let parts = shelf.identity_attributes.iter();
    let parts: Vec<_> =
        parts.map(|one| (one.name.as_str(), one.required_for_import, one.optional_for_import)).collect();
    assert_eq!((shelf.version, parts), (2, vec![("id", true, false), ("house", false, true)]));
    assert!(!all.identity_schemas.contains_key("test_thing"));
}

#[tokio::test]
async fn an_import_by_identity_may_leave_out_optional_parts_and_know_more_than_the_identity() {
    let answer = import("", data("7".into(), Value::Null), false).await;
    let [imported] = answer.imported_resources.as_slice() else { panic!("{:?}", answer.diagnostics) };
    let state = convert::decode(imported.state.as_ref(), &Shelf::value_type()).unwrap();
    assert_eq!(state.get("note").as_str(), Some("imported"));
    assert!(state.get("key").is_null(), "a write-only value is never stored");
    assert!(identity(imported.identity.clone()).get("house").is_null());
    let missing = import("", data(Value::Null, "h".into()), false).await;
    assert_eq!(missing.diagnostics[0].detail, "The identity's id is missing.");
}

#[tokio::test]
async fn an_older_identity_is_upgraded_and_a_newer_one_refused() {
    let upgraded = async |version: i64, json: &str| {
        let raw = RawState { json: json.to_owned().into(), ..Default::default() };
        let request =
            upgrade_resource_identity::Request { type_name: "test_shelf".into(), version, raw_identity: Some(raw) };
        server().await.upgrade_resource_identity(Request::new(request)).await.unwrap().into_inner()
    };
    let one = upgraded(1, r#"{"number": 7}"#).await;
    assert_eq!(identity(one.upgraded_identity.unwrap().into()).get("id").as_str(), Some("v1-7"));
    let two = upgraded(2, r#"{"id": "7", "house": "h"}"#).await;
    assert_eq!(identity(two.upgraded_identity.unwrap().into()).get("house").as_str(), Some("h"));
    assert_eq!(upgraded(3, "{}").await.diagnostics.len(), 1);
    let before = upgraded(0, "").await;
    assert_eq!((before.upgraded_identity, before.diagnostics.len()), (None, 0), "stored before there were identities");
}

#[tokio::test]
async fn a_read_and_an_import_are_deferred_only_where_the_core_can() {
    for (deferrable, expected) in [(true, Some(deferred::Reason::ResourceConfigUnknown)), (false, None)] {
        let answer = import("early", None, deferrable).await;
        assert_eq!(answer.deferred.map(|deferred| deferred.reason()), expected);
    }
    let state = Value::object([("id", "early".into()), ("note", "n".into())]);
    for (deferrable, expected) in [(true, Some(deferred::Reason::AbsentPrereq)), (false, None)] {
        let request = read_resource::Request {
            type_name: "test_shelf".into(),
            current_state: convert::encode(&state, &Shelf::value_type()).unwrap(),
            client_capabilities: Some(ClientCapabilities { deferral_allowed: deferrable, ..Default::default() }),
            ..Default::default()
        };
        let answer = server().await.read_resource(Request::new(request)).await.unwrap().into_inner();
        assert_eq!(answer.deferred.map(|deferred| deferred.reason()), expected);
        assert_eq!(
            convert::decode(answer.new_state.as_ref(), &Shelf::value_type()).unwrap().get("note").as_str(),
            Some("n")
        );
    }
}

#[tokio::test]
async fn what_has_no_identity_is_read_from_its_state_and_cannot_be_imported() {
    let state = Value::object([("name", "a".into())]);
    let request = read_resource::Request {
        type_name: "test_thing".into(),
        current_state: convert::encode(&state, &Thing::value_type()).unwrap(),
        ..Default::default()
    };
    let read = server().await.read_resource(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(convert::decode(read.new_state.as_ref(), &Thing::value_type()).unwrap(), state);
    assert_eq!(read.new_identity, None);
    let request =
        import_resource_state::Request { type_name: "test_thing".into(), id: "a".into(), ..Default::default() };
    let imported = server().await.import_resource_state(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(imported.diagnostics[0].summary, "Cannot import");
}

/// Stored without it, the object could never be refreshed, changed or destroyed.
#[tokio::test]
async fn a_create_that_returns_no_identity_stores_nothing_and_says_so() {
    let kind = Shelf::value_type();
    let shelf = |id: Value, note: &str| Value::object([("id", id), ("note", note.into())]);
    for (note, first) in [("too early", "No answer"), ("nameless", "Bug in the provider")] {
        let request = apply_resource_change::Request {
            type_name: "test_shelf".into(),
            prior_state: convert::encode(&Value::Null, &kind).unwrap(),
            planned_state: convert::encode(&shelf(Value::Unknown, note), &kind).unwrap(),
            config: convert::encode(&shelf(Value::Null, note), &kind).unwrap(),
            ..Default::default()
        };
        let answer = server().await.apply_resource_change(Request::new(request)).await.unwrap().into_inner();
        assert_eq!((answer.new_state, answer.new_identity), (None, None));
        assert_eq!(answer.diagnostics.first().unwrap().summary, first);
        let last = answer.diagnostics.last().unwrap();
        assert!(last.detail.starts_with("The create returned a state without id, by which"), "{}", last.detail);
    }
}

#[tokio::test]
async fn a_moved_object_without_an_identity_is_refused() {
    let request = move_resource_state::Request {
        source_type_name: "other_shelf".into(),
        source_state: Some(RawState { json: "{}".into(), ..Default::default() }),
        target_type_name: "test_shelf".into(),
        ..Default::default()
    };
    let answer = server().await.move_resource_state(Request::new(request)).await.unwrap().into_inner();
    let [error] = answer.diagnostics.as_slice() else { panic!("{:?}", answer.diagnostics) };
    assert!(error.detail.starts_with("The converted state has no id, by which"), "{}", error.detail);
}
