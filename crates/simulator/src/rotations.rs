//! The calls on rotations.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    answer::{Issue, Outcome, Refusal, named},
    connection, number,
    request::{Asked, Patch, demanded, flag, present, typed, uuid_subject},
    rotation::{BeyondCalendar, IN_PROGRESS, RotateAtUtc, Rotation},
    schema::{PATCHABLE, Shape, check_request},
    state::State,
    text::{lower_at, secret_name_issue, slug_issue, trim_at, without_trailing_slash},
    world::Place,
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

pub(crate) fn create(state: &mut State, asked: Asked<'_>) -> Outcome {
    let new: New = checked(Shape::Create, asked.body.unwrap_or_default())?;
    let place = place(state, &new.project_id, &new.environment, &new.secret_path)?;
    let connection_id = new.connection_id.to_lowercase();
    let found = state.connections.iter().find(|known| known.id == connection_id);
    let found = found.ok_or_else(|| connection::unknown(&connection_id))?;
    if !found.serves(&place.project_id) {
        return Err(Refusal::bad_request("The app connection belongs to another project"));
    }
    name_is_free(state, &place, &new.name)?;
    secret_is_free(state, &place, &new.secrets_mapping.api_key)?;
    let rotation = made(state, new, place)?;
    let answer = state.answer(&rotation);
    state.rotations.push(rotation);
    Ok(answer)
}

/// Issues the first key, stores it as the secret, and makes the rotation.
fn made(state: &mut State, new: New, place: Place) -> Result<Rotation, Refusal> {
    let now = state.clock.now();
    let mut rotation = Rotation {
        name: new.name,
        description: new.description,
        is_auto_rotation_enabled: new.is_auto_rotation_enabled.unwrap_or(true),
        rotation_interval: new.rotation_interval,
        rotate_at_utc: new.rotate_at_utc.unwrap_or_default(),
        parameters: new.parameters,
        secret_name: new.secrets_mapping.api_key,
        rotation_status: "success".to_owned(),
        last_rotation_message: None,
        listed: true,
        id: Uuid::new_v4().to_string(),
        place,
        connection_id: new.connection_id.to_lowercase(),
        active_index: 0,
        hashes: Vec::new(),
        created_at: now,
        updated_at: now,
        last_rotation_attempted_at: now,
        last_rotated_at: now,
        next_rotation_at: None,
        last_rotation_job_id: None,
        is_last_rotation_manual: true,
    };
    rotation.reschedule()?; // before the key, so that a refusal leaves none behind
    let hash = state.openrouter.issue(&rotation.parameters);
    state.world.set_secret(&rotation.place, &rotation.secret_name, state.openrouter.value(&hash));
    rotation.hashes.push(hash);
    Ok(rotation)
}

pub(crate) fn list(state: &State, asked: &Asked<'_>) -> Outcome {
    let [project] = demanded(asked.query, ["projectId"])?;
    if !state.world.has_project(&project) {
        return Err(unknown_project(&project));
    }
    let wanted = |rotation: &&Rotation| rotation.listed && rotation.place.project_id == project;
    let list: Vec<Value> =
        state.rotations.iter().filter(wanted).map(|rotation| state.rotation_json(rotation)).collect();
    Ok(named("secretRotations", list.into()))
}

pub(crate) fn read(state: &State, asked: &Asked<'_>) -> Outcome {
    Ok(state.answer(found(state, asked)?))
}

pub(crate) fn read_by_name(state: &State, asked: &Asked<'_>) -> Outcome {
    let [project, environment, path] = demanded(asked.query, ["projectId", "environment", "secretPath"])?;
    let place = place(state, &project, &environment, without_trailing_slash(&path))?;
    let wanted = |known: &&Rotation| known.place.is_same(&place) && known.name == asked.subject;
    let rotation =
        state.rotations.iter().find(wanted).ok_or_else(|| {
            Refusal::not_found(format!("There is no rotation named {:?} in that folder", asked.subject))
        })?;
    Ok(state.answer(rotation))
}

pub(crate) fn update(state: &mut State, asked: Asked<'_>) -> Outcome {
    let mut rotation = found(state, &asked)?.clone();
    let body = patchable(asked.body.unwrap_or_default());
    let nothing = body.as_object().is_some_and(Map::is_empty);
    let change: Change = checked(Shape::Update, body)?;
    if nothing {
        return Ok(state.answer(&rotation));
    }
    if let Some(name) = &change.name
        && *name != rotation.name
    {
        name_is_free(state, &rotation.place, name)?;
    }
    let secret = change.secrets_mapping.as_ref().map(|mapping| mapping.api_key.clone());
    if let Some(secret) = secret
        && secret != rotation.secret_name
    {
        secret_is_free(state, &rotation.place, &secret)?;
    }
    rotation.apply(change);
    rotation.reschedule()?;
    Ok(state.replace(rotation))
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

pub(crate) fn delete(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let delete_secrets = flag(asked.query, "deleteSecrets")?;
    let revoke = flag(asked.query, "revokeGeneratedCredentials")?;
    let id = found(state, asked)?.id.clone();
    let rotation = state.remove(&id, delete_secrets, revoke).ok_or_else(|| unknown(&id))?;
    Ok(state.answer(&rotation))
}

pub(crate) fn rotate(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let mut rotation = found(state, asked)?.clone();
    if rotation.rotation_status == IN_PROGRESS {
        return Err(Refusal::bad_request("A rotation of this secret is in progress"));
    }
    state.rotate(&mut rotation, None)?;
    Ok(state.replace(rotation))
}

pub(crate) fn credentials(state: &State, asked: &Asked<'_>) -> Outcome {
    let rotation = found(state, asked)?;
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

fn found<'a>(state: &'a State, asked: &Asked<'_>) -> Result<&'a Rotation, Refusal> {
    let id = uuid_subject(asked, "rotationId")?;
    state.rotations.iter().find(|known| known.id == id).ok_or_else(|| unknown(&id))
}

fn unknown(id: &str) -> Refusal {
    Refusal::not_found(format!("There is no rotation with the id {id:?}"))
}

fn unknown_project(id: &str) -> Refusal {
    Refusal::not_found(format!("There is no project {id:?}"))
}

/// The folder; 404 without its project, 400 without the environment or the folder itself.
fn place(state: &State, project: &str, environment: &str, path: &str) -> Result<Place, Refusal> {
    if !state.world.has_project(project) {
        return Err(unknown_project(project));
    }
    state.world.place(project, environment, path).ok_or_else(|| {
        let message = format!("No folder {path:?} in environment {environment:?} of this project");
        Refusal::bad_request(message)
    })
}

fn name_is_free(state: &State, place: &Place, name: &str) -> Result<(), Refusal> {
    if state.rotations.iter().any(|known| known.place.is_same(place) && known.name == name) {
        let message = format!("A rotation named {name:?} already exists at {}", place.path);
        return Err(Refusal::bad_request(message));
    }
    Ok(())
}

fn secret_is_free(state: &State, place: &Place, name: &str) -> Result<(), Refusal> {
    if state.world.has_secret(place, name) {
        let message = format!("A secret named {name:?} already exists at {}", place.path);
        return Err(Refusal::bad_request(message));
    }
    Ok(())
}

/// The keys that PATCH knows; all others are dropped without a word.
fn patchable(body: Value) -> Value {
    match body {
        Value::Object(fields) => {
            let known = |(key, _): &(String, Value)| PATCHABLE.contains(&key.as_str());
            fields.into_iter().filter(known).collect()
        }
        other => other,
    }
}

/// Tidies a body, holds it against its schema, and gives it a type.
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
    trim_at(&mut body, &TRIMMED);
    lower_at(&mut body, &["/name", "/environment"]);
    if let Some(Value::String(path)) = body.get_mut("secretPath") {
        *path = without_trailing_slash(path).to_owned();
    }
    let mut issues = check_request(shape, &body);
    if issues.is_empty() {
        let slugs = ["name", "environment"].into_iter().filter_map(|key| slug_issue(&body, key));
        issues.extend(slugs.chain(secret_name_issue(&body)).collect::<Vec<Issue>>());
    }
    if issues.is_empty() { typed(body) } else { Err(Refusal::invalid(issues)) }
}

impl From<BeyondCalendar> for Refusal {
    /// JavaScript's dates throw there, which the real server answers with a 500.
    fn from(_: BeyondCalendar) -> Self {
        Self::internal("Something failed on the server: invalid time value")
    }
}
