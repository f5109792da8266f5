//! Blocks that the provider decides where the configuration has none, through a model.

use tonic::Request;

use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::{get_provider_schema, validate_resource_config};
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::testing::Harness;
use crate::{
    Applied, Attr, Computed, Context, DataSource, Diagnostics, Existing, Field as _, Model, Offers, Prior, Provider,
    Resource, Setup,
};

/// A route.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Route {
    #[tf(required)]
    to: String,
    via: Option<String>,
    #[tf(computed)]
    id: Computed<String>,
}

/// A network.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource)]
struct Network {
    #[tf(computed, identity, use_state_for_unknown)]
    id: Computed<String>,
    size: Option<i64>,
    /// Where packets go.
    #[tf(block, optional, computed, items(0..=2))]
    route: Computed<Vec<Route>>,
    #[tf(block, computed, use_state_for_unknown)]
    gateway: Computed<Route>,
}

/// What a network has.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(data_source)]
struct Found {
    #[tf(block, computed)]
    route: Computed<Vec<Route>>,
}

struct Networks;

fn made(to: &str) -> Route {
    Route { to: to.to_owned(), via: None, id: format!("to {to}").into() }
}

impl Resource for Networks {
    type Client = ();
    type Model = Network;

    async fn create(&self, _: &Context<'_, ()>, plan: Network) -> Applied<Network> {
        let numbered = |route: Route| Route { id: made(&route.to).id, ..route };
        let route = match plan.route {
            Attr::Known(all) => all.into_iter().map(numbered).collect(),
            Attr::Null | Attr::Unknown => vec![made("all")],
        };
        let gateway = plan.gateway.take().unwrap_or_else(|| made("gateway"));
        Ok(Network { id: "n1".into(), route: route.into(), gateway: gateway.into(), ..plan })
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Network>) -> Result<Option<Network>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, cx: &Context<'_, ()>, _: Existing<Network>, plan: Network) -> Applied<Network> {
        self.create(cx, plan).await
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Network>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

impl DataSource for Networks {
    type Client = ();
    type Model = Found;

    async fn read(&self, _: &Context<'_, ()>, _: Found) -> Result<Found, Diagnostics> {
        Ok(Found { route: vec![made("all")].into() })
    }
}

/// Connects.
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
        Offers::new().resource("test_network", Networks).data_source("test_network", Networks)
    }
}

fn to(all: &[&str]) -> NetworkConfig {
    let route = |to: &&str| Attr::Known(RouteConfig { to: (*to).into(), ..RouteConfig::default() });
    NetworkConfig { route: all.iter().map(route).collect::<Vec<_>>().into(), ..NetworkConfig::default() }
}

#[tokio::test]
async fn a_computed_block_is_decided_where_it_is_not_written_and_planned_where_it_is() {
    let tf = Harness::with_client(Test, ());
    let networks = tf.resource::<Network>("test_network").unwrap();
    let plan = networks.plan(None, NetworkConfig::default()).await.unwrap();
    assert_eq!(plan.unknowns(), ["gateway", "id", "route"]);
    let stored = networks.apply(plan).await.unwrap();
    assert_eq!(stored.model().unwrap().route, vec![made("all")].into());
    assert!(networks.plan(Some(&stored), NetworkConfig::default()).await.unwrap().is_empty());

    let plan = networks.plan(Some(&stored), to(&["a", "b"])).await.unwrap();
    assert_eq!(
        (plan.changes(), plan.unknowns()),
        (vec!["route".into()], vec!["route[0].id".into(), "route[1].id".into()])
    );
    let stored = networks.apply(plan).await.unwrap();
    assert_eq!(stored.model().unwrap().route, vec![made("a"), made("b")].into());

    let larger = NetworkConfig { size: 1.into(), ..NetworkConfig::default() };
    let plan = networks.plan(Some(&stored), larger).await.unwrap();
    assert_eq!(plan.unknowns(), ["route"], "without blocks, the provider decides again");
    let refused = networks.validate(to(&["a", "b", "c"])).await.unwrap_err();
    assert!(refused.iter().any(|one| one.detail().contains("at most 2 elements")), "{refused:?}");
}

#[tokio::test]
async fn everything_in_a_computed_block_is_announced_as_computed() {
    assert_eq!(crate::problems(&Test), Vec::<String>::new());
    let server = Server::new(Test, Process::default());
    let all = server.get_provider_schema(Request::new(get_provider_schema::Request {})).await.unwrap().into_inner();
    for (schema, optional) in [
        (&all.resource_schemas["test_network"], vec![("id", false), ("to", true), ("via", true)]),
        (&all.data_source_schemas["test_network"], vec![("id", false), ("to", false), ("via", false)]),
    ] {
        let blocks = &schema.block.as_ref().unwrap().block_types;
        let route = blocks.iter().find(|one| one.type_name == "route").unwrap();
        let block = route.block.as_ref().unwrap();
        assert!(block.computed && route.min_items == 0);
        assert!(block.attributes.iter().all(|one| one.computed && !one.required));
        assert_eq!(block.attributes.iter().map(|one| (one.name.as_str(), one.optional)).collect::<Vec<_>>(), optional);
    }
}

#[tokio::test]
async fn a_core_without_computed_blocks_is_told_so_for_resources() {
    let server = Server::new(Test, Process::default());
    let request = validate_resource_config::Request {
        type_name: "test_network".into(),
        config: convert::encode(&to(&[]).into_value(), &Network::value_type()).unwrap(),
        ..Default::default()
    };
    let answer = server.validate_resource_config(Request::new(request)).await.unwrap().into_inner();
    let [error] = &answer.diagnostics[..] else { panic!("{:?}", answer.diagnostics) };
    assert_eq!(error.summary, "Computed Block Not Allowed");
    assert!(error.detail.contains("gateway") && error.detail.contains("Terraform 1.16"), "{}", error.detail);
    let tf = Harness::with_client(Test, ());
    let found = tf.read::<Found>("test_network", FoundConfig::default()).await.unwrap();
    assert_eq!(found.route, vec![made("all")].into());
}
