//! The login call.

use serde_json::Value;

use crate::{
    logins::{IDENTITY_ID, JWT, ORGANIZATION_SLUG},
    request::Request,
    response::{Outcome, Refusal},
    schema::{Shape, check_request},
    signed_aws_request,
    state::State,
    text::trim_at,
};

/// `POST /api/v1/auth/{method}/login`.
pub(crate) fn login(state: &mut State, request: Request<'_>) -> Outcome {
    let mut body = request.body.unwrap_or_default();
    trim_at(&mut body, &["/clientId", "/identityId", "/jwt"]);
    let shape = match request.subject {
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
        Shape::UniversalLogin => state.logins.accepts(text("clientId"), text("clientSecret"), state.clock.now())?,
        Shape::AwsLogin => {
            signed_aws_request::check(text("iamRequestBody"), text("iamRequestHeaders"))?;
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
    Ok(state.logins.issue(now))
}
