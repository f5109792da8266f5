//! Login with a token that somebody else issued: an OIDC issuer, or a Kubernetes cluster.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::error::Error;
use crate::request::Request;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    identity_id: &'a str,
    jwt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_slug: Option<&'a str>,
}

/// `method` is the API's name of the login, `oidc-auth` or `kubernetes-auth`.
pub(super) fn login(method: &str, identity_id: &str, jwt: &SecretString, slug: Option<&str>) -> Result<Request, Error> {
    let jwt = jwt.expose_secret().trim(); // files and variables often end in a line break
    Request::login(method).json(&Body { identity_id, jwt, organization_slug: slug })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_the_body_has_the_documented_fields() {
        let call = login("oidc-auth", "an-id", &"a.b.c\n".into(), None).unwrap();
        assert_eq!(call.name(), "POST /api/v1/auth/oidc-auth/login");
        assert_eq!(call.body.as_deref(), Some(br#"{"identityId":"an-id","jwt":"a.b.c"}"#.as_slice()));
    }
}
