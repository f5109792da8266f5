//! Applying a change: create, update or delete, depending on what is null, and the state that results.

use super::timeouts::{Limit, within};
use super::{Call, Server, convert, find, read, with_an_error};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::maps::collected;
use crate::proto::tfplugin6::apply_resource_change::{Request, Response};
use crate::provider::Provider;
use crate::resource::{AnyResource, Failed, Outcome};
use crate::schema::{Attribute, AttributeType, Attributes, keep_spelling, reconcile, storable};
use crate::value::Value;

pub(super) async fn apply<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let ty = resource.value_type();
    let prior = convert::decode(request.prior_state.as_ref(), ty)?;
    let planned = convert::decode(request.planned_state.as_ref(), ty)?;
    let config = convert::decode(request.config.as_ref(), ty)?;
    let call = server.call_with(&request.planned_private)?.in_module(&server.offers, request.provider_meta.as_ref())?;
    let cx = call.begin("The resource")?;
    let schema = resource.schema();
    let full_plan = with_write_only(schema.all(), &planned, &config);
    match (&prior, &planned) {
        (prior, Value::Null) => {
            let limit = Limit::of(schema, prior, "delete");
            call.with_warnings(within(limit, &call.stop, resource.delete(&cx, prior.clone())).await)?;
            Ok(Response {
                new_state: convert::encode(&Value::Null, ty)?,
                diagnostics: call.diagnostics(Diagnostics::new()),
                ..Default::default()
            })
        }
        (Value::Null, _) => {
            let limit = Limit::of(schema, &planned, "create");
            let outcome = within(limit, &call.stop, resource.create(&cx, full_plan)).await;
            finish(resource, &call, Change { prior: &prior, planned: &planned, config: &config }, outcome)
        }
        (prior, planned) => {
            let limit = Limit::of(schema, planned, "update");
            let outcome = within(limit, &call.stop, resource.update(&cx, prior.clone(), full_plan)).await;
            finish(resource, &call, Change { prior, planned, config: &config }, outcome)
        }
    }
}

/// The change to apply.
#[derive(Clone, Copy)]
struct Change<'a> {
    prior: &'a Value,
    planned: &'a Value,
    config: &'a Value,
}

/// Compares the outcome with the plan and builds the response.
///
/// If the outcome is about a different object, the prior state stays in place: with the other object's identity in the state,
/// Terraform would lose track of this one, and change or delete the other one next. A state that cannot be encoded would
/// lose the object, so that error is reported as a bug.
fn finish<C>(
    resource: &dyn AnyResource<C>,
    call: &Call<C>,
    change: Change<'_>,
    outcome: Outcome,
) -> Result<Response, Diagnostics> {
    let attributes = resource.schema().all();
    let (state, mut failures) = match outcome {
        Ok(state) => (Some(state), Diagnostics::new()),
        Err(Failed { diagnostics, state }) => (state, with_an_error(diagnostics)),
    };
    let Some(state) = state else { return call.with_warnings(Err(failures)) };
    if let Err(another) = read::same_identity(resource, change.prior, &state) {
        failures.extend(another);
        return call.with_warnings(Err(failures));
    }
    let (state, diagnostics) = if failures.is_empty() {
        reconciled(attributes, change, state)
    } else {
        (keep_spelling(attributes, change.planned, state), failures)
    };
    let state = storable(attributes, state, change.prior);
    Ok(Response {
        new_state: convert::encode(&state, resource.value_type())?,
        new_identity: convert::identity(resource, &state)?,
        private: call.private.to_wire(),
        diagnostics: call.diagnostics(diagnostics),
        legacy_type_system: false,
    })
}

/// The state after a successful call, and the differences from the plan.
fn reconciled(attributes: &Attributes, change: Change<'_>, returned: Value) -> (Value, Diagnostics) {
    let (state, mut differences) = reconcile(attributes, change.planned, change.config, returned);
    let open = state.unknowns().into_iter();
    differences.extend(open.map(|path| Diagnostic::bug(format!("{path} is still unknown after the apply.")).at(path)));
    (state, differences)
}

/// The plan with the write-only values of the configuration, at any depth; plans never contain them. Nothing in a set can be
/// write-only.
fn with_write_only(attributes: &Attributes, planned: &Value, config: &Value) -> Value {
    let inner = |planned: &Value, config: &Value| with_write_only(attributes, planned, config);
    match planned {
        Value::Object(members) => {
            let filled = members.iter().map(|(name, value)| {
                let value = match attributes.get(name) {
                    Some(attribute) => filled(attribute, value, config.get(name)),
                    None => value.clone(),
                };
                (name.clone(), value)
            });
            Value::Object(collected(filled))
        }
        Value::List(all) => Value::List(all.iter().enumerate().map(|(i, one)| inner(one, config.at(i))).collect()),
        Value::Map(all) => {
            Value::Map(collected(all.iter().map(|(key, one)| (key.clone(), inner(one, config.get(key))))))
        }
        other => other.clone(),
    }
}

fn filled(attribute: &Attribute, planned: &Value, config: &Value) -> Value {
    match attribute.attribute_type() {
        _ if attribute.is_write_only() => config.clone(),
        AttributeType::Nested(_, inner) => with_write_only(inner, planned, config),
        AttributeType::Plain(_) => planned.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, object, object_list, object_map, string};

    #[test]
    fn write_only_values_reach_the_handler_from_any_depth() {
        let login = |ty: Attribute| ty.attribute("user", string()).attribute("password", string().write_only());
        let schema = Schema::new("")
            .attribute("one", login(object()))
            .attribute("list", login(object_list()))
            .attribute("map", login(object_map()));
        let all = |password: Value| {
            let login = |user: &str| Value::object([("user", user.into()), ("password", password.clone())]);
            Value::object([
                ("one", login("a")),
                ("list", Value::List(vec![login("b"), login("c")])),
                ("map", Value::Map([("k".to_owned(), login("d"))].into())),
            ])
        };
        let config = all("secret".into());
        assert_eq!(with_write_only(schema.all(), &all(Value::Null), &config), config);
        assert_eq!(schema.problems(), Vec::<String>::new());
    }
}
