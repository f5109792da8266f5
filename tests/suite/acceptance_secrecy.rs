//! What is logged, that no secret ever is, and who can connect to the provider's socket.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::time::Duration;

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::{Call, Fault, Handle};

use crate::support::process::{none_remains, signal_providers, until};
use crate::support::recording::{HiddenText, Recording};
use crate::support::requests::count;
use crate::support::rotation::{rotation, rotations, start};
use crate::support::terraform::Running;

const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];
const DESTROY: [&str; 4] = ["destroy", "-auto-approve", "-input=false", "-no-color"];

/// An authentication method, configured with environment variables.
struct Login {
    method: &'static str,
    variables: &'static [(&'static str, &'static str)],
    /// The values of the variables that are secret.
    secrets: &'static [&'static str],
    /// A variable and a wrong value for it, with which the login or the first call is refused. The value is a secret, too.
    refused: (&'static str, &'static str),
}

const TOKEN: Login = Login {
    method: "token",
    variables: &[("INFISICAL_TOKEN", simulator::TOKEN)],
    secrets: &[simulator::TOKEN],
    refused: ("INFISICAL_TOKEN", "refused-token-4e1d"),
};

const UNIVERSAL: Login = Login {
    method: "universal",
    variables: &[
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", simulator::CLIENT_ID),
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", simulator::CLIENT_SECRET),
    ],
    secrets: &[simulator::CLIENT_SECRET],
    refused: ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "refused-secret-4e1d"),
};

const OIDC: Login = Login {
    method: "oidc",
    variables: &[("INFISICAL_MACHINE_IDENTITY_ID", simulator::IDENTITY_ID), ("INFISICAL_AUTH_JWT", simulator::JWT)],
    secrets: &[simulator::JWT],
    refused: ("INFISICAL_AUTH_JWT", "refused.jwt.4e1d"),
};

const KUBERNETES: Login = Login {
    method: "kubernetes",
    variables: &[
        ("INFISICAL_MACHINE_IDENTITY_ID", simulator::IDENTITY_ID),
        ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN", simulator::JWT),
    ],
    secrets: &[simulator::JWT],
    refused: ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN", "refused.jwt.4e1d"),
};

const AWS_IAM: Login = Login {
    method: "aws_iam",
    variables: &[
        ("INFISICAL_MACHINE_IDENTITY_ID", simulator::IDENTITY_ID),
        ("AWS_ACCESS_KEY_ID", "test-access-key-id"),
        ("AWS_SECRET_ACCESS_KEY", "test-aws-secret-4e1d"),
        ("AWS_SESSION_TOKEN", "test-aws-session-4e1d"),
    ],
    secrets: &["test-aws-secret-4e1d", "test-aws-session-4e1d"],
    refused: ("INFISICAL_MACHINE_IDENTITY_ID", "00000000-0000-4000-8000-000000000000"),
};

/// The texts that must not appear anywhere: configured secrets, secrets that the server created, parts of these, and the
/// names of headers and fields that contain them.
fn hidden(simulator: &Handle, login: &Login) -> Vec<HiddenText> {
    let hidden_text = |what, text: &str| HiddenText { what, text: text.to_owned() };
    let configured = login.secrets.iter().chain([&login.refused.1, &simulator::TOKEN]);
    let configured = configured.map(|text| hidden_text("a configured secret", text));
    let created = simulator.secrets_handed_out();
    let created = created.iter().map(|secret| hidden_text("a secret that the server created", secret.expose_secret()));
    let parts = [
        hidden_text("a part of an access token", "simulator-access-"),
        hidden_text("a part of a key", "sim-or-v1-"),
        hidden_text("a header with a token", "Bearer "),
        hidden_text("the body of a login", "clientSecret"),
        hidden_text("the body of a login", "iamRequestHeaders"),
    ];
    configured.chain(created).chain(parts).collect()
}

/// A login that returns a known token, and failures of updates whose responses repeat the secrets of the requests in
/// different formats.
fn responses_with_secrets(login: &Login) -> Vec<Fault> {
    let known = json!({"accessToken": simulator::TOKEN, "expiresIn": 7200, "tokenType": "Bearer"});
    let secrets = format!("{} {}", simulator::TOKEN, login.secrets.join(" "));
    let refusal = |status: u16, message: Value| {
        let body = json!({"reqId": "req-TESTONLY", "statusCode": status, "error": "Refused", "message": message});
        Fault::body(Call::Update, status, body.to_string())
    };
    let issue = json!([{"code": "custom", "path": ["rotationInterval"], "message": secrets}]);
    let all = [
        refusal(401, json!(secrets)),
        refusal(400, json!(secrets)),
        refusal(422, issue),
        Fault::body(Call::Update, 403, format!("<html><body>{secrets}</body></html>")),
        Fault::body(Call::Update, 200, json!({"secretRotation": secrets}).to_string()),
        Fault::body(Call::Update, 200, format!("{secrets} is not JSON")),
        Fault::redirect(Call::Update, format!("http://127.0.0.1:9/?token={}", secrets.replace(' ', "+"))),
        Fault::html(Call::Update, 502),
        Fault::truncate(Call::Update),
    ];
    // Each fault applies to a different call.
    let each = (0..).zip(all).map(|(others, fault)| fault.skip(others).times(1));
    each.chain([Fault::body(Call::Login, 200, known.to_string())]).collect()
}

/// Validates, plans, applies, updates, rotates and destroys rotations, with failures in between.
fn nothing_secret_is_shown(login: &Login) {
    const COUNT: usize = 9;
    let (simulator, workspace) = start(&rotations(COUNT));
    let workspace = workspace.env("INFISICAL_TOKEN", "").env("INFISICAL_AUTH_METHOD", login.method);
    let workspace = login.variables.iter().fold(workspace, |workspace, (name, value)| workspace.env(name, value));
    let mut recording = Recording::new(workspace);

    let (name, value) = login.refused;
    let mut command = recording.workspace.command(APPLY);
    command.env(name, value);
    let output = Running::start(command).wait().failed();
    assert!(recording.add(output).says("Cannot create the rotation"));
    assert_eq!(simulator.counts().rotations, 0);

    recording.succeeds(&["validate", "-no-color"]);
    recording.succeeds(&["plan", "-input=false", "-no-color", "-out=plan.bin"]);
    if login.method != "token" {
        simulator.fault(Fault::truncate(Call::Login).times(1));
        let invalid = json!({"accessToken": {"not": login.secrets}}).to_string();
        simulator.fault(Fault::body(Call::Login, 200, invalid).skip(1).times(1));
        recording.fails(&["apply", "-input=false", "-no-color", "plan.bin"], "Cannot create the rotation");
        recording.succeeds(&["plan", "-input=false", "-no-color", "-out=plan.bin"]);
    }
    recording.succeeds(&["show", "-no-color", "plan.bin"]);
    recording.succeeds(&["apply", "-input=false", "-no-color", "plan.bin"]);
    recording.succeeds(&["show", "-json"]);

    let changed = rotations(COUNT).replace("rotation_interval = 30", "rotation_interval = 7");
    recording.workspace.rewrite(&changed);
    responses_with_secrets(login).into_iter().for_each(|fault| simulator.fault(fault));
    recording.fails(&APPLY, "Cannot update the rotation");
    let failed = simulator.requests().iter().filter(|r| r.call == Call::Update && !r.faults.is_empty()).count();
    assert_eq!(failed, COUNT, "each of the responses was sent");
    simulator.clear_faults();
    let trigger = "rotation_triggers = { by = \"hand\" }\n  secret_path";
    recording.workspace.rewrite(&changed.replace("secret_path", trigger));
    recording.succeeds(&APPLY);
    assert_eq!(simulator.issued_keys(), 2 * COUNT, "all were rotated");

    simulator.fault(Fault::delay(Call::Delete, Duration::from_secs(2)));
    let killed = recording.workspace.spawn(DESTROY);
    until("a delete", || count(&simulator, Call::Delete) > 0);
    signal_providers("KILL", &recording.workspace);
    recording.add(killed.wait().failed());
    simulator.clear_faults();
    recording.succeeds(&DESTROY);

    let log = recording.workspace.read("core.log");
    assert!(log.contains("API call: @module=provider") && log.contains("[TRACE]"), "everything is logged");
    let found = recording.found(simulator.project_id());
    for place in ["terraform.tfstate.backup", "plan.bin!tfplan"] {
        assert!(found.iter().any(|name| name == place), "{place} was searched: {found:?}");
    }
    assert!(simulator.secrets_handed_out().len() >= 2 * COUNT);
    recording.assert_hidden(&hidden(&simulator, login));
}

#[test]
fn nothing_secret_is_shown_with_a_token() {
    nothing_secret_is_shown(&TOKEN);
}

#[test]
fn nothing_secret_is_shown_with_universal_auth() {
    nothing_secret_is_shown(&UNIVERSAL);
}

#[test]
fn nothing_secret_is_shown_with_oidc() {
    nothing_secret_is_shown(&OIDC);
}

#[test]
fn nothing_secret_is_shown_with_kubernetes() {
    nothing_secret_is_shown(&KUBERNETES);
}

#[test]
fn nothing_secret_is_shown_with_aws() {
    nothing_secret_is_shown(&AWS_IAM);
}

#[test]
fn the_error_for_an_invalid_secret_does_not_contain_it() {
    const SECRET: &str = "unusable-4e1d";
    let given = |name, value: &str| (name, value.replace("SECRET", SECRET));
    let cases = [
        (given("INFISICAL_TOKEN", "SECRET\nwith a line break"), "A token is one word"),
        (given("INFISICAL_HOST", "http://user:SECRET@127.0.0.1:9"), "password"),
        (given("INFISICAL_HOST", "https://user:SECRET@in fisical"), "host"),
        (given("INFISICAL_HOST", "user:SECRET@infisical"), "host"),
    ];
    let (simulator, workspace) = start(&rotation(&[]));
    let mut recording = Recording::new(workspace);
    for ((name, value), words) in cases {
        let mut command = recording.workspace.command(APPLY);
        command.env(name, &value);
        let output = Running::start(command).wait().failed();
        let output = recording.add(output);
        assert!(output.says(words), "{name}={value}\n{output}");
    }
    recording.assert_hidden(&[HiddenText { what: "an invalid value", text: SECRET.to_owned() }]);
    assert!(simulator.requests().is_empty());
}

/// They are sensitive variables. No plan is saved, since it would contain all variables.
#[test]
fn secrets_in_the_configuration_are_not_shown() {
    let declared = "variable \"token\" { sensitive = true }\nvariable \"secret\" { sensitive = true }\n";
    let with = |auth: &str| {
        let block = format!("provider \"infisical\" {{ auth = {auth} }}");
        format!("{declared}{}", rotation(&[]).replace("provider \"infisical\" {}", &block))
    };
    let universal =
        format!("{{ universal = {{ client_id = {:?}, client_secret = var.secret }} }}", simulator::CLIENT_ID);
    let (simulator, workspace) = start(&with("{ token = var.token }"));
    let workspace = workspace
        .env("INFISICAL_TOKEN", "")
        .env("TF_VAR_token", simulator::TOKEN)
        .env("TF_VAR_secret", simulator::CLIENT_SECRET);
    let mut recording = Recording::new(workspace);
    recording.succeeds(&APPLY);
    recording.workspace.rewrite(&with(&universal));
    recording.succeeds(&["plan", "-input=false", "-no-color"]);
    recording
        .workspace
        .rewrite(&with("{ token = var.token, universal = { client_id = \"x\", client_secret = var.secret } }"));
    recording.fails(&APPLY, "Several ways to log in");
    recording.workspace.rewrite(&with("{ token = [var.token] }"));
    recording.fails(&APPLY, "token");
    recording.workspace.rewrite(&with(&universal));
    recording.succeeds(&DESTROY);
    let login = Login { secrets: &[simulator::CLIENT_SECRET], ..TOKEN };
    recording.assert_hidden(&hidden(&simulator, &login));
}

/// Sorts the method, path and status of each call.
fn sorted(mut calls: Vec<(String, String, Option<u64>)>) -> Vec<(String, String, Option<u64>)> {
    calls.sort();
    calls
}

/// This includes a call without a response, and one that was cancelled by an interrupt.
#[test]
fn each_call_of_the_api_is_logged_on_one_line_of_the_cores_log() {
    let (simulator, workspace) = start(&rotation(&[]));
    let workspace = workspace
        .env("INFISICAL_AUTH_METHOD", "universal")
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", simulator.client_id())
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", simulator.client_secret())
        .env("TF_LOG", "JSON")
        .env("TF_LOG_PATH", "core.log");
    simulator.fault(Fault::status(Call::Login, 503).times(1));
    workspace.apply();
    workspace.rewrite(&rotation(&[("rotation_interval", "7"), ("rotation_triggers", r#"{ by = "hand" }"#)]));
    simulator.fault(Fault::status(Call::Update, 422));
    simulator.fault(Fault::drop_before(Call::Read).times(1));
    workspace.apply_expecting_failure();
    simulator.clear_faults();
    workspace.apply();
    simulator.fault(Fault::delay(Call::Read, Duration::from_secs(600)));
    let reads = || count(&simulator, Call::Read);
    let before = reads();
    let plan = workspace.spawn(["plan", "-input=false", "-no-color"]);
    until("a read", || reads() > before);
    plan.interrupt_all();
    plan.wait().failed();
    simulator.clear_faults();
    workspace.destroy();

    let log = workspace.read("core.log");
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let calls: Vec<_> = lines.iter().filter(|line| line["@message"] == "API call").collect();
    let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
    let logged = calls.iter().map(|line| (text(line, "method"), text(line, "path"), line["status"].as_u64()));
    let received = simulator.requests();
    let received =
        received.iter().map(|request| (request.method.clone(), request.path.clone(), request.status.map(u64::from)));
    assert_eq!(sorted(logged.collect()), sorted(received.collect()));
    for line in &calls {
        assert_eq!((&line["@level"], &line["@module"]), (&"debug".into(), &"provider".into()), "{line}");
        assert!(line["attempt"].is_u64() && line["duration_ms"].is_u64(), "{line}");
        let status = line["status"].as_u64();
        assert_eq!(line["req_id"].is_string(), status.is_some_and(|status| status >= 400), "{line}");
        assert_eq!(line["cause"].is_string(), status.is_none(), "{line}");
        assert!(line["tf_rpc"].is_string() && line["tf_req_id"].is_string(), "{line}");
    }
    let attempts = |path: &str| -> Vec<_> {
        let calls = calls.iter().filter(|line| text(line, "path").ends_with(path) && line["method"] == "POST");
        calls.map(|line| line["attempt"].as_u64().unwrap()).take(2).collect()
    };
    assert_eq!(attempts("/login"), [1, 2]);
}

#[test]
fn the_socket_of_a_running_provider_is_inaccessible_to_other_users() {
    let (simulator, workspace) = start(&rotation(&[]));
    let temporary = tempfile::tempdir().unwrap();
    let workspace = workspace.env("TMPDIR", temporary.path().to_str().unwrap());
    simulator.fault(Fault::delay(Call::Create, Duration::from_secs(2)));
    let apply = workspace.spawn(APPLY);
    until("a request", || !simulator.requests().is_empty());
    let entries: Vec<_> = fs::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let folders: Vec<_> = entries.iter().filter(|path| path.join("plugin").exists()).collect();
    assert!(!folders.is_empty(), "the provider's socket should be in {entries:?}");
    for folder in folders {
        let mode = fs::symlink_metadata(folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        assert!(fs::metadata(folder.join("plugin")).unwrap().file_type().is_socket());
    }
    apply.wait().succeeded();
    none_remains(&workspace);
    let left: Vec<_> = fs::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
}
