//! A minimal HTTP client, with which tests see exactly what the server sends.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::Handle;

/// The bytes that were received, which may be incomplete.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Raw {
    pub(super) fn status(&self) -> u16 {
        let status = self.head.split(' ').nth(1);
        status.unwrap_or_else(|| panic!("no response: {self:?}")).parse().unwrap()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.head.is_empty() && self.body.is_empty()
    }
}

/// Sends a request with the fixed token on a new connection, and reads until the server closes it.
pub(super) fn send(sim: &Handle, method: &str, path: &str, body: Option<&Value>) -> Raw {
    send_as(sim, sim.token(), method, path, body)
}

pub(super) fn send_as(sim: &Handle, token: &str, method: &str, path: &str, body: Option<&Value>) -> Raw {
    let mut stream = connect(sim, token, method, path, body);
    let mut bytes = Vec::new();
    // A connection may be reset after half of a response, which ends it as well.
    drop(stream.read_to_end(&mut bytes));
    let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Raw { head: String::from_utf8(bytes).unwrap(), body: Vec::new() };
    };
    let body = bytes.split_off(at + 4);
    Raw { head: String::from_utf8(bytes).unwrap(), body }
}

/// Sends a request and does not read the response.
pub(super) fn connect(sim: &Handle, token: &str, method: &str, path: &str, body: Option<&Value>) -> TcpStream {
    let host = sim.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let body = body.map(Value::to_string);
    let content = body
        .as_ref()
        .map_or(String::new(), |body| format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()));
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n{content}\r\n"
    );
    stream.write_all((head + &body.unwrap_or_default()).as_bytes()).unwrap();
    stream
}

/// Waits until another thread has made the condition true.
pub(super) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "never {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
