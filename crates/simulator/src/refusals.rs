//! The messages of the server's refusals, as its clients see them.

use crate::{projects::Place, response::Refusal};

/// The beginning of the message when a key cannot be issued or stored.
const BLAMED: &str = "Infisical encountered an issue while generating credentials with the configured inputs: ";
/// The cause in a message after a failure of the database.
pub(crate) const DATABASE_FAILED: &str = "Failed to execute db ops";

pub(crate) fn unknown_project(id: &str) -> Refusal {
    Refusal::not_found(format!("Project with {id} not found"))
}

/// The same refusal when a connection is to belong to the project.
pub(crate) fn no_project_for_connection(id: &str) -> Refusal {
    Refusal::bad_request(format!("Could not find project with ID {id}"))
}

pub(crate) fn unknown_folder(project: &str, environment: &str, path: &str) -> Refusal {
    Refusal::bad_request(format!(
        "Could not find folder with path \"{path}\" in environment \"{environment}\" for project with ID \"{project}\""
    ))
}

pub(crate) fn unknown_rotation(id: &str) -> Refusal {
    Refusal::not_found(format!("Could not find OpenRouter API Key Rotation with ID \"{id}\""))
}

/// The same in a PATCH, where the server does not quote the id.
pub(crate) fn unknown_rotation_to_change(id: &str) -> Refusal {
    Refusal::not_found(format!("Could not find OpenRouter API Key Rotation with ID {id}"))
}

pub(crate) fn unknown_rotation_name(name: &str) -> Refusal {
    Refusal::not_found(format!("Could not find OpenRouter API Key Rotation with name \"{name}\""))
}

pub(crate) fn unknown_connection(id: &str) -> Refusal {
    Refusal::not_found(format!("Could not find App Connection with ID {id}"))
}

/// `scope` is `project` or `organization`.
pub(crate) fn unknown_connection_name(name: &str, scope: &str) -> Refusal {
    Refusal::not_found(format!("Could not find App Connection with name {name} in {scope} scope."))
}

pub(crate) fn rotation_of_another_type() -> Refusal {
    let id = uuid::Uuid::new_v4();
    Refusal::bad_request(format!("Secret Rotation with ID \"{id}\" is not configured for OpenRouter API Key"))
}

pub(crate) fn connection_of_another_app(name: &str) -> Refusal {
    Refusal::bad_request(format!("App Connection with name {name} is not for App \"open-router\""))
}

pub(crate) fn foreign_connection(id: &str, from: &str, to: &str) -> Refusal {
    Refusal::bad_request(format!(
        "You cannot connect project App Connection with ID \"{id}\" from project with ID \"{from}\" to project with ID \"{to}\""
    ))
}

pub(crate) fn taken_name(place: &Place, name: &str) -> Refusal {
    Refusal::bad_request(format!(
        "A Secret Rotation with the name \"{name}\" already exists at the secret path \"{}\"",
        place.path
    ))
}

pub(crate) fn taken_secret(place: &Place, name: &str) -> Refusal {
    Refusal::bad_request(format!("The following secrets already exist at the path \"{}\": {name}", place.path))
}

pub(crate) fn taken_connection(name: &str) -> Refusal {
    Refusal::bad_request(format!("An App Connection with the name \"{name}\" already exists"))
}

pub(crate) fn connection_in_use() -> Refusal {
    Refusal::bad_request(
        "Cannot delete App Connection with existing connections. Remove all existing connections and try again.",
    )
}

pub(crate) fn in_progress() -> Refusal {
    Refusal::bad_request("A rotation is already in progress. Please try again shortly.")
}

/// The message when a key cannot be issued or stored, truncated to 1,024 characters.
pub(crate) fn blamed(cause: &str) -> String {
    const MOST: usize = 1024;
    let message = format!("{BLAMED}{cause}");
    if message.chars().count() <= MOST {
        return message;
    }
    message.chars().take(MOST - 3).chain("...".chars()).collect()
}

pub(crate) fn not_issued(why: &str) -> String {
    format!("Failed to create OpenRouter API key: {why}")
}

pub(crate) fn not_revoked(why: &str) -> String {
    format!("Failed to delete OpenRouter API key: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_a_long_cause_is_truncated_to_1024_characters() {
        assert_eq!(blamed("x"), format!("{BLAMED}x"));
        let long = blamed(&"x".repeat(2000));
        assert_eq!(long.len(), 1024);
        assert!(long.ends_with("x..."), "{long}");
    }
}
