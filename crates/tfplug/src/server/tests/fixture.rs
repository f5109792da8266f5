//! A small provider whose resource can fail in every way, and calls to it as a core makes them.

use std::sync::Mutex;

use tonic::Request;

use crate::context::lock;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::schema::{Schema, int, object, string};
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::value::{Type, Value};
use crate::{
    Action, Applied, Attr, Context, DataSource, Deferral, Diagnostics, EphemeralResource, Failed, Field as _, ImportId,
    ListResource, ListResults, MoveSource, Moved, Offers, Opened, PlanRequest, Progress, Provider, Resource, Setup,
    StoredState, model,
};

pub(super) const THING: &str = "test_thing";

model! {
    pub struct Config { token: String }
}
model! {
    pub struct Inner { size: i64 }
}
model! {
    pub struct Thing {
        id: String,
        name: String,
        size: i64,
        place: String,
        secret: String,
        inner: Inner,
        seen: String,
    }
}
model! {
    struct ThingOfVersion1 { title: String }
}
model! {
    pub struct Query { prefix: String }
}
model! {
    pub struct Sized { prefix: String, size: i64 }
}

/// The calls of handlers, in order; the name of a thing chooses how a call ends.
#[derive(Default)]
pub(super) struct Log(Mutex<Vec<String>>);

impl Log {
    pub(super) fn note(&self, line: impl Into<String>) {
        lock(&self.0).push(line.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.0))
    }
}

pub(super) struct Things;

impl Resource for Things {
    type Client = Log;
    type Model = Thing;

    fn schema(&self) -> Schema {
        Schema::new("A thing.")
            .version(2)
            .attribute("id", string().computed().use_state_for_unknown())
            .attribute("name", string().required().length(1, 20))
            .attribute("size", int().default_value(1))
            .attribute("place", string().requires_replace())
            .attribute("secret", string().sensitive().write_only())
            .attribute("inner", object().attribute("size", int().default_value(5)))
            .attribute("seen", string().computed())
    }

    fn identity(&self) -> &'static [&'static str] {
        &["id"]
    }

    fn validate(&self, config: &Thing) -> Diagnostics {
        match (config.name.get().map(String::as_str), &config.place) {
            (Some("homeless"), Attr::Known(_)) => crate::Diagnostic::error("homeless has a place", "").into(),
            _ => Diagnostics::new(),
        }
    }

    async fn plan(&self, request: &mut PlanRequest<'_, Log, Thing>) -> Result<(), Diagnostics> {
        let change = match (&request.prior, &request.planned) {
            (None, _) => "create",
            (_, None) => "destroy",
            _ => "update",
        };
        let Some(thing) = request.planned.as_ref().or(request.prior.as_ref()) else { return Ok(()) };
        match thing.name.clone().take().unwrap_or_default().as_str() {
            "planned" => {
                let configured = request.config.as_ref().and_then(|config| config.secret.get().cloned());
                request.private.set("planned", format!("{change} with {configured:?}"));
                request.warn(crate::Diagnostic::warning(
                    format!("{change} with client: {}", request.client.is_some()),
                    "",
                ));
                request.replace_for(crate::Path::of("size"));
                if let Some(planned) = &mut request.planned {
                    planned.seen = "already".into();
                }
            }
            "refused" => return Err(crate::Diagnostic::error(format!("no {change}"), "").into()),
            "early" if !request.defer(Deferral::AbsentPrerequisite) => {
                request.warn(crate::Diagnostic::warning("early", ""));
            }
            "vanishes" => request.planned = None,
            "chosen" if request.keeps_private() => {
                let recorded = request.planned_private.and_then(|private| private.get("chosen"));
                let chosen = recorded.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
                request.private.set("chosen", &chosen);
                if let Some(planned) = &mut request.planned {
                    planned.seen = chosen.into();
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn create(&self, cx: &Context<'_, Log>, plan: Thing) -> Applied<Thing> {
        cx.client.note(format!("create with secret {:?}", plan.secret.get()));
        let made = Thing { id: "new".into(), seen: "made".into(), ..plan.clone() };
        match plan.name.get().map_or("", String::as_str) {
            "fails" | "waits and fails" => Err(crate::Diagnostic::error("no", "").into()),
            "silent" => Err(Failed::with(made, Diagnostics::new())),
            "half" => Err(Failed::with(Thing { id: "new".into(), ..plan }, crate::Diagnostic::error("half", ""))),
            "panics" => panic!("a text that may be secret"),
            "panics late" => {
                cx.keep(made);
                panic!("a text that may be secret")
            }
            "open" => Ok(Thing { seen: Attr::Unknown, ..made }),
            "other" => Ok(Thing { size: 99.into(), ..made }),
            "warns" => {
                cx.warn(crate::Diagnostic::warning("careful", ""));
                cx.private.set("made", "yes");
                Ok(made)
            }
            _ => Ok(made),
        }
    }

    async fn read(&self, cx: &Context<'_, Log>, state: Thing) -> Result<Option<Thing>, Diagnostics> {
        cx.client.note("read");
        match state.id.get().map_or("", String::as_str) {
            "gone" => Ok(None),
            "broken" => Err(crate::Diagnostic::error("unreachable", "").into()),
            "silent" => Err(crate::Diagnostic::warning("only that", "").into()),
            "swapped" => Ok(Some(Thing { id: "another".into(), ..state })),
            _ => Ok(Some(Thing { seen: "read".into(), ..state })),
        }
    }

    async fn update(&self, cx: &Context<'_, Log>, prior: Thing, plan: Thing) -> Applied<Thing> {
        cx.client.note(format!("update from {:?}", prior.size.get()));
        match plan.name.get().map_or("", String::as_str) {
            "fails" | "waits and fails" => {
                cx.private.set("tried", "yes");
                Err(crate::Diagnostic::error("no", "").into())
            }
            "turned down" => Err(crate::Diagnostic::error("no", "").into()),
            "half" => Err(Failed::with(plan, crate::Diagnostic::error("half", ""))),
            "swapped" => Ok(Thing { id: "another".into(), seen: "updated".into(), ..plan }),
            "half swapped" => {
                let another = Thing { id: "another".into(), ..plan };
                Err(Failed::with(another, crate::Diagnostic::error("half", "")))
            }
            _ => Ok(Thing { seen: "updated".into(), ..plan }),
        }
    }

    async fn delete(&self, cx: &Context<'_, Log>, state: Thing) -> Result<(), Diagnostics> {
        cx.client.note("delete");
        match state.id.get().map_or("", String::as_str) {
            "broken" => Err(crate::Diagnostic::error("unreachable", "").into()),
            "half" => {
                cx.keep(Thing { place: "emptied".into(), ..state });
                Err(crate::Diagnostic::error("unreachable", "").into())
            }
            _ => Ok(()),
        }
    }

    async fn import(&self, _: &Context<'_, Log>, id: ImportId<Thing>) -> Result<Thing, Diagnostics> {
        match id {
            ImportId::Id(id) => Ok(Thing { id: id.into(), ..Thing::default() }),
            ImportId::Identity(thing) => Ok(thing),
        }
    }

    fn upgrade(&self, version: i64, state: StoredState) -> Result<Thing, Diagnostics> {
        let old: ThingOfVersion1 = state.read()?;
        let name = format!("{} of version {version}", old.title.take().unwrap_or_default());
        Ok(Thing { id: "old".into(), name: name.into(), ..Thing::default() })
    }

    fn move_from(&self, source: &MoveSource) -> Result<Option<Moved<Thing>>, Diagnostics> {
        if source.type_name != "other_thing" {
            return Ok(None);
        }
        let identity = source.identity.as_ref().and_then(|identity| identity.json()["key"].as_str());
        let state =
            Thing { id: identity.unwrap_or("moved").into(), name: source.type_name.clone().into(), ..Thing::default() };
        Ok(Some(Moved { state, private: source.private() }))
    }
}

struct Looked;

impl DataSource for Looked {
    type Client = Log;
    type Model = Inner;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("size", int().computed())
    }

    async fn read(&self, cx: &Context<'_, Log>, _: Inner) -> Result<Inner, Diagnostics> {
        cx.warn(crate::Diagnostic::warning("old", ""));
        Ok(Inner { size: 7.into() })
    }
}

struct Lease;

impl EphemeralResource for Lease {
    type Client = Log;
    type Model = Inner;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("size", int().computed())
    }

    async fn open(&self, cx: &Context<'_, Log>, _: Inner) -> Result<Opened<Inner>, Diagnostics> {
        cx.private.set("lease", "1");
        let renew_at = Some(std::time::UNIX_EPOCH + std::time::Duration::from_secs(60));
        Ok(Opened { result: Inner { size: 7.into() }, renew_at })
    }

    async fn close(&self, cx: &Context<'_, Log>) -> Result<(), Diagnostics> {
        cx.client.note(format!("close lease {:?}", cx.private.get("lease")));
        Ok(())
    }
}

struct SizedLooked;

impl DataSource for SizedLooked {
    type Client = Log;
    type Model = Sized;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("prefix", string().required()).attribute("size", int().computed())
    }

    async fn read(&self, cx: &Context<'_, Log>, config: Sized) -> Result<Sized, Diagnostics> {
        if config.prefix == "early".into() && !cx.defer(Deferral::AbsentPrerequisite) {
            cx.warn(crate::Diagnostic::warning("early", ""));
        }
        Ok(Sized { size: 7.into(), ..config })
    }
}

struct SizedLease;

impl EphemeralResource for SizedLease {
    type Client = Log;
    type Model = Sized;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("prefix", string().required()).attribute("size", int().computed())
    }

    async fn open(&self, cx: &Context<'_, Log>, config: Sized) -> Result<Opened<Sized>, Diagnostics> {
        if config.prefix == "early".into() && !cx.defer(Deferral::AbsentPrerequisite) {
            cx.warn(crate::Diagnostic::warning("early", ""));
        }
        Ok(Opened { result: Sized { size: 7.into(), ..config }, renew_at: None })
    }
}

struct Push;

impl Action for Push {
    type Client = Log;
    type Model = Query;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("prefix", string().required())
    }

    async fn plan(&self, plan: crate::ActionPlan<'_, Log, Query>) -> Result<(), Diagnostics> {
        if plan.config.prefix == "early".into() && !plan.defer() {
            plan.warn(crate::Diagnostic::warning("early", ""));
        }
        Ok(())
    }

    async fn invoke(&self, cx: &Context<'_, Log>, config: Query, progress: Progress) -> Result<(), Diagnostics> {
        progress.say("one");
        if config.prefix.get().is_some_and(|prefix| prefix.starts_with("waits")) {
            cx.stop.cancelled().await;
        }
        progress.say("two");
        match config.prefix.get().map_or("", String::as_str) {
            "fails" | "waits and fails" => Err(crate::Diagnostic::error("no", "").into()),
            "panics" => panic!("a text that may be secret"),
            _ => Ok(()),
        }
    }
}

impl ListResource for Push {
    type Client = Log;
    type Model = Query;
    type Found = Thing;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("prefix", string().required())
    }

    async fn list(
        &self,
        cx: &Context<'_, Log>,
        config: Query,
        results: &mut ListResults<'_, Thing>,
    ) -> Result<(), Diagnostics> {
        let prefix = config.prefix.take().unwrap_or_default();
        for n in 0..3 {
            cx.client.note(format!("found {n} of {}", results.remaining()));
            let thing = Thing { id: format!("{prefix}{n}").into(), ..Thing::default() };
            let resource = async {
                cx.client.note(format!("converted {n}"));
                match (prefix.as_str(), n) {
                    ("odd", 1) => Err(crate::Diagnostic::error("odd one", "Why.").at(crate::Path::of("name")).into()),
                    ("panics", 1) => panic!("a text that may be secret"),
                    _ => Ok(thing.clone()),
                }
            };
            match (prefix.as_str(), n) {
                ("warns", _) => cx.warn(crate::Diagnostic::warning(format!("before {n}"), "")),
                ("fails", 2) => return Err(crate::Diagnostic::error("no more", "").into()),
                ("waits", 1) => std::future::pending().await,
                _ => {}
            }
            let identity = if (prefix.as_str(), n) == ("nameless", 1) { Thing::default() } else { thing.clone() };
            results.send(format!("{prefix} {n}"), identity, resource).await;
        }
        cx.warn(crate::Diagnostic::warning("after all", ""));
        Ok(())
    }
}

pub(super) struct Test;

impl Provider for Test {
    type Client = Log;
    type Config = Config;

    fn schema(&self) -> Schema {
        Schema::new("A test.").attribute("token", string().sensitive())
    }

    async fn configure(&self, setup: Setup<'_>, config: Config) -> Result<Option<Log>, Diagnostics> {
        setup.warn(crate::Diagnostic::warning("noted", setup.core_version));
        match config.token {
            Attr::Unknown => Ok(None),
            Attr::Null => Err(crate::Diagnostic::error("no token", "").into()),
            Attr::Known(_) => Ok(Some(Log::default())),
        }
    }

    fn offers(&self) -> Offers<Log> {
        Offers::new()
            .resource(THING, Things)
            .data_source("test_looked", Looked)
            .data_source("test_sized", SizedLooked)
            .ephemeral_resource("test_lease", Lease)
            .ephemeral_resource("test_sized", SizedLease)
            .action("test_push", Push)
            .list_resource(THING, Push)
    }
}

/// A provider with two mistakes that a core would report only at run time.
pub(super) struct Misnamed;

struct Uid;

impl Resource for Uid {
    type Client = Log;
    type Model = Inner;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("size", int())
    }

    fn identity(&self) -> &'static [&'static str] {
        &["uid"]
    }

    async fn create(&self, _: &Context<'_, Log>, plan: Inner) -> Applied<Inner> {
        Ok(plan)
    }

    async fn read(&self, _: &Context<'_, Log>, state: Inner) -> Result<Option<Inner>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(&self, _: &Context<'_, Log>, _: Inner, plan: Inner) -> Applied<Inner> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, Log>, _: Inner) -> Result<(), Diagnostics> {
        Ok(())
    }
}

impl Provider for Misnamed {
    type Client = Log;
    type Config = Config;

    fn schema(&self) -> Schema {
        Test.schema()
    }

    async fn configure(&self, _: Setup<'_>, _: Config) -> Result<Option<Log>, Diagnostics> {
        Ok(None)
    }

    fn offers(&self) -> Offers<Log> {
        Offers::new().resource(THING, Uid).list_resource("test_other", Push)
    }
}

/// A provider that registers a name twice.
pub(super) struct Twice;

impl Provider for Twice {
    type Client = Log;
    type Config = Config;

    fn schema(&self) -> Schema {
        Test.schema()
    }

    async fn configure(&self, _: Setup<'_>, _: Config) -> Result<Option<Log>, Diagnostics> {
        Ok(None)
    }

    fn offers(&self) -> Offers<Log> {
        Test.offers().resource(THING, Things)
    }
}

/// The service under test, and a core's calls.
pub(super) struct Core {
    pub(super) server: Server<Test>,
}

impl Core {
    pub(super) fn unconfigured() -> Self {
        Self { server: Server::new(Test, Process::default()) }
    }

    pub(super) async fn start() -> Self {
        let core = Self::unconfigured();
        assert_eq!(severities(&core.configure("t".into()).await), [2], "one warning");
        core
    }

    pub(super) async fn configure(&self, token: Value) -> Vec<Diagnostic> {
        let config = dynamic(&Value::object([("token", token)]), &Config::value_type());
        let request = configure_provider::Request { terraform_version: "1.11.4".into(), config, ..Default::default() };
        self.server.configure_provider(Request::new(request)).await.unwrap().into_inner().diagnostics
    }

    pub(super) fn log(&self) -> Vec<String> {
        log_of(&self.server)
    }

    pub(super) async fn plan(&self, prior: &Value, config: &Value) -> plan_resource_change::Response {
        self.plan_with(prior, config, ClientCapabilities::default()).await
    }

    pub(super) async fn plan_with(
        &self,
        prior: &Value,
        config: &Value,
        capabilities: ClientCapabilities,
    ) -> plan_resource_change::Response {
        let more = plan_resource_change::Request { client_capabilities: Some(capabilities), ..Default::default() };
        self.plan_as(prior, config, more).await
    }

    /// Plans with what `more` has besides the values.
    pub(super) async fn plan_as(
        &self,
        prior: &Value,
        config: &Value,
        more: plan_resource_change::Request,
    ) -> plan_resource_change::Response {
        let proposed = proposed(prior, config);
        let request = plan_resource_change::Request {
            type_name: THING.into(),
            prior_state: thing(prior),
            proposed_new_state: thing(&proposed),
            config: thing(config),
            prior_private: "{\"a\":\"b\"}".into(),
            ..more
        };
        self.server.plan_resource_change(Request::new(request)).await.unwrap().into_inner()
    }

    pub(super) async fn apply(
        &self,
        prior: &Value,
        planned: &Value,
        config: &Value,
    ) -> apply_resource_change::Response {
        self.apply_with(prior, planned, config, apply_resource_change::Request::default()).await
    }

    /// The same with the private data and identity of `more`.
    pub(super) async fn apply_with(
        &self,
        prior: &Value,
        planned: &Value,
        config: &Value,
        more: apply_resource_change::Request,
    ) -> apply_resource_change::Response {
        let request = apply_resource_change::Request {
            type_name: THING.into(),
            prior_state: thing(prior),
            planned_state: thing(planned),
            config: thing(config),
            ..more
        };
        self.server.apply_resource_change(Request::new(request)).await.unwrap().into_inner()
    }

    /// Plans and applies a create of a thing of that name.
    pub(super) async fn create(&self, name: &str) -> apply_resource_change::Response {
        let config = config(&[("name", name.into()), ("secret", "hunter2".into())]);
        let planned = state(&self.plan(&Value::Null, &config).await.planned_state);
        self.apply(&Value::Null, &planned, &config).await
    }
}

/// What the handlers of a configured provider noted.
pub(super) fn log_of<P: Provider<Client = Log>>(server: &Server<P>) -> Vec<String> {
    match &server.configuration().client {
        crate::server::ClientState::Ready(log) => log.take(),
        _ => Vec::new(),
    }
}

fn proposed(prior: &Value, config: &Value) -> Value {
    let schema = Things.schema();
    let Some(members) = config.members() else { return Value::Null };
    let proposed = members.iter().map(|(name, value)| {
        let computed = schema.all().get(name).is_some_and(crate::schema::Attribute::is_computed);
        (name.clone(), if value.is_null() && computed { prior.get(name).clone() } else { value.clone() })
    });
    Value::Object(proposed.collect())
}

/// A whole configuration or state of a thing, null where nothing is said.
pub(super) fn config(members: &[(&str, Value)]) -> Value {
    let Type::Object(kinds) = Thing::value_type() else { unreachable!() };
    let mut all: crate::value::Members = kinds.keys().map(|name| (name.clone(), Value::Null)).collect();
    all.extend(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Object(all)
}

/// A thing as it is stored.
pub(super) fn stored(id: &str, more: &[(&str, Value)]) -> Value {
    let base = [("id", id.into()), ("name", "a".into()), ("size", 1.into()), ("seen", "then".into())];
    config(&[base.as_slice(), more].concat())
}

pub(super) fn thing(value: &Value) -> Option<DynamicValue> {
    dynamic(value, &Thing::value_type())
}

pub(super) fn dynamic(value: &Value, kind: &Type) -> Option<DynamicValue> {
    convert::encode(value, kind).unwrap()
}

pub(super) fn state(wire: &Option<DynamicValue>) -> Value {
    convert::decode(wire.as_ref(), &Thing::value_type()).unwrap()
}

pub(super) fn severities(all: &[Diagnostic]) -> Vec<i32> {
    all.iter().map(|diagnostic| diagnostic.severity).collect()
}

pub(super) fn identity(wire: &Option<ResourceIdentityData>) -> Option<String> {
    let kind = Type::Object([("id".to_owned(), Type::String)].into());
    let value = convert::decode(wire.as_ref()?.identity_data.as_ref(), &kind).unwrap();
    value.get("id").as_str().map(str::to_owned)
}
