//! The lifecycle of the provider's process: how it starts, whom it serves, and when it ends.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Map, Value};
use tfplug::client::{Address, Channel, Core, Error, Line};
use tfplug::proto::tfplugin6::{DynamicValue, get_metadata, validate_resource_config};

use crate::support::plugin::{CLIENT_CERT, Launch, Plugin, provider};

fn core() -> Core {
    Core::new().unwrap()
}

async fn answers(channel: Result<Channel, Error>) -> Result<(), Error> {
    provider(channel?).get_metadata(get_metadata::Request {}).await?;
    Ok(())
}

/// The log records on a plugin's stderr. Panics if a line is not a record, which a core would log as plain text.
fn records(stderr: &str) -> Vec<Map<String, Value>> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    stderr.lines().map(read).collect()
}

#[tokio::test]
async fn without_the_right_cookie_it_prints_an_explanation_and_exits() {
    for launch in [Launch::by_hand(), Launch::plain().variable("TF_PLUGIN_MAGIC_COOKIE", "another")] {
        let output = launch.output().await;
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"", "a core would read it as the handshake");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.starts_with("terraform-provider-infisical "), "{text}");
        assert!(text.contains(" is a plugin for Terraform and OpenTofu."), "{text}");
        assert!(text.contains("required_providers"), "the explanation contains how to install it: {text}");
        assert!(launch.leftovers().is_empty(), "no socket is created");
    }
}

#[tokio::test]
async fn the_handshake_line_without_tls_ends_with_an_empty_field() {
    let plugin = Launch::plain().start().await;
    let path = plugin.socket();
    assert_eq!(plugin.line, format!("1|6|unix|{}|grpc|\n", path.display()));
    answers(core().connect(&plugin.handshake()).await).await.unwrap();
}

/// A core sets an empty certificate when TLS is turned off.
#[tokio::test]
async fn an_empty_client_certificate_means_no_tls() {
    let plugin = Launch::plain().variable(CLIENT_CERT, "").start().await;
    assert_eq!(plugin.handshake().certificate, None);
}

#[tokio::test]
async fn the_handshake_line_with_tls_contains_an_unpadded_certificate() {
    let core = core();
    let plugin = Launch::secured(&core).start().await;
    let fields: Vec<_> = plugin.line.trim_end().split('|').collect();
    assert_eq!(fields.len(), 6, "{}", plugin.line);
    assert!(fields[5].len() > 50 && !fields[5].contains('='), "{}", plugin.line);
    assert_eq!(plugin.handshake().version, 6);
    answers(core.connect(&plugin.handshake()).await).await.unwrap();
}

#[tokio::test]
async fn a_core_that_asks_for_multiplexing_learns_that_it_is_not_supported() {
    let plugin = Launch::plain().variable("PLUGIN_MULTIPLEX_GRPC", "true").start().await;
    assert!(plugin.line.ends_with("|grpc||false\n"), "{}", plugin.line);
}

/// A core that supports only older protocols shows in its error which version the plugin has.
#[tokio::test]
async fn the_handshake_is_version_6_whatever_versions_the_core_offers() {
    for offered in ["5", "6", "5,6", "7,x,6", ""] {
        let plugin = Launch::plain().variable("PLUGIN_PROTOCOL_VERSIONS", offered).start().await;
        assert_eq!(plugin.handshake().version, 6, "{offered:?}");
    }
}

#[tokio::test]
async fn only_the_core_that_started_it_is_served() {
    let core = core();
    let plugin = Launch::secured(&core).start().await;
    let line = plugin.handshake();
    let foreign = Core::new().unwrap();
    assert!(answers(foreign.connect(&line).await).await.is_err(), "a foreign certificate was accepted");
    assert!(answers(core.connect_unnamed(&line).await).await.is_err(), "no certificate was accepted");
    let plain = Line { certificate: None, ..line.clone() };
    assert!(answers(core.connect(&plain).await).await.is_err(), "a connection without TLS was accepted");
    answers(core.connect(&line).await).await.unwrap();
}

#[tokio::test]
async fn an_invalid_client_certificate_is_a_fatal_error_with_a_reason() {
    let mut cut = core().pem().to_owned();
    cut.truncate(cut.len() / 2);
    let padded = "-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGU===\n-----END CERTIFICATE-----\n";
    let other = "-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
    for wrong in ["x", cut.as_str(), padded, other] {
        let launch = Launch::plain().variable(CLIENT_CERT, wrong);
        let output = launch.output().await;
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]), "{wrong:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        let line = text.lines().next_back().unwrap();
        // A core shows a line that begins like this even when its log is turned off.
        assert!(line.starts_with("fatal error: PLUGIN_CLIENT_CERT is not a certificate in PEM form: "), "{text}");
        assert!(launch.leftovers().is_empty(), "no socket is created");
    }
}

#[tokio::test]
async fn the_socket_is_inaccessible_to_other_users_and_removed_when_the_process_ends() {
    let core = core();
    let plugin = Launch::secured(&core).start().await;
    let folder = plugin.socket().parent().unwrap().to_owned();
    assert_eq!(plugin.launch.leftovers(), [folder.as_path()]);
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    let ended = plugin.shut_down(&core).await;
    assert!(ended.leftovers.is_empty(), "{:?}", ended.leftovers);
}

#[tokio::test]
async fn the_socket_is_created_in_the_folder_that_the_core_sets() {
    let folder = tempfile::Builder::new().prefix("tf").tempdir().unwrap();
    let launch = Launch::plain().variable("PLUGIN_UNIX_SOCKET_DIR", folder.path());
    let plugin = launch.start().await;
    assert!(plugin.socket().starts_with(folder.path()), "{}", plugin.line);
}

#[tokio::test]
async fn shutdown_ends_the_process_with_code_0_and_without_output() {
    let core = core();
    let plugin = Launch::secured(&core).start().await;
    answers(core.connect(&plugin.handshake()).await).await.unwrap();
    let ended = plugin.shut_down(&core).await;
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""), "with the core's log turned off");
}

#[tokio::test]
async fn an_interrupt_does_not_end_the_process() {
    let core = core();
    let plugin = Launch::secured(&core).start().await;
    for _ in 0..3 {
        plugin.signal("INT").await;
        answers(core.connect(&plugin.handshake()).await).await.unwrap();
    }
    assert_eq!(plugin.shut_down(&core).await.status.code(), Some(0));
}

#[tokio::test]
async fn sigterm_ends_the_process_with_code_0() {
    let core = core();
    let plugin = Launch::secured(&core).start().await;
    plugin.signal("TERM").await;
    let ended = plugin.ended().await;
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.leftovers.is_empty(), "{:?}", ended.leftovers);
}

/// A core that was killed sends no shutdown.
#[tokio::test]
async fn the_process_ends_when_its_core_is_killed() {
    let launch = Launch::plain();
    let mut shell = launch.command_in("sh");
    shell.args(["-c", r#""$0" & wait"#, crate::support::plugin::BINARY]);
    let child = shell.spawn().unwrap();
    let mut plugin = Plugin::of(launch, child).await;
    answers(core().connect(&plugin.handshake()).await).await.unwrap();
    plugin.kill().await;
    let ended = plugin.ended().await;
    assert!(ended.leftovers.is_empty(), "{:?}", ended.leftovers);
}

/// The records of dependencies, such as those about HTTP/2 frames and headers, are left out.
#[tokio::test]
async fn at_the_most_detailed_level_the_log_contains_only_records_of_the_provider_and_tfplug() {
    let core = core();
    let launch = Launch::secured(&core).variable("TF_LOG", "TRACE").variable("RUST_LOG", "trace");
    let plugin = launch.start().await;
    answers(core.connect(&plugin.handshake()).await).await.unwrap();
    assert!(answers(Core::new().unwrap().connect(&plugin.handshake()).await).await.is_err());
    plugin.signal("INT").await;
    let ended = plugin.shut_down(&core).await;
    let records = records(&ended.stderr);
    for record in &records {
        for key in ["@message", "@level", "@timestamp", "@module"] {
            assert!(record[key].is_string(), "{key} in {record:?}");
        }
        assert!(["provider", "sdk.tfplug"].map(Value::from).contains(&record["@module"]), "{record:?}");
    }
    let with = |text: &str| records.iter().filter(|record| record["@message"].as_str().unwrap().contains(text)).count();
    // The client may have retried.
    assert!(with("refused a connection") >= 1, "{}", ended.stderr);
    assert_eq!(with("the provider's process ends"), 1, "{}", ended.stderr);
}

#[tokio::test]
async fn rust_log_alone_does_not_turn_on_the_log() {
    let core = core();
    let plugin = Launch::secured(&core).variable("RUST_LOG", "trace").start().await;
    answers(core.connect(&plugin.handshake()).await).await.unwrap();
    assert_eq!(plugin.shut_down(&core).await.stderr, "");
}

/// gRPC libraries accept 4 MiB by default, which large configurations exceed.
#[tokio::test]
async fn a_request_of_twenty_megabytes_is_accepted() {
    let core = core();
    let plugin = Launch::secured(&core).start().await;
    let config = DynamicValue { msgpack: vec![0xc0; 20 << 20].into(), json: Vec::new().into() };
    let request = validate_resource_config::Request {
        type_name: "infisical_openrouter_rotation".to_owned(),
        config: Some(config),
        client_capabilities: None,
    };
    let answer = plugin.provider(&core).await.validate_resource_config(request).await.unwrap().into_inner();
    assert!(!answer.diagnostics.is_empty(), "the value is not a valid configuration");
}

/// A developer's process, which several cores use one after the other.
#[tokio::test]
async fn in_debug_mode_it_prints_its_address_and_serves_until_an_interrupt() {
    let plugin = Launch::by_hand().argument("--debug").start().await;
    let value = plugin.line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix("'\n"));
    let value: Value = serde_json::from_str(value.unwrap_or_else(|| panic!("{}", plugin.line))).unwrap();
    let entry = &value["terraform.local/openrouter/infisical"];
    assert_eq!((&entry["ProtocolVersion"], &entry["Test"]), (&6.into(), &true.into()));
    let path = Path::new(entry["Addr"]["String"].as_str().unwrap()).to_owned();
    let line = Line { version: 6, address: Address::Unix(path.clone()), certificate: None };

    // A core first checks the socket with a connection on which it sends nothing.
    drop(tokio::net::UnixStream::connect(&path).await.unwrap());
    for _ in 0..2 {
        answers(core().connect(&line).await).await.unwrap();
    }
    plugin.signal("INT").await;
    let ended = plugin.ended().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    assert!(ended.leftovers.is_empty(), "{:?}", ended.leftovers);
}
