//! Plan, apply and read of one resource.

use tonic::Request;

use super::fixture::*;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::value::{Type, Value};

#[tokio::test]
async fn a_create_plans_unknowns_and_returns_a_wholly_known_state() {
    let core = Core::start().await;
    let config = config(&[("name", "a".into()), ("inner", Value::object([("size", Value::Null)]))]);
    let planned = core.plan(&Value::Null, &config).await;
    assert!(planned.diagnostics.is_empty());
    assert!(planned.planned_private.is_empty(), "a new object starts without private data");
    let plan = state(&planned.planned_state);
    let open: Vec<_> = plan.unknowns().iter().map(ToString::to_string).collect();
    assert_eq!(open, ["id", "seen"]);
    assert_eq!(plan.get("inner").get("size"), &Value::from(5));

    let applied = core.apply(&Value::Null, &plan, &config).await;
    assert_eq!(severities(&applied.diagnostics), [0; 0]);
    assert_eq!(state(&applied.new_state).get("id").as_str(), Some("new"));
    assert_eq!(identity(&applied.new_identity).as_deref(), Some("new"));
}

#[tokio::test]
async fn a_write_only_value_reaches_the_handler_and_nothing_else() {
    let core = Core::start().await;
    let applied = core.create("a").await;
    assert_eq!(core.log(), [r#"create with secret Some("hunter2")"#]);
    assert!(state(&applied.new_state).get("secret").is_null());
    let bytes = applied.new_state.unwrap().msgpack;
    assert!(!bytes.windows(7).any(|window| window == b"hunter2"));
}

#[tokio::test]
async fn a_failed_create_stores_nothing_or_what_exists() {
    let core = Core::start().await;
    let failed = core.create("fails").await;
    assert_eq!(severities(&failed.diagnostics), [1]);
    assert!(failed.new_state.is_none());

    let half = core.create("half").await;
    assert_eq!(severities(&half.diagnostics), [1]);
    let kept = state(&half.new_state);
    assert_eq!(kept.get("id").as_str(), Some("new"));
    assert!(kept.unknowns().is_empty(), "a core stores nothing unknown");
    assert!(kept.get("secret").is_null());
}

#[tokio::test]
async fn a_panic_is_an_error_without_its_text() {
    let core = Core::start().await;
    let answer = core.create("panics").await;
    let [error] = answer.diagnostics.as_slice() else { panic!("one error") };
    assert_eq!(error.severity, 1);
    assert!(error.detail.contains("ApplyResourceChange panicked at"), "{}", error.detail);
    assert!(!error.detail.contains("secret"), "{}", error.detail);
    assert!(core.create("a").await.diagnostics.is_empty(), "the next call works");
    let late = core.create("panics late").await;
    assert_eq!(late.diagnostics[0].detail.split(" at ").next(), Some("ApplyResourceChange panicked"));
    assert_eq!(state(&late.new_state).get("id").as_str(), Some("new"), "what the handler has kept");
}

#[tokio::test]
async fn a_returned_value_that_differs_from_the_plan_is_reported_and_stored() {
    let core = Core::start().await;
    let other = core.create("other").await;
    let [error] = other.diagnostics.as_slice() else { panic!("one error") };
    assert!(
        error.summary.contains("size") && error.detail.contains("Planned: 1. Returned by the API: 99."),
        "{}",
        error.detail
    );
    assert_eq!(state(&other.new_state).get("size"), &Value::from(99));

    let open = core.create("open").await;
    assert_eq!(severities(&open.diagnostics), [1], "our bug, not the core's to find");
    assert_eq!(state(&open.new_state).get("id").as_str(), Some("new"));
    assert!(state(&open.new_state).get("seen").is_null());
}

#[tokio::test]
async fn warnings_and_private_data_are_in_the_response() {
    let core = Core::start().await;
    let answer = core.create("warns").await;
    assert_eq!(severities(&answer.diagnostics), [2]);
    assert_eq!(answer.private, r#"{"made":"yes"}"#);
}

#[tokio::test]
async fn an_unchanged_thing_plans_no_change_and_keeps_its_private_data() {
    let core = Core::start().await;
    let prior = stored("1", &[]);
    let planned = core.plan(&prior, &config(&[("name", "a".into())])).await;
    assert_eq!(state(&planned.planned_state), prior);
    assert_eq!(planned.planned_private, r#"{"a":"b"}"#);
    assert!(planned.requires_replace.is_empty());
}

#[tokio::test]
async fn an_update_marks_what_it_may_change_as_unknown_and_a_move_replaces() {
    let core = Core::start().await;
    let prior = stored("1", &[]);
    let moved = config(&[("name", "a".into()), ("place", "there".into())]);
    let replaced = core.plan(&prior, &moved).await;
    assert_eq!(replaced.requires_replace.len(), 1);
    assert!(state(&replaced.planned_state).get("id").is_unknown());

    let config = config(&[("name", "a".into()), ("size", 2.into())]);
    let planned = core.plan(&prior, &config).await;
    assert!(planned.requires_replace.is_empty());
    let plan = state(&planned.planned_state);
    assert_eq!(plan.get("id").as_str(), Some("1"));
    assert!(plan.get("seen").is_unknown());

    let updated = core.apply(&prior, &plan, &config).await;
    assert!(updated.diagnostics.is_empty());
    assert_eq!(state(&updated.new_state).get("seen").as_str(), Some("updated"));
}

#[tokio::test]
async fn a_computed_value_that_the_plan_showed_is_the_value_after_the_apply() {
    let core = Core::start().await;
    let prior = stored("1", &[]);
    let config = config(&[("name", "planned".into()), ("size", 2.into())]);
    let plan = state(&core.plan(&prior, &config).await.planned_state);
    let updated = core.apply(&prior, &plan, &config).await;
    assert!(updated.diagnostics.is_empty(), "{:?}", updated.diagnostics);
    assert_eq!(state(&updated.new_state).get("seen").as_str(), Some("already"), "the handler returns another one");
}

#[tokio::test]
async fn a_failed_update_keeps_the_prior_state_or_stores_the_actual_one() {
    let core = Core::start().await;
    let prior = stored("1", &[]);
    for (name, tried) in [("fails", r#"{"tried":"yes"}"#), ("half", "")] {
        let config = config(&[("name", name.into())]);
        let plan = state(&core.plan(&prior, &config).await.planned_state);
        let answer = core.apply(&prior, &plan, &config).await;
        assert_eq!(severities(&answer.diagnostics), [1]);
        // What the half-done update did not decide is as it was.
        assert_eq!(state(&answer.new_state).get("seen").as_str(), Some("then"), "{name}");
        assert_eq!((answer.private, identity(&answer.new_identity)), (tried.into(), Some("1".into())));
    }
}

#[tokio::test]
async fn a_destroy_ends_in_null_and_a_failed_one_leaves_the_state_alone() {
    let core = Core::start().await;
    let planned = core.plan(&stored("1", &[]), &Value::Null).await;
    assert!(state(&planned.planned_state).is_null());
    let gone = core.apply(&stored("1", &[]), &Value::Null, &Value::Null).await;
    assert!(gone.diagnostics.is_empty() && gone.new_state.is_some() && state(&gone.new_state).is_null());
    let failed = core.apply(&stored("broken", &[]), &Value::Null, &Value::Null).await;
    assert_eq!(severities(&failed.diagnostics), [1]);
    assert!(failed.new_state.is_none());
}

/// In a replacement, there is no planned identity, and the private data is that of the new object.
#[tokio::test]
async fn what_a_failed_destroy_kept_is_stored_together_with_the_objects_own_private_data() {
    let core = Core::start().await;
    let kind = Type::object([("id", Type::String)]);
    let identity = ResourceIdentityData { identity_data: dynamic(&Value::object([("id", "half".into())]), &kind) };
    for (planned_identity, place, private) in [(Some(identity), Some("emptied"), r#"{"a":"b"}"#), (None, None, "")] {
        let planned_private = r#"{"a":"b"}"#.into();
        let more = apply_resource_change::Request { planned_private, planned_identity, ..Default::default() };
        let answer = core.apply_with(&stored("half", &[]), &Value::Null, &Value::Null, more).await;
        assert_eq!(severities(&answer.diagnostics), [1]);
        assert_eq!(state(&answer.new_state).get("place").as_str(), place);
        assert_eq!(answer.private, private);
    }
}

/// What the plan noted for the object as it would be is not true of the object as it is.
#[tokio::test]
async fn a_refused_update_does_not_store_what_its_plan_noted() {
    let core = Core::start().await;
    let prior = stored("1", &[]);
    let config = config(&[("name", "turned down".into())]);
    let plan = state(&core.plan(&prior, &config).await.planned_state);
    let more = apply_resource_change::Request { planned_private: r#"{"planned":"b"}"#.into(), ..Default::default() };
    let answer = core.apply_with(&prior, &plan, &config, more).await;
    assert_eq!(severities(&answer.diagnostics), [1]);
    assert!(answer.new_state.is_none() && answer.private.is_empty(), "the core keeps what it has");
}

async fn read(core: &Core, id: &str) -> read_resource::Response {
    read_from(core, thing(&stored(id, &[]))).await
}

async fn read_from(core: &Core, current_state: Option<DynamicValue>) -> read_resource::Response {
    let request = read_resource::Request {
        type_name: THING.into(),
        current_state,
        private: r#"{"a":"b"}"#.into(),
        ..Default::default()
    };
    core.server.read_resource(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_read_refreshes_drops_what_is_gone_and_never_drops_on_an_error() {
    let core = Core::start().await;
    let found = read(&core, "1").await;
    assert_eq!(state(&found.new_state).get("seen").as_str(), Some("read"));
    assert_eq!(found.private, r#"{"a":"b"}"#);
    assert_eq!(identity(&found.new_identity).as_deref(), Some("1"));

    let gone = read(&core, "gone").await;
    assert!(gone.diagnostics.is_empty() && state(&gone.new_state).is_null());
    assert!(gone.private.is_empty() && gone.new_identity.is_none());

    for id in ["broken", "swapped"] {
        assert_eq!(severities(&read(&core, id).await.diagnostics), [1], "{id}");
    }
    let silent = read(&core, "silent").await;
    assert_eq!(severities(&silent.diagnostics), [2, 1], "without an error, the core would drop the object");
}

#[tokio::test]
async fn a_read_without_changes_returns_the_state_as_it_came_but_never_as_json() {
    let core = Core::start().await;
    let unchanged = stored("1", &[("seen", "read".into())]);
    let state = thing(&unchanged);
    let found = read_from(&core, state.clone()).await;
    assert_eq!(found.new_state, state);
    assert_eq!(found.private, r#"{"a":"b"}"#);
    assert_eq!(identity(&found.new_identity).as_deref(), Some("1"));

    let json = r#"{"id": "1", "name": "a", "size": 1, "seen": "read", "gone": "an attribute of an earlier version"}"#;
    let found = read_from(&core, Some(DynamicValue { json: json.into(), ..DynamicValue::default() })).await;
    assert_eq!(found.new_state, state, "complete, and as MessagePack");
}

/// The state would forget its own object, and the next change would be made to the other.
#[tokio::test]
async fn an_update_that_returns_a_different_object_keeps_the_prior_state() {
    let core = Core::start().await;
    let prior = stored("1", &[]);
    for (name, errors) in [("swapped", 1), ("half swapped", 2)] {
        let config = config(&[("name", name.into())]);
        let plan = state(&core.plan(&prior, &config).await.planned_state);
        let answer = core.apply(&prior, &plan, &config).await;
        assert!(answer.new_state.is_none() && answer.private.is_empty(), "{name}");
        assert_eq!(answer.diagnostics.len(), errors, "{name}");
        assert_eq!(answer.diagnostics.last().unwrap().summary, "Unexpected Identity Change", "{name}");
    }
}

#[tokio::test]
async fn a_failure_without_an_error_is_no_success() {
    let core = Core::start().await;
    let answer = core.create("silent").await;
    assert_eq!(severities(&answer.diagnostics), [1]);
    assert_eq!(state(&answer.new_state).get("id").as_str(), Some("new"), "what was made is kept");
}

#[tokio::test]
async fn a_rejected_configuration_still_shows_its_warnings() {
    let core = Core::unconfigured();
    assert_eq!(severities(&core.configure(Value::Null).await), [2, 1]);
}

#[tokio::test]
async fn after_a_stop_no_operation_starts_until_the_provider_is_configured_again() {
    let core = Core::start().await;
    core.server.stop_provider(Request::new(stop_provider::Request {})).await.unwrap();
    let refused = core.create("a").await;
    assert_eq!(severities(&refused.diagnostics), [1]);
    assert_eq!(core.log(), Vec::<String>::new());
    core.configure("t".into()).await;
    assert!(core.create("a").await.diagnostics.is_empty());
}

#[tokio::test]
async fn while_the_configuration_is_unknown_nothing_is_called_and_the_plan_continues() {
    let core = Core::unconfigured();
    assert_eq!(severities(&core.configure(Value::Unknown).await), [2], "no error");
    let kept = read(&core, "1").await;
    assert!(kept.diagnostics.is_empty());
    assert_eq!(state(&kept.new_state), stored("1", &[]));
    assert_eq!(kept.private, r#"{"a":"b"}"#);
    let planned = core.plan(&Value::Null, &config(&[("name", "a".into())])).await;
    assert!(planned.diagnostics.is_empty());
    let applied = core.create("a").await;
    assert_eq!(severities(&applied.diagnostics), [1], "an apply cannot go on without");
}
