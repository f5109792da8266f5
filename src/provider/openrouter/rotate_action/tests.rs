//! The action against the API's stand-in, as a core would call it.

use simulator::{Call, Denial, Fault};
use tfplug::testing::{Harness, Invoked};
use tfplug::{Attr, Path};

use super::super::one_rotation::{NOBODYS, World, text};
use super::*;
use crate::provider::Infisical;
use crate::provider::block::BlockConfig;

async fn invoke(world: &World, id: &str) -> Result<Invoked, Diagnostics> {
    world.tf.invoke::<Rotate>(NAME, RotateConfig { rotation_id: id.into() }).await
}

fn posts(world: &World) -> usize {
    world.simulator.requests().iter().filter(|request| request.call == Call::Rotate).count()
}

#[tokio::test]
async fn each_invocation_replaces_the_key_once_and_tells_both_indexes() {
    let world = World::start().await;
    for (before, after, keys) in [(0, 1, 2), (1, 0, 3)] {
        let Invoked { progress, warnings } = invoke(&world, &world.id).await.unwrap();
        let [asked, replaced] = progress.as_slice() else { panic!("{progress:?}") };
        assert!(
            asked.starts_with(&format!("Asking Infisical to replace the key (active index {before}, in use since 2")),
            "{asked}"
        );
        assert_eq!(*replaced, format!("The key was replaced: the active index was {before} and is now {after}."));
        assert_eq!((world.simulator.issued_keys(), text(&warnings)), (keys, String::new()));
    }
}

#[tokio::test]
async fn err_an_id_that_is_none_or_nobodys_points_at_the_attribute() {
    let world = World::start().await;
    for (id, words) in [("app", "a UUID"), (NOBODYS, "Check rotation_id")] {
        let diagnostics = invoke(&world, id).await.unwrap_err();
        assert_eq!(diagnostics.iter().next().unwrap().path(), Some(&Path::of("rotation_id")), "{id}");
        assert!(text(&diagnostics).contains(words), "{}", text(&diagnostics));
    }
    assert_eq!((posts(&world), world.simulator.issued_keys()), (0, 1));
}

#[tokio::test]
async fn err_an_identity_that_may_not_rotate_is_told_which_permission_it_needs() {
    let world = World::start().await;
    world.simulator.deny(Call::Rotate, Denial::Permission);
    let said = text(&invoke(&world, &world.id).await.unwrap_err());
    assert!(said.contains("the permission to rotate the secrets"), "{said}");
}

#[tokio::test]
async fn whoever_may_not_read_the_rotation_may_still_rotate_it() {
    let world = World::start().await;
    world.simulator.deny(Call::Read, Denial::Permission);
    let progress = invoke(&world, &world.id).await.unwrap().progress;
    assert_eq!(progress, ["Asking Infisical to replace the key.", "The key was replaced: the active index is now 1."]);
}

/// What went wrong, what is told on the way, and what in the end.
#[tokio::test]
async fn a_key_that_was_replaced_in_spite_of_a_failure_is_a_success_with_a_warning() {
    for (fault, end) in [
        (Fault::drop_after(Call::Rotate), "but the answer was lost"),
        (Fault::fail_after_store(Call::Rotate), "reported a failure afterwards"),
    ] {
        let world = World::start().await;
        world.simulator.fault(fault.times(1));
        let Invoked { progress, warnings } = invoke(&world, &world.id).await.unwrap();
        assert!(progress.iter().any(|line| line.ends_with("Checking whether the key was replaced.")), "{progress:?}");
        assert!(text(&warnings).contains(end), "{}", text(&warnings));
        assert_eq!((posts(&world), world.simulator.issued_keys()), (1, 2));
    }
}

#[tokio::test]
async fn a_rotation_in_progress_is_waited_for_and_counts() {
    let world = World::start().await;
    world.simulator.begin_rotation(&world.id).unwrap();
    let (invoked, ()) = tokio::join!(invoke(&world, &world.id), async {
        while posts(&world) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        world.simulator.end_rotation(&world.id).unwrap();
    });
    let Invoked { progress, warnings } = invoked.unwrap();
    assert!(
        progress.contains(&"Another rotation of the key is in progress. Waiting for it to end.".to_owned()),
        "{progress:?}"
    );
    assert!(text(&warnings).contains("already in progress"), "{}", text(&warnings));
    assert_eq!((posts(&world), world.simulator.issued_keys()), (1, 2));
}

/// Looking for the outcome is refused at once here; a minute of looking in vain ends in the same words.
#[tokio::test]
async fn err_an_unknown_outcome_says_that_it_may_have_happened_and_what_to_look_at() {
    let world = World::start().await;
    let last = world.simulator.rotation(&world.id).unwrap()["lastRotatedAt"].as_str().unwrap().to_owned();
    world.simulator.fault(Fault::drop_after(Call::Rotate).times(1));
    world.simulator.fault(Fault::refuse(Call::Read, 403, "PermissionDenied", "You are not allowed to read").skip(1));
    let said = text(&invoke(&world, &world.id).await.unwrap_err());
    assert!(said.starts_with("It is not known whether the key was replaced: "), "{said}");
    assert!(said.contains("The key may have been replaced.") && !said.contains("The next apply"), "{said}");
    assert!(said.contains(&format!("later than {last}, the key was replaced")), "{said}");
    assert_eq!((posts(&world), world.simulator.issued_keys()), (1, 2));
}

#[tokio::test]
async fn err_a_refusal_of_openrouter_is_told_once_and_a_key_that_may_be_left_is_named() {
    for (fault, words, keys) in [
        (Fault::openrouter_refuses(Call::Rotate, "Insufficient credits"), "Insufficient credits", 1),
        (Fault::fail_after_key(Call::Rotate), "The keys would be named \"key\".", 2),
    ] {
        let world = World::start().await;
        world.simulator.fault(fault.times(1));
        let said = text(&invoke(&world, &world.id).await.unwrap_err());
        assert!(said.starts_with("Cannot rotate the key: ") && said.contains(words), "{said}");
        assert_eq!((posts(&world), world.simulator.issued_keys()), (1, keys));
    }
}

#[tokio::test]
async fn err_a_stop_before_the_request_leaves_the_key_alone_and_says_so() {
    let world = World::start().await;
    world.stop.cancel();
    let said = text(&invoke(&world, &world.id).await.unwrap_err());
    assert!(said.contains("The key was not replaced") && !said.contains("The next plan"), "{said}");
    assert_eq!((posts(&world), world.simulator.issued_keys()), (0, 1));
}

#[tokio::test]
async fn a_provider_that_is_not_known_yet_fails_the_invocation_and_not_the_plan() {
    let unconfigured = Harness::new(Infisical);
    unconfigured.configure(BlockConfig { host: Attr::Unknown, ..BlockConfig::default() }).await.unwrap();
    let config = RotateConfig { rotation_id: NOBODYS.into() };
    let said = text(&unconfigured.invoke::<Rotate>(NAME, config).await.unwrap_err());
    assert!(said.starts_with("The provider's configuration is not known yet: The action needs"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_person_who_waits_is_told_so_every_five_seconds() {
    let lines = std::sync::Mutex::new(Vec::new());
    let say = |line: String| lines.lock().unwrap().push(line);
    told_while_waiting(&say, tokio::time::sleep(Duration::from_secs(12))).await;
    let told = lines.into_inner().unwrap();
    assert_eq!(told, ["Still waiting for Infisical after 5 s.", "Still waiting for Infisical after 10 s."]);
}
