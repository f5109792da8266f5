//! The proxy for a host, from the environment variables that Go programs and curl read.
//!
//! | variable | |
//! | --- | --- |
//! | `HTTPS_PROXY`, `HTTP_PROXY` | for https and http addresses |
//! | `ALL_PROXY` | for both, where the other is not set |
//! | `NO_PROXY` | hosts without a proxy: `*`, names (with their subdomains), `.domain` (subdomains only), IP addresses, CIDR ranges; names and addresses may have a port |
//!
//! Each may also be in lower case; upper case takes precedence, and an empty variable counts as unset. This machine's
//! own addresses (`localhost`, 127.0.0.0/8, `::1`), link-local addresses (169.254.0.0/16, `fe80::/10`) and those of
//! AWS's metadata services (`fd00:ec2::/32`) never use a proxy.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// The proxy schemes that the HTTP library supports.
const SCHEMES: [&str; 6] = ["http", "https", "socks5", "socks5h", "socks4", "socks4a"];

/// A proxy, and the variable that names it. The address may contain a password.
pub(super) struct Proxy {
    pub(super) address: Url,
    variable: &'static str,
}

impl Proxy {
    fn read(variable: &'static str, value: &str) -> Result<Self, String> {
        let value = value.trim();
        let address = if value.contains("://") { Url::parse(value) } else { Url::parse(&format!("http://{value}")) };
        let usable = |url: &Url| SCHEMES.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty());
        address.ok().filter(usable).map(|address| Self { address, variable }).ok_or_else(|| unusable(variable))
    }

    /// The message for a proxy that cannot be used, without its address.
    pub(super) fn unusable(&self) -> String {
        unusable(self.variable)
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, host) = (self.address.scheme(), self.address.host_str().unwrap_or_default());
        let port = self.address.port().map(|port| format!(":{port}")).unwrap_or_default();
        write!(f, "the proxy {scheme}://{host}{port} of the variable {}", self.variable)
    }
}

fn unusable(variable: &str) -> String {
    format!(
        "The variable {variable} is not the address of a proxy. Allowed: an address such as http://proxy.internal:3128, \
         that begins with one of {}. Correct or unset the variable, or add the host to NO_PROXY.",
        SCHEMES.map(|scheme| format!("{scheme}://")).join(", ")
    )
}

/// The proxy for a target, if it has one.
///
/// # Errors
///
/// A message when the variable that applies cannot be used. It does not repeat the content, which may be a password.
pub(super) fn find(environment: &dyn Fn(&str) -> Option<String>, target: &Url) -> Result<Option<Proxy>, String> {
    let Some(host) = target.host().filter(|host| !is_own(host)) else { return Ok(None) };
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| Some((*name, environment(name).filter(|value| !value.trim().is_empty())?)))
    };
    let port = target.port_or_known_default();
    if let Some((_, exempt)) = first(&["NO_PROXY", "no_proxy"]) {
        let mut entries = exempt.split(|letter: char| letter == ',' || letter.is_whitespace());
        if entries.any(|entry| exempts(&entry.to_ascii_lowercase(), &host, port)) {
            return Ok(None);
        }
    }
    let variables: &[_] = match target.scheme() {
        "https" => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ => &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    };
    first(variables).map(|(variable, value)| Proxy::read(variable, &value)).transpose()
}

/// Whether a host is this machine or on its link, so that a proxy would reach another one.
fn is_own(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback() || address.is_link_local(),
        Host::Ipv6(address) => {
            let is_metadata = matches!(address.segments(), [0xfd00, 0x0ec2, ..]);
            address.is_loopback() || address.is_unicast_link_local() || is_metadata
        }
    }
}

/// Whether an entry of `NO_PROXY`, in lower case, matches this host.
fn exempts(entry: &str, host: &Host<&str>, port: Option<u16>) -> bool {
    if let Some((network, bits)) = entry.split_once('/') {
        let bits = bits.parse().ok();
        return address(network)
            .zip(address_of(host))
            .zip(bits)
            .is_some_and(|((network, host), bits)| is_within(host, network, bits));
    }
    let (name, only) = match entry.rsplit_once(':') {
        _ if address(entry).is_some() => (entry, None),
        Some((name, digits)) if !digits.is_empty() => match digits.parse() {
            Ok(only) => (name, Some(only)),
            Err(_) => return false,
        },
        _ => (entry.trim_end_matches(':'), None),
    };
    if only.is_some() && only != port {
        return false;
    }
    match (address(name), host) {
        _ if name == "*" => true,
        (Some(address), host) => address_of(host) == Some(address),
        (None, Host::Domain(domain)) => covers(name, domain),
        (None, _) => false,
    }
}

/// Whether a domain is the one named, or below it.
fn covers(name: &str, domain: &str) -> bool {
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name).trim_end_matches('.');
    let (below_only, name) = match name.strip_prefix('.') {
        Some(name) => (true, name),
        None => (false, name),
    };
    let Ok(Host::Domain(name)) = Host::parse(name) else { return false };
    match domain.trim_end_matches('.').strip_suffix(name.as_str()) {
        Some("") => !below_only,
        Some(rest) => rest.ends_with('.'),
        None => false,
    }
}

fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok()
}

fn address_of(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some((*address).into()),
        Host::Ipv6(address) => Some((*address).into()),
    }
}

fn is_within(host: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (host, network) {
        (IpAddr::V4(host), IpAddr::V4(network)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            host.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(host), IpAddr::V6(network)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            host.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variables<'a> = &'a [(&'a str, &'a str)];

    fn found(variables: Variables<'_>, target: &str) -> Result<Option<String>, String> {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        find(&value, &target.parse().unwrap()).map(|proxy| proxy.map(|proxy| proxy.address.to_string()))
    }

    #[test]
    fn ok_the_variable_of_the_scheme_applies_then_the_one_for_all() {
        let table: [(Variables<'_>, &str, Option<&str>); 16] = [
            (&[], "https://a.example", None),
            (&[("HTTPS_PROXY", "http://p:1")], "https://a.example", Some("http://p:1/")),
            (&[("HTTPS_PROXY", "http://p:1")], "http://a.example", None),
            (&[("HTTP_PROXY", "http://p:1")], "http://a.example", Some("http://p:1/")),
            (&[("HTTP_PROXY", "http://p:1")], "https://a.example", None),
            (&[("http_proxy", "http://p:1")], "http://a.example", Some("http://p:1/")),
            (&[("https_proxy", "http://p:1")], "https://a.example", Some("http://p:1/")),
            (&[("ALL_PROXY", "http://p:1")], "https://a.example", Some("http://p:1/")),
            (&[("all_proxy", "http://p:1")], "http://a.example", Some("http://p:1/")),
            (&[("ALL_PROXY", "http://p:1"), ("https_proxy", "http://q:2")], "https://a.example", Some("http://q:2/")),
            (&[("HTTPS_PROXY", "http://p:1"), ("https_proxy", "http://q:2")], "https://a.example", Some("http://p:1/")),
            (&[("HTTPS_PROXY", ""), ("https_proxy", "http://q:2")], "https://a.example", Some("http://q:2/")),
            (&[("HTTPS_PROXY", " p.internal:3128\r\n")], "https://a.example", Some("http://p.internal:3128/")),
            (&[("HTTPS_PROXY", "u:p%40ss@p:1")], "https://a.example", Some("http://u:p%40ss@p:1/")),
            (&[("ALL_PROXY", "socks5://p:1080")], "https://a.example", Some("socks5://p:1080")),
            (&[("HTTPS_PROXY", "https://p:1")], "https://a.example", Some("https://p:1/")),
        ];
        for (variables, target, proxy) in table {
            assert_eq!(found(variables, target), Ok(proxy.map(str::to_owned)), "{variables:?} {target}");
        }
    }

    #[test]
    fn ok_this_machines_own_addresses_and_those_on_its_link_are_called_directly() {
        let variables: Variables<'_> =
            &[("HTTP_PROXY", "http://p:1"), ("HTTPS_PROXY", "unusable://"), ("ALL_PROXY", "x")];
        let own = ["localhost", "LOCALHOST:8080", "localhost.", "a.localhost", "127.0.0.1:3000", "127.8.9.10", "[::1]"];
        let on_the_link = ["169.254.169.254", "169.254.170.23", "[fe80::1]", "[fd00:ec2::254]"];
        for host in own.iter().chain(&on_the_link) {
            assert_eq!(found(variables, &format!("http://{host}")), Ok(None), "{host}");
            assert_eq!(found(variables, &format!("https://{host}")), Ok(None), "{host}");
        }
        for host in
            ["localhost.example", "notlocalhost", "128.0.0.1", "169.253.0.1", "0.0.0.0", "[::2]", "[fd00:ec3::254]"]
        {
            assert!(found(variables, &format!("http://{host}")).unwrap().is_some(), "{host}");
        }
    }

    #[test]
    fn ok_no_proxy_exempts_the_hosts_that_it_names() {
        for (exempt, target, direct) in [
            ("*", "https://a.example", true),
            ("x,*", "https://10.0.0.1", true),
            ("a.example", "https://a.example", true),
            ("A.Example", "https://a.eXample", true),
            ("a.example.", "https://a.example", true),
            ("a.example", "https://a.example.", true),
            ("example", "https://a.example", true),
            (".example", "https://a.example", true),
            ("*.example", "https://a.b.example", true),
            (".a.example", "https://a.example", false),
            ("b.example", "https://a.example", false),
            ("ample", "https://a.example", false),
            ("a.example:443", "https://a.example", true),
            ("a.example:443", "https://a.example:8443", false),
            ("a.example:80", "http://a.example", true),
            (".example:8443", "https://a.example:8443", true),
            ("a.example:", "https://a.example", true),
            ("a.example:http", "http://a.example", false),
            ("10.0.0.1", "http://10.0.0.1", true),
            ("10.0.0.1:8080", "http://10.0.0.1:8080", true),
            ("10.0.0.1:8080", "http://10.0.0.1", false),
            ("0.0.1", "http://10.0.0.1", false),
            ("10.0.0.0/8", "http://10.200.0.1", true),
            ("10.0.0.0/16", "http://10.200.0.1", false),
            ("0.0.0.0/0", "http://10.200.0.1", true),
            ("10.0.0.0/33", "http://10.0.0.0", false),
            ("10.0.0.0/8", "http://a.example", false),
            ("fd00::/8", "http://[fd12::1]", true),
            ("fd00::1", "http://[fd00::1]:80", true),
            ("[fd00::1]:80", "http://[fd00::1]", true),
            ("[fd00::1]:81", "http://[fd00::1]", false),
            ("::/0", "http://[2001:db8::1]", true),
            ("x , a.example ,y", "https://a.example", true),
            ("x a.example", "https://a.example", true),
            ("bücher.example", "https://xn--bcher-kva.example", true),
            ("", "https://a.example", false),
            (",,", "https://a.example", false),
        ] {
            for name in ["NO_PROXY", "no_proxy"] {
                let proxy = found(&[("ALL_PROXY", "http://p:1"), (name, exempt)], target).unwrap();
                assert_eq!(proxy.is_none(), direct, "{name}={exempt} {target}");
            }
        }
    }

    #[test]
    fn err_a_proxy_that_cannot_be_used_is_named_by_its_variable_and_without_its_password() {
        for value in
            ["gopher://u:hunter2@p:1", "http://u:hunter2@", "http://u:hunter2@p:notaport", "socks://p", "://", "a b"]
        {
            for (name, target) in [("HTTPS_PROXY", "https://a.example"), ("all_proxy", "http://a.example")] {
                let problem = found(&[(name, value)], target).unwrap_err();
                assert!(problem.contains(name) && problem.contains("socks5h://"), "{problem}");
                assert!(!problem.contains("hunter2"), "{problem}");
            }
        }
        assert_eq!(found(&[("HTTPS_PROXY", "gopher://p"), ("NO_PROXY", "*")], "https://a.example"), Ok(None));
    }

    #[test]
    fn ok_a_proxy_is_shown_without_its_password() {
        let proxy = Proxy::read("HTTPS_PROXY", "http://u:hunter2@p.internal:3128").unwrap();
        assert_eq!(proxy.to_string(), "the proxy http://p.internal:3128 of the variable HTTPS_PROXY");
    }
}
