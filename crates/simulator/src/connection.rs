//! App connections: the provisioning keys by which Infisical issues keys at OpenRouter.

use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    answer::{Outcome, Refusal, named},
    clock::stamp,
    number,
    openrouter::{random_hex, try_provisioning_key},
    request::{Asked, Patch, is_uuid, present, typed, uuid_subject},
    schema::{Shape, check_request},
    state::State,
    text::{lower_at, slug_issue, trim_at},
};

/// The organization that everything belongs to.
const ORG_ID: &str = "3c9e7d10-5a44-4b8f-b2f6-9d8e1a7c4f05";

/// One connection. The provisioning key itself isn't kept: nothing asks for it again.
pub(crate) struct Connection {
    pub(crate) id: String,
    pub(crate) name: String,
    description: Option<String>,
    project_id: Option<String>,
    credentials_hash: String,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

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

impl Connection {
    pub(crate) fn new(id: &str, name: &str, now: OffsetDateTime) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            description: None,
            project_id: None,
            credentials_hash: random_hex(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether rotations of this project may use it.
    pub(crate) fn serves(&self, project_id: &str) -> bool {
        self.project_id.as_deref().is_none_or(|own| own == project_id)
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "version": 1,
            "orgId": ORG_ID,
            "projectId": self.project_id,
            "app": "open-router",
            "method": "api-key",
            "credentialsHash": self.credentials_hash,
            "createdAt": stamp(self.created_at),
            "updatedAt": stamp(self.updated_at),
            "credentials": {},
        })
    }
}

fn answer(connection: &Connection) -> Value {
    named("appConnection", connection.to_json())
}

pub(crate) fn create(state: &mut State, asked: Asked<'_>) -> Outcome {
    let new: New = checked(Shape::ConnectionCreate, asked)?;
    if let Some(project) = &new.project_id
        && !state.world.has_project(project)
    {
        return Err(Refusal::not_found(format!("There is no project {project:?}")));
    }
    name_is_free(state, &new.name, "")?;
    try_key(&new.credentials)?;
    let mut connection = Connection::new(&Uuid::new_v4().to_string(), &new.name, state.clock.now());
    connection.description = new.description;
    connection.project_id = new.project_id;
    let made = answer(&connection);
    state.connections.push(connection);
    Ok(made)
}

pub(crate) fn read(state: &State, asked: &Asked<'_>) -> Outcome {
    let id = uuid_subject(asked, "connectionId")?;
    state.connections.iter().find(|known| known.id == id).map(answer).ok_or_else(|| unknown(&id))
}

pub(crate) fn read_by_name(state: &State, asked: &Asked<'_>) -> Outcome {
    let name = asked.subject;
    state.connections.iter().find(|known| known.name == name).map(answer).ok_or_else(|| unknown(name))
}

pub(crate) fn list(state: &State, asked: &Asked<'_>) -> Outcome {
    let project = asked.query.get("projectId");
    let wanted = |known: &&Connection| project.is_none_or(|project| known.serves(project));
    let list: Vec<Value> = state.connections.iter().filter(wanted).map(Connection::to_json).collect();
    Ok(named("appConnections", list.into()))
}

pub(crate) fn update(state: &mut State, asked: Asked<'_>) -> Outcome {
    let id = uuid_subject(&asked, "connectionId")?;
    let change: Change = checked(Shape::ConnectionUpdate, asked)?;
    if !state.connections.iter().any(|known| known.id == id) {
        return Err(unknown(&id));
    }
    if let Some(name) = &change.name {
        name_is_free(state, name, &id)?;
    }
    if let Some(credentials) = &change.credentials {
        try_key(credentials)?;
    }
    let now = state.clock.now();
    let found = state.connections.iter_mut().find(|known| known.id == id);
    let connection = found.ok_or_else(|| unknown(&id))?;
    connection.apply(change, now);
    Ok(answer(connection))
}

impl Connection {
    fn apply(&mut self, change: Change, now: OffsetDateTime) {
        if let Some(name) = change.name {
            self.name = name;
        }
        if let Patch::Set(description) = change.description {
            self.description = description;
        }
        if change.credentials.is_some() {
            self.credentials_hash = random_hex();
        }
        self.updated_at = now;
    }
}

pub(crate) fn delete(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let id = uuid_subject(asked, "connectionId")?;
    let users = state.rotations.iter().filter(|rotation| rotation.connection_id == id).count();
    let at = state.connections.iter().position(|known| known.id == id).ok_or_else(|| unknown(&id))?;
    if users > 0 {
        let message = format!("The connection is in use by {users} secret rotation(s)");
        return Err(Refusal::bad_request(message));
    }
    Ok(answer(&state.connections.remove(at)))
}

/// Tidies the body, holds it against its schema, and gives it a type.
fn checked<T: serde::de::DeserializeOwned>(shape: Shape, asked: Asked<'_>) -> Result<T, Refusal> {
    let mut body = asked.body.unwrap_or_default();
    number::as_javascript(&mut body);
    trim_at(&mut body, &["/name", "/description", "/projectId", "/credentials/apiKey"]);
    lower_at(&mut body, &["/name"]);
    let mut issues = check_request(shape, &body);
    if issues.is_empty() {
        issues.extend(slug_issue(&body, "name"));
    }
    if issues.is_empty() { typed(body) } else { Err(Refusal::invalid(issues)) }
}

fn name_is_free(state: &State, name: &str, own_id: &str) -> Result<(), Refusal> {
    if state.connections.iter().any(|known| known.name == name && known.id != own_id) {
        return Err(Refusal::bad_request(format!("An app connection {name:?} already exists")));
    }
    Ok(())
}

fn try_key(credentials: &Credentials) -> Result<(), Refusal> {
    try_provisioning_key(&credentials.api_key)
        .map_err(|why| Refusal::bad_request(format!("The connection can't be validated: {why}")))
}

/// What a rotation's connection is refused with when there is none.
pub(crate) fn unknown(name: &str) -> Refusal {
    let kind = if is_uuid(name) { "with the id" } else { "named" };
    Refusal::not_found(format!("There is no app connection {kind} {name:?}"))
}
