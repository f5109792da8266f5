//! Creating objects, also when the outcome of a request is not known.
//!
//! A create issues a key that costs money before anything is stored, so it is sent once:
//!
//! - It is repeated without a limit of its own only when it provably did not reach the server: no connection, or a rate
//!   limit.
//! - When the server reports that it failed, the object is looked up, four more times within [`LAG_LOOKUPS`], since
//!   replicas lag. If it is not found, the error says that a key may be left ([`Error::MaybeIssued`]).
//! - When the response is lost, or is about another object, the object is looked up for a minute ([`LOST_LOOKUPS`]),
//!   since a server continues a request whose connection it has closed. Only then is the create sent a second time, and
//!   never a third time.
//! - When the server says that the name or the secret exists, it may have noticed that only after it issued a key: it
//!   checks both again before it stores anything. An object that is found and did not exist before shows that two
//!   clients created it at the same time, and the error names the key that may be left.
//! - When the server says that the name or the secret exists, shortly after this client deleted something, or that a
//!   connection does not exist that this client has just created, a lagging replica may have said so: the create is
//!   sent again for 15 s. These refusals come before a key is issued.
//!
//! An object that is found is the one that was created if it is what was requested, did not exist before
//! (`inventory.rs`), and was not created by another call of this client.

use std::time::Duration;

use tokio::time::Instant;

use super::client::Client;
use super::error::{AlreadyExists, ConflictReason, Error, MaybeIssued, OutcomeUnknown};
use super::existing::{before_by_name, is_absent};
use super::inventory::Before;
use super::lookups::{LAG_LOOKUPS, LOST_LOOKUPS, ONE_LOOKUP, may_pass};
use super::object::{NewObject, Object};
use super::objects::{LAG_WAITS, Objects};
use super::refusal_kind::RefusalKind;
use super::request::Request;
use super::retry::{Failure, FailureKind};
use super::secret::quotable;

/// How often a create whose response is lost is sent.
const ROUNDS: u32 = 2;

/// An object that was created.
#[derive(Debug, Clone)]
pub struct Created<O> {
    /// The object, as the API returned it.
    pub object: O,
    /// What went wrong in between, if anything did.
    pub note: Option<CreateNote>,
}

/// What went wrong with a create that succeeded.
#[derive(Debug, Clone)]
pub enum CreateNote {
    /// The request failed with this error, and a lookup found the object.
    Found(Error),
    /// The first request failed with this error, and no object appeared within a minute; a second request created it. A
    /// key of the first request may be left.
    Repeated(Error),
}

/// The result of the lookups.
enum Lookup<O> {
    Ours(O),
    Conflict(O, ConflictReason),
    Nothing,
}

/// A create in progress.
struct Create<'a, N: NewObject> {
    objects: Objects<'a, N::Object>,
    new: &'a N,
    request: Request,
    /// The lookups afterwards are repeated anyway.
    find: Request,
    before: Before,
}

/// Creates an object by the rules above.
pub(super) async fn create<N: NewObject>(
    objects: Objects<'_, N::Object>,
    new: &N,
) -> Result<Created<N::Object>, Error> {
    let (request, find) = (new.create_request()?, new.find_request());
    let look_up = || before_by_name(objects, &find);
    let before = objects.shared.inventory.before(new.scope(), look_up, || objects.ids(new.scope())).await?;
    let _write = objects.shared.write();
    Create { objects, new, request, find: find.briefly(), before }.run().await
}

impl<N: NewObject> Create<'_, N> {
    async fn run(&self) -> Result<Created<N::Object>, Error> {
        let mut doubt: Option<Error> = None;
        let mut round = 1;
        let mut waits = LAG_WAITS.into_iter();
        loop {
            let failure = match self.send().await {
                Ok(object) => return Ok(Created { object, note: doubt.map(CreateNote::Repeated) }),
                Err(failure) => failure,
            };
            if self.may_be_stale(&failure.error).await
                && let Some(wait) = waits.next()
                && self.client().pause(&self.request, &failure.error, wait).await.is_ok()
            {
                continue;
            }
            let Some(lookups) = lookups_after(&failure, doubt.is_some()) else {
                return Err(self.refused(failure.error, doubt));
            };
            let taken = doubt.is_none() && is_taken(&failure.error);
            match self.look_up(&failure.error, lookups).await {
                Ok(Lookup::Ours(found)) if taken => return Err(self.taken(failure.error, &found, None)),
                Ok(Lookup::Conflict(found, reason)) if taken => {
                    return Err(self.taken(failure.error, &found, Some(reason)));
                }
                Ok(Lookup::Ours(found)) if !self.objects.shared.claim(found.id()) => {
                    return Err(self.conflict(&failure.error, &found, ConflictReason::MadeByAnother));
                }
                Ok(Lookup::Ours(object)) => {
                    let note = Some(CreateNote::Found(doubt.unwrap_or(failure.error)));
                    return Ok(Created { object, note });
                }
                Ok(Lookup::Conflict(found, reason)) => return Err(self.conflict(&failure.error, &found, reason)),
                Ok(Lookup::Nothing)
                    if failure.kind == FailureKind::Lost && round < ROUNDS && !asks_for_more(&failure) =>
                {
                    doubt = Some(failure.error);
                }
                Ok(Lookup::Nothing) => return Err(self.not_found(failure, doubt)),
                Err(error) if error.is_refused_as(RefusalKind::NameOfAnotherType) => return Err(error),
                Err(_) if taken => return Err(failure.error),
                Err(look_up) => return Err(self.unknown(doubt.unwrap_or(failure.error), Some(look_up))),
            }
            round += 1;
        }
    }

    async fn send(&self) -> Result<N::Object, Failure> {
        let response = self.client().send(&self.request).await?;
        let object: N::Object = response.decode_field(N::Object::ONE)?;
        // In the state, the object of somebody else would be destroyed by a later apply.
        if self.existed(object.id()) || self.new.is_elsewhere(&object) || !self.objects.shared.claim(object.id()) {
            return Err(response.about_another(N::Object::ONE));
        }
        self.objects.shared.latest.note(&object);
        Ok(object)
    }

    /// Whether a refusal may come from a replica that does not know yet what this client has just written: that an object
    /// was deleted, or a connection created. Such a refusal comes before a key is issued.
    async fn may_be_stale(&self, error: &Error) -> bool {
        if error.is_refused_as(RefusalKind::ConnectionNotFound) {
            let connections = self.client().shared_connections();
            return self.new.connection_id().is_some_and(|id| connections.was_made_lately(&id.to_lowercase()));
        }
        if !is_taken(error) || !self.objects.shared.has_deleted_any_lately() {
            return false;
        }
        // What another client created meanwhile is no stale state, and each further request might issue a key.
        match self.objects.find(&self.find).await {
            Ok(found) => self.existed(found.id()),
            Err(error) => !error.is_refused_as(RefusalKind::NameOfAnotherType),
        }
    }

    fn existed(&self, id: &str) -> bool {
        matches!(&self.before, Before::Known(ids) if ids.contains(id))
    }

    /// Looks the object up after each of the waits, until one is found that did not exist before. If the last lookup
    /// failed, nothing is known.
    async fn look_up(&self, after: &Error, lookups: &[Duration]) -> Result<Lookup<N::Object>, Error> {
        let (mut existed, mut failed, began) = (None, None, Instant::now());
        for (number, wait) in lookups.iter().enumerate() {
            // Replicas have caught up by now, so an object that is still shown exists, and the name is taken.
            if let Some(found) = existed.take_if(|_| number >= LAG_LOOKUPS.len()) {
                return Ok(Lookup::Conflict(found, ConflictReason::Existed));
            }
            self.client().pause(&self.request, after, *wait).await?;
            match self.objects.find(&self.find).await {
                Ok(found) => match self.judge(&found) {
                    None => return Ok(Lookup::Ours(found)),
                    // It may be deleted already and still be shown by a lagging replica.
                    Some(ConflictReason::Existed) => (existed, failed) = (Some(found), None),
                    Some(reason) => return Ok(Lookup::Conflict(found, reason)),
                },
                Err(error) if is_absent(&error) => (existed, failed) = (None, None),
                Err(error) if may_pass(&error, began) => failed = Some(error),
                Err(error) => return Err(error),
            }
        }
        match (failed, existed) {
            (Some(error), _) => Err(error),
            (None, Some(found)) => Ok(Lookup::Conflict(found, ConflictReason::Existed)),
            (None, None) => Ok(Lookup::Nothing),
        }
    }

    /// Why an object is not the one that was created; `None` if it is.
    fn judge(&self, found: &N::Object) -> Option<ConflictReason> {
        let differences = self.new.differences(found);
        match &self.before {
            // Another create of this run made it, possibly before this one looked what exists.
            _ if self.objects.shared.is_claimed(found.id()) => Some(ConflictReason::MadeByAnother),
            _ if self.existed(found.id()) => Some(ConflictReason::Existed),
            _ if !differences.is_empty() => Some(ConflictReason::Different(differences)),
            Before::Unknown => Some(ConflictReason::Undetermined),
            Before::Known(_) => None,
        }
    }

    /// The error when the server says that the name or the secret exists, and an object of the name was found;
    /// `reason` is why it is not the requested one, if it is not.
    fn taken(&self, error: Error, found: &N::Object, reason: Option<ConflictReason>) -> Error {
        match reason {
            Some(ConflictReason::MadeByAnother) => self.conflict(&error, found, ConflictReason::MadeByAnother),
            None | Some(ConflictReason::Different(_)) if matches!(self.before, Before::Known(_)) => {
                self.conflict(&error, found, ConflictReason::AtTheSameTime)
            }
            _ if error.is_refused_as(RefusalKind::NameTaken) => self.conflict(&error, found, ConflictReason::Existed),
            _ => error, // the secret belongs to something else
        }
    }

    /// The error of a request that had no effect itself.
    fn refused(&self, error: Error, doubt: Option<Error>) -> Error {
        match (doubt, &error) {
            (None, _) => error,
            (Some(_), Error::Refused(_)) => self.maybe_issued(error),
            (Some(first), _) => self.unknown(first, Some(error)),
        }
    }

    /// The error of a request whose object was not found.
    fn not_found(&self, failure: Failure, doubt: Option<Error>) -> Error {
        match failure.kind {
            FailureKind::Lost => self.unknown(doubt.unwrap_or(failure.error), None),
            FailureKind::Broke => self.maybe_issued(failure.error),
            _ if doubt.is_some() => self.maybe_issued(failure.error),
            _ => failure.error,
        }
    }

    fn maybe_issued(&self, cause: Error) -> Error {
        let Some(key_name) = self.new.key_name() else { return cause };
        let key_name = Some(key_name.to_owned());
        Error::MaybeIssued(Box::new(MaybeIssued { cause, key_name, last_rotation_message: None, of_a_rotate: false }))
    }

    fn unknown(&self, cause: Error, look_up: Option<Error>) -> Error {
        let (request, key_name) = (self.request.name(), self.new.key_name().map(str::to_owned));
        Error::OutcomeUnknown(Box::new(OutcomeUnknown { request, cause, look_up, key_name, baseline: None }))
    }

    fn conflict(&self, error: &Error, found: &N::Object, reason: ConflictReason) -> Error {
        // What existed before is noticed before a key is issued; any other failure may have come after that.
        let is_certain = is_taken(error) && (reason == ConflictReason::Existed || self.existed(found.id()));
        let key_name = self.new.key_name().filter(|_| !is_certain).map(str::to_owned);
        Error::AlreadyExists(Box::new(AlreadyExists {
            request: self.request.name(),
            kind: N::Object::CALLED,
            name: quotable(found.name().unwrap_or_default(), []),
            id: quotable(found.id(), []),
            reason,
            key_name,
            request_id: error.request_id().map(str::to_owned),
        }))
    }

    fn client(&self) -> &Client {
        self.objects.client
    }
}

/// When to look up the object of a request that failed like this; `None` when it certainly does not exist.
fn lookups_after(failure: &Failure, in_doubt: bool) -> Option<&'static [Duration]> {
    match failure.kind {
        FailureKind::Lost => Some(LOST_LOOKUPS),
        FailureKind::Broke => Some(LAG_LOOKUPS),
        // Probably they were taken by the first request of this create.
        _ if in_doubt && is_taken(&failure.error) => Some(LAG_LOOKUPS),
        _ if is_taken(&failure.error) => Some(ONE_LOOKUP),
        _ => None,
    }
}

/// Whether the server asked for a longer wait than all the lookups took.
fn asks_for_more(failure: &Failure) -> bool {
    failure.asked.is_some_and(|asked| asked > failure.began.elapsed())
}

/// Whether the server says that the name or the secret exists.
fn is_taken(error: &Error) -> bool {
    error.is_refused_as(RefusalKind::NameTaken) || error.is_refused_as(RefusalKind::SecretTaken)
}
