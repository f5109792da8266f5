//! What goes out and what comes back, field by field.

use secrecy::ExposeSecret;

use super::*;

/// The sample request of the API's own page.
const SAMPLE_REQUEST: &str = r#"{
    "name": "my-openrouter-rotation",
    "projectId": "<project-id>",
    "description": "OpenRouter API key rotation",
    "connectionId": "<openrouter-connection-id>",
    "environment": "dev",
    "secretPath": "/",
    "isAutoRotationEnabled": true,
    "rotationInterval": 30,
    "rotateAtUtc": { "hours": 0, "minutes": 0 },
    "parameters": { "name": "my-app-key", "limit": 100, "limitReset": "monthly", "includeByokInLimit": false },
    "secretsMapping": { "apiKey": "OPEN_ROUTER_API_KEY" }
}"#;

async fn read(answer: fn() -> Reply) -> Result<Rotation, Error> {
    Script::new(move |_| answer()).client().rotations().get("r1").await
}

#[tokio::test(start_paused = true)]
async fn the_create_request_is_the_sample_request() {
    let script = Script::new(|seen| if seen.index == 0 { gone() } else { one(json!({"id": "r1"})) });
    script.client().rotations().create(&new_rotation()).await.unwrap();
    let sample: Value = serde_json::from_str(SAMPLE_REQUEST).unwrap();
    assert_eq!((script.seen()[1].what.as_str(), script.seen()[1].body.as_ref()), ("POST R", Some(&sample)));
}

#[tokio::test(start_paused = true)]
async fn a_patch_sends_what_is_set_and_clears_with_null() {
    let script = Script::new(|_| one(json!({"id": "r1"})));
    let limit = serde_json::from_str("12345678.901230").unwrap();
    let parameters = Parameters {
        name: "k".to_owned(),
        limit: Some(Some(limit)),
        limit_reset: Some(None),
        include_byok_in_limit: None,
    };
    let patch = RotationPatch {
        description: Some(None),
        is_auto_rotation_enabled: Some(false),
        parameters: Some(parameters),
        ..RotationPatch::default()
    };
    script.client().rotations().update("r1", &patch).await.unwrap();
    let body = script.seen()[0].body.clone().unwrap().to_string();
    let parameters = r#""parameters":{"name":"k","limit":12345678.901230,"limitReset":null}"#;
    let whole = format!(r#"{{"description":null,"isAutoRotationEnabled":false,{parameters}}}"#);
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), serde_json::from_str::<Value>(&whole).unwrap());
    assert!(body.contains("12345678.901230"), "digit by digit: {body}");
}

#[tokio::test(start_paused = true)]
async fn calls_without_a_body_send_none() {
    let script = Script::new(|_| one(json!({"id": "r1"})));
    script.client().rotations().rotate("r1", &Baseline::default()).await.unwrap();
    assert_eq!((script.seen()[1].what.as_str(), &script.seen()[1].body), ("POST R/r1/rotate-secrets", &None));
}

#[tokio::test(start_paused = true)]
async fn a_rotation_by_name_is_asked_for_as_the_api_stores_it() {
    let script = Script::new(|_| one(json!({"id": "r1"})));
    let place = Place { project_id: "p".to_owned(), environment: "dev".to_owned(), secret_path: "/a b/ ".to_owned() };
    script.client().rotations().by_name(&place, " my-key ").await.unwrap();
    let seen = script.seen()[0].clone();
    assert_eq!(seen.what, "GET R/rotation-name/my-key", "not made lower-case, but trimmed");
    let pairs = [("projectId", "p"), ("environment", "dev"), ("secretPath", "/a b")];
    assert_eq!(seen.query, pairs.map(|(name, value)| (name, value.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn an_answer_with_the_id_alone_and_one_with_strange_extras_are_both_rotations() {
    let bare = read(|| one(json!({"id": "r1"}))).await.unwrap();
    assert_eq!(bare, Rotation { id: "r1".to_owned(), ..Rotation::default() });
    let strange = json!({"id": "r1", "rotationStatus": "dreaming", "type": "new-kind", "moon": [1], "lastRotationMessage": null,
        "parameters": {"name": "k", "limitReset": "hourly", "colour": 3}});
    let strange = Script::new(move |_| one(strange.clone())).client().rotations().get("r1").await.unwrap();
    assert_eq!(strange.rotation_status.as_deref(), Some("dreaming"));
    assert_eq!(strange.parameters.unwrap().limit_reset, Some(Some("hourly".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_limit_keeps_its_digits_and_null_is_told_from_absent() {
    for text in ["0.000001", "12.34", "1.10", "1e+21", "12345678.90123", "1e-7"] {
        let body = format!(
            r#"{{"secretRotation":{{"id":"r1","parameters":{{"name":"k","limit":{text},"limitReset":null}}}}}}"#
        );
        let script = Script::new(move |_| reply(200, "application/json", body.clone()));
        let parameters = script.client().rotations().get("r1").await.unwrap().parameters.unwrap();
        assert_eq!(parameters.limit.unwrap().unwrap().to_string(), text);
        assert_eq!((parameters.limit_reset, parameters.include_byok_in_limit), (Some(None), None));
    }
}

#[tokio::test(start_paused = true)]
async fn a_field_of_the_wrong_type_is_named() {
    let cases: [(Value, &str); 6] = [
        (json!({"secretRotation": {"id": "r1", "activeIndex": "0"}}), "secretRotation.activeIndex"),
        (json!({"secretRotation": {"id": "r1", "rotationInterval": "30"}}), "secretRotation.rotationInterval"),
        (
            json!({"secretRotation": {"id": "r1", "parameters": {"name": "k", "limit": "5"}}}),
            "secretRotation.parameters.limit",
        ),
        (json!({"secretRotation": {"id": 1}}), "secretRotation.id"),
        (json!({"secretRotation": {}}), "secretRotation"),
        (json!({"secretRotation": []}), "secretRotation"),
    ];
    for (body, field) in cases {
        let shown = body.to_string();
        let error = Script::new(move |_| ok(body.clone())).client().rotations().get("r1").await.unwrap_err();
        assert!(matches!(error, Error::UnexpectedResponse(_)));
        assert_eq!(error.field(), Some(field), "{shown}");
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn shapes_that_are_no_answer_are_errors() {
    for body in ["{}", "[]", "null", "5", "\"ok\"", r#"{"secretRotation":null}"#] {
        let script = Script::new(move |_| reply(200, "application/json", body));
        let error = script.client().rotations().get("r1").await.unwrap_err();
        assert!(matches!(error, Error::UnexpectedResponse(_)), "{body}: {error}");
        assert_eq!(script.asked().len(), 1, "{body}: asking again is no use");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_is_shown_by_status_type_and_first_line() {
    let error =
        read(|| reply(403, "text/html", format!("\n<html>a-token {}\nmore", "x".repeat(300)))).await.unwrap_err();
    let shown = format!("<html>(secret) {}", "x".repeat(105));
    let expected = "GET /api/v2/secret-rotations/open-router-api-key/r1 was answered with status 403, text/html, in a form that is not the API's";
    assert_eq!(error.to_string(), format!("{expected}: {shown}."));
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_reported_by_host_and_not_followed() {
    let error = read(|| html(302).with("location", "https://login.example:8443/in?next=hush")).await.unwrap_err();
    assert!(error.to_string().contains("a redirect to https://login.example:8443, which is not followed"), "{error}");
    assert!(!error.to_string().contains("hush"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn field_issues_are_kept_apart() {
    let error = read(|| {
        let issues = json!([{"code": "too_small", "path": ["parameters", 0, "limit"], "message": "too small"}, {"path": [], "message": "odd"}]);
        let body = json!({"reqId": "req-1", "statusCode": 422, "error": "ValidationFailure", "message": issues});
        reply(422, "application/json", body.to_string())
    })
    .await
    .unwrap_err();
    let issue = |path: &[&str], message: &str| Issue {
        path: path.iter().map(|&part| part.to_owned()).collect(),
        message: message.to_owned(),
    };
    assert_eq!(error.issues(), [issue(&["parameters", "0", "limit"], "too small"), issue(&[], "odd")]);
    assert_eq!(error.message(), Some("parameters.0.limit: too small; odd"));
    assert_eq!((error.error_name(), error.request_id()), (Some("ValidationFailure"), Some("req-1")));
}

#[tokio::test(start_paused = true)]
async fn generated_credentials_are_typed_and_never_shown() {
    let body = json!({"generatedCredentials": [{"apiKey": "hush-1", "keyHash": "abc"}, {"apiKey": "hush-2", "keyHash": "def"}],
        "activeIndex": 1, "rotationId": "r1", "type": "open-router-api-key"});
    let script = Script::new(move |_| ok(body.clone()));
    let credentials = script.client().rotations().generated_credentials("r1").await.unwrap();
    assert!(!format!("{credentials:?}").contains("hush"));
    let active = &credentials.credentials[credentials.active_index];
    assert_eq!((active.api_key.expose_secret(), active.key_hash.as_deref()), ("hush-2", Some("def")));

    let odd = [
        r#"{"generatedCredentials":[{"apiKey":["hush"]}],"activeIndex":0}"#,
        r#"{"generatedCredentials":"hush"}"#,
        "hush",
    ];
    for body in odd {
        let script = Script::new(move |_| reply(200, "text/plain", body));
        let error = script.client().rotations().generated_credentials("r1").await.unwrap_err().to_string();
        assert!(!error.contains("hush"), "{error}");
    }
}
