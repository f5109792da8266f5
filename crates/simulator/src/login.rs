//! The login call.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    answer::{Issue, Outcome, Refusal},
    logins::{IDENTITY_ID, JWT, ORGANIZATION_SLUG},
    request::Asked,
    schema::{Shape, check_request},
    state::State,
    text::trim_at,
};

/// `POST /api/v1/auth/{method}/login`.
pub(crate) fn login(state: &mut State, asked: Asked<'_>) -> Outcome {
    let mut body = asked.body.unwrap_or_default();
    trim_at(&mut body, &["/clientId", "/identityId", "/jwt"]);
    let shape = match asked.subject {
        "universal-auth" => Shape::UniversalLogin,
        "aws-auth" => Shape::AwsLogin,
        _ => Shape::JwtLogin,
    };
    let issues = check_request(shape, &body);
    if !issues.is_empty() {
        return Err(Refusal::invalid(issues));
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let known = match shape {
        Shape::UniversalLogin => state.logins.knows(text("clientId"), text("clientSecret"), state.clock.now())?,
        Shape::AwsLogin => {
            check_signed_request(text("iamRequestBody"), text("iamRequestHeaders"))?;
            text("identityId") == IDENTITY_ID
        }
        _ => text("identityId") == IDENTITY_ID && text("jwt") == JWT,
    };
    if !known {
        return Err(Refusal::unauthorized("Invalid credentials"));
    }
    let organization = text("organizationSlug");
    if !organization.is_empty() && organization != ORGANIZATION_SLUG {
        return Err(Refusal::unauthorized(format!("There is no organization {organization:?}")));
    }
    let now = state.clock.now();
    Ok(state.logins.hand_out(now))
}

/// Whether these are the parts of a signed STS `GetCallerIdentity` request.
/// The signature itself isn't checked: only AWS could.
fn check_signed_request(body: &str, headers: &str) -> Result<(), Refusal> {
    let wrong = |field: &str, message: &str| Refusal::invalid(vec![Issue::new("custom", &[field], message)]);
    let body = decoded(body).ok_or_else(|| wrong("iamRequestBody", "must be base64"))?;
    let action = url::form_urlencoded::parse(body.as_bytes())
        .any(|(name, value)| name == "Action" && value == "GetCallerIdentity");
    if !action {
        return Err(wrong("iamRequestBody", "must ask for the action GetCallerIdentity"));
    }
    let headers: HashMap<String, String> = decoded(headers)
        .and_then(|text| serde_json::from_str(&text).ok())
        .ok_or_else(|| wrong("iamRequestHeaders", "must be a JSON object of strings in base64"))?;
    let header = |name: &str| headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    for name in ["Authorization", "X-Amz-Date", "Host"] {
        if header(name).is_none() {
            return Err(wrong("iamRequestHeaders", &format!("must have the header {name}")));
        }
    }
    let parts = ["AWS4-HMAC-SHA256 ", "Credential=", "SignedHeaders=", "Signature="];
    let signature = header("Authorization").map_or("", String::as_str);
    if !parts.iter().all(|part| signature.contains(part)) {
        return Err(wrong("iamRequestHeaders", "must have a SigV4 signature in Authorization"));
    }
    let host = header("Host").map_or("", String::as_str);
    if !(host.starts_with("sts.") && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))) {
        return Err(wrong("iamRequestHeaders", "must be meant for AWS STS"));
    }
    Ok(())
}

fn decoded(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}
