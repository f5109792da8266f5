//! Logins and access tokens.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use super::*;
use crate::{CLIENT_ID, CLIENT_SECRET, IDENTITY_ID, JWT, ORGANIZATION_SLUG};

fn login(api: &mut Api, method: &str, body: &Value) -> Reply {
    api.send(Incoming {
        method: "POST".into(),
        path: format!("/api/v1/auth/{method}/login"),
        content_type: Some("application/json".into()),
        body: body.to_string().into(),
        ..Incoming::default()
    })
}

fn universal(api: &mut Api) -> String {
    let body = json!({ "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET });
    login(api, "universal-auth", &body).ok()["accessToken"].as_str().unwrap().to_owned()
}

fn with(api: &mut Api, authorization: Option<&str>) -> Reply {
    api.send(Incoming {
        method: "GET".into(),
        path: C.into(),
        authorization: authorization.map(Into::into),
        ..Incoming::default()
    })
}

fn authorization(region: &str, names: &str) -> String {
    let signature = "0a".repeat(32);
    format!(
        "AWS4-HMAC-SHA256 Credential=A/20260101/{region}/sts/aws4_request, SignedHeaders={names}, Signature={signature}"
    )
}

/// The parts of a signed STS request, with one header replaced.
fn signed(changed: &str, value: &str) -> Value {
    let mut headers = json!({
        "Authorization": authorization("eu-west-1", "host;x-amz-date"),
        "X-Amz-Date": "20260101T000000Z",
        "Host": "sts.eu-west-1.amazonaws.com",
    });
    headers[changed] = json!(value);
    json!({
        "identityId": IDENTITY_ID,
        "iamHttpRequestMethod": "POST",
        "iamRequestBody": STANDARD.encode("Action=GetCallerIdentity&Version=2011-06-15"),
        "iamRequestHeaders": STANDARD.encode(headers.to_string()),
    })
}

#[test]
fn a_login_returns_a_token_that_the_api_accepts() {
    let mut api = Api::new();
    let body = json!({ "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "organizationSlug": ORGANIZATION_SLUG });
    let answer = login(&mut api, "universal-auth", &body).ok();
    assert_eq!(
        (&answer["expiresIn"], &answer["accessTokenMaxTTL"], &answer["tokenType"]),
        (&json!(7200), &json!(7200), &json!("Bearer"))
    );
    let token = answer["accessToken"].as_str().unwrap();
    with(&mut api, Some(&format!("Bearer {token}"))).ok();
}

#[test]
fn wrong_credentials_return_401_and_invalid_bodies_422() {
    let mut api = Api::new();
    let universal = |id: &str, secret: &str| json!({ "clientId": id, "clientSecret": secret });
    login(&mut api, "universal-auth", &universal(CLIENT_ID, "wrong")).refused(401, "Invalid credentials");
    login(&mut api, "universal-auth", &universal("wrong", CLIENT_SECRET)).refused(401, "Invalid credentials");
    login(&mut api, "universal-auth", &json!({ "clientId": CLIENT_ID })).refused(422, "clientSecret");
    let elsewhere = json!({ "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "organizationSlug": "other" });
    login(&mut api, "universal-auth", &elsewhere).refused(401, "organization");
}

#[test]
fn three_wrong_secrets_lock_the_identity_for_five_minutes() {
    let mut api = Api::new();
    let body = |secret: &str| json!({ "clientId": CLIENT_ID, "clientSecret": secret });
    for _ in 0..3 {
        login(&mut api, "universal-auth", &body("wrong")).refused(401, "Invalid credentials");
    }
    let locked = "This identity auth method is temporarily locked";
    login(&mut api, "universal-auth", &body(CLIENT_SECRET)).refused(401, locked);
    login(&mut api, "oidc-auth", &json!({ "identityId": IDENTITY_ID, "jwt": JWT })).ok();
    api.state.clock.advance(Duration::from_secs(299));
    login(&mut api, "universal-auth", &body(CLIENT_SECRET)).refused(401, locked);
    api.state.clock.advance(Duration::from_secs(2));
    login(&mut api, "universal-auth", &body(CLIENT_SECRET)).ok();
}

#[test]
fn a_token_with_a_limited_number_of_uses_is_refused_after_them() {
    let mut api = Api::new();
    api.state.logins.uses = Some(2);
    let token = format!("Bearer {}", universal(&mut api));
    with(&mut api, Some(&token)).ok();
    with(&mut api, Some(&token)).ok();
    with(&mut api, Some(&token)).refused(401, "number of uses limit reached");
}

#[test]
fn jwt_logins_accept_only_the_seeded_identity_and_token() {
    let mut api = Api::new();
    for method in ["oidc-auth", "kubernetes-auth"] {
        login(&mut api, method, &json!({ "identityId": IDENTITY_ID, "jwt": JWT })).ok();
        login(&mut api, method, &json!({ "identityId": IDENTITY_ID, "jwt": "other" }))
            .refused(401, "Invalid credentials");
        login(&mut api, method, &json!({ "identityId": "other", "jwt": JWT })).refused(401, "Invalid credentials");
        login(&mut api, method, &json!({ "jwt": JWT })).refused(422, "identityId");
    }
}

#[test]
fn the_aws_login_accepts_only_a_signed_request_to_sts() {
    let mut api = Api::new();
    let with_token = authorization("eu-west-1", "host;x-amz-date;x-amz-security-token");
    let short = authorization("eu-west-1", "host").replace("0a0a", "0a");
    for (header, value, words) in [
        ("Authorization", "Basic x", "SigV4"),
        ("Authorization", &short, "SigV4"),
        ("Authorization", &authorization("eu-west-1", "host").replace("/sts/", "/s3/"), "SigV4"),
        ("Authorization", &authorization("eu-central-1", "host;x-amz-date"), "region of the signature"),
        ("Authorization", &authorization("eu-west-1", "host"), "over the header x-amz-date"),
        ("Authorization", &with_token, "the header x-amz-security-token, which is signed"),
        ("X-Amz-Security-Token", "t", "over the header x-amz-security-token"),
        ("X-Amz-Date", "20260102T000000Z", "the day of X-Amz-Date"),
        ("Host", "evil.example.com", "STS"),
        ("Host", "sts.amazonaws.com", "STS"),
    ] {
        login(&mut api, "aws-auth", &signed(header, value)).refused(422, words);
    }
    let nowhere = authorization("EU_WEST_1", "host;x-amz-date");
    login(&mut api, "aws-auth", &signed("Authorization", &nowhere)).refused(400, "Invalid AWS region");
    let mut body = signed("X-Other", "t");
    login(&mut api, "aws-auth", &body).ok();
    body["iamRequestBody"] = json!(STANDARD.encode("Action=AssumeRole"));
    login(&mut api, "aws-auth", &body).refused(422, "GetCallerIdentity");
    body["iamRequestBody"] = json!("%");
    login(&mut api, "aws-auth", &body).refused(422, "base64");
    let mut body = signed("X-Other", "t");
    body["iamRequestHeaders"] = json!(STANDARD.encode("[]"));
    login(&mut api, "aws-auth", &body).refused(422, "object of strings");
    body["iamRequestHeaders"] = json!(STANDARD.encode("{}"));
    login(&mut api, "aws-auth", &body).refused(422, "must have the header");
    let mut body = signed("X-Other", "t");
    body["identityId"] = json!("other");
    login(&mut api, "aws-auth", &body).refused(401, "Invalid credentials");
}

#[test]
fn a_missing_token_returns_401_and_an_unknown_one_403() {
    let mut api = Api::new();
    for none in [None, Some("Basic abc"), Some("Bearer "), Some(TOKEN)] {
        let reply = with(&mut api, none);
        assert_eq!((reply.status, &reply.body["error"]), (401, &json!("UnauthorizedError")), "{none:?}");
    }
    let reply = with(&mut api, Some("Bearer strange"));
    assert_eq!((reply.status, &reply.body["error"]), (403, &json!("TokenError")));
    with(&mut api, Some(&format!("Bearer {TOKEN}"))).ok();
}

#[test]
fn the_token_is_checked_before_the_body() {
    let mut api = Api::new();
    let reply = api.send(Incoming { method: "POST".into(), path: R.into(), body: "{".into(), ..Incoming::default() });
    assert_eq!(reply.status, 401);
}

#[test]
fn tokens_expire_by_the_simulators_clock() {
    let mut api = Api::new();
    api.state.logins.ttl = Duration::from_secs(60);
    let token = format!("Bearer {}", universal(&mut api));
    api.state.clock.advance(Duration::from_secs(30));
    with(&mut api, Some(&token)).ok();
    api.state.clock.advance(Duration::from_secs(31));
    let reply = with(&mut api, Some(&token));
    assert_eq!((reply.status, &reply.body["error"]), (403, &json!("TokenError")));
    reply.refused(403, "expired");
}

#[test]
fn expiring_and_revoking_do_not_affect_the_fixed_token_and_later_logins() {
    let mut api = Api::new();
    let old = format!("Bearer {}", universal(&mut api));
    let now = api.state.clock.now();
    api.state.logins.expire_all(now);
    with(&mut api, Some(&old)).refused(403, "expired");
    let next = format!("Bearer {}", universal(&mut api));
    with(&mut api, Some(&next)).ok();
    api.state.logins.revoke_all();
    with(&mut api, Some(&next)).refused(401, "revoked");
    with(&mut api, Some(&format!("Bearer {TOKEN}"))).ok();
}
