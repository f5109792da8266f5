//! Objects that are found by a name, which can be changed.

use std::collections::BTreeMap;
use std::sync::Mutex;

use tonic::Request;

use crate::locks::lock;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::server::{Server, convert};
use crate::testing::Harness;
use crate::value::Value;
use crate::{
    Applied, Computed, Context, Diagnostics, Existing, Field as _, Model, Offers, Prior, Provider, Resource, Setup,
};

/// A branch.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, mutable_identity)]
struct Branch {
    #[tf(required, identity, requires_replace)]
    repository: String,
    #[tf(required, identity)]
    name: String,
    #[tf(computed, use_state_for_unknown)]
    number: Computed<i64>,
}

/// The branches' numbers by name. A rename leaves a redirection behind, which a read follows.
#[derive(Default)]
struct Api(Mutex<(BTreeMap<String, i64>, BTreeMap<String, String>)>);

impl Api {
    fn rename(&self, old: &str, new: &str) {
        let (numbers, moved) = &mut *lock(&self.0);
        let number = numbers.remove(old).expect("there is such a branch");
        numbers.insert(new.to_owned(), number);
        moved.insert(old.to_owned(), new.to_owned());
    }
}

struct Branches;

impl Resource for Branches {
    type Client = Api;
    type Model = Branch;

    async fn create(&self, cx: &Context<'_, Api>, plan: Branch) -> Applied<Branch> {
        let numbers = &mut lock(&cx.client.0).0;
        let number = i64::try_from(numbers.len()).unwrap() + 1;
        numbers.insert(plan.name.clone(), number);
        Ok(Branch { number: number.into(), ..plan })
    }

    async fn read(&self, cx: &Context<'_, Api>, prior: Prior<Branch>) -> Result<Option<Branch>, Diagnostics> {
        let (numbers, moved) = &*lock(&cx.client.0);
        let BranchIdentity { repository, name } = prior.identity;
        let name = moved.get(&name).cloned().unwrap_or(name);
        Ok(numbers.get(&name).map(|number| Branch { repository, name, number: (*number).into() }))
    }

    async fn update(&self, cx: &Context<'_, Api>, prior: Existing<Branch>, plan: Branch) -> Applied<Branch> {
        cx.client.rename(&prior.identity.name, &plan.name);
        Ok(plan)
    }

    async fn delete(&self, cx: &Context<'_, Api>, branch: Existing<Branch>) -> Result<(), Diagnostics> {
        lock(&cx.client.0).0.remove(&branch.identity.name);
        Ok(())
    }
}

/// Something whose identity the API forgets.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, mutable_identity)]
struct Ghost {
    #[tf(computed, identity)]
    id: Computed<String>,
    note: Option<String>,
}

struct Ghosts;

impl Resource for Ghosts {
    type Client = Api;
    type Model = Ghost;

    async fn create(&self, _: &Context<'_, Api>, plan: Ghost) -> Applied<Ghost> {
        Ok(Ghost { id: "1".into(), ..plan })
    }

    async fn read(&self, _: &Context<'_, Api>, prior: Prior<Ghost>) -> Result<Option<Ghost>, Diagnostics> {
        prior.into_whole().map(|ghost| Some(Ghost { id: None.into(), ..ghost }))
    }

    async fn update(&self, _: &Context<'_, Api>, _: Existing<Ghost>, plan: Ghost) -> Applied<Ghost> {
        Ok(Ghost { id: None.into(), ..plan })
    }

    async fn delete(&self, _: &Context<'_, Api>, _: Existing<Ghost>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Test;

impl Provider for Test {
    type Client = Api;
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<Api>, Diagnostics> {
        Ok(Some(Api::default()))
    }

    fn offers(&self) -> Offers<Api> {
        Offers::new().resource("test_branch", Branches).resource("test_ghost", Ghosts)
    }
}

fn config(name: &str) -> BranchConfig {
    BranchConfig { repository: "r".into(), name: name.into(), ..BranchConfig::default() }
}

#[tokio::test]
async fn a_new_name_is_an_update_of_the_object_that_had_the_old_one() {
    let tf = Harness::with_client(Test, Api::default());
    let branches = tf.resource::<Branch>("test_branch").unwrap();
    let stored = branches.create(config("old")).await.unwrap();
    let plan = branches.plan(Some(&stored), config("new")).await.unwrap();
    assert_eq!((plan.replaces(), plan.changes()), (&[][..], vec!["name".to_owned()]));
    let renamed = branches.apply(plan).await.unwrap();
    let expected = Branch { repository: "r".into(), name: "new".into(), number: 1.into() };
    assert_eq!(renamed.model().unwrap(), expected);
    assert_eq!(branches.read(&renamed).await.unwrap().unwrap().model().unwrap(), expected);
    // The state from before: the object is found under its new name.
    assert_eq!(branches.read(&stored).await.unwrap().unwrap().model().unwrap(), expected);
}

/// Nothing could be done with the object any more.
#[tokio::test]
async fn an_identity_that_may_change_must_not_be_lost() {
    let tf = Harness::with_client(Test, Api::default());
    let ghosts = tf.resource::<Ghost>("test_ghost").unwrap();
    let config = |note: &str| GhostConfig { note: note.into(), ..GhostConfig::default() };
    let stored = ghosts.create(config("a")).await.unwrap();
    let read = ghosts.read(&stored).await.unwrap_err();
    let error = read.iter().next().unwrap();
    assert_eq!(error.summary(), "Unexpected Identity Change");
    assert!(error.detail().contains("without id, by which it could be found"), "{}", error.detail());
    let plan = ghosts.plan(Some(&stored), config("b")).await.unwrap();
    let updated = ghosts.apply(plan).await.unwrap_err();
    assert!(updated.state.is_none(), "the core keeps the state that it has");
    assert_eq!(updated.diagnostics.iter().next().unwrap().summary(), "Unexpected Identity Change");
}

fn branch(name: Value, number: Value) -> Value {
    Value::object([("repository", "r".into()), ("name", name), ("number", number)])
}

fn identity(name: &str) -> Option<ResourceIdentityData> {
    let value = BranchIdentity { repository: "r".into(), name: name.into() }.into_value();
    let identity_data = convert::encode(&value, &BranchIdentity::value_type()).unwrap();
    Some(ResourceIdentityData { identity_data })
}

async fn planned_identity(prior: Value, config: Value) -> Option<ResourceIdentityData> {
    let encoded = |value: &Value| convert::encode(value, &Branch::value_type()).unwrap();
    let request = plan_resource_change::Request {
        type_name: "test_branch".into(),
        prior_state: encoded(&prior),
        config: encoded(&config),
        prior_identity: identity("old"),
        ..Default::default()
    };
    let server = Server::with_client(Test, Api::default());
    server.plan_resource_change(Request::new(request)).await.unwrap().into_inner().planned_identity
}

#[tokio::test]
async fn the_plan_has_the_new_identity_as_far_as_it_is_known() {
    let (prior, renamed) = (branch("old".into(), 1.into()), branch("new".into(), Value::Null));
    assert_eq!(planned_identity(prior.clone(), renamed.clone()).await, identity("new"));
    assert_eq!(planned_identity(prior.clone(), branch(Value::Unknown, Value::Null)).await, None);
    assert_eq!(planned_identity(prior, Value::Null).await, identity("old"), "a destroy");
    assert_eq!(planned_identity(Value::Null, renamed).await, None, "a create");
}

#[tokio::test]
async fn the_state_of_an_apply_comes_with_the_new_identity() {
    let api = Api::default();
    lock(&api.0).0.insert("old".to_owned(), 1);
    let encoded = |value: &Value| convert::encode(value, &Branch::value_type()).unwrap();
    let request = apply_resource_change::Request {
        type_name: "test_branch".into(),
        prior_state: encoded(&branch("old".into(), 1.into())),
        planned_state: encoded(&branch("new".into(), 1.into())),
        config: encoded(&branch("new".into(), Value::Null)),
        planned_identity: identity("new"),
        ..Default::default()
    };
    let server = Server::with_client(Test, api);
    let answer = server.apply_resource_change(Request::new(request)).await.unwrap().into_inner();
    assert_eq!((answer.new_identity, answer.diagnostics), (identity("new"), vec![]));
}
