//! The action, triggered by the events of a resource.

use super::{issued_by, with_action};
use crate::support::rotation::{only, rotation};

/// The events of an `action_trigger`, in the order in which a create and then an update reach them.
const EVENTS: [&str; 4] = ["before_create", "after_create", "before_update", "after_update"];

/// A rotation, and a resource that rotates its key on each event with an action that is named like the event.
fn configuration(release: &str) -> String {
    let of_each = EVENTS.map(|event| {
        let action = format!(
            "action \"infisical_openrouter_rotate\" \"{event}\" {{\n  config {{\n    rotation_id = \
             infisical_openrouter_rotation.app.id\n  }}\n}}\n"
        );
        let trigger = format!(
            "    action_trigger {{\n      events  = [{event}]\n      actions = \
             [action.infisical_openrouter_rotate.{event}]\n    }}\n"
        );
        (action, trigger)
    });
    let (actions, triggers): (String, String) = of_each.into_iter().unzip();
    format!(
        "{}{actions}resource \"terraform_data\" \"release\" {{\n  input = \"{release}\"\n  lifecycle {{\n{triggers}  }}\n}}\n",
        rotation(&[])
    )
}

#[test]
fn each_event_of_a_trigger_rotates_once_before_or_after_the_change() {
    let Some((simulator, workspace)) = with_action() else { return };
    for (release, before, change, after) in [
        ("one", "before_create", "terraform_data.release: Creation complete", "after_create"),
        ("two", "before_update", "terraform_data.release: Modifications complete", "after_update"),
    ] {
        workspace.rewrite(&configuration(release));
        let (issued, output) = issued_by(&simulator, || workspace.apply());
        assert_eq!(issued, 2, "one key for each event\n{output}");
        let name = |event| {
            format!("Action action.infisical_openrouter_rotate.{event} (triggered by terraform_data.release): ")
        };
        let lines = [
            format!("{}Asking Infisical to replace the key (active index 0", name(before)),
            format!("{}The key was replaced: the active index was 0 and is now 1.", name(before)),
            change.to_owned(),
            format!("{}Asking Infisical to replace the key (active index 1", name(after)),
            format!("{}The key was replaced: the active index was 1 and is now 0.", name(after)),
        ];
        let words = output.words();
        let positions = lines.map(|line| words.find(&line).unwrap_or_else(|| panic!("{line:?} is missing\n{output}")));
        assert!(positions.is_sorted(), "{positions:?}\n{output}");
        assert_eq!(only(&simulator)["activeIndex"], 0);
        workspace.assert_empty_plan();
    }
}
