//! A resource's own part of planning.

use super::fixture::*;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::server::convert;
use crate::value::Value;

fn summaries(all: &[Diagnostic]) -> Vec<&str> {
    all.iter().map(|diagnostic| diagnostic.summary.as_str()).collect()
}

#[tokio::test]
async fn a_resource_sees_each_change_and_adds_to_its_plan() {
    let core = Core::start().await;
    let prior = stored("1", &[("name", "planned".into())]);
    let config = config(&[("name", "planned".into()), ("size", 2.into()), ("secret", "s".into())]);

    let created = core.plan(&Value::Null, &config).await;
    assert_eq!(summaries(&created.diagnostics), ["create with client: true"]);
    assert_eq!(created.planned_private, r#"{"planned":"create with Some(\"s\")"}"#, "nothing of an object before");
    assert_eq!(state(&created.planned_state).get("seen").as_str(), Some("already"));
    assert!(state(&created.planned_state).get("secret").is_null());

    let updated = core.plan(&prior, &config).await;
    assert_eq!(summaries(&updated.diagnostics), ["update with client: true"]);
    assert_eq!(updated.planned_private, r#"{"a":"b","planned":"update with Some(\"s\")"}"#);
    assert_eq!(updated.requires_replace, [convert::path(&crate::Path::of("size"))]);

    let destroyed = core.plan(&prior, &Value::Null).await;
    assert_eq!(summaries(&destroyed.diagnostics), ["destroy with client: true"]);
    assert!(state(&destroyed.planned_state).is_null());

    let unconfigured = Core::unconfigured().plan(&prior, &config).await;
    assert_eq!(summaries(&unconfigured.diagnostics), ["update with client: false"]);
}

#[tokio::test]
async fn a_resource_refuses_any_change_and_cannot_turn_one_into_another() {
    let core = Core::start().await;
    let named = |name: &str| config(&[("name", name.into())]);
    let prior = |name: &str| stored("1", &[("name", name.into())]);
    for (before, config, refused) in [
        (Value::Null, named("refused"), "no create"),
        (prior("x"), named("refused"), "no update"),
        (prior("refused"), Value::Null, "no destroy"),
        (prior("x"), named("vanishes"), "Bug in the provider"),
    ] {
        let answer = core.plan(&before, &config).await;
        assert_eq!(summaries(&answer.diagnostics), [refused]);
        assert!(answer.planned_state.is_none());
    }
}

#[tokio::test]
async fn a_resource_defers_where_the_core_can() {
    let core = Core::start().await;
    let config = config(&[("name", "early".into())]);
    let able = ClientCapabilities { deferral_allowed: true, ..Default::default() };
    let deferred = core.plan_with(&Value::Null, &config, able).await;
    assert_eq!(deferred.deferred.map(|deferred| deferred.reason()), Some(deferred::Reason::AbsentPrereq));
    let planned = core.plan(&Value::Null, &config).await;
    assert_eq!((planned.deferred, summaries(&planned.diagnostics)), (None, vec!["early"]));
}

/// The apply returns what the plan chose, because a core that keeps the first plan's private data gives it to the second plan.
#[tokio::test]
async fn what_a_plan_chooses_at_random_is_planned_again_where_the_core_keeps_it() {
    let core = Core::start().await;
    let prior = stored("1", &[("name", "before".into())]);
    let config = config(&[("name", "chosen".into())]);
    let seen = |planned: &plan_resource_change::Response| state(&planned.planned_state).get("seen").clone();
    let able = || Some(ClientCapabilities { store_planned_private: true, ..Default::default() });
    let plan = async |before: &Value, recorded: &[u8]| {
        let planned_private = recorded.to_vec().into();
        let more = plan_resource_change::Request { planned_private, client_capabilities: able(), ..Default::default() };
        core.plan_as(before, &config, more).await
    };
    for before in [Value::Null, prior.clone()] {
        let first = plan(&before, b"").await;
        let second = plan(&before, &first.planned_private).await;
        assert!(seen(&first).as_str().is_some(), "{:?}", seen(&first));
        assert_eq!((seen(&second), &second.planned_private), (seen(&first), &first.planned_private));
        assert_ne!(seen(&plan(&before, b"").await), seen(&first), "another change gets another value");
    }
    assert_eq!(seen(&core.plan(&prior, &config).await), Value::Unknown, "an older core keeps nothing");
}

#[tokio::test]
async fn private_data_that_cannot_be_read_stops_the_plan() {
    let core = Core::start().await;
    let ours = || "{}".into();
    for (prior_private, planned_private) in [("not ours".into(), ours()), (ours(), "not ours".into())] {
        let request = plan_resource_change::Request {
            type_name: THING.into(),
            prior_state: thing(&stored("1", &[])),
            prior_private,
            planned_private,
            ..Default::default()
        };
        let answer = core.server.plan_resource_change(tonic::Request::new(request)).await.unwrap().into_inner();
        assert_eq!(summaries(&answer.diagnostics), ["Cannot read the private data"]);
    }
}
