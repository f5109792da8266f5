//! Connecting to the server: HTTP, with the proxy and the certificates that the settings and the environment name.
//!
//! Nothing here reads a file, a variable or a certificate store before the first request.

mod certificates;
mod der;
mod http;
mod link;
mod outside;
mod proxy;
mod tls;

pub use certificates::{BadCertificates, Certificates};
pub(super) use http::Http;
pub(super) use outside::{Limits, Outside};

/// The proxy for a target as errors name it, and its address.
///
/// # Errors
///
/// The message for a variable that cannot be used.
#[cfg(feature = "scripted")]
pub(super) fn find_proxy(
    variables: &dyn Fn(&str) -> Option<String>,
    target: &url::Url,
) -> Result<Option<(String, url::Url)>, String> {
    let found = proxy::find(variables, target)?;
    Ok(found.map(|proxy| (proxy.to_string(), proxy.address)))
}
