//! The calls on rotations.

use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    call::Call,
    conflicts::{name_is_free, name_seems_free, secret_is_free, secret_seems_free},
    number,
    openrouter_calls::{Stage, Work},
    projects::Place,
    refusals,
    request::{Patch, Request, flag, present, required, typed, uuid_subject},
    response::{Issue, Outcome, Refusal, named},
    rotation::Rotation,
    schedule::RotateAtUtc,
    schema::{Shape, check_request, strip},
    state::State,
    text::{path_issue, secret_name_issue, slug_issue, trim_at, without_trailing_slash},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct New {
    name: String,
    project_id: String,
    description: Option<String>,
    connection_id: String,
    environment: String,
    secret_path: String,
    is_auto_rotation_enabled: Option<bool>,
    rotation_interval: f64,
    rotate_at_utc: Option<RotateAtUtc>,
    parameters: Value,
    secrets_mapping: Mapping,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    description: Patch<String>,
    is_auto_rotation_enabled: Option<bool>,
    rotation_interval: Option<f64>,
    rotate_at_utc: Option<RotateAtUtc>,
    parameters: Option<Value>,
    secrets_mapping: Option<Mapping>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    api_key: String,
}

pub(crate) fn create(state: &mut State, request: Request<'_>) -> Result<Stage, Refusal> {
    let new: New = checked(Shape::Create, request.body.unwrap_or_default())?;
    state.plan_allows(Call::Create)?;
    known_project(state, &new.project_id)?;
    state.permits(Call::Create, &new.project_id)?;
    let place = place(state, &new.project_id, &new.environment, &new.secret_path)?;
    let connection_id = new.connection_id.to_lowercase();
    let connection =
        state.checked_connection(&connection_id).ok_or_else(|| refusals::unknown_connection(&connection_id))?;
    state.may_connect()?;
    connection.may_serve(&place.project_id)?;
    name_seems_free(state, &place, &new.name)?;
    secret_seems_free(state, &place, &new.secrets_mapping.api_key)?;
    let rotation = new.into_rotation(place, state.clock.now());
    Ok(Stage::AtOpenRouter(Work::Create(Box::new(rotation))))
}

impl New {
    /// The new rotation, still without its key and its dates.
    fn into_rotation(self, place: Place, now: OffsetDateTime) -> Rotation {
        Rotation {
            name: self.name,
            description: self.description,
            is_auto_rotation_enabled: self.is_auto_rotation_enabled.unwrap_or(true),
            rotation_interval: self.rotation_interval,
            rotate_at_utc: self.rotate_at_utc.unwrap_or_default(),
            parameters: self.parameters,
            secret_name: self.secrets_mapping.api_key,
            rotation_status: "success".to_owned(),
            last_rotation_message: None,
            listed: true,
            id: Uuid::new_v4().to_string(),
            place,
            connection_id: self.connection_id.to_lowercase(),
            active_index: 0,
            hashes: Vec::new(),
            created_at: now,
            updated_at: now,
            last_rotation_attempted_at: now,
            last_rotated_at: now,
            next_rotation_at: None,
            last_rotation_job_id: None,
            is_last_rotation_manual: true,
        }
    }
}

pub(crate) fn list(state: &State, request: &Request<'_>) -> Outcome {
    let [project] = required(request.query, ["projectId"])?;
    state.plan_allows(Call::List)?;
    known_project(state, &project)?;
    state.permits(Call::List, &project)?;
    let wanted = |rotation: &&Rotation| rotation.listed && rotation.place.project_id == project;
    let list: Vec<Value> = state.seen().iter().filter(wanted).map(|rotation| state.rotation_json(rotation)).collect();
    Ok(named("secretRotations", list.into()))
}

pub(crate) fn read(state: &State, request: &Request<'_>) -> Outcome {
    let id = uuid_subject(request, "rotationId")?;
    state.plan_allows(Call::Read)?;
    let seen = state.seen();
    let rotation = seen.iter().find(|known| known.id == id).ok_or_else(|| refusals::unknown_rotation(&id))?;
    state.permits(Call::Read, &rotation.place.project_id)?;
    Ok(state.rotation_body(rotation))
}

pub(crate) fn read_by_name(state: &State, request: &Request<'_>) -> Outcome {
    let [project, environment, path] = required(request.query, ["projectId", "environment", "secretPath"])?;
    state.plan_allows(Call::ReadByName)?;
    let place = place(state, &project, &environment, without_trailing_slash(&path))?;
    state.other_types.refuse_rotation(&place, request.subject)?;
    let wanted = |known: &&Rotation| known.place.is_same(&place) && known.name == request.subject;
    let seen = state.seen();
    let rotation = seen.iter().find(wanted).ok_or_else(|| refusals::unknown_rotation_name(request.subject))?;
    state.permits(Call::ReadByName, &project)?;
    Ok(state.rotation_body(rotation))
}

pub(crate) fn update(state: &mut State, request: Request<'_>) -> Outcome {
    let id = uuid_subject(&request, "rotationId")?;
    let body = request.body.unwrap_or_default();
    let change: Change = checked(Shape::Update, body)?;
    state.plan_allows(Call::Update)?;
    let mut rotation = found(state, &id).map_err(|_| refusals::unknown_rotation_to_change(&id))?.clone();
    state.permits(Call::Update, &rotation.place.project_id)?;
    let secret = change.secrets_mapping.as_ref().map(|mapping| mapping.api_key.clone());
    if let Some(secret) = secret
        && secret != rotation.secret_name
    {
        secret_is_free(state, &rotation.place, &secret)?;
    }
    if let Some(name) = &change.name
        && *name != rotation.name
    {
        name_is_free(state, &rotation.place, name)?;
    }
    rotation.apply(change);
    let now = state.clock.now();
    rotation.reschedule(now).map_err(|_| Refusal::database("Update by id"))?;
    rotation.fits("Update by id")?;
    let changed = state.replace(rotation);
    let response = state.rotation_body(&changed);
    state.queue_if_due(&changed);
    Ok(response)
}

impl Rotation {
    fn apply(&mut self, change: Change) {
        if let Patch::Set(description) = change.description {
            self.description = description;
        }
        if let Some(mapping) = change.secrets_mapping {
            self.secret_name = mapping.api_key;
        }
        self.name = change.name.unwrap_or_else(|| std::mem::take(&mut self.name));
        self.parameters = change.parameters.unwrap_or_else(|| self.parameters.take());
        self.rotation_interval = change.rotation_interval.unwrap_or(self.rotation_interval);
        self.rotate_at_utc = change.rotate_at_utc.unwrap_or(self.rotate_at_utc);
        self.is_auto_rotation_enabled = change.is_auto_rotation_enabled.unwrap_or(self.is_auto_rotation_enabled);
    }
}

pub(crate) fn delete(state: &mut State, request: &Request<'_>) -> Result<Stage, Refusal> {
    let id = uuid_subject(request, "rotationId")?;
    let secret = flag(request.query, "deleteSecrets")?;
    let revoke = flag(request.query, "revokeGeneratedCredentials")?;
    let rotation = found(state, &id)?.clone();
    state.permits(Call::Delete, &rotation.place.project_id)?;
    if revoke {
        return Ok(Stage::AtOpenRouter(Work::Delete { rotation: Box::new(rotation), secret }));
    }
    state.remove(&id, secret, false);
    Ok(Stage::Done(Ok(state.rotation_body(&rotation)).into()))
}

pub(crate) fn rotate(state: &mut State, request: &Request<'_>) -> Result<Stage, Refusal> {
    let id = uuid_subject(request, "rotationId")?;
    state.plan_allows(Call::Rotate)?;
    let rotation = found(state, &id)?;
    state.permits(Call::Rotate, &rotation.place.project_id)?;
    if !state.lock(&id) {
        return Err(refusals::in_progress());
    }
    Ok(Stage::AtOpenRouter(Work::Rotate { id }))
}

pub(crate) fn credentials(state: &State, request: &Request<'_>) -> Outcome {
    let id = uuid_subject(request, "rotationId")?;
    state.plan_allows(Call::Credentials)?;
    found(state, &id)?;
    let seen = state.seen();
    let rotation = seen.iter().find(|known| known.id == id).ok_or_else(|| refusals::unknown_rotation(&id))?;
    state.permits(Call::Credentials, &rotation.place.project_id)?;
    let sets: Vec<Value> = rotation
        .hashes
        .iter()
        .map(|hash| {
            let key = state.openrouter.value(hash);
            json!({ "apiKey": secrecy::ExposeSecret::expose_secret(&key), "keyHash": hash })
        })
        .collect();
    Ok(json!({
        "generatedCredentials": sets,
        "activeIndex": rotation.active_index,
        "rotationId": rotation.id,
        "type": "open-router-api-key",
    }))
}

fn found<'a>(state: &'a State, id: &str) -> Result<&'a Rotation, Refusal> {
    let known = state.rotations.iter().find(|known| known.id == id);
    let is_seen = state.checked().iter().any(|known| known.id == id);
    known.filter(|_| is_seen).ok_or_else(|| refusals::unknown_rotation(id))
}

fn known_project(state: &State, id: &str) -> Result<(), Refusal> {
    if state.projects.has_project(id) { Ok(()) } else { Err(refusals::unknown_project(id)) }
}

/// Finds the folder. An unknown project or environment is refused like an unknown folder.
fn place(state: &State, project: &str, environment: &str, path: &str) -> Result<Place, Refusal> {
    let place = state.projects.place(project, environment, path);
    place.ok_or_else(|| refusals::unknown_folder(project, environment, path))
}

/// Normalizes the body, validates it with its schema, and deserializes it.
fn checked<T: serde::de::DeserializeOwned>(shape: Shape, mut body: Value) -> Result<T, Refusal> {
    const TRIMMED: [&str; 7] = [
        "/name",
        "/description",
        "/projectId",
        "/environment",
        "/secretPath",
        "/parameters/name",
        "/secretsMapping/apiKey",
    ];
    number::as_javascript(&mut body);
    strip(shape, &mut body);
    trim_at(&mut body, &TRIMMED);
    if let Some(Value::String(path)) = body.get_mut("secretPath") {
        // Two steps of the server remove one slash each.
        *path = without_trailing_slash(without_trailing_slash(path)).to_owned();
    }
    let mut issues = check_request(shape, &body);
    if issues.is_empty() {
        let slugs = ["name", "environment"].into_iter().filter_map(|key| slug_issue(&body, key));
        issues.extend(slugs.chain(path_issue(&body)).chain(secret_name_issue(&body)).collect::<Vec<Issue>>());
    }
    if let Some(parameters) = body.get_mut("parameters") {
        number::infinite_as_null(parameters);
    }
    if issues.is_empty() { typed(body) } else { Err(Refusal::invalid(issues)) }
}
