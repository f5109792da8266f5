//! The calls on rotations of `OpenRouter` keys.

use super::baseline::Baseline;
use super::client::Client;
use super::create::{Created, create};
use super::error::Error;
use super::known::Known;
use super::object::Object;
use super::objects::Objects;
use super::operation::Operation;
use super::rotate::{Rotated, resume, rotate};
use super::rotation::{GeneratedCredentials, NewRotation, Place, Rotation, RotationPatch, find_request};
use super::spelling::{path, same_path, same_trimmed, trimmed};

/// What goes when a rotation is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// Whether the secret that holds the key goes, too. If it stays, its name stays taken.
    pub delete_secrets: bool,
    /// Whether the keys are revoked at `OpenRouter`. If not, they go on working.
    pub revoke_generated_credentials: bool,
}

/// The calls on rotations. [`Client::rotations`] gives it.
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
    /// Creates a rotation, which issues a key at `OpenRouter`: one look for what has the name (or one list for all
    /// creates in the project), and one POST. The POST is sent again only when it provably didn't reach the server,
    /// and once more when its answer got lost and nothing came of it within a minute.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`] when the API doesn't accept it.
    /// - [`Error::AlreadyExists`], with the other one's id, when a rotation of that name already exists.
    /// - [`Error::MaybeIssued`] when the server failed and no rotation came of it: a key may be left.
    /// - [`Error::OutcomeUnknown`] when the answer got lost and no rotation was found, or the look for it failed.
    /// - Any other error when nothing was sent.
    pub async fn create(self, new: &NewRotation) -> Result<Created<Rotation>, Error> {
        create(self.objects, new).await
    }

    /// Reads one rotation: one GET, repeated on transient failures for at most a minute. One that this client
    /// created within the last minute is looked for again for 15 s before it counts as gone.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`], with `is_not_found()`, when the API itself says it's gone.
    /// - [`Error::Unreachable`] when no answer came in time.
    /// - [`Error::UnexpectedResponse`] when the answer isn't a rotation; it names the field.
    pub async fn get(self, id: &str) -> Result<Rotation, Error> {
        self.objects.get(id, Known::default()).await
    }

    /// Reads one rotation of a project: one GET, or none when a list serves it. Once several rotations of
    /// a project are read, it may be ten seconds old. With what is `known` of it, an answer of a lagging replica is
    /// noticed: that a young one is gone, or what it was before, is read again for 15 s before it is believed.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn get_in(self, project_id: &str, id: &str, known: Known<'_>) -> Result<Rotation, Error> {
        self.objects.get_in(project_id, id, known).await
    }

    /// Reads one rotation of whatever project: one GET, or none when a list serves it. Once several are read so, those of
    /// the same project may be ten seconds old.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn find(self, id: &str) -> Result<Rotation, Error> {
        self.objects.get_anywhere(&trimmed(id).to_lowercase()).await
    }

    /// Finds a rotation by its name: one GET, or none when a list serves it. Once several rotations of a project are read,
    /// it may be ten seconds old. Within a minute of a create by this client, one that isn't there is looked for again for
    /// 15 s. Place and name may have any spelling that the API accepts.
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

    /// Finds a rotation by its name: one GET. Place and name may have any spelling that the API accepts.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::find_by_name`].
    pub async fn by_name(self, place: &Place, name: &str) -> Result<Rotation, Error> {
        let Place { project_id, environment, secret_path } = place;
        self.objects.find(&find_request(project_id, environment, secret_path, name)).await
    }

    /// All rotations of a project that the identity may read: one GET.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn list(self, project_id: &str) -> Result<Vec<Rotation>, Error> {
        self.objects.list(project_id).await
    }

    /// The same, one by one: a rotation that can't be understood is an error of its own, and the others are there.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`]; of each rotation [`Error::UnexpectedResponse`].
    pub async fn list_each(self, project_id: &str) -> Result<Vec<Result<Rotation, Error>>, Error> {
        self.objects.list_each(project_id).await
    }

    /// Changes a rotation: one PATCH with what is `Some`. When its answer gets lost, the rotation is read, and
    /// the PATCH sent again unless the change holds already.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`].
    pub async fn update(self, id: &str, patch: &RotationPatch) -> Result<Rotation, Error> {
        self.objects.update(id, patch).await
    }

    /// Deletes a rotation: one DELETE. When it has to be repeated and finds nothing left, that is success. With its
    /// date of creation, one that is younger than a minute is tried again for 15 s before it counts as gone.
    ///
    /// # Errors
    ///
    /// Those of [`Rotations::get`]: one that was gone before is a refusal with `is_not_found()`.
    pub async fn delete(self, id: &str, deletion: &Deletion, known: Known<'_>) -> Result<(), Error> {
        let request = Rotation::request(Operation::Delete, &[id])
            .query("deleteSecrets", deletion.delete_secrets.to_string())
            .query("revokeGeneratedCredentials", deletion.revoke_generated_credentials.to_string())
            .slow();
        self.objects.delete(id, &request, known).await
    }

    /// Replaces the key now: one GET and one POST, which is never sent again once it may have reached the server.
    /// `known` is what the caller knows of the rotation; whether the key was replaced is told by it and by the GET.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`] when the API doesn't do it.
    /// - [`Error::MaybeIssued`] when the server failed and the key in use is the same: a new one may be left.
    /// - [`Error::OutcomeUnknown`] when the answer got lost and it isn't seen within a minute that the key was
    ///   replaced. Its baseline is for [`Rotations::resume_rotate`].
    /// - Those of [`Rotations::get`] when nothing was sent.
    pub async fn rotate(self, id: &str, known: &Baseline) -> Result<Rotated, Error> {
        rotate(self.objects, id, known).await
    }

    /// The same after a rotate whose outcome wasn't known, with its baseline. If the key was replaced since, nothing
    /// is sent; this is looked for during 15 s.
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
    /// Those of [`Rotations::get`], without anything of the answer.
    pub async fn generated_credentials(self, id: &str) -> Result<GeneratedCredentials, Error> {
        let request = Rotation::request(Operation::Credentials, &[id, "generated-credentials"]);
        Ok(self.objects.client.send(&request).await?.decode()?)
    }
}

/// Whether the rotation has that name and place; none if it doesn't say all of it and nothing speaks against it.
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
