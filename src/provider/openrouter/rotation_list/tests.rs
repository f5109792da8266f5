//! The list against the API's stand-in, as a core would call it.

use simulator::{Call, Denial, Fault, Simulator};
use tfplug::testing::{Harness, Listing, Query};
use tfplug::{Attr, Severity};

use super::super::filter::FilterConfig;
use super::super::rotation::NAME;
use super::super::simulated::{Simulated, new_rotation};
use super::*;
use crate::provider::Infisical;

struct World {
    simulator: Simulator,
    client: Client,
    tf: Harness<Infisical>,
}

impl World {
    fn start() -> Self {
        let Simulated { simulator, client, tf } = Simulated::start();
        Self { simulator, client, tf }
    }

    /// Creates a rotation and returns its id.
    async fn create(&self, environment: &str, secret_path: &str, name: &str) -> String {
        let new = new_rotation(&self.simulator, environment, secret_path, name);
        self.client.rotations().create(&new).await.unwrap().object.id
    }

    fn all(&self) -> FilterConfig {
        FilterConfig { project_id: self.simulator.project_id().into(), ..FilterConfig::default() }
    }

    async fn list(
        &self,
        filter: FilterConfig,
        query: Query,
    ) -> Result<Listing<Rotation, RotationIdentity>, Diagnostics> {
        self.tf.list::<RotationQuery, Rotation>(NAME, RotationQueryConfig { filter }, query).await
    }

    /// The names of what is found.
    async fn names(&self, filter: FilterConfig) -> Vec<String> {
        let found = self.list(filter, Query::default()).await.unwrap();
        found.results.into_iter().map(|one| one.display_name).collect()
    }

    /// The calls that were made, oldest first.
    fn calls(&self) -> Vec<Call> {
        self.simulator.requests().iter().map(|request| request.call).collect()
    }

    /// The one error that a list ends with.
    async fn refused(&self) -> Diagnostic {
        let errors = self.list(self.all(), Query::default()).await.unwrap_err();
        assert_eq!(errors.iter().count(), 1, "{errors:?}");
        errors.into_iter().next().unwrap()
    }
}

const WHOLE: Query = Query { limit: 100, include_resource: true };

#[tokio::test]
async fn rotations_are_filtered_and_ordered_and_their_names_say_where_they_are() {
    let world = World::start();
    for (environment, path, name) in
        [("prod", "/", "e"), ("dev", "/app/nested", "d"), ("dev", "/app", "c"), ("dev", "/app", "b"), ("dev", "/", "a")]
    {
        world.create(environment, path, name).await;
    }
    let all = world.all();
    let dev = FilterConfig { environment: "dev".into(), ..all.clone() };
    let app = FilterConfig { secret_path: "/app/".into(), ..dev.clone() };
    let below = FilterConfig { recursive: true.into(), ..app.clone() };
    let nothing = FilterConfig { environment: "staging".into(), ..all.clone() };
    let names = ["a (dev:/)", "b (dev:/app)", "c (dev:/app)", "d (dev:/app/nested)", "e (prod:/)"];
    for (filter, names) in
        [(all, &names[..]), (dev, &names[..4]), (app, &names[1..3]), (below, &names[1..4]), (nothing, &[])]
    {
        world.simulator.clear_requests();
        assert_eq!(world.names(filter).await, names);
        assert_eq!(world.calls(), [Call::List]);
    }
}

#[tokio::test]
async fn attributes_are_those_of_an_import_and_cost_no_request_more() {
    let world = World::start();
    let id = world.create("dev", "/app", "key").await;
    let resource = world.tf.resource::<Rotation>(NAME).unwrap();
    let imported = resource.import(&id).await.unwrap().model().unwrap();
    world.simulator.clear_requests();
    let listed = world.list(world.all(), WHOLE).await.unwrap().results;
    assert_eq!((listed.len(), listed[0].identity.id.as_str()), (1, id.as_str()));
    assert_eq!(listed[0].resource, Some(imported));
    assert_eq!(world.calls(), [Call::List]);
}

#[tokio::test]
async fn the_limit_holds_and_the_first_ones_in_order_are_found() {
    let world = World::start();
    for name in ["c", "b", "a"] {
        world.create("dev", "/", name).await;
    }
    let listed = world.list(world.all(), Query { limit: 2, ..WHOLE }).await.unwrap().results;
    let names: Vec<_> = listed.iter().map(|one| one.display_name.as_str()).collect();
    assert_eq!(names, ["a (dev:/)", "b (dev:/)"]);
}

#[tokio::test]
async fn an_odd_rotation_in_the_answer_does_not_lose_the_others() {
    let world = World::start();
    let (first, second) = (world.create("dev", "/", "a").await, world.create("dev", "/", "b").await);
    let (first, second) = (format!(r#"{{"id":"{first}","name":"a"}}"#), format!(r#"{{"id":"{second}","name":5}}"#));
    let body = format!(r#"{{"secretRotations":[{first},{second},{{"id":"{UNKNOWN}"}}]}}"#);
    world.simulator.fault(Fault::body(Call::List, 200, body));
    let Listing { results, warnings } = world.list(world.all(), WHOLE).await.unwrap();
    let found: Vec<_> = results.iter().map(|one| (one.display_name.as_str(), one.resource.is_some())).collect();
    assert_eq!(found, [(UNKNOWN, false), ("a", true)], "the short answer was made up for by a read");
    let said: Vec<_> = warnings.iter().map(|one| (one.summary(), one.severity())).collect();
    let (left_out, unread) = ("A rotation is left out of the list", "Cannot read the rotation");
    assert_eq!(said, [(left_out, Severity::Warning), (unread, Severity::Warning)]);
    let text = warnings.iter().map(|one| one.detail()).collect::<Vec<_>>().join("\n");
    assert!(text.contains("`secretRotations[1].name`") && text.contains(UNKNOWN), "{text}");
}

const UNKNOWN: &str = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f";

#[tokio::test]
async fn err_an_unknown_or_forbidden_project_is_shown_at_its_attribute() {
    let world = World::start();
    let unknown = FilterConfig { project_id: UNKNOWN.into(), ..FilterConfig::default() };
    let errors = world.list(unknown, Query::default()).await.unwrap_err();
    let error = errors.iter().next().unwrap();
    assert_eq!((error.summary(), error.path()), ("Cannot list the rotations", Some(&Path::of("project_id"))));
    assert!(error.detail().contains("Check project_id"), "{}", error.detail());
    for (denial, words) in
        [(Denial::Permission, "may not read the secret rotations"), (Denial::Membership, "is a member of the project")]
    {
        let world = World::start();
        world.simulator.deny(Call::List, denial);
        let error = world.refused().await;
        assert_eq!((error.summary(), error.path()), ("Cannot list the rotations", Some(&Path::of("project_id"))));
        assert!(error.detail().contains(words) && error.detail().contains("request id"), "{}", error.detail());
    }
}

#[tokio::test]
async fn err_a_list_that_fails_says_so_and_finds_nothing() {
    let world = World::start();
    world.create("dev", "/", "a").await;
    world.simulator.fault(Fault::refuse(Call::List, 422, "ValidationFailure", "projectId"));
    let error = world.refused().await;
    assert!(error.summary() == "Cannot list the rotations" && error.detail().contains("422"), "{error:?}");
    world.simulator.clear_faults();
    world.simulator.fault(Fault::body(Call::List, 200, r#"{"secretRotations": {}}"#));
    let error = world.refused().await;
    assert!(error.detail().contains("`secretRotations`"), "{error:?}");
}

#[tokio::test]
async fn err_a_project_id_is_required_and_folders_are_checked_before_anything_is_asked() {
    let world = World::start();
    for (filter, summary) in [
        (FilterConfig { project_id: Attr::Null, ..world.all() }, "Missing project_id"),
        (FilterConfig { project_id: " ".into(), ..world.all() }, "Invalid project_id"),
        (FilterConfig { environment: "Dev".into(), ..world.all() }, "Invalid environment"),
        (FilterConfig { secret_path: "app".into(), ..world.all() }, "Invalid secret_path"),
    ] {
        let errors = world.list(filter, Query::default()).await.unwrap_err();
        assert_eq!(errors.iter().next().unwrap().summary(), summary);
    }
    assert_eq!(world.calls(), []);
}
