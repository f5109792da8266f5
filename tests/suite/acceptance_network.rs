//! Proxies and certificates between the provider and Infisical, which are configured as for Go programs and curl.

use std::fs;

use simulator::Simulator;

use crate::support::network::{ForwardingServer, own_authority, signed};
use crate::support::rotation::{rotation, start};
use crate::support::terraform::Workspace;

/// The address of a proxy that does not exist, since nothing listens on the port.
const DEAD_PROXY: &str = "http://127.0.0.1:9";

fn begin() -> (Simulator, Workspace) {
    start(&rotation(&[]))
}

/// Simulates a machine without system certificates.
fn without_system_certificates(workspace: Workspace) -> Workspace {
    let empty = workspace.path("no-certificates");
    fs::create_dir_all(&empty).unwrap();
    workspace.env("SSL_CERT_FILE", "/missing").env("SSL_CERT_DIR", empty.to_str().unwrap())
}

/// Configures a file of CA certificates.
fn trusting(workspace: Workspace, file: &[u8]) -> Workspace {
    let path = workspace.path("given.pem");
    fs::write(&path, file).unwrap();
    workspace.env("INFISICAL_CA_CERT_FILE", path.to_str().unwrap())
}

fn at(workspace: Workspace, server: &ForwardingServer) -> Workspace {
    workspace.env("INFISICAL_HOST", &format!("https://localhost:{}", server.port()))
}

#[test]
fn the_loopback_interface_is_never_called_through_a_proxy() {
    let (simulator, workspace) = begin();
    let workspace = workspace.env("HTTP_PROXY", DEAD_PROXY).env("ALL_PROXY", DEAD_PROXY).env("http_proxy", DEAD_PROXY);
    workspace.apply();
    assert_eq!(simulator.rotations().len(), 1);
}

#[test]
fn the_http_proxy_of_the_environment_is_used() {
    let (simulator, workspace) = begin();
    let proxy = ForwardingServer::http_proxy(simulator.url());
    // An address may have no scheme, and may have a password.
    let address = format!("user:hunter2@127.0.0.1:{}", proxy.port());
    let workspace = workspace.env("INFISICAL_HOST", "http://infisical.test").env("http_proxy", &address);
    workspace.apply();
    let seen = proxy.seen();
    assert!(seen[0].contains(" http://infisical.test/api/"), "{seen:?}");
}

#[test]
fn an_https_server_with_its_own_certificate_is_called_through_a_tunnel() {
    let (simulator, workspace) = begin();
    let (certificate, key) = own_authority(&["infisical.test"]);
    let server = ForwardingServer::tls(&certificate, &key, simulator.url());
    let proxy = ForwardingServer::http_proxy(&format!("127.0.0.1:{}", server.port()));
    let workspace = trusting(workspace, certificate.pem().as_bytes())
        .env("INFISICAL_HOST", "https://infisical.test")
        .env("HTTPS_PROXY", &format!("http://127.0.0.1:{}", proxy.port()));
    workspace.apply();
    assert_eq!(proxy.seen()[0], "CONNECT infisical.test:443 HTTP/1.1");
}

/// On Linux, 0.0.0.0 reaches this machine, too, but is not one of the addresses that are always called directly.
#[cfg(target_os = "linux")]
#[test]
fn no_proxy_may_exempt_all_hosts_one_port_or_a_range() {
    let (simulator, workspace) = begin();
    let host = simulator.url().replace("127.0.0.1", "0.0.0.0");
    let mut workspace = workspace.env("INFISICAL_HOST", &host).env("HTTP_PROXY", DEAD_PROXY);
    for (variable, exempt) in [
        ("NO_PROXY", "*".to_owned()),
        ("no_proxy", "*".to_owned()),
        ("NO_PROXY", host.replace("http://", "somewhere.else , ")),
        ("NO_PROXY", "0.0.0.0/32".to_owned()),
    ] {
        workspace = workspace.env("NO_PROXY", "").env("no_proxy", "").env(variable, &exempt);
        workspace.apply();
        workspace.destroy();
    }
}

#[test]
fn a_socks_proxy_is_used_and_resolves_the_name() {
    let (simulator, workspace) = begin();
    let proxy = ForwardingServer::socks_proxy(simulator.url());
    let address = format!("socks5h://127.0.0.1:{}", proxy.port());
    let workspace = workspace.env("INFISICAL_HOST", "http://infisical.test").env("ALL_PROXY", &address);
    workspace.apply();
    assert_eq!(proxy.seen()[0], "infisical.test:80");
}

#[test]
fn the_error_for_an_invalid_proxy_names_its_variable_but_not_its_password() {
    let (_simulator, workspace) = begin();
    let workspace = workspace
        .env("INFISICAL_HOST", "https://infisical.test")
        .env("ALL_PROXY", "gopher://user:hunter2@proxy.internal");
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("The variable ALL_PROXY is not the address of a proxy"), "{failure}");
    assert!(failure.says("socks5h://") && !failure.says("hunter2"), "{failure}");
}

#[test]
fn a_self_signed_certificate_is_trusted_when_it_is_configured() {
    let (simulator, workspace) = begin();
    let (certificate, key) = own_authority(&["localhost"]);
    let server = ForwardingServer::tls(&certificate, &key, simulator.url());
    let workspace = trusting(at(workspace, &server), certificate.pem().as_bytes());
    workspace.apply();
    assert_eq!(simulator.rotations().len(), 1);
}

#[test]
fn the_error_for_a_certificate_without_the_hosts_name_explains_what_is_missing() {
    let (simulator, workspace) = begin();
    let (certificate, key) = own_authority(&[]);
    let server = ForwardingServer::tls(&certificate, &key, simulator.url());
    let workspace = trusting(at(workspace, &server), certificate.pem().as_bytes());
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("it has no subjectAltName") && failure.says("localhost"), "{failure}");
}

#[test]
fn http_and_private_authorities_work_without_system_certificates() {
    let (simulator, workspace) = begin();
    let workspace = without_system_certificates(workspace);
    workspace.apply(); // with http and without a proxy
    workspace.destroy();
    let (authority, certificate, key) = signed(&["localhost"]);
    let server = ForwardingServer::tls(&certificate, &key, simulator.url());
    let workspace = trusting(at(workspace, &server), authority.pem().as_bytes());
    workspace.apply();
    assert_eq!(simulator.rotations().len(), 1);
}

#[test]
fn http_to_a_name_works_without_system_certificates() {
    let (simulator, workspace) = begin();
    let proxy = ForwardingServer::http_proxy(simulator.url());
    let workspace = without_system_certificates(workspace)
        .env("INFISICAL_HOST", "http://infisical.test")
        .env("HTTP_PROXY", &format!("http://127.0.0.1:{}", proxy.port()));
    workspace.apply();
}

#[test]
fn the_error_for_missing_system_certificates_contains_the_remedies() {
    let (simulator, workspace) = begin();
    let (_, certificate, key) = signed(&["localhost"]);
    let server = ForwardingServer::tls(&certificate, &key, simulator.url());
    let failure = without_system_certificates(at(workspace, &server)).apply_expecting_failure();
    for words in ["no system certificates were found", "ca-certificates", "SSL_CERT_FILE", "ca_cert_file"] {
        assert!(failure.says(words), "{failure}");
    }
}

#[test]
fn certificates_are_read_from_pem_files_with_other_text_and_from_der_files() {
    let (simulator, workspace) = begin();
    let (certificate, key) = own_authority(&["localhost"]);
    let server = ForwardingServer::tls(&certificate, &key, simulator.url());
    let pem = certificate.pem();
    let mut workspace = at(workspace, &server);
    for file in [
        format!("\u{feff}{pem}").into_bytes(),
        format!("subject=CN = localhost\r\n{}", pem.replace("\r\n", "\n").replace('\n', "\r\n")).into_bytes(),
        certificate.der().to_vec(),
    ] {
        workspace = trusting(workspace, &file);
        workspace.apply();
        workspace.destroy();
    }
}

#[test]
fn the_error_for_a_file_without_certificates_names_the_file_during_the_plan() {
    let (simulator, workspace) = begin();
    let mut workspace = workspace;
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (file, words) in [
        ("nothing of the kind", "neither in PEM nor in DER form"),
        (key, "but: PRIVATE KEY"),
        (&key.replace("PRIVATE KEY", "PKCS7"), "openssl pkcs7 -print_certs"),
    ] {
        workspace = trusting(workspace, file.as_bytes());
        let failure = workspace.plan_expecting_failure();
        assert!(failure.says("Cannot read the CA certificates") && failure.says(words), "{failure}");
        assert!(failure.says("given.pem") && failure.says("INFISICAL_CA_CERT_FILE"), "{failure}");
    }
    assert!(simulator.requests().is_empty());
}
