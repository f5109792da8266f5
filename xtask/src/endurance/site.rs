//! A simulator, a core, and a folder in which it runs with the provider.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use simulator::{Options as Settings, Simulator};
use tempfile::TempDir;

use crate::{
    cores::Core,
    error::{Doing, Result, failed},
    files, process, provider,
    sandbox::Sandbox,
};

/// A core copies the state of a whole resource for each of its instances, so its time grows with the square of their number.
const IN_ONE_RESOURCE: usize = 100;

/// How a core ended, and what it printed.
pub(super) struct Ran {
    pub(super) code: Option<i32>,
    pub(super) output: String,
}

/// A place to run a core in. The folder is removed when it is dropped.
pub(super) struct Site<'a> {
    core: &'a Core,
    sandbox: Sandbox,
    pub(super) simulator: Simulator,
    variables: Vec<(String, String)>,
    folder: TempDir,
}

impl<'a> Site<'a> {
    /// With this program as the provider.
    pub(super) fn new(core: &'a Core, provider: &Path, settings: Settings) -> Result<Site<'a>> {
        let folder = tempfile::tempdir().doing("create a temporary folder")?;
        let sandbox = Sandbox::new(folder.path(), provider)?;
        let simulator =
            Simulator::start(settings).map_err(|error| failed(format!("cannot start the simulator: {error}")))?;
        let variables = Vec::new();
        let site = Site { core, sandbox, simulator, variables, folder };
        let (url, token) = (site.simulator.url().to_owned(), site.simulator.token().to_owned());
        let (project, connection) = (site.simulator.project_id(), site.simulator.connection_id());
        Ok(site
            .with("INFISICAL_HOST", &url)
            .with("INFISICAL_TOKEN", &token)
            .with("TF_VAR_project_id", project)
            .with("TF_VAR_connection_id", connection))
    }

    /// Sets an environment variable for the core.
    pub(super) fn with(mut self, name: &str, value: &str) -> Site<'a> {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The folder with everything in it, without symbolic links in its path.
    pub(super) fn folder(&self) -> Result<PathBuf> {
        fs::canonicalize(self.folder.path()).doing("find the temporary folder")
    }

    /// The folder of temporary files of the core and of the provider.
    pub(super) fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// The path of a file of the configuration.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.sandbox.work().join(name)
    }

    /// Writes the configuration: what each has, and this text.
    pub(super) fn configure(&self, text: &str) -> Result<()> {
        let variables = "variable \"project_id\" {}\nvariable \"connection_id\" {}\nprovider \"infisical\" {}\n";
        files::write(&self.path("main.tf"), format!("{}{variables}{text}", provider::REQUIRED))
    }

    /// The command that runs the core with these arguments.
    pub(super) fn command(&self, arguments: &[&str]) -> Result<Command> {
        files::create_folder(&self.temporary())?;
        let mut command = self.sandbox.command(self.core);
        command.args(arguments).env("TMPDIR", self.temporary());
        command.envs(self.variables.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        Ok(command)
    }

    /// Runs the core, which may succeed or fail.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Ran> {
        let mut command = self.command(arguments)?;
        let output = command.output().doing(format_args!("run {}", process::typed(&command)))?;
        let text = [output.stdout, output.stderr].concat();
        Ok(Ran { code: output.status.code(), output: String::from_utf8_lossy(&text).into_owned() })
    }

    /// Runs the core, which must end with this code.
    pub(super) fn must(&self, arguments: &[&str], code: i32) -> Result<Ran> {
        let ran = self.run(arguments)?;
        if ran.code == Some(code) {
            return Ok(ran);
        }
        Err(failed(format!("{:?} ended with {:?} instead of {code}\n{}", arguments, ran.code, ran.output)))
    }

    /// Installs the provider.
    pub(super) fn init(&self) -> Result<()> {
        self.must(&["init", "-input=false", "-no-color"], 0).map(drop)
    }

    /// The ids of the rotations in the state.
    pub(super) fn in_state(&self) -> Result<Vec<String>> {
        let state = files::read_json(&self.path("terraform.tfstate"))?.unwrap_or_default();
        let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let instances = list(&state, "resources").iter().flat_map(|one| list(one, "instances")).collect::<Vec<_>>();
        let id = |one: &Value| Some(one.get("attributes")?.get("id")?.as_str()?.to_owned());
        Ok(instances.iter().filter_map(id).collect())
    }
}

/// A resource with this many rotations and these further attributes.
pub(super) fn rotations(count: usize, more: &str) -> String {
    resource("app", 0, count, more)
}

/// Resources of at most [`IN_ONE_RESOURCE`] rotations each, with these numbers.
pub(super) fn in_resources(numbers: Range<usize>) -> String {
    let end = numbers.end;
    let part = |first| resource(&format!("from_{first}"), first, IN_ONE_RESOURCE.min(end - first), "");
    numbers.step_by(IN_ONE_RESOURCE).map(part).collect()
}

/// A resource whose rotations are numbered from `first` on.
fn resource(label: &str, first: usize, count: usize, more: &str) -> String {
    format!(
        r#"resource "infisical_openrouter_rotation" "{label}" {{
  count           = {count}
  name            = "key-${{{first} + count.index}}"
  project_id      = var.project_id
  connection_id   = var.connection_id
  environment     = "dev"
  secret_path     = "/"
  parameters      = {{ name = "key-${{{first} + count.index}}", limit = 12.34 }}
  secrets_mapping = {{ api_key = "KEY_${{{first} + count.index}}" }}
{more}}}
"#
    )
}
