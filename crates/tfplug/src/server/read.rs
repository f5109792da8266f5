//! Refreshing a resource.

use super::{Configured, Server, find, wire};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::{Deferred, deferred, read_resource};
use crate::provider::Provider;
use crate::resource::AnyResource;
use crate::schema::{decided, respell};
use crate::value::Value;

pub(super) async fn read<P: Provider>(
    server: &Server<P>,
    request: read_resource::Request,
) -> Result<read_resource::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let state = wire::decode(request.current_state.as_ref(), resource.value_type())?;
    let call = server.call_with(&request.private)?;
    if matches!(call.session.client, Configured::NotYet) {
        return Ok(unrefreshed(request));
    }
    let cx = call.cx("The resource")?;
    let found = call.with_warnings(resource.read(&cx, state.clone()).await)?;
    if found.is_null() {
        return Ok(read_resource::Response {
            new_state: wire::encode(&Value::Null, resource.value_type())?,
            diagnostics: call.diagnostics(Diagnostics::new()),
            ..Default::default()
        });
    }
    call.with_warnings(same_identity(resource, &state, &found))?;
    let found = decided(respell(resource.schema().all(), &state, found), &state);
    Ok(read_resource::Response {
        new_state: wire::encode(&found, resource.value_type())?,
        new_identity: wire::identity(resource.schema(), resource.identity(), &found)?,
        private: call.private.to_wire(),
        diagnostics: call.diagnostics(Diagnostics::new()),
        deferred: None,
    })
}

/// While the provider's configuration isn't known, the state is all there is.
fn unrefreshed(request: read_resource::Request) -> read_resource::Response {
    let deferrable = request.client_capabilities.is_some_and(|client| client.deferral_allowed);
    let reason = deferred::Reason::ProviderConfigUnknown.into();
    read_resource::Response {
        new_state: request.current_state,
        private: request.private,
        new_identity: request.current_identity,
        deferred: deferrable.then_some(Deferred { reason }),
        diagnostics: Vec::new(),
    }
}

/// An identity lives as long as its object; the core stores whatever comes, so the check is ours.
pub(super) fn same_identity<C>(
    resource: &dyn AnyResource<C>,
    before: &Value,
    found: &Value,
) -> Result<(), Diagnostics> {
    let changed = resource.identity().iter().find(|name| {
        let (before, found) = (before.get(name), found.get(name));
        !before.is_null() && !found.is_unknown() && before != found
    });
    match changed {
        None => Ok(()),
        Some(name) => {
            let detail = format!(
                "The answer is about an object with another {name} than the one in the state. The state is left as it \
                 is. If something between here and the API changes answers, mend that; then plan again."
            );
            Err(Diagnostic::error("Another object was answered", detail).into())
        }
    }
}
