//! The simulator's data, and the operations on it that calls and tests share.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;
use time::OffsetDateTime;

use crate::{
    CONNECTION_ID,
    active_faults::ActiveFaults,
    call::Call,
    clock::Clock,
    connection::Connection,
    denial::Denial,
    history::History,
    logins::Logins,
    openrouter::{Key, OpenRouter},
    other_types::OtherTypes,
    projects::Projects,
    rate_limit::RateLimit,
    recorded_request::Records,
    response::named,
    rotation::Rotation,
};

/// All data of the server. Each stage of a call is executed under one lock.
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) projects: Projects,
    pub(crate) connections: Vec<Connection>,
    pub(crate) rotations: Vec<Rotation>,
    pub(crate) other_types: OtherTypes,
    pub(crate) openrouter: OpenRouter,
    pub(crate) logins: Logins,
    pub(crate) faults: ActiveFaults,
    pub(crate) rate: RateLimit,
    pub(crate) records: Records,
    pub(crate) history: History,
    /// The ids of the rotations whose key is being replaced, and since when.
    pub(crate) locks: BTreeMap<String, OffsetDateTime>,
    /// The ids of the rotations that the server will rotate in the background.
    pub(crate) queued: Vec<String>,
    /// The number of webhooks sent about failed rotations.
    pub(crate) webhooks: usize,
    pub(crate) plan_refused: bool,
    pub(crate) denied: BTreeMap<Call, Denial>,
    pub(crate) maintenance: bool,
    pub(crate) revocation_fails: bool,
    pub(crate) revokes_only_the_key_in_use: bool,
    /// The number of keys that OpenRouter will issue although its response is lost.
    pub(crate) lost_responses: u32,
    pub(crate) read_lag: Duration,
    pub(crate) check_lag: Duration,
    pub(crate) date_skew: i64,
    pub(crate) background_rotation_time: Duration,
}

impl State {
    pub(crate) fn rotation_json(&self, rotation: &Rotation) -> Value {
        let connection = self.connections.iter().find(|known| known.id == rotation.connection_id);
        rotation.to_json(connection.map_or("", |connection| &connection.name))
    }

    /// `{ secretRotation }`.
    pub(crate) fn rotation_body(&self, rotation: &Rotation) -> Value {
        named("secretRotation", self.rotation_json(rotation))
    }

    pub(crate) fn add(&mut self, rotation: Rotation) {
        self.history.changed(self.clock.now(), &rotation);
        self.rotations.push(rotation);
    }

    /// Stores a changed rotation, renames its secret if the mapping changed, and
    /// returns the rotation with its new `updatedAt`.
    pub(crate) fn replace(&mut self, mut changed: Rotation) -> Rotation {
        changed.updated_at = self.clock.now();
        self.put(changed.clone());
        changed
    }

    /// The same as `replace`, but keeps `updatedAt`.
    pub(crate) fn put(&mut self, changed: Rotation) {
        self.history.changed(self.clock.now(), &changed);
        if let Some(old) = self.rotations.iter_mut().find(|known| known.id == changed.id) {
            self.projects.rename_secret(&old.place, &old.secret_name, &changed.secret_name);
            *old = changed;
        }
    }

    /// Removes a rotation, and on request its secret and its keys.
    pub(crate) fn remove(&mut self, id: &str, secret: bool, keys: bool) -> Option<Rotation> {
        let at = self.rotations.iter().position(|known| known.id == id)?;
        let rotation = self.rotations.remove(at);
        self.history.removed(self.clock.now(), id);
        if secret {
            self.projects.remove_secret(&rotation.place, &rotation.secret_name);
        }
        if keys {
            rotation.hashes.iter().for_each(|hash| self.openrouter.delete(hash));
        }
        Some(rotation)
    }

    /// The live keys that belong to no rotation.
    pub(crate) fn orphaned_keys(&self) -> impl Iterator<Item = &Key> {
        let owned: BTreeSet<&String> = self.rotations.iter().flat_map(|rotation| &rotation.hashes).collect();
        self.openrouter.live().filter(move |key| !owned.contains(&key.hash))
    }

    /// Updates the places of the rotations after folders were renamed.
    pub(crate) fn follow_folders(&mut self) {
        let now = self.clock.now();
        for rotation in &mut self.rotations {
            if let Some(place) = self.projects.place_of(&rotation.place.folder_id) {
                rotation.place = place;
                self.history.changed(now, rotation);
            }
        }
    }

    /// The rotations that reads return: the current ones, or those of the past when reads lag.
    pub(crate) fn seen(&self) -> Cow<'_, [Rotation]> {
        self.before(self.read_lag)
    }

    /// The rotations that the checks of writes find: the current ones, or those of the past when checks lag.
    pub(crate) fn checked(&self) -> Cow<'_, [Rotation]> {
        self.before(self.check_lag)
    }

    /// The connection that the checks of a create find.
    pub(crate) fn checked_connection(&self, id: &str) -> Option<&Connection> {
        let is_old = |known: &Connection| known.created_at <= self.clock.now() - self.check_lag || id == CONNECTION_ID;
        self.connections.iter().find(|known| known.id == id && is_old(known))
    }

    fn before(&self, lag: Duration) -> Cow<'_, [Rotation]> {
        if lag == Duration::ZERO {
            return Cow::Borrowed(&self.rotations);
        }
        Cow::Owned(self.history.at(self.clock.now() - lag))
    }
}
