//! The client's connections, TLS, redirects and logs.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use infisical::{Auth, Certificates, Client, Error, Settings};
use simulator::{Call, Fault, Options, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::{TlsAcceptor, rustls};

use crate::client_setup::{client, rotation, settings, start, universal};

const ANSWER: &str = r#"{"secretRotation":{"id":"r1"}}"#;

/// An HTTPS server with a self-signed certificate, which sends the same response to every request.
struct HttpsServer {
    url: String,
    certificate_pem: Vec<u8>,
    connections: Arc<AtomicUsize>,
}

async fn https_server() -> HttpsServer {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await?;
                let mut request = [0; 4096];
                let read = stream.read(&mut request).await?;
                assert!(read > 0);
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length:";
                stream.write_all(format!("{head} {}\r\n\r\n{ANSWER}", ANSWER.len()).as_bytes()).await?;
                stream.shutdown().await
            });
        }
    });
    HttpsServer { url, certificate_pem: made.cert.pem().into_bytes(), connections }
}

fn token() -> Auth {
    Auth::Token("a-token".into())
}

#[tokio::test]
async fn a_self_signed_certificate_is_trusted_only_when_it_is_configured() {
    let server = https_server().await;
    let given = Some(Certificates::read(&server.certificate_pem).unwrap());
    let trusting = Client::new(Settings { ca_cert_pem: given, ..settings(&server.url, token()) }).unwrap();
    assert_eq!(trusting.rotations().get("r1").await.unwrap().id, "r1");

    let before = server.connections.load(Ordering::SeqCst);
    let error = Client::new(settings(&server.url, token())).unwrap().rotations().get("r1").await.unwrap_err();
    assert!(matches!(&error, Error::Unreachable { cause, .. } if cause.contains("certificate")), "{error}");
    let tries = server.connections.load(Ordering::SeqCst) - before;
    assert_eq!(tries, 1, "a connection with an untrusted certificate is not retried");
}

#[tokio::test]
async fn invalid_hosts_are_refused_before_anything_is_sent() {
    for (host, why) in [
        ("ftp://localhost", "not an http or https address"),
        ("https://user:hush@localhost", "must not contain a user name"),
    ] {
        let error = Client::new(settings(host, token())).unwrap_err();
        assert!(error.to_string().contains(why) && !error.to_string().contains("hush"), "{error}");
    }
}

#[tokio::test]
async fn a_host_that_nobody_listens_on_is_unreachable() {
    let socket = TcpSocket::new_v4().unwrap(); // it reserves the port, but does not listen
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let client = Client::new(settings(&format!("http://{address}"), token())).unwrap();
    let error = client.rotations().get("r1").await.unwrap_err();
    assert!(matches!(&error, Error::Unreachable { cause, .. } if cause.contains("refused")), "{error}");
}

#[tokio::test]
async fn the_path_of_the_host_precedes_the_path_of_the_call() {
    let sim = Simulator::start(Options::default()).unwrap();
    let host = format!("{}/behind/a/proxy/", sim.url());
    Client::new(settings(&host, token())).unwrap().rotations().get("r1").await.unwrap_err();
    assert_eq!(sim.requests()[0].path, "/behind/a/proxy/api/v2/secret-rotations/open-router-api-key/r1");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let (sim, other) = (Simulator::start(Options::default()).unwrap(), Simulator::start(Options::default()).unwrap());
    sim.fault(Fault::redirect(Call::Read, format!("{}/elsewhere?x=1", other.url())));
    let error = client(&sim, universal(&sim)).rotations().get("r1").await.unwrap_err();
    assert!(matches!(error, Error::UnexpectedResponse(_)) && error.to_string().contains(other.url()), "{error}");
    assert!(other.requests().is_empty() && !error.to_string().contains("x=1"), "{error}");
}

#[tokio::test]
async fn a_response_of_more_than_16_mib_is_refused() {
    let (sim, client) = start();
    sim.fault(Fault::huge(Call::Read));
    let error = client.rotations().get("00000000-0000-4000-8000-000000000000").await.unwrap_err();
    assert!(error.to_string().contains("more than 16 MiB"), "{error}");
}

/// Everything that this thread logs, at any level.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Lines {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let mut lines = self.0.lock().unwrap();
        write!(lines, "{}", event.metadata().target()).unwrap();
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            write!(lines, " {}={value:?}", field.name()).unwrap();
        });
        writeln!(lines).unwrap();
    }
}

/// Enables the events of the client for this thread's subscriber. If another thread, without a subscriber, was the first to
/// reach an event, `tracing` has disabled the event for all threads.
async fn enable_events() {
    let (sim, client) = start();
    client.rotations().list(sim.project_id()).await.unwrap();
    tracing::callsite::rebuild_interest_cache();
}

#[tokio::test]
async fn each_attempt_is_logged_on_one_line_without_secrets() {
    use tracing_subscriber::layer::SubscriberExt;
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(lines.clone()));
    enable_events().await;
    lines.0.lock().unwrap().clear();
    let (sim, client) = start();
    sim.fault(Fault::status(Call::Read, 503).times(1));
    let made = client.rotations().create(&rotation(&sim, "search-key")).await.unwrap().object;
    client.rotations().get(&made.id).await.unwrap();
    client.rotations().generated_credentials(&made.id).await.unwrap();
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let calls: Vec<&str> = logged.lines().filter(|line| line.contains(" message=API call ")).collect();
    assert_eq!(calls.len(), 6, "{logged}");
    assert!(calls[3].contains("status=503 ") && calls[3].contains("attempt=1 req_id=\"req-"), "{}", calls[3]);
    assert!(calls[4].contains("method=\"GET\"") && calls[4].contains("attempt=2"), "{}", calls[4]);
    for secret in [sim.client_secret(), "Bearer", "sim-or-v1", "eyJ"] {
        assert!(!logged.contains(secret), "{secret} in {logged}");
    }
}
