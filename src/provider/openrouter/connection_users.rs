//! The error for a connection that cannot be destroyed since it is in use.

use infisical::{Client, ConnectionUsers, Error, Rotation};
use tfplug::Diagnostics;

use super::connection_refusals::CONNECTION;
use crate::provider::errors::advised;

/// The largest number of rotations that are named.
const MOST_NAMED: usize = 10;

/// What to do about what uses it.
pub(super) const WHAT_TO_DO: &str = "Destroy them first, or move them to another connection. Rotations of this configuration are \
                                     destroyed first when their connection_id refers to this resource.";

/// The refusal to delete a connection that is in use, with what uses it.
pub(super) async fn in_use(client: &Client, error: &Error, id: &str, project_id: Option<&str>) -> Diagnostics {
    let users = client.connections().users(id, project_id).await;
    advised(error, "delete the connection", &CONNECTION, Some(advice(&users)))
}

fn advice(users: &ConnectionUsers) -> String {
    let named: Vec<_> = users.rotations.iter().take(MOST_NAMED).map(named).collect();
    let more = users.rotations.len() - named.len();
    let more = if more > 0 { format!("\n  … and {more} more") } else { String::new() };
    let unseen = if users.is_complete { "" } else { " Others may use it that this identity cannot see." };
    let found = match named.is_empty() {
        true => format!(
            "None of the rotations that this identity can see uses it. Look in Infisical's console for what does: a rotation of \
             another project, for example.{}",
            if users.is_complete { "" } else { " Not all projects could be looked into." }
        ),
        false => format!("These rotations use it:\n{}{more}\n{}", named.join("\n"), unseen.trim_start()),
    };
    format!("{}\n{WHAT_TO_DO}", found.trim_end())
}

fn named(rotation: &Rotation) -> String {
    let folder = rotation.folder.as_ref().and_then(|folder| folder.path.as_deref());
    let environment = rotation.environment.as_ref().and_then(|environment| environment.slug.as_deref());
    let place = [
        folder.map(|path| format!(" in {path}")),
        environment.map(|slug| format!(" of environment {slug}")),
        rotation.project_id.as_ref().map(|id| format!(", project {id}")),
    ];
    let place: String = place.into_iter().flatten().collect();
    format!("  {:?} ({}){place}", rotation.name.as_deref().unwrap_or_default(), rotation.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(count: usize, is_complete: bool) -> ConnectionUsers {
        let rotation = |number: usize| {
            let json = serde_json::json!({
                "id": format!("r{number}"), "name": "app", "projectId": "p", "folder": {"path": "/a"},
                "environment": {"slug": "dev"},
            });
            serde_json::from_value(json).unwrap()
        };
        ConnectionUsers { rotations: (0..count).map(rotation).collect(), is_complete }
    }

    #[test]
    fn what_uses_a_connection_is_named_with_its_place() {
        let said = advice(&users(1, true));
        let expected =
            "These rotations use it:\n  \"app\" (r0) in /a of environment dev, project p\nDestroy them first";
        assert!(said.starts_with(expected), "{said}");
    }

    #[test]
    fn many_users_are_counted_and_what_was_not_seen_is_said() {
        let said = advice(&users(12, false));
        assert!(said.contains("(r9)") && !said.contains("(r10)") && said.contains("… and 2 more"), "{said}");
        assert!(said.contains("\nOthers may use it that this identity cannot see.\nDestroy"), "{said}");
        for (is_complete, words) in [(true, "for example.\nDestroy"), (false, "could be looked into.\nDestroy")] {
            let said = advice(&users(0, is_complete));
            assert!(said.starts_with("None of the rotations") && said.contains(words), "{said}");
        }
    }
}
