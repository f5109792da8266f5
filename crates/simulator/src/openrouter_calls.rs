//! The calls that need OpenRouter, in two stages: the checks, then OpenRouter and the database.
//!
//! The lock is released between the stages, so two calls can both pass the
//! checks. The key that the second one then issues is left behind.

use serde_json::Value;

use crate::{
    active_faults::Failure,
    conflicts::{name_is_free, secret_is_free},
    refusals::{DATABASE_FAILED, blamed, not_issued, not_revoked, unknown_rotation},
    response::{ApiResponse, Outcome, Refusal},
    rotation::{Rotation, Trigger},
    state::State,
};

/// OpenRouter's message when it no longer accepts the provisioning key.
const NO_CREDENTIALS: &str = "No auth credentials found";

/// How often the server asks OpenRouter for a key at most: it repeats its request three times.
const REQUESTS: u32 = 4;

/// The stage that a call has reached.
pub(crate) enum Stage {
    /// The call is complete.
    Done(ApiResponse),
    /// The call has passed its checks and waits for OpenRouter.
    AtOpenRouter(Work),
}

/// What remains to be done once OpenRouter has responded.
pub(crate) enum Work {
    Create(Box<Rotation>),
    Rotate { id: String },
    Delete { rotation: Box<Rotation>, secret: bool },
}

impl State {
    /// Executes what remains after the checks.
    pub(crate) fn finish(&mut self, work: Work, failure: Option<&Failure>) -> ApiResponse {
        match work {
            Work::Create(rotation) => self.create(*rotation, failure),
            Work::Rotate { id } => self.rotate_by_hand(&id, failure),
            Work::Delete { rotation, secret } => self.delete(&rotation, secret, failure),
        }
        .into()
    }

    /// Issues the first key and stores it with the rotation, in one transaction.
    fn create(&mut self, mut rotation: Rotation, failure: Option<&Failure>) -> Outcome {
        if let Some(Failure::Refused(why)) = failure {
            return Err(Refusal::bad_request(not_issued(why)));
        }
        let hash = self.issued(&rotation.parameters).map_err(|why| Refusal::bad_request(not_issued(why)))?;
        if failure == Some(&Failure::AfterKey) {
            return Err(Refusal::database("Create"));
        }
        let now = self.clock.now();
        rotation.place =
            self.projects.place_of(&rotation.place.folder_id).ok_or_else(|| Refusal::database("Create"))?;
        secret_is_free(self, &rotation.place, &rotation.secret_name)?;
        rotation.reschedule(now).map_err(|_| Refusal::database("Create"))?;
        rotation.fits("Create")?;
        name_is_free(self, &rotation.place, &rotation.name)?;
        (rotation.created_at, rotation.updated_at) = (now, now);
        self.projects.set_secret(&rotation.place, &rotation.secret_name, self.openrouter.value(&hash));
        rotation.hashes.push(hash);
        let response = self.rotation_body(&rotation);
        self.add(rotation);
        match failure {
            Some(Failure::AfterStore { status: 400 }) => Err(Refusal::bad_request(blamed("connect ETIMEDOUT"))),
            Some(Failure::AfterStore { .. }) => Err(Refusal::database("Batch Create")),
            _ => Ok(response),
        }
    }

    fn rotate_by_hand(&mut self, id: &str, failure: Option<&Failure>) -> Outcome {
        match self.run_rotation(id, Trigger { by_hand: true, job: None }, failure) {
            Some(Ok(rotation)) => Ok(self.rotation_body(&rotation)),
            Some(Err(message)) => Err(Refusal::internal(message)),
            None => Err(unknown_rotation(id)),
        }
    }

    /// Rotates the key, and records a failure. Returns `None` when the rotation does not exist.
    pub(crate) fn run_rotation(
        &mut self,
        id: &str,
        trigger: Trigger,
        failure: Option<&Failure>,
    ) -> Option<Result<Rotation, String>> {
        self.locks.remove(id);
        let mut rotation = self.rotations.iter().find(|known| known.id == id)?.clone();
        let result = self.rotate(&mut rotation, &trigger, failure);
        if let Err(message) = &result {
            rotation.record_failure(message, &trigger, self.clock.now());
            self.webhooks += 1;
        }
        let changed = self.replace(rotation);
        Some(result.map(|()| changed))
    }

    /// Replaces the active key: issues a new one with the current parameters,
    /// writes it to the secret, and then deletes the key before the last one. The
    /// error names the step that failed; the steps before it are not undone.
    fn rotate(&mut self, rotation: &mut Rotation, trigger: &Trigger, failure: Option<&Failure>) -> Result<(), String> {
        if let Some(Failure::Refused(why)) = failure {
            return Err(blamed(&not_issued(why)));
        }
        let hash = self.issued(&rotation.parameters).map_err(|why| blamed(&not_issued(why)))?;
        let mut stored = rotation.clone();
        stored.record_success(trigger, self.clock.now());
        if failure == Some(&Failure::AfterKey) || stored.reschedule(self.clock.now()).is_err() {
            return Err(blamed(DATABASE_FAILED));
        }
        let value = self.openrouter.value(&hash);
        self.projects.set_secret(&stored.place, &stored.secret_name, value);
        stored.active_index = 1 - stored.active_index;
        let oldest = match stored.hashes.get_mut(stored.active_index) {
            Some(oldest) => Some(std::mem::replace(oldest, hash)),
            None => {
                stored.hashes.push(hash);
                None
            }
        };
        *rotation = stored;
        if matches!(failure, Some(Failure::AfterStore { .. })) || (self.revocation_fails && oldest.is_some()) {
            return Err(blamed(&not_revoked(NO_CREDENTIALS)));
        }
        oldest.iter().for_each(|hash| self.openrouter.delete(hash));
        Ok(())
    }

    /// Has a key issued. The request is sent again when its response is lost; the keys of the requests before stay live.
    fn issued(&mut self, parameters: &Value) -> Result<String, &'static str> {
        for _ in 0..REQUESTS {
            let hash = self.openrouter.issue(parameters);
            if self.lost_responses == 0 {
                return Ok(hash);
            }
            self.lost_responses -= 1;
        }
        Err("socket hang up")
    }

    /// Revokes the keys, and only then removes the rotation.
    fn delete(&mut self, rotation: &Rotation, secret: bool, failure: Option<&Failure>) -> Outcome {
        let refused = match failure {
            Some(Failure::Refused(why)) => Some(why.as_str()),
            _ if self.revocation_fails => Some(NO_CREDENTIALS),
            _ => None,
        };
        if let Some(why) = refused {
            return Err(Refusal::bad_request(not_revoked(why)));
        }
        if self.revokes_only_the_key_in_use && rotation.hashes.len() > 1 {
            rotation.hashes.get(rotation.active_index).iter().for_each(|hash| self.openrouter.delete(hash));
            return Err(Refusal::bad_request(not_revoked("Rate limited")));
        }
        rotation.hashes.iter().for_each(|hash| self.openrouter.delete(hash));
        if failure == Some(&Failure::AfterKey) {
            return Err(Refusal::database("Delete by id"));
        }
        self.remove(&rotation.id, secret, false);
        match failure {
            Some(Failure::AfterStore { .. }) => Err(Refusal::database("Find one")),
            _ => Ok(self.rotation_body(rotation)),
        }
    }
}
