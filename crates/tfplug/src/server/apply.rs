//! Making a change: create, update or delete, decided by what is null, and what of it goes into the state.

use super::{Call, Server, find, wire};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::apply_resource_change::{Request, Response};
use crate::provider::Provider;
use crate::resource::{AnyResource, Failed, Outcome};
use crate::schema::{Attributes, Kind, decided, settle};
use crate::value::Value;

pub(super) async fn apply<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let kind = resource.value_type();
    let prior = wire::decode(request.prior_state.as_ref(), kind)?;
    let planned = wire::decode(request.planned_state.as_ref(), kind)?;
    let config = wire::decode(request.config.as_ref(), kind)?;
    let call = server.call(&request.planned_private);
    let cx = call.cx("The resource")?;
    if cx.stop.is_cancelled() {
        return Err(
            Diagnostic::error("Stopped before it began", "Terraform was asked to stop; nothing was sent.").into()
        );
    }
    let full_plan = with_write_only(resource.schema().all(), &planned, &config);
    match (&prior, &planned) {
        (prior, Value::Null) => {
            call.with_warnings(resource.delete(&cx, prior.clone()).await)?;
            Ok(Response {
                new_state: wire::encode(&Value::Null, kind)?,
                diagnostics: call.diagnostics(Diagnostics::new()),
                ..Default::default()
            })
        }
        (Value::Null, _) => finish(resource, &call, &prior, &planned, resource.create(&cx, full_plan).await),
        (prior, planned) => {
            let outcome = resource.update(&cx, prior.clone(), full_plan).await;
            finish(resource, &call, prior, planned, outcome)
        }
    }
}

/// Holds the outcome against the plan and turns it into an answer.
///
/// A state that can't be encoded would lose the object, so that error is the last resort and our bug.
fn finish<C>(
    resource: &dyn AnyResource<C>,
    call: &Call<C>,
    prior: &Value,
    planned: &Value,
    outcome: Outcome,
) -> Result<Response, Diagnostics> {
    let attributes = resource.schema().all();
    let (state, diagnostics) = match outcome {
        Ok(state) => {
            let (settled, mut differences) = settle(attributes, planned, state);
            differences.extend(
                settled
                    .unknowns()
                    .into_iter()
                    .map(|path| Diagnostic::bug(format!("{path} is still not known after the apply.")).at(path)),
            );
            (settled, differences)
        }
        Err(Failed { diagnostics, state: None }) => return call.with_warnings(Err(diagnostics)),
        Err(Failed { diagnostics, state: Some(state) }) => (without_write_only(attributes, state), diagnostics),
    };
    let state = decided(state, prior);
    Ok(Response {
        new_state: wire::encode(&state, resource.value_type())?,
        new_identity: wire::identity(resource.schema(), resource.identity(), &state)?,
        private: call.private.to_wire(),
        diagnostics: call.diagnostics(diagnostics),
        legacy_type_system: false,
    })
}

/// The plan with the write-only values of the configuration, which plans never have.
fn with_write_only(attributes: &Attributes, planned: &Value, config: &Value) -> Value {
    map_write_only(attributes, planned, &|name| config.get(name).clone(), &|inner, name, value| {
        with_write_only(inner, value, config.get(name))
    })
}

/// The state without them.
fn without_write_only(attributes: &Attributes, state: Value) -> Value {
    map_write_only(attributes, &state, &|_| Value::Null, &|inner, _, value| without_write_only(inner, value.clone()))
}

/// Replaces write-only values of an object and of the single objects in it.
fn map_write_only(
    attributes: &Attributes,
    value: &Value,
    replacement: &dyn Fn(&str) -> Value,
    nested: &dyn Fn(&Attributes, &str, &Value) -> Value,
) -> Value {
    let Value::Object(members) = value else {
        return value.clone();
    };
    let mapped = members.iter().map(|(name, value)| {
        let value = match attributes.get(name) {
            Some(attribute) if attribute.is_write_only() => replacement(name),
            Some(attribute) => match (attribute.kind(), value) {
                (Kind::Nested(_, inner), Value::Object(_)) => nested(inner, name, value),
                _ => value.clone(),
            },
            None => value.clone(),
        };
        (name.clone(), value)
    });
    Value::Object(mapped.collect())
}
