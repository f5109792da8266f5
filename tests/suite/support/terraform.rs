//! Runs a real core in its own folder, as a user would, and panics with the whole output when a command does not end as
//! expected.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use simulator::Handle;
use tempfile::TempDir;
use xtask::{cores::Core, provider::REQUIRED, sandbox::Sandbox};

use super::temporary_folder;

pub use super::running::{Output, Running};

/// A configuration, its state, and a core to run on them. The folder is deleted on drop.
pub struct Workspace {
    core: Core,
    sandbox: Sandbox,
    variables: BTreeMap<String, String>,
    /// The last field, so that it is dropped last.
    folder: TempDir,
}

impl Workspace {
    /// An empty workspace with the built provider in its mirror.
    pub fn new(core: &Core) -> Workspace {
        let folder = temporary_folder("workspace");
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_terraform-provider-infisical"));
        let sandbox = Sandbox::new(folder.path(), &binary).unwrap();
        Workspace { core: core.clone(), sandbox, variables: BTreeMap::new(), folder }
    }

    /// Adds another provider to the mirror.
    pub fn provider(self, address: &str, binary: &Path) -> Workspace {
        self.sandbox.add(address, binary).unwrap();
        self
    }

    /// Adds a file, such as `main.tf`.
    pub fn file(self, name: &str, text: &str) -> Workspace {
        self.write(name, text);
        self
    }

    /// Adds a `main.tf` with [`REQUIRED`] and this text.
    pub fn config(self, text: &str) -> Workspace {
        self.rewrite(text);
        self
    }

    /// Sets an environment variable for the core and the provider.
    pub fn env(mut self, name: &str, value: &str) -> Workspace {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets the environment variables for this simulator: those of the provider, and the input variables `project_id` and
    /// `connection_id`.
    pub fn on(self, simulator: &Handle) -> Workspace {
        self.env("INFISICAL_HOST", simulator.url())
            .env("INFISICAL_TOKEN", simulator.token())
            .env("TF_VAR_project_id", simulator.project_id())
            .env("TF_VAR_connection_id", simulator.connection_id())
    }

    /// Writes a file, or overwrites it.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Copies the folder `from` of `examples/`, with all that is in it, into the folder `to` of the workspace.
    pub fn copy_example(self, from: &str, to: &str) -> Workspace {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(from);
        xtask::files::copy_folder(&from, &self.path(to)).unwrap();
        self
    }

    /// Overwrites `main.tf` with [`REQUIRED`] and this text.
    pub fn rewrite(&self, text: &str) {
        self.write("main.tf", &format!("{REQUIRED}{text}"));
    }

    /// Reads a file that the core wrote.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The path of a file of the configuration.
    pub fn path(&self, name: &str) -> PathBuf {
        self.sandbox.work().join(name)
    }

    /// The core of this workspace.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// `init`, which installs the provider from the mirror.
    pub fn init(&self) -> Output {
        self.run(["init", "-input=false", "-no-color"]).succeeded()
    }

    /// `validate`, which must succeed.
    pub fn validate(&self) -> Output {
        self.run(["validate", "-no-color"]).succeeded()
    }

    /// `validate`, which must fail. Returns its diagnostics.
    pub fn validate_expecting_failure(&self) -> Vec<Value> {
        let answer = self.run(["validate", "-json"]).failed();
        let answer: Value = serde_json::from_str(&answer.stdout).unwrap();
        answer["diagnostics"].as_array().unwrap().clone()
    }

    /// `plan`, which must succeed, with or without changes; see [`Output::is_empty_plan`].
    pub fn plan(&self) -> Output {
        let plan = self.run(["plan", "-detailed-exitcode", "-input=false", "-no-color"]);
        assert!([Some(0), Some(2)].contains(&plan.code), "{plan}");
        plan
    }

    /// `plan`, which must fail.
    pub fn plan_expecting_failure(&self) -> Output {
        self.run(["plan", "-input=false", "-no-color"]).failed()
    }

    /// `plan`, in the core's JSON form, as `show -json` prints it.
    pub fn plan_json(&self) -> Value {
        self.run(["plan", "-input=false", "-no-color", "-out=plan.bin"]).succeeded();
        self.show(["show", "-json", "plan.bin"])
    }

    /// Asserts that the plan is empty.
    pub fn assert_empty_plan(&self) -> &Workspace {
        let plan = self.plan();
        assert!(plan.is_empty_plan(), "the plan should be empty\n{plan}");
        self
    }

    /// `apply`, which must succeed.
    pub fn apply(&self) -> Output {
        self.apply_with(&[])
    }

    /// `apply` with more arguments, which must succeed.
    pub fn apply_with(&self, arguments: &[&str]) -> Output {
        self.run([APPLY, arguments].concat()).succeeded()
    }

    /// `apply`, which must fail.
    pub fn apply_expecting_failure(&self) -> Output {
        self.run(APPLY).failed()
    }

    /// `destroy`, which must succeed.
    pub fn destroy(&self) -> Output {
        self.run(DESTROY).succeeded()
    }

    /// `destroy`, which must fail.
    pub fn destroy_expecting_failure(&self) -> Output {
        self.run(DESTROY).failed()
    }

    /// `import ADDRESS ID`, which must succeed.
    pub fn import(&self, address: &str, id: &str) -> Output {
        self.run(["import", "-input=false", "-no-color", address, id]).succeeded()
    }

    /// `import ADDRESS ID`, which must fail.
    pub fn import_expecting_failure(&self, address: &str, id: &str) -> Output {
        self.run(["import", "-input=false", "-no-color", address, id]).failed()
    }

    /// The state, as `show -json` prints it.
    pub fn state(&self) -> Value {
        self.show(["show", "-json"])
    }

    /// The attributes of one resource of the root module, such as `infisical_openrouter_rotation.app`. The panic for an
    /// unknown one lists the resources in the state.
    pub fn state_of(&self, address: &str) -> Value {
        let resources = self.resources();
        let found = resources.iter().find(|resource| resource["address"] == address);
        let addresses: Vec<_> = resources.iter().map(|resource| &resource["address"]).collect();
        found.unwrap_or_else(|| panic!("{address} is not in the state, which has {addresses:?}"))["values"].clone()
    }

    /// The resources of the root module, including data sources.
    pub fn resources(&self) -> Vec<Value> {
        self.state()["values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default()
    }

    /// Runs the core with these arguments, which may succeed or fail.
    pub fn run<'a>(&self, arguments: impl AsRef<[&'a str]>) -> Output {
        self.spawn(arguments).wait()
    }

    /// Starts the core with these arguments, for tests that send signals to it.
    pub fn spawn<'a>(&self, arguments: impl AsRef<[&'a str]>) -> Running {
        Running::start(self.command(arguments))
    }

    /// The command that runs the core with these arguments.
    pub fn command<'a>(&self, arguments: impl AsRef<[&'a str]>) -> Command {
        let mut command = self.sandbox.command(&self.core);
        // Each run of the core is short, and collecting its garbage takes a tenth of its processor time.
        command.env("GOGC", "400");
        command.args(arguments.as_ref()).envs(&self.variables);
        command
    }

    fn show<'a>(&self, arguments: impl AsRef<[&'a str]>) -> Value {
        serde_json::from_str(&self.run(arguments).succeeded().stdout).unwrap()
    }
}

const APPLY: &[&str] = &["apply", "-auto-approve", "-input=false", "-no-color"];
const DESTROY: &[&str] = &["destroy", "-auto-approve", "-input=false", "-no-color"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::cores::core;

    const BUILT_IN: &str = r#"
variable "input" { default = "first" }
resource "terraform_data" "it" { input = var.input }
"#;

    /// This uses a built-in resource, so that a failure is the driver's and not the provider's.
    #[test]
    fn acceptance_driver_plans_applies_changes_and_destroys_a_resource() {
        let tf = Workspace::new(core()).file("main.tf", BUILT_IN);
        tf.init();
        tf.validate();
        assert!(!tf.plan().is_empty_plan());
        assert_eq!(tf.plan_json()["planned_values"]["root_module"]["resources"][0]["name"], "it");
        tf.apply();
        tf.assert_empty_plan();
        assert_eq!(tf.state_of("terraform_data.it")["output"], "first");
        tf.apply_with(&["-var=input=second"]);
        assert_eq!(tf.state_of("terraform_data.it")["output"], "second");
        tf.destroy();
        assert_eq!(tf.resources(), Vec::<Value>::new());
    }

    #[test]
    fn acceptance_driver_installs_the_provider_from_its_own_mirror() {
        let tf = Workspace::new(core()).config("");
        assert!(tf.init().says("Installed terraform.local/openrouter/infisical"));
    }

    #[test]
    fn acceptance_driver_does_not_pass_on_the_environment_of_the_tests() {
        let tf = Workspace::new(core()).config("").env("TF_CLI_ARGS_version", "-json");
        let names: Vec<_> = tf.command([]).get_envs().map(|(name, _)| name.to_owned()).collect();
        assert!(names.iter().all(|name| name != "TF_LOG" && name != "INFISICAL_TOKEN"), "{names:?}");
        assert!(tf.run(["version"]).succeeded().stdout.starts_with('{'), "a variable that a test sets is passed on");
    }

    #[cfg(unix)]
    #[test]
    fn acceptance_driver_interrupts_a_core_which_then_stops_in_an_orderly_way() {
        let slow = r#"
resource "terraform_data" "first" {
  provisioner "local-exec" { command = "echo started; sleep 30" }
}
resource "terraform_data" "second" { input = terraform_data.first.id }
"#;
        let tf = Workspace::new(core()).file("main.tf", slow);
        tf.init();
        let running = tf.spawn(APPLY);
        running.wait_for("started");
        running.interrupt();
        let output = running.wait().failed();
        assert!(output.says("Interrupt received"), "{output}");
        assert!(!output.says("terraform_data.second: Creating"), "{output}");
    }
}
