//! Planning beyond the schema: refuses replacements that cannot succeed, plans no changes that will not happen, and warns of
//! those that happen later.

use std::time::SystemTime;

use infisical::{Client, NextRotation, RotateAtUtc};
use tfplug::{Attr, Deferral, Diagnostic, Diagnostics, Path, PlanRequest};

use super::model::RotationConfig;
use super::notes::{DUE, FAILED};
use super::replacement::{self, Obstacle};
use super::replacement_note;
use super::replacement_target::{Replaced, Target};
use super::triggers::{Effect, IMPORTED};

/// The part of a rotation's planning that the schema cannot express.
///
/// # Errors
///
/// A diagnostic when the plan would destroy a rotation for one that cannot be created.
pub(super) async fn plan(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    match (&request.prior, &request.planned) {
        (_, None) => Ok(()),
        (None, Some(planned)) => Ok(replacement_note::note(request.private, &Target::of(planned))?),
        (Some(_), Some(_)) => {
            keep_the_key_after_an_import(request)?;
            warn_of_recorded_triggers(request);
            warn_of_waiting_parameters(request);
            warn_of_due_rotation(request);
            replacement_can_be_created(request).await
        }
    }
}

/// The first triggers after an import are recorded and rotate nothing, so the key stays as it is, whatever else changes.
fn keep_the_key_after_an_import(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    let updates = request.requires_replace().is_empty();
    let (Some(config), Some(prior), Some(planned)) = (&request.config, &request.prior, &mut request.planned) else {
        return Ok(());
    };
    if !updates || !prior.rotation_triggers.is_null() || request.private.get(IMPORTED).is_none() {
        return Ok(());
    }
    let kept = planned.clone().with_decisions_of(prior, config)?;
    if kept.differs_in_triggers_alone(prior) {
        *planned = kept;
    } else {
        planned.facts = planned.facts.clone().with_key_of(&prior.facts);
        if planned.settings.has_schedule_of(&prior.settings) {
            planned.facts.next_rotation_at = prior.facts.next_rotation_at.clone();
        }
    }
    Ok(())
}

/// Whoever writes the first triggers after an import may expect a new key.
fn warn_of_recorded_triggers(request: &PlanRequest<'_, Client, RotationConfig>) {
    let Some(planned) = &request.planned else { return };
    let asks = planned.rotation_triggers.get().is_some_and(|triggers| !triggers.is_empty())
        || planned.rotation_triggers.is_unknown();
    if asks && request.requires_replace().is_empty() && effect(request) == Effect::Records {
        let detail = "The rotation was imported, so it is not known for which triggers its key was issued. The triggers are \
                      recorded and do not replace the key. To replace it, change them once more after this apply.";
        let warning = Diagnostic::warning("The first triggers after an import are only recorded", detail);
        request.warn(warning.at(Path::of("rotation_triggers")));
    }
}

/// What the update will do with the triggers.
fn effect(request: &PlanRequest<'_, Client, RotationConfig>) -> Effect {
    let (Some(prior), Some(planned)) = (&request.prior, &request.planned) else { return Effect::Nothing };
    Effect::of(request.private, prior.rotation_triggers.is_null(), prior.triggers() != planned.triggers())
}

/// An update changes the parameters of keys to come, and not those of the key in use, which users expect.
fn warn_of_waiting_parameters(request: &PlanRequest<'_, Client, RotationConfig>) {
    let (Some(prior), Some(planned)) = (&request.prior, &request.planned) else { return };
    if request.requires_replace().is_empty() && effect(request) != Effect::Rotates {
        waiting_parameters(prior, planned).into_iter().for_each(|warning| request.warn(warning));
    }
}

/// The warning, if the parameters change and their new values are known.
fn waiting_parameters(prior: &RotationConfig, planned: &RotationConfig) -> Option<Diagnostic> {
    let (before, after) = (prior.settings.parameters.get()?, planned.settings.parameters.get()?);
    let open = after.name.is_unknown()
        || after.limit.is_unknown()
        || after.limit_reset.is_unknown()
        || after.include_byok_in_limit.is_unknown();
    if open || before == after {
        return None;
    }
    let when = match (&planned.settings.auto_rotation_enabled, planned.facts.next_rotation_at.get()) {
        (Attr::Known(false), _) => ", and automatic rotation is disabled".to_owned(),
        (_, Some(at)) => format!(" at {at}"),
        (_, None) => String::new(),
    };
    let detail = format!(
        "The key in use keeps its own: Infisical gives parameters to a key when it is issued. The next one is issued at the \
         next rotation{when}. To replace the key in this apply, change rotation_triggers as well."
    );
    Some(Diagnostic::warning("The new parameters are for the next key", detail).at(Path::of("parameters")))
}

/// A change of the schedule, which does not look like a new key, replaces the key at once if the new schedule is overdue.
fn warn_of_due_rotation(request: &PlanRequest<'_, Client, RotationConfig>) {
    let (Some(prior), Some(planned)) = (&request.prior, &request.planned) else { return };
    if request.requires_replace().is_empty() && effect(request) != Effect::Rotates {
        due_rotation(prior, planned, SystemTime::now()).into_iter().for_each(|warning| request.warn(warning));
    }
}

/// The warning, if the schedule changes and the key is due by the new one.
fn due_rotation(prior: &RotationConfig, planned: &RotationConfig, now: SystemTime) -> Option<Diagnostic> {
    let (before, after) = (&prior.settings, &planned.settings);
    let changed = [
        (before.auto_rotation_enabled != after.auto_rotation_enabled, "auto_rotation_enabled"),
        (before.rotation_interval != after.rotation_interval, "rotation_interval"),
        (before.rotate_at_utc != after.rotate_at_utc, "rotate_at_utc"),
    ];
    let (_, attribute) = changed.into_iter().find(|(changed, _)| *changed)?;
    let at = after.rotate_at_utc.get()?;
    let next = NextRotation {
        last_rotated_at: prior.facts.last_rotated_at.get()?,
        was_by_hand: prior.facts.is_last_rotation_manual.get().copied().unwrap_or(true),
        interval_days: after.rotation_interval.get()?.to_i64()?,
        at: RotateAtUtc { hours: *at.hours.get()?, minutes: *at.minutes.get()? },
    };
    // After a failed rotation, the next one is tomorrow whatever the schedule.
    let has_failed = prior.facts.rotation_status.get().is_some_and(|status| status == FAILED);
    if after.auto_rotation_enabled.get() != Some(&true) || has_failed || !next.is_due(now) {
        return None;
    }
    let detail = format!(
        "The key in use is from {}, so it is due by the new schedule, and Infisical will replace it at once or later today (UTC). \
         The key in use until then goes on working until the rotation after that.",
        next.last_rotated_at
    );
    Some(Diagnostic::warning(DUE, detail).at(Path::of(attribute)))
}

async fn replacement_can_be_created(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    // Without a client, the destroy looks.
    let (false, Some(client)) = (request.requires_replace().is_empty(), request.client) else { return Ok(()) };
    let old = request.prior.as_ref().and_then(Replaced::of);
    let (Some(old), Some(target)) = (old, request.planned.as_ref().map(Target::of)) else { return Ok(()) };
    if let Some(warning) = replacement_note::not_checked(&target.unknown(), replacement::CONSEQUENCE) {
        if request.defer(Deferral::ResourceConfigUnknown) {
            return Ok(());
        }
        request.warn(warning);
    }
    // Nearly no plan gets here, and the calls of the check are much larger than the rest of it.
    match Box::pin(replacement::check(client, &old, &target)).await {
        Ok(()) => Ok(()),
        Err(Obstacle::Absent(error)) if request.defer(Deferral::AbsentPrerequisite) => {
            request.warn(Diagnostic::warning(error.summary(), error.detail()));
            Ok(())
        }
        Err(obstacle) => Err(obstacle.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FactsConfig, ParametersConfig, SettingsConfig};
    use super::*;

    fn rotation(limit: Attr<tfplug::Number>, automatic: bool) -> RotationConfig {
        RotationConfig {
            settings: SettingsConfig {
                auto_rotation_enabled: automatic.into(),
                parameters: ParametersConfig { name: "key".into(), limit, ..ParametersConfig::default() }.into(),
                ..SettingsConfig::default()
            },
            facts: FactsConfig { next_rotation_at: "2026-12-29".into(), ..FactsConfig::default() },
            ..RotationConfig::default()
        }
    }

    #[test]
    fn changed_parameters_come_with_the_time_of_the_key_that_gets_them() {
        let limit = |text: &str| Attr::Known(text.parse().unwrap());
        let before = rotation(limit("1"), true);
        for (after, words) in [
            (rotation(limit("2"), true), Some("next rotation at 2026-12-29.")),
            (rotation(Attr::Null, true), Some("next rotation at 2026-12-29.")),
            (rotation(limit("2"), false), Some("next rotation, and automatic rotation is disabled.")),
            (rotation(Attr::Unknown, true), None),
            (rotation(limit("1.0"), false), None),
        ] {
            let warning = waiting_parameters(&before, &after);
            let detail = warning.as_ref().map(Diagnostic::detail).unwrap_or_default();
            assert_eq!(warning.is_some(), words.is_some(), "{detail}");
            assert!(detail.contains(words.unwrap_or_default()), "{detail}");
        }
    }

    #[test]
    fn a_schedule_by_which_the_key_is_due_comes_with_a_warning() {
        let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_769_853_600); // 2026-01-31T10:00:00Z
        let scheduled = |automatic: bool, days: i64| {
            let mut one = rotation(Attr::Null, automatic);
            one.settings.rotation_interval = tfplug::Number::from(days).into();
            one.settings.rotate_at_utc = super::super::RotateAtUtcConfig { hours: 0.into(), minutes: 0.into() }.into();
            one.facts.last_rotated_at = "2026-01-01T12:00:00Z".into();
            one
        };
        let (off, on) = (scheduled(false, 7), scheduled(true, 7));
        let at = |before: &RotationConfig, after: &RotationConfig| {
            let warning = due_rotation(before, after, now)?;
            assert!(warning.detail().contains("is from 2026-01-01T12:00:00Z"), "{}", warning.detail());
            warning.path().map(ToString::to_string)
        };
        assert_eq!(at(&off, &on).as_deref(), Some("auto_rotation_enabled"));
        assert_eq!(at(&scheduled(true, 60), &on).as_deref(), Some("rotation_interval"));
        for (before, after) in [(&on, &on), (&on, &off), (&on, &scheduled(true, 30)), (&off, &scheduled(true, 60))] {
            assert_eq!(at(before, after), None);
        }
        let failed =
            RotationConfig { facts: FactsConfig { rotation_status: FAILED.into(), ..off.facts.clone() }, ..off };
        assert_eq!(at(&failed, &on), None);
    }
}
