//! Refreshing a resource.

use super::timeouts::{Limit, within};
use super::{Server, convert, deferral, find};
use crate::any_resource::AnyResource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::private::IMPORTED;
use crate::proto::tfplugin6::{Deferred, read_resource};
use crate::provider::Provider;
use crate::schema::{Equality, keep_spelling, same, storable};
use crate::value::Value;

pub(super) async fn read<P: Provider>(
    server: &Server<P>,
    request: read_resource::Request,
) -> Result<read_resource::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let state = convert::decode(request.current_state.as_ref(), resource.value_type())?;
    let call = server.call_with(&request.private)?.in_module(&server.offers, request.provider_meta.as_ref())?;
    if call.is_configured_later() {
        let deferred = call.deferred(request.client_capabilities.as_ref());
        return Ok(unrefreshed(request, deferred));
    }
    let was_imported = call.private.remove(IMPORTED);
    call.deferrals.allow(deferral::is_allowed(request.client_capabilities.as_ref()));
    let cx = call.context("The resource")?;
    let limit = Limit::of(resource.schema(), &state, "read");
    let found = call.with_warnings(within(limit, &call.stop, resource.read(&cx, state.clone())).await)?;
    if let deferred @ Some(_) = call.deferred_by_handler() {
        return Ok(read_resource::Response {
            diagnostics: call.diagnostics(Diagnostics::new()),
            ..unrefreshed(request, deferred)
        });
    }
    if found.is_null() {
        return Ok(read_resource::Response {
            new_state: convert::encode(&Value::Null, resource.value_type())?,
            diagnostics: call.diagnostics(Diagnostics::new()),
            ..Default::default()
        });
    }
    // What an import was given may be another form of the identity; there is no state yet that could lose its object.
    if !was_imported {
        call.with_warnings(same_identity(resource, &state, &found))?;
    }
    // The bytes that came are those that would go back, unless they are JSON.
    let is_msgpack = request.current_state.as_ref().is_some_and(|state| !state.msgpack.is_empty());
    let (new_state, found) = if found == state && is_msgpack {
        (request.current_state, state)
    } else {
        let attributes = resource.schema().all();
        let found = storable(attributes, keep_spelling(attributes, &state, found), &state);
        (convert::encode(&found, resource.value_type())?, found)
    };
    Ok(read_resource::Response {
        new_state,
        new_identity: convert::identity(resource, &found)?,
        private: call.private.to_wire(),
        diagnostics: call.diagnostics(Diagnostics::new()),
        deferred: None,
    })
}

/// While the provider's configuration is not known, the state is returned unchanged.
fn unrefreshed(request: read_resource::Request, deferred: Option<Deferred>) -> read_resource::Response {
    read_resource::Response {
        new_state: request.current_state,
        private: request.private,
        new_identity: request.current_identity,
        deferred,
        diagnostics: Vec::new(),
    }
}

/// The first part of the identity that differs although it must not, and does not only mean the same in another spelling. Also an
/// identity that may change must not be lost.
pub(super) fn changed_identity<'a, C>(
    resource: &'a dyn AnyResource<C>,
    before: &Value,
    after: &Value,
) -> Option<&'a str> {
    let is_lost = resource.identity().iter().all(|name| after.get(name).is_null());
    let is_changed = |name: &str| {
        let (before, after) = (before.get(name), after.get(name));
        let means_the_same = |attribute| same(attribute, Equality::Results, before, after);
        if resource.mutable_identity() {
            let is_required = !resource.optional_identity().contains(&name);
            return !before.is_null() && after.is_null() && (is_required || is_lost);
        }
        !before.is_null() && !after.is_unknown() && !resource.schema().all().get(name).is_some_and(means_the_same)
    };
    resource.identity().iter().copied().find(|name| is_changed(name))
}

/// An object's identity never changes, unless the resource says so. The core stores whatever it gets, so it is checked here.
pub(super) fn same_identity<C>(
    resource: &dyn AnyResource<C>,
    before: &Value,
    found: &Value,
) -> Result<(), Diagnostics> {
    match changed_identity(resource, before, found) {
        None => Ok(()),
        Some(name) if resource.mutable_identity() => {
            let detail = format!(
                "The API returned an object without {name}, by which it could be found again. The state was not changed. Run the \
                 plan again; if the error remains, it is a bug in the provider: please report it."
            );
            Err(Diagnostic::error("Unexpected Identity Change", detail).into())
        }
        Some(name) => {
            let detail = format!(
                "The API returned an object whose {name} differs from the one in the state. The state was not changed. \
                 Check whether a proxy between Terraform and the API changes or caches its responses, then run the \
                 plan again."
            );
            Err(Diagnostic::error("Unexpected Identity Change", detail).into())
        }
    }
}
