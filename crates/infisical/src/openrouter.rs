//! The calls on rotations of `OpenRouter` keys.

use std::collections::HashMap;

use reqwest::Method;
use serde::Deserialize;

use super::answer::Answer;
use super::call::Call;
use super::client::Client;
use super::error::Error;
use super::recover;
use super::retry::Failure;
use super::rotation::{GeneratedCredentials, NewRotation, Rotation, RotationPatch};

const BASE: &str = "/api/v2/secret-rotations/open-router-api-key";

/// Where a rotation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The project's id.
    pub project_id: String,
    /// The environment's slug.
    pub environment: String,
    /// The folder's path.
    pub secret_path: String,
}

/// What goes when a rotation is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// Whether the secret that holds the key goes, too. If it stays, its name stays taken.
    pub delete_secrets: bool,
    /// Whether the keys are revoked at `OpenRouter`. If not, they go on working.
    pub revoke_generated_credentials: bool,
}

/// A rotation that a create call has made.
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    /// The rotation, as the API answered.
    pub rotation: Rotation,
    /// Why the answer to the create call itself couldn't be used, if the rotation was found by looking for it.
    pub found_after_failure: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct One {
    pub(super) secret_rotation: Rotation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Many<T> {
    secret_rotations: Vec<T>,
}

impl Client {
    /// Creates a rotation, which issues a key at `OpenRouter`: one POST. It's sent again only when the server
    /// provably didn't act on it. When that isn't known, the rotation is looked up by name: up to three
    /// times within five seconds, and a few times more if its date has to be told from the request's.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`] when the API doesn't accept it.
    /// - [`Error::Taken`], with the other one's id, when a rotation of that name is there already.
    /// - [`Error::Unknown`] when neither the answer came nor the look-up succeeded: it may exist.
    /// - Any other error when it doesn't exist, as far as looking for it could tell.
    pub async fn create_rotation(&self, new: &NewRotation) -> Result<Created, Error> {
        let call = Call::new(Method::POST, BASE, &[]).json(new)?.slow();
        recover::create(self, &call, new).await
    }

    /// Reads one rotation: one GET, repeated on transient failures for at most a minute.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`], with `is_not_found()`, when the API itself says it's gone.
    /// - [`Error::Unreachable`] when no answer came in time.
    /// - [`Error::Unexpected`] when the answer isn't a rotation; it names the field.
    pub async fn rotation(&self, id: &str) -> Result<Rotation, Error> {
        Ok(about(&self.send(&Call::new(Method::GET, BASE, &[id])).await?, id)?)
    }

    /// Reads one rotation of a project: one GET, or none when a list serves it. Once several rotations of
    /// a project are read, it may be ten seconds old (`listing.rs` has the rule).
    ///
    /// # Errors
    ///
    /// Those of [`Client::rotation`]; a failed list is told to everyone who waited for it.
    pub async fn rotation_in(&self, project_id: &str, id: &str) -> Result<Rotation, Error> {
        match self.listings().find(project_id, id, || self.listed(project_id)).await? {
            Some(rotation) => Ok(rotation),
            None => self.rotation(id).await,
        }
    }

    /// Finds a rotation by its name: one GET.
    ///
    /// # Errors
    ///
    /// Those of [`Client::rotation`]; an unknown folder is a refusal with status 400.
    pub async fn rotation_by_name(&self, place: &Place, name: &str) -> Result<Rotation, Error> {
        let name = name.trim().to_lowercase(); // as the API stores it
        let call = Call::new(Method::GET, BASE, &["rotation-name", &name])
            .query("projectId", place.project_id.trim())
            .query("environment", place.environment.trim())
            .query("secretPath", place.secret_path.trim());
        Ok(self.send(&call).await?.decode::<One>()?.secret_rotation)
    }

    /// All rotations of a project that the identity may read: one GET.
    ///
    /// # Errors
    ///
    /// Those of [`Client::rotation`].
    pub async fn rotations(&self, project_id: &str) -> Result<Vec<Rotation>, Error> {
        let answer = self.send(&list(project_id)).await?;
        Ok(answer.decode::<Many<Rotation>>()?.secret_rotations)
    }

    /// Changes a rotation: one PATCH with what is `Some`.
    ///
    /// # Errors
    ///
    /// Those of [`Client::rotation`].
    pub async fn update_rotation(&self, id: &str, patch: &RotationPatch) -> Result<Rotation, Error> {
        Ok(about(&self.send(&Call::new(Method::PATCH, BASE, &[id]).json(patch)?).await?, id)?)
    }

    /// Deletes a rotation: one DELETE. When it has to be repeated and finds nothing left, that is success.
    ///
    /// # Errors
    ///
    /// Those of [`Client::rotation`]: one that was gone before is a refusal with `is_not_found()`.
    pub async fn delete_rotation(&self, id: &str, deletion: &Deletion) -> Result<(), Error> {
        let call = Call::new(Method::DELETE, BASE, &[id])
            .query("deleteSecrets", deletion.delete_secrets.to_string())
            .query("revokeGeneratedCredentials", deletion.revoke_generated_credentials.to_string())
            .slow();
        let answer = self.send(&call).await?;
        if answer.is_gone() { Ok(()) } else { Ok(about(&answer, id).map(drop)?) }
    }

    /// Replaces the key now: one POST. `last_rotated_at` is when that last happened, as far as the caller
    /// knows. When no answer comes, it tells from the server's own whether the key has been replaced
    /// since, and only if it hasn't is the call sent again.
    ///
    /// # Errors
    ///
    /// Those of [`Client::rotation`], and [`Error::Unknown`] when neither the answer came nor the look succeeded.
    pub async fn rotate(&self, id: &str, last_rotated_at: Option<&str>) -> Result<Rotation, Error> {
        let call = Call::new(Method::POST, BASE, &[id, "rotate-secrets"]).slow();
        recover::rotate(self, &call, id, last_rotated_at).await
    }

    /// The keys that a rotation has issued: one GET.
    ///
    /// # Errors
    ///
    /// Those of [`Client::rotation`], without a word of the answer.
    pub async fn generated_credentials(&self, id: &str) -> Result<GeneratedCredentials, Error> {
        let call = Call::new(Method::GET, BASE, &[id, "generated-credentials"]).secret();
        Ok(self.send(&call).await?.decode()?)
    }

    /// A project's rotations by id, without those that can't be understood: their own reads will say why.
    async fn listed(&self, project_id: &str) -> Result<HashMap<String, Rotation>, Error> {
        let answer = self.send(&list(project_id)).await?;
        let rotations = answer.decode::<Many<serde_json::Value>>()?.secret_rotations.into_iter();
        let understood = rotations.filter_map(|rotation| serde_json::from_value::<Rotation>(rotation).ok());
        Ok(understood.map(|rotation| (rotation.id.clone(), rotation)).collect())
    }
}

/// The rotation that was answered, if it's the one that was asked for. Another one's answer, from a gateway's cache or mock,
/// would make us forget ours.
pub(super) fn about(answer: &Answer, id: &str) -> Result<Rotation, Failure> {
    let rotation = answer.decode::<One>()?.secret_rotation;
    if rotation.id.eq_ignore_ascii_case(id) { Ok(rotation) } else { Err(answer.about_another()) }
}

fn list(project_id: &str) -> Call {
    Call::new(Method::GET, BASE, &[]).query("projectId", project_id)
}
