//! Applying a change: create, update or delete, depending on what is null, and the state that results.

use std::future::Future;

use super::timeouts::{Limit, within};
use super::{Call, Server, convert, find, panicked, read, validate, with_an_error};
use crate::any_resource::{AnyResource, Outcome};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::log;
use crate::path::Path;
use crate::proto::tfplugin6::apply_resource_change::{Request, Response};
use crate::provider::Provider;
use crate::resource::Failed;
use crate::schema::{Attribute, AttributeType, Attributes, Equality, keep_spelling, reconcile, same, storable};
use crate::value::{Type, Value, named};

pub(super) async fn apply<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let ty = resource.value_type();
    let prior = convert::decode(request.prior_state.as_ref(), ty)?;
    let planned = convert::decode(request.planned_state.as_ref(), ty)?;
    let config = convert::decode(request.config.as_ref(), ty)?;
    if !planned.is_null() {
        validate::known(resource, &config, |config| resource.validate(config))?;
    }
    let call = server.call_with(&request.planned_private)?.in_module(&server.offers, request.provider_meta.as_ref())?;
    let cx = call.begin("The resource")?;
    let schema = resource.schema();
    let full_plan = with_write_only(schema.all(), &planned, &config);
    let change = Change { prior: &prior, planned: &planned, config: &config };
    match (&prior, &planned) {
        (prior, Value::Null) => {
            let limit = Limit::of(schema, prior, "delete");
            let deleted =
                async { resource.delete(&cx, prior.clone()).await.map(|()| Value::Null).map_err(Failed::from) };
            match ended(within(limit, &call.stop, deleted)).await {
                Ok(_) => Ok(Response {
                    new_state: convert::encode(&Value::Null, ty)?,
                    diagnostics: call.diagnostics(Diagnostics::new()),
                    ..Default::default()
                }),
                // Nothing can be stored in a replacement, where the private data is that of the new object.
                Err(failed) if request.planned_identity.is_none() => {
                    call.with_warnings(Err(with_an_error(failed.diagnostics)))
                }
                // What is left of the object is compared with what it was.
                Err(failed) => finish(resource, &call, Change { planned: prior, ..change }, Err(failed)),
            }
        }
        (Value::Null, _) => {
            let limit = Limit::of(schema, &planned, "create");
            let outcome = ended(within(limit, &call.stop, resource.create(&cx, full_plan))).await;
            finish(resource, &call, change, outcome)
        }
        (prior, planned) => {
            let limit = Limit::of(schema, planned, "update");
            let outcome = ended(within(limit, &call.stop, resource.update(&cx, prior.clone(), full_plan))).await;
            finish(resource, &call, change, outcome)
        }
    }
}

/// The outcome of a handler; a panic is a failure, so that what the handler has kept can be stored.
async fn ended(handler: impl Future<Output = Outcome>) -> Outcome {
    log::catch(handler).await.unwrap_or_else(|panic| Err(panicked("ApplyResourceChange", &panic).into()))
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
/// Terraform would lose track of this one, and change or delete the other one next. Without a state Terraform would forget the
/// object, so an attribute that cannot be encoded becomes null, and the error names it.
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
    let kept = || call.kept.take().map(|state| resource.fitted(state));
    let Some(state) = state.or_else(kept) else { return unchanged(resource, call, change, failures) };
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
    if change.prior.is_null() && resource.missing_identity(&state).next().is_some() {
        return call.with_warnings(Err(diagnostics.into_iter().chain([unfindable(resource, &state)]).collect()));
    }
    let ty = resource.value_type();
    let (state, new_state, errors) = match convert::encode(&state, ty) {
        Ok(encoded) => (state, encoded, Diagnostics::new()),
        Err(_) => {
            let (state, errors) = encodable(state, ty);
            let encoded = convert::encode(&state, ty)?;
            (state, encoded, errors)
        }
    };
    Ok(Response {
        new_state,
        new_identity: convert::identity(resource, &state)?,
        private: call.private.to_wire(),
        diagnostics: call.diagnostics(diagnostics.into_iter().chain(errors).collect()),
        legacy_type_system: false,
    })
}

/// The response to a failure that left no state: what there was before, with the private data that the handler changed. If it
/// changed none, the core keeps all that it has: what the plan noted for the object as it would be is not true of it.
fn unchanged<C>(
    resource: &dyn AnyResource<C>,
    call: &Call<C>,
    change: Change<'_>,
    failures: Diagnostics,
) -> Result<Response, Diagnostics> {
    let prior = change.prior;
    if prior.is_null() || change.config.is_null() || !call.private.is_changed() {
        return call.with_warnings(Err(failures));
    }
    Ok(Response {
        new_state: convert::encode(prior, resource.value_type())?,
        new_identity: convert::identity(resource, prior)?,
        private: call.private.to_wire(),
        diagnostics: call.diagnostics(failures),
        legacy_type_system: false,
    })
}

/// The error for a created object whose state does not say which one it is. If it was stored, every later refresh, update and
/// destroy would fail.
fn unfindable<C>(resource: &dyn AnyResource<C>, state: &Value) -> Diagnostic {
    let missing: Vec<_> = resource.missing_identity(state).collect();
    Diagnostic::bug(format!(
        "The create returned a state without {}, by which the object could be found again, so nothing was stored. If the object \
         exists, delete it, or import it.",
        missing.join(", ")
    ))
}

/// The state with null in place of each attribute whose value does not fit its type, and an error for each of them.
fn encodable(state: Value, ty: &Type) -> (Value, Diagnostics) {
    let mut errors = Diagnostics::new();
    let (Value::Object(members), Type::Object(types)) = (state, ty) else { return (Value::Null, errors) };
    let members = members.into_iter().filter_map(|(name, value)| {
        let error = convert::encode(&value, types.get(&name)?).err();
        let value = if error.is_some() { Value::Null } else { value };
        errors.extend(error.into_iter().flatten().map(|error| error.at(Path::of(&name))));
        Some((name, value))
    });
    let members = named(members);
    (Value::Object(members), errors)
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
///
/// With `ignore_changes`, the plan has the objects of the state, while the configuration is as it was written. Write-only values
/// of one object must not reach another, so an object of the plan only gets those of an object that agrees with it.
fn with_write_only(attributes: &Attributes, planned: &Value, config: &Value) -> Value {
    let inner = |planned: &Value, config: &Value| {
        let config = if agrees(attributes, planned, config) { config } else { &Value::Null };
        with_write_only(attributes, planned, config)
    };
    match planned {
        Value::Object(members) => {
            let filled = members.iter().map(|(name, value)| {
                let value = match attributes.get(name) {
                    Some(attribute) => filled(attribute, value, config.get(name)),
                    None => value.clone(),
                };
                (name.clone(), value)
            });
            Value::Object(named(filled))
        }
        Value::List(all) => Value::List(all.iter().enumerate().map(|(i, one)| inner(one, config.at(i))).collect()),
        Value::Map(all) => Value::Map(named(all.iter().map(|(key, one)| (key.clone(), inner(one, config.get(key)))))),
        other => other.clone(),
    }
}

fn filled(attribute: &Attribute, planned: &Value, config: &Value) -> Value {
    match attribute.attribute_type() {
        _ if attribute.is_write_only() => config.clone(),
        AttributeType::Nested(_, inner) if matches!(planned, Value::Object(_)) && !agrees(inner, planned, config) => {
            with_write_only(inner, planned, &Value::Null)
        }
        AttributeType::Nested(_, inner) => with_write_only(inner, planned, config),
        AttributeType::Plain(_) => planned.clone(),
    }
}

/// Whether whatever the configuration sets in an object is in the plan. Nested objects decide for themselves.
fn agrees(attributes: &Attributes, planned: &Value, config: &Value) -> bool {
    attributes.iter().all(|(name, attribute)| {
        let (planned, config) = (planned.get(name), config.get(name));
        let decided = config.is_null() || config.is_unknown() || attribute.is_write_only();
        let is_nested = matches!(attribute.attribute_type(), AttributeType::Nested(..));
        decided || is_nested || same(attribute, Equality::Plans, planned, config)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, object, object_list, object_map, string};

    #[test]
    fn write_only_values_do_not_reach_an_object_of_the_state_that_the_configuration_no_longer_has() {
        let login = |ty: Attribute| ty.attribute("user", string()).attribute("password", string().write_only());
        let schema = Schema::new("").attribute("one", login(object())).attribute("list", login(object_list()));
        let all = |users: [(&str, Value); 3]| {
            let [one, first, second] =
                users.map(|(user, password)| Value::object([("user", user.into()), ("password", password)]));
            Value::object([("one", one), ("list", Value::List(vec![first, second]))])
        };
        let planned = all([("alice", Value::Null), ("alice", Value::Null), ("carol", Value::Null)]);
        let config = all([("bob", "b".into()), ("bob", "b".into()), ("carol", "c".into())]);
        let expected = all([("alice", Value::Null), ("alice", Value::Null), ("carol", "c".into())]);
        assert_eq!(with_write_only(schema.all(), &planned, &config), expected);
    }

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
                ("map", Value::map([("k".to_owned(), login("d"))])),
            ])
        };
        let config = all("secret".into());
        assert_eq!(with_write_only(schema.all(), &all(Value::Null), &config), config);
        assert_eq!(schema.problems(), Vec::<String>::new());
    }
}
