//! Lists: streamed, within the limit, and without losing objects to one that is odd.

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tonic::{Request, Status};

use super::fixture::*;
use crate::Field as _;
use crate::proto::tfplugin6::list_resource::Event;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::value::Value;

const ERROR: i32 = 1;
const WARNING: i32 = 2;

async fn stream(core: &Core, prefix: &str, limit: i64, whole: bool) -> BoxStream<'static, Result<Event, Status>> {
    let config = dynamic(&Value::object([("prefix", prefix.into())]), &super::fixture::Query::value_type());
    let request = list_resource::Request { type_name: THING.into(), config, include_resource_object: whole, limit };
    core.server.list_resource(Request::new(request)).await.unwrap().into_inner()
}

async fn all(core: &Core, prefix: &str, limit: i64, whole: bool) -> Vec<Event> {
    stream(core, prefix, limit, whole).await.map(Result::unwrap).collect().await
}

fn ids(events: &[Event]) -> Vec<String> {
    events.iter().filter_map(|event| identity(&event.identity)).collect()
}

/// What was said with each event.
fn said(events: &[Event]) -> Vec<Vec<(i32, &str)>> {
    fn said(event: &Event) -> Vec<(i32, &str)> {
        event.diagnostic.iter().map(|one| (one.severity, one.summary.as_str())).collect()
    }
    events.iter().map(said).collect()
}

#[tokio::test]
async fn a_list_sends_names_and_identities_and_attributes_only_if_asked() {
    let core = Core::start().await;
    let events = all(&core, "p", 10, false).await;
    let (objects, last) = events.split_at(3);
    assert_eq!((ids(objects), objects[1].display_name.as_str()), (vec!["p0".into(), "p1".into(), "p2".into()], "p 1"));
    assert!(objects.iter().all(|event| event.resource_object.is_none()));
    assert_eq!(said(last), [[(WARNING, "after all")]], "what no object came after");
    assert!(!core.log().iter().any(|line| line.starts_with("converted")), "nobody asked for the attributes");

    let events = all(&core, "p", 10, true).await;
    assert_eq!(state(&events[2].resource_object).get("id"), &"p2".into());
}

#[tokio::test]
async fn a_list_ends_at_the_limit_and_does_no_more_than_that() {
    let core = Core::start().await;
    for (limit, found, log) in [
        (2, 2, vec!["found 0 of 2", "converted 0", "found 1 of 1", "converted 1"]),
        (1, 1, vec!["found 0 of 1", "converted 0"]),
        (0, 0, vec![]),
        (-1, 0, vec![]),
    ] {
        let events = all(&core, "p", limit, true).await;
        assert_eq!((ids(&events).len(), events.len()), (found, found), "at {limit}");
        assert_eq!(core.log(), log, "at {limit}");
    }
}

/// The core reads the first object while the list waits for the second.
#[tokio::test]
async fn objects_are_sent_as_they_come() {
    let core = Core::start().await;
    let mut events = stream(&core, "waits", 10, true).await;
    let first = events.next().await.unwrap().unwrap();
    assert_eq!(identity(&first.identity).as_deref(), Some("waits0"));
    assert_eq!(core.log(), ["found 0 of 10", "converted 0", "found 1 of 9"]);
}

/// A core that goes away drops the stream; nothing is done for it any more.
#[tokio::test]
async fn a_list_works_no_faster_than_the_core_reads_and_ends_with_it() {
    let core = Core::start().await;
    let mut events = stream(&core, "p", 10, true).await;
    assert_eq!(core.log(), Vec::<String>::new(), "nothing was read yet");
    events.next().await.unwrap().unwrap();
    assert!(!core.log().contains(&"converted 2".to_owned()), "one object may wait, not two");
    drop(events);
    assert_eq!(core.log(), Vec::<String>::new());
}

#[tokio::test]
async fn a_stop_ends_a_list_with_an_error() {
    let core = Core::start().await;
    let mut events = stream(&core, "waits", 10, false).await;
    events.next().await.unwrap().unwrap();
    core.server.stop_provider(Request::new(stop_provider::Request {})).await.unwrap();
    let rest: Vec<_> = events.map(Result::unwrap).collect().await;
    assert_eq!(said(&rest), [[(ERROR, "Operation canceled")]]);
    let late = all(&core, "p", 10, false).await;
    assert_eq!((said(&late), core.log().len()), (vec![vec![(ERROR, "Operation canceled")]], 2), "it is not even begun");
}

/// The core shows nothing of a list in which there is an error.
#[tokio::test]
async fn an_odd_object_is_listed_without_attributes_and_with_a_warning() {
    let core = Core::start().await;
    let events = all(&core, "odd", 3, true).await;
    assert_eq!(ids(&events), ["odd0", "odd1", "odd2"]);
    let whole: Vec<_> = events.iter().map(|event| event.resource_object.is_some()).collect();
    assert_eq!(whole, [true, false, true]);
    let said = &events[1].diagnostic[0];
    assert_eq!((said.severity, said.summary.as_str()), (WARNING, "odd one"));
    assert_eq!(said.detail, "About \"odd 1\", whose attributes are left out of the list: Why.");
    assert_eq!(said.attribute, None, "the path is the object's, not the list's");
    assert_eq!(all(&core, "odd", 3, false).await[1].diagnostic, [], "unless the attributes are asked for");
}

#[tokio::test]
async fn an_object_without_its_identity_is_left_out_with_a_warning() {
    let core = Core::start().await;
    let events = all(&core, "nameless", 3, false).await;
    assert_eq!(ids(&events), ["nameless0", "nameless2"]);
    assert_eq!(said(&events)[1], [(WARNING, "Bug in the provider")]);
}

#[tokio::test]
async fn warnings_come_with_the_object_that_follows_them() {
    let core = Core::start().await;
    let events = all(&core, "warns", 2, false).await;
    assert_eq!(said(&events), [[(WARNING, "before 0")], [(WARNING, "before 1")]]);
}

#[tokio::test]
async fn an_error_or_a_panic_ends_the_list() {
    let core = Core::start().await;
    for (prefix, error) in [("fails", "no more"), ("panics", "Bug in the provider")] {
        let events = all(&core, prefix, 10, true).await;
        let last = events.last().unwrap();
        assert_eq!((last.diagnostic[0].severity, last.diagnostic[0].summary.as_str()), (ERROR, error));
        assert!(last.identity.is_none() && !last.diagnostic[0].detail.contains("secret"));
    }
}

#[tokio::test]
async fn a_list_without_a_configured_provider_says_why_there_is_none() {
    let core = Core::unconfigured();
    core.configure(Value::Unknown).await;
    let events = all(&core, "p", 10, false).await;
    assert_eq!(said(&events), [[(ERROR, "The provider's configuration is not known yet")]]);
}
