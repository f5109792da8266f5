//! Planning a change.

use super::{Server, find, wire};
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::plan_resource_change;
use crate::provider::Provider;
use crate::schema::{Prior, plan as plan_by_schema};

pub(super) fn plan<P: Provider>(
    server: &Server<P>,
    request: plan_resource_change::Request,
) -> Result<plan_resource_change::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let kind = resource.value_type();
    let proposed = wire::decode(request.proposed_new_state.as_ref(), kind)?;
    if proposed.is_null() {
        return Ok(plan_resource_change::Response {
            planned_state: wire::encode(&proposed, kind)?,
            planned_private: request.prior_private,
            planned_identity: request.prior_identity,
            ..Default::default()
        });
    }
    let prior = wire::decode(request.prior_state.as_ref(), kind)?;
    let config = wire::decode(request.config.as_ref(), kind)?;
    let planned = plan_by_schema(resource.schema().all(), Prior(&prior), &config, &proposed);
    // A new object starts without the private data and identity of the one that it replaces.
    let (planned_private, planned_identity) =
        if prior.is_null() { Default::default() } else { (request.prior_private, request.prior_identity) };
    let state = resource.plan(prior, planned.state)?;
    Ok(plan_resource_change::Response {
        planned_state: wire::encode(&state, kind)?,
        requires_replace: planned.replaces.iter().map(wire::path).collect(),
        planned_private,
        planned_identity,
        ..Default::default()
    })
}
