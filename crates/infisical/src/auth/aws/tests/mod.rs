//! The search for credentials on a machine that is only a table, so that each test says what is there.

mod failures;
mod profiles;
mod signature;
mod sources;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Value, json};

use super::machine::{FailedRequest, FailureCause, Machine, Reach, RequestResult};
use super::*;

/// One request, as the machine sees it.
#[derive(Debug, Clone)]
struct Sent {
    /// Method and URL, without its query.
    what: String,
    /// The parameters of the query or the form.
    parameters: BTreeMap<String, String>,
    headers: http::HeaderMap,
    reach: Reach,
}

impl Sent {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }
}

type Answers = dyn Fn(&Sent) -> RequestResult + Send + Sync;

/// Files, a command's output, and services.
#[derive(Clone)]
struct Fake {
    files: Arc<Mutex<BTreeMap<String, String>>>,
    printed: Arc<BTreeMap<String, Result<String, String>>>,
    answers: Arc<Answers>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Fake {
    /// No service answers.
    fn new(files: &[(&str, &str)]) -> Self {
        Self {
            files: Arc::new(Mutex::new(files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect())),
            printed: Arc::default(),
            answers: Arc::new(|_| {
                Err(FailedRequest { cause: "no connection".to_owned(), kind: FailureCause::Unconnected })
            }),
            sent: Arc::default(),
        }
    }

    fn answering(self, answers: impl Fn(&Sent) -> RequestResult + Send + Sync + 'static) -> Self {
        Self { answers: Arc::new(answers), ..self }
    }

    fn printing(self, command: &str, output: Result<&str, &str>) -> Self {
        let output = output.map(str::to_owned).map_err(str::to_owned);
        Self { printed: Arc::new(BTreeMap::from([(command.to_owned(), output)])), ..self }
    }

    fn write(&self, path: &str, text: &str) {
        self.files.lock().unwrap().insert(path.to_owned(), text.to_owned());
    }

    fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    fn asked(&self) -> Vec<String> {
        self.sent().into_iter().map(|sent| sent.what).collect()
    }

    /// A login with these variables, and with `HOME`.
    async fn login(&self, variables: &[(&str, &str)]) -> Result<LoggedIn, Error> {
        let environment = AwsEnvironment::read(|name| match name {
            "HOME" => Some("/home/a".to_owned()),
            _ => variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
        });
        let organization = Organization::of(Some("acme"));
        let request = super::login("an-id", &environment, Arc::new(self.clone()), organization).await?;
        Ok(LoggedIn::of(&request))
    }

    /// Why it fails.
    async fn refused(&self, variables: &[(&str, &str)]) -> String {
        let error = self.login(variables).await.unwrap_err();
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains("hush"), "{printed}");
        error.to_string()
    }
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fake")
    }
}

impl Machine for Fake {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let content = self.files.lock().unwrap().get(path).map(|text| text.clone().into_bytes());
        content.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn send(&self, request: Request<Bytes>, reach: Reach) -> BoxFuture<'_, RequestResult> {
        let (url, query) = (request.uri().to_string(), request.uri().query().unwrap_or_default().to_owned());
        let text = if query.is_empty() { String::from_utf8(request.body().to_vec()).unwrap() } else { query };
        let sent = Sent {
            what: format!("{} {}", request.method(), url.split('?').next().unwrap()),
            parameters: url::form_urlencoded::parse(text.as_bytes()).into_owned().collect(),
            headers: request.headers().clone(),
            reach,
        };
        self.sent.lock().unwrap().push(sent.clone());
        let answer = (self.answers)(&sent);
        Box::pin(async move { answer })
    }

    fn run<'a>(&'a self, command: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        let printed = self.printed.get(command).cloned().unwrap_or_else(|| Err("not found".to_owned()));
        Box::pin(async move { printed.map(String::into_bytes) })
    }
}

/// What the API gets.
#[derive(Debug)]
struct LoggedIn {
    body: Value,
    headers: BTreeMap<String, String>,
}

impl LoggedIn {
    fn of(request: &crate::request::Request) -> Self {
        assert_eq!(request.name(), "POST /api/v1/auth/aws-auth/login");
        let body: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        let headers = STANDARD.decode(body["iamRequestHeaders"].as_str().unwrap()).unwrap();
        let text = String::from_utf8(headers.clone()).unwrap();
        assert!(!text.contains("hush"), "no secret key is sent: {text}");
        Self { body, headers: serde_json::from_slice(&headers).unwrap() }
    }

    /// A part of `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    fn authorization(&self, part: &str) -> &str {
        let all = self.headers["Authorization"].strip_prefix("AWS4-HMAC-SHA256 ").unwrap();
        all.split(", ").find_map(|each| each.strip_prefix(part)?.strip_prefix('=')).unwrap()
    }

    /// Whose signature it is, and for which region.
    fn key_and_region(&self) -> (&str, &str) {
        let parts: Vec<_> = self.authorization("Credential").split('/').collect();
        assert_eq!(parts[3..], ["sts", "aws4_request"]);
        assert_eq!(self.headers["Host"], region::token_service(parts[2]));
        (parts[0], parts[2])
    }

    fn key(&self) -> &str {
        self.key_and_region().0
    }

    fn session(&self) -> Option<&str> {
        self.headers.get("X-Amz-Security-Token").map(String::as_str)
    }
}

fn reply(status: u16, body: impl Into<String>) -> RequestResult {
    Ok(Response::builder().status(status).body(Bytes::from(body.into())).unwrap())
}

/// What the container's and the instance's services answer.
fn temporary(key: &str) -> RequestResult {
    reply(
        200,
        json!({
            "Code": "Success", "AccessKeyId": key, "SecretAccessKey": "hush-temporary", "Token": "session",
            "Expiration": "2099-01-01T00:00:00Z",
        })
        .to_string(),
    )
}

/// What the token service answers to `action`.
fn assumed(action: &str, key: &str) -> RequestResult {
    reply(
        200,
        format!(
            "<{action}Response><{action}Result><Credentials><AccessKeyId>{key}</AccessKeyId>\
             <SecretAccessKey>hush-assumed</SecretAccessKey><SessionToken>session</SessionToken>\
             <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></{action}Result></{action}Response>"
        ),
    )
}
