//! What a user reads of refusals about names and keys.

use super::*;

#[tokio::test]
async fn err_a_name_of_a_rotation_of_another_type_is_not_offered_for_import() {
    let (simulator, harness) = start();
    simulator.add_rotation_of_another_type("dev", "/", "app").unwrap();
    let failed = resource(&harness).create(config(&simulator)).await.unwrap_err();
    let one = failed.diagnostics.iter().next().unwrap();
    assert!(one.detail().contains("choose another name") && !one.detail().contains("import"), "{}", one.detail());
    assert_eq!((one.path(), simulator.issued_keys()), (Some(&tfplug::Path::of("name")), 0));
}

/// Infisical repeats its request to OpenRouter, and each may have issued a key.
#[tokio::test]
async fn err_a_lost_connection_to_openrouter_says_that_keys_may_be_left() {
    let (simulator, harness) = start();
    simulator.lose_openrouter_responses(4);
    let failed = resource(&harness).create(config(&simulator)).await.unwrap_err();
    let said = text(&failed.diagnostics);
    assert!(said.contains("socket hang up") && said.contains("new keys may be left at OpenRouter"), "{said}");
    assert_eq!((simulator.orphaned_keys().len(), simulator.counts().rotations), (4, 0));
}

#[tokio::test]
async fn err_a_destroy_that_could_not_revoke_one_key_says_that_the_other_may_be_revoked() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config(&simulator)).await.unwrap();
    simulator.rotate(created.model().unwrap().id.get().unwrap()).unwrap();
    simulator.set_revokes_only_the_key_in_use(true);
    let failed = tf.destroy(created).await.unwrap_err();
    let said = text(&failed.diagnostics);
    assert!(said.contains("perhaps the one in use") && said.contains("were not deleted"), "{said}");
    assert_eq!((simulator.counts().rotations, simulator.live_keys().len()), (1, 1));
}
