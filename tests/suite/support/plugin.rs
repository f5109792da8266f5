//! Acts as the core: starts the built provider as a core does, and connects to its socket.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use tempfile::TempDir;
use tfplug::client::{Address, Channel, Core, Line};
use tfplug::proto::plugin::Empty;
use tfplug::proto::plugin::grpc_controller_client::GrpcControllerClient;
use tfplug::proto::tfplugin6::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

pub const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-infisical");
/// The value of the magic cookie that starts a plugin.
pub const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/// The variable with the core's certificate, which enables TLS.
pub const CLIENT_CERT: &str = "PLUGIN_CLIENT_CERT";

/// How a plugin is started.
pub struct Launch {
    environment: BTreeMap<OsString, OsString>,
    arguments: Vec<String>,
    /// The plugin's temporary folder, which contains its socket. No other plugin uses it.
    temporary: TempDir,
}

impl Launch {
    /// The variables that a core sets for every plugin, without TLS. The environment of the tests
    /// is not inherited.
    pub fn plain() -> Self {
        Self::by_hand()
            .variable("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
            .variable("PLUGIN_PROTOCOL_VERSIONS", "6,5")
            .variable("PLUGIN_MIN_PORT", "10000")
            .variable("PLUGIN_MAX_PORT", "25000")
    }

    /// The same with TLS, so that the plugin serves only this core, as is the default.
    pub fn secured(core: &Core) -> Self {
        Self::plain().variable(CLIENT_CERT, core.pem())
    }

    /// The variables of a user's shell.
    pub fn by_hand() -> Self {
        let temporary = tempfile::Builder::new().prefix("tf").tempdir().unwrap();
        let launch = Self { environment: BTreeMap::new(), arguments: Vec::new(), temporary };
        let path = launch.temporary.path().to_owned();
        launch.variable("TMPDIR", path).variable("PATH", std::env::var_os("PATH").unwrap_or_default())
    }

    pub fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// The files that the plugin has left in its temporary folder.
    pub fn leftovers(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.temporary.path()).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// The command that starts the plugin as a core does, with stdout and stderr piped.
    pub fn command(&self) -> Command {
        self.command_in(BINARY)
    }

    /// Another program, in the plugin's environment.
    pub fn command_in(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(&self.arguments).env_clear().envs(&self.environment);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// Runs a plugin that exits without being stopped.
    pub async fn output(&self) -> std::process::Output {
        self.command().output().await.unwrap()
    }

    /// Starts the plugin and reads its first line.
    pub async fn start(self) -> Plugin {
        let child = self.command().spawn().unwrap();
        Plugin::of(self, child).await
    }
}

/// A running plugin. It is killed when dropped.
pub struct Plugin {
    pub launch: Launch,
    /// The first line on stdout, with its line break.
    pub line: String,
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: JoinHandle<String>,
}

/// How a plugin ended.
pub struct Ended {
    pub status: ExitStatus,
    /// The output after the first line.
    pub stdout: String,
    pub stderr: String,
    /// The files that it left in its temporary folder.
    pub leftovers: Vec<PathBuf>,
}

impl Plugin {
    /// Takes over a started process and reads its first line.
    pub async fn of(launch: Launch, mut child: Child) -> Self {
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut pipe = child.stderr.take().unwrap();
        let stderr = tokio::spawn(async move {
            let mut text = String::new();
            pipe.read_to_string(&mut text).await.unwrap();
            text
        });
        let mut line = String::new();
        stdout.read_line(&mut line).await.unwrap();
        Self { launch, line, child, stdout, stderr }
    }

    /// The handshake line, parsed as a core parses it.
    pub fn handshake(&self) -> Line {
        Line::parse(&self.line).unwrap()
    }

    pub fn socket(&self) -> PathBuf {
        let Address::Unix(path) = self.handshake().address else { panic!("no socket: {}", self.line) };
        path
    }

    /// The id of the process that was started.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// A client of the provider, for the core that started it.
    pub async fn provider(&self, core: &Core) -> ProviderClient<Channel> {
        provider(core.connect(&self.handshake()).await.unwrap())
    }

    /// Sends the signal with this name.
    pub async fn signal(&self, name: &str) {
        let id = self.id();
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status().await.unwrap();
        assert!(sent.success(), "kill -{name} {id}: {sent}");
    }

    /// Asks the plugin to shut down, as a core does, and waits until it has ended.
    pub async fn shut_down(self, core: &Core) -> Ended {
        let channel = core.connect(&self.handshake()).await.unwrap();
        GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
        self.ended().await
    }

    /// Kills the process that was started. If the plugin runs in a shell, that is the shell.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits until the plugin has closed its pipes and the process has ended.
    pub async fn ended(mut self) -> Ended {
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).await.unwrap();
        let stderr = self.stderr.await.unwrap();
        let status = self.child.wait().await.unwrap();
        Ended { status, stdout, stderr, leftovers: self.launch.leftovers() }
    }
}

/// A client without limits on the size of messages, like that of a core.
pub fn provider(channel: Channel) -> ProviderClient<Channel> {
    ProviderClient::new(channel).max_decoding_message_size(usize::MAX).max_encoding_message_size(usize::MAX)
}
