//! Planning a change.

use super::{ClientState, Server, convert, deferral, find, read};
use crate::context::{Deferral, Private};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::planning::PlanRequest;
use crate::proto::tfplugin6::plan_resource_change;
use crate::provider::Provider;
use crate::resource::AnyResource;
use crate::schema::{Planned, Prior, plan as plan_by_schema, without_write_only};
use crate::value::Value;

/// Plans by the schema's rules, then calls the resource's own `plan`.
pub(super) async fn plan<P: Provider>(
    server: &Server<P>,
    request: plan_resource_change::Request,
) -> Result<plan_resource_change::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let ty = resource.value_type();
    let prior = convert::decode(request.prior_state.as_ref(), ty)?;
    let config = convert::decode(request.config.as_ref(), ty)?;
    let Planned { state, replaces } = match config {
        Value::Null => Planned { state: Value::Null, replaces: Vec::new() },
        ref config => plan_by_schema(resource.schema().all(), Prior(&prior), config),
    };
    // A replacement starts without the private data and identity of the object that it replaces.
    let identity_is_new = prior.is_null();
    let (prior_private, mut planned_identity) =
        if prior.is_null() { Default::default() } else { (request.prior_private, request.prior_identity) };
    let call = server.call_with(&prior_private)?.in_module(&server.offers, request.provider_meta.as_ref())?;
    let destroys = state.is_null();
    let identity = identity_parts(resource, &prior);
    let capabilities = request.client_capabilities.as_ref();
    let deferral_allowed = deferral::is_allowed(capabilities);
    let recorded = Private::from_wire(&request.planned_private)?;
    let planning = PlanRequest {
        config: present(config),
        prior: present(prior),
        planned: present(state),
        client: match &call.configuration.client {
            ClientState::Ready(client) => Some(client),
            ClientState::Unconfigured | ClientState::Unknown => None,
        },
        stop: &call.stop,
        private: &call.private,
        planned_private: (!request.planned_private.is_empty()).then_some(&recorded),
        warnings: &call.warnings,
        provider_meta: &call.provider_meta,
        requires_replace: replaces,
        keeps_private: capabilities.is_some_and(|core| core.store_planned_private),
        deferral_allowed,
        deferral: (deferral_allowed && call.is_configured_later()).then_some(Deferral::ProviderConfigUnknown),
    };
    let planned = call.with_warnings(resource.plan(planning).await)?;
    if planned.planned.is_none() != destroys {
        return Err(Diagnostic::bug(
            "The resource's plan turned a destroy into a create or update, or the other way round.",
        )
        .into());
    }
    let state = without_write_only(resource.schema().all(), planned.planned.unwrap_or(Value::Null));
    if !destroys && planned.requires_replace.is_empty() {
        call.with_warnings(kept_identity(resource, &identity, &state))?;
        if resource.mutable_identity() && !identity_is_new {
            planned_identity = convert::identity(resource, &state)?;
        }
    }
    Ok(plan_resource_change::Response {
        planned_state: convert::encode(&state, ty)?,
        requires_replace: planned.requires_replace.iter().map(convert::path).collect(),
        planned_private: call.private.to_wire(),
        planned_identity,
        deferred: planned.deferral.map(deferral::message),
        diagnostics: call.diagnostics(Diagnostics::new()),
        ..Default::default()
    })
}

fn identity_parts<C>(resource: &dyn AnyResource<C>, prior: &Value) -> Value {
    Value::object(resource.identity().iter().map(|name| (*name, prior.get(name).clone())))
}

/// An update that would change the identity is refused before it changes the object: the state could not follow.
fn kept_identity<C>(resource: &dyn AnyResource<C>, before: &Value, planned: &Value) -> Result<(), Diagnostics> {
    let Some(name) = read::changed_identity(resource, before, planned) else { return Ok(()) };
    let detail = format!(
        "The change of {name} is planned as an update, but {name} is a part of the resource's identity, which never changes. \
         The provider should replace the resource instead, so this is a bug in the provider: please report it."
    );
    Err(Diagnostic::error("Unexpected Identity Change", detail).at(Path::of(name)).into())
}

fn present(value: Value) -> Option<Value> {
    if value.is_null() { None } else { Some(value) }
}
