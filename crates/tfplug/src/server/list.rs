//! Listing objects.

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use tonic::Status;

use super::{RpcResult, Server, convert, find};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::list_resource::{Event, Request};
use crate::provider::Provider;
use crate::type_erasure::fitted;

pub(super) async fn list<P: Provider>(server: &Server<P>, request: Request) -> Result<Vec<Event>, Diagnostics> {
    let list = find(&server.offers.list_resources, "list resource", &request.type_name)?;
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let config = convert::decode(request.config.as_ref(), list.value_type())?;
    let call = server.call();
    let limit = usize::try_from(request.limit).unwrap_or(0);
    let found = call.with_warnings(list.list(&call.begin("Listing")?, config, limit).await)?;
    let mut events = Vec::new();
    for one in found.into_iter().take(limit) {
        let state = fitted(one.state, resource.value_type());
        let identity = convert::identity(resource.schema(), resource.identity(), &state)?
            .ok_or_else(|| Diagnostic::bug(format!("{:?} was listed without its identity.", one.display_name)))?;
        let resource_object = match request.include_resource_object {
            true => convert::encode(&state, resource.value_type())?,
            false => None,
        };
        let (identity, display_name) = (Some(identity), one.display_name);
        events.push(Event { identity, display_name, resource_object, diagnostic: Vec::new() });
    }
    // The core drops what follows a warning, so warnings go last.
    let diagnostic = call.diagnostics(Diagnostics::new());
    if !diagnostic.is_empty() {
        events.push(Event { diagnostic, ..Default::default() });
    }
    Ok(events)
}

pub(super) fn stream(events: RpcResult<Vec<Event>>) -> BoxStream<'static, Result<Event, Status>> {
    match events {
        Ok(events) => stream::iter(events.into_inner()).map(Ok).boxed(),
        Err(status) => stream::iter([Err(status)]).boxed(),
    }
}
