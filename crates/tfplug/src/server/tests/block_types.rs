//! Data sources, ephemeral resources, actions and lists, and the features that this crate does not support.

use futures_util::stream::{BoxStream, StreamExt as _};
use tonic::Request;

use super::fixture::*;
use crate::Field as _;
use crate::proto::tfplugin6::invoke_action::event::Type as Kind;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::server::convert;
use crate::value::Value;

fn query(prefix: &str) -> Option<DynamicValue> {
    dynamic(&Value::object([("prefix", prefix.into())]), &super::fixture::Query::value_type())
}

fn size(wire: &Option<DynamicValue>) -> Value {
    convert::decode(wire.as_ref(), &super::fixture::Inner::value_type()).unwrap().get("size").clone()
}

#[tokio::test]
async fn a_data_source_is_read_with_its_warnings() {
    let core = Core::start().await;
    let config = dynamic(&Value::object([("size", Value::Null)]), &super::fixture::Inner::value_type());
    let request = read_data_source::Request { type_name: "test_looked".into(), config, ..Default::default() };
    let answer = core.server.read_data_source(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(size(&answer.state), 7.into());
    assert_eq!(severities(&answer.diagnostics), [2]);
}

#[tokio::test]
async fn a_data_source_before_the_configuration_is_known_says_what_to_do() {
    let core = Core::unconfigured();
    core.configure(Value::Unknown).await;
    let config = dynamic(&Value::object([("size", Value::Null)]), &super::fixture::Inner::value_type());
    let request = read_data_source::Request { type_name: "test_looked".into(), config, ..Default::default() };
    let answer = core.server.read_data_source(Request::new(request)).await.unwrap().into_inner();
    assert!(answer.diagnostics[0].detail.contains("-target"), "{}", answer.diagnostics[0].detail);
}

#[tokio::test]
async fn an_ephemeral_resource_is_closed_with_its_private_data() {
    let core = Core::start().await;
    let config = dynamic(&Value::object([("size", Value::Null)]), &super::fixture::Inner::value_type());
    let request = open_ephemeral_resource::Request { type_name: "test_lease".into(), config, ..Default::default() };
    let opened = core.server.open_ephemeral_resource(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(size(&opened.result), 7.into());
    assert_eq!(opened.renew_at.unwrap().seconds, 60);
    let request = close_ephemeral_resource::Request { type_name: "test_lease".into(), private: opened.private };
    let closed = core.server.close_ephemeral_resource(Request::new(request)).await.unwrap().into_inner();
    assert!(closed.diagnostics.is_empty());
    assert_eq!(core.log(), [r#"close lease Some("1")"#]);
}

async fn invoked(core: &Core, prefix: &str) -> BoxStream<'static, Kind> {
    let request =
        invoke_action::Request { action_type: "test_push".into(), config: query(prefix), ..Default::default() };
    let events = core.server.invoke_action(Request::new(request)).await.unwrap().into_inner();
    events.map(|event| event.unwrap().r#type.expect("an event without its kind crashes a core")).boxed()
}

#[tokio::test]
async fn an_action_shows_its_progress_and_completes_once_and_last() {
    for (prefix, errors) in [("a", 0), ("fails", 1), ("panics", 1)] {
        let events: Vec<_> = invoked(&Core::start().await, prefix).await.collect().await;
        let [Kind::Progress(one), Kind::Progress(two), Kind::Completed(end)] = events.as_slice() else {
            panic!("{events:?}")
        };
        assert_eq!((one.message.as_str(), two.message.as_str()), ("one", "two"));
        assert_eq!(end.diagnostics.len(), errors, "{prefix}");
    }
}

async fn stop(core: &Core) {
    core.server.stop_provider(Request::new(stop_provider::Request {})).await.unwrap();
}

/// Terraform crashes when another event follows a progress event that it gets after it has asked the provider to stop.
#[tokio::test]
async fn after_a_stop_an_action_sends_its_completion_alone_which_shows_the_progress() {
    for (prefix, expected) in [("waits", vec![2]), ("waits and fails", vec![1, 2])] {
        let core = Core::start().await;
        let mut events = invoked(&core, prefix).await;
        assert!(matches!(events.next().await, Some(Kind::Progress(_))));
        stop(&core).await;
        let events: Vec<_> = events.collect().await;
        let [Kind::Completed(end)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(severities(&end.diagnostics), expected);
        assert_eq!(
            end.diagnostics.last().unwrap().detail,
            "A request that was in progress is not interrupted. This happened afterwards:\ntwo"
        );
    }
}

#[tokio::test]
async fn progress_from_before_a_stop_that_was_not_sent_yet_is_shown_in_the_completion() {
    let core = Core::start().await;
    let events = invoked(&core, "a").await;
    while !core.server.process.calls.is_empty() {
        tokio::task::yield_now().await;
    }
    stop(&core).await;
    let events: Vec<_> = events.collect().await;
    let [Kind::Completed(end)] = events.as_slice() else { panic!("{events:?}") };
    assert!(end.diagnostics[0].detail.ends_with("afterwards:\none\ntwo"), "{}", end.diagnostics[0].detail);
}

#[tokio::test]
async fn unknown_types_are_reported_in_a_diagnostic() {
    let server = Core::start().await.server;
    let name = String::from("test_nothing");
    let read = read_resource::Request { type_name: name.clone(), ..Default::default() };
    let read = server.read_resource(Request::new(read)).await.unwrap().into_inner();
    assert!(read.diagnostics[0].detail.contains("It has: test_thing."), "{}", read.diagnostics[0].detail);

    let call = call_function::Request { name: "f".into(), arguments: Vec::new() };
    let called = server.call_function(Request::new(call)).await.unwrap().into_inner();
    assert!(called.error.unwrap().text.contains("\"f\""));

    let lock = lock_state::Request { type_name: name.clone(), ..Default::default() };
    assert_eq!(server.lock_state(Request::new(lock)).await.unwrap().into_inner().diagnostics.len(), 1);

    let stored = read_state_bytes::Request { type_name: name.clone(), ..Default::default() };
    let stored = server.read_state_bytes(Request::new(stored)).await.unwrap().into_inner();
    let chunks: Vec<_> = stored.collect().await;
    assert_eq!(chunks[0].as_ref().unwrap().diagnostics.len(), 1);

    let invoked = invoke_action::Request { action_type: name, ..Default::default() };
    let events = server.invoke_action(Request::new(invoked)).await.unwrap().into_inner();
    let events: Vec<_> = events.collect().await;
    assert_eq!(events.len(), 1);
}
