//! Ephemeral resources and actions in a plan whose provider, or whose own configuration, is not known yet.

use tonic::Request;

use super::fixture::*;
use crate::Field as _;
use crate::proto::tfplugin6::deferred::Reason;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::server::convert;
use crate::value::Value;

/// A core before and with deferral.
const CORES: [bool; 2] = [false, true];

fn capabilities(deferral_allowed: bool) -> Option<ClientCapabilities> {
    Some(ClientCapabilities { deferral_allowed, ..Default::default() })
}

/// What `test_sized` is opened with, and what it returns.
fn sized(prefix: Value, size: Value) -> Value {
    Value::object([("prefix", prefix), ("size", size)])
}

async fn open(core: &Core, prefix: Value, deferral_allowed: bool) -> open_ephemeral_resource::Response {
    let config = dynamic(&sized(prefix, Value::Null), &Sized::value_type());
    let client_capabilities = capabilities(deferral_allowed);
    let request = open_ephemeral_resource::Request { type_name: "test_sized".into(), config, client_capabilities };
    core.server.open_ephemeral_resource(Request::new(request)).await.unwrap().into_inner()
}

fn result(answer: &open_ephemeral_resource::Response) -> Value {
    convert::decode(answer.result.as_ref(), &Sized::value_type()).unwrap()
}

#[tokio::test]
async fn an_ephemeral_resource_of_an_unknown_provider_has_unknown_results() {
    let core = Core::unconfigured();
    core.configure(Value::Unknown).await;
    for deferral_allowed in CORES {
        let answer = open(&core, "a".into(), deferral_allowed).await;
        assert_eq!(severities(&answer.diagnostics), [0; 0]);
        assert_eq!(result(&answer), sized("a".into(), Value::Unknown));
        let reason = answer.deferred.map(|deferred| deferred.reason());
        assert_eq!(reason, deferral_allowed.then_some(Reason::ProviderConfigUnknown));
    }
}

#[tokio::test]
async fn an_ephemeral_resource_with_an_unknown_value_has_unknown_results() {
    let core = Core::start().await;
    for deferral_allowed in CORES {
        let answer = open(&core, Value::Unknown, deferral_allowed).await;
        assert_eq!(severities(&answer.diagnostics), [0; 0]);
        assert_eq!(result(&answer), sized(Value::Unknown, Value::Unknown));
        let reason = answer.deferred.map(|deferred| deferred.reason());
        assert_eq!(reason, deferral_allowed.then_some(Reason::ResourceConfigUnknown));
    }
    let opened = open(&core, "a".into(), true).await;
    assert_eq!((result(&opened), opened.deferred), (sized("a".into(), 7.into()), None));
}

async fn plan(core: &Core, prefix: Value, deferral_allowed: bool) -> plan_action::Response {
    let config = dynamic(&Value::object([("prefix", prefix)]), &Query::value_type());
    let client_capabilities = capabilities(deferral_allowed);
    let request = plan_action::Request { action_type: "test_push".into(), config, client_capabilities };
    core.server.plan_action(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn the_plan_of_an_action_checks_its_configuration_and_calls_nothing() {
    let core = Core::start().await;
    for prefix in ["a".into(), Value::Unknown] {
        let planned = plan(&core, prefix, true).await;
        assert_eq!((severities(&planned.diagnostics), planned.deferred), (vec![], None));
    }
    let refused = plan(&core, Value::Null, true).await;
    assert_eq!(severities(&refused.diagnostics), [1], "prefix is required");
    assert_eq!(core.log(), Vec::<String>::new());
}

#[tokio::test]
async fn an_action_of_an_unknown_provider_is_deferred_where_the_core_can() {
    let core = Core::unconfigured();
    core.configure(Value::Unknown).await;
    for deferral_allowed in CORES {
        let planned = plan(&core, "a".into(), deferral_allowed).await;
        assert_eq!(severities(&planned.diagnostics), [0; 0]);
        let reason = planned.deferred.map(|deferred| deferred.reason());
        assert_eq!(reason, deferral_allowed.then_some(Reason::ProviderConfigUnknown));
    }
}
