//! Finds the rotations that use an app connection. The API does not tell; it only refuses to delete one that is in use.

use serde::Deserialize;

use super::client::Client;
use super::error::Error;
use super::object::Object as _;
use super::operation::{Operation, Subject};
use super::request::Request;
use super::rotation::Rotation;
use super::spelling::{same_id, trimmed};

/// The largest number of projects that are searched: each costs a request, which Infisical Cloud limits.
pub(super) const MOST_PROJECTS: usize = 20;

/// The rotations that use an app connection, as far as the identity may read them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConnectionUsers {
    /// The rotations of `OpenRouter` keys that use it.
    pub rotations: Vec<Rotation>,
    /// Whether every project that the identity may list was searched.
    pub is_complete: bool,
}

#[derive(Deserialize)]
struct Project {
    id: String,
}

/// Searches the project of a connection or, for a connection of the organization, the projects that the identity may list.
pub(super) async fn of(client: &Client, connection_id: &str, project_id: Option<&str>) -> ConnectionUsers {
    let projects = match project_id {
        Some(project_id) => Ok(vec![trimmed(project_id).to_owned()]),
        None => projects(client).await,
    };
    let Ok(projects) = projects else { return ConnectionUsers::default() };
    let mut users = ConnectionUsers { is_complete: projects.len() <= MOST_PROJECTS, ..ConnectionUsers::default() };
    for project in projects.iter().take(MOST_PROJECTS) {
        match rotations(client, project).await {
            Ok(found) => users.rotations.extend(found.into_iter().filter(|rotation| uses(rotation, connection_id))),
            Err(_) => users.is_complete = false,
        }
    }
    users
}

async fn projects(client: &Client) -> Result<Vec<String>, Error> {
    let request = Request::new(Operation::List, Subject::Project, "/api/v1/projects", &[]).briefly();
    let all: Vec<Project> = client.send(&request).await?.decode_field("projects")?;
    Ok(all.into_iter().map(|project| project.id).collect())
}

async fn rotations(client: &Client, project_id: &str) -> Result<Vec<Rotation>, Error> {
    Ok(client.send(&Rotation::list_request(project_id).briefly()).await?.decode_field(Rotation::MANY)?)
}

fn uses(rotation: &Rotation, connection_id: &str) -> bool {
    let id = rotation.connection_id.as_ref().or_else(|| rotation.connection.as_ref()?.id.as_ref());
    id.is_some_and(|id| same_id(id, connection_id))
}
