//! The simulator's controls: what tests look at and turn.

use std::{sync::Arc, time::Duration};

use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    connection::Connection,
    fault::Fault,
    openrouter::Key,
    record::Recorded,
    rotation::Rotation,
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

/// What happens outside of Terraform.
impl Handle {
    /// Somebody deleted the rotation in the console, with its secret and keys.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such rotation.
    pub fn forget(&self, id: &str) -> Result<(), Unknown> {
        self.0.state().remove(id, true, true).map(drop).ok_or_else(|| Unknown::new("rotation", id))
    }

    /// Somebody changed the rotation in the console. The schedule and the
    /// secret's name follow. Don't use the simulator inside of `change`: it waits for it.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such rotation.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut Rotation)) -> Result<(), Unknown> {
        let mut state = self.0.state();
        let found = state.rotations.iter().find(|rotation| rotation.id == id);
        let mut rotation = found.ok_or_else(|| Unknown::new("rotation", id))?.clone();
        change(&mut rotation);
        // A schedule beyond the calendar has no next date.
        drop(rotation.reschedule());
        state.replace(rotation);
        Ok(())
    }

    /// The server rotated the key on its own.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such rotation.
    pub fn rotate(&self, id: &str) -> Result<(), Unknown> {
        let mut state = self.0.state();
        let found = state.rotations.iter().find(|rotation| rotation.id == id);
        let mut rotation = found.ok_or_else(|| Unknown::new("rotation", id))?.clone();
        let job = format!("secret-rotation-v2-{}", Uuid::new_v4());
        if state.rotate(&mut rotation, Some(job)).is_ok() {
            state.replace(rotation);
        }
        Ok(())
    }

    /// The tokens of all logins so far expire now: 403 `TokenError`. The fixed token stays good.
    pub fn expire_tokens(&self) {
        let mut state = self.0.state();
        let now = state.clock.now();
        state.logins.expire_all(now);
    }

    /// The tokens of all logins so far are revoked: 401. The fixed token stays good.
    pub fn revoke_tokens(&self) {
        self.0.state().logins.revoke_all();
    }

    /// How long the tokens of later logins live; two hours unless set. Whole seconds are told to the client.
    pub fn set_token_ttl(&self, ttl: Duration) {
        self.0.state().logins.ttl = ttl;
    }

    /// Whether the organization's plan lacks rotations, so that every call on them is refused.
    pub fn refuse_plan(&self, refuse: bool) {
        self.0.state().plan_refused = refuse;
    }

    /// So many reads and so many writes a minute, each; None for no limit. Begins to count anew.
    pub fn set_rate_limit(&self, per_minute: Option<u32>) {
        self.0.state().rate.set(per_minute);
    }

    /// Moves the simulator's clock forward: timestamps, expiry of tokens, rate-limit windows, `Date`.
    pub fn advance(&self, by: Duration) {
        self.0.state().clock.advance(by);
    }

    /// Sets a fault, beside those that are set already.
    pub fn fault(&self, fault: Fault) {
        self.0.state().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.0.state().faults.clear();
    }
}
