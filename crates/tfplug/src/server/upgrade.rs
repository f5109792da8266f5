//! Stored states and identities: of the current schema version, of older versions, and of other resource types.

use serde_json::Value as Json;

use super::{Server, convert, find};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::*;
use crate::provider::Provider;
use crate::resource::MoveSource;
use crate::schema::without_unknowns;
use crate::value::{Value, from_state_json};

/// A missing state would be read as null, and the object would be lost; every failure is an error instead.
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
    let upgraded_state = convert::encode(&without_unknowns(state, &Value::Null), resource.value_type())?;
    Ok(upgrade_resource_state::Response { upgraded_state, diagnostics: Vec::new() })
}

/// Identities have one version so far. An object that was stored before its type had an identity arrives without one.
pub(super) fn identity<P: Provider>(
    server: &Server<P>,
    request: &upgrade_resource_identity::Request,
) -> Result<upgrade_resource_identity::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    if request.raw_identity.as_ref().is_none_or(|raw| raw.json.is_empty()) {
        return Ok(upgrade_resource_identity::Response::default());
    }
    let stored = stored_json(request.raw_identity.as_ref())?;
    let ty = convert::identity_type(resource.schema(), resource.identity());
    let value = from_state_json(&stored, &ty).map_err(|error| unreadable(&error.to_string()))?;
    let identity_data = convert::encode(&value, &ty)?;
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
    let state = without_unknowns(resource.move_from(source)?, &Value::Null);
    Ok(move_resource_state::Response {
        target_state: convert::encode(&state, resource.value_type())?,
        target_identity: convert::identity(resource.schema(), resource.identity(), &state)?,
        ..Default::default()
    })
}

fn stored_json(raw: Option<&RawState>) -> Result<Json, Diagnostics> {
    let raw = raw.ok_or_else(|| unreadable("the request contains no state"))?;
    if !raw.flatmap.is_empty() {
        return Err(unreadable("it was written by Terraform 0.11 or older").into());
    }
    Ok(serde_json::from_slice(&raw.json).map_err(|error| unreadable(&error.to_string()))?)
}

fn unreadable(why: &str) -> Diagnostic {
    Diagnostic::error(
        "Cannot read the stored state",
        format!("The stored state cannot be read: {why}. Nothing was changed."),
    )
}
