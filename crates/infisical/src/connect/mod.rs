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
