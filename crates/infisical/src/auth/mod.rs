//! The access token: obtained by one login that all requests share, and renewed before it expires.

mod aws;
mod jwt;
mod universal;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::Instant;

pub use aws::AwsEnvironment;
pub use jwt::TokenSource;

use super::connect::Certificates;
use super::error::Error;
use super::request::Request;
use super::retry::Schedule;
use super::secret;
use super::transport::{Authorize, Token, Transport};
use aws::{Machine, ThisMachine};

/// A token is renewed this long before it expires, or a tenth of its lifetime before if that is shorter.
const MARGIN: Duration = Duration::from_secs(60);

/// How long a refused login is not repeated: the same credentials would be refused again, and the API locks an identity
/// after several failed logins.
const REFUSAL_HOLDS: Duration = Duration::from_secs(60);

/// How the client authenticates.
#[derive(Debug, Clone)]
pub enum Auth {
    /// A given access token. It cannot be renewed.
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
        /// Where the principal's credentials and the region are looked for, at each login.
        environment: AwsEnvironment,
    },
}

/// The organization to log in to, as part of a login's body.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Organization<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_slug: Option<&'a str>,
    /// The name of the field in older servers; the API ignores unknown fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_organization_name: Option<&'a str>,
}

impl<'a> Organization<'a> {
    fn of(slug: Option<&'a str>) -> Self {
        Self { organization_slug: slug, sub_organization_name: slug }
    }
}

/// Where the access token comes from.
enum Source<'a> {
    Given(&'a SecretString),
    Login(Request),
}

impl Auth {
    /// Files and services with short-lived credentials are read again each time.
    async fn source(&self, slug: Option<&str>, machine: &Arc<dyn Machine>) -> Result<Source<'_>, Error> {
        let organization = Organization::of(slug);
        let request = match self {
            Self::Token(token) => return Ok(Source::Given(token)),
            Self::Universal { client_id, client_secret } => universal::login(client_id, client_secret, organization),
            Self::Oidc { identity_id, jwt } => jwt::login("oidc-auth", identity_id, jwt, organization),
            Self::Kubernetes { identity_id, jwt } => jwt::login("kubernetes-auth", identity_id, jwt, organization),
            Self::AwsIam { identity_id, environment } => {
                aws::login(identity_id, environment, machine.clone(), organization).await
            }
        };
        request.map(Source::Login)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoggedIn {
    access_token: SecretString,
    /// In seconds; 0 for a token that does not expire.
    #[serde(default)]
    expires_in: Option<u64>,
}

/// The client's login, which all requests share.
pub(super) struct Session {
    auth: Auth,
    organization_slug: Option<String>,
    machine: Arc<dyn Machine>,
    state: Mutex<State>,
    /// The number of logins that have ended, successfully or not, so that a waiting caller can tell whether one ended
    /// while it waited.
    ended: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failed: Option<(Error, Instant)>,
}

impl Session {
    /// `ca_cert_pem` and `user_agent` are for requests to others than the API, which some logins need.
    pub(super) fn new(
        auth: Auth,
        organization_slug: Option<String>,
        ca_cert_pem: Option<Certificates>,
        user_agent: &str,
    ) -> Self {
        let machine = Arc::new(ThisMachine::new(ca_cert_pem.unwrap_or_default(), user_agent));
        Self { auth, organization_slug, machine, state: Mutex::default(), ended: AtomicU64::new(0) }
    }

    /// The source of access tokens for requests over that transport.
    pub(super) fn over<'a>(&'a self, transport: &'a Transport) -> LoggedInOver<'a> {
        LoggedInOver { session: self, transport }
    }

    /// A valid token other than the one numbered `refused`, from a new login if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Login`], shared by all callers who waited for the same login.
    async fn token(&self, transport: &Transport, refused: Option<u64>) -> Result<Token, Error> {
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
        let outcome = self.log_in(transport, number).await;
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

    async fn log_in(&self, transport: &Transport, number: u64) -> Result<Token, Error> {
        let began = Instant::now(); // the server starts counting later, so the token is never used for too long
        let (value, life, login_secrets) =
            match self.auth.source(self.organization_slug.as_deref(), &self.machine).await? {
                Source::Given(token) => (token.clone(), None, Vec::new()),
                Source::Login(request) => {
                    let without_token = WithoutToken;
                    let response = transport.send(&request, &without_token, &mut Schedule::new()).await;
                    let logged_in = response.and_then(|response| response.decode::<LoggedIn>());
                    let LoggedIn { access_token, expires_in } = logged_in.map_err(|failure| match failure.error {
                        error @ (Error::Stopped { .. } | Error::Setup { .. }) => error,
                        error => Error::Login(Box::new(error)),
                    })?;
                    let life = expires_in.filter(|seconds| *seconds > 0).map(Duration::from_secs);
                    (access_token, life, request.secrets)
                }
            };
        let renew_at = life.and_then(|life| began.checked_add(life.saturating_sub(MARGIN.min(life / 10))));
        Ok(Token { header: secret::bearer(&value)?, value, number, renew_at, login_secrets: login_secrets.into() })
    }
}

/// A session and the transport for its logins.
pub(super) struct LoggedInOver<'a> {
    session: &'a Session,
    transport: &'a Transport,
}

impl Authorize for LoggedInOver<'_> {
    async fn token(&self, refused: Option<u64>) -> Result<Option<Token>, Error> {
        self.session.token(self.transport, refused).await.map(Some)
    }

    fn renews(&self) -> bool {
        !matches!(self.session.auth, Auth::Token(_))
    }
}

/// The login itself is sent without a token.
struct WithoutToken;

impl Authorize for WithoutToken {
    async fn token(&self, _refused: Option<u64>) -> Result<Option<Token>, Error> {
        Ok(None)
    }

    fn renews(&self) -> bool {
        false
    }
}
