//! Verification of servers' certificates: the configured certificates first, then the system's.
//!
//! | the server's certificate | is trusted |
//! | --- | --- |
//! | is itself configured | if it is valid now and names the host, whatever its usages |
//! | is signed by a configured one | the same |
//! | is anything else | if the system trusts it |
//!
//! The system's certificates are loaded when they are first needed: a machine without any can call http addresses and
//! servers whose certificates are configured.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::certificates::Certificates;
use super::der;

/// The TLS configuration that the HTTP library would make, but with [`Trust`] as the verifier.
pub(super) fn config(given: Certificates) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let trust = Trust { given, provider: provider.clone(), system: OnceLock::new() };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(trust))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The TLS library's name for the error that a server presents a certificate authority's own certificate.
const CA_AS_SERVER: &str = "CaUsedAsEndEntity";

/// The verifier of servers' certificates.
#[derive(Debug)]
struct Trust {
    given: Certificates,
    provider: Arc<CryptoProvider>,
    system: OnceLock<Result<Verifier, Error>>,
}

/// The system has no certificates at all.
#[derive(Debug)]
struct NoSystemCertificates;

impl fmt::Display for NoSystemCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "no system certificates were found on this machine, and they are needed for the server's certificate: install \
             them (the package ca-certificates), name a file with them in SSL_CERT_FILE, or name the server's certificate \
             authority in ca_cert_file",
        )
    }
}

impl std::error::Error for NoSystemCertificates {}

impl Trust {
    /// The result of the configured certificates; `None` if the system's have to decide.
    fn by_given(
        &self,
        server: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Option<Result<(), Error>> {
        if self.given.list.is_empty() {
            return None;
        }
        let parsed = ParsedCertificate::try_from(server);
        if self.given.list.iter().any(|given| given.as_ref() == server.as_ref()) {
            return Some(is_valid(server, now).and_then(|()| verify_server_name(&parsed?, name)));
        }
        let parsed = parsed.ok()?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        let signed =
            verify_server_cert_signed_by_trust_anchor(&parsed, &self.given.roots, intermediates, now, algorithms);
        match signed {
            Ok(()) => Some(verify_server_name(&parsed, name)),
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => None,
            Err(error) => Some(Err(error)),
        }
    }

    fn system(&self) -> Result<&Verifier, Error> {
        let loaded = self.system.get_or_init(|| Verifier::new(self.provider.clone()));
        loaded.as_ref().map_err(|error| match error {
            Error::General(_) => {
                Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(NoSystemCertificates))))
            }
            other => other.clone(),
        })
    }
}

/// Whether a certificate is valid now, the only check for one that is itself configured.
fn is_valid(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
    let (from, until) = der::validity(certificate).ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    match () {
        () if now < from => Err(Error::InvalidCertificate(CertificateError::NotValidYet)),
        () if now > until => Err(Error::InvalidCertificate(CertificateError::Expired)),
        () => Ok(()),
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        server: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.by_given(server, intermediates, name, now) {
            Some(Ok(())) => Ok(ServerCertVerified::assertion()),
            Some(Err(by_given)) => {
                // The system may trust it for another reason; if not, the user wants to know about the configured
                // certificates.
                let by_system =
                    self.system().and_then(|it| it.verify_server_cert(server, intermediates, name, ocsp, now));
                by_system.map_err(|_| by_given)
            }
            None => self.system()?.verify_server_cert(server, intermediates, name, ocsp, now),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Whether another attempt would fail in the same way: a certificate is not trusted a moment later, nor does a port
/// without TLS start to use it.
pub(super) fn is_lasting(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(_) | Error::InvalidMessage(_) | Error::PeerIncompatible(_))
}

/// The error as a text that says what is wrong with the server's certificate.
pub(super) fn words(error: &Error) -> String {
    use CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, Other, UnknownIssuer,
    };
    match error {
        Error::InvalidMessage(_) => {
            format!("the server does not use TLS; is its address http:// instead of https://? ({error})")
        }
        Error::InvalidCertificate(certificate) => match certificate {
            UnknownIssuer => "the server's certificate is not signed by a certificate authority that is trusted here, \
                              neither by one of the system's nor by a configured one (ca_cert_file)"
                .to_owned(),
            BadSignature => {
                "the server's certificate has an issuer of the same name as one that is trusted here, but was signed with \
                 another key; was one of them renewed?"
                    .to_owned()
            }
            NotValidForNameContext { expected, presented } => misnamed(&expected.to_str(), presented),
            NotValidForName => "the server's certificate is for another host".to_owned(),
            Expired | ExpiredContext { .. } => "the server's certificate has expired".to_owned(),
            NotValidYet | NotValidYetContext { .. } => {
                "the server's certificate is not valid yet; is this machine's clock right?".to_owned()
            }
            Other(OtherError(inner)) => match inner.downcast_ref::<NoSystemCertificates>() {
                Some(none) => none.to_string(),
                None if inner.to_string() == CA_AS_SERVER => {
                    "the server's certificate is a certificate authority's own and not a configured one: name exactly \
                     this one in ca_cert_file (was it renewed?)"
                        .to_owned()
                }
                None => format!("the server's certificate is not accepted: {inner}"),
            },
            other => format!("the server's certificate is not accepted: {other}"),
        },
        other => other.to_string(),
    }
}

/// `presented` are names as the TLS library prints them, `DnsName("a.example")`.
fn misnamed(expected: &str, presented: &[String]) -> String {
    if presented.is_empty() {
        return format!(
            "the server's certificate names no host: it has no subjectAltName, and its common name (CN) does not count. \
             Issue it with subjectAltName for {expected}"
        );
    }
    let names: Vec<_> = presented.iter().map(|name| name.split('"').nth(1).unwrap_or(name)).collect();
    format!("the server's certificate is for {}, not for {expected}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, date_time_ymd};
    use time::macros::datetime;

    fn now() -> UnixTime {
        let seconds = datetime!(2025-06-01 0:00 UTC).unix_timestamp();
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(seconds).unwrap()))
    }

    fn params(names: &[&str]) -> CertificateParams {
        let mut params =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2025, 1, 1), date_time_ymd(2026, 1, 1));
        params
    }

    /// A self-signed certificate as `openssl req -x509` makes it: it is its own authority.
    fn own_authority(names: &[&str]) -> CertificateParams {
        let mut params = params(names);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    }

    fn self_signed(params: &CertificateParams) -> CertificateDer<'static> {
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()
    }

    /// The result for a server's certificate for `a.example`, on a machine without system certificates.
    fn verdict(given: &[&CertificateDer<'static>], server: &CertificateDer<'_>) -> Result<(), String> {
        let file: Vec<u8> = given.iter().flat_map(|given| given.to_vec()).collect();
        let given = if file.is_empty() { Certificates::default() } else { Certificates::read(&file).unwrap() };
        let system = OnceLock::from(Err(Error::General("none".to_owned())));
        let trust = Trust { given, provider: Arc::new(aws_lc_rs::default_provider()), system };
        let name = "a.example".try_into().unwrap();
        trust.verify_server_cert(server, &[], &name, &[], now()).map(|_| ()).map_err(|error| words(&error))
    }

    #[test]
    fn ok_a_configured_certificate_is_trusted_whatever_its_usages() {
        let mut for_clients = params(&["a.example"]);
        for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        for params in [params(&["a.example"]), own_authority(&["b.example", "a.example"]), for_clients] {
            let server = self_signed(&params);
            assert_eq!(verdict(&[&server], &server), Ok(()));
        }
    }

    #[test]
    fn ok_a_configured_authority_and_a_configured_certificate_of_an_unknown_one_are_trusted() {
        let (key, params_of_ca) = (KeyPair::generate().unwrap(), own_authority(&[]));
        let authority = params_of_ca.self_signed(&key).unwrap();
        let issuer = Issuer::from_params(&params_of_ca, &key);
        let server = params(&["a.example"]).signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap();
        assert_eq!(verdict(&[authority.der()], server.der()), Ok(()));
        assert_eq!(verdict(&[server.der()], server.der()), Ok(()));
        let other = params(&["b.example"]).signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap();
        let told = verdict(&[authority.der()], other.der()).unwrap_err();
        assert_eq!(told, "the server's certificate is for b.example, not for a.example");
    }

    #[test]
    fn err_a_configured_certificate_must_be_valid_and_name_the_host() {
        let (mut old, mut new) = (own_authority(&["a.example"]), own_authority(&["a.example"]));
        old.not_after = date_time_ymd(2025, 2, 1);
        new.not_before = date_time_ymd(2025, 12, 1);
        for (params, why) in [
            (old, "the server's certificate has expired"),
            (new, "the server's certificate is not valid yet"),
            (own_authority(&["b.example"]), "the server's certificate is for b.example, not for a.example"),
            (own_authority(&[]), "the server's certificate names no host: it has no subjectAltName"),
        ] {
            let server = self_signed(&params);
            let told = verdict(&[&server], &server).unwrap_err();
            assert!(told.starts_with(why), "{told}");
        }
    }

    #[test]
    fn err_the_message_for_a_renewed_certificate_says_so() {
        for (params, why) in [
            (params(&["a.example"]), "was one of them renewed?"),
            (own_authority(&["a.example"]), "name exactly this one in ca_cert_file"),
        ] {
            let (old, new) = (self_signed(&params), self_signed(&params));
            let told = verdict(&[&old], &new).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }

    #[test]
    fn err_without_system_certificates_the_message_names_the_remedies() {
        let mut elsewhere = own_authority(&["a.example"]);
        elsewhere.distinguished_name.push(rcgen::DnType::CommonName, "another authority");
        let (server, other) = (self_signed(&params(&["a.example"])), self_signed(&elsewhere));
        for given in [&[][..], &[&other]] {
            let told = verdict(given, &server).unwrap_err();
            for remedy in ["no system certificates were found", "ca-certificates", "SSL_CERT_FILE", "ca_cert_file"] {
                assert!(told.contains(remedy), "{told}");
            }
        }
    }
}
