//! The calls on app connections to `OpenRouter`.

use super::client::Client;
use super::connection::{Connection, ConnectionPatch, NewConnection, find_request, is_at, without_spaces};
use super::create::{Created, create};
use super::error::Error;
use super::known::Known;
use super::object::{Object, Patch};
use super::objects::Objects;
use super::operation::Operation;
use super::users::{self, ConnectionUsers};

/// The calls on app connections, from [`Client::connections`].
#[derive(Clone, Copy)]
pub struct Connections<'a> {
    objects: Objects<'a, Connection>,
}

impl Client {
    /// The calls on app connections.
    pub fn connections(&self) -> Connections<'_> {
        Connections { objects: Objects { client: self, shared: self.shared_connections() } }
    }
}

impl Connections<'_> {
    /// Creates a connection, whose key the API validates: one lookup of the name (or one list for all creates), and one
    /// POST. The POST is repeated by the same rule as that of a rotation.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`] when the API rejects it.
    /// - [`Error::AlreadyExists`], with the other one's id, when a connection of that name already exists.
    /// - [`Error::OutcomeUnknown`] when the response was lost, and the lookup found no connection or failed.
    /// - Any other error when no connection was created, as far as a lookup could tell.
    pub async fn create(self, new: &NewConnection) -> Result<Created<Connection>, Error> {
        self.objects.client.hide(&[without_spaces(&new.api_key)]);
        create(self.objects, new).await
    }

    /// Reads one connection: one GET, repeated on transient failures for at most a minute. If it is in an older state than
    /// this client has seen, or than `known`, it is read again for 15 s.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`], with `is_not_found()`, when the API itself says that it does not exist.
    /// - [`Error::Unreachable`] when no response came in time.
    /// - [`Error::UnexpectedResponse`], which names the field, when the response is not a connection.
    pub async fn get(self, id: &str, known: Known<'_>) -> Result<Connection, Error> {
        self.objects.get(id, known).await
    }

    /// Finds a connection by its name: one GET. A name is unique within a project, or within the organization. Within a
    /// minute of a create or an update by this client, a missing connection is looked up again for 15 s.
    ///
    /// # Errors
    ///
    /// Those of [`Connections::get`].
    pub async fn find_by_name(self, project_id: Option<&str>, name: &str) -> Result<Connection, Error> {
        self.objects.find_current(&find_request(project_id, name), |one| is_at(one, project_id, name)).await
    }

    /// Finds a connection by its name: one GET.
    ///
    /// # Errors
    ///
    /// Those of [`Connections::get`].
    pub async fn by_name(self, project_id: Option<&str>, name: &str) -> Result<Connection, Error> {
        self.objects.find_exactly(&find_request(project_id, name), |one| is_at(one, project_id, name)).await
    }

    /// Lists all connections that the identity may see, or those of a project: one GET.
    ///
    /// # Errors
    ///
    /// Those of [`Connections::get`].
    pub async fn list(self, project_id: Option<&str>) -> Result<Vec<Connection>, Error> {
        self.objects.list(project_id.unwrap_or_default()).await
    }

    /// Changes a connection: one PATCH with the fields that are `Some`.
    ///
    /// # Errors
    ///
    /// Those of [`Connections::get`].
    pub async fn update(self, id: &str, patch: &ConnectionPatch) -> Result<Connection, Error> {
        self.objects.client.hide(&patch.secrets());
        Ok(self.objects.update(id, patch).await?)
    }

    /// Deletes a connection: one DELETE. If a repeated DELETE finds no connection, that counts as success.
    ///
    /// # Errors
    ///
    /// Those of [`Connections::get`]; the API refuses to delete one that is in use.
    pub async fn delete(self, id: &str, known: Known<'_>) -> Result<(), Error> {
        self.objects.delete(id, &Connection::request(Operation::Delete, &[id]), known).await
    }

    /// The rotations that use a connection, for the message when it cannot be deleted: one list of rotations for the
    /// connection's project or, for a connection of the organization, one list of projects and one of rotations for each of
    /// at most 20 projects. Rotations that the identity may not read are left out.
    pub async fn users(self, id: &str, project_id: Option<&str>) -> ConnectionUsers {
        users::of(self.objects.client, id, project_id).await
    }
}
