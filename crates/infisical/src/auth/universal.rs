//! Login with a machine identity's client id and secret.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::Organization;
use crate::error::Error;
use crate::request::Request;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    #[serde(flatten)]
    organization: Organization<'a>,
}

pub(super) fn login(
    client_id: &str,
    client_secret: &SecretString,
    organization: Organization<'_>,
) -> Result<Request, Error> {
    let body = Body { client_id, client_secret: client_secret.expose_secret(), organization };
    Ok(Request::login("universal-auth").json(&body)?.hiding([client_secret.clone()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_the_body_has_the_documented_fields() {
        let call = login("an-id", &"hush-hush".into(), Organization::of(Some("acme"))).unwrap();
        assert_eq!(call.name(), "POST /api/v1/auth/universal-auth/login");
        let expected = br#"{"clientId":"an-id","clientSecret":"hush-hush","organizationSlug":"acme","subOrganizationName":"acme"}"#;
        assert_eq!(call.body.as_deref(), Some(expected.as_slice()), "older servers know the second name only");
    }
}
