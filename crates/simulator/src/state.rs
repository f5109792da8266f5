//! All that the simulator knows, and the steps that calls and tests share.

use serde_json::Value;

use crate::{
    answer::named,
    clock::Clock,
    connection::Connection,
    faults::Faults,
    login::Logins,
    openrouter::OpenRouter,
    rate::Rate,
    record::Records,
    rotation::{BeyondCalendar, Rotation},
    world::World,
};

/// The server's memory. Everything is done under one lock, so each call is atomic.
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) world: World,
    pub(crate) connections: Vec<Connection>,
    pub(crate) rotations: Vec<Rotation>,
    pub(crate) openrouter: OpenRouter,
    pub(crate) logins: Logins,
    pub(crate) faults: Faults,
    pub(crate) rate: Rate,
    pub(crate) records: Records,
    pub(crate) plan_refused: bool,
}

impl State {
    pub(crate) fn rotation_json(&self, rotation: &Rotation) -> Value {
        let connection = self.connections.iter().find(|known| known.id == rotation.connection_id);
        rotation.to_json(connection.map_or("", |connection| &connection.name))
    }

    /// `{ secretRotation }`.
    pub(crate) fn answer(&self, rotation: &Rotation) -> Value {
        named("secretRotation", self.rotation_json(rotation))
    }

    /// Replaces the active key: issues a new one by the current parameters,
    /// writes it into the secret, and deletes the key of the set before last.
    ///
    /// `job` is the id of the server's own job, or None when somebody asked for it.
    pub(crate) fn rotate(&mut self, rotation: &mut Rotation, job: Option<String>) -> Result<(), BeyondCalendar> {
        let now = self.clock.now();
        rotation.last_rotated_at = now;
        rotation.reschedule()?; // before the key, so that a refusal leaves none behind
        rotation.last_rotation_attempted_at = now;
        rotation.is_last_rotation_manual = job.is_none();
        rotation.last_rotation_job_id = job;
        rotation.last_rotation_message = None;
        "success".clone_into(&mut rotation.rotation_status);
        let hash = self.openrouter.issue(&rotation.parameters);
        let value = self.openrouter.value(&hash);
        self.world.set_secret(&rotation.place, &rotation.secret_name, value);
        rotation.active_index = 1 - rotation.active_index;
        match rotation.hashes.get_mut(rotation.active_index) {
            Some(oldest) => self.openrouter.delete(&std::mem::replace(oldest, hash)),
            None => rotation.hashes.push(hash),
        }
        Ok(())
    }

    /// Puts a changed rotation in its place, stamped, renames its secret if the
    /// mapping changed, and returns the answer.
    pub(crate) fn replace(&mut self, mut changed: Rotation) -> Value {
        changed.updated_at = self.clock.now();
        let answer = self.answer(&changed);
        if let Some(old) = self.rotations.iter_mut().find(|known| known.id == changed.id) {
            self.world.rename_secret(&old.place, &old.secret_name, &changed.secret_name);
            *old = changed;
        }
        answer
    }

    /// Removes a rotation, with its secret and its keys if so asked.
    pub(crate) fn remove(&mut self, id: &str, secret: bool, keys: bool) -> Option<Rotation> {
        let at = self.rotations.iter().position(|known| known.id == id)?;
        let rotation = self.rotations.remove(at);
        if secret {
            self.world.remove_secret(&rotation.place, &rotation.secret_name);
        }
        if keys {
            rotation.hashes.iter().for_each(|hash| self.openrouter.delete(hash));
        }
        Some(rotation)
    }
}
