//! The handle through which tests inspect and control the simulator.

use std::sync::Arc;

use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    connection::Connection,
    openrouter::Key,
    projects::{Secret, Unknown},
    recorded_request::RecordedRequest,
    shared::Shared,
};

/// The number of objects of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rotations in Infisical.
    pub rotations: usize,
    /// Secrets in Infisical.
    pub secrets: usize,
    /// Keys at OpenRouter that are still valid.
    pub live_keys: usize,
}

/// Inspects and controls a simulator. It is cheap to clone and can be used from any thread.
///
/// After the [`Simulator`](crate::Simulator) has stopped, it still shows the last contents.
#[derive(Clone)]
pub struct Handle(pub(crate) Arc<Shared>);

/// The address and the credentials.
impl Handle {
    /// The address, such as `http://127.0.0.1:8080`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// An access token that is always valid.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0.token
    }

    /// The client id for a login with universal auth.
    #[must_use]
    pub fn client_id(&self) -> &'static str {
        crate::CLIENT_ID
    }

    /// The client secret for a login with universal auth.
    #[must_use]
    pub fn client_secret(&self) -> &'static str {
        crate::CLIENT_SECRET
    }

    /// The id of the project that exists from the start, with `dev`, `staging` and `prod`.
    #[must_use]
    pub fn project_id(&self) -> &'static str {
        crate::PROJECT_ID
    }

    /// The id of the connection that exists from the start; its name is `openrouter`.
    #[must_use]
    pub fn connection_id(&self) -> &'static str {
        crate::CONNECTION_ID
    }
}

/// The contents.
impl Handle {
    /// The requests since the start or the last [`Handle::clear_requests`], in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.0.state().records.all()
    }

    /// Whether a request is being executed. One whose client has disconnected is executed to its end.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.0.is_busy()
    }

    /// Clears the list of requests.
    pub fn clear_requests(&self) {
        self.0.state().records.clear();
    }

    /// All rotations as the API returns them, in order of creation.
    #[must_use]
    pub fn rotations(&self) -> Vec<Value> {
        let state = self.0.state();
        state.rotations.iter().map(|rotation| state.rotation_json(rotation)).collect()
    }

    /// One rotation as the API returns it.
    #[must_use]
    pub fn rotation(&self, id: &str) -> Option<Value> {
        let state = self.0.state();
        let found = state.rotations.iter().find(|rotation| rotation.id == id)?;
        Some(state.rotation_json(found))
    }

    /// All connections as the API returns them, in order of creation.
    #[must_use]
    pub fn connections(&self) -> Vec<Value> {
        self.0.state().connections.iter().map(Connection::to_json).collect()
    }

    /// All secrets.
    #[must_use]
    pub fn secrets(&self) -> Vec<Secret> {
        self.0.state().projects.secrets.clone()
    }

    /// The keys at OpenRouter that are still valid, in order of issue.
    #[must_use]
    pub fn live_keys(&self) -> Vec<Key> {
        self.0.state().openrouter.live().cloned().collect()
    }

    /// The number of keys that were ever issued, including deleted ones.
    #[must_use]
    pub fn issued_keys(&self) -> usize {
        self.0.state().openrouter.issued()
    }

    /// The keys that are still valid but belong to no rotation, in order of issue: those of creates and rotations that
    /// failed after the key was issued, and those that a delete left behind.
    #[must_use]
    pub fn orphaned_keys(&self) -> Vec<Key> {
        self.0.state().orphaned_keys().cloned().collect()
    }

    /// The number of webhooks that the server sent about failed rotations: one for each attempt.
    #[must_use]
    pub fn webhooks(&self) -> usize {
        self.0.state().webhooks
    }

    /// All secrets that the server created and a client must not reveal: the access tokens of all logins, and the
    /// values of all keys that were ever issued. Tests search logs and files for them.
    #[must_use]
    pub fn secrets_handed_out(&self) -> Vec<SecretString> {
        let state = self.0.state();
        state.logins.issued().chain(state.openrouter.values()).collect()
    }

    /// The number of rotations, secrets and live keys.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let state = self.0.state();
        Counts {
            rotations: state.rotations.len(),
            secrets: state.projects.secrets.len(),
            live_keys: state.openrouter.live().count(),
        }
    }
}

/// More contents.
impl Handle {
    /// Adds a project with `dev`, `staging` and `prod`, and returns its id.
    #[must_use]
    pub fn add_project(&self) -> String {
        let id = Uuid::new_v4().to_string();
        self.0.state().projects.add_project(&id);
        id
    }

    /// Adds an environment with its root folder.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such project.
    pub fn add_environment(&self, project_id: &str, slug: &str) -> Result<(), Unknown> {
        self.0.state().projects.add_environment(project_id, slug)
    }

    /// Adds a folder and its parents.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such project or environment.
    pub fn add_folder(&self, project_id: &str, environment: &str, path: &str) -> Result<(), Unknown> {
        self.0.state().projects.add_folder(project_id, environment, path)
    }

    /// Adds a connection for all projects, and returns its id.
    #[must_use]
    pub fn add_connection(&self, name: &str) -> String {
        let id = Uuid::new_v4().to_string();
        let mut state = self.0.state();
        let connection = Connection::new(&id, name, state.clock.now());
        state.connections.push(connection);
        id
    }

    /// Adds a secret that belongs to no rotation.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such folder.
    pub fn add_secret(&self, project_id: &str, environment: &str, path: &str, name: &str) -> Result<(), Unknown> {
        let mut state = self.0.state();
        let place = state.projects.place(project_id, environment, path);
        let place = place.ok_or_else(|| Unknown::new("folder", path))?;
        state.projects.set_secret(&place, name, SecretString::from("set by hand"));
        Ok(())
    }
}
