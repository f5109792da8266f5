//! Sends a request and returns its response, within the API's rate limits, and repeats it by the rules of `retry.rs`.
//!
//! It knows nothing about logins: the caller says where the access token comes from ([`Authorize`]). So the login
//! itself uses the same transport, without a token.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::SecretString;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::error::Error;
use super::hidden::{Fingerprints, Hidden};
use super::http_client::HttpClient;
use super::limiter::RateLimiter;
use super::refusal_kind::RefusalKind;
use super::request::{Repeat, Request};
use super::response::{Response, judge, judge_no_response};
use super::retry::{Failure, FailureKind, Schedule};

/// An access token.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) header: HeaderValue,
    pub(super) value: SecretString,
    /// The number of the login, by which a caller whose token was rejected says which one it was.
    pub(super) number: u64,
    pub(super) renew_at: Option<Instant>,
    /// The credentials of the login. A server or proxy may repeat them in any response, so they are removed from all of
    /// them.
    pub(super) login_secrets: Arc<[SecretString]>,
}

impl Token {
    /// The texts that must not be shown, even if a response repeats them.
    fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        std::iter::once(&self.value).chain(self.login_secrets.iter())
    }
}

/// Where the access token of a request comes from.
pub(super) trait Authorize: Sync {
    /// A token other than the one numbered `refused`; `None` for a request without a token.
    fn token(&self, refused: Option<u64>) -> impl Future<Output = Result<Option<Token>, Error>> + Send;

    /// Whether a rejected token can be replaced.
    fn renews(&self) -> bool;
}

/// The state that all requests of a client share.
pub(super) struct Transport {
    http: Box<dyn HttpClient>,
    limiter: RateLimiter,
    stop: CancellationToken,
    /// Whether the host has ever sent a response of the API.
    host_is_known: AtomicBool,
    first_attempt: OnceLock<Instant>,
    /// Recognizes secrets from earlier responses, which are removed from all later ones.
    answered: Mutex<Arc<Fingerprints>>,
}

/// The progress of a request.
#[derive(Default)]
struct Progress {
    attempts: u32,
    /// The number of the token that was rejected. Each request causes at most one new login.
    refused: Option<u64>,
    /// Whether a failed attempt may have had an effect.
    in_doubt: bool,
    last: Option<Error>,
}

impl Transport {
    pub(super) fn new(http: Box<dyn HttpClient>, stop: CancellationToken) -> Self {
        let (host_is_known, first_attempt) = (AtomicBool::new(false), OnceLock::new());
        Self { http, limiter: RateLimiter::new(), stop, host_is_known, first_attempt, answered: Mutex::default() }
    }

    /// Removes these from all later responses. They are not kept.
    pub(super) fn hide<'a>(&self, secrets: impl IntoIterator<Item = &'a SecretString>) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let answered = Arc::make_mut(&mut *answered);
        secrets.into_iter().for_each(|secret| answered.add(secret));
    }

    /// What is removed from the response to a request with this token.
    fn hidden(&self, request: &Request, token: Option<&Token>) -> Hidden {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let held = request.secrets.iter().chain(token.into_iter().flat_map(Token::secrets));
        Hidden { held: held.cloned().collect(), answered }
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
        let sent = self.send_on(request, authorize, schedule, &mut progress).await;
        sent.map_err(|failure| Failure { in_doubt: progress.in_doubt, ..failure })
    }

    async fn send_on(
        &self,
        request: &Request,
        authorize: &impl Authorize,
        schedule: &mut Schedule,
        progress: &mut Progress,
    ) -> Result<Response, Failure> {
        loop {
            let token = self.unless_stopped(request, progress, authorize.token(progress.refused)).await?;
            let token = token.map_err(Failure::lasting)?;
            let slot = self.unless_stopped(request, progress, self.limiter.enter(&request.route())).await?;
            let slot = slot.map_err(Failure::lasting)?;
            progress.attempts += 1;
            let failure = match self.attempt(request, token.as_ref(), progress).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            drop(slot);
            let is_gone = failure.error.is_refused_as(RefusalKind::NotFound);
            if request.repeat == Repeat::UntilGone && progress.in_doubt && is_gone {
                return Ok(Response::gone(request, failure.began));
            }
            progress.in_doubt |= failure.in_doubt;
            if failure.kind == FailureKind::Token && progress.refused.is_none() && authorize.renews() {
                progress.refused = token.map(|token| token.number);
                if progress.refused.is_some() {
                    progress.last = Some(failure.error);
                    continue;
                }
            }
            let Some(wait) = self.wait(request, &failure, request.repeat, schedule) else { return Err(failure) };
            progress.last = Some(failure.error);
            self.unless_stopped(request, progress, tokio::time::sleep(wait)).await?;
        }
    }

    /// How long to wait before a request that failed like this is sent again; `None` if it is not.
    pub(super) fn wait(
        &self,
        request: &Request,
        failure: &Failure,
        repeat: Repeat,
        schedule: &mut Schedule,
    ) -> Option<Duration> {
        let wait = schedule.next(failure, repeat, self.unknown_since())?;
        if failure.kind == FailureKind::RateLimited {
            self.limiter.hold(request.route(), wait);
        }
        Some(wait)
    }

    /// Waits, unless the client is stopped. `after` is the error of the request, if it was sent before.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub(super) async fn pause(&self, request: &Request, after: Option<&Error>, wait: Duration) -> Result<(), Error> {
        let attempts = u32::from(after.is_some());
        let progress = Progress { attempts, last: after.cloned(), ..Progress::default() };
        Ok(self.unless_stopped(request, &progress, tokio::time::sleep(wait)).await?)
    }

    /// When the host was first tried, if it has not sent a response of the API yet.
    fn unknown_since(&self) -> Option<Instant> {
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
        let exchange = self.http.exchange(request, token.map(|token| token.header.clone()));
        let outcome = match request.writes() {
            true => Ok(exchange.await),
            false => self.unless_stopped(request, progress, exchange).await,
        };
        let result = match outcome {
            Err(stopped) => Err(stopped),
            Ok(Err(missing)) => Err(judge_no_response(request, began, missing)),
            Ok(Ok(raw)) => {
                let result = judge(request, began, raw, self.hidden(request, token));
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

/// Logs one line for each attempt, without query, headers and body, which may contain private data.
fn log(request: &Request, attempt: u32, began: Instant, result: &Result<Response, Failure>) {
    let error = result.as_ref().err().map(|failure| &failure.error);
    let status = result.as_ref().map_or_else(|failure| failure.error.status(), |response| Some(response.status));
    let cause = error.filter(|error| error.status().is_none()).map(tracing::field::display);
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let req_id = error.and_then(Error::request_id);
    let (method, path) = (request.method.as_str(), request.path.as_str());
    debug!(method, path, status, duration_ms, attempt, req_id, cause, "API call");
}
