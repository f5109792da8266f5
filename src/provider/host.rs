//! Infisical's address, as users write it.

use std::net::IpAddr;

use tfplug::{Diagnostic, Path};
use url::{Host, Url};

pub(super) const VARIABLE: &str = "INFISICAL_HOST";
pub(super) const DEFAULT: &str = "https://app.infisical.com";

/// The address to which the API's paths are appended.
///
/// # Errors
///
/// A diagnostic with what was given and what is allowed, where possible with the address that was probably meant.
pub(super) fn parse(host: &str) -> Result<Url, Diagnostic> {
    // The part before an @ may contain a password, so it is not repeated.
    let given = host.rsplit_once('@').map_or_else(|| host.to_owned(), |(_, rest)| format!("…@{rest}"));
    let url = Url::parse(host).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(mut url) = url else {
        let meant = with_scheme(host).map(|meant| format!(" Is {meant:?} meant?")).unwrap_or_default();
        return Err(problem(&format!("Given: {given:?}.{meant}")));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem("The address holds a user name or password."));
    }
    if url.query().is_some() || url.fragment().is_some() {
        url.set_query(None);
        url.set_fragment(None);
        return Err(problem(&format!("Given: {given:?}. Leave out what begins with ? or #: {:?}.", url.as_str())));
    }
    // Other tools expect the API's address with /api at the end. Here, the API's paths begin with /api themselves.
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/api").unwrap_or(path).to_owned();
    url.set_path(&path);
    // A gateway's own prefix may have a segment `api`, too.
    let is_version =
        |rest: &str| rest.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match path.match_indices("/api/").find(|(at, api)| path.get(at + api.len()..).is_some_and(is_version)) {
        Some((at, _)) => {
            url.set_path(path.get(..at).unwrap_or_default());
            Err(problem(&format!("Given: {given:?}. Leave out the API's own path: {:?}.", url.as_str())))
        }
        None => Ok(url),
    }
}

/// The address with the scheme that it lacks, if that makes it one.
fn with_scheme(host: &str) -> Option<String> {
    if host.contains("://") || host.contains('@') {
        return None;
    }
    let host = host.trim_start_matches('/');
    let secure = Url::parse(&format!("https://{host}")).ok()?;
    let scheme = if is_loopback(&secure) { "http" } else { "https" };
    Some(format!("{scheme}://{host}"))
}

fn problem(why: &str) -> Diagnostic {
    let detail = format!(
        "{why} Allowed: an http or https address such as {DEFAULT:?}. Set host in the provider block, or the variable \
         {VARIABLE}."
    );
    Diagnostic::error("Invalid host", detail)
}

/// A warning if the token would travel unencrypted over a network.
pub(super) fn in_the_clear(host: &Url) -> Option<Diagnostic> {
    (host.scheme() == "http" && !is_loopback(host)).then(|| {
        let detail =
            format!("{host} is not encrypted: whoever can listen on the way reads the access token. Use https.");
        Diagnostic::warning("The access token travels in the clear", detail).at(Path::of("host"))
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_an_address_is_taken_without_what_does_not_belong_to_it() {
        for (given, taken) in [
            ("https://app.infisical.com", "https://app.infisical.com/"),
            ("https://app.infisical.com/", "https://app.infisical.com/"),
            ("https://app.infisical.com//", "https://app.infisical.com/"),
            ("https://app.infisical.com/api", "https://app.infisical.com/"),
            ("https://app.infisical.com/api/", "https://app.infisical.com/"),
            ("HTTPS://Example.com:8443/infisical/", "https://example.com:8443/infisical"),
            ("https://example.com/infisical/api", "https://example.com/infisical"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
        ] {
            assert_eq!(parse(given).unwrap().as_str(), taken, "{given}");
        }
    }

    #[test]
    fn err_an_address_that_is_none_is_shown_with_what_was_probably_meant() {
        for (given, words) in [
            ("app.infisical.com", "Given: \"app.infisical.com\". Is \"https://app.infisical.com\" meant? Allowed:"),
            ("app.infisical.com:443", "Is \"https://app.infisical.com:443\" meant?"),
            ("localhost:8080", "Is \"http://localhost:8080\" meant?"),
            ("127.0.0.1", "Is \"http://127.0.0.1\" meant?"),
            ("//infisical.internal", "Is \"https://infisical.internal\" meant?"),
            ("ftp://x", "Given: \"ftp://x\". Allowed:"),
            ("https://", "Given: \"https://\". Allowed:"),
            ("https://two words", "Given: \"https://two words\". Allowed:"),
            ("user:hunter2@infisical.internal", "Given: \"…@infisical.internal\". Allowed:"),
            ("https://user:hunter2@infisical.internal", "holds a user name or password"),
            ("https://h/?a=b#c", "Leave out what begins with ? or #: \"https://h/\"."),
            ("https://h/x/api/v2", "Leave out the API's own path: \"https://h/x\"."),
            ("https://h/api/gateway/api/v1", "Leave out the API's own path: \"https://h/api/gateway\"."),
            ("https://h/api/v1/auth", "Leave out the API's own path: \"https://h/\"."),
        ] {
            let problem = parse(given).unwrap_err();
            assert!(problem.detail().contains(words), "{given}: {}", problem.detail());
            assert!(problem.detail().contains(VARIABLE) && !problem.detail().contains("hunter2"), "{given}");
        }
    }

    #[test]
    fn a_token_in_the_clear_is_worth_a_warning_unless_it_stays_on_the_machine() {
        for (host, warned) in [
            ("http://infisical.internal", true),
            ("http://10.0.0.1:8080", true),
            ("http://localhost:8080", false),
            ("http://127.0.0.1", false),
            ("http://[::1]:80", false),
            ("https://infisical.internal", false),
        ] {
            assert_eq!(in_the_clear(&parse(host).unwrap()).is_some(), warned, "{host}");
        }
    }
}
