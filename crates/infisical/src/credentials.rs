//! The keys of a rotation, read while none of them is being replaced.
//!
//! The server's lock on a rotation isn't visible; what is, is a status or a refusal that says so. Both are waited out for
//! a minute, which is also how long that lock lives at most.

use std::time::Duration;

use tokio::time::Instant;

use super::create::LOST_LOOKUPS;
use super::error::Error;
use super::known::Known;
use super::object::Object;
use super::objects::{LAG_WAITS, Objects};
use super::operation::Operation;
use super::refusal::RefusalKind;
use super::request::Request;
use super::rotation::{GeneratedCredentials, Rotation};

/// The keys of a rotation, and how long was waited for them.
#[derive(Debug)]
pub struct SettledCredentials {
    /// The keys.
    pub credentials: GeneratedCredentials,
    /// How long a rotation was in progress before; none when there was none.
    pub waited: Option<Duration>,
}

fn request(id: &str) -> Request {
    Rotation::request(Operation::Credentials, &[id, "generated-credentials"])
}

/// Reads the keys. From then on, no answer shows them, even if it repeats them.
pub(super) async fn read(objects: Objects<'_, Rotation>, id: &str) -> Result<GeneratedCredentials, Error> {
    let request = request(id);
    let mut waits = LAG_WAITS.into_iter();
    let response = loop {
        match objects.client.send(&request).await {
            Ok(response) => break response,
            Err(failure) => {
                // A lagging replica may not know a rotation that was just made.
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
    objects.client.hide(answered.credentials.iter().map(|key| key.api_key.clone()));
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
        // Whoever may read the keys need not be allowed to read the rotation.
        Err(error) if error.is_refused_as(RefusalKind::PermissionDenied) => {}
        Err(error) => return Err(error),
    }
    match read(objects, id).await {
        Err(error) if error.is_refused_as(RefusalKind::InProgress) => Ok(None),
        read => read.map(Some),
    }
}
