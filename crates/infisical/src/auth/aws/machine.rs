//! What the search for credentials needs from the machine, as a trait that tests can replace: files, commands, and requests to
//! AWS.

use std::fmt;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use tokio::process::Command;

use crate::connect::{Certificates, Limits, Outside};
use crate::http_client::{NoResponse, RawResponse};

/// Where a service runs, which determines its time limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// On the machine or beside it: it responds at once, or it does not exist.
    Near,
    /// In one of AWS's regions.
    Far,
}

impl Reach {
    fn limits(self) -> Limits {
        let (connect, whole) = match self {
            Self::Near => (1, 5),
            Self::Far => (10, 30),
        };
        Limits { connect: Duration::from_secs(connect), whole: Duration::from_secs(whole) }
    }
}

/// How long a command for credentials may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

/// The response to a request; its status may be an error.
pub(crate) type RequestResult = Result<Response<Bytes>, FailedRequest>;

/// Why there is no response.
#[derive(Debug, Clone)]
pub(crate) struct FailedRequest {
    pub(super) cause: String,
    pub(super) kind: FailureCause,
}

/// The kind of failure without a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureCause {
    /// There was no connection.
    Unconnected,
    /// The connection was made and then lost.
    Lost,
    /// Another attempt would fail in the same way.
    Lasting,
}

/// Access to the machine.
pub(crate) trait Machine: fmt::Debug + Send + Sync + 'static {
    /// Reads a file.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// Sends a request once, and not to the API.
    fn send(&self, request: Request<Bytes>, reach: Reach) -> BoxFuture<'_, RequestResult>;

    /// Runs a command in the system's shell and returns what it prints.
    fn run<'a>(&'a self, command: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>>;
}

/// The machine that the process runs on.
pub(crate) struct ThisMachine {
    outside: Outside,
}

impl ThisMachine {
    pub(crate) fn new(given: Certificates, user_agent: &str) -> Self {
        Self { outside: Outside::new(given, user_agent) }
    }
}

impl fmt::Debug for ThisMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ThisMachine")
    }
}

impl Machine for ThisMachine {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn send(&self, request: Request<Bytes>, reach: Reach) -> BoxFuture<'_, RequestResult> {
        Box::pin(async move { self.outside.send(request, reach.limits()).await.map_or_else(unanswered, answer) })
    }

    fn run<'a>(&'a self, command: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        Box::pin(run(command))
    }
}

fn answer(raw: RawResponse) -> RequestResult {
    let mut answer = Response::new(Bytes::from_owner(raw.body));
    let status = http::StatusCode::from_u16(raw.status);
    *answer.status_mut() =
        status.map_err(|error| FailedRequest { cause: error.to_string(), kind: FailureCause::Lasting })?;
    *answer.headers_mut() = raw.headers;
    Ok(answer)
}

fn unanswered(missing: NoResponse) -> RequestResult {
    let (cause, kind) = match missing {
        NoResponse::Unsent { cause, lasting: false } => (cause, FailureCause::Unconnected),
        NoResponse::Unsent { cause, lasting: true } => (cause, FailureCause::Lasting),
        NoResponse::Lost { cause } => (cause, FailureCause::Lost),
        NoResponse::TooLarge { .. } => ("the answer is too large".to_owned(), FailureCause::Lasting),
        NoResponse::Setup(error) => (error.to_string(), FailureCause::Lasting),
    };
    Err(FailedRequest { cause, kind })
}

/// Its standard error is not read: by AWS's rules it may hold secrets.
async fn run(command: &str) -> Result<Vec<u8>, String> {
    let (shell, option) = if cfg!(windows) { ("cmd.exe", "/C") } else { ("sh", "-c") };
    let mut shell = Command::new(shell);
    shell.args([option, command]).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let done = tokio::time::timeout(COMMAND_TIMEOUT, shell.output()).await;
    let done = done.map_err(|_| format!("it did not end within {} s", COMMAND_TIMEOUT.as_secs()))?;
    let output = done.map_err(|error| format!("it cannot be started: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(format!("it ended with {}; run it by hand to see why", output.status)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ok_a_command_may_quote_its_arguments() {
        assert_eq!(run("printf '%s' 'two words'").await.unwrap(), b"two words");
    }

    #[tokio::test]
    async fn err_a_command_that_fails_says_how_and_nothing_that_it_printed() {
        let why = run("echo hush-hush; echo hush-hush >&2; exit 3").await.unwrap_err();
        assert_eq!(why, "it ended with exit status: 3; run it by hand to see why");
    }
}
