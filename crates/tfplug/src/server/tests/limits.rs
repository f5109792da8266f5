//! How long operations may take, and what happens to a handler that takes longer.

use std::time::Duration;

use tonic::Request;

use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::value::Value;
use crate::{
    Applied, Computed, Context, Diagnostics, Existing, Failed, Field as _, Model, Offers, Prior, Provider, Resource,
    Setup, Timeouts, TimeoutsConfig,
};

/// Something that takes its time.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource)]
struct Slow {
    #[tf(computed, identity, use_state_for_unknown)]
    id: Computed<String>,
    /// What it does when it is told to stop.
    #[tf(required)]
    when_stopped: String,
    #[tf(block, timeouts)]
    timeouts: Option<Timeouts>,
}

struct Slows;

impl Slows {
    /// Works for an hour, or until it is told to stop.
    async fn work(cx: &Context<'_, ()>, slow: Slow) -> Applied<Slow> {
        let hour = Duration::from_secs(3600);
        let stopped = tokio::time::timeout(hour, cx.stop.cancelled()).await.is_ok();
        match slow.when_stopped.as_str() {
            _ if !stopped => Ok(Slow { id: "1".into(), ..slow }),
            "finishes" => Ok(Slow { id: "1".into(), ..slow }),
            "keeps" => {
                cx.keep(Slow { id: "kept".into(), ..slow });
                std::future::pending().await
            }
            "fails" => Err(Failed::with(Slow { id: "half".into(), ..slow }, crate::Diagnostic::error("Stopped", ""))),
            _ => std::future::pending().await,
        }
    }
}

impl Resource for Slows {
    type Client = ();
    type Model = Slow;

    async fn create(&self, cx: &Context<'_, ()>, plan: Slow) -> Applied<Slow> {
        Self::work(cx, plan).await
    }

    async fn read(&self, cx: &Context<'_, ()>, prior: Prior<Slow>) -> Result<Option<Slow>, Diagnostics> {
        let state = prior.into_whole()?;
        Self::work(cx, state).await.map(Some).map_err(|failed| failed.diagnostics)
    }

    async fn update(&self, cx: &Context<'_, ()>, _: Existing<Slow>, plan: Slow) -> Applied<Slow> {
        Self::work(cx, plan).await
    }

    async fn delete(&self, cx: &Context<'_, ()>, slow: Existing<Slow>) -> Result<(), Diagnostics> {
        Self::work(cx, slow.state).await.map(drop).map_err(|failed| failed.diagnostics)
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
        Offers::new().resource("test_slow", Slows)
    }
}

fn slow(id: Value, when_stopped: &str, limit: &str) -> Value {
    let limit = || limit.parse::<crate::text::GoDuration>().unwrap().into();
    let timeouts = TimeoutsConfig { create: limit(), read: limit(), update: limit(), delete: limit() };
    let slow = SlowConfig { when_stopped: when_stopped.into(), timeouts: timeouts.into(), ..SlowConfig::default() };
    let Value::Object(mut members) = slow.into_value() else { panic!() };
    members.insert("id", id);
    Value::Object(members)
}

async fn server() -> Server<Test> {
    let server = Server::new(Test, Process::default());
    server.configure_provider(Request::new(configure_provider::Request::default())).await.unwrap();
    server
}

async fn apply(prior: &Value, planned: &Value) -> (Value, Vec<String>) {
    let kind = Slow::value_type();
    let encoded = |value: &Value| convert::encode(value, &kind).unwrap();
    let mut config = planned.clone();
    if let Value::Object(members) = &mut config {
        members.insert("id", Value::Null);
    }
    let request = apply_resource_change::Request {
        type_name: "test_slow".into(),
        prior_state: encoded(prior),
        planned_state: encoded(planned),
        config: encoded(&config),
        ..Default::default()
    };
    let answer = server().await.apply_resource_change(Request::new(request)).await.unwrap().into_inner();
    let state = convert::decode(answer.new_state.as_ref(), &kind).unwrap();
    (state, answer.diagnostics.into_iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect())
}

#[tokio::test(start_paused = true)]
async fn an_operation_within_its_limit_succeeds_and_so_does_one_that_finishes_when_it_is_told_to_stop() {
    for (when_stopped, limit) in [("fails", "2h"), ("finishes", "1m")] {
        let (state, diagnostics) = apply(&Value::Null, &slow(Value::Unknown, when_stopped, limit)).await;
        assert_eq!((state.get("id").as_str(), diagnostics), (Some("1"), Vec::new()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_that_takes_too_long_is_told_to_stop_and_what_exists_is_stored() {
    let (state, diagnostics) = apply(&Value::Null, &slow(Value::Unknown, "fails", "90s")).await;
    assert_eq!(state.get("id").as_str(), Some("half"));
    let expected = "The create took too long: timeouts.create allows 90s, after which the create was cancelled. Allow more \
                    time there.";
    assert_eq!(diagnostics, ["Stopped: ", expected]);
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_does_not_stop_is_dropped_and_the_prior_state_kept() {
    let stored = slow("1".into(), "goes on", "1s");
    // The core keeps its state when there is an error without one.
    for (verb, planned) in [("update", stored.clone()), ("delete", Value::Null)] {
        let (state, diagnostics) = apply(&stored, &planned).await;
        assert_eq!(state, Value::Null);
        let [error] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
        let start =
            format!("The {verb} took too long: timeouts.{verb} allows 1s, after which the {verb} was cancelled. The ");
        assert!(error.starts_with(&start) && error.contains("it is not known what has taken effect"), "{error}");
    }
    let request = read_resource::Request {
        type_name: "test_slow".into(),
        current_state: convert::encode(&stored, &Slow::value_type()).unwrap(),
        ..Default::default()
    };
    let answer = server().await.read_resource(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(answer.diagnostics[0].summary, "The read took too long");
}

#[tokio::test(start_paused = true)]
async fn what_a_dropped_create_has_kept_is_stored() {
    let (state, diagnostics) = apply(&Value::Null, &slow(Value::Unknown, "keeps", "1s")).await;
    assert_eq!((state.get("id").as_str(), diagnostics.len()), (Some("kept"), 1));
}

/// The state of a schema that had fewer attributes: the object exists, and must not be created a second time.
#[tokio::test]
async fn an_incomplete_state_is_not_an_object_that_is_gone() {
    let before = Value::object([("id", "1".into())]);
    let request = read_resource::Request {
        type_name: "test_slow".into(),
        current_state: convert::encode(&before, &Slow::value_type()).unwrap(),
        ..Default::default()
    };
    let answer = server().await.read_resource(Request::new(request)).await.unwrap().into_inner();
    assert_eq!((answer.diagnostics[0].summary.as_str(), answer.new_state), ("The state is incomplete", None));
    let prior = <Slow as Model>::prior(before).unwrap();
    assert!(prior.whole().is_none() && prior.state.when_stopped.is_null());
    assert_eq!(prior.identity.id, "1");
}

/// A changed limit is stored without a call to the API, so nothing else is unknown in the plan.
#[tokio::test]
async fn a_limit_alone_leaves_what_is_computed_known() {
    let (prior, config) = (slow("1".into(), "fails", "1h"), slow(Value::Null, "fails", "2h"));
    let planned = crate::schema::plan(Slow::schema().all(), crate::schema::Prior(&prior), &config);
    assert_eq!(planned.state, slow("1".into(), "fails", "2h"));
}
