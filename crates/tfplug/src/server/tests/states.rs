//! Stored states, imports, moves, and the schemas themselves.

use tonic::Request;

use super::fixture::*;
use crate::Field as _;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::value::{Type, Value};

async fn upgrade(version: i64, json: &str) -> upgrade_resource_state::Response {
    let raw_state = Some(RawState { json: json.to_owned().into(), ..Default::default() });
    let request = upgrade_resource_state::Request { type_name: THING.into(), version, raw_state };
    Core::unconfigured().server.upgrade_resource_state(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_stored_state_of_any_schema_version_is_read() {
    let same = upgrade(2, r#"{"id":"1","name":"a","size":9007199254740993,"gone":true}"#).await;
    let value = state(&same.upgraded_state);
    assert_eq!(value.get("size"), &Value::Number("9007199254740993".parse().unwrap()));
    assert!(value.get("seen").is_null());
    assert!(value.members().is_some_and(|members| !members.contains_key("gone")));
    let old = upgrade(1, r#"{"title":"t"}"#).await;
    assert_eq!(state(&old.upgraded_state).get("name").as_str(), Some("t of version 1"));
}

#[tokio::test]
async fn an_unreadable_state_is_an_error_and_never_null() {
    for json in ["", "null", "[]", "{", r#"{"size":"many"}"#] {
        let answer = upgrade(2, json).await;
        assert_eq!(severities(&answer.diagnostics), [1], "{json}");
    }
}

async fn import(id: &str, identity: Option<Value>) -> import_resource_state::Response {
    let kind = Type::object([("id", Type::String)]);
    let identity = identity.map(|value| ResourceIdentityData { identity_data: dynamic(&value, &kind) });
    let request =
        import_resource_state::Request { type_name: THING.into(), id: id.into(), identity, ..Default::default() };
    let core = Core::start().await;
    core.server.import_resource_state(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn an_import_by_id_or_identity_gives_a_state_to_read_from() {
    let by_identity = Some(Value::object([("id", "7".into())]));
    for (id, given) in [("7", None), ("", by_identity)] {
        let answer = import(id, given).await;
        let [imported] = answer.imported_resources.as_slice() else { panic!("one resource") };
        assert_eq!(state(&imported.state).get("id").as_str(), Some("7"));
        assert_eq!(identity(&imported.identity).as_deref(), Some("7"));
    }
    let incomplete = import("", Some(Value::object([("id", Value::Null)]))).await;
    assert_eq!(severities(&incomplete.diagnostics), [1]);
}

#[tokio::test]
async fn a_generated_configuration_has_what_a_user_would_write() {
    let core = Core::unconfigured();
    for (given, generated) in [
        (stored("1", &[("place", "there".into())]), config(&[("name", "a".into()), ("place", "there".into())])),
        (Value::Null, config(&[])),
    ] {
        let request = generate_resource_config::Request { type_name: THING.into(), state: thing(&given) };
        let answer = core.server.generate_resource_config(Request::new(request)).await.unwrap().into_inner();
        assert_eq!(state(&answer.config), generated);
        assert_eq!(answer.diagnostics, []);
    }
}

/// Only a plan can say what has to be edited: cores do not show what comes with a generated configuration.
#[tokio::test]
async fn a_generated_configuration_is_faithful_to_what_cannot_be_configured() {
    let core = Core::unconfigured();
    let long = Value::from("far more than twenty letters");
    let given = thing(&stored("7", &[("name", long.clone())]));
    let request = generate_resource_config::Request { type_name: THING.into(), state: given };
    let answer = core.server.generate_resource_config(Request::new(request)).await.unwrap().into_inner();
    assert_eq!((state(&answer.config).get("name"), answer.diagnostics), (&long, vec![]));
}

#[tokio::test]
async fn a_state_of_a_newer_version_or_of_the_oldest_form_says_what_to_do() {
    let newer = upgrade(3, r#"{"id":"1"}"#).await;
    let [error] = newer.diagnostics.as_slice() else { panic!("one error") };
    assert_eq!(error.summary, "The state was written by a newer version of the provider");
    assert!(error.detail.contains("version 3 of its schema") && error.detail.contains("Upgrade the provider"));
    assert!(newer.upgraded_state.is_none());
    let flatmap = [("id".to_owned(), "1".to_owned())].into();
    let raw_state = Some(RawState { flatmap, ..Default::default() });
    let request = upgrade_resource_state::Request { type_name: THING.into(), version: 2, raw_state };
    let answer = Core::unconfigured().server.upgrade_resource_state(Request::new(request)).await.unwrap().into_inner();
    assert!(answer.diagnostics[0].detail.contains("written by Terraform 0.11 or older"), "{:?}", answer.diagnostics);
}

async fn upgrade_identity(version: i64, json: &str) -> upgrade_resource_identity::Response {
    let raw_identity = Some(RawState { json: json.to_owned().into(), ..Default::default() });
    let request = upgrade_resource_identity::Request { type_name: THING.into(), version, raw_identity };
    Core::unconfigured().server.upgrade_resource_identity(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn an_identity_is_read_unless_it_is_of_a_newer_version() {
    let same = upgrade_identity(0, r#"{"id":"1","gone":2}"#).await;
    assert_eq!(identity(&same.upgraded_identity).as_deref(), Some("1"));
    let none = upgrade_identity(0, "").await;
    assert_eq!((none.upgraded_identity, none.diagnostics), (None, vec![]));
    let newer = upgrade_identity(1, r#"{"id":"1"}"#).await;
    assert_eq!(newer.diagnostics[0].summary, "The state was written by a newer version of the provider");
}

fn raw(json: &str) -> Option<RawState> {
    Some(RawState { json: json.to_owned().into(), ..Default::default() })
}

async fn moved(source_type: &str, version: i64, json: &str) -> move_resource_state::Response {
    let request = move_resource_state::Request {
        source_provider_address: "registry.example.com/other/test".into(),
        source_type_name: source_type.into(),
        source_schema_version: version,
        source_private: r#"{"made":"yes"}"#.into(),
        source_identity: raw(r#"{"key":"7"}"#),
        target_type_name: THING.into(),
        source_state: raw(json),
        ..Default::default()
    };
    Core::unconfigured().server.move_resource_state(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn an_object_of_another_type_is_moved_by_the_resource_with_its_identity_and_private_data() {
    let answer = moved("other_thing", 9, "{}").await;
    assert_eq!(state(&answer.target_state).get("name").as_str(), Some("other_thing"));
    assert_eq!(identity(&answer.target_identity).as_deref(), Some("7"));
    assert_eq!(answer.target_private, r#"{"made":"yes"}"#);
}

#[tokio::test]
async fn an_object_of_the_same_type_at_another_address_is_moved_as_it_is() {
    for (version, json, name) in
        [(2, r#"{"id":"1","name":"a","gone":true}"#, "a"), (1, r#"{"title":"t"}"#, "t of version 1")]
    {
        let answer = moved(THING, version, json).await;
        let moved = state(&answer.target_state);
        assert_eq!(moved.get("name").as_str(), Some(name));
        assert_eq!(identity(&answer.target_identity).as_deref(), moved.get("id").as_str());
        assert_eq!(answer.target_private, r#"{"made":"yes"}"#);
    }
}

#[tokio::test]
async fn a_move_that_cannot_be_says_what_can_be_moved() {
    for (source_type, version, json, summary, words) in [
        ("unrelated", 0, "{}", "Unsupported move", "only test_thing itself can be moved, from any provider address"),
        (THING, 2, r#"{"name":"a"}"#, "Cannot move the object", "has no id in its state"),
        (THING, 3, "{}", "The state was written by a newer version of the provider", "version 3"),
        (THING, 2, "[]", "Cannot read the stored state", "Nothing was changed"),
    ] {
        let answer = moved(source_type, version, json).await;
        let [error] = answer.diagnostics.as_slice() else { panic!("one error") };
        assert_eq!(error.summary, summary);
        assert!(error.detail.contains(words), "{}", error.detail);
        assert!(answer.target_state.is_none());
    }
}

#[tokio::test]
async fn schemas_keep_the_rules_that_a_core_checks() {
    let core = Core::unconfigured();
    let all =
        core.server.get_provider_schema(Request::new(get_provider_schema::Request {})).await.unwrap().into_inner();
    assert!(all.provider.as_ref().is_some_and(|schema| schema.block.is_some()));
    let thing = all.resource_schemas[THING].block.as_ref().unwrap();
    assert_eq!(all.resource_schemas[THING].version, 2);
    for attribute in &thing.attributes {
        let name = &attribute.name;
        assert!(attribute.required || attribute.optional || attribute.computed, "{name}");
        assert!(!(attribute.required && (attribute.optional || attribute.computed)), "{name}");
        assert!(attribute.r#type.is_empty() == attribute.nested_type.is_some(), "{name}: exactly one of both");
        if !attribute.r#type.is_empty() {
            Type::from_json(&serde_json::from_slice(&attribute.r#type).unwrap()).unwrap();
        }
    }
    // `mock_provider` of `terraform test` makes up a value for each attribute that is announced as computed.
    let optional = |name: &str| thing.attributes.iter().find(|one| one.name == name && one.optional).unwrap();
    assert_eq!(["place", "inner", "size"].map(|name| optional(name).computed), [false, false, true]);
    let schema = crate::Resource::schema(&super::fixture::Things).generated_without_nulls();
    let block = crate::server::convert::resource_schema(&schema).block.unwrap();
    let computed = |name: &str| block.attributes.iter().find(|one| one.name == name).unwrap().computed;
    assert_eq!(["place", "inner", "secret"].map(computed), [true, true, false], "what is write-only is not computed");
    assert!(all.list_resource_schemas.contains_key(THING));
    let request = Request::new(get_resource_identity_schemas::Request {});
    let identities = core.server.get_resource_identity_schemas(request).await.unwrap().into_inner();
    assert!(identities.identity_schemas[THING].identity_attributes[0].required_for_import);
    let metadata = core.server.get_metadata(Request::new(get_metadata::Request {})).await.unwrap().into_inner();
    assert_eq!(metadata.resources[0].type_name, THING);
}

#[tokio::test]
async fn a_configuration_is_checked_by_the_schema_and_then_by_its_author() {
    let core = Core::unconfigured();
    let validate = |config: Value, write_only: bool| {
        let capabilities = ClientCapabilities { write_only_attributes_allowed: write_only, ..Default::default() };
        let request = validate_resource_config::Request {
            type_name: THING.into(),
            config: dynamic(&config, &super::fixture::Thing::value_type()),
            client_capabilities: Some(capabilities),
        };
        core.server.validate_resource_config(Request::new(request))
    };
    let check = async |config, write_only| validate(config, write_only).await.unwrap().into_inner().diagnostics;
    assert!(check(config(&[("name", "a".into())]), false).await.is_empty());
    assert_eq!(check(config(&[]), true).await.len(), 1, "the schema's check");
    let homeless = config(&[("name", "homeless".into()), ("place", "here".into())]);
    assert_eq!(check(homeless, true).await[0].summary, "homeless has a place");
    let secret = config(&[("name", "a".into()), ("secret", "s".into())]);
    assert_eq!((check(secret.clone(), true).await.len(), check(secret, false).await.len()), (0, 1));
}

#[test]
fn problems_include_identities_and_list_resources() {
    assert_eq!(crate::problems(&super::fixture::Test), Vec::<String>::new());
    let found = crate::problems(&super::fixture::Misnamed);
    let expected = [
        "test_thing: uid: the identity names an attribute that does not exist",
        "test_other: a list resource requires a managed resource of the same name that has an identity",
    ];
    assert_eq!(found, expected);
}

/// Otherwise the last one would be offered silently, and the objects of the other could not be managed any more.
#[tokio::test]
async fn a_name_that_is_registered_twice_is_a_problem_and_an_error_in_each_core() {
    let line = "test_thing: there are two resources of this name";
    assert_eq!(crate::problems(&super::fixture::Twice), [line]);
    let server = crate::server::Server::new(super::fixture::Twice, crate::serve::Process::default());
    let all = server.get_provider_schema(Request::new(get_provider_schema::Request {})).await.unwrap().into_inner();
    let [error] = all.diagnostics.as_slice() else { panic!("{:?}", all.diagnostics) };
    assert!(error.severity == 1 && error.detail.contains(line), "{error:?}");
}

/// A user may import by a name or in another spelling; the id is known once the object has been read.
#[tokio::test]
async fn the_first_read_after_an_import_may_change_the_identity() {
    let request =
        import_resource_state::Request { type_name: THING.into(), id: "swapped".into(), ..Default::default() };
    let core = Core::start().await;
    let imported = core.server.import_resource_state(Request::new(request)).await.unwrap().into_inner();
    let [imported] = imported.imported_resources.as_slice() else { panic!("one resource") };
    let read = async |private: bytes::Bytes| {
        let current_state = imported.state.clone();
        let request = read_resource::Request { type_name: THING.into(), current_state, private, ..Default::default() };
        core.server.read_resource(Request::new(request)).await.unwrap().into_inner()
    };
    let first = read(imported.private.clone()).await;
    assert_eq!((severities(&first.diagnostics), identity(&first.new_identity)), (vec![], Some("another".into())));
    let second = read(first.private).await;
    assert_eq!(second.diagnostics[0].summary, "Unexpected Identity Change", "only the first read");
}
