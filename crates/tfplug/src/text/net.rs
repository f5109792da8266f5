//! IP addresses and networks.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::text_type::{Text, TextType};

/// IPv4 addresses.
#[derive(Debug)]
pub enum Ipv4Type {}

/// IPv6 addresses.
#[derive(Debug)]
pub enum Ipv6Type {}

/// IPv4 addresses with prefixes.
#[derive(Debug)]
pub enum Ipv4CidrType {}

/// IPv6 addresses with prefixes.
#[derive(Debug)]
pub enum Ipv6CidrType {}

/// An IPv4 address: `192.0.2.146`.
///
/// ```
/// use tfplug::text::Ipv4;
///
/// assert!(Ipv4::new("127.0.0.1").unwrap().address().is_loopback());
/// assert_eq!(Ipv4::new("127.0.0.256").unwrap_err().summary(), "Invalid IPv4 Address String Value");
/// ```
pub type Ipv4 = Text<Ipv4Type>;

/// An IPv6 address: `2001:db8::1`. Each spelling of an address means the same.
///
/// ```
/// use tfplug::text::Ipv6;
///
/// let address = Ipv6::new("2001:DB8:0::1").unwrap();
/// assert_eq!(address.address().to_string(), "2001:db8::1");
/// assert!(address.means_the_same(&Ipv6::new("2001:db8::1").unwrap()));
/// ```
pub type Ipv6 = Text<Ipv6Type>;

/// An IPv4 address with the length of its network's prefix: `192.0.2.146/24`.
///
/// ```
/// use tfplug::text::Ipv4Cidr;
///
/// let (address, prefix) = Ipv4Cidr::new("192.0.2.146/24").unwrap().network();
/// assert_eq!((address.octets(), prefix), ([192, 0, 2, 146], 24));
/// ```
pub type Ipv4Cidr = Text<Ipv4CidrType>;

/// An IPv6 address with the length of its network's prefix: `2001:db8::/32`. Each spelling of the address means the same.
///
/// ```
/// use tfplug::text::Ipv6Cidr;
///
/// let network = Ipv6Cidr::new("2001:DB8::/32").unwrap();
/// assert_eq!(network.network().1, 32);
/// assert!(network.means_the_same(&Ipv6Cidr::new("2001:db8::/32").unwrap()));
/// ```
pub type Ipv6Cidr = Text<Ipv6CidrType>;

impl TextType for Ipv4Type {
    type Parsed = Ipv4Addr;
    const SUMMARY: &'static str = "Invalid IPv4 Address String Value";
    const ALLOWED: &'static str = "an IPv4 address, such as `192.0.2.146`";

    fn parse(text: &str) -> Option<Ipv4Addr> {
        text.parse().ok()
    }
}

impl TextType for Ipv6Type {
    type Parsed = Ipv6Addr;
    const SUMMARY: &'static str = "Invalid IPv6 Address String Value";
    const ALLOWED: &'static str = "an IPv6 address, such as `2001:db8::1`";

    fn parse(text: &str) -> Option<Ipv6Addr> {
        text.parse().ok()
    }
}

impl TextType for Ipv4CidrType {
    /// The address, and the length of the prefix in bits.
    type Parsed = (Ipv4Addr, u8);
    const SUMMARY: &'static str = "Invalid IPv4 CIDR String Value";
    const ALLOWED: &'static str = "an IPv4 address with the length of a prefix, such as `192.0.2.0/24`";

    fn parse(text: &str) -> Option<(Ipv4Addr, u8)> {
        network(text, 32)
    }
}

impl TextType for Ipv6CidrType {
    /// The address, and the length of the prefix in bits.
    type Parsed = (Ipv6Addr, u8);
    const SUMMARY: &'static str = "Invalid IPv6 CIDR String Value";
    const ALLOWED: &'static str = "an IPv6 address with the length of a prefix, such as `2001:db8::/32`";

    fn parse(text: &str) -> Option<(Ipv6Addr, u8)> {
        network(text, 128)
    }
}

impl Ipv4 {
    /// The address.
    #[must_use]
    pub fn address(&self) -> Ipv4Addr {
        *self.parsed()
    }
}

impl Ipv6 {
    /// The address.
    #[must_use]
    pub fn address(&self) -> Ipv6Addr {
        *self.parsed()
    }
}

impl Ipv4Cidr {
    /// The address, and the length of the prefix in bits.
    #[must_use]
    pub fn network(&self) -> (Ipv4Addr, u8) {
        *self.parsed()
    }
}

impl Ipv6Cidr {
    /// The address, and the length of the prefix in bits.
    #[must_use]
    pub fn network(&self) -> (Ipv6Addr, u8) {
        *self.parsed()
    }
}

fn network<A: std::str::FromStr>(text: &str, most: u8) -> Option<(A, u8)> {
    let (address, prefix) = text.split_once('/')?;
    let plain = prefix.bytes().all(|byte| byte.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
    let prefix = prefix.parse().ok().filter(|prefix| plain && *prefix <= most)?;
    Some((address.parse().ok()?, prefix))
}
