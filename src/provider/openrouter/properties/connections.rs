//! Lives of connections.

use simulator::Simulator;
use tfplug::Attr;

use super::super::connection::NAME;
use super::super::connection_attributes::{ConnectionPlaceConfig, ConnectionTextConfig};
use super::super::connection_model::{Connection, ConnectionConfig};
use super::{CHANGES, Core, Outcome, Random, during, each_life};

#[test]
fn connections_pass_the_rules_of_a_core_and_settle() {
    each_life(live);
}

async fn live(random: &mut Random, simulator: &Simulator) -> Outcome<()> {
    let (core, before) = (Core::<Connection>::new(simulator, NAME), simulator.connections().len());
    let mut state = None;
    for _ in 0..=CHANGES {
        let config = any(random, simulator);
        let open = opened(random, &config);
        let now = core.apply(state.as_ref(), &open, &config).await?.ok_or("a plan is refused")?;
        let id = during("the state", now.model())?.id.get().cloned().unwrap_or_default();
        let mut now = Some(now);
        match random.0.u8(0..5) {
            0 => simulator.forget_connection(&id).unwrap(),
            1 => simulator.rekey_connection(&id).unwrap(),
            2 => now = Some(core.import(&id).await?),
            _ => {}
        }
        // Only a create needs the key.
        let config = match simulator.connections().len() > before && random.chance(30) {
            true => without_key(config),
            false => config,
        };
        state = core.apply(now.as_ref(), &config, &config).await?;
    }
    core.destroy(state.ok_or("no connection")?).await?;
    if simulator.connections().len() == before { Ok(()) } else { Err("a connection is left".to_owned()) }
}

/// A configuration with a key, which a create or a replacement needs.
fn any(random: &mut Random, simulator: &Simulator) -> ConnectionConfig {
    let project = simulator.project_id();
    let key = random.pick(&["sim-provisioning-one", " sim-provisioning-one\n", "sim-provisioning-two"]);
    let write_only = random.chance(50);
    ConnectionConfig {
        place: ConnectionPlaceConfig {
            name: random.pick(&["team", "other-team"]).into(),
            project_id: random.pick(&[Attr::Null, Attr::Null, project.into(), format!("{project} ").into()]),
        },
        text: ConnectionTextConfig { description: random.maybe(&["", "x", " x ", "é"]) },
        api_key: if write_only { Attr::Null } else { key.into() },
        api_key_wo: if write_only { key.into() } else { Attr::Null },
        api_key_wo_version: if write_only { random.pick(&[1, 2]).into() } else { Attr::Null },
        ..ConnectionConfig::default()
    }
}

fn without_key(config: ConnectionConfig) -> ConnectionConfig {
    ConnectionConfig { api_key: Attr::Null, api_key_wo: Attr::Null, api_key_wo_version: Attr::Null, ..config }
}

/// The same configuration, with a value that another resource will decide.
fn opened(random: &mut Random, config: &ConnectionConfig) -> ConnectionConfig {
    let mut open = config.clone();
    match random.0.u8(0..12) {
        0 => open.place.name = Attr::Unknown,
        1 => open.place.project_id = Attr::Unknown,
        2 => open.text.description = Attr::Unknown,
        3 if !open.api_key.is_null() => open.api_key = Attr::Unknown,
        3 => open.api_key_wo = Attr::Unknown,
        4 if !open.api_key_wo.is_null() => open.api_key_wo_version = Attr::Unknown,
        _ => {}
    }
    open
}
