//! Debug mode: a process that a developer started serves the cores that use its `TF_REATTACH_PROVIDERS`.

use simulator::{Options, Simulator};

use crate::support::plugin::Launch;
use crate::support::rotation::{resource, rotation, start};

#[tokio::test(flavor = "multi_thread")]
async fn in_debug_mode_provider_aliases_use_their_own_hosts() {
    let plugin = Launch::by_hand().argument("--debug").start().await;
    let reattach = plugin.line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix("'\n"));
    let reattach = reattach.unwrap_or_else(|| panic!("{}", plugin.line));
    let other = Simulator::start(Options::default()).unwrap();
    // The process does not have the environment of the core, so the provider blocks contain all settings.
    let block = |simulator: &Simulator, more: &str| {
        let (host, token) = (simulator.url(), simulator.token());
        format!("provider \"infisical\" {{\n  host = {host:?}\n  auth = {{ token = {token:?} }}\n  {more}\n}}\n")
    };
    let alias = block(&other, "alias = \"other\"");
    let there = resource("there", &[("provider", "infisical.other"), ("name", r#""there""#)]);
    let (simulator, workspace) = start("");
    let here = rotation(&[]).replace("provider \"infisical\" {}", &block(&simulator, ""));
    workspace.rewrite(&format!("{here}{alias}{there}"));
    let workspace = workspace.env("TF_REATTACH_PROVIDERS", reattach);
    workspace.apply();
    workspace.assert_empty_plan();
    let names = |simulator: &Simulator| simulator.rotations().iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    assert_eq!((names(&simulator), names(&other)), (vec!["my-openrouter-rotation".into()], vec!["there".into()]));
    workspace.destroy();
    assert_eq!((simulator.counts().rotations, other.counts().rotations), (0, 0));
}
