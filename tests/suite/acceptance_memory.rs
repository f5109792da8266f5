//! Which secrets are in the memory of the provider's process, and that memory which held one is wiped.

use std::fs;
use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use simulator::{Options, Simulator};
use xtask::cores::Feature;
use xtask::say;

use crate::support::cores::core;
use crate::support::memory::{Memory, Place};
use crate::support::network::{ForwardingServer, own_authority};
use crate::support::plugin::Launch;
use crate::support::process::{becomes, providers};
use crate::support::rotation::resource;
use crate::support::terraform::{Running, Workspace};

/// The provisioning keys: one that is written only, and one that is stored in the state.
const WRITTEN: &str = "sim-provisioning-written-4e1d";
const STORED: &str = "sim-provisioning-stored-7c2f";

const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];

/// Logs in with a client secret and with a token, sends two provisioning keys, hands a key of a rotation to a command, and then
/// waits for the file `go`.
fn configuration(host: &str, certificate: &Path) -> String {
    let rotation = resource("app", &[("connection_id", "infisical_openrouter_connection.written.id")]);
    let provider = |more: &str| {
        format!("provider \"infisical\" {{\n  host = {host:?}\n  ca_cert_file = {certificate:?}\n  {more}\n}}\n")
    };
    let universal = provider("auth = { universal = { client_id = var.client_id, client_secret = var.client_secret } }");
    let token = provider("alias = \"token\"\n  auth = { token = var.token }");
    format!(
        r#"
variable "project_id" {{}}
variable "connection_id" {{}}
variable "client_id" {{}}
variable "client_secret" {{ sensitive = true }}
variable "token" {{ sensitive = true }}
variable "written" {{ ephemeral = true }}
variable "stored" {{ sensitive = true }}
{universal}{token}{rotation}
resource "infisical_openrouter_connection" "written" {{
  name               = "written"
  api_key_wo         = var.written
  api_key_wo_version = 1
}}
resource "infisical_openrouter_connection" "stored" {{
  provider = infisical.token
  name     = "stored"
  api_key  = var.stored
}}
ephemeral "infisical_openrouter_rotation_credentials" "app" {{ rotation_id = infisical_openrouter_rotation.app.id }}
resource "terraform_data" "app" {{
  input = infisical_openrouter_connection.stored.id
  provisioner "local-exec" {{
    command     = "while ! test -e go; do sleep 0.1; done"
    environment = {{ KEY = ephemeral.infisical_openrouter_rotation_credentials.app.api_key }}
  }}
}}
# A core stops a provider that nothing needs any more.
resource "infisical_openrouter_connection" "last" {{
  provider   = infisical.token
  name       = "last"
  api_key    = var.stored
  depends_on = [terraform_data.app]
}}
"#
    )
}

/// A server with TLS in front of a simulator, and a workspace whose apply uses every kind of secret. The server closes idle
/// connections soon, since the buffers of an open one hold what was sent last.
struct Bed {
    simulator: Simulator,
    _server: ForwardingServer,
    workspace: Workspace,
}

impl Bed {
    fn new() -> Bed {
        let idle_timeout = Some(Duration::from_secs(1));
        let simulator = Simulator::start(Options { idle_timeout, ..Options::default() }).unwrap();
        let (certificate, key) = own_authority(&["localhost"]);
        let server = ForwardingServer::tls(&certificate, &key, simulator.url());
        let workspace = Workspace::new(core())
            .env("TF_VAR_project_id", simulator.project_id())
            .env("TF_VAR_connection_id", simulator.connection_id())
            .env("TF_VAR_client_id", simulator.client_id())
            .env("TF_VAR_client_secret", simulator.client_secret())
            .env("TF_VAR_token", simulator.token())
            .env("TF_VAR_written", WRITTEN)
            .env("TF_VAR_stored", STORED);
        let file = workspace.path("given.pem");
        fs::write(&file, certificate.pem()).unwrap();
        workspace.rewrite(&configuration(&format!("https://localhost:{}", server.port()), &file));
        workspace.init();
        Bed { simulator, _server: server, workspace }
    }

    /// Starts the apply, and waits until everything has been used.
    fn apply(&self) -> Running {
        let apply = self.workspace.spawn(APPLY);
        apply.wait_for("terraform_data.app: Provisioning with 'local-exec'");
        apply
    }

    /// What the provider logs in with, and what it got for that.
    fn kept(&self) -> Vec<String> {
        let issued = self.handed_out("simulator-access-");
        assert_eq!(issued.len(), 1, "one login");
        [vec![self.simulator.client_secret().to_owned(), self.simulator.token().to_owned()], issued].concat()
    }

    /// The secrets of single calls.
    fn transient(&self) -> Vec<String> {
        let keys = self.handed_out("sim-or-v1-");
        assert_eq!(keys.len(), 1, "one key was issued");
        [vec![WRITTEN.to_owned(), STORED.to_owned()], keys].concat()
    }

    fn handed_out(&self, start: &str) -> Vec<String> {
        let all = self.simulator.secrets_handed_out();
        all.iter().map(|secret| secret.expose_secret().to_owned()).filter(|secret| secret.starts_with(start)).collect()
    }
}

/// Whether the core running has all that the configuration uses.
fn is_supported() -> bool {
    core().supports(Feature::Ephemeral) && core().supports(Feature::WriteOnly)
}

/// The memory of these processes; `None` where the kernel does not let it be read.
fn memory(processes: &[u32]) -> Option<Vec<Memory>> {
    let read = processes.iter().map(|process| Memory::of(*process)).collect::<Result<_, _>>();
    read.inspect_err(|error| say::line(format_args!("NOT RUN: the memory of a process cannot be read here: {error}")))
        .ok()
}

/// The places of a text that are not excused.
fn places(memory: &[Memory], text: &str, is_excused: impl Fn(&Place) -> bool) -> Vec<Place> {
    memory.iter().flat_map(|one| one.places(text)).filter(|place| !is_excused(place)).collect()
}

/// Waits until no place of the texts is left that is not excused.
#[track_caller]
fn until_wiped(processes: &[u32], texts: &[String], is_excused: impl Fn(&Place) -> bool) {
    for text in texts {
        let mut last = Vec::new();
        let is_wiped = || {
            last = places(&memory(processes).unwrap(), text, &is_excused);
            last.is_empty()
        };
        assert!(becomes(is_wiped), "{text} is still in the memory: {last:#?}");
    }
}

/// The environment, which the core hands on to each process of a provider.
fn is_environment(place: &Place) -> bool {
    place.part == "[stack]" && place.before.contains("TF_VAR_")
}

/// A message of the core in the buffers of its connection, in which the name of the attribute stands before the value.
fn is_message(place: &Place) -> bool {
    place.before.contains("api_key")
}

#[test]
fn while_the_core_runs_the_provider_keeps_its_login_and_nothing_of_a_call_that_has_ended() {
    if !is_supported() {
        return;
    }
    let bed = Bed::new();
    let apply = bed.apply();
    let processes = providers(&bed.workspace);
    let Some(now) = memory(&processes) else { return };
    for secret in bed.kept() {
        assert!(!places(&now, &secret, is_environment).is_empty(), "the provider may have to log in again");
    }
    until_wiped(&processes, &bed.transient(), |place| is_environment(place) || is_message(place));
    bed.workspace.write("go", "");
    apply.wait().succeeded();
}

/// The process goes on without the core, and with nothing of its run.
#[test]
fn after_its_run_a_process_in_debug_mode_holds_no_secret() {
    if !is_supported() {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let plugin = runtime.block_on(Launch::by_hand().argument("--debug").start());
    let reattach = plugin.line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix("'\n"));
    let mut bed = Bed::new();
    bed.workspace = bed.workspace.env("TF_REATTACH_PROVIDERS", reattach.unwrap_or_else(|| panic!("{}", plugin.line)));
    let apply = bed.apply();
    let Some(now) = memory(&[plugin.id()]) else { return };
    for secret in bed.kept() {
        assert!(!places(&now, &secret, |_| false).is_empty(), "the search finds what the process holds");
    }
    bed.workspace.write("go", "");
    apply.wait().succeeded();
    until_wiped(&[plugin.id()], &[bed.kept(), bed.transient()].concat(), |_| false);
}
