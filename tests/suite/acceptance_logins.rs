//! The AWS login, with credentials from the same sources as in AWS's own tools.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use simulator::{Call, Handle, Simulator};

use crate::support::rotation::{rotation, start};
use crate::support::terraform::Workspace;

/// A configuration without credentials, and an environment that only selects the method and the identity.
fn begin() -> (Simulator, Workspace) {
    let (simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace
        .env("INFISICAL_TOKEN", "")
        .env("INFISICAL_AUTH_METHOD", "aws_iam")
        .env("INFISICAL_MACHINE_IDENTITY_ID", simulator::IDENTITY_ID)
        .env("AWS_EC2_METADATA_DISABLED", "true");
    (simulator, workspace)
}

/// Writes a file to the workspace and returns its full path.
fn file(workspace: &Workspace, name: &str, text: &str) -> String {
    workspace.write(name, text);
    workspace.path(name).to_str().unwrap().to_owned()
}

/// The headers of the signed request in each login, without secrets.
fn signed(simulator: &Handle) -> Vec<Value> {
    let logins = simulator.requests().into_iter().filter(|request| request.call == Call::Login);
    logins.map(|login| login.body.unwrap()["iamRequestHeaders"].clone()).collect()
}

#[track_caller]
fn assert_signed(headers: &Value, key: &str, region: &str) {
    let authorization = headers["Authorization"].as_str().unwrap();
    assert!(authorization.starts_with(&format!("AWS4-HMAC-SHA256 Credential={key}/")), "{authorization}");
    assert_eq!(headers["Host"], format!("sts.{region}.amazonaws.com"));
}

/// The requests to a container's agent: the first line and the token of each.
type AgentRequests = Arc<Mutex<Vec<(String, String)>>>;

/// Starts an agent that returns a container's credentials. Returns its requests and its URL.
fn agent() -> (AgentRequests, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/credentials", listener.local_addr().unwrap());
    let requests = AgentRequests::default();
    let received = requests.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
            let lines: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
            let token = lines.iter().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or_default();
            received.lock().unwrap().push((lines[0].clone(), token.to_owned()));
            let body = json!({
                "AccessKeyId": "of-the-container", "SecretAccessKey": "test-secret-7c2e", "Token": "test-session-7c2e",
                "Expiration": "2099-01-01T00:00:00Z",
            });
            let body = body.to_string();
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
                .unwrap();
        }
    });
    (requests, url)
}

#[test]
fn a_container_logs_in_with_the_credentials_of_its_agent() {
    let (simulator, workspace) = begin();
    let (requests, url) = agent();
    let token = file(&workspace, "pod-token", "test-token-7c2e\n");
    let workspace = workspace
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url)
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token)
        .env("AWS_REGION", "eu-central-1")
        .env("TF_LOG", "trace");
    workspace.plan();
    assert!(requests.lock().unwrap().is_empty(), "this plan needs no login, and so no credentials");
    let log = workspace.apply();
    assert!(log.says("AWS credentials found"), "the log contains the provider's lines");
    assert!(!log.says("7c2e"), "the log contains no credentials: {}", log.words());
    assert_eq!(simulator.rotations().len(), 1);
    let all = signed(&simulator);
    all.iter().for_each(|headers| assert_signed(headers, "of-the-container", "eu-central-1"));
    assert!(all.iter().all(|headers| headers["X-Amz-Security-Token"] == "(redacted)"));
    let request = ("GET /v1/credentials HTTP/1.1".to_owned(), "test-token-7c2e".to_owned());
    assert_eq!(*requests.lock().unwrap(), vec![request; all.len()], "one for each login, without Infisical's token");
}

#[test]
fn a_profile_provides_its_keys_and_its_region() {
    let (simulator, workspace) = begin();
    let config = file(&workspace, "aws-config", "[profile ci]\nregion = eu-north-1\n");
    let keys = "[ci]\naws_access_key_id = of-the-profile\naws_secret_access_key = test-secret-7c2e\n";
    let credentials = file(&workspace, "aws-credentials", keys);
    let workspace = workspace
        .env("AWS_PROFILE", "ci")
        .env("AWS_CONFIG_FILE", &config)
        .env("AWS_SHARED_CREDENTIALS_FILE", &credentials);
    workspace.apply();
    assert_eq!(simulator.rotations().len(), 1);
    signed(&simulator).iter().for_each(|headers| assert_signed(headers, "of-the-profile", "eu-north-1"));

    // The keys in environment variables have precedence over the profile.
    simulator.clear_requests();
    let workspace = workspace.env("AWS_ACCESS_KEY_ID", "of-variables").env("AWS_SECRET_ACCESS_KEY", "test-secret-7c2e");
    workspace.assert_empty_plan();
    assert!(!signed(&simulator).is_empty());
    signed(&simulator).iter().for_each(|headers| assert_signed(headers, "of-variables", "eu-north-1"));
}

#[test]
fn the_error_without_aws_credentials_lists_the_sources_and_what_to_set() {
    let (simulator, workspace) = begin();
    let nowhere = workspace.path("nowhere").to_str().unwrap().to_owned();
    let workspace = workspace.env("AWS_CONFIG_FILE", &nowhere).env("AWS_SHARED_CREDENTIALS_FILE", &nowhere);
    let failed = workspace.apply_expecting_failure();
    for words in [
        "No AWS credentials were found. Looked for, in this order:",
        "the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set",
        "has no profile \"default\"",
        "the web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set",
        "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor",
        "the EC2 instance: AWS_EC2_METADATA_DISABLED is \"true\"",
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ] {
        assert!(failed.says(words), "{words}: {}", failed.words());
    }
    assert!(simulator.requests().is_empty());

    let half = workspace.env("AWS_ACCESS_KEY_ID", "of-variables").plan_expecting_failure();
    let words = "The variable AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not.";
    assert!(half.says("Incomplete AWS credentials") && half.says(words), "{}", half.words());
}
