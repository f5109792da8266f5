//! The credentials that sign a request, and why a source may have none.

use reqsign_aws_v4::Credential;
use secrecy::{ExposeSecret, SecretString};

/// An AWS principal's credentials.
#[derive(Debug, Clone)]
pub(super) struct Credentials {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: SecretString,
    /// For temporary credentials.
    pub(super) session_token: Option<SecretString>,
}

impl Credentials {
    pub(super) fn secrets(&self) -> impl Iterator<Item = SecretString> {
        std::iter::once(&self.secret_access_key).chain(&self.session_token).cloned()
    }

    /// The same in the form that the signing library takes.
    pub(super) fn to_sign_with(&self) -> Credential {
        Credential {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.expose_secret().to_owned(),
            session_token: self.session_token.as_ref().map(|token| token.expose_secret().to_owned()),
            expires_in: None,
        }
    }
}

impl From<Credential> for Credentials {
    fn from(found: Credential) -> Self {
        Self {
            access_key_id: found.access_key_id,
            secret_access_key: found.secret_access_key.into(),
            session_token: found.session_token.map(SecretString::from),
        }
    }
}

/// Why a source gives no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    /// It is not configured, or is not there: the next one is asked.
    Absent(String),
    /// It is configured and fails. The next source might belong to another principal, so it is not asked.
    Failed(String),
}
