//! The variables by which a core starts a plugin.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::target::{Memory, Target};
use tfplug::testing::handshake;

pub(super) const TARGET: Target = Target {
    name: "handshake",
    about: "launch variables: only the right cookie starts a plugin, and the line has six or seven fields",
    execute,
    cost: 1,
    memory: Memory { base: 256 * 1024, factor: 128 },
    words: &[
        "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2\0",
        "PLUGIN_PROTOCOL_VERSIONS=5,6\0",
        "PLUGIN_MIN_PORT=",
        "PLUGIN_MAX_PORT=65535\0",
        "PLUGIN_CLIENT_CERT=",
        "PLUGIN_UNIX_SOCKET_DIR=",
        "PLUGIN_UNIX_SOCKET_GROUP=",
        "PLUGIN_MULTIPLEX_GRPC=true\0",
        "-----BEGIN CERTIFICATE-----\n",
        "-----END CERTIFICATE-----\n",
        "6",
        ",",
        "\0",
    ],
};

const COOKIE: &str = "TF_PLUGIN_MAGIC_COOKIE";
const COOKIE_VALUE: &[u8] = b"d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// `NAME=VALUE` with a NUL after each, as a process gets them.
fn execute(input: &[u8]) {
    let mut variables: BTreeMap<String, &[u8]> = BTreeMap::new();
    for one in input.split(|byte| *byte == 0) {
        let mut parts = one.splitn(2, |byte| *byte == b'=');
        if let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            variables.insert(String::from_utf8_lossy(name).into_owned(), value);
        }
    }
    let answer = handshake(|name| variables.get(name).map(|value| os_string(value)), "/run/plugin.sock");
    let is_core = variables.get(COOKIE) == Some(&COOKIE_VALUE);
    assert_eq!(answer.is_some(), is_core, "the cookie decides");
    match answer {
        None => {}
        Some(Err(error)) => assert!(error.len() < 1000 && !error.contains('\n'), "{error}"),
        Some(Ok(answer)) => {
            let line = answer.line.strip_suffix('\n').unwrap();
            let asks = variables.get("PLUGIN_MULTIPLEX_GRPC").is_some_and(|value| !value.is_empty());
            let fields: Vec<_> = line.split('|').collect();
            assert!(fields.starts_with(&["1", "6", "unix", "/run/plugin.sock", "grpc"]), "{line}");
            assert_eq!(fields.len(), if asks { 7 } else { 6 }, "{line}");
            assert!(!line.contains(['\n', '\r']), "{line}");
            assert!(answer.notes.iter().all(|note| !note.contains(char::is_control)), "{:?}", answer.notes);
        }
    }
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
