//! Mutual TLS with exactly one peer: the core that started this process. Each side makes a
//! certificate of its own, passes it on during the launch, and accepts no other.

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::aws_lc_rs::{self, kx_group};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ParsedCertificate};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error as TlsError, ServerConfig, SignatureScheme,
};
use time::{Duration, OffsetDateTime};

use crate::handshake::CLIENT_CERT;

/// The name that the core expects on the certificate, whatever the address.
const SERVER_NAME: &str = "localhost";
/// Clocks of virtual machines and containers may differ from the core's by this much.
const BACKDATED: Duration = Duration::hours(1);
/// Far longer than any process lives, for hosts in debug mode that stay up for weeks.
const VALIDITY: Duration = Duration::days(365 * 30);

/// Why the channel could not be secured. The text is shown in the user's terminal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The launch variable does not contain a certificate.
    #[error("{CLIENT_CERT} is not a certificate in PEM form: {0}")]
    ClientCertificate(String),
    /// The plugin's own certificate could not be made.
    #[error("cannot make a certificate for the plugin's channel: {0}")]
    OwnCertificate(#[from] rcgen::Error),
    /// The TLS library refused the configuration.
    #[error("cannot set up TLS for the plugin's channel: {0}")]
    Setup(#[from] TlsError),
}

/// A certificate for one process, with the key that never leaves its memory.
pub(crate) struct Identity {
    /// The leaf as DER. The core pins these bytes, so the server sends exactly them.
    pub(crate) certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Makes a fresh key and a certificate that it signs itself.
    ///
    /// # Errors
    ///
    /// [`Error::OwnCertificate`], which no input can cause.
    pub(crate) fn generate() -> Result<Self, Error> {
        // P-256 is what every core accepts and the fastest to make.
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::new([SERVER_NAME.to_owned()])?;
        let now = OffsetDateTime::now_utc();
        params.not_before = now - BACKDATED;
        params.not_after = now + VALIDITY;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.distinguished_name.push(DnType::CommonName, SERVER_NAME);
        let certificate = params.self_signed(&key)?.der().clone();
        Ok(Self { certificate, key: key.into() })
    }

    /// The server's side of the channel, open to the holder of `client` alone.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`], which no input can cause.
    pub(crate) fn server_config(self, client: CertificateDer<'static>) -> Result<ServerConfig, Error> {
        let provider = Arc::new(crypto_provider());
        let only_client = Arc::new(OnlyClient { certificate: client, algorithms: algorithms(&provider) });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(only_client)
            .with_single_cert(vec![self.certificate], self.key)?;
        // A gRPC client in Go drops a connection on which no protocol was selected.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // The core connects once, so there is nothing to resume.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }
}

/// The library's defaults, but for the key exchange: what FIPS 140 allows comes first, and X25519MLKEM768 is not offered.
///
/// The library follows the client's order, and a core since Terraform 1.15 puts X25519MLKEM768 first, so that it would
/// always be chosen if it were here. A local socket needs no protection against quantum computers. A core that
/// runs with `GODEBUG=fips140=on` agrees on P-256 then; any other has sent its share for X25519 along, which costs no further
/// round trip.
fn crypto_provider() -> CryptoProvider {
    CryptoProvider {
        kx_groups: vec![kx_group::SECP256R1, kx_group::SECP384R1, kx_group::X25519],
        ..aws_lc_rs::default_provider()
    }
}

/// Reads the core's certificate from the launch variable's value.
///
/// # Errors
///
/// [`Error::ClientCertificate`] with the reason. The reference server would start nevertheless
/// and then reject every connection, without an error for the user.
pub(crate) fn client_certificate(pem: &str) -> Result<CertificateDer<'static>, Error> {
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|error| Error::ClientCertificate(problem(&error).to_owned()))?;
    ParsedCertificate::try_from(&certificate).map_err(|error| Error::ClientCertificate(error.to_string()))?;
    Ok(certificate)
}

/// What is wrong with a PEM text. The library's own words list its bytes as numbers, however many there are.
fn problem(error: &pem::Error) -> &'static str {
    match error {
        pem::Error::NoItemsFound => "it contains none",
        pem::Error::IllegalSectionStart { .. } => "its first line is not complete",
        pem::Error::MissingSectionEnd { .. } => "its last line is missing",
        pem::Error::Base64Decode(_) => "its content is not Base64",
        _ => "it cannot be read",
    }
}

fn algorithms(provider: &CryptoProvider) -> WebPkiSupportedAlgorithms {
    provider.signature_verification_algorithms
}

/// Accepts one certificate, byte for byte, from a peer that proves possession of its key.
///
/// The usual verifier refuses the core's certificate, since that is a CA's and a leaf at once.
/// Nothing is lost by not building a chain: the only issuer that could count is the leaf itself.
#[derive(Debug)]
struct OnlyClient {
    certificate: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ClientCertVerifier for OnlyClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, TlsError> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Core;
    use rustls::NamedGroup;

    fn refused(pem: &str) -> String {
        client_certificate(pem).unwrap_err().to_string()
    }

    #[test]
    fn ok_the_cores_certificate() {
        let core = Core::new().unwrap();
        assert!(client_certificate(core.pem()).is_ok());
        assert!(client_certificate(&format!("\n{}\n\n", core.pem())).is_ok(), "blank lines around it");
    }

    #[test]
    fn err_whatever_is_not_a_certificate() {
        let pem = Core::new().unwrap().pem().to_owned();
        let cut: String = pem.chars().take(pem.len() / 2).collect();
        let other = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
        let padded = "-----BEGIN CERTIFICATE-----\naGVsbG8===\n-----END CERTIFICATE-----\n";
        let wrong_kind = pem.replace("CERTIFICATE", "PUBLIC KEY");
        for (what, pem) in
            [("no PEM", "x"), ("cut", &cut), ("other bytes", other), ("padding", padded), ("kind", &wrong_kind)]
        {
            let text = refused(pem);
            assert!(text.starts_with("PLUGIN_CLIENT_CERT is not a certificate in PEM form: "), "{what}: {text}");
            assert!(text.len() < 120, "{what}: {text}");
        }
    }

    /// The core's clock may be behind ours, and a host in debug mode may run for long.
    #[test]
    fn our_certificate_is_valid_before_and_long_after_now() {
        let certificate = Identity::generate().unwrap().certificate;
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate.clone()).unwrap();
        let provider = aws_lc_rs::default_provider();
        let leaf = ParsedCertificate::try_from(&certificate).unwrap();
        let now = UnixTime::now().as_secs();
        for (offset, valid) in [(-3000, true), (0, true), (86_400 * 365 * 29, true), (-86_400, false)] {
            let then = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now.saturating_add_signed(offset)));
            let algorithms = algorithms(&provider).all;
            let checked =
                rustls::client::verify_server_cert_signed_by_trust_anchor(&leaf, &roots, &[], then, algorithms);
            assert_eq!(checked.is_ok(), valid, "{offset} s from now: {checked:?}");
        }
        let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
        rustls::client::verify_server_name(&leaf, &name).unwrap();
    }

    #[test]
    fn two_processes_have_two_certificates() {
        let [first, second] = [(); 2].map(|()| Identity::generate().unwrap().certificate);
        assert_ne!(first, second);
    }

    #[test]
    fn what_fips_allows_comes_first_and_nothing_post_quantum_is_offered() {
        let groups: Vec<_> = crypto_provider().kx_groups.iter().map(|group| group.name()).collect();
        assert_eq!(groups, [NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::X25519]);
    }

    #[test]
    fn no_session_is_kept_for_a_client_that_comes_once() {
        let core = client_certificate(Core::new().unwrap().pem()).unwrap();
        let config = Identity::generate().unwrap().server_config(core).unwrap();
        assert!(!config.session_storage.can_cache());
        assert_eq!((config.send_tls13_tickets, config.alpn_protocols), (0, vec![b"h2".to_vec()]));
    }
}
