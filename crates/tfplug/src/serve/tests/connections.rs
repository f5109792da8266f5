//! Several configurations of one provider on one process.

use super::*;
use crate::proto::tfplugin6::{DynamicValue, configure_provider, read_data_source, stop_provider};
use crate::schema::{Schema, string};
use crate::server::Server as Service;
use crate::value::{Value, decode, encode};
use crate::{Attr, Context, DataSource, Diagnostics, Field as _, Offers, Setup, model};

model! {
    struct Host { host: String }
}

struct Hosts;

impl crate::Provider for Hosts {
    type Client = String;
    type Config = Host;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("host", string())
    }

    async fn configure(&self, _: Setup<'_>, config: Host) -> Result<Option<String>, Diagnostics> {
        Ok(config.host.take())
    }

    fn offers(&self) -> Offers<String> {
        Offers::new().data_source("test_host", Which)
    }
}

/// Tells which host its client is for.
struct Which;

impl DataSource for Which {
    type Client = String;
    type Model = Host;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("host", string().computed())
    }

    async fn read(&self, cx: &Context<'_, String>, _: Host) -> Result<Host, Diagnostics> {
        if cx.stop.is_cancelled() {
            return Err(crate::Diagnostic::error("stopped", "").into());
        }
        Ok(Host { host: cx.client.clone().into() })
    }
}

fn wire(host: Attr<String>) -> Option<DynamicValue> {
    let value = Value::object([("host", host.into_value())]);
    Some(DynamicValue { msgpack: encode(&value, &Host::value_type()).unwrap().into(), ..Default::default() })
}

async fn configure(client: &mut ProviderClient<Channel>, host: &str) {
    let request = configure_provider::Request { config: wire(host.into()), ..Default::default() };
    assert!(client.configure_provider(request).await.unwrap().into_inner().diagnostics.is_empty());
}

/// The host, or what is wrong.
async fn which(client: &mut ProviderClient<Channel>) -> String {
    let request =
        read_data_source::Request { type_name: "test_host".into(), config: wire(Attr::Null), ..Default::default() };
    let answer = client.read_data_source(request).await.unwrap().into_inner();
    match answer.diagnostics.first() {
        Some(error) => error.summary.clone(),
        None => {
            let state = decode(&answer.state.unwrap().msgpack, &Host::value_type()).unwrap();
            state.get("host").as_str().unwrap().to_owned()
        }
    }
}

async fn debugged() -> (Plugin, Core) {
    let bound = bind::bind(&Launch::default()).unwrap();
    let line = Line { version: 6, address: Address::Unix(bound.address.to_string().into()), certificate: None };
    let started = Started { bound, ends: ExitSignals::new(Mode::Debug).unwrap(), tls: None };
    let process = Process::default();
    let shared = process.clone();
    let server = Service::new(Hosts, process.clone());
    let running = tokio::spawn(async move { started.serve(&shared, move || grpc(server.for_connection())).await });
    (Plugin { line, process, running }, Core::new().unwrap())
}

#[tokio::test]
async fn in_debug_mode_each_connection_has_the_configuration_that_came_on_it() {
    let (plugin, core) = debugged().await;
    let mut one = ProviderClient::new(core.connect(&plugin.line).await.unwrap());
    let mut other = ProviderClient::new(core.connect(&plugin.line).await.unwrap());
    configure(&mut one, "one").await;
    assert_eq!(which(&mut other).await, "Bug in the provider", "nothing was configured on this connection");
    configure(&mut other, "other").await;
    let (first, second) = tokio::join!(which(&mut one), which(&mut other));
    assert_eq!((first.as_str(), second.as_str()), ("one", "other"));
    configure(&mut one, "another").await;
    assert_eq!((which(&mut other).await, which(&mut one).await), ("other".to_owned(), "another".to_owned()));
    one.stop_provider(stop_provider::Request {}).await.unwrap();
    assert_eq!((which(&mut one).await, which(&mut other).await), ("stopped".to_owned(), "other".to_owned()));
    plugin.running.abort();
}
