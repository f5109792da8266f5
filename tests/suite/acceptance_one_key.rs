//! A create issues one key, and a change of the triggers replaces it once, whatever the server, OpenRouter and the network
//! do.

use std::time::Duration;

use serde_json::json;
use simulator::{Call, Fault};

use crate::support::process::until;
use crate::support::requests::count;
use crate::support::rotation::{APP, only, only_id, rotation, start};

/// A configuration whose triggers have this value.
fn triggered(release: &str) -> String {
    rotation(&[("rotation_triggers", &format!("{{ release = {release:?} }}"))])
}

#[test]
fn a_rotation_whose_create_got_no_response_is_found_although_a_proxys_clock_is_wrong() {
    let (simulator, workspace) = start(&rotation(&[]));
    for seconds in [1, 90, -90] {
        simulator.set_date_skew(seconds);
        simulator.fault(Fault::drop_after(Call::Create).times(1));
        let keys = simulator.issued_keys();
        let applied = workspace.apply();
        assert!(applied.says("Warning: "), "the user is warned\n{applied}");
        assert_eq!(simulator.issued_keys() - keys, 1, "one key, with the clock {seconds} s off");
        assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
        workspace.assert_empty_plan();
        workspace.destroy();
        simulator.clear_faults();
    }
}

#[test]
fn a_rotation_that_got_no_response_replaces_the_key_once_although_a_proxys_clock_is_wrong() {
    let (simulator, workspace) = start(&triggered("1"));
    workspace.apply();
    for (number, seconds) in [(2, 1), (3, 90), (4, -90)] {
        simulator.set_date_skew(seconds);
        simulator.fault(Fault::drop_after(Call::Rotate).times(1));
        let keys = simulator.issued_keys();
        workspace.rewrite(&triggered(&number.to_string()));
        workspace.apply();
        assert_eq!(simulator.issued_keys() - keys, 1, "one key, with the clock {seconds} s off");
        workspace.assert_empty_plan();
        simulator.clear_faults();
    }
}

#[test]
fn a_create_that_fails_after_the_key_was_issued_is_not_repeated_and_names_the_key() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::fail_after_key(Call::Create));
    let failure = workspace.apply_expecting_failure();
    assert_eq!((count(&simulator, Call::Create), simulator.issued_keys()), (1, 1), "{failure}");
    assert!(failure.says("my-app-key"), "the key's name at OpenRouter\n{failure}");
    assert!(failure.says("Applying again is safe"), "{failure}");
    assert!(failure.words().contains("request id req-"), "{failure}");
    assert!(workspace.resources().is_empty(), "nothing is in the state");
    simulator.clear_faults();
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn a_create_that_fails_after_it_was_stored_is_added_to_the_state_with_a_warning() {
    for fault in [Fault::fail_after_store(Call::Create), Fault::fail_after_store_400(Call::Create)] {
        let (simulator, workspace) = start(&rotation(&[]));
        simulator.fault(fault.times(1));
        let applied = workspace.apply();
        assert!(applied.says("Warning: "), "{applied}");
        assert_eq!((count(&simulator, Call::Create), simulator.issued_keys()), (1, 1), "{applied}");
        assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
        workspace.assert_empty_plan();
    }
}

#[test]
fn the_error_for_a_create_that_openrouter_refuses_contains_its_message() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::openrouter_refuses(Call::Create, "Insufficient credits"));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Insufficient credits"), "{failure}");
    assert!(!failure.says("may be left at OpenRouter"), "no key was issued\n{failure}");
    assert_eq!((count(&simulator, Call::Create), simulator.issued_keys()), (1, 0));
}

#[test]
fn a_rotation_that_openrouter_refuses_is_requested_once_and_the_error_contains_its_message() {
    let (simulator, workspace) = start(&triggered("1"));
    workspace.apply();
    simulator.fault(Fault::openrouter_refuses(Call::Rotate, "Insufficient credits").times(1));
    workspace.rewrite(&triggered("2"));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Insufficient credits"), "{failure}");
    assert!(!failure.says("a fault on Infisical's side"), "{failure}");
    assert_eq!((count(&simulator, Call::Rotate), simulator.webhooks()), (1, 1), "{failure}");
    assert_eq!(workspace.state_of(APP)["rotation_triggers"], json!({"release": "1"}));
    let plan = workspace.plan();
    assert!(plan.says("Insufficient credits"), "a refresh warns with the server's message\n{plan}");
    workspace.apply();
    assert_eq!(count(&simulator, Call::Rotate), 2, "the next apply requests it again");
    workspace.assert_empty_plan();
}

#[test]
fn a_rotation_that_could_not_delete_the_old_key_succeeds_with_a_warning() {
    let (simulator, workspace) = start(&triggered("1"));
    workspace.apply();
    workspace.rewrite(&triggered("2"));
    workspace.apply();
    simulator.fault(Fault::fail_after_store(Call::Rotate).times(1));
    workspace.rewrite(&triggered("3"));
    let keys = simulator.issued_keys();
    let applied = workspace.apply();
    assert!(applied.says("Warning: "), "{applied}");
    assert_eq!(simulator.issued_keys() - keys, 1);
    assert_eq!(count(&simulator, Call::Rotate), 2, "{applied}");
    assert_eq!(workspace.state_of(APP)["rotation_triggers"], json!({"release": "3"}));
    assert!(workspace.plan().is_empty_plan());
}

/// The next apply first looks whether the key was replaced, and finds that it was.
#[test]
fn a_rotation_with_an_unknown_outcome_is_not_repeated_by_the_next_apply() {
    let (simulator, workspace) = start(&triggered("1"));
    workspace.apply();
    simulator.fault(Fault::drop_after(Call::Rotate).times(1));
    // The reads by the refresh and before the rotation succeed, those after it are refused.
    simulator.fault(Fault::refuse(Call::Read, 403, "PermissionDenied", "You are not allowed to read").skip(2));
    workspace.rewrite(&triggered("2"));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("not known"), "{failure}");
    assert_eq!((count(&simulator, Call::Rotate), simulator.issued_keys()), (1, 2), "{failure}");
    simulator.clear_faults();
    // A failed read must not make the next apply forget that the outcome is unknown.
    simulator.fault(Fault::refuse(Call::Read, 403, "PermissionDenied", "You are not allowed to read").skip(1));
    let failure = workspace.apply_expecting_failure();
    assert_eq!((count(&simulator, Call::Rotate), simulator.issued_keys()), (1, 2), "{failure}");
    simulator.clear_faults();
    // As with a commit's hash, the triggers have changed again when the apply is repeated.
    workspace.rewrite(&triggered("2 again"));
    let applied = workspace.apply();
    assert!(applied.says("The key had already been replaced"), "{applied}");
    assert_eq!((count(&simulator, Call::Rotate), simulator.issued_keys()), (1, 2), "{applied}");
    assert_eq!(workspace.state_of(APP)["rotation_triggers"], json!({"release": "2 again"}));
    workspace.assert_empty_plan();
    workspace.rewrite(&triggered("3"));
    workspace.apply();
    assert_eq!(count(&simulator, Call::Rotate), 2, "a later change rotates as usual");
    workspace.assert_empty_plan();
}

#[test]
fn a_rotation_in_progress_is_waited_for() {
    let (simulator, workspace) = start(&triggered("1"));
    workspace.apply();
    let id = only_id(&simulator);
    simulator.begin_rotation(&id).unwrap();
    workspace.rewrite(&triggered("2"));
    let running = workspace.spawn(["apply", "-auto-approve", "-input=false", "-no-color"]);
    until("the request to rotate", || count(&simulator, Call::Rotate) == 1);
    simulator.end_rotation(&id).unwrap();
    let applied = running.wait().succeeded();
    assert!(applied.says("Warning: "), "{applied}");
    assert_eq!(simulator.issued_keys(), 2, "the rotation in progress replaced the key");
    workspace.assert_empty_plan();
}

/// The server closes idle connections, but completes their requests.
#[test]
fn a_create_that_takes_longer_than_its_connection_is_found() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.set_idle_timeout(Some(Duration::from_millis(500)));
    simulator.fault(Fault::openrouter_delay(Call::Create, Duration::from_secs(6)).times(1));
    let applied = workspace.apply();
    assert_eq!((count(&simulator, Call::Create), simulator.issued_keys()), (1, 1), "{applied}");
    assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
    workspace.assert_empty_plan();
}

#[test]
fn a_create_is_found_although_reads_lag_behind_writes() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.set_read_lag(Duration::from_secs(9));
    simulator.fault(Fault::drop_after(Call::Create).times(1));
    let applied = workspace.apply();
    assert_eq!((count(&simulator, Call::Create), simulator.issued_keys()), (1, 1), "{applied}");
    assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
}

#[test]
fn a_new_rotation_stays_in_the_state_although_a_replica_does_not_have_it_yet() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.set_read_lag(Duration::from_secs(6));
    let plan = workspace.plan();
    assert!(plan.is_empty_plan(), "{plan}");
}

#[test]
fn a_new_rotation_that_was_deleted_is_planned_to_be_created() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.forget(&only_id(&simulator)).unwrap();
    let plan = workspace.plan();
    assert!(plan.says("1 to add, 0 to change, 0 to destroy"), "{plan}");
    assert!(count(&simulator, Call::Read) > 1, "a single 404 is not sufficient");
}

/// It has the same name and the same values, but somebody else created it.
#[test]
fn a_rotation_that_already_existed_is_never_adopted() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    let id = only_id(&simulator);
    workspace.run(["state", "rm", APP]).succeeded();
    simulator.fault(Fault::drop_before(Call::Create).times(1));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("already exists") && failure.says(&id), "{failure}");
    assert!(failure.says(&format!("terraform import ADDRESS {id}")), "{failure}");
    assert!(workspace.resources().is_empty());
    assert_eq!(simulator.issued_keys(), 1);
}

#[test]
fn a_create_is_found_even_if_its_path_ends_with_a_slash() {
    let (simulator, workspace) = start(&rotation(&[("secret_path", r#""/app/""#)]));
    simulator.fault(Fault::drop_after(Call::Create).times(1));
    workspace.apply();
    assert_eq!(workspace.state_of(APP)["secret_path"], "/app/");
    assert_eq!(simulator.issued_keys(), 1);
    workspace.assert_empty_plan();
    workspace.run(["state", "rm", APP]).succeeded();
    workspace.import(APP, &format!("{} , dev, /app/ , my-openrouter-rotation ", simulator.project_id()));
    assert_eq!(workspace.state_of(APP)["id"], only_id(&simulator).as_str());
    workspace.assert_empty_plan();
}

#[test]
fn many_creates_look_up_existing_names_with_at_most_two_calls() {
    let (simulator, workspace) = start(&crate::support::rotation::rotations(30));
    workspace.apply();
    let lookups = count(&simulator, Call::ReadByName) + count(&simulator, Call::List);
    assert!(lookups <= 2, "{lookups} calls before 30 creates");
    assert_eq!((count(&simulator, Call::Create), simulator.issued_keys()), (30, 30));
}

#[test]
fn without_the_permission_to_list_each_create_looks_up_its_own_name() {
    let (simulator, workspace) = start(&crate::support::rotation::rotations(5));
    simulator.fault(Fault::refuse(Call::List, 403, "PermissionDenied", "You are not allowed to read"));
    workspace.apply();
    assert_eq!((count(&simulator, Call::Create), simulator.issued_keys()), (5, 5));
    assert_eq!(count(&simulator, Call::ReadByName), 5);
}

#[test]
fn an_update_that_makes_the_server_rotate_at_once_leads_to_an_empty_plan() {
    let (simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    simulator.advance(Duration::from_secs(40 * 86_400));
    workspace.rewrite(&rotation(&[("rotation_interval", "31")]));
    let applied = workspace.apply();
    assert!(applied.says("The change of the schedule replaces the key"), "{applied}");
    assert_eq!(workspace.state_of(APP)["rotation_interval"], json!(31));
    until("the background rotation", || only(&simulator)["rotationStatus"] == "success");
    workspace.assert_empty_plan();
}

/// The change of the schedule replaces the key in the background, so the new triggers need no second rotation, whatever
/// happens to its answer.
#[test]
fn an_update_that_rotates_at_once_and_new_triggers_replace_the_key_once() {
    let (simulator, workspace) = start(&triggered("0"));
    workspace.apply();
    simulator.set_background_rotation_time(Duration::from_millis(300));
    let answers =
        [None, Some(Fault::drop_after(Call::Update)), Some(Fault::body(Call::Update, 200, "{}").after_commit())];
    for (number, fault) in (31..).zip(answers) {
        simulator.advance(Duration::from_secs(40 * 86_400));
        fault.into_iter().for_each(|fault| simulator.fault(fault.times(1)));
        let (days, triggers) = (number.to_string(), format!("{{ release = \"{number}\" }}"));
        workspace.rewrite(&rotation(&[("rotation_interval", &days), ("rotation_triggers", &triggers)]));
        let keys = simulator.issued_keys();
        let applied = workspace.apply();
        assert_eq!(simulator.issued_keys() - keys, 1, "{applied}");
        assert!(applied.says("Warning: "), "{applied}");
        workspace.assert_empty_plan();
    }
}
