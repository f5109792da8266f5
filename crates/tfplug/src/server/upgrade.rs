//! Stored states and identities: of this version, of older ones, and of other types.

use serde_json::Value as Json;

use super::{Server, find, wire};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::*;
use crate::provider::Provider;
use crate::resource::MoveSource;
use crate::schema::decided;
use crate::value::{Value, from_state_json};

/// An absent state here would be read as null and lose the object; every failure is an error instead.
pub(super) fn state<P: Provider>(
    server: &Server<P>,
    request: &upgrade_resource_state::Request,
) -> Result<upgrade_resource_state::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let stored = stored_json(request.raw_state.as_ref())?;
    let state = if request.version == resource.schema().stored_version() {
        from_state_json(&stored, resource.value_type()).map_err(|error| unreadable(&error.to_string()))?
    } else {
        resource.upgrade(request.version, stored)?
    };
    if state.is_null() {
        return Err(unreadable("it is null").into());
    }
    let upgraded_state = wire::encode(&decided(state, &Value::Null), resource.value_type())?;
    Ok(upgrade_resource_state::Response { upgraded_state, diagnostics: Vec::new() })
}

/// Identities have had one version so far. An object stored before its type had an identity arrives with none.
pub(super) fn identity<P: Provider>(
    server: &Server<P>,
    request: &upgrade_resource_identity::Request,
) -> Result<upgrade_resource_identity::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    if request.raw_identity.as_ref().is_none_or(|raw| raw.json.is_empty()) {
        return Ok(upgrade_resource_identity::Response::default());
    }
    let stored = stored_json(request.raw_identity.as_ref())?;
    let kind = wire::identity_type(resource.schema(), resource.identity());
    let value = from_state_json(&stored, &kind).map_err(|error| unreadable(&error.to_string()))?;
    let identity_data = wire::encode(&value, &kind)?;
    let upgraded_identity = Some(ResourceIdentityData { identity_data });
    Ok(upgrade_resource_identity::Response { upgraded_identity, diagnostics: Vec::new() })
}

pub(super) fn move_state<P: Provider>(
    server: &Server<P>,
    request: move_resource_state::Request,
) -> Result<move_resource_state::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.target_type_name)?;
    let source = MoveSource {
        provider_address: request.source_provider_address,
        type_name: request.source_type_name,
        schema_version: request.source_schema_version,
        state: stored_json(request.source_state.as_ref())?,
    };
    let state = decided(resource.move_from(source)?, &Value::Null);
    Ok(move_resource_state::Response {
        target_state: wire::encode(&state, resource.value_type())?,
        target_identity: wire::identity(resource.schema(), resource.identity(), &state)?,
        ..Default::default()
    })
}

fn stored_json(raw: Option<&RawState>) -> Result<Json, Diagnostics> {
    let raw = raw.ok_or_else(|| unreadable("there is none"))?;
    if !raw.flatmap.is_empty() {
        return Err(unreadable("it's from Terraform 0.11 or older").into());
    }
    Ok(serde_json::from_slice(&raw.json).map_err(|error| unreadable(&error.to_string()))?)
}

fn unreadable(why: &str) -> Diagnostic {
    Diagnostic::error("Can't read the stored state", format!("{why}. Nothing was changed."))
}
