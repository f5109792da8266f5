//! Listing objects.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::mpsc;
use tonic::Status;

use super::timeouts::{Limit, within};
use super::{Call, Server, convert, find, guarded, located, schema_of, validate};
use crate::any_resource::AnyResource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::list_resource::{Found, Sink};
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::list_resource::{Event, Request};
use crate::provider::{Offers, Provider};
use crate::value::Value;

/// How many objects may wait for the core: no more are converted than it reads.
const WAITING: usize = 1;

/// Streams what a list resource finds. The work is done as the core reads, and ends when the core drops the stream.
pub(super) fn list<P: Provider>(server: &Server<P>, request: Request) -> BoxStream<'static, Result<Event, Status>> {
    let (sender, found) = mpsc::channel(WAITING);
    let (offers, call, type_name) = (Arc::clone(&server.offers), server.call(), request.type_name.clone());
    let run = {
        let offers = Arc::clone(&offers);
        async move {
            let name = request.type_name.clone();
            let result = guarded("ListResource", run(&offers, &call, request, sender)).await;
            let mut ended = call.diagnostics(result.err().unwrap_or_default());
            located::locate(&mut ended, schema_of(&offers.list_resources, &name));
            ended
        }
    };
    let listing = Listing { offers, type_name, found, run: Some(Box::pin(run)), end: Vec::new() };
    stream::unfold(listing, |mut listing| async { Some((Ok(listing.next().await?), listing)) }).boxed()
}

async fn run<C>(
    offers: &Offers<C>,
    call: &Call<C>,
    request: Request,
    sender: mpsc::Sender<Found>,
) -> Result<(), Diagnostics> {
    let list = find(&offers.list_resources, "list resource", &request.type_name)?;
    find(&offers.resources, "resource", &request.type_name)?;
    let config = convert::decode(request.config.as_ref(), list.value_type())?;
    validate::known(list, &config, |config| list.validate(config))?;
    let cx = call.begin("Listing")?;
    let most = usize::try_from(request.limit).unwrap_or(0);
    if most == 0 {
        return Ok(());
    }
    let limit = Limit::of(list.schema(), &config, "list");
    let listing = list.list(&cx, config, Sink::new(sender, most, request.include_resource_object));
    tokio::select! {
        biased;
        listed = within(limit.clone(), &call.stop, listing) => all_of(listed, call, limit),
        () = call.configuration.stop.cancelled() => Err(interrupted()),
    }
}

/// A list that ended because it was told to stop has not found everything, whatever it returns.
fn all_of<C>(listed: Result<(), Diagnostics>, call: &Call<C>, limit: Option<Limit>) -> Result<(), Diagnostics> {
    match (listed, limit) {
        (Ok(()), _) if call.configuration.stop.is_cancelled() => Err(interrupted()),
        (Ok(()), Some(limit)) if call.stop.is_cancelled() => Err(limit.exceeded(true).into()),
        (listed, _) => listed,
    }
}

fn interrupted() -> Diagnostics {
    Diagnostic::error("Operation canceled", "Terraform was interrupted before everything was listed.").into()
}

/// A list that is under way.
struct Listing<C> {
    offers: Arc<Offers<C>>,
    type_name: String,
    found: mpsc::Receiver<Found>,
    /// `None` when it has ended.
    run: Option<BoxFuture<'static, Vec<pb::Diagnostic>>>,
    /// What it ended with.
    end: Vec<pb::Diagnostic>,
}

impl<C: Send + Sync + 'static> Listing<C> {
    async fn next(&mut self) -> Option<Event> {
        let found = match &mut self.run {
            None => self.found.recv().await,
            Some(run) => tokio::select! {
                biased;
                found = self.found.recv() => match found {
                    // The limit is reached; whatever the list would do next is not asked for.
                    None => return None,
                    found => found,
                },
                end = run => {
                    (self.run, self.end) = (None, end);
                    self.found.recv().await
                }
            },
        };
        match found {
            Some(found) => Some(self.event(found)),
            None if self.end.is_empty() => None,
            None => Some(Event { diagnostic: std::mem::take(&mut self.end), ..Event::default() }),
        }
    }

    /// The event of one object. Nothing about it is an error: a core ends the whole list at the first one.
    fn event(&self, found: Found) -> Event {
        let Found { display_name, identity, resource, mut diagnostics } = found;
        let (mut identity_data, mut resource_object) = (None, None);
        if let Some(ty) = self.offers.resources.get(&self.type_name) {
            identity_data = noted(convert::identity(ty.as_ref(), &identity), &mut diagnostics);
            resource_object = resource.and_then(|resource| noted(object(ty.as_ref(), resource), &mut diagnostics));
        }
        if identity_data.is_none() {
            diagnostics.push(Diagnostic::bug("It was listed without its identity."));
        }
        let warnings = diagnostics.into_iter().map(|one| one.about(&display_name)).collect();
        let mut diagnostic = convert::diagnostics(warnings);
        located::locate(&mut diagnostic, None);
        Event { identity: identity_data, display_name, resource_object, diagnostic }
    }
}

fn object<C>(ty: &dyn AnyResource<C>, resource: Value) -> Result<Option<pb::DynamicValue>, Diagnostics> {
    let state = ty.storable(resource);
    convert::encode(&state, ty.value_type())
}

/// What was made, or nothing and the errors.
fn noted<T>(made: Result<Option<T>, Diagnostics>, errors: &mut Diagnostics) -> Option<T> {
    made.unwrap_or_else(|more| {
        errors.extend(more);
        None
    })
}
