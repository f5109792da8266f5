//! A server that issues keys, and what may go wrong with it. It counts the keys.

use std::collections::VecDeque;

use super::*;

pub(super) const CREATE: &str = "POST R";
pub(super) const ROTATE: &str = "POST R/r1/rotate-secrets";
pub(super) const LOOK: &str = "GET R/rotation-name/my-openrouter-rotation";

/// What goes wrong with one POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strike {
    Nothing,
    NoConnection,
    RateLimit,
    /// The API's own 500, and no key was issued.
    FaultBeforeKey,
    /// The API's own 500 after a key was issued, and nothing was stored.
    FaultAfterKey,
    /// The same after it was stored.
    FaultAfterStore,
    /// The refusal of a failed generation, after it was stored.
    GenerationAfterStore,
    /// The connection breaks before anything is done.
    LostBefore,
    /// The connection breaks after it was stored.
    LostAfter,
    /// A proxy's page after it was stored.
    PageAfter,
    /// OpenRouter takes 40 s; the connection is cut after 30.
    Slow,
}

pub(super) struct Keys {
    strikes: VecDeque<Strike>,
    pub(super) issued: usize,
    /// When the newest state was stored, and the one before it.
    stored: Vec<Duration>,
}

/// A server and its count of keys.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) script: Script,
    pub(super) keys: Arc<Mutex<Keys>>,
}

impl Server {
    /// A server without rotations, whose POSTs meet these strikes in turn and whose reads lag.
    pub(super) fn empty(strikes: &[Strike], lag: Duration) -> Self {
        Self::new(strikes, lag, Vec::new())
    }

    /// The same with one rotation, which has been there for long.
    pub(super) fn with_rotation(strikes: &[Strike], lag: Duration) -> Self {
        Self::new(strikes, lag, vec![Duration::ZERO])
    }

    fn new(strikes: &[Strike], lag: Duration, stored: Vec<Duration>) -> Self {
        let old = stored.len();
        let keys = Keys { strikes: strikes.iter().copied().collect(), issued: 0, stored };
        let keys = Arc::new(Mutex::new(keys));
        let shared = keys.clone();
        let script = Script::new(move |seen| {
            let mut keys = shared.lock().unwrap();
            match seen.what.starts_with("POST") {
                true => keys.post(seen),
                false => keys.read(seen.at.saturating_sub(lag), old),
            }
        });
        Self { script, keys }
    }

    pub(super) fn issued(&self) -> usize {
        self.keys.lock().unwrap().issued
    }

    pub(super) fn posts(&self) -> usize {
        self.script.asked().iter().filter(|what| what.starts_with("POST")).count()
    }
}

impl Keys {
    fn post(&mut self, seen: &Seen) -> Reply {
        let strike = self.strikes.pop_front().unwrap_or(Strike::Nothing);
        match strike {
            Strike::NoConnection => return unsent(),
            Strike::RateLimit => return refused(429, "TooManyRequests", "").with("retry-after", "3"),
            Strike::FaultBeforeKey => return refused(500, "InternalServerError", "Something went wrong"),
            Strike::LostBefore => return lost(),
            _ => {}
        }
        if seen.what == CREATE && self.stored.iter().any(|at| *at <= seen.at) {
            let message =
                "A Secret Rotation with the name \"my-openrouter-rotation\" already exists at the secret path \"/\"";
            return refused(400, "BadRequest", message);
        }
        self.issued += 1;
        let slow = Duration::from_secs(if strike == Strike::Slow { 40 } else { 0 });
        if strike == Strike::FaultAfterKey {
            return refused(500, "Create", "Something went wrong");
        }
        self.stored.push(seen.at + slow);
        match strike {
            Strike::FaultAfterStore => refused(500, "Update", "Something went wrong"),
            Strike::GenerationAfterStore => {
                let text =
                    "Infisical encountered an issue while generating credentials with the configured inputs: snapshot";
                refused(400, "BadRequest", text)
            }
            Strike::LostAfter => lost(),
            Strike::PageAfter => html(502),
            Strike::Slow => lost().after(Duration::from_secs(30)),
            _ => self.read(seen.at, 0),
        }
    }

    /// The rotation as it was at that moment. The first `old` states were there from the start.
    fn read(&self, at: Duration, old: usize) -> Reply {
        let seen = self.stored.iter().enumerate().filter(|(number, stored)| *number < old || **stored <= at);
        let Some((number, stored)) = seen.max_by_key(|(number, _)| *number) else {
            return gone();
        };
        let mut rotation = rotation("r1", &rfc3339(*stored));
        rotation["activeIndex"] = json!(number % 2);
        one(rotation)
    }
}
