//! Sets and values of any type, from the encoded request through a model and back.

use tonic::Request;

use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::schema::{Schema, dynamic, object_set, set_of, string};
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::value::{Type, Value};
use crate::{Applied, Attr, Context, Diagnostics, Field as _, Model as _, Offers, Provider, Resource, Setup, model};

model! {
    struct Nothing {}
}
model! {
    struct Part { name: String, made: String }
}
model! {
    struct Bag { tags: Vec<Attr<String>>, parts: Vec<Attr<Part>>, any: Value }
}

struct Bags;

impl Resource for Bags {
    type Client = ();
    type Model = Bag;

    fn schema(&self) -> Schema {
        let part = object_set().attribute("name", string().required()).attribute("made", string().computed());
        Schema::new("").attribute("tags", set_of(Type::String)).attribute("parts", part).attribute("any", dynamic())
    }

    async fn create(&self, _: &Context<'_, ()>, plan: Bag) -> Applied<Bag> {
        let made = |part: Attr<Part>| Attr::Known(Part { made: "yes".into(), ..part.take().unwrap_or_default() });
        let parts: Vec<_> = plan.parts.clone().take().unwrap_or_default().into_iter().map(made).collect();
        Ok(Bag { parts: parts.into(), ..plan })
    }

    async fn read(&self, _: &Context<'_, ()>, state: Bag) -> Result<Option<Bag>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(&self, _: &Context<'_, ()>, _: Bag, plan: Bag) -> Applied<Bag> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Bag) -> Result<(), Diagnostics> {
        Ok(())
    }
}

struct Test;

impl Provider for Test {
    type Client = ();
    type Config = Nothing;

    fn schema(&self) -> Schema {
        Schema::new("")
    }

    async fn configure(&self, _: Setup<'_>, _: Nothing) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().resource("test_bag", Bags)
    }
}

fn bag(tags: &[Value], parts: &[(Value, Value)], any: Value) -> Value {
    let parts = parts.iter().map(|(name, made)| Value::object([("name", name.clone()), ("made", made.clone())]));
    let (tags, parts) = (Value::set(tags.to_vec()), Value::set(parts.collect()));
    Value::object([("tags", tags), ("parts", parts), ("any", any)])
}

async fn plan(server: &Server<Test>, config: &Value) -> Value {
    let kind = Bags.schema().value_type();
    let request = plan_resource_change::Request {
        type_name: "test_bag".into(),
        prior_state: convert::encode(&Value::Null, &kind).unwrap(),
        proposed_new_state: convert::encode(config, &kind).unwrap(),
        config: convert::encode(config, &kind).unwrap(),
        ..Default::default()
    };
    let answer = server.plan_resource_change(Request::new(request)).await.unwrap().into_inner();
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    convert::decode(answer.planned_state.as_ref(), &kind).unwrap()
}

#[test]
fn the_model_has_the_schemas_attributes() {
    assert_eq!(crate::holds_against::<Bag>(&Bags.schema()), Ok(()));
    assert!(Nothing::ATTRIBUTES.is_empty() && Nothing::value_type() == Type::Object(Default::default()));
}

#[tokio::test]
async fn sets_and_values_of_any_type_are_planned_and_applied() {
    let server = Server::new(Test, Process::default());
    server.configure_provider(Request::new(configure_provider::Request::default())).await.unwrap();
    let kind = Bags.schema().value_type();
    let any = Value::Dynamic(Box::new((Type::String, "x".into())));
    let names = |made: &Value| [("p".into(), made.clone()), ("q".into(), made.clone())];
    let config = bag(&["b".into(), "a".into()], &names(&Value::Null), any.clone());
    let planned = plan(&server, &config).await;
    assert_eq!(planned, bag(&["a".into(), "b".into()], &names(&Value::Unknown), any.clone()));
    let request = apply_resource_change::Request {
        type_name: "test_bag".into(),
        planned_state: convert::encode(&planned, &kind).unwrap(),
        config: convert::encode(&config, &kind).unwrap(),
        ..Default::default()
    };
    let applied = server.apply_resource_change(Request::new(request)).await.unwrap().into_inner();
    assert!(applied.diagnostics.is_empty(), "{:?}", applied.diagnostics);
    let state = convert::decode(applied.new_state.as_ref(), &kind).unwrap();
    assert_eq!(state, bag(&["a".into(), "b".into()], &names(&"yes".into()), any));
}

/// The core rejects a plan with fewer elements than the configuration.
#[tokio::test]
async fn elements_that_are_not_known_yet_stay_as_many_as_were_configured() {
    let server = Server::new(Test, Process::default());
    let open = [(Value::Unknown, Value::Null), (Value::Unknown, Value::Null)];
    let planned = plan(&server, &bag(&[Value::Unknown, Value::Unknown], &open, Value::Null)).await;
    for name in ["tags", "parts"] {
        let Value::Set(elements) = planned.get(name) else { panic!("{name} is a set") };
        assert_eq!(elements.len(), 2, "{name}");
    }
}
