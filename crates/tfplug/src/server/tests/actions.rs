//! Actions whose model is derived.

use futures_util::StreamExt as _;
use tonic::Request;

use crate::proto::tfplugin6::invoke_action::event::Type as Event;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::value::Value;
use crate::{Action, Context, Diagnostics, Field as _, Model, Offers, Progress, Provider, Setup};

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

/// Logs in.
#[derive(Model)]
#[tf(action)]
struct Login {
    /// The password, which may be ephemeral.
    #[tf(required, write_only)]
    password: String,
    #[tf(write_only)]
    token: Option<String>,
}

struct Logins;

impl Action for Logins {
    type Client = ();
    type Model = Login;

    async fn invoke(&self, _: &Context<'_, ()>, login: Login, progress: Progress) -> Result<(), Diagnostics> {
        progress.say(format!("{} {:?}", login.password.len(), login.token));
        Ok(())
    }
}

struct Test;

impl Provider for Test {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().action("test_login", Logins)
    }
}

/// A core passes ephemeral values to nothing else in an action.
#[tokio::test]
async fn a_write_only_attribute_of_an_action_is_announced_and_reaches_it() {
    let server = Server::new(Test, Process::default());
    assert_eq!(crate::problems(&Test), Vec::<String>::new());
    let all = server.get_provider_schema(Request::new(get_provider_schema::Request {})).await.unwrap().into_inner();
    let block = all.action_schemas["test_login"].schema.as_ref().and_then(|schema| schema.block.as_ref()).unwrap();
    assert!(block.attributes.iter().all(|attribute| attribute.write_only));
    server.configure_provider(Request::new(configure_provider::Request::default())).await.unwrap();
    let config = Value::object([("password", "secret".into()), ("token", Value::Null)]);
    let config = convert::encode(&config, &Login::value_type()).unwrap();
    let request = invoke_action::Request { action_type: "test_login".into(), config, ..Default::default() };
    let events = server.invoke_action(Request::new(request)).await.unwrap().into_inner();
    let events: Vec<_> = events.map(|event| event.unwrap().r#type.unwrap()).collect().await;
    let [Event::Progress(line), Event::Completed(end)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((line.message.as_str(), end.diagnostics.len()), ("6 None", 0));
}
