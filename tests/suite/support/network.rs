//! Servers between the provider and the simulator: TLS, or a proxy.

use std::io;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::{TlsAcceptor, rustls};

/// Listens on a free port of the loopback interface and forwards connections to the simulator, until it is dropped.
pub struct ForwardingServer {
    runtime: Option<Runtime>,
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl ForwardingServer {
    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What each connection requested: its first line, or its target.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// A server that terminates TLS with this certificate and key.
    pub fn tls(certificate: &Certificate, key: &KeyPair, to: &str) -> ForwardingServer {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let key = rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        ForwardingServer::start(to, move |stream, to, _| {
            let acceptor = acceptor.clone();
            async move { forward(acceptor.accept(stream).await?, &to, &[]).await }
        })
    }

    /// An HTTP proxy that forwards every request and every CONNECT tunnel to `to`, whatever the requested address.
    pub fn http_proxy(to: &str) -> ForwardingServer {
        ForwardingServer::start(to, |mut stream, to, seen| async move {
            let mut first = vec![0; 16 * 1024];
            let read = stream.read(&mut first).await?;
            first.truncate(read);
            let line = String::from_utf8_lossy(&first).lines().next().unwrap_or_default().to_owned();
            if line.starts_with("CONNECT ") {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                first.clear();
            }
            seen.lock().unwrap().push(line);
            forward(stream, &to, &first).await
        })
    }

    /// A SOCKS 5 proxy that forwards every connection to `to`, whatever the requested name.
    pub fn socks_proxy(to: &str) -> ForwardingServer {
        ForwardingServer::start(to, |mut stream, to, seen| async move {
            let [_, methods] = read::<2>(&mut stream).await?;
            stream.read_exact(&mut vec![0; methods.into()]).await?;
            stream.write_all(&[5, 0]).await?; // no authentication
            let [_, _, _, 3, length] = read::<5>(&mut stream).await? else {
                return Err(io::Error::other("not a name"));
            };
            let mut name = vec![0; length.into()];
            stream.read_exact(&mut name).await?;
            let port = u16::from_be_bytes(read::<2>(&mut stream).await?);
            seen.lock().unwrap().push(format!("{}:{port}", String::from_utf8_lossy(&name)));
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
            forward(stream, &to, &[]).await
        })
    }

    fn start<F, W>(to: &str, serve: F) -> ForwardingServer
    where
        F: Fn(TcpStream, String, Arc<Mutex<Vec<String>>>) -> W + Send + Sync + 'static,
        W: Future<Output = io::Result<()>> + Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let to = to.trim_start_matches("http://").to_owned();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let (port, seen) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::default()));
        let noted = Arc::clone(&seen);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, to.clone(), Arc::clone(&noted)));
            }
        });
        ForwardingServer { runtime: Some(runtime), port, seen }
    }
}

impl Drop for ForwardingServer {
    fn drop(&mut self) {
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

async fn read<const N: usize>(stream: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn forward(mut from: impl AsyncRead + AsyncWrite + Unpin, to: &str, first: &[u8]) -> io::Result<()> {
    let mut to = TcpStream::connect(to).await?;
    to.write_all(first).await?;
    copy_bidirectional(&mut from, &mut to).await.map(|_| ())
}

/// A self-signed certificate for these names that is its own authority, as `openssl req -x509` creates it.
pub fn own_authority(names: &[&str]) -> (Certificate, KeyPair) {
    let params = authority(names);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap(), key)
}

/// The certificate of an authority, a certificate for these names signed by it, and the key of the latter.
pub fn signed(names: &[&str]) -> (Certificate, Certificate, KeyPair) {
    let (params, key, own) = (authority(&[]), KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let authority = params.self_signed(&key).unwrap();
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let signed = CertificateParams::new(names).unwrap().signed_by(&own, &Issuer::from_params(&params, &key)).unwrap();
    (authority, signed, own)
}

fn authority(names: &[&str]) -> CertificateParams {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}
