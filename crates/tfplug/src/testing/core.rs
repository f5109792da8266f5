//! What a core does around the provider's calls: the proposed state before a plan, and the checks afterwards.

use crate::path::Path;
use crate::schema::{Attribute, AttributeType, Attributes};
use crate::value::{Members, Value};

/// The proposed state: the configuration, with the prior value of each computed attribute that is not configured.
pub(super) fn proposed(attributes: &Attributes, prior: &Value, config: &Value) -> Value {
    let Value::Object(_) = config else { return config.clone() };
    let members = attributes.iter().map(|(name, attribute)| {
        let value = proposed_one(attribute, prior.get(name), config.get(name));
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

fn proposed_one(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    if config.is_null() && (attribute.is_computed() || attribute.is_announced_as_computed()) {
        return prior.clone();
    }
    let AttributeType::Nested(_, inner) = attribute.attribute_type() else { return config.clone() };
    match config {
        Value::Object(_) => proposed(inner, prior, config),
        Value::Map(all) => {
            Value::Map(all.iter().map(|(key, one)| (key.clone(), proposed(inner, prior.get(key), one))).collect())
        }
        Value::List(all) => {
            let before = |position: usize| match prior {
                Value::List(before) => before.get(position).unwrap_or(&Value::Null),
                _ => &Value::Null,
            };
            Value::List(all.iter().enumerate().map(|(at, one)| proposed(inner, before(at), one)).collect())
        }
        Value::Set(all) => Value::set(all.iter().map(|one| proposed_element(inner, prior, one)).collect()),
        other => other.clone(),
    }
}

/// An element of a set takes computed values from the prior element that has everything it configures.
fn proposed_element(inner: &Attributes, prior: &Value, config: &Value) -> Value {
    let all = match prior {
        Value::Set(all) => all.as_slice(),
        _ => &[],
    };
    let fits = |before: &&Value| {
        inner.iter().all(|(name, attribute)| {
            let configured = config.get(name);
            configured == before.get(name) || (configured.is_null() && attribute.is_computed())
        })
    };
    proposed(inner, all.iter().find(fits).unwrap_or(&Value::Null), config)
}

/// What a core rejects in a plan: values that differ from the configuration, and values of write-only attributes.
pub(super) fn plan_problems(attributes: &Attributes, prior: &Value, config: &Value, planned: &Value) -> Vec<String> {
    let mut found = Vec::new();
    plan_object(attributes, prior, config, planned, &Path::root(), &mut found);
    found
}

fn plan_object(
    attributes: &Attributes,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<String>,
) {
    for (name, attribute) in attributes {
        let (before, said, now) = (prior.get(name), config.get(name), planned.get(name));
        plan_one(attribute, before, said, now, &path.attribute(name), found);
    }
}

fn plan_one(
    attribute: &Attribute,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<String>,
) {
    if attribute.is_write_only() {
        if !planned.is_null() {
            found.push(format!("{path} is write-only and planned with a value"));
        }
        return;
    }
    if planned == config || (config.is_null() && attribute.is_computed()) || (planned == prior && !prior.is_null()) {
        return;
    }
    match (attribute.attribute_type(), config, planned) {
        (AttributeType::Nested(_, inner), Value::Object(_), Value::Object(_)) => {
            plan_object(inner, prior, config, planned, path, found);
        }
        (AttributeType::Nested(_, inner), Value::List(all), Value::List(plans)) if all.len() == plans.len() => {
            for (at, (config, planned)) in all.iter().zip(plans).enumerate() {
                let before = if let Value::List(before) = prior { before.get(at) } else { None };
                plan_object(inner, before.unwrap_or(&Value::Null), config, planned, &path.index(at), found);
            }
        }
        (AttributeType::Nested(_, inner), Value::Map(all), Value::Map(plans)) if all.keys().eq(plans.keys()) => {
            for (key, config) in all {
                plan_object(inner, prior.get(key), config, planned.get(key), &path.key(key), found);
            }
        }
        // Elements of a set have no key, so a core compares them only roughly; they are not checked here.
        (AttributeType::Nested(..), Value::Set(all), Value::Set(plans)) if all.len() == plans.len() => {}
        _ => found.push(format!("{path} is planned with a value that differs from the configuration")),
    }
}

/// What a core rejects in the state after an apply: values that differ from the plan.
pub(super) fn apply_problems(planned: &Value, state: &Value) -> Vec<String> {
    let mut found: Vec<_> =
        state.unknowns().iter().map(|path| format!("{path} is still unknown after the apply")).collect();
    compatible(planned, state, &Path::root(), &mut found);
    found
}

/// What a core rejects in the plan that it asks for during an apply, once all values are known: values that differ from the
/// first plan.
pub(super) fn final_plan_problems(first: &Value, last: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compatible(first, last, &Path::root(), &mut found);
    found
}

fn compatible(planned: &Value, state: &Value, path: &Path, found: &mut Vec<String>) {
    match (planned, state) {
        (Value::Unknown, _) => {}
        (Value::Object(plans), Value::Object(_)) => members(plans, state, found, |name| path.attribute(name)),
        (Value::Map(plans), Value::Map(states)) if plans.keys().eq(states.keys()) => {
            members(plans, state, found, |key| path.key(key));
        }
        (Value::List(plans), Value::List(states)) if plans.len() == states.len() => {
            let pairs = plans.iter().zip(states).enumerate();
            pairs.for_each(|(at, (planned, state))| compatible(planned, state, &path.index(at), found));
        }
        (Value::Set(plans), Value::Set(states)) if planned.unknowns().is_empty() => {
            if plans != states {
                found.push(format!("{path} differs from the plan"));
            }
        }
        (Value::Set(_), Value::Set(_)) => {}
        (planned, state) if planned == state => {}
        _ => found.push(format!("{path} differs from the plan")),
    }
}

fn members(plans: &Members, state: &Value, found: &mut Vec<String>, step: impl Fn(&str) -> Path) {
    plans.iter().for_each(|(name, planned)| compatible(planned, state.get(name), &step(name), found));
}
