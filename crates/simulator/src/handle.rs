//! The simulator's controls: what tests look at and turn.

use std::sync::Arc;

use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    connection::Connection,
    openrouter::Key,
    record::Recorded,
    shared::Shared,
    world::{Secret, Unknown},
};

/// How many of each there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rotations in Infisical.
    pub rotations: usize,
    /// Secrets in Infisical.
    pub secrets: usize,
    /// Keys at OpenRouter that still work.
    pub live_keys: usize,
}

/// The controls of a simulator: cheap to clone, and usable from any thread.
///
/// It works as long as the [`Simulator`](crate::Simulator) runs; after that it still shows what was there.
#[derive(Clone)]
pub struct Handle(pub(crate) Arc<Shared>);

/// Where it is and how to get in.
impl Handle {
    /// The address, such as `http://127.0.0.1:8080`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// An access token that is always good.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0.token
    }

    /// The client id of the universal login.
    #[must_use]
    pub fn client_id(&self) -> &'static str {
        crate::CLIENT_ID
    }

    /// The client secret of the universal login.
    #[must_use]
    pub fn client_secret(&self) -> &'static str {
        crate::CLIENT_SECRET
    }

    /// The project that is there from the start, with `dev`, `staging` and `prod`.
    #[must_use]
    pub fn project_id(&self) -> &'static str {
        crate::PROJECT_ID
    }

    /// The connection that is there from the start; its name is `openrouter`.
    #[must_use]
    pub fn connection_id(&self) -> &'static str {
        crate::CONNECTION_ID
    }
}

/// What it holds.
impl Handle {
    /// The requests since the start or the last clearing, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.0.state().records.all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.0.state().records.clear();
    }

    /// All rotations as the API answers them, in order of creation.
    #[must_use]
    pub fn rotations(&self) -> Vec<Value> {
        let state = self.0.state();
        state.rotations.iter().map(|rotation| state.rotation_json(rotation)).collect()
    }

    /// One rotation as the API answers it.
    #[must_use]
    pub fn rotation(&self, id: &str) -> Option<Value> {
        let state = self.0.state();
        let found = state.rotations.iter().find(|rotation| rotation.id == id)?;
        Some(state.rotation_json(found))
    }

    /// All connections as the API answers them, in order of creation.
    #[must_use]
    pub fn connections(&self) -> Vec<Value> {
        self.0.state().connections.iter().map(Connection::to_json).collect()
    }

    /// All secrets.
    #[must_use]
    pub fn secrets(&self) -> Vec<Secret> {
        self.0.state().world.secrets.clone()
    }

    /// The keys at OpenRouter that still work, in order of issue.
    #[must_use]
    pub fn live_keys(&self) -> Vec<Key> {
        self.0.state().openrouter.live().cloned().collect()
    }

    /// How many keys were ever issued, deleted ones included.
    #[must_use]
    pub fn issued_keys(&self) -> usize {
        self.0.state().openrouter.issued()
    }

    /// The keys that still work although no rotation has them, in order of issue: those of creates and rotations that
    /// failed after the key was issued, and those that a delete left.
    #[must_use]
    pub fn orphaned_keys(&self) -> Vec<Key> {
        self.0.state().orphaned_keys().cloned().collect()
    }

    /// How many webhooks the server sent about rotations that failed: one for each attempt.
    #[must_use]
    pub fn webhooks(&self) -> usize {
        self.0.state().webhooks
    }

    /// All that a client was ever given or might have been and must not show: the access tokens of the logins, and
    /// the values of all keys that were ever issued. To search logs and files for.
    #[must_use]
    pub fn secrets_handed_out(&self) -> Vec<SecretString> {
        let state = self.0.state();
        state.logins.handed_out().chain(state.openrouter.values()).collect()
    }

    /// How many rotations, secrets and live keys there are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let state = self.0.state();
        Counts {
            rotations: state.rotations.len(),
            secrets: state.world.secrets.len(),
            live_keys: state.openrouter.live().count(),
        }
    }
}

/// More of the world.
impl Handle {
    /// A new project with `dev`, `staging` and `prod`; returns its id.
    #[must_use]
    pub fn add_project(&self) -> String {
        let id = Uuid::new_v4().to_string();
        self.0.state().world.add_project(&id);
        id
    }

    /// An environment with its root folder.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such project.
    pub fn add_environment(&self, project_id: &str, slug: &str) -> Result<(), Unknown> {
        self.0.state().world.add_environment(project_id, slug)
    }

    /// A folder, and those above it.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such project or environment.
    pub fn add_folder(&self, project_id: &str, environment: &str, path: &str) -> Result<(), Unknown> {
        self.0.state().world.add_folder(project_id, environment, path)
    }

    /// A connection for all projects; returns its id.
    #[must_use]
    pub fn add_connection(&self, name: &str) -> String {
        let id = Uuid::new_v4().to_string();
        let mut state = self.0.state();
        let connection = Connection::new(&id, name, state.clock.now());
        state.connections.push(connection);
        id
    }

    /// A secret that no rotation made.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such folder.
    pub fn add_secret(&self, project_id: &str, environment: &str, path: &str, name: &str) -> Result<(), Unknown> {
        let mut state = self.0.state();
        let place = state.world.place(project_id, environment, path);
        let place = place.ok_or_else(|| Unknown::new("folder", path))?;
        state.world.set_secret(&place, name, SecretString::from("set by hand"));
        Ok(())
    }
}
