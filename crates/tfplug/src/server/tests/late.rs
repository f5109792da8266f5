//! Values that were not known when a configuration was validated: they are checked before they are used.

use futures_util::StreamExt as _;
use tonic::Request;

use super::fixture::*;
use crate::Field as _;
use crate::proto::tfplugin6::invoke_action::event::Type as Event;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::value::Value;

fn summaries(all: &[Diagnostic]) -> Vec<&str> {
    all.iter().map(|one| one.summary.as_str()).collect()
}

#[tokio::test]
async fn an_action_whose_values_turn_out_to_be_invalid_is_not_performed() {
    let core = Core::start().await;
    let config = dynamic(&Value::object([("prefix", Value::Null)]), &Query::value_type());
    let request = invoke_action::Request { action_type: "test_push".into(), config, ..Default::default() };
    let events = core.server.invoke_action(Request::new(request)).await.unwrap().into_inner();
    let events: Vec<_> = events.map(|event| event.unwrap().r#type.unwrap()).collect().await;
    let [Event::Completed(completed)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(summaries(&completed.diagnostics), ["Missing prefix"], "not a line of progress either");
}

#[tokio::test]
async fn a_resource_whose_values_turn_out_to_be_invalid_is_neither_created_nor_updated() {
    let core = Core::start().await;
    let long = Value::from("a name of more than twenty letters");
    for prior in [Value::Null, stored("1", &[])] {
        let plan = state(&core.plan(&prior, &config(&[("name", Value::Unknown)])).await.planned_state);
        let answer = core.apply(&prior, &plan, &config(&[("name", long.clone())])).await;
        assert_eq!(summaries(&answer.diagnostics), ["Invalid name"]);
        assert_eq!((answer.new_state, core.log()), (None, Vec::new()));
    }
    let homeless = config(&[("name", "homeless".into()), ("place", "here".into())]);
    let plan = state(&core.plan(&Value::Null, &homeless).await.planned_state);
    let answer = core.apply(&Value::Null, &plan, &homeless).await;
    assert_eq!(summaries(&answer.diagnostics), ["homeless has a place"], "the author's check");
}

#[tokio::test]
async fn what_is_read_opened_or_listed_is_checked_as_well() {
    let core = Core::start().await;
    let config = || dynamic(&Value::object([("prefix", Value::Null)]), &Sized::value_type());
    let name = || "test_sized".to_owned();
    let request = read_data_source::Request { type_name: name(), config: config(), ..Default::default() };
    let read = core.server.read_data_source(Request::new(request)).await.unwrap().into_inner();
    let request = open_ephemeral_resource::Request { type_name: name(), config: config(), ..Default::default() };
    let opened = core.server.open_ephemeral_resource(Request::new(request)).await.unwrap().into_inner();
    let query = dynamic(&Value::object([("prefix", Value::Null)]), &Query::value_type());
    let request = list_resource::Request { type_name: THING.into(), config: query, limit: 9, ..Default::default() };
    let listed = core.server.list_resource(Request::new(request)).await.unwrap().into_inner();
    let listed: Vec<_> = listed.map(|event| event.unwrap().diagnostic).concat().await;
    for diagnostics in [read.diagnostics, opened.diagnostics, listed] {
        assert_eq!(summaries(&diagnostics), ["Missing prefix"]);
    }
}
