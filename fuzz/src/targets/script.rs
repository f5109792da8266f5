//! A client whose responses are written in a text:
//!
//! ```text
//! 503 text/html
//! retry-after: 5
//!
//! <html>
//! ===
//! lost
//! ===
//! 200 application/json
//!
//! {"secretRotation": {}}
//! ```
//!
//! The last response is repeated. Time is paused: it passes only where everybody waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use infisical::scripted::{self, Reply};
use infisical::{Auth, Client, Settings};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

const SEPARATOR: &[u8] = b"\n===\n";

/// The access token of all clients.
pub(super) const TOKEN: &str = "planted-access-token";

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
}

/// Runs the work to its end. Returns how much paused time it took as well.
pub(super) fn run<T>(work: impl Future<Output = T>) -> (T, std::time::Duration) {
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let start = tokio::time::Instant::now();
            let result = work.await;
            (result, start.elapsed())
        })
    })
}

/// The client of a script, and the number of requests that it has sent.
pub(super) fn client(script: &[u8], auth: Auth) -> (Client, Arc<AtomicUsize>) {
    let replies = parts(script, SEPARATOR).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let settings = Settings {
        host: "http://localhost".parse().unwrap(),
        auth,
        organization_slug: None,
        ca_cert_pem: None,
        user_agent: "fuzz".to_owned(),
        stop: CancellationToken::new(),
    };
    let client = scripted::client(settings, move |_| {
        let number = counter.fetch_add(1, Ordering::Relaxed);
        replies.get(number).or(replies.last()).map_or(Reply::Lost, |reply| read(reply))
    });
    (client, sent)
}

/// The parts between separators.
fn parts<'a>(mut bytes: &'a [u8], separator: &[u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut done = false;
    std::iter::from_fn(move || {
        let at = bytes.windows(separator.len()).position(|window| window == separator);
        let (part, rest) = match at {
            Some(at) => (bytes.get(..at)?, bytes.get(at + separator.len()..)?),
            None if done => return None,
            None => {
                done = true;
                (bytes, [].as_slice())
            }
        };
        bytes = rest;
        Some(part)
    })
}

fn read(reply: &[u8]) -> Reply {
    let mut sections = parts(reply, b"\n\n");
    let head = sections.next().unwrap_or_default();
    let body = reply.get(head.len() + 2..).unwrap_or_default().to_vec();
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let (status, kind) = first.split_once(' ').unwrap_or((&first, "application/json"));
    let status = match status {
        "lost" => return Reply::Lost,
        "unsent" => return Reply::Unsent,
        status => status.parse().ok().filter(|status| (200..=599).contains(status)).unwrap_or(200),
    };
    let mut headers = vec![("content-type".to_owned(), kind.as_bytes().to_vec())];
    headers.extend(lines.filter_map(|line| {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = String::from_utf8_lossy(parts.next()?).into_owned();
        Some((name, parts.next()?.trim_ascii().to_vec()))
    }));
    Reply::Response { status, headers, body }
}
