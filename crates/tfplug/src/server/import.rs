//! Importing existing objects, and generating configuration for them.

use super::{Server, convert, deferral, find};
use crate::any_resource::AnyResource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::private::IMPORTED;
use crate::proto::tfplugin6::{generate_resource_config, import_resource_state};
use crate::provider::Provider;
use crate::resource::ImportId;
use crate::schema::config_for;
use crate::value::{Members, Value};

pub(super) async fn import<P: Provider>(
    server: &Server<P>,
    request: import_resource_state::Request,
) -> Result<import_resource_state::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let call = server.call();
    if let deferred @ Some(_) = call.deferred(request.client_capabilities.as_ref()) {
        return Ok(import_resource_state::Response { deferred, ..Default::default() });
    }
    call.deferrals.allow(deferral::is_allowed(request.client_capabilities.as_ref()));
    let cx = call.context("Import")?;
    let id = import_id(resource, &request)?;
    let state = call.with_warnings(resource.import(&cx, id).await)?;
    let state = resource.storable(state);
    // The first read may spell the identity in its own way.
    call.private.set(IMPORTED, "yes");
    let imported = import_resource_state::ImportedResource {
        type_name: request.type_name,
        state: convert::encode(&state, resource.value_type())?,
        private: call.private.to_wire(),
        identity: convert::identity(resource, &state)?,
    };
    Ok(import_resource_state::Response {
        imported_resources: vec![imported],
        deferred: call.deferred_by_handler(),
        diagnostics: call.diagnostics(Diagnostics::new()),
    })
}

fn import_id<C>(
    resource: &dyn AnyResource<C>,
    request: &import_resource_state::Request,
) -> Result<ImportId<Value>, Diagnostics> {
    let Some(identity) = request.identity.as_ref().and_then(|identity| identity.identity_data.as_ref()) else {
        return Ok(ImportId::Id(request.id.clone()));
    };
    let ty = convert::identity_type(resource.schema(), resource.identity());
    match convert::decode(Some(identity), &ty)? {
        Value::Null => Ok(ImportId::Id(request.id.clone())),
        identity => match resource.required_identity().find(|name| identity.get(name).is_null()) {
            Some(name) => {
                let detail = format!("The identity's {name} is missing.");
                Err(Diagnostic::error("Incomplete identity", detail).into())
            }
            None => Ok(ImportId::Identity(identity)),
        },
    }
}

pub(super) fn generate_config<P: Provider>(
    server: &Server<P>,
    request: &generate_resource_config::Request,
) -> Result<generate_resource_config::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let state = convert::decode(request.state.as_ref(), resource.value_type())?;
    // Without a state, the configuration is an object whose attributes are all null.
    let state = if state.is_null() { Value::Object(Members::new()) } else { state };
    // What the API holds and no configuration may say is generated all the same: anything else would be a change that nobody
    // asked for. A warning here would not be shown; the error of the plan that follows names attribute and value.
    let config = resource.fitted_config(config_for(resource.schema().all(), &state));
    let config = convert::encode(&config, resource.value_type())?;
    Ok(generate_resource_config::Response { config, diagnostics: Vec::new() })
}
