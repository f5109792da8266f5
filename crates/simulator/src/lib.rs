//! A stand-in for the part of the Infisical API that rotates OpenRouter keys.
//!
//! It is as strict as the real server, quirks included, and keeps everything in
//! memory. Use it to try the provider without an account; the provider's tests
//! run against it, too. OpenRouter is simulated as well. Never give it real keys.
//!
//! ```
//! use simulator::{Call, Fault, Options, Simulator};
//!
//! let sim = Simulator::start(Options::default())?;
//! sim.fault(Fault::drop_after(Call::Create).times(1));
//! println!("INFISICAL_HOST={} INFISICAL_TOKEN={}", sim.url(), sim.token());
//! assert_eq!(sim.counts().rotations, 0);
//! # Ok::<(), simulator::StartError>(())
//! ```
//!
//! # One request from start to end
//!
//! `server` receives it → `shared::Shared::arrive` records it, counts it against
//! the rate limit and asks `active_faults` which faults apply to it → `api` checks the
//! token and the body and selects the handler → `rotations`, `connections` or
//! `login_call` validates it with `schema` and executes it under the lock → a call that
//! needs OpenRouter waits for it without the lock, and `openrouter_calls` does the rest →
//! `server` sends the response, modified by the faults if there are any.

mod active_faults;
mod api;
mod background_rotations;
mod call;
mod clock;
mod conflicts;
mod connection;
mod connections;
mod contents_page;
mod database_columns;
mod denial;
mod fault;
mod fault_effect;
mod fault_options;
mod fault_syntax;
mod handle;
mod history;
mod idle_timeout;
mod lockout;
mod login_call;
mod logins;
mod number;
mod openapi;
mod openrouter;
mod openrouter_calls;
mod other_types;
mod outside_changes;
mod permissions;
mod projects;
mod rate_limit;
mod recorded_request;
mod refusals;
mod request;
mod response;
mod response_body;
mod restore;
mod rotation;
mod rotations;
mod schedule;
mod schema;
mod server;
mod settings;
mod shared;
mod signed_aws_request;
mod state;
mod text;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, io, net::TcpListener, ops::Deref, sync::Arc, thread::JoinHandle, time::Duration};

use tokio_util::sync::CancellationToken;

pub use call::Call;
pub use denial::Denial;
pub use fault::Fault;
pub use fault_effect::{Effect, Moment, RetryAfter};
pub use fault_options::parse_time;
pub use fault_syntax::{FaultError, GRAMMAR};
pub use handle::{Counts, Handle};
pub use logins::{IDENTITY_ID, JWT, ORGANIZATION_SLUG};
pub use openrouter::{Key, PROVISIONING_KEY_PREFIX};
pub use projects::{Secret, Unknown};
pub use recorded_request::RecordedRequest;
pub use restore::CannotRestore;
pub use rotation::Rotation;
pub use schedule::RotateAtUtc;
pub use schema::{check_response, undocumented_keys};

use crate::{connection::Connection, logins::Logins, projects::Projects, shared::Shared, state::State};

/// The id of the project that exists from the start.
pub const PROJECT_ID: &str = "7e5b2d34-6c1f-4f0e-9a55-0c6f0d1b2a10";
/// The id of the connection that exists from the start.
pub const CONNECTION_ID: &str = "1f4c6a82-93d7-4c58-8e0b-5d2a7b9c3e61";
/// The default of the access token that is always valid.
pub const TOKEN: &str = "simulator-token";
/// The client id for a login with universal auth.
pub const CLIENT_ID: &str = "simulator-client";
/// The client secret for a login with universal auth.
pub const CLIENT_SECRET: &str = "simulator-secret";

/// The options of a simulator.
pub struct Options {
    /// The port on 127.0.0.1; 0 selects a free one.
    pub port: u16,
    /// The access token that is always valid.
    pub token: String,
    /// Reads per minute, and as many writes, on each route; `None` for no limit.
    pub rate_limit: Option<u32>,
    /// Reads per minute on each route, instead of `rate_limit`.
    pub read_limit: Option<u32>,
    /// Writes per minute on each route, instead of `rate_limit`.
    pub write_limit: Option<u32>,
    /// See [`Handle::set_idle_timeout`].
    pub idle_timeout: Option<Duration>,
    /// See [`Handle::set_read_lag`].
    pub read_lag: Duration,
    /// See [`Handle::set_check_lag`].
    pub check_lag: Duration,
    /// See [`Handle::set_date_skew`].
    pub date_skew: i64,
    /// See [`Handle::set_revocation_fails`].
    pub revocation_fails: bool,
    /// See [`Handle::set_maintenance`].
    pub maintenance: bool,
    /// See [`Handle::refuse_plan`].
    pub refuse_plan: bool,
    /// See [`Handle::set_background_rotation_time`].
    pub background_rotation_time: Duration,
    /// Faults that are active from the start.
    pub faults: Vec<Fault>,
    /// Called with each request once it has been handled.
    pub log: Option<fn(&RecordedRequest)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            token: TOKEN.to_owned(),
            rate_limit: None,
            read_limit: None,
            write_limit: None,
            idle_timeout: None,
            read_lag: Duration::ZERO,
            check_lag: Duration::ZERO,
            date_skew: 0,
            revocation_fails: false,
            maintenance: false,
            refuse_plan: false,
            background_rotation_time: Duration::from_millis(5),
            faults: Vec::new(),
            log: None,
        }
    }
}

/// Why a simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is not available.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The thread or its runtime cannot be started.
    #[error("cannot start the server's thread: {0}")]
    Thread(io::Error),
    /// The schema data is broken, which is a bug in the simulator.
    #[error("{0}")]
    Schema(String),
}

/// A running simulator; dropping it stops it.
pub struct Simulator {
    handle: Handle,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a simulator with one project (environments `dev`, `staging`, `prod`, each
    /// with the folders `/`, `/app` and `/app/nested`) and the connection `openrouter`.
    ///
    /// # Errors
    ///
    /// [`StartError`] when the port is in use or the thread cannot be started.
    pub fn start(options: Options) -> Result<Self, StartError> {
        schema::load().map_err(StartError::Schema)?;
        let port = options.port;
        let listen = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind(("127.0.0.1", port)).map_err(listen)?;
        let url = format!("http://{}", listener.local_addr().map_err(listen)?);
        let (log, idle_timeout) = (options.log, options.idle_timeout);
        let shared = Arc::new(Shared::new(seeded(options), url, log, idle_timeout));
        let stop = CancellationToken::new();
        let thread = server::start(listener, shared.clone(), stop.clone()).map_err(StartError::Thread)?;
        Ok(Self { handle: Handle(shared), stop, thread: Some(thread) })
    }

    /// A handle of its own, for another thread or a closure.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

impl Deref for Simulator {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic on the server's thread was already printed, so it is not raised again.
            drop(thread.join());
        }
    }
}

/// The state that every simulator starts with.
fn seeded(options: Options) -> State {
    let mut projects = Projects::default();
    projects.add_project(PROJECT_ID);
    for environment in ["dev", "staging", "prod"] {
        #[expect(clippy::expect_used, reason = "the project was added with these environments")]
        projects.add_folder(PROJECT_ID, environment, "/app/nested").expect("an environment of the project");
    }
    let mut state = State {
        clock: clock::Clock::default(),
        projects,
        connections: Vec::new(),
        rotations: Vec::new(),
        other_types: other_types::OtherTypes::default(),
        openrouter: openrouter::OpenRouter::default(),
        logins: Logins::new(options.token, CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned()),
        faults: active_faults::ActiveFaults::default(),
        rate: rate_limit::RateLimit::default(),
        records: recorded_request::Records::default(),
        history: history::History::default(),
        locks: BTreeMap::new(),
        queued: Vec::new(),
        webhooks: 0,
        plan_refused: options.refuse_plan,
        denied: BTreeMap::new(),
        maintenance: options.maintenance,
        revocation_fails: options.revocation_fails,
        revokes_only_the_key_in_use: false,
        lost_responses: 0,
        read_lag: options.read_lag,
        check_lag: options.check_lag,
        date_skew: options.date_skew,
        background_rotation_time: options.background_rotation_time,
    };
    let connection = Connection::new(CONNECTION_ID, "openrouter", state.clock.now());
    state.connections.push(connection);
    state.rate.set(options.read_limit.or(options.rate_limit), options.write_limit.or(options.rate_limit));
    options.faults.into_iter().for_each(|fault| state.faults.add(fault));
    state
}
