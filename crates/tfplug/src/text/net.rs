//! IP addresses and networks.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::text_type;

text_type! {
    /// An IPv4 address: `192.0.2.146`.
    Ipv4: Ipv4Addr = address;
    "Invalid IPv4 Address String Value", "an IPv4 address, such as `192.0.2.146`"
}

text_type! {
    /// An IPv6 address: `2001:db8::1`. Each spelling of an address means the same.
    Ipv6: Ipv6Addr = address;
    "Invalid IPv6 Address String Value", "an IPv6 address, such as `2001:db8::1`"
}

text_type! {
    /// An IPv4 address with the length of its network's prefix: `192.0.2.146/24`.
    Ipv4Cidr: (Ipv4Addr, u8) = network_v4;
    "Invalid IPv4 CIDR String Value", "an IPv4 address with the length of a prefix, such as `192.0.2.0/24`"
}

text_type! {
    /// An IPv6 address with the length of its network's prefix: `2001:db8::/32`. Each spelling of the address means the same.
    Ipv6Cidr: (Ipv6Addr, u8) = network_v6;
    "Invalid IPv6 CIDR String Value", "an IPv6 address with the length of a prefix, such as `2001:db8::/32`"
}

impl Ipv4 {
    /// The address.
    #[must_use]
    pub fn address(&self) -> Ipv4Addr {
        self.parsed().unwrap_or(Ipv4Addr::UNSPECIFIED)
    }
}

impl Ipv6 {
    /// The address.
    #[must_use]
    pub fn address(&self) -> Ipv6Addr {
        self.parsed().unwrap_or(Ipv6Addr::UNSPECIFIED)
    }
}

impl Ipv4Cidr {
    /// The address, and the length of the prefix in bits.
    #[must_use]
    pub fn network(&self) -> (Ipv4Addr, u8) {
        self.parsed().unwrap_or((Ipv4Addr::UNSPECIFIED, 0))
    }
}

impl Ipv6Cidr {
    /// The address, and the length of the prefix in bits.
    #[must_use]
    pub fn network(&self) -> (Ipv6Addr, u8) {
        self.parsed().unwrap_or((Ipv6Addr::UNSPECIFIED, 0))
    }
}

fn address<A: std::str::FromStr>(text: &str) -> Option<A> {
    text.parse().ok()
}

fn network_v4(text: &str) -> Option<(Ipv4Addr, u8)> {
    network(text, 32)
}

fn network_v6(text: &str) -> Option<(Ipv6Addr, u8)> {
    network(text, 128)
}

fn network<A: std::str::FromStr>(text: &str, most: u8) -> Option<(A, u8)> {
    let (address, prefix) = text.split_once('/')?;
    let plain = prefix.bytes().all(|byte| byte.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
    let prefix = prefix.parse().ok().filter(|prefix| plain && *prefix <= most)?;
    Some((address.parse().ok()?, prefix))
}
