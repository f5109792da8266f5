//! Making a change: create, update or delete, decided by what is null, and what of it goes into the state.

use super::{Call, Server, failing, find, read, wire};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::apply_resource_change::{Request, Response};
use crate::provider::Provider;
use crate::resource::{AnyResource, Failed, Outcome};
use crate::schema::{Attribute, Attributes, Kind, decided, respell, settle};
use crate::value::Value;

pub(super) async fn apply<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let kind = resource.value_type();
    let prior = wire::decode(request.prior_state.as_ref(), kind)?;
    let planned = wire::decode(request.planned_state.as_ref(), kind)?;
    let config = wire::decode(request.config.as_ref(), kind)?;
    let call = server.call_with(&request.planned_private)?;
    let cx = call.begin("The resource")?;
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
        (Value::Null, _) => {
            let outcome = resource.create(&cx, full_plan).await;
            finish(resource, &call, Change { prior: &prior, planned: &planned, config: &config }, outcome)
        }
        (prior, planned) => {
            let outcome = resource.update(&cx, prior.clone(), full_plan).await;
            finish(resource, &call, Change { prior, planned, config: &config }, outcome)
        }
    }
}

/// What was to be applied.
#[derive(Clone, Copy)]
struct Change<'a> {
    prior: &'a Value,
    planned: &'a Value,
    config: &'a Value,
}

/// Holds the outcome against the plan and turns it into an answer.
///
/// An answer about another object leaves the state of before in place: with the other's identity in it, ours would be
/// forgotten and the other one changed or deleted next. A state that can't be encoded would lose the object, so that
/// error is the last resort and our bug.
fn finish<C>(
    resource: &dyn AnyResource<C>,
    call: &Call<C>,
    change: Change<'_>,
    outcome: Outcome,
) -> Result<Response, Diagnostics> {
    let attributes = resource.schema().all();
    let (state, mut failures) = match outcome {
        Ok(state) => (Some(state), Diagnostics::new()),
        Err(Failed { diagnostics, state }) => (state, failing(diagnostics)),
    };
    let Some(state) = state else { return call.with_warnings(Err(failures)) };
    if let Err(another) = read::same_identity(resource, change.prior, &state) {
        failures.extend(another);
        return call.with_warnings(Err(failures));
    }
    let (state, diagnostics) = if failures.is_empty() {
        settled(attributes, change, state)
    } else {
        (respell(attributes, change.planned, state), failures)
    };
    let state = decided(state, change.prior);
    Ok(Response {
        new_state: wire::encode(&state, resource.value_type())?,
        new_identity: wire::identity(resource.schema(), resource.identity(), &state)?,
        private: call.private.to_wire(),
        diagnostics: call.diagnostics(diagnostics),
        legacy_type_system: false,
    })
}

/// The state after a success, and what is wrong with it.
fn settled(attributes: &Attributes, change: Change<'_>, answer: Value) -> (Value, Diagnostics) {
    let (state, mut differences) = settle(attributes, change.planned, change.config, answer);
    let open = state.unknowns().into_iter();
    differences
        .extend(open.map(|path| Diagnostic::bug(format!("{path} is still not known after the apply.")).at(path)));
    (state, differences)
}

/// The plan with the write-only values of the configuration, which plans never have, at any depth. Nothing in a set can be
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
            Value::Object(filled.collect())
        }
        Value::List(all) => Value::List(all.iter().enumerate().map(|(i, one)| inner(one, config.at(i))).collect()),
        Value::Map(all) => {
            Value::Map(all.iter().map(|(key, one)| (key.clone(), inner(one, config.get(key)))).collect())
        }
        other => other.clone(),
    }
}

fn filled(attribute: &Attribute, planned: &Value, config: &Value) -> Value {
    match attribute.kind() {
        _ if attribute.is_write_only() => config.clone(),
        Kind::Nested(_, inner) => with_write_only(inner, planned, config),
        Kind::Plain(_) => planned.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, object, object_list, object_map, string};

    #[test]
    fn write_only_values_reach_the_handler_from_any_depth() {
        let login = |kind: Attribute| kind.attribute("user", string()).attribute("password", string().write_only());
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
