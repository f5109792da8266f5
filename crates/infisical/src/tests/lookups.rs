//! Rotations that are found by their ids alone, or by name and place.

use super::*;

const LIST: &str = "GET R";
const BY_NAME: &str = "GET R/rotation-name/";

fn object(id: &str, project: &str) -> Value {
    json!({
        "id": id, "name": format!("name-{id}"), "projectId": project,
        "environment": {"slug": "dev"}, "folder": {"path": "/app"},
    })
}

/// Has rotations `a0` to `a8` in project `a`, and `b0` to `b8` in project `b`. Its lists leave out the last ones.
fn server() -> Script {
    Script::new(|seen| {
        let project = seen.query.iter().find(|(name, _)| *name == "projectId").map(|(_, id)| id.as_str());
        match (seen.what.strip_prefix("GET R/"), project) {
            (None, Some(project)) => {
                let all: Vec<_> = (0..8).map(|i| object(&format!("{project}{i}"), project)).collect();
                ok(json!({"secretRotations": all}))
            }
            (Some(path), Some(project)) => one(object(path.trim_start_matches("rotation-name/name-"), project)),
            (Some(id), None) => one(object(id, &id[..1])),
            (None, None) => gone(),
        }
    })
}

fn app() -> Place {
    Place { project_id: " a ".to_owned(), environment: "dev".to_owned(), secret_path: "/app/".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn several_rotations_that_are_found_by_name_cost_one_read_and_one_list() {
    let script = server();
    let client = script.client();
    for i in 0..8 {
        let found = client.rotations().find_by_name(&app(), &format!(" name-a{i}")).await.unwrap();
        assert_eq!(found.id, format!("a{i}"));
    }
    assert_eq!(script.asked(), ["GET R/rotation-name/name-a0", LIST]);
    client.rotations().find_by_name(&app(), "name-a8").await.unwrap();
    assert_eq!(script.count(&format!("{BY_NAME}name-a8")), 1, "the list does not show it");
    let elsewhere = Place { secret_path: "/".to_owned(), ..app() };
    client.rotations().find_by_name(&elsewhere, "name-a1").await.unwrap_err();
    assert_eq!(script.count(&format!("{BY_NAME}name-a1")), 1, "the one in the list is in another folder");
}

#[tokio::test(start_paused = true)]
async fn a_lone_rotation_is_found_by_one_read_however_often() {
    let script = server();
    let client = script.client();
    for _ in 0..3 {
        client.rotations().find_by_name(&app(), "name-a1").await.unwrap();
        client.rotations().find("b1").await.unwrap();
    }
    assert_eq!(script.count(LIST), 0);
}

#[tokio::test(start_paused = true)]
async fn several_rotations_that_are_found_by_id_alone_cost_one_read_and_one_list() {
    let script = server();
    let client = script.client();
    for i in 0..8 {
        assert_eq!(client.rotations().find(&format!(" A{i} ")).await.unwrap().id, format!("a{i}"));
    }
    assert_eq!(script.asked(), ["GET R/a0", LIST]);
}

#[tokio::test(start_paused = true)]
async fn ids_of_several_projects_cost_at_most_a_list_for_each_more_than_reading_them_alone() {
    let script = server();
    let client = script.client();
    for i in 0..8 {
        for project in ["a", "b"] {
            let id = format!("{project}{i}");
            assert_eq!(client.rotations().find(&id).await.unwrap().id, id);
        }
    }
    assert!(script.asked().len() <= 16 + 2, "{:?}", script.asked());
}

#[tokio::test(start_paused = true)]
async fn err_an_answer_about_another_place_or_name_is_not_the_rotation_that_was_asked_for() {
    for answer in [
        json!({"id": "1", "name": "other"}),
        json!({"id": "1", "projectId": "b"}),
        json!({"id": "1", "environment": {"slug": "prod"}}),
        json!({"id": "1", "folder": {"path": "/"}}),
    ] {
        let script = Script::new(move |_| one(answer.clone()));
        let client = script.client();
        for found in [
            client.rotations().find_by_name(&app(), "name-a1").await,
            client.rotations().by_name(&app(), "name-a1").await,
        ] {
            let error = found.unwrap_err();
            assert!(error.to_string().contains("about another object than the requested one"), "{error}");
        }
    }
    let silent = Script::new(|_| one(json!({"id": "1"})));
    assert_eq!(silent.client().rotations().find_by_name(&app(), "name-a1").await.unwrap().id, "1");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_a_replica_does_not_know_yet_is_looked_for_again_after_a_create() {
    let lagging = |seen: &Seen| match seen.what.as_str() {
        "POST R" => one(json!({"id": "r1"})),
        _ if seen.at > Duration::from_secs(6) => one(json!({"id": "r1"})),
        _ => refused(404, "NotFound", "Could not find OpenRouter API Key Rotation with name \"x\""),
    };
    let script = Script::new(lagging);
    let client = script.client();
    client.rotations().create(&new_rotation()).await.unwrap();
    assert_eq!(client.rotations().find_by_name(&app(), "x").await.unwrap().id, "r1");
    let script = Script::new(lagging);
    assert!(script.client().rotations().find_by_name(&app(), "x").await.unwrap_err().is_not_found());
    assert_eq!(script.asked().len(), 1, "without a create, the first answer is believed");
}

/// After an update in the same run, a data source would otherwise read what was before.
#[tokio::test(start_paused = true)]
async fn what_this_client_changed_is_not_found_as_it_was_before() {
    let state = |changed: bool| {
        let mut found = object("a1", "a");
        found["updatedAt"] = json!(rfc3339(Duration::from_secs(changed.into())));
        found["name"] = json!(if changed { "new" } else { "name-a1" });
        found
    };
    let script = Script::new(move |seen| {
        let changed = seen.at > Duration::from_secs(6);
        match seen.what.as_str() {
            "PATCH R/a1" => one(state(true)),
            "GET R/rotation-name/new" if !changed => gone(),
            LIST => ok(json!({"secretRotations": [state(changed), object("a2", "a")]})),
            _ => one(state(changed)),
        }
    });
    let client = script.client();
    let patch = RotationPatch { name: Some("new".to_owned()), ..RotationPatch::default() };
    client.rotations().update("a1", &patch).await.unwrap();
    // Several look-ups, so that the list is asked as well.
    let place = app();
    let (by_name, by_id, _) = tokio::join!(
        client.rotations().find_by_name(&place, "new"),
        client.rotations().find("a1"),
        client.rotations().get_in("a", "a1", Known::default()),
    );
    assert_eq!((by_name.unwrap().id.as_str(), by_id.unwrap().name.as_deref()), ("a1", Some("new")));
    let script = Script { start: Instant::now(), ..script };
    let client = script.client();
    client.rotations().update("a1", &patch).await.unwrap();
    let (listed, each) = tokio::join!(client.rotations().list("a"), client.rotations().list_each("a"));
    assert_eq!(listed.unwrap()[0].name.as_deref(), Some("new"));
    assert_eq!(each.unwrap()[0].as_ref().unwrap().name.as_deref(), Some("new"));
}
