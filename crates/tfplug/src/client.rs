//! The core's side of the protocol, for tests of a provider: makes a certificate as a core does, reads
//! the handshake line, and connects to the plugin that printed it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P521_SHA512,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tonic::codegen::Service;
pub use tonic::transport::Channel;
use tonic::transport::{Endpoint, Uri};

/// Any error that keeps a test from connecting to its plugin.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The handshake line that a plugin prints on stdout.
///
/// ```
/// use tfplug::client::{Address, Line};
///
/// let line = Line::parse("1|6|tcp|127.0.0.1:4000|grpc|").unwrap();
/// assert_eq!((line.version, line.certificate), (6, None));
/// assert_eq!(line.address, Address::Tcp(([127, 0, 0, 1], 4000).into()));
/// assert!(Line::parse("Hello.").is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The version of Terraform's protocol.
    pub version: u32,
    /// Where it listens.
    pub address: Address,
    /// Its certificate as DER, if it has TLS.
    pub certificate: Option<Vec<u8>>,
}

/// Where a plugin listens.
#[derive(Debug, Clone, PartialEq)]
pub enum Address {
    /// The path of a Unix socket.
    Unix(PathBuf),
    /// Host and port.
    Tcp(SocketAddr),
}

impl Line {
    /// Reads a handshake line as strictly as a core.
    ///
    /// # Errors
    ///
    /// If a core would reject the line.
    pub fn parse(line: &str) -> Result<Self, Error> {
        let fields: Vec<_> = line.trim().split('|').collect();
        let [core, version, network, address, transport, rest @ ..] = fields.as_slice() else {
            return Err(format!("not a handshake line: {line:?}").into());
        };
        if (*core, *transport) != ("1", "grpc") {
            return Err(format!("core protocol {core:?}, transport {transport:?}").into());
        }
        let address = match *network {
            "unix" => Address::Unix(address.into()),
            "tcp" => Address::Tcp(address.parse()?),
            other => return Err(format!("unknown network {other:?}").into()),
        };
        let certificate = rest.first().filter(|text| !text.is_empty());
        let certificate = certificate.map(|text| STANDARD_NO_PAD.decode(text)).transpose()?;
        Ok(Self { version: version.parse()?, address, certificate })
    }
}

/// The core's certificate and key.
///
/// ```
/// use std::process::Stdio;
/// use tfplug::client::{Channel, Core, Error, Line};
/// use tokio::io::{AsyncBufReadExt as _, BufReader};
/// use tokio::process::Command;
///
/// /// Starts a provider as a core does, and connects to it.
/// async fn start(program: &str) -> Result<Channel, Error> {
///     let core = Core::new()?;
///     let mut provider = Command::new(program)
///         .env("PLUGIN_CLIENT_CERT", core.pem())
///         .env("PLUGIN_PROTOCOL_VERSIONS", "6")
///         .env("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
///         .stdout(Stdio::piped())
///         .spawn()?;
///     let stdout = provider.stdout.take().ok_or("no standard output")?;
///     let line = BufReader::new(stdout).lines().next_line().await?.ok_or("no handshake line")?;
///     core.connect(&Line::parse(&line)?).await
/// }
/// ```
pub struct Core {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    pem: String,
}

impl Core {
    /// Makes a certificate as Terraform and OpenTofu do for each plugin that they start: a leaf that is
    /// also a CA, on P-521.
    ///
    /// # Errors
    ///
    /// The errors of the certificate library, which no input can cause.
    pub fn new() -> Result<Self, Error> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512)?;
        let mut params = CertificateParams::new(["localhost".to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.distinguished_name.push(DnType::OrganizationName, "HashiCorp");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.self_signed(&key)?;
        Ok(Self { pem: certificate.pem(), certificate: certificate.der().clone(), key: key.into() })
    }

    /// The value for `PLUGIN_CLIENT_CERT`.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Connects to the plugin that printed `line`, with TLS if it has a certificate.
    ///
    /// # Errors
    ///
    /// The errors of the connection. If the plugin rejects this core's certificate, only the first call
    /// fails, since the client has finished its part of the handshake by then.
    pub async fn connect(&self, line: &Line) -> Result<Channel, Error> {
        self.connect_with(line, true, rustls::ALL_VERSIONS).await
    }

    /// Connects like [`Self::connect`], but without a client certificate.
    ///
    /// # Errors
    ///
    /// As for [`Self::connect`].
    pub async fn connect_unnamed(&self, line: &Line) -> Result<Channel, Error> {
        self.connect_with(line, false, rustls::ALL_VERSIONS).await
    }

    pub(crate) async fn connect_with(
        &self,
        line: &Line,
        named: bool,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Result<Channel, Error> {
        let tls = match &line.certificate {
            Some(server) => Some(self.config(server, named, versions)?),
            None => None,
        };
        let connector = Connector { address: line.address.clone(), tls };
        Ok(Endpoint::from_static("http://localhost").connect_with_connector(connector).await?)
    }

    /// Trusts one certificate, the plugin's own, as a core does.
    fn config(
        &self,
        server: &[u8],
        named: bool,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Result<TlsConnector, Error> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(server))?;
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)?
            .with_root_certificates(roots);
        let mut config = if named {
            config.with_client_auth_cert(vec![self.certificate.clone()], self.key.clone_key())?
        } else {
            config.with_no_client_auth()
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(TlsConnector::from(Arc::new(config)))
    }
}

/// A bidirectional stream of bytes.
trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

#[derive(Clone)]
struct Connector {
    address: Address,
    tls: Option<TlsConnector>,
}

impl Connector {
    async fn connect(self) -> io::Result<TokioIo<Box<dyn Duplex>>> {
        let stream: Box<dyn Duplex> = match self.address {
            Address::Tcp(address) => Box::new(tokio::net::TcpStream::connect(address).await?),
            #[cfg(unix)]
            Address::Unix(path) => Box::new(tokio::net::UnixStream::connect(path).await?),
            #[cfg(not(unix))]
            Address::Unix(_) => return Err(io::ErrorKind::Unsupported.into()),
        };
        let Some(tls) = self.tls else { return Ok(TokioIo::new(stream)) };
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        let stream = tls.connect(name, stream).await?;
        if stream.get_ref().1.alpn_protocol() != Some(b"h2") {
            return Err(io::Error::other("the plugin selected no protocol"));
        }
        Ok(TokioIo::new(Box::new(stream)))
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Box<dyn Duplex>>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        Box::pin(self.clone().connect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_lines_of_either_network() {
        let unix = Line::parse("1|6|unix|/tmp/plugin1/plugin|grpc|/w\n").unwrap();
        let expected =
            Line { version: 6, address: Address::Unix("/tmp/plugin1/plugin".into()), certificate: Some(vec![255]) };
        assert_eq!(unix, expected);
        let tcp = Line::parse("1|6|tcp|127.0.0.1:10000|grpc||false\n").unwrap();
        let expected = Line { version: 6, address: Address::Tcp(([127, 0, 0, 1], 10_000).into()), certificate: None };
        assert_eq!(tcp, expected);
    }

    #[test]
    fn err_lines_that_a_core_rejects() {
        for (line, wrong) in [
            ("", "nothing"),
            ("hello\n", "no fields"),
            ("2|6|unix|/x|grpc|", "another core protocol"),
            ("1|six|unix|/x|grpc|", "the version"),
            ("1|6|pipe|/x|grpc|", "the network"),
            ("1|6|tcp|localhost|grpc|", "the address"),
            ("1|6|unix|/x|netrpc|", "the transport"),
            ("1|6|unix|/x|grpc|/w==", "padding"),
        ] {
            assert!(Line::parse(line).is_err(), "{wrong}: {line:?}");
        }
    }
}
