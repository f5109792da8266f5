//! Triggers after something went wrong: one change of them replaces the key once.

use super::*;

/// The change made the server replace the key, so the next apply must not replace it for the triggers.
#[tokio::test]
async fn a_failed_update_that_made_the_server_rotate_counts_for_the_triggers_of_the_next_apply() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    simulator.advance(std::time::Duration::from_secs(40 * 86_400));
    simulator.fault(Fault::status(Call::Update, 500).after_commit());
    let changed = with(&config, |now| {
        now.settings.rotation_interval = tfplug::Number::from(31).into();
        now.rotation_triggers = triggers("1");
    });
    let failed = tf.apply(tf.plan(Some(&created), changed.clone()).await.unwrap()).await.unwrap_err();
    simulator.clear_faults();
    let refreshed = tf.read(&failed.state.unwrap()).await.unwrap().unwrap();
    let applied = tf.apply(tf.plan(Some(&refreshed), changed.clone()).await.unwrap()).await.unwrap();
    assert_eq!(simulator.issued_keys(), 2);
    assert!(tf.plan(Some(&applied), changed).await.unwrap().is_empty());
}

/// The request of an earlier apply must not count for triggers of another time.
#[tokio::test]
async fn a_rotation_with_an_unknown_outcome_is_forgotten_when_the_configuration_no_longer_asks_for_it() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    simulator.fault(Fault::drop_after(Call::Rotate).times(1));
    simulator.fault(Fault::refuse(Call::Read, 403, "PermissionDenied", "You are not allowed to read").skip(1));
    let asking = with(&config, |now| now.rotation_triggers = triggers("1"));
    let failed = tf.apply(tf.plan(Some(&created), asking).await.unwrap()).await.unwrap_err();
    assert!(text(&failed.diagnostics).contains("not known"), "{}", text(&failed.diagnostics));
    simulator.clear_faults();
    let mut state = failed.state.unwrap();
    for (changed, keys) in [
        (with(&config, |now| now.settings.description = "x".into()), 2),
        (with(&config, |now| now.rotation_triggers = triggers("2")), 3),
    ] {
        state = tf.apply(tf.plan(Some(&state), changed).await.unwrap()).await.unwrap();
        assert_eq!(simulator.issued_keys(), keys);
    }
}

/// The mark of the import must outlive a failure, or the next apply would replace the key.
#[tokio::test]
async fn the_first_triggers_after_an_import_rotate_nothing_although_their_update_failed_before() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap().model().unwrap();
    let imported = tf.import(created.id.get().unwrap()).await.unwrap();
    let first = with(&config, |now| {
        now.settings.description = "x".into();
        now.rotation_triggers = triggers("1");
    });
    simulator.fault(Fault::refuse(Call::Update, 400, "BadRequest", "No.").times(1));
    let failed = tf.apply(tf.plan(Some(&imported), first.clone()).await.unwrap()).await.unwrap_err();
    let applied = tf.apply(tf.plan(failed.state.as_ref(), first).await.unwrap()).await.unwrap();
    assert_eq!(simulator.issued_keys(), 1);
    let second = with(&config, |now| now.rotation_triggers = triggers("2"));
    tf.apply(tf.plan(Some(&applied), second).await.unwrap()).await.unwrap();
    assert_eq!(simulator.issued_keys(), 2);
}

/// A rotation by the schedule has nothing to do with an update that a proxy refused.
#[tokio::test]
async fn an_update_that_was_certainly_not_made_does_not_count_for_the_triggers_of_the_next_apply() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let changed = with(&config, |now| {
        now.settings.description = "x".into();
        now.rotation_triggers = triggers("1");
    });
    simulator.fault(Fault::html(Call::Update, 403).times(1));
    let failed = tf.apply(tf.plan(Some(&created), changed.clone()).await.unwrap()).await.unwrap_err();
    let state = failed.state.unwrap();
    simulator.rotate(state.model().unwrap().id.get().unwrap()).unwrap();
    let applied = tf.apply(tf.plan(Some(&state), changed).await.unwrap()).await.unwrap();
    assert_eq!((simulator.issued_keys(), text(applied.warnings())), (3, String::new()));
}

/// By an import, the first triggers are only recorded, but the schedule replaces the key all the same.
#[tokio::test]
async fn a_schedule_by_which_the_key_is_due_is_warned_of_together_with_recorded_triggers() {
    let (elsewhere, harness) = start();
    let created = resource(&harness).create(config(&elsewhere)).await.unwrap();
    let id = created.model().unwrap().id.get().unwrap().clone();
    let mut old = elsewhere.rotation(&id).unwrap();
    old["lastRotatedAt"] = "2020-01-01T00:00:00.000Z".into();
    let (simulator, harness) = start();
    simulator.restore(&old).unwrap();
    let (tf, config) = (resource(&harness), config(&simulator));
    let imported = tf.import(&id).await.unwrap();
    let weekly = with(&config, |now| {
        now.settings.rotation_interval = tfplug::Number::from(7).into();
        now.rotation_triggers = triggers("1");
    });
    let warned = text(tf.plan(Some(&imported), weekly).await.unwrap().warnings());
    assert!(warned.contains("are recorded and do not replace the key"), "{warned}");
    assert!(warned.contains("The change of the schedule replaces the key"), "{warned}");
}

/// No map and an empty one are the same, so the parameters wait for the next key.
#[tokio::test]
async fn an_empty_map_of_triggers_does_not_hide_that_parameters_wait() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let renamed = with(&config, |now| {
        now.settings.parameters = ParametersConfig { name: "k".into(), ..Default::default() }.into();
        now.rotation_triggers = Attr::Known(BTreeMap::new());
    });
    let warned = text(tf.plan(Some(&created), renamed).await.unwrap().warnings());
    assert!(warned.contains("The new parameters are for the next key"), "{warned}");
}

/// The request of an earlier apply used the parameters of that time.
#[tokio::test]
async fn a_key_that_may_have_the_old_parameters_comes_with_a_warning() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    for (number, renames) in [(1, true), (2, false)] {
        let named = |key: &str, release: &str| {
            with(&config, |now| {
                now.place.name = format!("app-{number}").into();
                now.settings.secrets_mapping = SecretsMappingConfig { api_key: format!("KEY_{number}").into() }.into();
                now.settings.parameters = ParametersConfig { name: key.into(), ..Default::default() }.into();
                now.rotation_triggers = triggers(release);
            })
        };
        let created = tf.create(named("key", "1")).await.unwrap();
        let issued = simulator.issued_keys();
        simulator.fault(Fault::drop_after(Call::Rotate).times(1));
        simulator.fault(Fault::refuse(Call::Read, 403, "PermissionDenied", "You are not allowed to read").skip(1));
        let failed = tf.apply(tf.plan(Some(&created), named("key", "2")).await.unwrap()).await.unwrap_err();
        simulator.clear_faults();
        let key = if renames { "other" } else { "key" };
        let plan = tf.plan(failed.state.as_ref(), named(key, "3")).await.unwrap();
        let warned = text(tf.apply(plan).await.unwrap().warnings());
        assert_eq!(simulator.issued_keys() - issued, 1);
        assert!(warned.contains("The key had already been replaced"), "{warned}");
        assert_eq!(warned.contains("The new key may have the old parameters"), renames, "{warned}");
    }
}

/// What was in progress before the update did not know the new parameters.
#[tokio::test]
async fn a_rotation_in_progress_that_may_have_the_old_parameters_comes_with_a_warning() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let id = created.model().unwrap().id.get().unwrap().clone();
    let changed = with(&config, |now| {
        now.settings.parameters = ParametersConfig { name: "other".into(), ..Default::default() }.into();
        now.rotation_triggers = triggers("1");
    });
    let plan = tf.plan(Some(&created), changed).await.unwrap();
    simulator.begin_rotation(&id).unwrap();
    let (applied, ()) = tokio::join!(tf.apply(plan), async {
        while !simulator.requests().iter().any(|request| request.call == Call::Rotate) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        simulator.end_rotation(&id).unwrap();
    });
    let warned = text(applied.unwrap().warnings());
    assert!(warned.contains("already in progress") && warned.contains("may have the old parameters"), "{warned}");
}

/// Otherwise the next apply would rotate a second time, which revokes the key that was in use before both.
#[tokio::test]
async fn a_rotation_that_was_in_progress_for_longer_than_was_waited_counts_for_the_next_apply() {
    let (simulator, harness) = start();
    let (tf, config) = (resource(&harness), config(&simulator));
    let created = tf.create(config.clone()).await.unwrap();
    let id = created.model().unwrap().id.get().unwrap().clone();
    simulator.begin_rotation(&id).unwrap();
    // The wait ends at the first read that is refused.
    simulator.fault(Fault::refuse(Call::Read, 403, "PermissionDenied", "You are not allowed to read").skip(1));
    let asking = with(&config, |now| now.rotation_triggers = triggers("1"));
    let failed = tf.apply(tf.plan(Some(&created), asking.clone()).await.unwrap()).await.unwrap_err();
    let said = text(&failed.diagnostics);
    assert!(said.contains("already in progress") && said.contains("replaces it only if it did not"), "{said}");
    simulator.clear_faults();
    simulator.end_rotation(&id).unwrap();
    let applied = tf.apply(tf.plan(Some(&failed.state.unwrap()), asking.clone()).await.unwrap()).await.unwrap();
    assert_eq!(simulator.issued_keys(), 2);
    assert!(tf.plan(Some(&applied), asking).await.unwrap().is_empty());
}
