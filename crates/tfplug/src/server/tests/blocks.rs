//! Nested blocks: announced as such, and planned, applied, read, imported and generated through a model.

use std::collections::BTreeMap;

use tonic::Request;

use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::schema::nested_block::NestingMode;
use crate::proto::tfplugin6::{generate_resource_config, get_provider_schema};
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::testing::Harness;
use crate::value::{Members, Value};
use crate::{
    Applied, Attr, Computed, Context, Diagnostics, Existing, Field as _, Model, Offers, Prior, Provider, Resource,
    Setup,
};

/// A rule.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Rule {
    /// What it applies to.
    #[tf(required)]
    port: i64,
    #[tf(default = "tcp")]
    protocol: String,
    #[tf(computed)]
    id: Computed<String>,
    #[tf(sensitive, write_only)]
    key: Option<String>,
}

#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Zone {
    #[tf(required)]
    name: String,
    /// The rules of this zone.
    #[tf(block, items(1..=3))]
    rule: Vec<Rule>,
}

#[derive(Clone, Debug, Eq, Model, Ord, PartialEq, PartialOrd)]
#[tf(object)]
struct Tag {
    #[tf(required)]
    name: String,
    #[tf(default = true)]
    on: bool,
}

#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Note {
    text: Option<String>,
}

/// A wall.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource)]
struct Wall {
    #[tf(computed, identity, use_state_for_unknown)]
    id: Computed<String>,
    #[tf(block, deprecated = "Use zone.")]
    old: Option<Note>,
    #[tf(block, required)]
    main: Zone,
    #[tf(block)]
    zone: Vec<Zone>,
    #[tf(block, set)]
    tag: Vec<Tag>,
    #[tf(block)]
    tags: std::collections::BTreeSet<Tag>,
    #[tf(block)]
    named: BTreeMap<String, Note>,
    #[tf(group)]
    note: Note,
}

struct Walls;

fn numbered(zone: Zone) -> Zone {
    let number = |rule: Rule| {
        assert!(rule.key.is_some(), "write-only values of blocks reach the handler");
        Rule { id: format!("r{}", rule.port).into(), ..rule }
    };
    Zone { rule: zone.rule.into_iter().map(number).collect(), ..zone }
}

impl Resource for Walls {
    type Client = ();
    type Model = Wall;

    async fn create(&self, _: &Context<'_, ()>, plan: Wall) -> Applied<Wall> {
        let zone = plan.zone.into_iter().map(numbered).collect();
        Ok(Wall { id: "w1".into(), main: numbered(plan.main), zone, ..plan })
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Wall>) -> Result<Option<Wall>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, cx: &Context<'_, ()>, _: Existing<Wall>, plan: Wall) -> Applied<Wall> {
        self.create(cx, plan).await
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Wall>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Builds.
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
        Offers::new().resource("test_wall", Walls)
    }
}

fn rule(port: i64) -> Attr<RuleConfig> {
    RuleConfig { port: port.into(), key: "secret".into(), ..RuleConfig::default() }.into()
}

fn zone(name: &str, ports: &[i64]) -> ZoneConfig {
    ZoneConfig { name: name.into(), rule: ports.iter().copied().map(rule).collect::<Vec<_>>().into() }
}

fn config() -> WallConfig {
    let tag = |name: &str| Attr::Known(TagConfig { name: name.into(), on: Attr::Null });
    WallConfig {
        main: zone("main", &[80]).into(),
        zone: vec![zone("a", &[1, 2]).into()].into(),
        tag: vec![tag("x"), tag("y")].into(),
        named: BTreeMap::from([("k".to_owned(), NoteConfig { text: "t".into() }.into())]).into(),
        ..WallConfig::default()
    }
}

#[tokio::test]
async fn blocks_are_announced_with_their_nesting_and_bounds() {
    assert_eq!(crate::problems(&Test), Vec::<String>::new());
    let server = Server::new(Test, Process::default());
    let all = server.get_provider_schema(Request::new(get_provider_schema::Request {})).await.unwrap().into_inner();
    let wall = all.resource_schemas["test_wall"].block.clone().unwrap();
    assert_eq!(wall.attributes.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["id"]);
    let found =
        wall.block_types.iter().map(|one| (one.type_name.as_str(), one.nesting(), one.min_items, one.max_items));
    let expected = [
        ("main", NestingMode::Single, 1, 1),
        ("named", NestingMode::Map, 0, 0),
        ("note", NestingMode::Group, 0, 0),
        ("old", NestingMode::Single, 0, 0),
        ("tag", NestingMode::Set, 0, 0),
        ("tags", NestingMode::Set, 0, 0),
        ("zone", NestingMode::List, 0, 0),
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let old = wall.block_types[3].block.as_ref().unwrap();
    assert_eq!((old.deprecated, old.deprecation_message.as_str()), (true, "Use zone."));
    let inner = &wall.block_types[6].block.as_ref().unwrap().block_types[0];
    assert_eq!((inner.type_name.as_str(), inner.min_items, inner.max_items), ("rule", 1, 3));
    assert_eq!(inner.block.as_ref().unwrap().description, "The rules of this zone. Allowed: 1 to 3 elements.");
}

#[tokio::test]
async fn blocks_are_planned_applied_and_read_like_nested_attributes() {
    let tf = Harness::with_client(Test, ());
    let walls = tf.resource::<Wall>("test_wall").unwrap();
    let plan = walls.plan(None, config()).await.unwrap();
    assert_eq!(plan.unknowns(), ["id", "main.rule[0].id", "zone[0].rule[0].id", "zone[0].rule[1].id"]);
    let wall = walls.apply(plan).await.unwrap();
    let model = wall.model().unwrap();
    assert_eq!(model.zone[0].rule[1], Rule { port: 2, protocol: "tcp".into(), id: "r2".into(), key: None });
    assert_eq!((model.tag.len(), model.tag[0].on, model.tags.len(), model.old), (2, true, 0, None));
    let again = walls.plan(Some(&wall), config()).await.unwrap();
    assert!(again.is_empty(), "{:?}", again.changes());
    let more = WallConfig { zone: vec![zone("a", &[1, 3]).into(), zone("b", &[4]).into()].into(), ..config() };
    let plan = walls.plan(Some(&wall), more).await.unwrap();
    assert_eq!(plan.changes(), ["main", "zone"]);
    assert_eq!(walls.apply(plan).await.unwrap().model().unwrap().zone[1].rule[0].id, "r4".into());
}

#[tokio::test]
async fn a_block_that_must_be_there_and_one_too_many_are_refused() {
    let tf = Harness::with_client(Test, ());
    let walls = tf.resource::<Wall>("test_wall").unwrap();
    let refused = async |config: WallConfig| {
        let errors = walls.validate(config).await.unwrap_err();
        errors.iter().map(|one| format!("{} {}", one.summary(), one.detail())).collect::<Vec<_>>()
    };
    let missing = refused(WallConfig { main: Attr::Null, ..config() }).await;
    assert_eq!(missing, ["Missing main main is required and must not be null."]);
    let many = refused(WallConfig { main: zone("m", &[1, 2, 3, 4]).into(), ..config() }).await;
    assert_eq!(many, ["Invalid main.rule Given: 4 elements. Allowed: 1 to 3 elements."]);
    let unknown = WallConfig { main: ZoneConfig { name: "m".into(), rule: Attr::Unknown }.into(), ..config() };
    assert!(walls.plan(None, unknown).await.is_ok(), "a dynamic block may not be known yet");
}

#[tokio::test]
async fn a_generated_configuration_has_no_collection_of_blocks_that_is_null() {
    let server = Server::new(Test, Process::default());
    let kind = Wall::value_type();
    for state in [Value::Null, Value::object([("id", "w1".into())])] {
        let request = generate_resource_config::Request {
            type_name: "test_wall".into(),
            state: convert::encode(&state, &kind).unwrap(),
        };
        let answer = server.generate_resource_config(Request::new(request)).await.unwrap().into_inner();
        let config = convert::decode(answer.config.as_ref(), &kind).unwrap();
        let empty = [Value::List(Vec::new()), Value::set(Vec::new()), Value::Map(Members::new())];
        assert_eq!(["zone", "tag", "named"].map(|name| config.get(name).clone()), empty);
        assert!(config.get("old").is_null() && config.get("note").members().is_some());
    }
}
