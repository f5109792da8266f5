//! Login with a token from another issuer: an OIDC issuer or a Kubernetes cluster.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::Organization;
use crate::error::Error;
use crate::request::Request;
use crate::secret;

/// Where an issuer's token comes from. A file is read again at each login: a cluster replaces the token in it before it
/// expires, which may happen in the middle of a long run. (The environment of a process does not change, so the content
/// of a variable is a [`TokenSource::Value`].)
#[derive(Debug, Clone)]
pub enum TokenSource {
    /// The token itself.
    Value(SecretString),
    /// The file that holds it.
    File(PathBuf),
}

impl From<&str> for TokenSource {
    fn from(token: &str) -> Self {
        Self::Value(token.into())
    }
}

impl From<SecretString> for TokenSource {
    fn from(token: SecretString) -> Self {
        Self::Value(token)
    }
}

impl TokenSource {
    /// The current token, without white space around it or a leading `Bearer `.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] when the file cannot be read or holds no token.
    pub fn read(&self) -> Result<SecretString, Error> {
        match self {
            Self::Value(token) => Ok(secret::bare_token(token.expose_secret()).into()),
            Self::File(path) => {
                let setup = |why: String| Error::Setup { reason: format!("The token file {path:?} {why}.") };
                let text = std::fs::read_to_string(path)
                    .map(SecretString::from)
                    .map_err(|error| setup(format!("cannot be read: {error}")))?;
                match secret::bare_token(text.expose_secret()) {
                    "" => Err(setup("is empty".to_owned())),
                    token => Ok(token.into()),
                }
            }
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    identity_id: &'a str,
    jwt: &'a str,
    #[serde(flatten)]
    organization: Organization<'a>,
}

/// `method` is the API's name of the login, `oidc-auth` or `kubernetes-auth`.
pub(super) fn login(
    method: &str,
    identity_id: &str,
    source: &TokenSource,
    organization: Organization<'_>,
) -> Result<Request, Error> {
    let token = source.read()?;
    let request = Request::login(method).json(&Body { identity_id, jwt: token.expose_secret(), organization })?;
    Ok(request.hiding([token]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_the_body_has_the_documented_fields() {
        let call = login("oidc-auth", "an-id", &"a.b.c\n".into(), Organization::of(None)).unwrap();
        assert_eq!(call.name(), "POST /api/v1/auth/oidc-auth/login");
        assert_eq!(call.body.as_deref(), Some(br#"{"identityId":"an-id","jwt":"a.b.c"}"#.as_slice()));
    }

    #[test]
    fn ok_a_file_is_read_again_at_each_login() {
        let path = std::env::temp_dir().join(format!("infisical-token-source-{}", std::process::id()));
        let source = TokenSource::File(path.clone());
        for (content, token) in [("first.a.b\n", "first.a.b"), ("\u{feff}Bearer second.a.b\r\n", "second.a.b")] {
            std::fs::write(&path, content).unwrap();
            let call = login("kubernetes-auth", "an-id", &source, Organization::of(None)).unwrap();
            let body: serde_json::Value = serde_json::from_slice(call.body.as_deref().unwrap()).unwrap();
            assert_eq!(body["jwt"], token);
        }
        std::fs::write(&path, "\n").unwrap();
        assert!(source.read().unwrap_err().to_string().ends_with("is empty."));
        std::fs::remove_file(&path).unwrap();
        let error = source.read().unwrap_err().to_string();
        assert!(error.contains("cannot be read") && error.contains("infisical-token-source"), "{error}");
    }
}
