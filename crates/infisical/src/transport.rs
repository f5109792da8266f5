//! The way of one request to the server and back: at the pace that the API allows, and again as `retry.rs` says.
//!
//! It knows no logins: whoever sends says where the access token comes from ([`Authorize`]). So the login itself
//! is sent by the same transport, without one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::error::Error;
use super::limiter::RateLimiter;
use super::refusal::RefusalKind;
use super::request::{Repeat, Request};
use super::response::{Response, judge, judge_broken};
use super::retry::{Failure, Kind, Schedule};
use super::wire::Wire;

/// A token that requests may use.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) header: HeaderValue,
    pub(super) value: SecretString,
    /// Counts the logins, so that a caller whose token was refused can say which one it was.
    pub(super) number: u64,
    pub(super) renew_at: Option<Instant>,
    /// What it was obtained with. A server or proxy may repeat that in any answer, so it's crossed out of all of them.
    pub(super) login_secrets: Arc<[SecretString]>,
}

impl Token {
    /// What must not be shown, even where an answer repeats it.
    fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        std::iter::once(&self.value).chain(self.login_secrets.iter())
    }
}

/// Where the access token of a request comes from.
pub(super) trait Authorize: Sync {
    /// The token, other than the one numbered `refused`; none for a request that takes none.
    fn token(&self, refused: Option<u64>) -> impl Future<Output = Result<Option<Token>, Error>> + Send;

    /// Whether a token that was refused can be replaced.
    fn renews(&self) -> bool;
}

/// What all requests of a client share on their way.
pub(super) struct Transport {
    wire: Box<dyn Wire>,
    limiter: RateLimiter,
    stop: CancellationToken,
    /// Whether the host ever gave an answer that is the API's.
    host_is_known: AtomicBool,
    first_attempt: OnceLock<Instant>,
    /// Secrets that were answered. No later answer may show them, even if it repeats them.
    answered: Mutex<Vec<SecretString>>,
}

/// How far a request has come.
#[derive(Default)]
struct Progress {
    attempts: u32,
    /// The number of a token that was refused. There's only one new login for each request.
    refused: Option<u64>,
    /// Whether an attempt that failed may have done its work.
    in_doubt: bool,
    last: Option<Error>,
}

impl Transport {
    pub(super) fn new(wire: Box<dyn Wire>, stop: CancellationToken) -> Self {
        let (host_is_known, first_attempt) = (AtomicBool::new(false), OnceLock::new());
        Self { wire, limiter: RateLimiter::new(), stop, host_is_known, first_attempt, answered: Mutex::default() }
    }

    /// Crosses these out of whatever is answered from now on.
    pub(super) fn hide(&self, secrets: impl IntoIterator<Item = SecretString>) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets {
            if !answered.iter().any(|known| known.expose_secret() == secret.expose_secret()) {
                answered.push(secret);
            }
        }
    }

    /// Sends a request, as often as its schedule allows.
    ///
    /// # Errors
    ///
    /// The last attempt's failure, or [`Error::Stopped`].
    pub(super) async fn send(
        &self,
        request: &Request,
        authorize: &impl Authorize,
        schedule: &mut Schedule,
    ) -> Result<Response, Failure> {
        let mut progress = Progress::default();
        loop {
            let token = self.unless_stopped(request, &progress, authorize.token(progress.refused)).await?;
            let token = token.map_err(Failure::lasting)?;
            let slot = self.unless_stopped(request, &progress, self.limiter.enter(&request.route())).await?;
            let slot = slot.map_err(Failure::lasting)?;
            progress.attempts += 1;
            let failure = match self.attempt(request, token.as_ref(), &progress).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            drop(slot);
            let is_gone = failure.error.is_refused_as(RefusalKind::NotFound);
            if request.repeat == Repeat::UntilGone && progress.in_doubt && is_gone {
                return Ok(Response::gone(request, failure.began));
            }
            progress.in_doubt |= matches!(failure.kind, Kind::Broke | Kind::Lost);
            if failure.kind == Kind::Token && progress.refused.is_none() && authorize.renews() {
                progress.refused = token.map(|token| token.number);
                if progress.refused.is_some() {
                    progress.last = Some(failure.error);
                    continue;
                }
            }
            let Some(wait) = self.wait(request, &failure, request.repeat, schedule) else { return Err(failure) };
            progress.last = Some(failure.error);
            self.unless_stopped(request, &progress, tokio::time::sleep(wait)).await?;
        }
    }

    /// How long to wait before a request that failed so is sent again; none when it isn't.
    pub(super) fn wait(
        &self,
        request: &Request,
        failure: &Failure,
        repeat: Repeat,
        schedule: &mut Schedule,
    ) -> Option<Duration> {
        let wait = schedule.next(failure, repeat, self.strange_since())?;
        if failure.kind == Kind::RateLimited {
            self.limiter.hold(request.route(), wait);
        }
        Some(wait)
    }

    /// Waits, unless the client is stopped. `after` is how the request failed, if it was sent before.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub(super) async fn pause(&self, request: &Request, after: Option<&Error>, wait: Duration) -> Result<(), Error> {
        let attempts = u32::from(after.is_some());
        let progress = Progress { attempts, last: after.cloned(), ..Progress::default() };
        Ok(self.unless_stopped(request, &progress, tokio::time::sleep(wait)).await?)
    }

    /// When the host was first tried, if nothing sensible has come from it yet.
    fn strange_since(&self) -> Option<Instant> {
        let is_known = self.host_is_known.load(Ordering::Relaxed);
        self.first_attempt.get().filter(|_| !is_known).copied()
    }

    async fn attempt(
        &self,
        request: &Request,
        token: Option<&Token>,
        progress: &Progress,
    ) -> Result<Response, Failure> {
        let began = Instant::now();
        self.first_attempt.get_or_init(|| began);
        let exchange = self.wire.exchange(request, token.map(|token| token.header.clone()));
        let outcome = match request.writes() {
            true => Ok(exchange.await),
            false => self.unless_stopped(request, progress, exchange).await,
        };
        let result = match outcome {
            Err(stopped) => Err(stopped),
            Ok(Err(broken)) => Err(judge_broken(request, began, broken)),
            Ok(Ok(raw)) => {
                let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let known = request.secrets.iter().chain(&answered);
                let secrets: Vec<_> = known.chain(token.into_iter().flat_map(Token::secrets)).collect();
                let result = judge(request, began, raw, &secrets);
                if matches!(&result, Ok(_) | Err(Failure { error: Error::Refused(_), .. })) {
                    self.host_is_known.store(true, Ordering::Relaxed);
                }
                result
            }
        };
        log(request, progress.attempts, began, &result);
        result
    }

    async fn unless_stopped<T>(
        &self,
        request: &Request,
        progress: &Progress,
        work: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => {
                let (sent, after) = (progress.attempts > 0, progress.last.clone().map(Box::new));
                Err(Failure::lasting(Error::Stopped { request: request.name(), sent, after }))
            }
            done = work => Ok(done),
        }
    }
}

/// One line for each attempt. No query, no header and no body: they may hold what's nobody else's business.
fn log(request: &Request, attempt: u32, began: Instant, result: &Result<Response, Failure>) {
    let error = result.as_ref().err().map(|failure| &failure.error);
    let status = result.as_ref().map_or_else(|failure| failure.error.status(), |response| Some(response.status));
    let cause = error.filter(|error| error.status().is_none()).map(tracing::field::display);
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let req_id = error.and_then(Error::request_id);
    let (method, path) = (request.method.as_str(), request.path.as_str());
    debug!(method, path, status, duration_ms, attempt, req_id, cause, "API call");
}
