//! The harness, on a small provider of derived models that has every kind.

use std::sync::Mutex;

use super::{Harness, Query};
use crate::locks::lock;
use crate::{
    Action, Applied, Attr, Computed, Context, DataSource, Diagnostics, EphemeralResource, Existing, ImportId,
    ListResource, ListResults, Model, Offers, Open, Opened, Prior, Progress, Provider, Resource, Setup, StoredState,
};

/// Keeps shelves.
#[derive(Model)]
#[tf(provider)]
struct Block {
    /// The house.
    #[tf(required)]
    house: String,
}

/// What a shelf is like.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Size {
    #[tf(default = 80, range(1..=300))]
    width: i64,
    /// Made of.
    #[tf(default = "oak", requires_replace)]
    wood: String,
}

/// A shelf.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, version = 8)]
struct Shelf {
    /// Its number.
    #[tf(computed, identity, use_state_for_unknown)]
    id: Computed<String>,
    #[tf(required, non_empty)]
    name: String,
    #[tf(flatten)]
    size: Size,
    #[tf(computed, unknown_when_changed("name"))]
    label: Computed<String>,
    #[tf(sensitive, write_only)]
    code: Option<String>,
}

/// Finds a shelf.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(data_source)]
struct Look {
    #[tf(required)]
    id: String,
    #[tf(computed)]
    name: Computed<String>,
    #[tf(flatten, computed)]
    size: Open<Size>,
}

/// A key.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(ephemeral_resource)]
struct Key {
    #[tf(required)]
    shelf: String,
    #[tf(computed, sensitive)]
    key: Computed<String>,
}

/// Dusts.
#[derive(Model)]
#[tf(action)]
struct Dust {
    #[tf(required)]
    id: String,
}

/// Lists.
#[derive(Model)]
#[tf(list_resource)]
struct All {
    prefix: Option<String>,
}

/// A shelf as version 7 of its schema stored it.
#[derive(Model)]
#[tf(object)]
struct ShelfOfVersion7 {
    /// Its id.
    #[tf(required)]
    number: String,
}

#[derive(Default)]
struct House(Mutex<Vec<Shelf>>);

impl House {
    fn find(&self, id: &str) -> Option<Shelf> {
        lock(&self.0).iter().find(|shelf| shelf.id == id.into()).cloned()
    }

    fn keep(&self, shelf: Shelf) -> Shelf {
        let shelf = Shelf { label: format!("<{}>", shelf.name).into(), code: None, ..shelf };
        let mut all = lock(&self.0);
        all.retain(|other| other.id != shelf.id);
        all.push(shelf.clone());
        shelf
    }
}

struct Shelves;

impl Resource for Shelves {
    type Client = House;
    type Model = Shelf;

    async fn create(&self, cx: &Context<'_, House>, plan: Shelf) -> Applied<Shelf> {
        cx.private.set("code", plan.code.clone().unwrap_or_default());
        let id = format!("s{}", lock(&cx.client.0).len());
        Ok(cx.client.keep(Shelf { id: id.into(), ..plan }))
    }

    async fn read(&self, cx: &Context<'_, House>, prior: Prior<Shelf>) -> Result<Option<Shelf>, Diagnostics> {
        Ok(cx.client.find(&prior.identity.id))
    }

    async fn update(&self, cx: &Context<'_, House>, _: Existing<Shelf>, plan: Shelf) -> Applied<Shelf> {
        if plan.name == "contrary" {
            return Ok(Shelf { name: "other".into(), label: "x".into(), ..plan });
        }
        Ok(cx.client.keep(plan))
    }

    async fn delete(&self, cx: &Context<'_, House>, shelf: Existing<Shelf>) -> Result<(), Diagnostics> {
        lock(&cx.client.0).retain(|other| other.id != shelf.state.id);
        Ok(())
    }

    async fn import(&self, _: &Context<'_, House>, id: ImportId<ShelfIdentity>) -> Result<ShelfIdentity, Diagnostics> {
        match id {
            ImportId::Id(id) => Ok(ShelfIdentity { id }),
            ImportId::Identity(identity) => Ok(identity),
        }
    }

    fn upgrade(&self, _: i64, state: StoredState) -> Result<ShelfConfig, Diagnostics> {
        let old: ShelfOfVersion7 = state.read()?;
        Ok(ShelfConfig { id: old.number.into(), ..ShelfConfig::default() })
    }
}

impl DataSource for Shelves {
    type Client = House;
    type Model = Look;

    async fn read(&self, cx: &Context<'_, House>, config: Look) -> Result<Look, Diagnostics> {
        let Some(shelf) = cx.client.find(&config.id) else { return Ok(config) };
        let size = SizeConfig { width: shelf.size.width.into(), wood: shelf.size.wood.into() };
        Ok(Look { name: shelf.name.into(), size, ..config })
    }
}

impl EphemeralResource for Shelves {
    type Client = House;
    type Model = Key;

    async fn open(&self, cx: &Context<'_, House>, config: Key) -> Result<Opened<Key>, Diagnostics> {
        cx.private.set("shelf", config.shelf.clone());
        Ok(Opened { result: Key { key: "iron".into(), ..config }, renew_at: None })
    }
}

impl Action for Shelves {
    type Client = House;
    type Model = Dust;

    async fn invoke(&self, _: &Context<'_, House>, config: Dust, progress: Progress) -> Result<(), Diagnostics> {
        progress.say(format!("dusting {}", config.id));
        Ok(())
    }
}

impl ListResource for Shelves {
    type Client = House;
    type Model = All;
    type Found = Shelf;

    async fn list(
        &self,
        cx: &Context<'_, House>,
        config: All,
        results: &mut ListResults<'_, Shelf>,
    ) -> Result<(), Diagnostics> {
        let prefix = config.prefix.unwrap_or_default();
        let all = lock(&cx.client.0).clone();
        for shelf in all.into_iter().filter(|shelf| shelf.name.starts_with(&prefix)) {
            let identity = ShelfIdentity { id: shelf.id.get().cloned().unwrap_or_default() };
            results.send(shelf.name.clone(), identity, async { Ok(shelf) }).await;
        }
        Ok(())
    }
}

struct Carpenter;

impl Provider for Carpenter {
    type Client = House;
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, block: Block) -> Result<Option<House>, Diagnostics> {
        assert_eq!(block.house, "mine");
        Ok(Some(House::default()))
    }

    fn offers(&self) -> Offers<House> {
        Offers::new()
            .resource("carpenter_shelf", Shelves)
            .data_source("carpenter_shelf", Shelves)
            .ephemeral_resource("carpenter_key", Shelves)
            .action("carpenter_dust", Shelves)
            .list_resource("carpenter_shelf", Shelves)
    }
}

fn named(name: &str) -> ShelfConfig {
    ShelfConfig { name: name.into(), code: "1234".into(), ..ShelfConfig::default() }
}

fn harness() -> Harness<Carpenter> {
    Harness::with_client(Carpenter, House::default())
}

#[test]
fn derived_schemas_have_no_problems() {
    assert_eq!(crate::problems(&Carpenter), Vec::<String>::new());
}

#[tokio::test]
async fn a_shelf_is_created_changed_imported_and_destroyed() {
    let tf = harness();
    let shelves = tf.resource::<Shelf>("carpenter_shelf").unwrap();
    let plan = shelves.plan(None, named("a")).await.unwrap();
    assert_eq!(plan.unknowns(), ["id", "label"]);
    assert_eq!(plan.state().unwrap().size.width, 80.into(), "the default is in the plan");
    let shelf = shelves.apply(plan).await.unwrap();
    let model = shelf.model().unwrap();
    assert_eq!((model.label, model.code), ("<a>".into(), None));

    let again = shelves.plan(Some(&shelf), named("a")).await.unwrap();
    assert!(again.is_empty(), "{:?}", again.changes());
    let wider = ShelfConfig { size: SizeConfig { width: 90.into(), ..SizeConfig::default() }, ..named("a") };
    let plan = shelves.plan(Some(&shelf), wider).await.unwrap();
    assert_eq!((plan.changes(), plan.unknowns()), (vec!["width".to_owned()], vec![]));
    let shelf = shelves.apply(plan).await.unwrap();

    let imported = shelves.import("s0").await.unwrap();
    assert_eq!(imported.value(), shelf.value());
    let imported = shelves.import_identity(ShelfIdentity { id: "s0".into() }).await.unwrap();
    assert!(shelves.read(&imported).await.unwrap().is_some());
    shelves.destroy(shelf).await.unwrap();
    assert!(shelves.read(&imported).await.unwrap().is_none());
    assert!(shelves.import("s0").await.is_err());
}

#[tokio::test]
async fn a_replacement_destroys_first() {
    let tf = harness();
    let shelves = tf.resource::<Shelf>("carpenter_shelf").unwrap();
    let shelf = shelves.create(named("a")).await.unwrap();
    let pine = ShelfConfig { size: SizeConfig { wood: "pine".into(), ..SizeConfig::default() }, ..named("a") };
    let plan = shelves.plan(Some(&shelf), pine).await.unwrap();
    assert_eq!(plan.replaces(), ["wood"]);
    assert_eq!(plan.unknowns(), ["id", "label"]);
    let replaced = shelves.apply(plan).await.unwrap();
    assert_eq!(replaced.model().unwrap().size.wood, "pine");
}

#[tokio::test]
async fn a_state_that_differs_from_the_plan_is_rejected_and_stored() {
    let tf = harness();
    let shelves = tf.resource::<Shelf>("carpenter_shelf").unwrap();
    let shelf = shelves.create(named("a")).await.unwrap();
    let plan = shelves.plan(Some(&shelf), named("contrary")).await.unwrap();
    let refused = shelves.apply(plan).await.unwrap_err();
    assert!(refused.diagnostics.has_errors());
    assert_eq!(refused.state.unwrap().model().unwrap().name, "other");
}

#[tokio::test]
async fn an_older_state_is_upgraded_and_read_by_its_identity() {
    let tf = harness();
    let shelves = tf.resource::<Shelf>("carpenter_shelf").unwrap();
    let shelf = shelves.create(named("a")).await.unwrap();
    let old = shelves.upgrade(7, &serde_json::json!({"number": "s0"})).await.unwrap();
    assert!(old.model().is_err(), "it has no name yet");
    assert_eq!(shelves.read(&old).await.unwrap().unwrap().value(), shelf.value());
}

#[tokio::test]
async fn the_other_kinds_answer_with_models() {
    let tf = harness();
    let shelf = tf.resource::<Shelf>("carpenter_shelf").unwrap().create(named("a")).await.unwrap();
    let looked = tf.read::<Look>("carpenter_shelf", LookConfig { id: "s0".into(), ..LookConfig::default() }).await;
    assert_eq!(looked.unwrap().size.wood, "oak".into());
    let config = KeyConfig { shelf: "s0".into(), key: Attr::Null };
    let lease = tf.open::<Key>("carpenter_key", config).await.unwrap();
    assert_eq!(lease.result.key, "iron".into());
    tf.close("carpenter_key", lease).await.unwrap();
    let dusted = tf.invoke::<Dust>("carpenter_dust", DustConfig { id: "s0".into() }).await.unwrap();
    assert_eq!((dusted.progress, dusted.warnings.has_errors()), (vec!["dusting s0".to_owned()], false));
    let listed = tf.list::<All, Shelf>("carpenter_shelf", AllConfig::default(), Query::default()).await.unwrap();
    assert_eq!((listed.results.len(), listed.results[0].identity.id.as_str()), (1, "s0"));
    assert_eq!(listed.results[0].resource, None, "it was not asked for");
    let whole = Query { include_resource: true, ..Query::default() };
    let listed = tf.list::<All, Shelf>("carpenter_shelf", AllConfig::default(), whole).await.unwrap();
    assert_eq!(listed.results[0].resource, Some(shelf.model().unwrap()));
}

#[tokio::test]
async fn a_provider_block_that_is_not_known_yet_configures_nothing() {
    let tf = Harness::new(Carpenter);
    tf.configure(BlockConfig { house: Attr::Unknown }).await.unwrap();
    let config = LookConfig { id: "s0".into(), ..LookConfig::default() };
    let error = tf.read::<Look>("carpenter_shelf", config.clone()).await.unwrap_err();
    assert!(error.iter().next().unwrap().summary().contains("is not known yet"));
    tf.configure(BlockConfig { house: "mine".into() }).await.unwrap();
    assert!(tf.read::<Look>("carpenter_shelf", config).await.unwrap().name.is_null());
    assert!(tf.configure(BlockConfig::default()).await.is_err(), "house is required");
}
