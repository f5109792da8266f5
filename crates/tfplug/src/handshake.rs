//! The environment variables by which a core tells a plugin how to start, and the handshake line
//! that the plugin prints on stdout. Pure functions; nothing here touches the process.

use std::ffi::OsString;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// go-plugin's own protocol, the first field of the handshake line.
const CORE_PROTOCOL: u32 = 1;
/// The one version of Terraform's protocol that this crate speaks.
pub(crate) const APP_PROTOCOL: u32 = 6;

const COOKIE: &str = "TF_PLUGIN_MAGIC_COOKIE";
const COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const VERSIONS: &str = "PLUGIN_PROTOCOL_VERSIONS";
const MIN_PORT: &str = "PLUGIN_MIN_PORT";
const MAX_PORT: &str = "PLUGIN_MAX_PORT";
/// Set when the core wants mutual TLS: its certificate, as PEM.
pub(crate) const CLIENT_CERT: &str = "PLUGIN_CLIENT_CERT";
/// Set when the host keeps its sockets in a folder of their own.
const SOCKET_DIR: &str = "PLUGIN_UNIX_SOCKET_DIR";
/// Set when another user of the machine, in this group, runs the core.
#[cfg_attr(not(unix), allow(dead_code, reason = "for sockets only"))]
pub(crate) const SOCKET_GROUP: &str = "PLUGIN_UNIX_SOCKET_GROUP";
/// Set when the host wants all of the broker's connections on one.
const MULTIPLEX: &str = "PLUGIN_MULTIPLEX_GRPC";

/// The ports that a core sets by default, used when it sets none.
const DEFAULT_PORTS: RangeInclusive<u16> = 10_000..=25_000;

/// What the core that started us asks for.
#[derive(Debug, Default, PartialEq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "some fields are for sockets only"))]
pub(crate) struct Launch {
    /// The certificate (PEM) that the core will present; `None` means a channel without TLS.
    pub(crate) client_certificate: Option<String>,
    /// Where the socket goes; `None` means the system's temporary directory.
    pub(crate) socket_dir: Option<PathBuf>,
    /// The group, by name or number, that must reach the socket.
    pub(crate) socket_group: Option<String>,
    /// First and last port for a TCP listener; `None` means [`DEFAULT_PORTS`].
    pub(crate) ports: Option<RangeInclusive<u16>>,
    /// Whether the handshake line has a field for broker multiplexing.
    pub(crate) asks_for_multiplexing: bool,
    /// Non-fatal problems of the environment, one line each, for the log.
    pub(crate) notes: Vec<String>,
}

/// The process was not started by a core: the magic cookie is missing or wrong.
#[derive(Debug, PartialEq)]
pub(crate) struct NotStartedByCore;

/// Where the plugin listens, as the handshake line and the reattach value name it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "one of them is for sockets only"))]
pub(crate) enum Address {
    /// The path of a Unix socket.
    Unix(String),
    /// A loopback address and port.
    Tcp(std::net::SocketAddr),
}

impl Address {
    /// Go's name of the network.
    pub(crate) fn network(&self) -> &'static str {
        match self {
            Self::Unix(_) => "unix",
            Self::Tcp(_) => "tcp",
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => f.write_str(path),
            Self::Tcp(address) => address.fmt(f),
        }
    }
}

impl Launch {
    /// Reads the launch variables through `env`, which returns `None` for an unset one.
    ///
    /// # Errors
    ///
    /// [`NotStartedByCore`] when the cookie is not the one that Terraform and OpenTofu set.
    pub(crate) fn read(env: impl Fn(&str) -> Option<OsString>) -> Result<Self, NotStartedByCore> {
        // Set but empty means the same as unset, for every variable of the protocol.
        let path = |name| env(name).filter(|value| !value.is_empty());
        let text = |name| path(name).map(|value| value.to_string_lossy().into_owned());
        if text(COOKIE).as_deref() != Some(COOKIE_VALUE) {
            return Err(NotStartedByCore);
        }
        let mut notes = Vec::new();
        note_versions(&text(VERSIONS).unwrap_or_default(), &mut notes);
        Ok(Self {
            client_certificate: text(CLIENT_CERT),
            socket_dir: path(SOCKET_DIR).map(PathBuf::from),
            socket_group: text(SOCKET_GROUP),
            ports: ports(text(MIN_PORT), text(MAX_PORT), &mut notes),
            asks_for_multiplexing: path(MULTIPLEX).is_some(),
            notes,
        })
    }

    /// The ports to try for a TCP listener, in order.
    #[cfg_attr(unix, allow(dead_code, reason = "only Windows listens on TCP"))]
    pub(crate) fn ports(&self) -> RangeInclusive<u16> {
        self.ports.clone().unwrap_or(DEFAULT_PORTS)
    }

    /// The handshake line with its line end. `certificate` is the server's leaf (DER) when the
    /// channel has TLS.
    pub(crate) fn line(&self, address: &Address, certificate: Option<&[u8]>) -> String {
        // Go decodes this field without padding: a padded one fails.
        let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
        let network = address.network();
        // There are no broker connections to multiplex. An older host does not expect a seventh field,
        // so it is sent only to one that asks for it.
        let multiplexing = if self.asks_for_multiplexing { "|false" } else { "" };
        format!("{CORE_PROTOCOL}|{APP_PROTOCOL}|{network}|{address}|grpc|{certificate}{multiplexing}\n")
    }
}

/// The plugin reports version 6 whatever is offered: without a match, go-plugin expects the plugin's
/// lowest version, which is 6 as well, and the core's error names the versions of both sides.
fn note_versions(offered: &str, notes: &mut Vec<String>) {
    let mut matched = false;
    for entry in offered.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        match entry.parse::<u32>() {
            Ok(version) => matched |= version == APP_PROTOCOL,
            Err(_) => notes.push(format!("{VERSIONS} has an entry that is not a number: {entry:?}")),
        }
    }
    if !matched {
        notes.push(format!("{VERSIONS} offers {offered:?}; this provider speaks {APP_PROTOCOL} only"));
    }
}

fn ports(min: Option<String>, max: Option<String>, notes: &mut Vec<String>) -> Option<RangeInclusive<u16>> {
    let (min, max) = (min?, max?);
    match (min.parse::<u16>(), max.parse::<u16>()) {
        (Ok(first), Ok(last)) if first <= last => Some(first..=last),
        _ => {
            notes.push(format!("{MIN_PORT} and {MAX_PORT} are not a range of ports: {min:?} to {max:?}"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a core sets at least.
    const BASE: [(&str, &str); 4] =
        [(COOKIE, COOKIE_VALUE), (VERSIONS, "5,6"), (MIN_PORT, "10000"), (MAX_PORT, "25000")];

    fn read(more: &[(&str, &str)]) -> Result<Launch, NotStartedByCore> {
        Launch::read(|name| {
            let all = more.iter().chain(&BASE);
            all.into_iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        })
    }

    fn socket() -> Address {
        Address::Unix("/tmp/plugin123".to_owned())
    }

    #[test]
    fn only_the_right_cookie_starts_a_plugin() {
        assert!(read(&[]).is_ok());
        for wrong in ["", "d602", " d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"] {
            assert_eq!(read(&[(COOKIE, wrong)]), Err(NotStartedByCore), "{wrong:?}");
        }
        assert_eq!(Launch::read(|_| None), Err(NotStartedByCore));
    }

    #[test]
    fn a_plain_launch_asks_for_nothing_special() {
        let launch = read(&[]).unwrap();
        assert_eq!(launch, Launch { ports: Some(10_000..=25_000), ..Launch::default() });
        assert_eq!(launch.ports(), 10_000..=25_000);
    }

    #[test]
    fn empty_variables_count_as_unset() {
        let empty = [CLIENT_CERT, SOCKET_DIR, SOCKET_GROUP, MULTIPLEX].map(|name| (name, ""));
        assert_eq!(read(&empty), read(&[]));
    }

    #[test]
    fn what_the_host_asks_for_is_read() {
        let launch = read(&[(CLIENT_CERT, "PEM"), (SOCKET_DIR, "/run/x"), (SOCKET_GROUP, "tf"), (MULTIPLEX, "true")]);
        let launch = launch.unwrap();
        assert_eq!(launch.client_certificate.as_deref(), Some("PEM"));
        assert_eq!(launch.socket_dir, Some(PathBuf::from("/run/x")));
        assert_eq!(launch.socket_group.as_deref(), Some("tf"));
        assert!(launch.asks_for_multiplexing);
    }

    #[test]
    fn version_lists_are_read_in_any_order_and_oddities_are_noted() {
        let notes = |list: &str| read(&[(VERSIONS, list)]).unwrap().notes;
        for fine in ["5,6", "6,5", "6", " 6 , 5 "] {
            assert_eq!(notes(fine), Vec::<String>::new(), "{fine:?}");
        }
        assert_eq!(notes("6,six"), [r#"PLUGIN_PROTOCOL_VERSIONS has an entry that is not a number: "six""#]);
        for none in ["5", "", "7,8"] {
            assert_eq!(notes(none), [format!("PLUGIN_PROTOCOL_VERSIONS offers {none:?}; this provider speaks 6 only")],);
        }
    }

    #[test]
    fn a_broken_port_range_gives_way_to_the_default() {
        for (min, max) in [("0x10", "25000"), ("25000", "10000"), ("1", "70000")] {
            let launch = read(&[(MIN_PORT, min), (MAX_PORT, max)]).unwrap();
            assert_eq!(launch.ports(), DEFAULT_PORTS);
            assert_eq!(launch.notes.len(), 1, "{min} to {max}");
        }
    }

    #[test]
    fn the_line_without_tls_ends_with_an_empty_field() {
        assert_eq!(read(&[]).unwrap().line(&socket(), None), "1|6|unix|/tmp/plugin123|grpc|\n");
    }

    /// One byte would be padded with two `=`.
    #[test]
    fn the_certificate_goes_without_padding() {
        assert_eq!(read(&[]).unwrap().line(&socket(), Some(&[255])), "1|6|unix|/tmp/plugin123|grpc|/w\n");
    }

    #[test]
    fn multiplexing_is_answered_only_when_asked_for() {
        let launch = read(&[(MULTIPLEX, "true")]).unwrap();
        assert_eq!(launch.line(&socket(), None), "1|6|unix|/tmp/plugin123|grpc||false\n");
    }

    #[test]
    fn a_tcp_address_names_host_and_port() {
        let address = Address::Tcp("127.0.0.1:10007".parse().unwrap());
        assert_eq!(read(&[]).unwrap().line(&address, None), "1|6|tcp|127.0.0.1:10007|grpc|\n");
    }
}
