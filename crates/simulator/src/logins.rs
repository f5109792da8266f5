//! The credentials that logins accept, and the access tokens that they issue.

use std::{collections::HashMap, time::Duration};

use secrecy::SecretString;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{lockout::Lockout, openrouter::random_hex, response::Refusal};

/// The id of the identity for logins with a JWT or with AWS credentials.
pub const IDENTITY_ID: &str = "b8a1f0c2-7d35-4e96-8c41-2f6e0d9a5b73";
/// The JWT that OIDC and Kubernetes logins accept.
pub const JWT: &str = "simulator.jwt.signature";
/// The slug of the organization, which a login may name.
pub const ORGANIZATION_SLUG: &str = "simulator";

/// The accepted credentials, and the issued tokens.
pub(crate) struct Logins {
    /// A token that is always valid, without a login.
    pub(crate) fixed_token: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) ttl: Duration,
    /// The number of requests for which tokens of future logins are valid.
    pub(crate) uses: Option<u64>,
    lockout: Lockout,
    issued: HashMap<String, Token>,
}

struct Token {
    expires: OffsetDateTime,
    revoked: bool,
    uses_left: Option<u64>,
}

impl Logins {
    pub(crate) fn new(fixed_token: String, client_id: String, client_secret: String) -> Self {
        let ttl = Duration::from_secs(7200);
        Self {
            fixed_token,
            client_id,
            client_secret,
            ttl,
            uses: None,
            lockout: Lockout::default(),
            issued: HashMap::new(),
        }
    }

    /// Expires the tokens of all logins so far; the fixed token stays valid.
    pub(crate) fn expire_all(&mut self, now: OffsetDateTime) {
        self.issued.values_mut().for_each(|token| token.expires = now);
    }

    /// Expires the token in this header, if a login issued it.
    pub(crate) fn expire(&mut self, authorization: Option<&str>, now: OffsetDateTime) {
        if let Some(token) = bearer(authorization).and_then(|text| self.issued.get_mut(text)) {
            token.expires = now;
        }
    }

    /// Revokes the tokens of all logins so far. From now on they are refused with 401.
    pub(crate) fn revoke_all(&mut self) {
        self.issued.values_mut().for_each(|token| token.revoked = true);
    }

    /// The tokens of all logins so far, valid or not.
    pub(crate) fn issued(&self) -> impl Iterator<Item = SecretString> {
        self.issued.keys().map(|token| SecretString::from(token.as_str()))
    }

    /// Refuses a header without a valid token.
    pub(crate) fn check(&self, authorization: Option<&str>, now: OffsetDateTime) -> Result<(), Refusal> {
        let text = bearer(authorization).ok_or_else(|| Refusal::unauthorized("Token missing"))?;
        if text == self.fixed_token {
            return Ok(());
        }
        match self.issued.get(text) {
            None => Err(Refusal::token(
                "The provided access token is malformed. Please use a valid token or generate a new one and try again.",
            )),
            Some(token) if token.expires <= now => Err(expired()),
            Some(token) if token.revoked => {
                Err(Refusal::unauthorized("Failed to authorize revoked access token, access token is revoked"))
            }
            Some(token) if token.uses_left == Some(0) => {
                Err(Refusal::unauthorized("Unable to renew because access token number of uses limit reached"))
            }
            Some(_) => Ok(()),
        }
    }

    /// Counts one use of the token in the header.
    pub(crate) fn used(&mut self, authorization: Option<&str>) {
        let token = bearer(authorization).and_then(|text| self.issued.get_mut(text));
        if let Some(left) = token.and_then(|token| token.uses_left.as_mut()) {
            *left = left.saturating_sub(1);
        }
    }

    /// Issues a token, and returns the body of the login's response.
    pub(crate) fn issue(&mut self, now: OffsetDateTime) -> Value {
        let text = format!("simulator-access-{}", random_hex());
        let token = Token { expires: now + self.ttl, revoked: false, uses_left: self.uses };
        self.issued.insert(text.clone(), token);
        let seconds = self.ttl.as_secs();
        json!({
            "accessToken": text,
            "expiresIn": seconds,
            "accessTokenMaxTTL": seconds,
            "tokenType": "Bearer",
        })
    }
}

/// The refusal of an expired access token.
pub(crate) fn expired() -> Refusal {
    Refusal::token("Your token has expired. Please re-authenticate.")
}

fn bearer(authorization: Option<&str>) -> Option<&str> {
    authorization?.strip_prefix("Bearer ").map(str::trim).filter(|text| !text.is_empty())
}

impl Logins {
    /// Whether the client id and secret are right. A wrong secret counts towards the lock.
    pub(crate) fn accepts(&mut self, client_id: &str, secret: &str, now: OffsetDateTime) -> Result<bool, Refusal> {
        if client_id != self.client_id {
            return Ok(false);
        }
        self.lockout.check(now)?;
        let right = secret == self.client_secret;
        if right {
            self.lockout.right();
        } else {
            self.lockout.wrong(now);
        }
        Ok(right)
    }
}
