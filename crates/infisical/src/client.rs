//! The client, and the one door through which every request goes: [`Client::send`].

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::debug;
use url::Url;

use super::answer::{Answer, judge, judge_broken};
use super::auth::{Auth, Session, Token};
use super::call::{Call, Repeat};
use super::clock::ServerClock;
use super::error::Error;
use super::listing::Listings;
use super::pace::Pace;
use super::retry::{self, Failure, Kind, Schedule};
use super::transport::{Certificates, Http};
use super::wire::Wire;

/// Where the API is, who asks, and when to stop.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The API's address, `http` or `https`; its path, if any, comes before the API's own.
    pub host: Url,
    /// How to log in.
    pub auth: Auth,
    /// The organization to log in to, for an identity that belongs to several.
    pub organization_slug: Option<String>,
    /// Certificates that are trusted besides the system's.
    pub ca_cert_pem: Option<Certificates>,
    /// What the requests say they come from.
    pub user_agent: String,
    /// Ends every wait and every read when it's cancelled. What may change something is awaited once it's sent.
    pub stop: CancellationToken,
}

/// A client of the Infisical API. Cheap to clone; the clones share the login, the limits and the lists.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    host: Url,
    wire: Box<dyn Wire>,
    session: Session,
    pace: Pace,
    clock: ServerClock,
    listings: Listings,
    stop: CancellationToken,
    /// Whether the host ever gave an answer that is the API's.
    host_is_known: AtomicBool,
    first_attempt: OnceLock<Instant>,
}

impl Client {
    /// Makes a client. Nothing is sent and no certificate of the system is read before the first call.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] when the host isn't an http(s) address or holds a password.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let setup = |reason: String| Error::Setup { reason };
        let host = &settings.host;
        if !matches!(host.scheme(), "http" | "https") || host.host_str().is_none() {
            return Err(setup(format!("The host is not an http or https address: {}:…", host.scheme())));
        }
        if !host.username().is_empty() || host.password().is_some() {
            return Err(setup("The host's address must not hold a user name or password.".to_owned()));
        }
        let given = settings.ca_cert_pem.clone().unwrap_or_default();
        let wire = Http::new(host.clone(), given, &settings.user_agent);
        Ok(Self::over(Box::new(wire), settings))
    }

    /// A client over whatever carries its calls.
    pub(super) fn over(wire: Box<dyn Wire>, settings: Settings) -> Self {
        let inner = Inner {
            host: settings.host,
            wire,
            session: Session::new(settings.auth, settings.organization_slug),
            pace: Pace::new(),
            clock: ServerClock::new(),
            listings: Listings::default(),
            stop: settings.stop,
            host_is_known: AtomicBool::new(false),
            first_attempt: OnceLock::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(super) fn clock(&self) -> &ServerClock {
        &self.inner.clock
    }

    pub(super) fn listings(&self) -> &Listings {
        &self.inner.listings
    }

    /// Sends a call: with a token, at the pace that the API allows, and again as `retry.rs` says.
    ///
    /// # Errors
    ///
    /// The last attempt's failure, or [`Error::Stopped`].
    pub(super) async fn send(&self, call: &Call) -> Result<Answer, Failure> {
        let _stale = call.writes().then(|| self.inner.listings.write());
        let mut schedule = Schedule::new();
        let (mut attempt, mut refused, mut in_doubt, mut last) = (0, None, false, None);
        loop {
            attempt += 1;
            let token = self.token(call, refused, last.clone()).await?;
            let slot = self.unless_stopped(call, last, self.inner.pace.enter()).await?;
            let failure = match self.attempt(call, token.as_ref(), attempt).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            drop(slot);
            if call.repeat == Repeat::UntilGone && in_doubt && failure.error.is_not_found() {
                return Ok(Answer::gone(call, failure.began));
            }
            in_doubt |= matches!(failure.kind, Kind::Broke | Kind::Lost);
            if failure.kind == Kind::Token && refused.is_none() && self.inner.session.renews() {
                refused = token.map(|token| token.number);
                if refused.is_some() {
                    last = Some(failure.error);
                    continue;
                }
            }
            let strange_since = self.strange_since();
            let Some(wait) = schedule.next(&failure, call.repeat, strange_since) else { return Err(failure) };
            if failure.kind == Kind::RateLimited {
                self.inner.pace.hold(wait);
            }
            self.unless_stopped(call, Some(failure.error.clone()), tokio::time::sleep(wait)).await?;
            last = Some(failure.error);
        }
    }

    /// Waits, unless the client is stopped.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub(super) async fn pause(&self, call: &Call, after: &Error, wait: Duration) -> Result<(), Error> {
        Ok(self.unless_stopped(call, Some(after.clone()), tokio::time::sleep(wait)).await?)
    }

    /// When the host was first tried, if nothing sensible has come from it yet.
    fn strange_since(&self) -> Option<Instant> {
        let is_known = self.inner.host_is_known.load(Ordering::Relaxed);
        self.inner.first_attempt.get().filter(|_| !is_known).copied()
    }

    async fn token(&self, call: &Call, refused: Option<u64>, last: Option<Error>) -> Result<Option<Token>, Failure> {
        if !call.bearer {
            return Ok(None);
        }
        let token = self.inner.session.token(self, refused);
        let token = self.unless_stopped(call, last, token).await?;
        token.map(Some).map_err(Failure::lasting)
    }

    async fn attempt(&self, call: &Call, token: Option<&Token>, attempt: u32) -> Result<Answer, Failure> {
        let began = Instant::now();
        self.inner.first_attempt.get_or_init(|| began);
        let exchange = self.inner.wire.exchange(call, token.map(|token| token.header.clone()));
        let outcome = match call.writes() {
            true => Ok(exchange.await),
            false => self.unless_stopped(call, None, exchange).await,
        };
        let result = match outcome {
            Err(stopped) => Err(stopped),
            Ok(Err(broken)) => Err(judge_broken(call, began, broken)),
            Ok(Ok(raw)) => {
                let date = retry::date(&raw.headers);
                let mut secrets: Vec<&SecretString> = call.secrets.iter().collect();
                secrets.extend(token.map(|token| &token.value));
                let result = judge(call, began, raw, &secrets);
                if matches!(&result, Ok(_) | Err(Failure { error: Error::Refused(_), .. })) {
                    self.inner.host_is_known.store(true, Ordering::Relaxed);
                    date.into_iter().for_each(|date| self.inner.clock.note(date, began, Instant::now()));
                }
                result
            }
        };
        log(call, attempt, began, &result);
        result
    }

    async fn unless_stopped<T>(
        &self,
        call: &Call,
        after: Option<Error>,
        work: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            () = self.inner.stop.cancelled() => {
                Err(Failure::lasting(Error::Stopped { call: call.name(), after: after.map(Box::new) }))
            }
            done = work => Ok(done),
        }
    }
}

/// One line for each attempt. No query, no header and no body: they may hold what's nobody else's business.
fn log(call: &Call, attempt: u32, began: Instant, result: &Result<Answer, Failure>) {
    let error = result.as_ref().err().map(|failure| &failure.error);
    let status = result.as_ref().map_or_else(|failure| failure.error.status(), |answer| Some(answer.status));
    let cause = error.filter(|error| error.status().is_none()).map(tracing::field::display);
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let req_id = error.and_then(Error::request_id);
    let (method, path) = (call.method.as_str(), call.path.as_str());
    debug!(method, path, status, duration_ms, attempt, req_id, cause, "API call");
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.inner.host.as_str()).finish_non_exhaustive()
    }
}
