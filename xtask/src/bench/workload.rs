//! Rotations, or built-in resources of the same size, from the apply to the destroy.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use simulator::{Call, Fault, Options as Settings, Simulator};
use tempfile::TempDir;

use super::{median, meter};
use crate::{
    cores::Core,
    error::{Doing, Result, failed},
    files, process, provider,
    sandbox::Sandbox,
};

/// How the resources are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One resource with `count`.
    Count,
    /// A block for each resource.
    Blocks,
    /// Resources with `count`, of a hundred each. A core copies the state of a whole resource for each of its instances, so its
    /// time grows with the square of their number.
    Hundreds,
}

/// One run of a core.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    /// From the start of the core to its end. The meter sleeps for most of that time.
    pub(super) wall: Duration,
    /// Processor time of the core, without the provider's where the meter knows it; `None` where the system does not tell.
    pub(super) core_cpu: Option<Duration>,
    /// What the provider used; `None` where it is not known, and for what is built in.
    pub(super) provider: Option<meter::Usage>,
    /// The number of requests to the API.
    pub(super) requests: usize,
}

/// The runs of one workload.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) apply: Measured,
    pub(super) plan: Measured,
    pub(super) destroy: Measured,
    /// The size of the state file after the apply.
    pub(super) state_bytes: u64,
}

/// A core, once with what is built in alone and once with a provider behind the meter.
pub(super) struct Bench<'a> {
    core: &'a Core,
    plain: Sandbox,
    metered: Sandbox,
    provider: PathBuf,
    folder: TempDir,
}

impl<'a> Bench<'a> {
    pub(super) fn new(core: &'a Core, provider: &Path) -> Result<Bench<'a>> {
        let folder = tempfile::tempdir().doing("create a temporary folder")?;
        let plain = Sandbox::new(&folder.path().join("plain"), provider)?;
        let this = std::env::current_exe().doing("find this program")?;
        let metered = Sandbox::new(&folder.path().join("metered"), &this)?;
        Ok(Bench { core, plain, metered, provider: provider.to_path_buf(), folder })
    }

    /// Rotations, with this latency of the API.
    pub(super) fn life(&self, shape: Shape, many: usize, latency: Duration) -> Result<Life> {
        let simulator = simulator(latency)?;
        let configured = |command: &mut Command| configure(command, &simulator);
        let requests = || simulator.requests().len();
        let configuration = rotations(shape, many);
        self.run_all(&self.metered, &configuration, &configured, &requests)
    }

    /// A plan without changes, as the meter sees it.
    pub(super) fn plan_only(&self, many: usize) -> Result<Measured> {
        let simulator = simulator(Duration::ZERO)?;
        let configured = |command: &mut Command| configure(command, &simulator);
        write(&self.metered, &rotations(Shape::Hundreds, many))?;
        let run = |arguments: &[&str]| self.run(&self.metered, arguments, &configured, &|| simulator.requests().len());
        run(&INIT)?;
        run(&APPLY)?;
        run(&PLAN)
    }

    /// `terraform_data` with as many bytes of state as that.
    pub(super) fn built_in(&self, shape: Shape, many: usize, state_bytes: u64) -> Result<Life> {
        let run = |many: usize, padding: usize| {
            let configuration = built_in(shape, many, padding);
            self.run_all(&self.plain, &configuration, &|_| (), &|| 0)
        };
        let bare = run(FEW, 0)?.state_bytes / FEW as u64;
        // The state contains each text twice, as input and as output.
        let missing = (state_bytes / many as u64).saturating_sub(bare) / 2;
        run(many, usize::try_from(missing).unwrap_or_default())
    }

    fn run_all(
        &self,
        sandbox: &Sandbox,
        configuration: &str,
        configured: &dyn Fn(&mut Command),
        requests: &dyn Fn() -> usize,
    ) -> Result<Life> {
        write(sandbox, configuration)?;
        let run = |arguments: &[&str]| self.run(sandbox, arguments, configured, requests);
        run(&INIT)?;
        let apply = run(&APPLY)?;
        let state = fs::metadata(sandbox.work().join("terraform.tfstate")).doing("read the state's size")?;
        let mut plan = run(&PLAN)?;
        let mut first = Some(plan.wall);
        plan.wall = median(3, || first.take().map_or_else(|| Ok(run(&PLAN)?.wall), Ok))?;
        let destroy = run(&["destroy", "-auto-approve", "-no-color"])?;
        Ok(Life { apply, plan, destroy, state_bytes: state.len() })
    }

    fn run(
        &self,
        sandbox: &Sandbox,
        arguments: &[&str],
        configured: &dyn Fn(&mut Command),
        requests: &dyn Fn() -> usize,
    ) -> Result<Measured> {
        let usage = self.folder.path().join("usage");
        fs::create_dir_all(&usage).doing("create a folder")?;
        files::empty_folder(&usage)?;
        let mut command = sandbox.command(self.core);
        command.env(meter::PROVIDER, &self.provider).env(meter::FOLDER, &usage).args(arguments);
        configured(&mut command);
        let (before, start) = (meter::children_cpu(), Instant::now());
        process::output(&mut command)?;
        let wall = start.elapsed();
        let provider = meter::collected(&usage)?;
        let all = meter::children_cpu().zip(before).map(|(after, before)| after.saturating_sub(before));
        let core_cpu = all.map(|all| all.saturating_sub(provider.map_or(Duration::ZERO, |usage| usage.cpu)));
        Ok(Measured { wall, core_cpu, provider, requests: requests() })
    }
}

/// The number of resources that tell how large the state of one is.
const FEW: usize = 10;

const INIT: [&str; 2] = ["init", "-no-color"];
const APPLY: [&str; 3] = ["apply", "-auto-approve", "-no-color"];

/// A plan with changes ends with 2, which is an error here.
const PLAN: [&str; 3] = ["plan", "-detailed-exitcode", "-no-color"];

fn simulator(latency: Duration) -> Result<Simulator> {
    let simulator = Simulator::start(Settings::default())
        .map_err(|error| failed(format!("cannot start the simulator: {error}")))?;
    if !latency.is_zero() {
        simulator.fault(Fault::delay(Call::Any, latency));
    }
    Ok(simulator)
}

/// Leads the provider to the simulator, whose record of requests starts anew.
fn configure(command: &mut Command, simulator: &Simulator) {
    command.env("INFISICAL_HOST", simulator.url()).env("INFISICAL_TOKEN", simulator.token());
    command.env("TF_VAR_project_id", simulator.project_id());
    command.env("TF_VAR_connection_id", simulator.connection_id());
    simulator.clear_requests();
}

fn write(sandbox: &Sandbox, configuration: &str) -> Result<()> {
    files::empty_folder(&sandbox.work())?;
    fs::write(sandbox.work().join("main.tf"), configuration).doing("write a configuration")
}

/// The head of a resource, and the text by which its attributes differ from those of the others.
fn heads(shape: Shape, many: usize, kind: &str, name: &str) -> Vec<(String, String)> {
    match shape {
        Shape::Count => {
            vec![(format!("resource \"{kind}\" \"{name}\" {{\n  count = {many}\n"), "${count.index}".to_owned())]
        }
        Shape::Blocks => {
            let head = |number: usize| (format!("resource \"{kind}\" \"{name}_{number}\" {{\n"), number.to_string());
            (0..many).map(head).collect()
        }
        Shape::Hundreds => {
            let head = |first: usize| {
                let count = 100.min(many - first);
                let head = format!("resource \"{kind}\" \"{name}_from_{first}\" {{\n  count = {count}\n");
                (head, format!("${{{first} + count.index}}"))
            };
            (0..many).step_by(100).map(head).collect()
        }
    }
}

fn rotations(shape: Shape, many: usize) -> String {
    let rotation = |(head, number)| {
        format!(
            "{head}  name = \"rotation-{number}\"\n  project_id = var.project_id\n  connection_id = var.connection_id\n  \
             environment = \"dev\"\n  secret_path = \"/\"\n  parameters = {{\n    name = \"bench-{number}\"\n    limit = \
             12.34\n  }}\n  secrets_mapping = {{ api_key = \"KEY_{number}\" }}\n}}\n"
        )
    };
    let variables = "variable \"project_id\" {}\nvariable \"connection_id\" {}\n";
    let resources = heads(shape, many, "infisical_openrouter_rotation", "many").into_iter().map(rotation);
    format!("{}{variables}{}", provider::REQUIRED, resources.collect::<String>())
}

fn built_in(shape: Shape, many: usize, padding: usize) -> String {
    let padding = "x".repeat(padding);
    let resource = |(head, number)| format!("{head}  input = \"rotation-{number}{padding}\"\n}}\n");
    heads(shape, many, "terraform_data", "many").into_iter().map(resource).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_is_a_resource_of_its_own_and_count_makes_as_many() {
        let blocks = rotations(Shape::Blocks, 3);
        assert_eq!(blocks.matches("resource \"infisical_openrouter_rotation\" \"many_").count(), 3);
        assert!(blocks.contains("name = \"rotation-2\""), "{blocks}");
        assert!(rotations(Shape::Count, 3).contains("count = 3\n  name = \"rotation-${count.index}\""));
        let hundreds = rotations(Shape::Hundreds, 150);
        assert!(
            hundreds.contains("\"many_from_100\" {\n  count = 50\n  name = \"rotation-${100 + count.index}\""),
            "{hundreds}"
        );
        assert!(built_in(Shape::Count, 3, 4).contains("input = \"rotation-${count.index}xxxx\""));
    }
}
