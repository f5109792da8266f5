//! What a module says in its `provider_meta` block, in each call that gets it.

use tonic::Request;

use super::fixture::{Config, Log, Test, dynamic};
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::schema::Schema;
use crate::server::Server;
use crate::value::{Type, Value};
use crate::{
    Applied, Context, DataSource, Diagnostics, Existing, Model, Offers, PlanRequest, Prior, Provider, Resource, Setup,
};

/// Which module it is.
#[derive(Model)]
#[tf(provider_meta)]
struct Meta {
    /// Its name.
    #[tf(required, length(1..=5))]
    module: String,
}

/// A thing.
#[derive(Model)]
#[tf(resource)]
struct Thing {
    /// Its name.
    #[tf(required, identity)]
    name: String,
}

/// A thing.
#[derive(Model)]
#[tf(data_source)]
struct Found {
    /// Its name.
    #[tf(required)]
    name: String,
}

fn note(cx: &Context<'_, Log>, call: &str) -> Result<(), Diagnostics> {
    let meta = cx.provider_meta::<Meta>()?;
    cx.client.note(format!("{call} {:?}", meta.map(|meta| meta.module)));
    Ok(())
}

struct Things;

impl Resource for Things {
    type Client = Log;
    type Model = Thing;

    async fn plan(&self, request: &mut PlanRequest<'_, Log, ThingConfig>) -> Result<(), Diagnostics> {
        let meta = request.provider_meta::<Meta>()?;
        request.client.unwrap().note(format!("plan {:?}", meta.map(|meta| meta.module)));
        Ok(())
    }

    async fn create(&self, cx: &Context<'_, Log>, plan: Thing) -> Applied<Thing> {
        note(cx, "create")?;
        Ok(plan)
    }

    async fn read(&self, cx: &Context<'_, Log>, prior: Prior<Thing>) -> Result<Option<Thing>, Diagnostics> {
        note(cx, "read")?;
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, Log>, _: Existing<Thing>, plan: Thing) -> Applied<Thing> {
        Ok(plan)
    }

    async fn delete(&self, cx: &Context<'_, Log>, _: Existing<Thing>) -> Result<(), Diagnostics> {
        note(cx, "delete")
    }
}

impl DataSource for Things {
    type Client = Log;
    type Model = Found;

    async fn read(&self, cx: &Context<'_, Log>, config: Found) -> Result<Found, Diagnostics> {
        note(cx, "data source")?;
        Ok(config)
    }
}

/// A provider that declares the block, or does not.
struct Modules(bool);

impl Provider for Modules {
    type Client = Log;
    type Config = Config;

    fn schema(&self) -> Schema {
        Test.schema()
    }

    async fn configure(&self, _: Setup<'_>, _: Config) -> Result<Option<Log>, Diagnostics> {
        Ok(None)
    }

    fn offers(&self) -> Offers<Log> {
        let offers = Offers::new().resource("modules_thing", Things).data_source("modules_thing", Things);
        if self.0 { offers.provider_meta::<Meta>() } else { offers }
    }
}

fn thing() -> Option<DynamicValue> {
    let kind = Type::object([("name", Type::String)]);
    dynamic(&Value::object([("name", "a".into())]), &kind)
}

fn nothing() -> Option<DynamicValue> {
    dynamic(&Value::Null, &Type::object([("name", Type::String)]))
}

fn meta(module: Value) -> Option<DynamicValue> {
    let kind = Type::object([("module", Type::String)]);
    dynamic(&Value::object([("module", module)]), &kind)
}

/// Makes each call that has the block, and returns what the handlers saw and the diagnostics.
async fn calls(declared: bool, provider_meta: Option<DynamicValue>) -> (Vec<String>, Vec<Diagnostic>) {
    let server = Server::with_client(Modules(declared), Log::default());
    let type_name = || "modules_thing".to_owned();
    let plan = plan_resource_change::Request {
        type_name: type_name(),
        proposed_new_state: thing(),
        prior_state: nothing(),
        config: thing(),
        provider_meta: provider_meta.clone(),
        ..Default::default()
    };
    let mut found = server.plan_resource_change(Request::new(plan)).await.unwrap().into_inner().diagnostics;
    for (prior_state, planned_state) in [(nothing(), thing()), (thing(), nothing())] {
        let (config, provider_meta) = (planned_state.clone(), provider_meta.clone());
        let (type_name, planned_private) = (type_name(), Default::default());
        let apply = apply_resource_change::Request {
            type_name,
            prior_state,
            planned_state,
            config,
            planned_private,
            provider_meta,
            ..Default::default()
        };
        found.extend(server.apply_resource_change(Request::new(apply)).await.unwrap().into_inner().diagnostics);
    }
    let (current_state, meta) = (thing(), provider_meta.clone());
    let read =
        read_resource::Request { type_name: type_name(), current_state, provider_meta: meta, ..Default::default() };
    found.extend(server.read_resource(Request::new(read)).await.unwrap().into_inner().diagnostics);
    let read =
        read_data_source::Request { type_name: type_name(), config: thing(), provider_meta, ..Default::default() };
    found.extend(server.read_data_source(Request::new(read)).await.unwrap().into_inner().diagnostics);
    (super::fixture::log_of(&server), found)
}

const CALLS: [&str; 5] = ["plan", "create", "delete", "read", "data source"];

#[tokio::test]
async fn each_handler_sees_what_the_module_says() {
    for (declared, block, expected) in [
        (true, meta("net".into()), "Some(\"net\")"),
        (true, meta(Value::Unknown), "None"),
        (true, None, "None"),
        (false, None, "None"),
    ] {
        let (log, diagnostics) = calls(declared, block).await;
        assert_eq!(diagnostics, []);
        assert_eq!(log, CALLS.map(|call| format!("{call} {expected}")));
    }
}

#[tokio::test]
async fn err_a_block_that_breaks_a_rule_stops_each_call() {
    let (log, diagnostics) = calls(true, meta("network".into())).await;
    assert_eq!(log, [""; 0]);
    assert_eq!(diagnostics.len(), CALLS.len());
    for error in diagnostics {
        assert_eq!((error.summary.as_str(), error.attribute), ("Invalid module", None));
        let expected = "In the provider_meta block of the module: Given: \"network\". Allowed: 1 to 5 characters.";
        assert_eq!(error.detail, expected);
    }
}

#[tokio::test]
async fn the_core_learns_the_schema_only_of_a_provider_that_has_one() {
    for (declared, expected) in [(true, Some("module".to_owned())), (false, None)] {
        let server = Server::with_client(Modules(declared), Log::default());
        let all = server.get_provider_schema(Request::new(Default::default())).await.unwrap().into_inner();
        let first = all.provider_meta.and_then(|schema| Some(schema.block?.attributes.first()?.name.clone()));
        assert_eq!(first, expected);
        assert_eq!(crate::problems(&Modules(declared)), Vec::<String>::new());
    }
}
