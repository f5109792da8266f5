//! What becomes of an object that the configuration no longer has.

use super::Harness;
use crate::{Applied, Attr, Computed, Context, Diagnostics, Existing, Model, Offers, Prior, Provider, Resource, Setup};

/// When backups are made.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Window {
    /// Only a configuration sets it.
    #[tf(required)]
    hour: i64,
    /// The API sets it as well.
    #[tf(optional, computed)]
    zone: Computed<String>,
}

/// A database.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource)]
struct Database {
    #[tf(required, identity)]
    name: String,
    #[tf(optional, computed)]
    window: Computed<Window>,
}

/// Sets the window of a database that is configured without one.
struct Databases(Attr<Window>);

impl Databases {
    fn answer(&self, plan: Database) -> Database {
        let window = match plan.window.is_unknown() {
            true => self.0.clone(),
            false => plan.window,
        };
        Database { window, ..plan }
    }
}

impl Resource for Databases {
    type Client = ();
    type Model = Database;

    async fn create(&self, _: &Context<'_, ()>, plan: Database) -> Applied<Database> {
        Ok(self.answer(plan))
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Database>) -> Result<Option<Database>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, ()>, _: Existing<Database>, plan: Database) -> Applied<Database> {
        Ok(self.answer(plan))
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Database>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Cloud(Attr<Window>);

impl Provider for Cloud {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().resource("cloud_database", Databases(self.0.clone()))
    }
}

fn config(window: Attr<WindowConfig>) -> DatabaseConfig {
    DatabaseConfig { name: "a".into(), window }
}

fn at_three() -> Attr<WindowConfig> {
    WindowConfig { hour: 3.into(), zone: "UTC".into() }.into()
}

#[tokio::test]
async fn an_object_that_the_configuration_no_longer_has_is_removed_by_one_update() {
    let tf = Harness::with_client(Cloud(Attr::Null), ());
    let databases = tf.resource::<Database>("cloud_database").unwrap();
    let created = databases.create(config(at_three())).await.unwrap();
    let plan = databases.plan(Some(&created), config(Attr::Null)).await.unwrap();
    assert_eq!((plan.changes(), plan.unknowns()), (vec!["window".to_owned()], vec!["window".to_owned()]));
    let updated = databases.apply(plan).await.unwrap();
    assert!(updated.model().unwrap().window.is_null());
    assert!(databases.plan(Some(&updated), config(Attr::Null)).await.unwrap().is_empty());
}

/// Otherwise each plan would have the same change, which the author would see only in use.
#[tokio::test]
async fn err_the_provider_sets_what_only_a_configuration_can_set() {
    let window = Window { hour: 4, zone: "UTC".into() };
    let tf = Harness::with_client(Cloud(window.into()), ());
    let refused = tf.resource::<Database>("cloud_database").unwrap().create(config(Attr::Null)).await.unwrap_err();
    let detail = refused.diagnostics.iter().next().unwrap().detail().to_owned();
    assert!(detail.starts_with("window is not configured, and has values in it that only a configuration"), "{detail}");
}
