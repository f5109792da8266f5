//! Taking over what exists: import, and the configuration for it.

use super::{Server, find, wire};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::{generate_resource_config, import_resource_state};
use crate::provider::Provider;
use crate::resource::{AnyResource, ImportId};
use crate::schema::{config_for, decided};
use crate::value::{Members, Value};

pub(super) async fn import<P: Provider>(
    server: &Server<P>,
    request: import_resource_state::Request,
) -> Result<import_resource_state::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let call = server.call();
    let cx = call.cx("Import")?;
    let id = import_id(resource, &request)?;
    let state = call.with_warnings(resource.import(&cx, id).await)?;
    let state = decided(state, &Value::Null);
    let imported = import_resource_state::ImportedResource {
        type_name: request.type_name,
        state: wire::encode(&state, resource.value_type())?,
        private: call.private.to_wire(),
        identity: wire::identity(resource.schema(), resource.identity(), &state)?,
    };
    Ok(import_resource_state::Response {
        imported_resources: vec![imported],
        diagnostics: call.diagnostics(Diagnostics::new()),
        deferred: None,
    })
}

fn import_id<C>(
    resource: &dyn AnyResource<C>,
    request: &import_resource_state::Request,
) -> Result<ImportId<Value>, Diagnostics> {
    let Some(identity) = request.identity.as_ref().and_then(|identity| identity.identity_data.as_ref()) else {
        return Ok(ImportId::Id(request.id.clone()));
    };
    let kind = wire::identity_type(resource.schema(), resource.identity());
    match wire::decode(Some(identity), &kind)? {
        Value::Null => Ok(ImportId::Id(request.id.clone())),
        identity => match identity.members().and_then(|parts| parts.iter().find(|(_, part)| part.is_null())) {
            Some((name, _)) => {
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
    let state = wire::decode(request.state.as_ref(), resource.value_type())?;
    // Without a state, it's the configuration of nothing: an object all the same.
    let state = if state.is_null() { Value::Object(Members::new()) } else { state };
    let config = wire::encode(&config_for(resource.schema().all(), &state), resource.value_type())?;
    Ok(generate_resource_config::Response { config, diagnostics: Vec::new() })
}
