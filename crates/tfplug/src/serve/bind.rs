//! Binds the socket or port that the plugin listens on.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;

use tokio::net::TcpListener;

use super::listener::{Bound, Listener};
#[cfg(unix)]
use super::unix_socket;
use crate::handshake::{Address, Launch};

/// Binds the socket or port that this system's core expects, before the handshake line is printed.
///
/// # Errors
///
/// The errors of the operating system, and the reasons why a folder cannot hold the socket.
#[cfg(unix)]
pub(super) fn bind(launch: &Launch) -> io::Result<Bound> {
    unix_socket::bind(launch)
}

/// Binds the socket or port that this system's core expects, before the handshake line is printed.
///
/// # Errors
///
/// The errors of the operating system, for instance if no port of the range is free.
#[cfg(not(unix))]
pub(super) fn bind(launch: &Launch) -> io::Result<Bound> {
    bind_tcp(launch.ports())
}

/// Binds the first free port of `ports` on the loopback address.
#[cfg_attr(all(unix, not(test)), allow(dead_code, reason = "Unix systems listen on a socket"))]
fn bind_tcp(ports: RangeInclusive<u16>) -> io::Result<Bound> {
    let mut refused = io::Error::new(io::ErrorKind::InvalidInput, "there is no port to listen on");
    for port in ports {
        match std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                let address = Address::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, listener.local_addr()?.port())));
                return Ok(Bound { listener: Listener::Tcp(TcpListener::from_std(listener)?), address, folder: None });
            }
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ports that are taken are skipped.
    #[tokio::test]
    async fn tcp_takes_the_first_free_port() {
        let first = bind_tcp(0..=0).unwrap();
        let Address::Tcp(taken) = first.address else { panic!("no TCP address: {}", first.address) };
        assert!(taken.ip().is_loopback());
        let error = bind_tcp(taken.port()..=taken.port()).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        let last = taken.port().saturating_add(20);
        let Address::Tcp(next) = bind_tcp(taken.port()..=last).unwrap().address else { panic!("no TCP address") };
        assert!((taken.port() + 1..=last).contains(&next.port()), "{next} after {taken}");
    }
}
