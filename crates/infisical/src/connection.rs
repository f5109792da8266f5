//! An app connection to `OpenRouter`: the requests, and the object that the API returns.

use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};

use super::error::Error;
use super::object::{NewObject, Object, Patch};
use super::operation::{Operation, Subject};
use super::request::Request;
use super::returned::returned;
use super::spelling::{same_trimmed, trimmed};

/// The request to create a connection. Fields that are `None` are not sent.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewConnection {
    /// The name, unique within its project or organization. The API trims it.
    pub name: String,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The id of the project that it belongs to; `None` for the organization.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "without_spaces_around")]
    pub project_id: Option<String>,
    /// The provisioning key, which the API validates.
    #[serde(rename = "credentials", serialize_with = "credentials")]
    pub api_key: SecretString,
}

/// The request to change a connection. `None` is not sent; `Some(None)` clears the field.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionPatch {
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The new description, or null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Option<String>>,
    /// The new provisioning key, which the API validates.
    #[serde(rename = "credentials", skip_serializing_if = "Option::is_none", serialize_with = "new_credentials")]
    pub api_key: Option<SecretString>,
}

returned! {
    /// A connection as the API returns it, without its key. Only `id` is always there.
    Connection {
        name: String [required];
        description: String;
        version: i64 [required];
        org_id: String [required];
        project_id: String;
        app: String [required];
        method: String [required];
        credentials_hash: String [required];
        created_at: String [required];
        updated_at: String [required];
    }
}

impl ConnectionPatch {
    /// Whether nothing is to be changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.description.is_none() && self.api_key.is_none()
    }
}

/// The body of the request to create a connection.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    new: &'a NewConnection,
    method: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Credentials<'a> {
    api_key: &'a str,
}

impl<'a> Credentials<'a> {
    fn of(api_key: &'a SecretString) -> Self {
        Self { api_key: trimmed(api_key.expose_secret()) }
    }
}

fn credentials<S: Serializer>(api_key: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    Credentials::of(api_key).serialize(serializer)
}

fn new_credentials<S: Serializer>(api_key: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    api_key.as_ref().map(Credentials::of).serialize(serializer)
}

/// The API trims other texts itself.
fn without_spaces_around<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().map(trimmed).serialize(serializer)
}

/// The key as it is sent.
pub(super) fn without_spaces(api_key: &SecretString) -> SecretString {
    trimmed(api_key.expose_secret()).into()
}

impl Object for Connection {
    const SUBJECT: Subject = Subject::Connection;
    const BASE: &'static str = "/api/v1/app-connections/open-router";
    const ONE: &'static str = "appConnection";
    const MANY: &'static str = "appConnections";
    const CALLED: &'static str = "An app connection";

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn updated_at(&self) -> Option<&str> {
        self.updated_at.as_deref()
    }

    /// Without a project id, the API lists all connections that the identity may see.
    fn list_request(project_id: &str) -> Request {
        let request = Self::request(Operation::List, &[]);
        if project_id.is_empty() { request } else { request.query("projectId", trimmed(project_id)) }
    }
}

/// The request that finds a connection by name, in the spelling that the API stores.
pub(super) fn find_request(project_id: Option<&str>, name: &str) -> Request {
    let request = Connection::request(Operation::GetByName, &["connection-name", trimmed(name)]);
    match project_id {
        Some(project_id) => request.query("projectId", trimmed(project_id)),
        None => request,
    }
}

/// Whether the connection has that name and project; `None` if it lacks some of them and the others match.
pub(super) fn is_at(connection: &Connection, project_id: Option<&str>, name: &str) -> Option<bool> {
    let told = [
        connection.name.as_deref().map(|told| same_trimmed(told, name)),
        match (connection.project_id.as_deref(), project_id) {
            (Some(told), Some(asked)) => Some(same_trimmed(told, asked)),
            (Some(_), None) => Some(false),
            (None, Some(_)) => None,
            (None, None) => Some(true),
        },
    ];
    if told.contains(&Some(false)) { Some(false) } else { told.into_iter().collect::<Option<Vec<_>>>().map(|_| true) }
}

impl NewObject for NewConnection {
    type Object = Connection;

    fn scope(&self) -> &str {
        self.project_id.as_deref().map(trimmed).unwrap_or_default()
    }

    fn find_request(&self) -> Request {
        find_request(self.project_id.as_deref(), &self.name)
    }

    fn create_request(&self) -> Result<Request, Error> {
        Ok(Connection::request(Operation::Create, &[])
            .json(&Body { new: self, method: "api-key" })?
            .hiding(vec![without_spaces(&self.api_key)])
            .slow())
    }

    fn differences(&self, found: &Connection) -> Vec<&'static str> {
        let ours = self.project_id.as_deref().unwrap_or_default();
        let theirs = found.project_id.as_deref().unwrap_or_default();
        let same = [
            ("name", found.name.as_ref().is_none_or(|name| same_trimmed(name, &self.name))),
            ("projectId", same_trimmed(ours, theirs)),
        ];
        same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
    }

    fn is_elsewhere(&self, found: &Connection) -> bool {
        let ours = self.project_id.as_deref().unwrap_or_default();
        found.name.as_deref().is_some_and(|name| !same_trimmed(name, &self.name))
            || found.project_id.as_deref().is_some_and(|theirs| !same_trimmed(ours, theirs))
    }

    fn key_name(&self) -> Option<&str> {
        None // a connection stores a key, but none is issued for it
    }
}

impl Patch for ConnectionPatch {
    type Object = Connection;

    fn is_slow(&self) -> bool {
        self.api_key.is_some()
    }

    fn secrets(&self) -> Vec<SecretString> {
        self.api_key.iter().map(without_spaces).collect()
    }

    fn holds_in(&self, connection: &Connection) -> bool {
        let text = |text: Option<&str>| trimmed(text.unwrap_or_default()).to_owned();
        self.api_key.is_none() // responses never contain it
            && self.name.as_deref().is_none_or(|name| text(Some(name)) == text(connection.name.as_deref()))
            && self.description.as_ref().is_none_or(|asked| text(asked.as_deref()) == text(connection.description.as_deref()))
    }
}
