//! The launch of a plugin as a pure function, for inputs that no core would send.

use std::ffi::OsString;

use crate::handshake::{Address, Launch};
use crate::tls;

/// What a process answers to its launch variables.
#[doc(hidden)]
pub struct Handshake {
    /// The line on stdout, with its line end.
    pub line: String,
    /// The problems for the log, one line each.
    pub notes: Vec<String>,
}

/// The handshake of a process that is launched with these variables and listens on this socket; `None` if no core launched it.
///
/// # Errors
///
/// The message for a core's certificate that cannot be used.
#[doc(hidden)]
pub fn handshake(variables: impl Fn(&str) -> Option<OsString>, socket: &str) -> Option<Result<Handshake, String>> {
    let launch = Launch::read(variables).ok()?;
    let certificate = launch.client_certificate.as_deref().map(tls::client_certificate).transpose();
    Some(certificate.map_err(|error| error.to_string()).map(|certificate| Handshake {
        line: launch.line(&Address::Unix(socket.to_owned()), certificate.as_deref()),
        notes: launch.notes.clone(),
    }))
}
