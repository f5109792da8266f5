//! Stored states and identities: of the current schema version, of older versions, and of other resource types.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Server, convert, find};
use crate::any_resource::AnyResource;
use crate::context::Warnings;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::private::Private;
use crate::proto::tfplugin6::*;
use crate::provider::Provider;
use crate::stored::{MoveSource, StoredState, unreadable};
use crate::value::{Value, from_plain_state, from_state_json, left_out};

/// A missing state would be read as null, and the object would be lost; every failure is an error instead.
pub(super) fn state<P: Provider>(
    server: &Server<P>,
    request: &upgrade_resource_state::Request,
) -> Result<upgrade_resource_state::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let warnings = Arc::<Warnings>::default();
    let state = match plain(resource, request) {
        Some(state) => resource.storable(state),
        None => {
            let stored = stored_json(request.raw_state.as_ref())?;
            warnings.before_errors(current(resource, request.version, stored, &warnings))?
        }
    };
    let upgraded_state = warnings.before_errors(convert::encode(&state, resource.value_type()))?;
    Ok(upgrade_resource_state::Response { upgraded_state, diagnostics: convert::diagnostics(warnings.take()) })
}

/// A state of the current version that simply has the schema's attributes, as nearly all have.
fn plain<C>(resource: &dyn AnyResource<C>, request: &upgrade_resource_state::Request) -> Option<Value> {
    let raw = request.raw_state.as_ref().filter(|_| request.version == resource.schema().stored_version())?;
    if !raw.flatmap.is_empty() {
        return None;
    }
    from_plain_state(&raw.json, resource.value_type()).filter(|state| !state.is_null())
}

/// The state in the current schema.
fn current<C>(
    resource: &dyn AnyResource<C>,
    version: i64,
    stored: Json,
    warnings: &Arc<Warnings>,
) -> Result<Value, Diagnostics> {
    let newest = resource.schema().stored_version();
    if version > newest {
        return Err(too_new(version, newest));
    }
    let state = if version == newest {
        let state = from_state_json(&stored, resource.value_type()).map_err(|error| unreadable(&error.to_string()))?;
        log_left_out(&stored, resource);
        state
    } else {
        resource.upgrade(version, StoredState::new(stored, warnings))?
    };
    if state.is_null() {
        return Err(unreadable("it is null").into());
    }
    let state = resource.storable(state);
    if version != newest {
        identified(resource, &state)?;
    }
    Ok(state)
}

/// An error for an author's state without the identity, which no later call could work with.
fn identified<C>(resource: &dyn AnyResource<C>, state: &Value) -> Result<(), Diagnostics> {
    let missing: Vec<_> = resource.missing_identity(state).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(", ");
    Err(Diagnostic::bug(format!("The converted state has no {missing}, by which the object could be found.")).into())
}

/// A later version of the provider may have written them; the core ignores such attributes silently, too.
fn log_left_out<C>(stored: &Json, resource: &dyn AnyResource<C>) {
    let unknown = left_out(stored, resource.value_type());
    if !unknown.is_empty() {
        let attributes = unknown.join(", ");
        tracing::debug!(attributes, "the stored state has attributes that the schema does not have; they were dropped");
    }
}

fn too_new(version: i64, newest: i64) -> Diagnostics {
    let detail = format!(
        "The object was stored with version {version} of its schema, and this version of the provider knows versions up to \
         {newest}. Upgrade the provider, or restore a state from before its last upgrade. Nothing was changed."
    );
    Diagnostic::error("The state was written by a newer version of the provider", detail).into()
}

/// An object that was stored before its type had an identity arrives without one.
pub(super) fn identity<P: Provider>(
    server: &Server<P>,
    request: &upgrade_resource_identity::Request,
) -> Result<upgrade_resource_identity::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    if request.raw_identity.as_ref().is_none_or(|raw| raw.json.is_empty()) {
        return Ok(upgrade_resource_identity::Response::default());
    }
    let newest = resource.identity_version();
    if request.version > newest {
        return Err(too_new(request.version, newest));
    }
    let stored = stored_json(request.raw_identity.as_ref())?;
    let ty = convert::identity_type(resource.schema(), resource.identity());
    let warnings = Arc::<Warnings>::default();
    let value = if request.version == newest {
        from_state_json(&stored, &ty).map_err(|error| unreadable(&error.to_string()))?
    } else {
        let upgraded = resource.upgrade_identity(request.version, StoredState::new(stored, &warnings));
        warnings.before_errors(upgraded)?
    };
    let identity_data = warnings.before_errors(convert::encode(&value, &ty))?;
    let upgraded_identity = Some(ResourceIdentityData { identity_data });
    Ok(upgrade_resource_identity::Response { upgraded_identity, diagnostics: convert::diagnostics(warnings.take()) })
}

pub(super) fn move_state<P: Provider>(
    server: &Server<P>,
    request: move_resource_state::Request,
) -> Result<move_resource_state::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.target_type_name)?;
    let identity = request.source_identity.filter(|identity| !identity.json.is_empty());
    let identity = identity.map(|identity| stored_json(Some(&identity))).transpose()?;
    let warnings = Arc::<Warnings>::default();
    let source = MoveSource {
        provider_address: request.source_provider_address,
        type_name: request.source_type_name,
        schema_version: request.source_schema_version,
        state: StoredState::new(stored_json(request.source_state.as_ref())?, &warnings),
        identity: identity.map(|identity| StoredState::new(identity, &warnings)),
        private: request.source_private,
    };
    let (state, private) = warnings.before_errors(moved(resource, &request.target_type_name, &source, &warnings))?;
    Ok(move_resource_state::Response {
        target_state: warnings.before_errors(convert::encode(&state, resource.value_type()))?,
        target_identity: warnings.before_errors(convert::identity(resource, &state))?,
        target_private: private.to_wire(),
        diagnostics: convert::diagnostics(warnings.take()),
    })
}

/// The state and private data of a moved object.
fn moved<C>(
    resource: &dyn AnyResource<C>,
    target: &str,
    source: &MoveSource,
    warnings: &Arc<Warnings>,
) -> Result<(Value, Private), Diagnostics> {
    let Some(moved) = resource.move_from(source)? else {
        return of_the_same_type(resource, target, source, warnings);
    };
    let state = resource.storable(moved.state);
    identified(resource, &state)?;
    Ok((state, moved.private))
}

/// The rule for types that say nothing else: an object of the same type at another provider address is the same object.
fn of_the_same_type<C>(
    resource: &dyn AnyResource<C>,
    target: &str,
    source: &MoveSource,
    warnings: &Arc<Warnings>,
) -> Result<(Value, Private), Diagnostics> {
    let MoveSource { provider_address, type_name, .. } = source;
    if type_name != target {
        let detail = format!(
            "{type_name} of {provider_address} cannot become {target}: only {target} itself can be moved, from any provider \
             address. Instead, write an import block for the new resource, and a removed block that does not destroy for the \
             old one."
        );
        return Err(Diagnostic::error("Unsupported move", detail).into());
    }
    let state = current(resource, source.schema_version, source.state.json().clone(), warnings)?;
    if let Some(missing) = resource.required_identity().find(|part| state.get(part).is_null()) {
        let detail = format!(
            "The {type_name} of {provider_address} has no {missing} in its state, by which the object could be found. Import \
             the object instead."
        );
        return Err(Diagnostic::error("Cannot move the object", detail).into());
    }
    Ok((state, source.private()))
}

fn stored_json(raw: Option<&RawState>) -> Result<Json, Diagnostics> {
    let raw = raw.ok_or_else(|| unreadable("the request contains no state"))?;
    if !raw.flatmap.is_empty() {
        let why = "it was written by Terraform 0.11 or older. Remove the object from the state and import it";
        return Err(unreadable(why).into());
    }
    Ok(serde_json::from_slice(&raw.json).map_err(|error| unreadable(&error.to_string()))?)
}
