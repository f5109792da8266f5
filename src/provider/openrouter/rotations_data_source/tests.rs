//! The data source against the API's stand-in.

use simulator::{Call, Denial, Fault};
use tfplug::{Attr, Field as _, Value};

use super::*;
use crate::provider::openrouter::filter::FilterConfig;
use crate::provider::openrouter::rotation_data_source::tests::{World, by_id};

impl World {
    fn all(&self) -> FilterConfig {
        FilterConfig { project_id: self.simulator.project_id().into(), ..FilterConfig::default() }
    }

    async fn search(&self, filter: FilterConfig) -> Result<Search, Diagnostics> {
        self.tf.read(NAME, SearchConfig { filter, ..SearchConfig::default() }).await
    }

    /// The names of what is found.
    async fn names(&self, filter: FilterConfig) -> Vec<String> {
        let found = self.search(filter).await.unwrap().rotations.take().unwrap();
        found.into_iter().map(|one| one.place.name.take().unwrap()).collect()
    }
}

async fn filled() -> World {
    let world = World::start();
    for (environment, path, name) in
        [("prod", "/", "f"), ("dev", "/app/nested", "e"), ("dev", "/app", "d"), ("dev", "/app", "c"), ("dev", "/", "a")]
    {
        world.create(environment, path, name).await;
    }
    world
}

#[tokio::test]
async fn rotations_are_filtered_and_ordered_with_one_list_each() {
    let world = filled().await;
    let all = world.all();
    let dev = FilterConfig { environment: "dev".into(), ..all.clone() };
    let app = FilterConfig { secret_path: " /app/ ".into(), ..dev.clone() };
    let below = FilterConfig { recursive: true.into(), ..app.clone() };
    let nothing = FilterConfig { environment: "staging".into(), ..all.clone() };
    for (filter, names) in [
        (all, ["a", "c", "d", "e", "f"].as_slice()),
        (dev, &["a", "c", "d", "e"]),
        (app, &["c", "d"]),
        (below, &["c", "d", "e"]),
        (nothing, &[]),
    ] {
        world.simulator.clear_requests();
        assert_eq!(world.names(filter).await, names);
        let asked: Vec<_> = world.simulator.requests().iter().map(|request| request.call).collect();
        assert_eq!(asked, [Call::List]);
    }
}

#[tokio::test]
async fn each_rotation_has_what_the_data_source_of_one_has() {
    let world = World::start();
    let id = world.create("dev", "/app", "key").await;
    let one = world.read(by_id(&id)).await.unwrap();
    let found = world.search(world.all()).await.unwrap().into_value();
    assert_eq!(found.get("rotations"), &Value::List(vec![one.into_value()]));
}

#[tokio::test]
async fn a_list_that_leaves_fields_out_is_made_up_for_by_reads() {
    let world = World::start();
    let id = world.create("dev", "/app", "key").await;
    world.simulator.fault(Fault::body(Call::List, 200, format!(r#"{{"secretRotations": [{{"id": "{id}"}}]}}"#)));
    let app = FilterConfig { secret_path: "/app".into(), ..world.all() };
    assert_eq!(world.names(app).await, ["key"]);
}

#[tokio::test]
async fn err_a_project_that_cannot_be_listed_is_named_with_what_to_check() {
    let world = World::start();
    let unknown = FilterConfig { project_id: "other".into(), ..FilterConfig::default() };
    let error = world.search(unknown).await.unwrap_err();
    let one = error.iter().next().unwrap();
    assert_eq!(one.summary(), "Cannot list the rotations");
    assert_eq!(one.path().map(ToString::to_string).as_deref(), Some("project_id"));
    assert!(one.detail().contains("Check project_id, and that this identity is a member"), "{}", one.detail());
    world.simulator.deny(Call::List, Denial::Permission);
    let error = world.search(world.all()).await.unwrap_err();
    let one = error.iter().next().unwrap();
    assert!(one.detail().contains("may not read the secret rotations of the project"), "{}", one.detail());
}

#[tokio::test]
async fn err_a_path_that_cannot_exist_is_refused_before_anything_is_asked() {
    let world = World::start();
    let wrong = FilterConfig { secret_path: "app".into(), ..world.all() };
    let error = world.search(wrong).await.unwrap_err();
    assert_eq!(error.iter().next().unwrap().summary(), "Invalid secret_path");
    assert_eq!(world.simulator.requests().len(), 0);
    let open =
        SearchConfig { filter: FilterConfig { secret_path: Attr::Unknown, ..world.all() }, ..Default::default() };
    assert_eq!(ManyRotations.validate(&open), Diagnostics::new());
}
