//! What each call answers while the provider's configuration is not known yet, with and without a core that accepts deferrals.

use tonic::Request;

use super::fixture::*;
use crate::proto::tfplugin6::deferred::Reason;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::serve::Process;
use crate::server::Server;
use crate::value::Value;
use crate::{Diagnostics, Offers, Provider, Setup};

const NOT_KNOWN: &str = "The provider's configuration is not known yet";

/// A core that configured the provider with a token that it does not know yet.
async fn early() -> Core {
    let core = Core::unconfigured();
    assert_eq!(severities(&core.configure(Value::Unknown).await), [2], "one warning, no error");
    core
}

fn capabilities(deferral_allowed: bool) -> Option<ClientCapabilities> {
    Some(ClientCapabilities { deferral_allowed, ..Default::default() })
}

fn reason(deferred: Option<Deferred>) -> Option<Reason> {
    deferred.map(|deferred| deferred.reason())
}

fn summary(all: &[Diagnostic]) -> &str {
    let [one] = all else { panic!("one error: {all:?}") };
    assert_eq!(one.severity, 1);
    &one.summary
}

#[tokio::test]
async fn a_refresh_returns_the_state_unchanged_and_is_deferred_where_the_core_can() {
    let before = stored("gone", &[]);
    for (client, expected) in
        [(capabilities(true), Some(Reason::ProviderConfigUnknown)), (capabilities(false), None), (None, None)]
    {
        let request = read_resource::Request {
            type_name: THING.into(),
            current_state: thing(&before),
            private: "{\"a\":\"b\"}".into(),
            client_capabilities: client,
            ..Default::default()
        };
        let answer = early().await.server.read_resource(Request::new(request)).await.unwrap().into_inner();
        assert_eq!(state(&answer.new_state), before);
        assert_eq!(answer.private, "{\"a\":\"b\"}");
        assert_eq!((reason(answer.deferred), answer.diagnostics), (expected, vec![]));
    }
}

#[tokio::test]
async fn a_plan_goes_on_and_is_deferred_where_the_core_can() {
    for (name, allowed, expected) in [
        ("a", true, Some(Reason::ProviderConfigUnknown)),
        // The resource's own reason counts.
        ("early", true, Some(Reason::AbsentPrereq)),
        ("a", false, None),
    ] {
        let config = config(&[("name", name.into())]);
        let client = capabilities(allowed).unwrap();
        let answer = early().await.plan_with(&Value::Null, &config, client).await;
        assert_eq!(state(&answer.planned_state).get("name").as_str(), Some(name));
        assert_eq!((reason(answer.deferred), answer.diagnostics), (expected, vec![]));
    }
}

#[tokio::test]
async fn a_destroy_is_planned_and_deferred_where_the_core_can() {
    for (allowed, expected) in [(true, Some(Reason::ProviderConfigUnknown)), (false, None)] {
        let client = capabilities(allowed).unwrap();
        let answer = early().await.plan_with(&stored("1", &[]), &Value::Null, client).await;
        assert!(state(&answer.planned_state).is_null());
        assert_eq!((reason(answer.deferred), answer.diagnostics), (expected, vec![]));
    }
}

#[tokio::test]
async fn an_import_is_deferred_where_the_core_can_and_else_says_what_to_do() {
    let import = async |allowed| {
        let request = import_resource_state::Request {
            type_name: THING.into(),
            id: "7".into(),
            client_capabilities: capabilities(allowed),
            ..Default::default()
        };
        early().await.server.import_resource_state(Request::new(request)).await.unwrap().into_inner()
    };
    let deferred = import(true).await;
    assert_eq!(reason(deferred.deferred), Some(Reason::ProviderConfigUnknown));
    assert!(deferred.imported_resources.is_empty() && deferred.diagnostics.is_empty());
    let refused = import(false).await;
    assert_eq!((summary(&refused.diagnostics), refused.deferred), (NOT_KNOWN, None));
}

#[tokio::test]
async fn closing_an_ephemeral_resource_that_could_not_be_opened_does_nothing() {
    let request = close_ephemeral_resource::Request { type_name: "test_lease".into(), private: None };
    let core = early().await;
    let closed = core.server.close_ephemeral_resource(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(closed.diagnostics, vec![]);
}

/// Nothing is deferred once the configuration is known: the core would never ask again.
#[tokio::test]
async fn nothing_is_deferred_for_the_provider_once_it_is_configured() {
    let core = early().await;
    core.configure("t".into()).await;
    let client = capabilities(true).unwrap();
    let answer = core.plan_with(&Value::Null, &config(&[("name", "a".into())]), client).await;
    assert_eq!(answer.deferred, None);
}

/// Knows its configuration and still defers where it can.
struct Reluctant;

impl Provider for Reluctant {
    type Client = Log;
    type Config = Config;

    fn schema(&self) -> crate::schema::Schema {
        Test.schema()
    }

    async fn configure(&self, setup: Setup<'_>, _: Config) -> Result<Option<Log>, Diagnostics> {
        Ok((!setup.deferral_allowed).then(Log::default))
    }

    fn offers(&self) -> Offers<Log> {
        Test.offers()
    }
}

#[tokio::test]
async fn a_provider_can_defer_for_a_reason_of_its_own_where_the_core_can() {
    for (allowed, expected) in [(true, Some(Reason::ProviderConfigUnknown)), (false, None)] {
        let server = Server::new(Reluctant, Process::default());
        let block = dynamic(&Value::object([("token", "t".into())]), &<Config as crate::Field>::value_type());
        let request = configure_provider::Request {
            config: block,
            client_capabilities: capabilities(allowed),
            ..Default::default()
        };
        server.configure_provider(Request::new(request)).await.unwrap();
        let request = read_resource::Request {
            type_name: THING.into(),
            current_state: thing(&stored("1", &[])),
            client_capabilities: capabilities(allowed),
            ..Default::default()
        };
        let answer = server.read_resource(Request::new(request)).await.unwrap().into_inner();
        assert_eq!((reason(answer.deferred), answer.diagnostics), (expected, vec![]));
    }
}

/// The summaries of the warnings, and the reason.
type Said = (Vec<String>, Option<Reason>);

fn said(diagnostics: &[Diagnostic], deferred: Option<Deferred>) -> Said {
    (diagnostics.iter().map(|one| one.summary.clone()).collect(), reason(deferred))
}

#[tokio::test]
async fn handlers_of_data_sources_ephemeral_resources_and_actions_defer_where_the_core_can() {
    let core = Core::start().await;
    let of =
        |members: [(&'static str, Value); 2]| dynamic(&Value::object(members), &<Sized as crate::Field>::value_type());
    let early = || of([("prefix", "early".into()), ("size", Value::Null)]);
    let (open, decided) = (
        of([("prefix", "early".into()), ("size", Value::Unknown)]),
        of([("prefix", "early".into()), ("size", 7.into())]),
    );
    let name = || "test_sized".to_owned();
    for (allowed, result, expected) in
        [(true, open, (vec![], Some(Reason::AbsentPrereq))), (false, decided, (vec!["early".to_owned()], None))]
    {
        let client_capabilities = capabilities(allowed);
        let request =
            read_data_source::Request { type_name: name(), config: early(), client_capabilities, provider_meta: None };
        let read = core.server.read_data_source(Request::new(request)).await.unwrap().into_inner();
        assert_eq!((read.state, said(&read.diagnostics, read.deferred)), (result.clone(), expected.clone()));

        let request = open_ephemeral_resource::Request { type_name: name(), config: early(), client_capabilities };
        let opened = core.server.open_ephemeral_resource(Request::new(request)).await.unwrap().into_inner();
        assert_eq!((opened.result, said(&opened.diagnostics, opened.deferred)), (result, expected.clone()));

        let query = Value::object([("prefix", "early".into())]);
        let request = plan_action::Request {
            action_type: "test_push".into(),
            config: dynamic(&query, &<Query as crate::Field>::value_type()),
            client_capabilities,
        };
        let planned = core.server.plan_action(Request::new(request)).await.unwrap().into_inner();
        // A core accepts no other reason from an action.
        let expected = (expected.0, expected.1.map(|_| Reason::ProviderConfigUnknown));
        assert_eq!(said(&planned.diagnostics, planned.deferred), expected);
    }
}
