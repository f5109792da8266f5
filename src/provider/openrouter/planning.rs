//! Planning beyond the schema: refuses replacements that cannot succeed, plans no changes that will not happen, and warns of
//! those that happen later.

use infisical::Client;
use tfplug::{Attr, Deferral, Diagnostic, Diagnostics, Path, PlanRequest};

use super::model::RotationConfig;
use super::replacement::{self, Obstacle, Replaced, Target};
use super::triggers::IMPORTED;

/// The part of a rotation's planning that the schema cannot express.
///
/// # Errors
///
/// A diagnostic when the plan would destroy a rotation for one that cannot be created.
pub(super) async fn plan(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    match (&request.prior, &request.planned) {
        (_, None) => Ok(()),
        (None, Some(planned)) => match Target::of(planned) {
            Some(target) => Ok(target.note(request.private)?),
            None => Ok(()),
        },
        (Some(_), Some(_)) => {
            keep_the_key_after_an_import(request)?;
            warn_of_recorded_triggers(request);
            warn_of_waiting_parameters(request);
            replacement_can_be_created(request).await
        }
    }
}

/// The first triggers after an import are recorded and rotate nothing, so the key stays as it is.
fn keep_the_key_after_an_import(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    let (Some(config), Some(prior), Some(planned)) = (&request.config, &request.prior, &mut request.planned) else {
        return Ok(());
    };
    if request.private.get(IMPORTED).is_some() && prior.rotation_triggers.is_null() {
        let kept = planned.clone().with_decisions_of(prior, config)?;
        if kept.differs_in_triggers_alone(prior) {
            *planned = kept;
        }
    }
    Ok(())
}

/// Whoever writes the first triggers after an import may expect a new key.
fn warn_of_recorded_triggers(request: &PlanRequest<'_, Client, RotationConfig>) {
    let Some(planned) = &request.planned else { return };
    let asks = planned.rotation_triggers.get().is_some_and(|triggers| !triggers.is_empty())
        || planned.rotation_triggers.is_unknown();
    if asks && request.requires_replace().is_empty() && records_first_triggers(request) {
        let detail = "The rotation was imported, so it is not known for which triggers its key was issued. The triggers are \
                      recorded, and the key is not replaced. To replace it, change them once more after this apply.";
        let warning = Diagnostic::warning("The first triggers after an import are only recorded", detail);
        request.warn(warning.at(Path::of("rotation_triggers")));
    }
}

fn records_first_triggers(request: &PlanRequest<'_, Client, RotationConfig>) -> bool {
    let was_null = request.prior.as_ref().is_some_and(|prior| prior.rotation_triggers.is_null());
    was_null && request.private.get(IMPORTED).is_some()
}

/// An update changes the parameters of keys to come, and not those of the key in use, which users expect.
fn warn_of_waiting_parameters(request: &PlanRequest<'_, Client, RotationConfig>) {
    let (Some(prior), Some(planned)) = (&request.prior, &request.planned) else { return };
    let rotates = prior.rotation_triggers != planned.rotation_triggers && !records_first_triggers(request);
    if request.requires_replace().is_empty() && !rotates {
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

async fn replacement_can_be_created(request: &mut PlanRequest<'_, Client, RotationConfig>) -> Result<(), Diagnostics> {
    // Without a client, the destroy looks.
    let (false, Some(client)) = (request.requires_replace().is_empty(), request.client) else { return Ok(()) };
    let old = request.prior.as_ref().and_then(Replaced::of);
    let target = request.planned.as_ref().and_then(Target::of);
    let (Some(old), Some(target)) = (old, target) else {
        request.defer(Deferral::ResourceConfigUnknown);
        return Ok(());
    };
    match replacement::check(client, &old, &target).await {
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
}
