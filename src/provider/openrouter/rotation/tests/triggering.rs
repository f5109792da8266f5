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
