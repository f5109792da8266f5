//! Planning a change.

use super::{Call, ClientState, Server, convert, deferral, find, read};
use crate::any_resource::{AnyPlan, AnyResource};
use crate::context::Deferral;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::planning::PlanRequest;
use crate::private::Private;
use crate::proto::tfplugin6::{ClientCapabilities, plan_resource_change};
use crate::provider::Provider;
use crate::schema::{Planned, Prior, plan as plan_by_schema, without_write_only};
use crate::value::Value;

/// Plans by the schema's rules, then calls the resource's own `plan`.
pub(super) async fn plan<P: Provider>(
    server: &Server<P>,
    request: plan_resource_change::Request,
) -> Result<plan_resource_change::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let change = Change::decode(resource, &request)?;
    let (is_create, destroys) = (change.prior.is_null(), change.planned.state.is_null());
    // A replacement starts without the private data and identity of the object that it replaces.
    let (prior_private, mut planned_identity) =
        if is_create { Default::default() } else { (request.prior_private, request.prior_identity) };
    let call = server.call_with(&prior_private)?.in_module(&server.offers, request.provider_meta.as_ref())?;
    let identity = identity_parts(resource, &change.prior);
    let recorded = Private::from_wire(&request.planned_private)?;
    let recorded = (!request.planned_private.is_empty()).then_some(&recorded);
    let planning = change.for_resource(&call, recorded, request.client_capabilities.as_ref());
    let planned = call.with_warnings(resource.plan(planning).await)?;
    if planned.planned.is_none() != destroys {
        let what = "The resource's plan turned a destroy into a create or update, or the other way round.";
        return Err(Diagnostic::bug(what).into());
    }
    let state = without_write_only(resource.schema().all(), planned.planned.unwrap_or(Value::Null));
    if !destroys && planned.requires_replace.is_empty() {
        call.with_warnings(kept_identity(resource, &identity, &state))?;
        if resource.mutable_identity() && !is_create {
            planned_identity = convert::identity(resource, &state)?;
        }
    }
    Ok(plan_resource_change::Response {
        planned_state: convert::encode(&state, resource.value_type())?,
        requires_replace: planned.requires_replace.iter().map(convert::path).collect(),
        planned_private: call.private.to_wire(),
        planned_identity,
        deferred: planned.deferral.map(deferral::message),
        diagnostics: call.diagnostics(Diagnostics::new()),
        ..Default::default()
    })
}

/// A change as the schema's rules plan it.
struct Change {
    prior: Value,
    config: Value,
    planned: Planned,
}

impl Change {
    fn decode<C>(resource: &dyn AnyResource<C>, request: &plan_resource_change::Request) -> Result<Self, Diagnostics> {
        let ty = resource.value_type();
        let prior = convert::decode(request.prior_state.as_ref(), ty)?;
        let config = convert::decode(request.config.as_ref(), ty)?;
        let planned = match config {
            Value::Null => Planned { state: Value::Null, replaces: Vec::new() },
            ref config => plan_by_schema(resource.schema().all(), Prior(&prior), config),
        };
        Ok(Self { prior, config, planned })
    }

    /// The same for the resource's own `plan`. `recorded`: the private data of the recorded plan, if there is one.
    fn for_resource<'a, C>(
        self,
        call: &'a Call<C>,
        recorded: Option<&'a Private>,
        core: Option<&ClientCapabilities>,
    ) -> AnyPlan<'a, C> {
        let deferral_allowed = deferral::is_allowed(core);
        PlanRequest {
            config: present(self.config),
            prior: present(self.prior),
            planned: present(self.planned.state),
            client: match &call.configuration.client {
                ClientState::Ready(client) => Some(client),
                ClientState::Unconfigured | ClientState::Unknown => None,
            },
            stop: &call.stop,
            private: &call.private,
            planned_private: recorded,
            warnings: &call.warnings,
            provider_meta: &call.provider_meta,
            requires_replace: self.planned.replaces,
            keeps_private: core.is_some_and(|core| core.store_planned_private),
            deferral_allowed,
            deferral: (deferral_allowed && call.is_configured_later()).then_some(Deferral::ProviderConfigUnknown),
        }
    }
}

fn identity_parts<C>(resource: &dyn AnyResource<C>, prior: &Value) -> Value {
    Value::object(resource.identity().iter().map(|name| (*name, prior.get(name).clone())))
}

/// An update that would change the identity is refused before it changes the object: the state could not follow.
fn kept_identity<C>(resource: &dyn AnyResource<C>, before: &Value, planned: &Value) -> Result<(), Diagnostics> {
    let Some(name) = read::changed_identity(resource, before, planned) else { return Ok(()) };
    if resource.mutable_identity() {
        let detail = format!(
            "The plan leaves no {name}, by which the object could be found. This is a bug in the provider: please report it."
        );
        return Err(Diagnostic::error("Unexpected Identity Change", detail).at(Path::of(name)).into());
    }
    let detail = format!(
        "The change of {name} is planned as an update, but {name} is a part of the resource's identity, which never changes. \
         The provider should replace the resource instead, so this is a bug in the provider: please report it."
    );
    Err(Diagnostic::error("Unexpected Identity Change", detail).at(Path::of(name)).into())
}

fn present(value: Value) -> Option<Value> {
    if value.is_null() { None } else { Some(value) }
}
