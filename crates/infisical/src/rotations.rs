//! The calls on rotations of `OpenRouter` keys.

use super::baseline::Baseline;
use super::client::Client;
use super::create::{Created, create};
use super::credentials;
use super::error::Error;
use super::known::Known;
use super::object::Object;
use super::objects::Objects;
use super::operation::Operation;
use super::rotate::{self, RotateStep, Rotated, resume, rotate};
use super::rotation::{GeneratedCredentials, NewRotation, Place, Rotation, RotationPatch, find_request};
use super::spelling::{path, same_path, same_trimmed, trimmed};

/// What is deleted together with a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// Whether the secret that holds the key is deleted. If it stays, its name stays taken.
    pub delete_secrets: bool,
    /// Whether the keys are revoked at `OpenRouter`. Otherwise they stay live.
    pub revoke_generated_credentials: bool,
}

/// A change that failed.
#[derive(Debug, Clone)]
pub struct UpdateFailed {
    /// The error of the last request.
    pub error: Error,
    /// Whether a request reached the server, or may have reached it, and was not refused: the change may have been made.
    pub may_be_made: bool,
}

/// The calls on rotations, from [`Client::rotations`].
#[derive(Clone, Copy)]
pub struct Rotations<'a> {
    objects: Objects<'a, Rotation>,
}

impl Client {
    /// The calls on rotations.
    pub fn rotations(&self) -> Rotations<'_> {
        Rotations { objects: Objects { client: self, shared: self.shared_rotations() } }
    }
}

impl Rotations<'_> {
    /// Creates a rotation, which issues a key at `OpenRouter`: one lookup of the name (or one list for all creates in
    /// the project), and one POST. The POST is sent again only when it provably did not reach the server, and once more
    /// when its response was lost and no rotation appeared within a minute.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`] when the API rejects it.
    /// - [`Error::AlreadyExists`], with the other one's id, when a rotation of that name already exists.
    /// - [`Error::MaybeIssued`] when the server failed and no rotation was found: a key may be left.
    /// - [`Error::OutcomeUnknown`] when the response was lost, and the lookup found no rotation or failed.
    /// - Any other error when nothing was sent.
    pub async fn create(self, new: &NewRotation) -> Result<Created<Rotation>, Error> {
        create(self.objects, new).await
    }

    /// Reads one rotation: one GET, repeated on transient failures for at most a minute. If a rotation that this client
    /// created within the last minute is not found, it is read again for 15 s before it counts as missing.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`], with `is_not_found()`, when the API itself says that it does not exist.
    /// - [`Error::Unreachable`] when no response came in time.
    /// - [`Error::UnexpectedResponse`], which names the field, when the response is not a rotation.
    pub async fn get(self, id: &str) -> Result<Rotation, Error> {
        self.objects.get(id, Known::default()).await
    }

    /// Reads one rotation of a project: one GET, or none when a list serves the read. Once several rotations of a
    /// project are read, the result may be ten seconds old. `known` is what the caller knows about it, to notice stale
    /// responses from a lagging replica: if a young rotation is not found or an older state is returned, it is read
    /// again for 15 s.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn get_in(self, project_id: &str, id: &str, known: Known<'_>) -> Result<Rotation, Error> {
        self.objects.get_in(project_id, id, known).await
    }

    /// Reads one rotation of any project: one GET, or none when a list serves the read. Once several rotations are read in
    /// this way, the result may be ten seconds old.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn find(self, id: &str) -> Result<Rotation, Error> {
        self.objects.get_anywhere(&trimmed(id).to_lowercase()).await
    }

    /// Finds a rotation by its name: one GET, or none when a list serves the read. Once several rotations of a project are
    /// read, the result may be ten seconds old. Within a minute of a create or an update by this client, a missing rotation
    /// is looked up again for 15 s. Place and name may have any spelling that the API accepts.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`]; an unknown folder is a refusal of its own kind.
    pub async fn find_by_name(self, place: &Place, name: &str) -> Result<Rotation, Error> {
        let Place { project_id, environment, secret_path } = place;
        let asked = [trimmed(environment), path(secret_path), trimmed(name)].join("\n");
        let request = find_request(project_id, environment, secret_path, name);
        self.objects.find_in(trimmed(project_id), (&asked, &request), |one| is_at(one, place, name)).await
    }

    /// Finds a rotation by its name: one GET, whose response is believed at once. Place and name may have any spelling that the API accepts.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::find_by_name`].
    pub async fn by_name(self, place: &Place, name: &str) -> Result<Rotation, Error> {
        let Place { project_id, environment, secret_path } = place;
        let request = find_request(project_id, environment, secret_path, name);
        self.objects.find_exactly(&request, |one| is_at(one, place, name)).await
    }

    /// Lists all rotations of a project that the identity may read: one GET.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn list(self, project_id: &str) -> Result<Vec<Rotation>, Error> {
        self.objects.list(project_id).await
    }

    /// The same, with a result for each rotation: one in an unexpected form is an error of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`]; of each rotation [`Error::UnexpectedResponse`].
    pub async fn list_each(self, project_id: &str) -> Result<Vec<Result<Rotation, Error>>, Error> {
        self.objects.list_each(project_id).await
    }

    /// Changes a rotation: one PATCH with the fields that are `Some`. If its response is lost, the rotation is read, and the
    /// PATCH is sent again unless the change has been made.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn update(self, id: &str, patch: &RotationPatch) -> Result<Rotation, Error> {
        Ok(self.objects.update(id, patch).await?)
    }

    /// The same, with an error that says whether the change may have been made.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::update`], as an [`UpdateFailed`].
    pub async fn try_update(self, id: &str, patch: &RotationPatch) -> Result<Rotation, UpdateFailed> {
        let updated = self.objects.update(id, patch).await;
        updated.map_err(|failure| UpdateFailed { error: failure.error, may_be_made: failure.in_doubt })
    }

    /// Deletes a rotation: one DELETE. If a repeated DELETE finds no rotation, that counts as success. With the date of
    /// its creation, a rotation younger than a minute is tried again for 15 s before it counts as missing.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`]: a rotation that did not exist is a refusal with `is_not_found()`.
    pub async fn delete(self, id: &str, deletion: &Deletion, known: Known<'_>) -> Result<(), Error> {
        let request = Rotation::request(Operation::Delete, &[id])
            .query("deleteSecrets", deletion.delete_secrets.to_string())
            .query("revokeGeneratedCredentials", deletion.revoke_generated_credentials.to_string())
            .slow();
        self.objects.delete(id, &request, known).await
    }

    /// The baseline before a change that may make the server replace the key: one GET. `known` is what the caller knows
    /// about the rotation.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn baseline(self, id: &str, known: &Baseline) -> Result<Baseline, Error> {
        rotate::baseline(self.objects, id, known).await
    }

    /// Replaces the key now: one GET and one POST, which is never sent again once it may have reached the server.
    /// Whether the key was replaced follows from `known`, what the caller knows about the rotation, and from the GET.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`] when the API refuses it.
    /// - [`Error::MaybeIssued`] when the server failed and the active key is the same: a new one may be left.
    /// - [`Error::OutcomeUnknown`] when the response was lost and no replacement of the key was seen within a minute.
    ///   Its baseline is for [`Rotations::resume_rotate`].
    /// - [`Error::RotationInProgress`], with such a baseline, when another rotation did not end within a minute.
    /// - Those of [`Rotations::get`] when nothing was sent.
    pub async fn rotate(self, id: &str, known: &Baseline) -> Result<Rotated, Error> {
        self.rotate_telling(id, known, &|_| ()).await
    }

    /// The same, with a callback for each step, since it may take two minutes.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::rotate`].
    pub async fn rotate_telling(
        self,
        id: &str,
        known: &Baseline,
        tell: &(dyn Fn(RotateStep<'_>) + Send + Sync),
    ) -> Result<Rotated, Error> {
        rotate(self.objects, id, known, tell).await
    }

    /// Like [`Self::rotate`], after a call whose outcome was not known, with its baseline. If the key has been replaced
    /// since, which is checked for 15 s, no POST is sent.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::rotate`].
    pub async fn resume_rotate(self, id: &str, baseline: &Baseline) -> Result<Rotated, Error> {
        resume(self.objects, id, baseline).await
    }

    /// The keys that a rotation has issued: one GET.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`], without any part of the response.
    pub async fn generated_credentials(self, id: &str) -> Result<GeneratedCredentials, Error> {
        credentials::read(self.objects, id).await
    }

    /// The same, not older than what this client has seen of the rotation: two GETs, repeated for 15 s while a lagging
    /// replica shows the keys from before that.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::generated_credentials`], and [`Error::StaleKeys`] after those 15 s.
    pub async fn current_credentials(self, id: &str) -> Result<GeneratedCredentials, Error> {
        credentials::current(self.objects, id).await
    }
}

/// Whether the rotation has that name and place; `None` if it lacks some of them and the others match.
fn is_at(rotation: &Rotation, place: &Place, name: &str) -> Option<bool> {
    let slug = rotation.environment.as_ref().and_then(|environment| environment.slug.as_deref());
    let folder = rotation.folder.as_ref().and_then(|folder| folder.path.as_deref());
    let told = [
        rotation.name.as_deref().map(|told| same_trimmed(told, name)),
        rotation.project_id.as_deref().map(|told| same_trimmed(told, &place.project_id)),
        slug.map(|told| same_trimmed(told, &place.environment)),
        folder.map(|told| same_path(told, &place.secret_path)),
    ];
    if told.contains(&Some(false)) { Some(false) } else { told.into_iter().collect::<Option<Vec<_>>>().map(|_| true) }
}
