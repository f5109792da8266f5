//! The keys of a rotation, not older than its last rotation that this client has seen.
//!
//! The server reads the rotation and its keys from replicas. One that lags behind shows the keys from before a rotation, of
//! which the next rotation revokes the one that it calls active. So the keys are read again until they agree with the newest
//! state of the rotation.

use tokio::time::Instant;

use super::error::Error;
use super::known::Known;
use super::object::Object;
use super::objects::{LAG_WAITS, Objects};
use super::operation::Operation;
use super::refusal_kind::RefusalKind;
use super::request::Request;
use super::rotation::{GeneratedCredentials, Rotation};

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

/// The same once they agree with the newest state of the rotation.
pub(super) async fn current(objects: Objects<'_, Rotation>, id: &str) -> Result<GeneratedCredentials, Error> {
    let (start, request) = (Instant::now(), request(id));
    let stale = || Error::StaleKeys { request: request.name(), waited: start.elapsed() };
    let mut waits = LAG_WAITS.into_iter();
    loop {
        match objects.get(id, Known::default()).await {
            Ok(rotation) if objects.is_outdated(&rotation) => return Err(stale()),
            Ok(_) => {}
            // An identity that may read the keys may lack the permission to read the rotation.
            Err(error) if error.is_refused_as(RefusalKind::PermissionDenied) => {}
            Err(error) => return Err(error),
        }
        let credentials = read(objects, id).await?;
        if agrees(&credentials, objects.shared.latest.active_index(id)) {
            return Ok(credentials);
        }
        let wait = waits.next().ok_or_else(stale)?;
        tracing::info!(rotation_id = id, "the keys are from before the last rotation; reading them again");
        objects.client.wait(&request, wait).await?;
    }
}

/// Whether the key in use is the one at this index, as far as that is known. An answer without a key in use is wrong, but
/// not because a replica lags behind.
fn agrees(credentials: &GeneratedCredentials, active_index: Option<i64>) -> bool {
    let answered = credentials.active_index;
    let is_complete = answered < credentials.credentials.len();
    !is_complete || active_index.is_none_or(|index| i64::try_from(answered) == Ok(index))
}
