//! The keys of a rotation, read while none of them is being replaced.
//!
//! The server's lock on a rotation is not visible, but a status or a refusal may show it. Both are waited for during a minute,
//! which is also the longest time that the lock is held.

use std::time::Duration;

use tokio::time::Instant;

use super::error::Error;
use super::known::Known;
use super::lookups::LOST_LOOKUPS;
use super::object::Object;
use super::objects::{LAG_WAITS, Objects};
use super::operation::Operation;
use super::refusal_kind::RefusalKind;
use super::request::Request;
use super::rotation::{GeneratedCredentials, Rotation};

/// The keys of a rotation, and how long the call waited for them.
#[derive(Debug)]
pub struct SettledCredentials {
    /// The keys.
    pub credentials: GeneratedCredentials,
    /// How long the call waited for a rotation in progress; `None` if there was none.
    pub waited: Option<Duration>,
}

fn request(id: &str) -> Request {
    Rotation::request(Operation::Credentials, &[id, "generated-credentials"])
}

/// Reads the keys. From then on, they are removed from all messages, even if a response repeats them.
pub(super) async fn read(objects: Objects<'_, Rotation>, id: &str) -> Result<GeneratedCredentials, Error> {
    let request = request(id);
    let mut waits = LAG_WAITS.into_iter();
    let response = loop {
        match objects.client.send(&request).await {
            Ok(response) => break response,
            Err(failure) => {
                // A lagging replica may not know a rotation that was just created.
                let doubtful = failure.error.is_not_found() && objects.shared.was_made_lately(id);
                let Some(wait) = waits.next().filter(|_| doubtful) else { return Err(failure.error) };
                objects.client.pause(&request, &failure.error, wait).await?;
            }
        }
    };
    let answered: GeneratedCredentials = response.decode()?;
    if answered.rotation_id.as_ref().is_some_and(|answered| !answered.eq_ignore_ascii_case(id)) {
        return Err(response.about_another("rotationId").error);
    }
    objects.client.hide(answered.credentials.iter().map(|key| &key.api_key));
    Ok(answered)
}

/// The same once no rotation is in progress.
pub(super) async fn settled(objects: Objects<'_, Rotation>, id: &str) -> Result<SettledCredentials, Error> {
    let (start, request) = (Instant::now(), request(id));
    let mut waits = LOST_LOOKUPS.iter().skip(1);
    let mut waited = None;
    loop {
        if let Some(credentials) = unless_in_progress(objects, id).await? {
            return Ok(SettledCredentials { credentials, waited });
        }
        let Some(wait) = waits.next() else {
            return Err(Error::StillRotating { request: request.name(), waited: start.elapsed() });
        };
        tracing::info!(rotation_id = id, "a rotation of the key is in progress; waiting for its end");
        objects.client.wait(&request, *wait).await?;
        waited = Some(start.elapsed());
    }
}

async fn unless_in_progress(objects: Objects<'_, Rotation>, id: &str) -> Result<Option<GeneratedCredentials>, Error> {
    match objects.get(id, Known::default()).await {
        Ok(rotation) if rotation.is_in_progress() => return Ok(None),
        Ok(_) => {}
        // An identity that may read the keys may lack the permission to read the rotation.
        Err(error) if error.is_refused_as(RefusalKind::PermissionDenied) => {}
        Err(error) => return Err(error),
    }
    match read(objects, id).await {
        Err(error) if error.is_refused_as(RefusalKind::InProgress) => Ok(None),
        read => read.map(Some),
    }
}
