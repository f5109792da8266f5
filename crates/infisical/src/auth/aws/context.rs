//! What the signing library can access: environment variables, files, and AWS's services.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use reqsign_core::{Context, Error, FileRead, HttpSend, Result};

use super::environment::AwsEnvironment;
use super::machine::{FailureCause, Machine, Reach, RequestResult};

/// The largest number of attempts of a request to AWS.
const ATTEMPTS: u32 = 3;

/// The wait before the second attempt; each further one doubles it.
const FIRST_WAIT: Duration = Duration::from_millis(200);

pub(super) fn context(environment: &AwsEnvironment, machine: &Arc<dyn Machine>, reach: Reach) -> Context {
    Context::new()
        .with_env(environment.clone())
        .with_file_read(Files(machine.clone()))
        .with_http_send(Sender { machine: machine.clone(), reach })
}

#[derive(Debug)]
struct Files(Arc<dyn Machine>);

impl FileRead for Files {
    async fn file_read(&self, path: &str) -> Result<Vec<u8>> {
        self.0.read(path).map_err(|error| Error::config_invalid(format!("{path:?} cannot be read: {error}")))
    }
}

/// Sends requests, and repeats them after transient failures: requests for credentials change nothing.
struct Sender {
    machine: Arc<dyn Machine>,
    reach: Reach,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

impl HttpSend for Sender {
    async fn http_send(&self, request: Request<Bytes>) -> Result<Response<Bytes>> {
        let mut wait = FIRST_WAIT;
        for _ in 1..ATTEMPTS {
            let answer = self.machine.send(request.clone(), self.reach).await;
            if !is_passing(&answer, self.reach) {
                return settled(answer);
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        settled(self.machine.send(request, self.reach).await)
    }
}

/// Whether another attempt may succeed. If a service on this machine or beside it refuses the connection, it does not exist.
fn is_passing(answer: &RequestResult, reach: Reach) -> bool {
    match answer {
        Ok(answer) => answer.status().is_server_error() || answer.status() == http::StatusCode::TOO_MANY_REQUESTS,
        Err(unanswered) => match unanswered.kind {
            FailureCause::Unconnected => reach == Reach::Far,
            FailureCause::Lost => true,
            FailureCause::Lasting => false,
        },
    }
}

fn settled(answer: RequestResult) -> Result<Response<Bytes>> {
    answer.map_err(|unanswered| Error::unexpected(unanswered.cause))
}
