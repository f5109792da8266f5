//! What a user reads: warnings that say what a change does not do, and errors that say what is not known.

use simulator::{Call, Fault};

use crate::support::rotation::{rotation, rotations, start};

/// The warning for parameters that wait for the next key.
const WAITING: &str = "The new parameters are for the next key";

#[test]
fn changed_parameters_warn_that_the_key_in_use_keeps_its_own_unless_it_is_replaced_as_well() {
    let (_simulator, workspace) = start(&rotation(&[]));
    workspace.apply();
    assert!(!workspace.plan().says("Warning"), "nothing changes");
    let parameters = ("parameters", r#"{ name = "my-app-key", limit = 200 }"#);
    workspace.rewrite(&rotation(&[parameters, ("rotation_triggers", r#"{ limit = "200" }"#)]));
    assert!(!workspace.plan().says(WAITING), "the key is replaced");
    workspace.rewrite(&rotation(&[parameters]));
    let applied = workspace.apply();
    assert!(applied.says(WAITING) && applied.says("on main.tf line"), "{applied}");
    assert!(applied.says("change rotation_triggers as well"), "{applied}");
    let plan = workspace.plan();
    assert!(plan.is_empty_plan() && !plan.says(WAITING), "{plan}");
}

#[test]
fn the_error_for_a_create_whose_outcome_is_not_known_says_so_and_what_to_look_for() {
    let (simulator, workspace) = start(&rotation(&[]));
    simulator.fault(Fault::drop_after(Call::Create).times(1));
    simulator.fault(Fault::refuse(Call::ReadByName, 403, "PermissionDenied", "You are not allowed to read").skip(1));
    simulator.fault(Fault::refuse(Call::List, 403, "PermissionDenied", "You are not allowed to read"));
    let failure = workspace.apply_expecting_failure();
    assert!(failure.says("Error: It is not known whether the rotation was created"), "{failure}");
    assert!(failure.says(r#"a key named "my-app-key" may be left at OpenRouter"#), "{failure}");
    assert_eq!(simulator.issued_keys(), 1, "it was not repeated");
}

#[test]
fn a_refused_token_is_one_error_for_each_rotation_in_the_same_two_sentences() {
    const COUNT: usize = 3;
    let (_simulator, workspace) = start(&rotations(COUNT));
    workspace.apply();
    let workspace = workspace.env("INFISICAL_TOKEN", "expired");
    let failure = workspace.plan_expecting_failure();
    let same = "Please use a valid token or generate a new one and try again. The access token is wrong or has expired. Check auth \
                in the provider block, or INFISICAL_TOKEN. GET /api/v2/secret-rotations/";
    assert_eq!(failure.words().matches(same).count(), COUNT, "{failure}");
}
