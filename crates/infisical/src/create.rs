//! Creates, when it isn't known what a request did.
//!
//! A create issues a key that costs money, before it stores anything. So it's sent once:
//!
//! - Freely again only when it provably didn't reach the server: no connection, or a rate limit.
//! - When the server says that it failed, its result is looked for, four times more within [`LAG_LOOKS`], since
//!   replicas lag. If it isn't there, the error says that a key may be left ([`Error::MaybeIssued`]).
//! - When the answer gets lost, its result is looked for during a minute ([`LOST_LOOKS`]): a server goes on with a
//!   request whose connection it has closed. Only then it is sent a second time, and never a third.
//!
//! What is found is ours if it's what was asked for, wasn't there before (`inventory.rs`), and no other create of
//! this client has made it.

use std::time::Duration;

use super::client::Client;
use super::error::{AlreadyExists, ConflictReason, Error, MaybeIssued, OutcomeUnknown};
use super::inventory::Before;
use super::object::{NewObject, Object};
use super::objects::Objects;
use super::refusal::RefusalKind;
use super::request::Request;
use super::retry::{Failure, Kind};

/// The waits before each look when what is to be seen has happened, if it has.
pub(super) const LAG_LOOKS: &[Duration] = &seconds([0, 1, 2, 4, 8]);

/// The same when the server may still be at work: a minute in all.
pub(super) const LOST_LOOKS: &[Duration] = &seconds([0, 1, 2, 4, 8, 10, 12, 12, 12]);

const ONE_LOOK: &[Duration] = &seconds([0]);

/// How often a create whose answer got lost is sent.
const ROUNDS: u32 = 2;

const fn seconds<const N: usize>(of: [u64; N]) -> [Duration; N] {
    let mut waits = [Duration::ZERO; N];
    let mut i = 0;
    while i < N {
        #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks it")]
        {
            waits[i] = Duration::from_secs(of[i]);
        }
        i += 1;
    }
    waits
}

/// An object that a create call has made.
#[derive(Debug, Clone)]
pub struct Created<O> {
    /// The object, as the API answered.
    pub object: O,
    /// What went wrong on the way, if something did.
    pub note: Option<CreateNote>,
}

/// What went wrong with a create that succeeded.
#[derive(Debug, Clone)]
pub enum CreateNote {
    /// The request failed so, and the object was found by looking for it.
    Found(Error),
    /// The first request failed so, and nothing came of it within a minute; a second one made the object. A key may
    /// be left of the first.
    Repeated(Error),
}

/// What a look brought.
enum Look<O> {
    Ours(O),
    Conflict(O, ConflictReason),
    Nothing,
}

/// One create on its way.
struct Create<'a, N: NewObject> {
    objects: Objects<'a, N::Object>,
    new: &'a N,
    request: Request,
    find: Request,
    before: Before,
}

/// Creates an object, by the rule above.
pub(super) async fn create<N: NewObject>(
    objects: Objects<'_, N::Object>,
    new: &N,
) -> Result<Created<N::Object>, Error> {
    let (request, find) = (new.create_request()?, new.find_request());
    let look = || before_by_name(objects, &find);
    let before = objects.shared.inventory.before(new.scope(), look, || objects.ids(new.scope())).await?;
    let _write = objects.shared.write();
    Create { objects, new, request, find, before }.run().await
}

/// What had the name before.
async fn before_by_name<O: Object>(objects: Objects<'_, O>, find: &Request) -> Result<Before, Error> {
    match objects.find(find).await {
        Ok(found) => Ok(Before::known([found.id().to_owned()])),
        Err(error) if is_absent(&error) => Ok(Before::known([])),
        // Whoever may not read may still create. With a token that is refused, or without an answer, nothing is tried.
        Err(Error::Refused(refusal)) if is_lasting(refusal.kind()) => Ok(Before::Unknown),
        Err(error) => Err(error),
    }
}

/// Whether the API says that nothing of that name is there.
fn is_absent(error: &Error) -> bool {
    use RefusalKind::{FolderNotFound, NotFound, ProjectNotFound};
    matches!(error, Error::Refused(refusal) if matches!(refusal.kind(), NotFound | FolderNotFound | ProjectNotFound))
}

fn is_lasting(kind: RefusalKind) -> bool {
    !matches!(kind, RefusalKind::TokenRejected | RefusalKind::RateLimited | RefusalKind::ServerFault)
}

impl<N: NewObject> Create<'_, N> {
    async fn run(&self) -> Result<Created<N::Object>, Error> {
        let mut doubt: Option<Error> = None;
        let mut round = 1;
        loop {
            let failure = match self.send().await {
                Ok(object) => return Ok(Created { object, note: doubt.map(CreateNote::Repeated) }),
                Err(failure) => failure,
            };
            let Some(looks) = looks_after(&failure, doubt.is_some()) else {
                return Err(self.refused(failure.error, doubt));
            };
            let taken = doubt.is_none() && is_taken(&failure.error);
            match self.look(&failure.error, looks).await {
                Ok(Look::Ours(found) | Look::Conflict(found, _)) if taken => {
                    return Err(self.conflict(&failure.error, &found, ConflictReason::Existed));
                }
                Ok(Look::Ours(found)) if !self.objects.shared.claim(found.id()) => {
                    return Err(self.conflict(&failure.error, &found, ConflictReason::MadeByAnother));
                }
                Ok(Look::Ours(object)) => {
                    let note = Some(CreateNote::Found(doubt.unwrap_or(failure.error)));
                    return Ok(Created { object, note });
                }
                Ok(Look::Conflict(found, reason)) => return Err(self.conflict(&failure.error, &found, reason)),
                Ok(Look::Nothing) if failure.kind == Kind::Lost && round < ROUNDS && !asks_for_more(&failure) => {
                    doubt = Some(failure.error);
                }
                Ok(Look::Nothing) => return Err(self.not_found(failure, doubt)),
                Err(_) if taken => return Err(failure.error),
                Err(look_up) => return Err(self.unknown(doubt.unwrap_or(failure.error), Some(look_up))),
            }
            round += 1;
        }
    }

    async fn send(&self) -> Result<N::Object, Failure> {
        let response = self.client().send(&self.request).await?;
        let object: N::Object = response.decode_field(N::Object::ONE)?;
        self.objects.shared.claim(object.id());
        Ok(object)
    }

    /// Looks for the object after each of the waits, until something is there that wasn't there before.
    async fn look(&self, after: &Error, looks: &[Duration]) -> Result<Look<N::Object>, Error> {
        let mut existed = None;
        for (number, wait) in looks.iter().enumerate() {
            // What is shown still, when replicas should have caught up, is there: the name isn't free for ours.
            if let Some(found) = existed.take_if(|_| number >= LAG_LOOKS.len()) {
                return Ok(Look::Conflict(found, ConflictReason::Existed));
            }
            self.client().pause(&self.request, after, *wait).await?;
            match self.objects.find(&self.find).await {
                Ok(found) => match self.judge(&found) {
                    None => return Ok(Look::Ours(found)),
                    // It may be gone, and a lagging replica shows it still.
                    Some(ConflictReason::Existed) => existed = Some(found),
                    Some(reason) => return Ok(Look::Conflict(found, reason)),
                },
                Err(error) if is_absent(&error) => existed = None,
                Err(error) => return Err(error),
            }
        }
        Ok(existed.map_or(Look::Nothing, |found| Look::Conflict(found, ConflictReason::Existed)))
    }

    /// Why an object isn't ours; none if it is.
    fn judge(&self, found: &N::Object) -> Option<ConflictReason> {
        let differences = self.new.differences(found);
        match &self.before {
            Before::Known(ids) if ids.contains(found.id()) => Some(ConflictReason::Existed),
            _ if !differences.is_empty() => Some(ConflictReason::Different(differences)),
            Before::Unknown => Some(ConflictReason::Undetermined),
            Before::Known(_) => self.objects.shared.is_claimed(found.id()).then_some(ConflictReason::MadeByAnother),
        }
    }

    /// The error of a request that did nothing itself.
    fn refused(&self, error: Error, doubt: Option<Error>) -> Error {
        match (doubt, &error) {
            (None, _) => error,
            (Some(_), Error::Refused(_)) => self.maybe_issued(error),
            (Some(first), _) => self.unknown(first, Some(error)),
        }
    }

    /// The error of a request whose object isn't there.
    fn not_found(&self, failure: Failure, doubt: Option<Error>) -> Error {
        match failure.kind {
            Kind::Lost => self.unknown(doubt.unwrap_or(failure.error), None),
            Kind::Broke => self.maybe_issued(failure.error),
            _ if doubt.is_some() => self.maybe_issued(failure.error),
            _ => failure.error,
        }
    }

    fn maybe_issued(&self, cause: Error) -> Error {
        let Some(key_name) = self.new.key_name() else { return cause };
        let key_name = Some(key_name.to_owned());
        Error::MaybeIssued(Box::new(MaybeIssued { cause, key_name, last_rotation_message: None }))
    }

    fn unknown(&self, cause: Error, look_up: Option<Error>) -> Error {
        let (request, key_name) = (self.request.name(), self.new.key_name().map(str::to_owned));
        Error::OutcomeUnknown(Box::new(OutcomeUnknown { request, cause, look_up, key_name, baseline: None }))
    }

    fn conflict(&self, error: &Error, found: &N::Object, reason: ConflictReason) -> Error {
        // A refused name was refused before a key was issued; whatever else failed may have come after.
        let key_name = self.new.key_name().filter(|_| !is_taken(error)).map(str::to_owned);
        Error::AlreadyExists(Box::new(AlreadyExists {
            request: self.request.name(),
            kind: N::Object::CALLED,
            name: found.name().unwrap_or_default().to_owned(),
            id: found.id().to_owned(),
            reason,
            key_name,
            request_id: error.request_id().map(str::to_owned),
        }))
    }

    fn client(&self) -> &Client {
        self.objects.client
    }
}

/// When to look for the object of a request that failed so; none when it's certain that there is none.
fn looks_after(failure: &Failure, in_doubt: bool) -> Option<&'static [Duration]> {
    let secret_taken = failure.error.is_refused_as(RefusalKind::SecretTaken);
    match failure.kind {
        Kind::Lost => Some(LOST_LOOKS),
        Kind::Broke => Some(LAG_LOOKS),
        // It's probably our own first request that has taken them.
        _ if in_doubt && (is_taken(&failure.error) || secret_taken) => Some(LAG_LOOKS),
        _ if is_taken(&failure.error) => Some(ONE_LOOK),
        _ => None,
    }
}

/// Whether the server still asks for time after all the looks.
fn asks_for_more(failure: &Failure) -> bool {
    failure.asked.is_some_and(|asked| asked > failure.began.elapsed())
}

fn is_taken(error: &Error) -> bool {
    error.is_refused_as(RefusalKind::NameTaken)
}
