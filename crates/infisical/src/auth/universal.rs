//! Login with a machine identity's client id and secret.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::error::Error;
use crate::request::Request;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_slug: Option<&'a str>,
}

pub(super) fn login(client_id: &str, client_secret: &SecretString, slug: Option<&str>) -> Result<Request, Error> {
    let client_secret = client_secret.expose_secret();
    Request::login("universal-auth").json(&Body { client_id, client_secret, organization_slug: slug })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_the_body_has_the_documented_fields() {
        let call = login("an-id", &"hush-hush".into(), Some("acme")).unwrap();
        assert_eq!(call.name(), "POST /api/v1/auth/universal-auth/login");
        let expected = br#"{"clientId":"an-id","clientSecret":"hush-hush","organizationSlug":"acme"}"#;
        assert_eq!(call.body.as_deref(), Some(expected.as_slice()));
    }
}
