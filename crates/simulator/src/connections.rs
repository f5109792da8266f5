//! The calls on app connections.

use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    call::Call,
    connection::{Connection, ORG_ID},
    database_columns::longer,
    number,
    openrouter::try_provisioning_key,
    refusals,
    request::{Patch, Request, present, typed, uuid_subject},
    response::{Outcome, Refusal, named},
    schema::{Shape, check_request, strip},
    state::State,
    text::{slug_issue, trim_at},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct New {
    name: String,
    description: Option<String>,
    project_id: Option<String>,
    credentials: Credentials,
}

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    description: Patch<String>,
    credentials: Option<Credentials>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    api_key: String,
}

fn body_of(connection: &Connection) -> Value {
    named("appConnection", connection.to_json())
}

pub(crate) fn create(state: &mut State, request: Request<'_>) -> Outcome {
    let new: New = checked(Shape::ConnectionCreate, request)?;
    if let Some(project) = &new.project_id
        && !state.projects.has_project(project)
    {
        return Err(refusals::no_project_for_connection(project));
    }
    state.permits(Call::ConnectionCreate, new.project_id.as_deref().unwrap_or(ORG_ID))?;
    try_key(&new.credentials)?;
    let mut connection = Connection::new(&Uuid::new_v4().to_string(), &new.name, state.clock.now());
    connection.description = new.description;
    connection.project_id = new.project_id;
    connection.can_be_stored(state, "Create")?;
    let made = body_of(&connection);
    state.connections.push(connection);
    Ok(made)
}

pub(crate) fn read(state: &State, request: &Request<'_>) -> Outcome {
    let id = uuid_subject(request, "connectionId")?;
    let connection = found(state, &id)?;
    state.permits(Call::ConnectionRead, connection.scope())?;
    Ok(body_of(connection))
}

pub(crate) fn read_by_name(state: &State, request: &Request<'_>) -> Outcome {
    let name = request.subject;
    let project = request.query.get("projectId");
    state.other_types.refuse_connection(project, name)?;
    let wanted = |known: &&Connection| known.name == name && known.project_id.as_ref() == project;
    let scope = if project.is_some() { "project" } else { "organization" };
    let found = state.connections.iter().find(wanted);
    let connection = found.ok_or_else(|| refusals::unknown_connection_name(name, scope))?;
    state.permits(Call::ConnectionReadByName, connection.scope())?;
    Ok(body_of(connection))
}

pub(crate) fn list(state: &State, request: &Request<'_>) -> Outcome {
    let project = request.query.get("projectId");
    state.permits(Call::ConnectionList, project.map_or(ORG_ID, String::as_str))?;
    let wanted = |known: &&Connection| project.is_none_or(|project| known.project_id.as_ref() == Some(project));
    let mut list: Vec<&Connection> = state.connections.iter().filter(wanted).collect();
    list.sort_by_key(|connection| &connection.name);
    Ok(named("appConnections", list.into_iter().map(Connection::to_json).collect()))
}

pub(crate) fn update(state: &mut State, request: Request<'_>) -> Outcome {
    let id = uuid_subject(&request, "connectionId")?;
    let change: Change = checked(Shape::ConnectionUpdate, request)?;
    let mut connection = found(state, &id)?.clone();
    state.permits(Call::ConnectionUpdate, connection.scope())?;
    if let Some(credentials) = &change.credentials {
        try_key(credentials)?;
    }
    connection.apply(change, state.clock.now());
    connection.can_be_stored(state, "Update by id")?;
    let changed = body_of(&connection);
    if let Some(old) = state.connections.iter_mut().find(|known| known.id == id) {
        *old = connection;
    }
    Ok(changed)
}

fn found<'a>(state: &'a State, id: &str) -> Result<&'a Connection, Refusal> {
    state.connections.iter().find(|known| known.id == id).ok_or_else(|| refusals::unknown_connection(id))
}

impl Connection {
    /// Refuses what the database does not accept: text that is too long, or a name that already exists.
    fn can_be_stored(&self, state: &State, step: &'static str) -> Result<(), Refusal> {
        let description = self.description.as_deref().unwrap_or_default();
        if longer(description, 255) || description.contains('\0') {
            return Err(Refusal::database(step));
        }
        // Two unique indexes: the names of a project's connections, and those of the organization's own.
        let taken = |known: &Connection| known.name == self.name && known.project_id == self.project_id;
        let is_taken = state.connections.iter().any(|known| taken(known) && known.id != self.id);
        if is_taken || state.other_types.has_connection(self) {
            return Err(refusals::taken_connection(&self.name));
        }
        Ok(())
    }

    fn apply(&mut self, change: Change, now: OffsetDateTime) {
        if let Some(name) = change.name {
            self.name = name;
        }
        if let Patch::Set(description) = change.description {
            self.description = description;
        }
        if change.credentials.is_some() {
            self.rekey(now);
        }
        self.updated_at = now;
    }
}

pub(crate) fn delete(state: &mut State, request: &Request<'_>) -> Outcome {
    let id = uuid_subject(request, "connectionId")?;
    state.permits(Call::ConnectionDelete, found(state, &id)?.scope())?;
    if state.rotations.iter().any(|rotation| rotation.connection_id == id) {
        return Err(refusals::connection_in_use());
    }
    let at = state.connections.iter().position(|known| known.id == id);
    let at = at.ok_or_else(|| refusals::unknown_connection(&id))?;
    Ok(body_of(&state.connections.remove(at)))
}

/// Normalizes the body, validates it with its schema, and deserializes it.
fn checked<T: serde::de::DeserializeOwned>(shape: Shape, request: Request<'_>) -> Result<T, Refusal> {
    let mut body = request.body.unwrap_or_default();
    number::as_javascript(&mut body);
    trim_at(&mut body, &["/name", "/description", "/credentials/apiKey"]);
    strip(shape, &mut body);
    let mut issues = check_request(shape, &body);
    if issues.is_empty() {
        issues.extend(slug_issue(&body, "name"));
    }
    if issues.is_empty() { typed(body) } else { Err(Refusal::invalid(issues)) }
}

fn try_key(credentials: &Credentials) -> Result<(), Refusal> {
    try_provisioning_key(&credentials.api_key).map_err(Refusal::unauthorized)
}
