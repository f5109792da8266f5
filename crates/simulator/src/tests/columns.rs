//! Values that the schema allows but the database cannot store.

use serde_json::json;

use super::*;

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Changes to the sample request that do not fit into a column, and the database operation that fails.
fn too_wide() -> Vec<(Value, &'static str)> {
    vec![
        (json!({ "description": "d".repeat(256) }), "Create"),
        (json!({ "description": "a\u{0}b" }), "Create"),
        (json!({ "parameters": { "name": "a\u{0}b" } }), "Create"),
        (json!({ "rotationInterval": 2_147_483_648_u64 }), "Create"),
        (json!({ "rotationInterval": 90_000_000 }), "Create"),
        (json!({ "rotationInterval": 1.5 }), "Create"),
        (json!({ "rotationInterval": number("1e400") }), "Create"),
        (json!({ "secretsMapping": { "apiKey": "K".repeat(501) } }), "Batch Create"),
    ]
}

#[test]
fn a_value_that_does_not_fit_its_column_fails_after_the_key_was_issued() {
    for (changes, step) in too_wide() {
        let mut api = Api::new();
        let reply = api.post(R, &sample(changes.clone()));
        assert_eq!((reply.status, &reply.body["error"]), (500, &json!(step)), "{changes}");
        assert_eq!(reply.body["message"], "Something went wrong");
        assert_eq!((api.state.rotations.len(), api.secret_names().len(), api.live_keys()), (0, 0, 1), "{changes}");
    }
    let mut api = Api::new();
    api.created(json!({ "description": "d".repeat(255), "secretsMapping": { "apiKey": "K".repeat(500) } }));
}

#[test]
fn a_name_of_a_secret_with_a_nul_fails_before_the_key_is_issued() {
    let mut api = Api::new();
    api.post(R, &sample(json!({ "secretsMapping": { "apiKey": "a\u{0}b" } }))).refused(500, "went wrong");
    assert_eq!(api.state.openrouter.issued(), 0);
}

#[test]
fn a_change_that_does_not_fit_its_column_changes_nothing() {
    let mut api = Api::new();
    let id = api.created(json!({}));
    let before = api.get(&format!("{R}/{id}")).rotation();
    for (changes, _) in too_wide() {
        let reply = api.patch(&id, &changes);
        assert_eq!(reply.status, 500, "{changes}: {}", reply.body);
        assert_eq!(api.get(&format!("{R}/{id}")).rotation(), before);
    }
    assert_eq!(api.state.openrouter.issued(), 1);
}

#[test]
fn an_interval_without_a_schedule_only_has_to_fit_a_32_bit_integer() {
    let mut api = Api::new();
    let manual = |days: u64| sample(json!({ "isAutoRotationEnabled": false, "rotationInterval": days }));
    api.post(R, &manual(2_147_483_648)).refused(500, "went wrong");
    assert_eq!(api.post(R, &manual(90_000_000)).rotation()["nextRotationAt"], Value::Null);
}

#[test]
fn a_limit_too_large_for_a_float_is_stored_as_no_limit() {
    let mut api = Api::new();
    let parameters = |limit: &str| json!({ "parameters": { "name": "k", "limit": number(limit) } });
    let made = api.post(R, &sample(parameters("1e400"))).rotation();
    assert_eq!(made["parameters"], json!({ "name": "k", "limit": null }));
    assert_eq!(api.state.openrouter.live().next().unwrap().limit, None);
    api.post(R, &sample(parameters("-1e400"))).refused(422, "greater than 0");
}
