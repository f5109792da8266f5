//! The access token: got by one login that all calls share, and renewed before it expires.

mod aws;
mod jwt;
mod universal;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::Instant;

pub use aws::AwsCredentials;
pub use jwt::TokenSource;

use super::call::Call;
use super::client::Client;
use super::error::Error;
use super::secret;

/// A token is renewed this long before it expires, or a tenth of its life if that is less.
const MARGIN: Duration = Duration::from_secs(60);

/// A login that the API refused isn't tried again for so long: the same credentials would be refused
/// again, and the API locks an identity after a few wrong ones.
const REFUSAL_HOLDS: Duration = Duration::from_secs(60);

/// How the client proves who it is.
#[derive(Debug, Clone)]
pub enum Auth {
    /// An access token as it is. It can't be renewed.
    Token(SecretString),
    /// A machine identity's client id and secret.
    Universal {
        /// The client id.
        client_id: String,
        /// The client secret.
        client_secret: SecretString,
    },
    /// A machine identity that trusts an OIDC issuer.
    Oidc {
        /// The identity's id.
        identity_id: String,
        /// The issuer's token.
        jwt: TokenSource,
    },
    /// A machine identity that trusts a Kubernetes cluster.
    Kubernetes {
        /// The identity's id.
        identity_id: String,
        /// The service account's token.
        jwt: TokenSource,
    },
    /// A machine identity that trusts an AWS principal.
    AwsIam {
        /// The identity's id.
        identity_id: String,
        /// The principal's credentials.
        credentials: AwsCredentials,
        /// The region whose token service the server shall ask; none for the global one.
        region: Option<String>,
    },
}

/// The organization to log in to, as part of a login's body.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Organization<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_slug: Option<&'a str>,
    /// The name that older servers know; the API ignores fields that it doesn't know.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_organization_name: Option<&'a str>,
}

impl<'a> Organization<'a> {
    fn of(slug: Option<&'a str>) -> Self {
        Self { organization_slug: slug, sub_organization_name: slug }
    }
}

/// Where a token comes from.
enum Source<'a> {
    Given(&'a SecretString),
    Login(Call),
}

impl Auth {
    fn source(&self, slug: Option<&str>) -> Result<Source<'_>, Error> {
        let organization = Organization::of(slug);
        let call = match self {
            Self::Token(token) => return Ok(Source::Given(token)),
            Self::Universal { client_id, client_secret } => universal::login(client_id, client_secret, organization),
            Self::Oidc { identity_id, jwt } => jwt::login("oidc-auth", identity_id, jwt, organization),
            Self::Kubernetes { identity_id, jwt } => jwt::login("kubernetes-auth", identity_id, jwt, organization),
            Self::AwsIam { identity_id, credentials, region } => {
                aws::login(identity_id, credentials, region.as_deref(), organization)
            }
        };
        call.map(Source::Login)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoggedIn {
    access_token: SecretString,
    /// Seconds; 0 for a token that doesn't expire.
    #[serde(default)]
    expires_in: Option<u64>,
}

/// A token that calls may use.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) header: HeaderValue,
    pub(super) value: SecretString,
    /// Counts the logins, so that a caller whose token was refused can say which one it was.
    pub(super) number: u64,
    renew_at: Option<Instant>,
}

/// The one login.
pub(super) struct Session {
    auth: Auth,
    organization_slug: Option<String>,
    state: Mutex<State>,
    /// Counts the logins that have ended, well or not, so that a caller can tell one that ended while it waited.
    ended: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failed: Option<(Error, Instant)>,
}

impl Session {
    pub(super) fn new(auth: Auth, organization_slug: Option<String>) -> Self {
        Self { auth, organization_slug, state: Mutex::default(), ended: AtomicU64::new(0) }
    }

    /// Whether a token that was refused can be replaced.
    pub(super) fn renews(&self) -> bool {
        !matches!(self.auth, Auth::Token(_))
    }

    /// The token, after a login if there is none that is good, and none but the one numbered `refused`.
    ///
    /// # Errors
    ///
    /// [`Error::Login`], the same for all who waited for the same login.
    pub(super) async fn token(&self, client: &Client, refused: Option<u64>) -> Result<Token, Error> {
        let ended_before = self.ended.load(Ordering::SeqCst);
        let mut state = self.state.lock().await;
        let is_good =
            |token: &&Token| Some(token.number) != refused && token.renew_at.is_none_or(|at| at > Instant::now());
        if let Some(token) = state.token.as_ref().filter(is_good) {
            return Ok(token.clone());
        }
        if let Some((error, at)) = &state.failed {
            let ended_while_waiting = self.ended.load(Ordering::SeqCst) != ended_before;
            let still_holds = error.refusal().is_some() && at.elapsed() < REFUSAL_HOLDS;
            if ended_while_waiting || still_holds {
                return Err(error.clone());
            }
        }
        let number = state.token.as_ref().map_or(0, |token| token.number) + 1;
        let outcome = self.log_in(client, number).await;
        self.ended.fetch_add(1, Ordering::SeqCst);
        match outcome {
            Ok(token) => {
                *state = State { token: Some(token.clone()), failed: None };
                Ok(token)
            }
            Err(error) => {
                state.failed = Some((error.clone(), Instant::now()));
                Err(error)
            }
        }
    }

    /// Boxed, because a login is itself sent by the client that waits for it.
    fn log_in<'a>(&'a self, client: &'a Client, number: u64) -> BoxFuture<'a, Result<Token, Error>> {
        Box::pin(self.logged_in(client, number))
    }

    async fn logged_in(&self, client: &Client, number: u64) -> Result<Token, Error> {
        let began = Instant::now(); // the life counts from before the server set it, so it never ends too late
        let (value, life) = match self.auth.source(self.organization_slug.as_deref())? {
            Source::Given(token) => (token.clone(), None),
            Source::Login(call) => {
                let logged_in = client.send(&call).await.and_then(|answer| answer.decode::<LoggedIn>());
                let LoggedIn { access_token, expires_in } = logged_in.map_err(|failure| match failure.error {
                    error @ (Error::Stopped { .. } | Error::Setup { .. }) => error,
                    error => Error::Login(Box::new(error)),
                })?;
                (access_token, expires_in.filter(|seconds| *seconds > 0).map(Duration::from_secs))
            }
        };
        let renew_at = life.and_then(|life| began.checked_add(life.saturating_sub(MARGIN.min(life / 10))));
        Ok(Token { header: secret::bearer(&value)?, value, number, renew_at })
    }
}
