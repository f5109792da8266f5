//! Reading data sources while the provider's configuration may be unknown.

use tonic::Request;

use super::fixture::*;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::schema::{Schema, object_list, string};
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::value::{Type, Value};
use crate::{Context, DataSource, Diagnostics, Offers, Provider, Setup, model};

model! {
    struct Part { size: i64 }
}
model! {
    struct Shelf { name: String, place: String, owner: String, parts: Vec<crate::Attr<Part>> }
}

struct Shelves;

impl DataSource for Shelves {
    type Client = Log;
    type Model = Shelf;

    fn schema(&self) -> Schema {
        Schema::new("")
            .attribute("name", string().required())
            .attribute("place", string().optional())
            .attribute("owner", string().optional_computed())
            .attribute("parts", object_list().attribute("size", crate::schema::int().computed()).computed())
    }

    async fn read(&self, cx: &Context<'_, Log>, config: Shelf) -> Result<Shelf, Diagnostics> {
        cx.client.note("read");
        Ok(Shelf { parts: crate::Attr::Known(Vec::new()), ..config })
    }
}

struct Library;

impl Provider for Library {
    type Client = Log;
    type Config = Config;

    fn schema(&self) -> Schema {
        Test.schema()
    }

    async fn configure(&self, _: Setup<'_>, config: Config) -> Result<Option<Log>, Diagnostics> {
        Ok(config.token.get().map(|_| Log::default()))
    }

    fn offers(&self) -> Offers<Log> {
        Offers::new().data_source("library_shelf", Shelves)
    }
}

fn kind() -> Type {
    Shelves.schema().value_type()
}

async fn read(token: Value, deferral_allowed: bool, owner: Value) -> read_data_source::Response {
    let server = Server::new(Library, Process::default());
    let block = dynamic(&Value::object([("token", token)]), &<Config as crate::Field>::value_type());
    let request = configure_provider::Request { config: block, ..Default::default() };
    server.configure_provider(Request::new(request)).await.unwrap();
    let config =
        Value::object([("name", "a".into()), ("place", Value::Null), ("owner", owner), ("parts", Value::Null)]);
    let capabilities = ClientCapabilities { deferral_allowed, ..Default::default() };
    let request = read_data_source::Request {
        type_name: "library_shelf".into(),
        config: dynamic(&config, &kind()),
        client_capabilities: Some(capabilities),
        ..Default::default()
    };
    server.read_data_source(Request::new(request)).await.unwrap().into_inner()
}

fn result(answer: &read_data_source::Response) -> Value {
    convert::decode(answer.state.as_ref(), &kind()).unwrap()
}

/// As a core plans a data source that it reads during the apply.
#[tokio::test]
async fn a_read_while_the_configuration_is_unknown_is_deferred_where_the_core_allows_it() {
    for (owner, expected) in [(Value::Null, Value::Unknown), ("me".into(), "me".into())] {
        let answer = read(Value::Unknown, true, owner).await;
        assert_eq!(answer.deferred.map(|why| why.reason()), Some(deferred::Reason::ProviderConfigUnknown));
        assert_eq!(severities(&answer.diagnostics), [0; 0]);
        let open = result(&answer);
        assert_eq!((open.get("name").as_str(), open.get("place")), (Some("a"), &Value::Null));
        assert_eq!((open.get("owner"), open.get("parts")), (&expected, &Value::Unknown));
    }
}

#[tokio::test]
async fn err_elsewhere_a_read_while_the_configuration_is_unknown_says_how_to_read_later() {
    let answer = read(Value::Unknown, false, Value::Null).await;
    assert!(answer.deferred.is_none() && answer.state.is_none());
    let [error] = answer.diagnostics.as_slice() else { panic!("one error: {answer:?}") };
    assert_eq!(error.summary, "The provider's configuration is not known yet");
    assert!(error.detail.contains("depends_on"), "{}", error.detail);
}

#[tokio::test]
async fn a_read_with_a_known_configuration_is_never_deferred() {
    for allowed in [false, true] {
        let answer = read("t".into(), allowed, Value::Null).await;
        assert!(answer.deferred.is_none(), "{answer:?}");
        assert_eq!(result(&answer).get("parts"), &Value::List(Vec::new()));
    }
}
