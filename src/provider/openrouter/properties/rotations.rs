//! Lives of rotations.

use std::collections::BTreeMap;

use simulator::{RotateAtUtc, Simulator};
use tfplug::testing::Stored;
use tfplug::{Attr, Number};

use super::super::model::{OnDestroyConfig, Rotation, RotationConfig};
use super::super::rotation::NAME;
use super::super::{ParametersConfig, PlaceConfig, RotateAtUtcConfig, SecretsMappingConfig, SettingsConfig};
use super::{CHANGES, Core, Outcome, Random, during, each_life};

/// What only a rotation of the key changes.
const KEY: [&str; 7] = [
    "active_index",
    "is_last_rotation_manual",
    "last_rotated_at",
    "last_rotation_attempted_at",
    "last_rotation_job_id",
    "last_rotation_message",
    "rotation_status",
];

/// What no update changes.
const FIXED: [&str; 7] =
    ["id", "type", "folder_id", "created_at", "connection_name", "environment_id", "environment_name"];

#[test]
fn rotations_pass_the_rules_of_a_core_and_settle() {
    each_life(live);
}

async fn live(random: &mut Random, simulator: &Simulator) -> Outcome<()> {
    let core = Core::<Rotation>::new(simulator, NAME);
    let mut config = any(random, simulator);
    let open = opened(random, &config);
    let mut state = core.apply(None, &open, &config).await?.ok_or("a create is refused")?;
    for _ in 0..CHANGES {
        let next = changed(random, simulator, &config);
        let rotates = config.rotation_triggers != next.rotation_triggers;
        open_as_documented(&core, &state, rotates, &next).await?;
        let open = opened(random, &next);
        if let Some(now) = core.apply(Some(&state), &open, &next).await? {
            (state, config) = (now, next);
        }
        let id = during("the state", state.model())?.id.get().cloned().unwrap_or_default();
        if random.chance(50) {
            drift(random, simulator, &id);
            if let Some(now) = core.apply(Some(&state), &config, &config).await? {
                state = now;
            }
        }
        if random.chance(30) && simulator.rotation(&id).is_some() {
            let (imported, keys) = (core.import(&id).await?, simulator.issued_keys());
            open_as_documented(&core, &imported, false, &config).await?;
            let open = opened(random, &config);
            state = core.apply(Some(&imported), &open, &config).await?.ok_or("an import is refused")?;
            if simulator.issued_keys() != keys && simulator.rotation(&id).is_some() {
                return Err(format!("an import issues a key: {config:?}"));
            }
        }
    }
    core.destroy(state).await?;
    if simulator.counts().rotations == 0 { Ok(()) } else { Err("a rotation is left".to_owned()) }
}

/// An update leaves open only what the documentation says.
async fn open_as_documented(
    core: &Core<'_, Rotation>,
    state: &Stored<Rotation>,
    rotates: bool,
    next: &RotationConfig,
) -> Outcome<()> {
    let Some(plan) = core.plan(Some(state), next).await? else { return Ok(()) };
    if !plan.replaces().is_empty() {
        return Ok(());
    }
    let never = FIXED.iter().chain(KEY.iter().filter(|_| !rotates));
    let wrong: Vec<_> = never.filter(|name| plan.unknowns().iter().any(|open| open == *name)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("{wrong:?} are open in {plan:?}")) }
}

/// The same configuration, with a value that another resource will decide.
fn opened(random: &mut Random, config: &RotationConfig) -> RotationConfig {
    let mut open = config.clone();
    let settings = &mut open.settings;
    match random.0.u8(0..20) {
        0 => open.place.name = Attr::Unknown,
        1 => open.place.secret_path = Attr::Unknown,
        2 => settings.connection_id = Attr::Unknown,
        3 => settings.description = Attr::Unknown,
        4 => settings.rotation_interval = Attr::Unknown,
        5 => settings.rotate_at_utc = Attr::Unknown,
        6 => settings.parameters = Attr::Unknown,
        7 => settings.secrets_mapping = Attr::Unknown,
        8 => open.rotation_triggers = Attr::Unknown,
        9 => open.on_destroy = Attr::Unknown,
        10 => {
            if let Attr::Known(parameters) = &mut settings.parameters {
                parameters.limit = Attr::Unknown;
            }
        }
        11 => {
            if let Attr::Known(triggers) = &mut open.rotation_triggers {
                triggers.values_mut().for_each(|value| *value = Attr::Unknown);
            }
        }
        _ => {}
    }
    open
}

/// A configuration that validates, in any of the spellings that the API takes for the same.
fn any(random: &mut Random, simulator: &Simulator) -> RotationConfig {
    let (project, connection) = (simulator.project_id(), simulator.connection_id());
    RotationConfig {
        place: PlaceConfig {
            name: random.pick(&["app", "my-key-1"]).into(),
            project_id: random.pick(&[project.to_owned(), format!(" {project}\n")]).into(),
            environment: random.pick(&["dev", "dev", "prod"]).into(),
            secret_path: random.pick(&["/", "/app", "/app/", "/app/nested"]).into(),
        },
        settings: SettingsConfig {
            connection_id: random.pick(&[connection.to_owned(), connection.to_uppercase()]).into(),
            description: random.maybe(&["", "x", " x ", "{\"a\": 1}", "{\"a\":1}", "é"]),
            auto_rotation_enabled: random.maybe(&[true, false]),
            rotation_interval: random.maybe(&["1", "30", "30.0", "1e2"].map(number)),
            rotate_at_utc: match random.chance(40) {
                true => Attr::Null,
                false => {
                    let (hours, minutes) = (random.maybe(&[0_i64, 23]), random.maybe(&[0_i64, 59]));
                    RotateAtUtcConfig { hours, minutes }.into()
                }
            },
            parameters: ParametersConfig {
                name: random.pick(&["key", " key", "other"]).into(),
                limit: random.maybe(&["1", "12.34", "12.340", "0.1", "1e-7", "9007199254740993", "1e21"].map(number)),
                limit_reset: random.maybe(&["daily", "monthly", "never"]),
                include_byok_in_limit: random.maybe(&[true, false]),
            }
            .into(),
            secrets_mapping: SecretsMappingConfig { api_key: random.pick(&["KEY", "KEY ", "OTHER"]).into() }.into(),
        },
        rotation_triggers: triggers(random),
        on_destroy: on_destroy(random),
        ..RotationConfig::default()
    }
}

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

fn triggers(random: &mut Random) -> Attr<BTreeMap<String, Attr<String>>> {
    let value: Attr<String> = match random.0.u8(0..5) {
        0 | 1 => return Attr::Null,
        2 => return Attr::Known(BTreeMap::new()),
        3 => Attr::Null,
        _ => random.pick(&["1", "2"]).into(),
    };
    Attr::Known([("release".to_owned(), value)].into())
}

fn on_destroy(random: &mut Random) -> Attr<OnDestroyConfig> {
    if random.chance(50) {
        return Attr::Null;
    }
    // A secret that stays would be in the way of a later life in the same folder.
    let (delete_secrets, revoke) = (random.maybe(&[true]), random.maybe(&[true, false]));
    OnDestroyConfig { delete_secrets, revoke_generated_credentials: revoke }.into()
}

/// A configuration that keeps a part of another one. The place seldom changes, which replaces the rotation.
fn changed(random: &mut Random, simulator: &Simulator, before: &RotationConfig) -> RotationConfig {
    let (mut next, other) = (before.clone(), any(random, simulator));
    let (settings, others) = (&mut next.settings, other.settings);
    match random.0.u8(0..12) {
        0 => return next,
        1 => settings.description = others.description,
        2 => settings.rotate_at_utc = others.rotate_at_utc,
        3 => settings.parameters = others.parameters,
        4 | 10 | 11 => next.rotation_triggers = other.rotation_triggers,
        5 => next.on_destroy = other.on_destroy,
        6 => next.place.name = other.place.name,
        7 => next.settings = others,
        8 => return RotationConfig { place: next.place, ..any(random, simulator) },
        _ => next.place = other.place,
    }
    next
}

/// What somebody does in the console, or the server by itself.
fn drift(random: &mut Random, simulator: &Simulator, id: &str) {
    let choice = random.0.u8(0..10);
    match choice {
        0 => simulator.forget(id).unwrap(),
        1 | 2 => simulator.rotate(id).unwrap(),
        _ => simulator
            .edit(id, |rotation| match choice {
                3 | 9 => rotation.description = random.pick(&[None, Some(String::new()), Some("theirs".to_owned())]),
                4 => rotation.rotation_interval = random.pick(&[2.0, 2.5]),
                5 => rotation.rotate_at_utc = RotateAtUtc { hours: 5.0, minutes: 7.0 },
                6 => rotation.parameters = serde_json::json!({"name": "theirs", "limit": 3.5, "limitReset": "weekly"}),
                7 => rotation.is_auto_rotation_enabled = random.chance(50),
                _ => rotation.name = "theirs".to_owned(),
            })
            .unwrap(),
    }
}
