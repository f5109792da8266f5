//! The calls that all kinds of objects have: read, list, update and delete. `create.rs` has the create.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use tokio::time::Instant;

use super::client::Client;
use super::error::Error;
use super::known::Known;
use super::object::{Object, Patch};
use super::operation::Operation;
use super::request::Request;
use super::response::Response;
use super::retry::{Failure, FailureKind, Schedule};
use super::shared::{Shared, YOUNG};

/// The waits before a read that may be stale is repeated.
pub(super) const LAG_WAITS: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// The calls on one kind of object.
pub(super) struct Objects<'a, O> {
    pub(super) client: &'a Client,
    pub(super) shared: &'a Shared<O>,
}

impl<O> Clone for Objects<'_, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O> Copy for Objects<'_, O> {}

impl<O: Object> Objects<'_, O> {
    /// Reads an object by its id. A response that may come from a lagging replica is checked by more reads for 15 s:
    /// that an object younger than a minute does not exist, or that it is in an older state than the caller or this client
    /// has seen.
    pub(super) async fn get(&self, id: &str, known: Known<'_>) -> Result<O, Error> {
        let request = O::request(Operation::Get, &[id]);
        let mut waits = LAG_WAITS.into_iter();
        loop {
            let read = self.client.send(&request).await.and_then(|response| self.answered(&response, id));
            let doubtful = match &read {
                Ok(object) => known.is_newer_than(O::updated_at(object)) || self.is_outdated(object),
                Err(failure) => failure.error.is_not_found() && self.is_young(id, known, failure.date),
            };
            let Some(wait) = waits.next().filter(|_| doubtful) else { return Ok(read?) };
            match read {
                Ok(_) => self.client.wait(&request, wait).await?,
                Err(failure) => self.client.pause(&request, &failure.error, wait).await?,
            }
        }
    }

    /// Reads an object by its id with two attempts, for callers who repeat the read themselves.
    pub(super) async fn get_briefly(&self, id: &str) -> Result<O, Error> {
        let request = O::request(Operation::Get, &[id]).briefly();
        Ok(self.answered(&self.client.send(&request).await?, id)?)
    }

    /// The object in the response, if it is the requested one. Its state is remembered.
    pub(super) fn answered(&self, response: &Response, id: &str) -> Result<O, Failure> {
        let object = about(response, id)?;
        self.shared.latest.note(&object);
        Ok(object)
    }

    /// Whether this client has seen a newer state of the object, so that this one is from a lagging replica.
    pub(super) fn is_outdated(&self, object: &O) -> bool {
        self.shared.latest.is_newer_than(object)
    }

    /// Like [`Self::get`], or from the scope's list once several objects of the scope are read.
    ///
    /// Most objects are found in the list. What sends a request is boxed, so that these reads need not be as large as it.
    pub(super) async fn get_in(&self, scope: &str, id: &str, known: Known<'_>) -> Result<O, Error> {
        match self.in_list(scope, id).await {
            Some(object) if !known.is_newer_than(object.updated_at()) && !self.is_outdated(&object) => Ok(object),
            _ => Box::pin(self.get(id, known)).await,
        }
    }

    /// The same without knowing the scope.
    pub(super) async fn get_anywhere(&self, id: &str) -> Result<O, Error> {
        if let Some(scope) = self.shared.lists.likely_scope()
            && let Some(object) = self.in_list(&scope, id).await.filter(|object| !self.is_outdated(object))
        {
            return Ok(object);
        }
        let object = Box::pin(self.get(id, Known::default())).await?;
        if let Some(scope) = object.scope() {
            self.shared.lists.note(scope, object.id());
        }
        Ok(object)
    }

    async fn in_list(&self, scope: &str, id: &str) -> Option<O> {
        self.shared.lists.find(scope, id, |all| all.get(id).cloned(), || Box::pin(self.listed(scope))).await
    }

    /// Finds an object by a request that names it in another way than by its id, or in the scope's list once several objects
    /// of the scope are read. `is_it` distinguishes the object from others; it returns `None` if the object does not tell.
    /// If it is not in a list, it is looked up by the rules of [`Self::find_current`].
    pub(super) async fn find_in(
        &self,
        scope: &str,
        (asked, request): (&str, &Request),
        is_it: impl Fn(&O) -> Option<bool>,
    ) -> Result<O, Error> {
        let is_current = |one: &&O| is_it(one) == Some(true) && !self.is_outdated(one);
        let pick = |all: &HashMap<String, O>| all.values().find(is_current).cloned();
        if let Some(found) = self.shared.lists.find(scope, asked, pick, || Box::pin(self.listed(scope))).await {
            return Ok(found);
        }
        self.find_current(request, is_it).await
    }

    /// Finds an object by a request that names it in another way than by its id. After a create or an update of this
    /// client, a missing object is looked up again for 15 s, since a lagging replica may not know it or its new name; so is
    /// an object in an older state than this client has seen.
    pub(super) async fn find_current(&self, request: &Request, is_it: impl Fn(&O) -> Option<bool>) -> Result<O, Error> {
        let mut waits = LAG_WAITS.into_iter();
        loop {
            let found = self.find_exactly(request, &is_it).await;
            let doubtful = match &found {
                Ok(found) => self.is_outdated(found),
                Err(error) => error.is_not_found() && self.shared.has_written_any_lately(),
            };
            let Some(wait) = waits.next().filter(|_| doubtful) else { return found };
            match found {
                Ok(_) => self.client.wait(request, wait).await?,
                Err(error) => self.client.pause(request, &error, wait).await?,
            }
        }
    }

    /// Finds an object by such a request, once, and verifies that the response is about it.
    pub(super) async fn find_exactly(&self, request: &Request, is_it: impl Fn(&O) -> Option<bool>) -> Result<O, Error> {
        let response = self.client.send(request).await?;
        let found = response.decode_field(O::ONE)?;
        if is_it(&found) == Some(false) { Err(response.about_another(O::ONE))? } else { Ok(found) }
    }

    /// Finds an object by such a request, for callers who verify themselves what is found.
    pub(super) async fn find(&self, request: &Request) -> Result<O, Error> {
        Ok(self.client.send(request).await?.decode_field(O::ONE)?)
    }

    /// Lists a scope by the rules of [`Self::list_current`].
    pub(super) async fn list(&self, scope: &str) -> Result<Vec<O>, Error> {
        self.list_current(scope, |response| response.decode_field(O::MANY), |one| Some(one)).await
    }

    /// The same, with a result for each object: an object in an unexpected form is an error of its own.
    pub(super) async fn list_each(&self, scope: &str) -> Result<Vec<Result<O, Error>>, Error> {
        let each = self.list_current(scope, |response| response.decode_each(O::MANY), |one| one.as_ref().ok()).await?;
        Ok(each.into_iter().map(|one| one.map_err(Error::from)).collect())
    }

    /// Reads the list again for 15 s while it has an object in an older state than this client has seen, since it may come
    /// from a lagging replica.
    async fn list_current<T>(
        &self,
        scope: &str,
        decode: fn(&Response) -> Result<Vec<T>, Failure>,
        object: fn(&T) -> Option<&O>,
    ) -> Result<Vec<T>, Error> {
        let request = O::list_request(scope);
        let mut waits = LAG_WAITS.into_iter();
        loop {
            let all = decode(&self.client.send(&request).await?)?;
            let is_outdated = all.iter().filter_map(object).any(|one| self.is_outdated(one));
            let Some(wait) = waits.next().filter(|_| is_outdated) else { return Ok(all) };
            self.client.wait(&request, wait).await?;
        }
    }

    /// The ids of all objects in a scope, including those in an unexpected form.
    pub(super) async fn ids(&self, scope: &str) -> Result<Vec<String>, Error> {
        #[derive(serde::Deserialize)]
        struct Id {
            id: String,
        }
        let response = self.client.send(&O::list_request(scope).briefly()).await?;
        let all = response.decode_field::<Vec<Id>>(O::MANY)?;
        Ok(all.into_iter().map(|one| one.id).collect())
    }

    /// Changes an object. If the response is lost, the object is read, and the change is sent again unless it has been
    /// made.
    pub(super) async fn update(&self, id: &str, patch: &impl Patch<Object = O>) -> Result<O, Failure> {
        let mut in_doubt = false;
        let updated = self.update_on(id, patch, &mut in_doubt).await;
        updated.map_err(|error| Failure { in_doubt, ..Failure::lasting(error) })
    }

    async fn update_on(&self, id: &str, patch: &impl Patch<Object = O>, in_doubt: &mut bool) -> Result<O, Error> {
        let request = O::request(Operation::Update, &[id]).json(patch)?.hiding(patch.secrets());
        let request = if patch.is_slow() { request.slow() } else { request };
        let _write = self.shared.write();
        let mut schedule = Schedule::new();
        let mut waits = LAG_WAITS.into_iter();
        loop {
            let sent = self.client.send_on(&request, &mut schedule).await;
            let failure = match sent.and_then(|response| self.answered(&response, id)) {
                Ok(object) => return Ok(self.changed(object)),
                Err(failure) => failure,
            };
            *in_doubt |= failure.in_doubt;
            if self.is_not_found_yet(id, &failure.error)
                && let Some(wait) = waits.next()
            {
                self.client.pause(&request, &failure.error, wait).await?;
                continue;
            }
            if failure.kind != FailureKind::Lost {
                return Err(failure.error);
            }
            // If the read fails, the error of the update is the one to report.
            if let Some(found) = self.get(id, Known::default()).await.ok().filter(|found| patch.holds_in(found)) {
                return Ok(self.changed(found));
            }
            if !self.client.wait_to_repeat(&request, &failure, &mut schedule).await? {
                return Err(failure.error);
            }
        }
    }

    fn changed(&self, object: O) -> O {
        self.shared.wrote();
        object
    }

    /// Deletes an object. If a repeated DELETE finds no object, that counts as success. If an object younger than a
    /// minute is not found, the DELETE is repeated for 15 s, since a replica may not know the object yet, and it would
    /// be left behind.
    pub(super) async fn delete(&self, id: &str, request: &Request, known: Known<'_>) -> Result<(), Error> {
        let _write = self.shared.write();
        let mut waits = LAG_WAITS.into_iter();
        let mut in_doubt = false;
        loop {
            let failure = match self.delete_once(id, request).await {
                Ok(()) => break,
                Err(failure) => failure,
            };
            let is_gone = failure.error.is_not_found();
            if is_gone && in_doubt {
                break;
            }
            // An unexpected response leaves open whether the object is deleted; one more attempt tells.
            let odd = matches!(failure, Failure { error: Error::UnexpectedResponse(_), kind: FailureKind::Lost, .. });
            let again = (odd && !in_doubt) || (is_gone && self.is_young(id, known, failure.date));
            in_doubt |= odd;
            match waits.next().filter(|_| again) {
                Some(wait) => self.client.pause(request, &failure.error, wait).await?,
                None => return Err(failure.error),
            }
        }
        self.shared.forget(id);
        Ok(())
    }

    async fn delete_once(&self, id: &str, request: &Request) -> Result<(), Failure> {
        let response = self.client.send(request).await?;
        if response.is_gone() { Ok(()) } else { about::<O>(&response, id).map(drop) }
    }

    /// The objects of a scope by id, without those in an unexpected form: reading them by id will report the problem.
    async fn listed(&self, scope: &str) -> Result<(Instant, HashMap<String, O>), Error> {
        let response = self.client.send(&O::list_request(scope).briefly()).await?;
        let objects = match response.decode_field::<Vec<O>>(O::MANY) {
            Ok(objects) => objects,
            Err(_) => response.decode_each(O::MANY)?.into_iter().flatten().collect(),
        };
        Ok((response.began, objects.into_iter().map(|object| (object.id().to_owned(), object)).collect()))
    }

    /// Whether a write was refused because a replica may not know the object yet, which this client has just created.
    pub(super) fn is_not_found_yet(&self, id: &str, error: &Error) -> bool {
        error.is_not_found() && self.shared.was_made_lately(id)
    }

    /// Whether an object is so young that a replica may not know it. The date of its creation is the server's. The date
    /// of the response may be a proxy's, and this machine's clock may be wrong, so one of the two is enough.
    fn is_young(&self, id: &str, known: Known<'_>, now: Option<SystemTime>) -> bool {
        let times = now.into_iter().chain([SystemTime::now()]).map(OffsetDateTime::from);
        self.shared.was_made_lately(id) || known.is_younger_than(YOUNG, times)
    }
}

/// The object in the response, if it is the requested one. The state of another object, from a gateway's cache or mock,
/// would make the caller lose track of its own.
fn about<O: Object>(response: &Response, id: &str) -> Result<O, Failure> {
    let object: O = response.decode_field(O::ONE)?;
    if object.id().eq_ignore_ascii_case(id) {
        Ok(object)
    } else {
        Err(response.about_another(&format!("{}.id", O::ONE)))
    }
}
