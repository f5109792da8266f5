//! One rotation as the server stores it.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{
    clock::stamp,
    number,
    projects::Place,
    schedule::{RotateAtUtc, next_rotation, tomorrow_at},
};

/// The `rotationStatus` of a rotation whose last attempt failed.
pub(crate) const FAILED: &str = "failed";
const SUCCESS: &str = "success";

/// One rotation. Its public fields are those that [`edit`](crate::Handle::edit) can
/// change, as somebody in the console or the server itself would.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// Unique within its folder.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Whether keys are replaced on schedule.
    pub is_auto_rotation_enabled: bool,
    /// Days between two keys.
    pub rotation_interval: f64,
    /// The time of day at which the key is replaced.
    pub rotate_at_utc: RotateAtUtc,
    /// `parameters` as they were sent, with numbers as JavaScript writes them.
    pub parameters: Value,
    /// The name of the secret that holds the key: `secretsMapping.apiKey`.
    pub secret_name: String,
    /// `success` or `failed`: whether the last attempt replaced the key.
    pub rotation_status: String,
    /// Why the last rotation failed.
    pub last_rotation_message: Option<String>,
    /// Whether the list contains the rotation. False is for a rotation that the
    /// identity may read although the list omits it.
    pub listed: bool,
    pub(crate) id: String,
    pub(crate) place: Place,
    pub(crate) connection_id: String,
    pub(crate) active_index: usize,
    /// The hashes of the keys at OpenRouter, by the index of the set of credentials.
    pub(crate) hashes: Vec<String>,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) updated_at: OffsetDateTime,
    pub(crate) last_rotation_attempted_at: OffsetDateTime,
    pub(crate) last_rotated_at: OffsetDateTime,
    pub(crate) next_rotation_at: Option<OffsetDateTime>,
    pub(crate) last_rotation_job_id: Option<String>,
    pub(crate) is_last_rotation_manual: bool,
}

/// What caused a rotation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trigger {
    pub(crate) by_hand: bool,
    /// The id of the server's job, if there is one.
    pub(crate) job: Option<String>,
}

/// The error for a schedule whose next date is beyond the calendar.
#[derive(Debug)]
pub(crate) struct BeyondCalendar;

impl Rotation {
    /// Updates the date of the next rotation. A failed rotation is retried the next day.
    pub(crate) fn reschedule(&mut self, now: OffsetDateTime) -> Result<(), BeyondCalendar> {
        self.next_rotation_at = None;
        if self.is_auto_rotation_enabled {
            let at = self.rotate_at_utc;
            let due = if self.rotation_status == FAILED {
                tomorrow_at(now, at)
            } else {
                next_rotation(self.last_rotated_at, self.rotation_interval, at, self.is_last_rotation_manual)
            };
            self.next_rotation_at = Some(due.ok_or(BeyondCalendar)?);
        }
        Ok(())
    }

    /// Records that the key was replaced.
    pub(crate) fn record_success(&mut self, trigger: &Trigger, now: OffsetDateTime) {
        self.last_rotated_at = now;
        self.last_rotation_attempted_at = now;
        self.is_last_rotation_manual = trigger.by_hand;
        self.last_rotation_message = None;
        SUCCESS.clone_into(&mut self.rotation_status);
        self.record_job(trigger);
    }

    /// Records that the key could not be replaced.
    pub(crate) fn record_failure(&mut self, message: &str, trigger: &Trigger, now: OffsetDateTime) {
        self.last_rotation_attempted_at = now;
        self.last_rotation_message = Some(message.to_owned());
        FAILED.clone_into(&mut self.rotation_status);
        self.next_rotation_at = tomorrow_at(now, self.rotate_at_utc);
        self.record_job(trigger);
    }

    fn record_job(&mut self, trigger: &Trigger) {
        if trigger.job.is_some() {
            self.last_rotation_job_id.clone_from(&trigger.job);
        }
    }

    /// The rotation as responses contain it.
    pub(crate) fn to_json(&self, connection_name: &str) -> Value {
        let place = &self.place;
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "isAutoRotationEnabled": self.is_auto_rotation_enabled,
            "activeIndex": self.active_index,
            "folderId": place.folder_id,
            "connectionId": self.connection_id,
            "createdAt": stamp(self.created_at),
            "updatedAt": stamp(self.updated_at),
            "rotationInterval": number::json(self.rotation_interval),
            "rotationStatus": self.rotation_status,
            "lastRotationAttemptedAt": stamp(self.last_rotation_attempted_at),
            "lastRotatedAt": stamp(self.last_rotated_at),
            "lastRotationJobId": self.last_rotation_job_id,
            "nextRotationAt": self.next_rotation_at.map(stamp),
            "isLastRotationManual": self.is_last_rotation_manual,
            "connection": { "app": "open-router", "name": connection_name, "id": self.connection_id },
            "environment": {
                "slug": place.environment, "name": place.environment_name, "id": place.environment_id
            },
            "projectId": place.project_id,
            "folder": { "id": place.folder_id, "path": place.path },
            "rotateAtUtc": {
                "hours": number::json(self.rotate_at_utc.hours),
                "minutes": number::json(self.rotate_at_utc.minutes),
            },
            "lastRotationMessage": self.last_rotation_message,
            "type": "open-router-api-key",
            "parameters": self.parameters,
            "secretsMapping": { "apiKey": self.secret_name },
        })
    }
}
